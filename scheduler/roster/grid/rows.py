"""An integer programme in bulk: columns and rows as arrays, solved by CP-SAT with the linear relaxation inside."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from scheduler.roster.grid.facts import Array

INFINITY = math.inf


class Rows:
    """A minimisation over whole-numbered columns within [0, upper], each with a value to begin with."""

    def __init__(self) -> None:
        self.width, self.height = 0, 0
        self.upper: list[Array] = []
        self.cost: list[Array] = []
        self.hint: list[Array] = []
        self.low: list[Array] = []
        self.high: list[Array] = []
        self.entries: list[tuple[Array, Array, Array]] = []  # rows, columns, coefficients

    def columns(self, count: int, cost: Any, hint: Any, upper: float = 1) -> Array:
        """`count` new columns; cost and hint are numbers or arrays of that length."""
        for table, value in ((self.upper, upper), (self.cost, cost), (self.hint, hint)):
            table.append(np.broadcast_to(np.asarray(value, dtype=float), count))
        self.width += count
        return np.arange(self.width - count, self.width)

    def rows(self, count: int, low: Any = -INFINITY, high: Any = INFINITY) -> Array:
        """`count` new rows low ≤ Σ ≤ high."""
        for table, value in ((self.low, low), (self.high, high)):
            table.append(np.broadcast_to(np.asarray(value, dtype=float), count))
        self.height += count
        return np.arange(self.height - count, self.height)

    def put(self, rows: Array, columns: Array, coefficient: float = 1.0) -> None:
        """Entries (row, column) of one coefficient; no pair may come twice."""
        self.entries.append((rows, columns, np.full(len(rows), coefficient)))

    def solve(self, seconds: float, seed: int) -> tuple[Array | None, bool]:
        """Value of each column in the best solution found, and whether it is proven best."""
        from ortools.math_opt import callback_pb2, model_parameters_pb2, parameters_pb2, result_pb2
        from ortools.math_opt.core.python import solver
        from ortools.sat import sat_parameters_pb2

        parameters = parameters_pb2.SolveParametersProto(threads=1)
        parameters.time_limit.FromMilliseconds(int(1000 * seconds))
        # Probing and symmetry cost more than they bring in programmes that are solved in a fraction of a second.
        parameters.cp_sat.CopyFrom(
            sat_parameters_pb2.SatParameters(
                num_workers=1, linearization_level=2, cp_model_probing_level=0, symmetry_level=0, random_seed=seed
            )
        )
        begin = model_parameters_pb2.ModelSolveParametersProto()
        values = begin.solution_hints.add().variable_values
        values.ids.extend(range(self.width))
        values.values.extend(np.concatenate(self.hint))
        answer = solver.solve(
            self._proto(),
            parameters_pb2.SOLVER_TYPE_CP_SAT,
            parameters_pb2.SolverInitializerProto(),
            parameters,
            begin,
            None,
            callback_pb2.CallbackRegistrationProto(),
            None,
            None,
        )
        if not answer.solutions:
            return None, False
        found = answer.solutions[0].primal_solution.variable_values
        x = np.zeros(self.width)
        x[np.array(found.ids, dtype=np.int64)] = np.array(found.values)
        return x, answer.termination.reason == result_pb2.TERMINATION_REASON_OPTIMAL

    def _proto(self) -> Any:
        from ortools.math_opt import model_pb2

        proto = model_pb2.ModelProto()
        variables, constraints, matrix = proto.variables, proto.linear_constraints, proto.linear_constraint_matrix
        variables.ids.extend(range(self.width))
        variables.lower_bounds.extend(np.zeros(self.width))
        variables.upper_bounds.extend(np.concatenate(self.upper))
        variables.integers.extend(np.ones(self.width, dtype=bool))
        constraints.ids.extend(range(self.height))
        constraints.lower_bounds.extend(np.concatenate(self.low))
        constraints.upper_bounds.extend(np.concatenate(self.high))
        row, column, coefficient = (np.concatenate(part) for part in zip(*self.entries, strict=True))
        order = np.lexsort((column, row))
        matrix.row_ids.extend(row[order])
        matrix.column_ids.extend(column[order])
        matrix.coefficients.extend(coefficient[order])
        cost = np.concatenate(self.cost)
        used = np.nonzero(cost)[0]
        proto.objective.linear_coefficients.ids.extend(used)
        proto.objective.linear_coefficients.values.extend(cost[used])
        return proto


def groups(*keys: Array) -> tuple[int, Array, Array]:
    """How many distinct combinations of the keys there are, a member of each, and the group of every member."""
    code = np.zeros(len(keys[0]), dtype=np.int64)
    for key in keys:
        code = code * (int(key.max(initial=0)) + 1) + key
    _, first, group = np.unique(code, return_index=True, return_inverse=True)
    return len(first), first, group
