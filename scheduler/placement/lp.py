"""The linear programme of a part, solved again and again with other objectives from the basis it ended with (GLOP).

A bound is never the solver's word: it is recomputed from the dual values by weak duality, so that rounding or an early
end can only make it weaker. From the same duals follows what must be the same in every solution that reaches a value.
"""

from __future__ import annotations

import math
import threading
from dataclasses import dataclass
from typing import Any

import numpy as np

from scheduler.placement.branch import apart
from scheduler.placement.model import INFINITE
from scheduler.placement.part import Array, Contradiction, Part

TINY = 1e-6


@dataclass
class Relaxed:
    """An optimum of the relaxation: x, its reduced costs, the duals of the rows, and the bound they prove."""

    x: Array
    reduced: Array
    duals: Array
    bound: float

    @property
    def ceiling(self) -> int:
        """The largest whole number that the bound leaves possible."""
        return math.floor(self.bound + TINY)

    @property
    def is_whole(self) -> bool:
        """Whether x has no fractions."""
        return bool(np.all(np.minimum(self.x, 1 - self.x) < TINY))


class Programme:
    """The relaxation of a part. `rows` are the part's rows that are in it so far."""

    def __init__(self, part: Part, stop: threading.Event) -> None:
        from ortools.math_opt.python import mathopt

        self.part, self.mathopt, self.stop = part, mathopt, stop
        # A late row that lost its open-column is a plain row by now.
        self.rows = np.nonzero(~part.late)[0].tolist()
        self.lazy = self._lazy()
        self.lower, self.upper = part.lower.astype(float), part.upper.astype(float)
        self.low = part.matrix.low[self.rows].astype(float)
        self.high = part.matrix.high[self.rows].astype(float)
        self.model = mathopt.Model.from_model_proto(self._proto())
        self.variables = list(self.model.variables())
        self.constraints = list(self.model.linear_constraints())
        self.solver = mathopt.IncrementalSolver(self.model, mathopt.SolverType.GLOP)
        self.gain = np.zeros(part.matrix.size)

    def _lazy(self) -> dict[int, list[int]]:
        """Late rows by the open-column that they speak of, that of the minimum first."""
        matrix, late = self.part.matrix, np.nonzero(self.part.late)[0]
        is_open = np.zeros(matrix.size, dtype=bool)
        is_open[self.part.open_columns] = True
        of = dict(
            zip(
                matrix.row[is_open[matrix.column]].tolist(), matrix.column[is_open[matrix.column]].tolist(), strict=True
            )
        )
        found: dict[int, list[int]] = {}
        for r in late.tolist():
            if r in of:  # else it is settled already whether the run opens, and the row needs no column for it
                found.setdefault(of[r], []).append(r)
        return found

    def mend(self, x: Array) -> bool:
        """Add the minimum of every run that x fills too little; whether there was one."""
        broken = [z for z, rows in self.lazy.items() if self._is_broken(x, rows)]
        for z in broken:
            self._append(self.lazy.pop(z))
        return bool(broken)

    def _is_broken(self, x: Array, rows: list[int]) -> bool:
        matrix = self.part.matrix
        at = np.searchsorted(matrix.row, [rows[0], rows[0] + 1])
        columns, factors = matrix.column[at[0] : at[1]], matrix.factor[at[0] : at[1]]
        held = float(x[columns[factors > 0]].sum())
        return TINY < held < -int(factors.min()) - TINY

    def _proto(self) -> Any:
        from ortools.math_opt import model_pb2

        matrix, proto = self.part.matrix, model_pb2.ModelProto()
        proto.objective.maximize = True
        proto.variables.ids.extend(range(matrix.size))
        proto.variables.lower_bounds.extend(self.lower)
        proto.variables.upper_bounds.extend(self.upper)
        proto.variables.integers.extend([False] * matrix.size)
        proto.linear_constraints.ids.extend(range(len(self.rows)))
        proto.linear_constraints.lower_bounds.extend(_infinite(self.low))
        proto.linear_constraints.upper_bounds.extend(_infinite(self.high))
        row, column, factor = self._entries()
        order = np.lexsort((column, row))
        proto.linear_constraint_matrix.row_ids.extend(row[order])
        proto.linear_constraint_matrix.column_ids.extend(column[order])
        proto.linear_constraint_matrix.coefficients.extend(factor[order].astype(float))
        return proto

    def _entries(self) -> tuple[Array, Array, Array]:
        """The nonzeros of the rows that are in: (position in `rows`, column, factor)."""
        matrix = self.part.matrix
        at = np.full(len(matrix.low), -1)
        at[self.rows] = np.arange(len(self.rows))
        is_in = at[matrix.row] >= 0
        return at[matrix.row[is_in]], matrix.column[is_in], matrix.factor[is_in]

    def maximise(self, gain: Array, seconds: float) -> Relaxed | None:
        """The optimum of this objective; None where time ran out first. Raises `Contradiction` where there is none."""
        self._aim(gain.astype(float))
        return self._solve(seconds)

    def _aim(self, gain: Array) -> None:
        for j in np.nonzero(gain != self.gain)[0].tolist():
            self.model.objective.set_linear_coefficient(self.variables[j], gain[j])
        self.gain = gain

    def _solve(self, seconds: float) -> Relaxed | None:
        import datetime

        limit = self.mathopt.SolveParameters(time_limit=datetime.timedelta(seconds=max(0.01, seconds)))
        result = apart(lambda: self.solver.solve(params=limit), self.stop)
        if result is None:
            return None
        reason = result.termination.reason
        if reason == self.mathopt.TerminationReason.INFEASIBLE:
            raise Contradiction
        if reason != self.mathopt.TerminationReason.OPTIMAL:
            return None
        x = np.array(result.variable_values(self.variables))
        duals = np.array(result.dual_values(self.constraints)) if self.constraints else np.zeros(0)
        return self._proven(np.clip(x, 0, 1), duals)

    def _proven(self, x: Array, y: Array) -> Relaxed:
        """Weak duality: y·side + Σ over columns of the best that gain − yA allows within the column's box."""
        y = np.where((y > 0) & (self.high >= INFINITE), 0.0, np.where((y < 0) & (self.low <= -INFINITE), 0.0, y))
        side = np.where(y > 0, self.high, np.where(y < 0, self.low, 0.0))
        row, column, factor = self._entries()
        reduced = self.gain - np.bincount(column, factor * y[row], minlength=self.part.matrix.size)
        box = np.where(reduced > 0, self.upper, self.lower)
        return Relaxed(x, reduced, y, float(np.dot(y, side) + np.dot(reduced, box)))

    def _append(self, rows: list[int]) -> None:
        matrix = self.part.matrix
        for r in rows:
            low, high = float(matrix.low[r]), float(matrix.high[r])
            constraint = self.model.add_linear_constraint(lb=_bound(low), ub=_bound(high))
            at = np.searchsorted(matrix.row, [r, r + 1])
            for k in range(at[0], at[1]):
                constraint.set_coefficient(self.variables[int(matrix.column[k])], float(matrix.factor[k]))
            self.constraints.append(constraint)
            self.rows.append(r)
            self.low, self.high = np.append(self.low, low), np.append(self.high, high)

    def hold(self, found: Relaxed, value: int) -> bool:
        """Fix all that is the same in every solution that reaches `value`; whether this says it all.

        A column with a reduced cost beyond the gap between bound and value stays where it is, and a row whose dual is
        beyond it has no slack: both sides are whole numbers. Without a gap, these together are exactly the solutions
        that reach the value; otherwise a row must say so besides.
        """
        gap = max(0.0, found.bound - value)
        up, down = found.reduced > gap + TINY, found.reduced < -gap - TINY
        for j in np.nonzero(up & (self.lower < self.upper))[0].tolist():
            self.fix(j, int(self.upper[j]))
        for j in np.nonzero(down & (self.lower < self.upper))[0].tolist():
            self.fix(j, int(self.lower[j]))
        known = len(found.duals)  # rows that were added since have no dual
        is_firm = np.abs(found.duals) > gap + TINY
        for i in np.nonzero(is_firm & (self.low[:known] < self.high[:known]))[0].tolist():
            self._tighten(i, self.high[i] if found.duals[i] > 0 else self.low[i])
        return gap <= TINY

    def fix(self, j: int, value: int) -> None:
        """A column at this value for good."""
        self.lower[j] = self.upper[j] = value
        self.part.lower[j] = self.part.upper[j] = value
        self.variables[j].lower_bound = self.variables[j].upper_bound = value

    def _tighten(self, i: int, side: float) -> None:
        self.low[i] = self.high[i] = side
        self.constraints[i].lower_bound = self.constraints[i].upper_bound = side
        r = self.rows[i]
        self.part.matrix.low[r] = self.part.matrix.high[r] = int(side)

    def lower_demand(self, row: int, value: int) -> None:
        """Ask less of a row that `demand` added."""
        self.part.matrix.low[row] = value
        at = self.rows.index(row)
        self.low[at] = self.constraints[at].lower_bound = value

    def demand(self, gain: Array, value: int) -> int:
        """Gain · x ≥ value from now on, here and in the part; answers with the part's row that says so."""
        row = self.part.demand(gain, value)
        self._append([row])
        return row


def _bound(side: float) -> float:
    return math.inf if side >= INFINITE else -math.inf if side <= -INFINITE else side


def _infinite(sides: Array) -> Array:
    return np.where(sides >= INFINITE, np.inf, np.where(sides <= -INFINITE, -np.inf, sides))
