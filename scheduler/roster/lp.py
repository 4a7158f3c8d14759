"""Linear programmes in bulk, and lower bounds from them that hold whatever the solver did.

The bound is recomputed here from the dual values alone: for any y (clipped to the sign its row allows),
Σ y·side + Σ min over each column's box of (c − Aᵀy)·x is at most the optimum (weak duality). A solver that
stopped early or was inexact can only make it smaller.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Any

INFINITY = math.inf


class Lp:
    """A minimisation over boxed columns. Rows are given as (column, coefficient) pairs."""

    def __init__(self) -> None:
        self.upper: list[float] = []
        self.low: list[float] = []
        self.high: list[float] = []
        self.rows: list[int] = []
        self.columns: list[int] = []
        self.coefficients: list[float] = []

    def column(self, upper: float = 1.0) -> int:
        """A new column within [0, upper]."""
        self.upper.append(upper)
        return len(self.upper) - 1

    def row(self, terms: Iterable[tuple[int, float]], low: float = -INFINITY, high: float = INFINITY) -> None:
        """low ≤ Σ coefficient · column ≤ high. A column may be named more than once."""
        merged: dict[int, float] = {}
        for j, a in terms:
            merged[j] = merged.get(j, 0.0) + a
        i = len(self.low)
        self.low.append(low)
        self.high.append(high)
        self.rows += [i] * len(merged)
        self.columns += merged.keys()
        self.coefficients += merged.values()

    def bound(self, costs: Sequence[tuple[int, float]], seconds: float) -> float:
        """A proven lower bound on Σ cost · column, by interior point and weak duality."""
        import numpy as np
        from ortools.math_opt.python import mathopt

        c = self._dense(costs)
        model = mathopt.Model.from_model_proto(self._proto(c))
        try:
            result = self._solve(model, seconds, lp_algorithm=mathopt.LPAlgorithm.BARRIER)
            duals = result.dual_values()
        except (ValueError, RuntimeError):
            return self._safe(c, np.zeros(len(self.low)))
        return self._safe(c, np.array([duals[row] for row in model.linear_constraints()]))

    def integer_bound(self, costs: Sequence[tuple[int, float]], seconds: float) -> float:
        """The bound of HiGHS's branch and bound on the same rows with whole-numbered columns; −∞ without one."""
        from ortools.math_opt.python import mathopt

        proto = self._proto(self._dense(costs))
        del proto.variables.integers[:]
        proto.variables.integers.extend([True] * len(self.upper))
        try:
            result = self._solve(mathopt.Model.from_model_proto(proto), seconds)
        except (ValueError, RuntimeError):
            return -INFINITY
        bound = result.termination.objective_bounds.dual_bound
        return bound if math.isfinite(bound) else -INFINITY

    def _dense(self, costs: Sequence[tuple[int, float]]) -> Any:
        import numpy as np

        c = np.zeros(len(self.upper))
        for j, k in costs:
            c[j] += k
        return c

    @staticmethod
    def _solve(model: Any, seconds: float, **parameters: Any) -> Any:
        import datetime

        from ortools.math_opt.python import mathopt

        limit = mathopt.SolveParameters(time_limit=datetime.timedelta(seconds=seconds), **parameters)
        return mathopt.solve(model, mathopt.SolverType.HIGHS, params=limit)

    def _proto(self, c: Any) -> Any:
        import numpy as np
        from ortools.math_opt import model_pb2

        proto = model_pb2.ModelProto()
        n, m = len(self.upper), len(self.low)
        proto.variables.ids.extend(range(n))
        proto.variables.lower_bounds.extend(np.zeros(n))
        proto.variables.upper_bounds.extend(self.upper)
        proto.variables.integers.extend([False] * n)
        proto.linear_constraints.ids.extend(range(m))
        proto.linear_constraints.lower_bounds.extend(self.low)
        proto.linear_constraints.upper_bounds.extend(self.high)
        order = np.lexsort((self.columns, self.rows))
        matrix = proto.linear_constraint_matrix
        matrix.row_ids.extend(np.asarray(self.rows)[order])
        matrix.column_ids.extend(np.asarray(self.columns)[order])
        matrix.coefficients.extend(np.asarray(self.coefficients)[order])
        used = np.nonzero(c)[0]
        proto.objective.linear_coefficients.ids.extend(used)
        proto.objective.linear_coefficients.values.extend(c[used])
        return proto

    def _safe(self, c: Any, y: Any) -> float:
        import numpy as np

        low, high = np.asarray(self.low), np.asarray(self.high)
        y = np.where((y > 0) & np.isinf(low), 0.0, np.where((y < 0) & np.isinf(high), 0.0, y))
        side = np.where(y > 0, low, np.where(y < 0, high, 0.0))
        pull = np.bincount(
            np.asarray(self.columns, dtype=np.int64),
            np.asarray(self.coefficients) * y[np.asarray(self.rows, dtype=np.int64)],
            len(self.upper),
        )
        return float(np.dot(y, side) + np.minimum(0.0, (c - pull) * np.asarray(self.upper)).sum())
