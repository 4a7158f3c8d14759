"""The linear programme of a part, solved anew for each level: what earlier levels have fixed is gone from it.

A bound is never the solver's word: it is recomputed from the dual values by weak duality, so that rounding or an early
end can only make it weaker. From the same duals follows what must be the same in every solution that reaches a value.
"""

from __future__ import annotations

import datetime
import math
import threading
from dataclasses import dataclass

import numpy as np

from scheduler.placement.model import INFINITE
from scheduler.placement.part import Array, Contradiction, Part
from scheduler.placement.programme import apart, as_proto

TINY = 1e-6

MANY = 2000
"""Free columns from which HiGHS is faster than GLOP."""


@dataclass
class Relaxed:
    """An optimum of the relaxation: x, its reduced costs, the duals of the part's rows, and the bound they prove."""

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
        return bool(np.all(np.abs(self.x - np.rint(self.x)) < TINY))


class Programme:
    """The relaxation of a part; it narrows the part. `is_in`: the part's rows that are in it so far."""

    def __init__(self, part: Part, stop: threading.Event) -> None:
        self.part, self.stop = part, stop
        # A late row that lost its open-column is a plain row by now.
        self.is_in = ~part.late
        self.lazy = self._lazy()

    def _lazy(self) -> dict[int, list[int]]:
        """Late rows by the open-column that they speak of, that of the minimum first."""
        matrix, late = self.part.matrix, np.nonzero(self.part.late)[0]
        is_open = np.zeros(matrix.size, dtype=bool)
        is_open[self.part.open_columns] = True
        has_open = is_open[matrix.column]
        of = dict(zip(matrix.row[has_open].tolist(), matrix.column[has_open].tolist(), strict=True))
        found: dict[int, list[int]] = {}
        for r in late.tolist():
            if r in of:  # else it is settled already whether the run opens, and the row needs no column for it
                found.setdefault(of[r], []).append(r)
        return found

    def mend(self, x: Array) -> bool:
        """Add the minimum of every run that x fills too little; whether there was one."""
        broken = [z for z, rows in self.lazy.items() if self._is_broken(x, rows)]
        for z in broken:
            self.is_in[self.lazy.pop(z)] = True
        return bool(broken)

    def _is_broken(self, x: Array, rows: list[int]) -> bool:
        matrix = self.part.matrix
        at = np.searchsorted(matrix.row, [rows[0], rows[0] + 1])
        columns, factors = matrix.column[at[0] : at[1]], matrix.factor[at[0] : at[1]]
        held = float(x[columns[factors > 0]].sum())
        return TINY < held < -int(factors.min()) - TINY

    def maximise(self, gain: Array, seconds: float) -> Relaxed | None:
        """The optimum of this objective; None where time ran out first. Raises `Contradiction` where there is none."""
        from ortools.math_opt.python import mathopt

        part = self.part
        proto, free = as_proto(part, self.is_in, gain, (part.lower, part.upper), whole=False)
        model = mathopt.Model.from_model_proto(proto)
        limit = mathopt.SolveParameters(time_limit=datetime.timedelta(seconds=max(0.01, seconds)))
        kind = mathopt.SolverType.HIGHS if len(free) > MANY else mathopt.SolverType.GLOP
        result = apart(lambda: mathopt.solve(model, kind, params=limit), self.stop)
        if result is None:
            return None
        reason = result.termination.reason
        if reason == mathopt.TerminationReason.INFEASIBLE:
            raise Contradiction
        if reason != mathopt.TerminationReason.OPTIMAL:
            return None
        x = part.lower.astype(float)
        x[free] = result.variable_values(list(model.variables()))
        duals = np.zeros(len(part.matrix.low))
        duals[self.is_in] = result.dual_values(list(model.linear_constraints()))
        return self._proven(gain, np.clip(x, part.lower, part.upper), duals)

    def _proven(self, gain: Array, x: Array, y: Array) -> Relaxed:
        """Weak duality: y·side + Σ over columns of the best that gain − yA allows within the column's box."""
        matrix = self.part.matrix
        y = np.where((y > 0) & (matrix.high >= INFINITE), 0.0, np.where((y < 0) & (matrix.low <= -INFINITE), 0.0, y))
        side = np.where(y > 0, matrix.high, np.where(y < 0, matrix.low, 0))
        reduced = gain - np.bincount(matrix.column, matrix.factor * y[matrix.row], minlength=matrix.size)
        box = np.where(reduced > 0, self.part.upper, self.part.lower)
        return Relaxed(x, reduced, y, float(np.dot(y, side) + np.dot(reduced, box)))

    def hold(self, found: Relaxed, value: int) -> bool:
        """Fix all that is the same in every solution that reaches `value`; whether this says it all.

        A column with a reduced cost beyond the gap between bound and value stays where it is, and a row whose dual is
        beyond it has no slack: both sides are whole numbers. Without a gap, these together are exactly the solutions
        that reach the value; otherwise a row must say so besides.
        """
        gap = max(0.0, found.bound - value)
        lower, upper, matrix = self.part.lower, self.part.upper, self.part.matrix
        up, down = found.reduced > gap + TINY, found.reduced < -gap - TINY
        lower[up], upper[down] = upper[up], lower[down]
        known = len(found.duals)  # rows that were added since have no dual
        low, high = matrix.low[:known], matrix.high[:known]
        firm_above, firm_below = found.duals > gap + TINY, found.duals < -gap - TINY
        low[firm_above], high[firm_below] = high[firm_above], low[firm_below]
        return gap <= TINY

    def lower_demand(self, row: int, value: int) -> None:
        """Ask less of a row that `demand` added."""
        self.part.matrix.low[row] = value

    def demand(self, gain: Array, value: int) -> int:
        """Gain · x ≥ value from now on, here and in the part; answers with the part's row that says so."""
        row = self.part.demand(gain, value)
        self.is_in = np.append(self.is_in, True)
        return row

    def limit(self, columns: Array, factors: Array, high: int) -> None:
        """Factors · these columns ≤ high from now on, here and in the part."""
        self.part.limit(columns, factors, high)
        self.is_in = np.append(self.is_in, True)
