"""The general case: several seats, part weeks, minimums, families. Level by level, each part on its own.

For each level the relaxation gives a bound, and a whole-numbered solution is sought that reaches it: the one in hand,
the relaxation's own if it has no fractions, one near it, any. What must be the same in all solutions that reach the
value is fixed, and the next level runs on what is left. A level whose bound is not reached says so.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import numpy as np

from scheduler.placement.branch import branch
from scheduler.placement.clock import Clock
from scheduler.placement.exact import Limits, search
from scheduler.placement.lp import TINY, Programme, Relaxed
from scheduler.placement.model import INFINITE, Array, Model
from scheduler.placement.part import Contradiction, Part
from scheduler.placement.sketch import sketch
from scheduler.placement.vicinity import Vicinity

ANYWHERE_SECONDS = 10.0
"""How long to look everywhere, at most, before the level stays unproven."""

LARGE = 5000
"""Columns of a part that is first improved a few class runs at a time, and then bounded by its relaxation alone."""

IMPROVE_SHARE = 0.5
"""The share of the time that looking for better solutions of large parts may take, before anything is proven."""

SKETCH_SHARE = 0.4
"""The share of the time that a solution near the relaxation of the first levels may take, for large parts."""

SKETCH_LEVELS = 3
"""With all levels the relaxations alone would take that time."""

SMALL = 600
"""Columns of a part that CP-SAT solves as a whole faster than a branch and bound begins."""


@dataclass
class Settled:
    """What one part has reached at each level so far, and the most it could."""

    values: list[int] = field(default_factory=list)
    bounds: list[int] = field(default_factory=list)


class Ladder:
    """One part, climbing the levels."""

    def __init__(self, part: Part, clock: Clock, workers: int) -> None:
        self.part, self.clock, self.workers = part, clock, workers
        self.settled = Settled()
        self.held: list[tuple[Array, int]] = []
        self.is_large = len(part.columns) > LARGE
        self.programme: Programme | None = None

    def climb(self, gains: list[Array], on_level: Callable[[], None]) -> Settled:
        """All levels. Without time for a level its bound is what nobody could exceed, and the solution stays."""
        if self.part.best is None:
            self._find_any()
        for gain in gains:
            value, bound = self._level(gain)
            self.settled.values.append(value)
            self.settled.bounds.append(bound)
            on_level()
        return self.settled

    def _find_any(self) -> None:
        nothing = np.zeros(len(self.part.columns), dtype=np.int64)
        limits = Limits(max(5.0, self.clock.left), self.workers, self.clock.stop)
        answer = search(self.part, nothing, limits)
        if answer.x is None:
            raise Contradiction if answer.is_impossible else TimeoutError
        self.part.best = answer.x

    def _value(self, gain: Array) -> int:
        return int(np.dot(gain, self.part.best))

    def _level(self, gain: Array) -> tuple[int, int]:
        free = gain * (self.part.upper - self.part.lower)
        value = self._value(gain)
        if not free.any():
            return value, value
        most = self._at_most(gain)
        if self.clock.left > 0:
            return self._prove(gain, most)
        return self._keep(gain), most

    def _keep(self, gain: Array) -> int:
        """The value in hand, which a row holds from now on."""
        value = self._value(gain)
        if self.programme is None:
            self.part.demand(gain, value)
        else:
            self.programme.demand(gain, value)
        self.held.append((gain, value))
        return value

    def _at_most(self, gain: Array) -> int:
        """A count of those who could count at all."""
        part = self.part
        children = part.model.child[part.columns]
        could = (gain > 0) & (part.upper > 0) & (children >= 0)
        others = int(gain[(children < 0) & (part.upper > 0)].sum())
        return len(np.unique(children[could])) + others

    def _programme(self) -> Programme:
        if self.programme is None:
            self.programme = Programme(self.part, self.clock.stop)
        return self.programme

    def _prove(self, gain: Array, most: int) -> tuple[int, int]:
        programme = self._programme()
        found = programme.maximise(gain, self.clock.left)
        if found is None:
            return self._keep(gain), most
        bound = min(most, found.ceiling)
        row = None
        if self._value(gain) < bound:
            row = programme.demand(gain, bound)
            bound = self._reach(gain, found, bound, row)
        value = self._value(gain)
        is_all = programme.hold(found, value)
        if row is not None:
            programme.lower_demand(row, value)
        elif not is_all:
            programme.demand(gain, value)
        self.held.append((gain, value))
        return value, bound

    def _reach(self, gain: Array, found: Relaxed, bound: int, row: int) -> int:
        """Look for a solution that reaches the bound; answers with the bound, lowered where that is impossible."""
        if found.is_whole and self._take(self.part.completed(np.rint(found.x).astype(np.int64)), gain, bound):
            return bound
        self._programme().lower_demand(row, self._value(gain))
        # A large part has had its search; what time is left goes to the bounds of the levels that follow.
        return bound if self.is_large else self._anywhere(gain, found, bound)

    def _anywhere(self, gain: Array, found: Relaxed, bound: int) -> int:
        """Whatever could be better than the solution in hand: nothing where the relaxation would lose too much."""
        part, least = self.part, self._value(gain) + 1
        lower, upper = part.lower.copy(), part.upper.copy()
        gap = found.bound - least + TINY
        upper = np.where(found.reduced < -gap, lower, upper)
        lower = np.where(found.reduced > gap, upper, lower)
        limits = Limits(min(ANYWHERE_SECONDS, self.clock.left * 0.15), self.workers, self.clock.stop)
        if int((lower < upper).sum()) > SMALL:
            rows = self._programme().is_in
            answer = branch(part, rows, gain, limits, least=least, most=bound, box=(lower, upper))
        else:
            answer = search(part, gain, limits, least=least, most=bound, box=(lower, upper))
        if answer.is_impossible:
            return self._value(gain)
        if answer.x is not None:
            self._take(part.completed(answer.x), gain, -INFINITE)
        return max(self._value(gain), min(bound, answer.bound))

    def _take(self, x: Array, gain: Array, least: int) -> bool:
        """Take a solution if it breaks nothing and loses no level."""
        if not self.part.allows(x) or int(np.dot(gain, x)) < max(least, self._value(gain)):
            return False
        lost = [(g, v) for g, v in self.held if int(np.dot(g, x)) < v]
        for g, v in lost:  # only where rounding let a level slip: from now on a row says it
            self._programme().demand(g, v)
        if not lost:
            self.part.best = x
        return not lost


def climb_all(
    parts: list[Part], levels: list[Array], clock: Clock, workers: int, on_level: Callable[[], None]
) -> list[Settled]:
    """All parts, the largest first, several at a time. `levels` are gains over the whole model's columns."""
    order = sorted(range(len(parts)), key=lambda k: -len(parts[k].columns))
    threads = max(1, min(workers, len(parts)))
    each = max(1, workers // threads)

    large = sum(len(part.columns) > LARGE for part in parts)
    share = clock.left / max(1.0, large / threads)  # so that the last large part has its time too

    def work(k: int) -> Settled:
        gains = [gain[parts[k].columns] for gain in levels]
        is_large = len(parts[k].columns) > LARGE
        until = Clock(min(clock.until, time.monotonic() + share), clock.stop) if is_large else clock
        return Ladder(parts[k], until, each).climb(gains, on_level)

    with ThreadPoolExecutor(threads) as pool:
        jobs = {k: pool.submit(work, k) for k in order}
        return [jobs[k].result() for k in range(len(parts))]


def sketch_all(parts: list[Part], levels: list[Array], clock: Clock, workers: int) -> None:
    """For the large parts a solution near the relaxation, where it is better than the one in hand."""
    large = [part for part in parts if len(part.columns) > LARGE]
    threads = max(1, min(workers, len(large)))
    until = time.monotonic() + clock.left * SKETCH_SHARE
    share = clock.left * SKETCH_SHARE * threads / max(1, len(large))

    def work(part: Part) -> None:
        gains = [gain[part.columns] for gain in levels]
        own = Clock(min(until, time.monotonic() + share), clock.stop)
        found = sketch(part, gains[:SKETCH_LEVELS], max(1, workers // threads), own)
        if found is not None and part.allows(found):
            values = [[int(np.dot(g, x)) for g in gains] for x in (found, part.best) if x is not None]
            part.best = found if max(values) == values[0] else part.best

    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(work, large))


def improve_all(parts: list[Part], levels: list[Array], clock: Clock, workers: int) -> None:
    """Better solutions to begin with for the large parts, a few class runs at a time."""
    large = [part for part in parts if len(part.columns) > LARGE and part.best is not None]
    threads = max(1, min(workers, len(large)))
    each = Clock(time.monotonic() + clock.left * IMPROVE_SHARE, clock.stop), max(1, workers // threads)
    # Every part gets its share of the time, whoever comes first.
    share = clock.left * IMPROVE_SHARE * threads / max(1, len(large))

    def work(part: Part) -> None:
        until = min(each[0].until, time.monotonic() + share)
        Vicinity(part, [gain[part.columns] for gain in levels]).climb(Clock(until, clock.stop), each[1])

    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(work, large))


def current(model: Model, parts: list[Part]) -> Array:
    """The solution of the whole model: what is fixed, and the best of each part."""
    x = model.lower.copy()
    for part in parts:
        if part.best is not None:
            x[part.columns] = part.best
    return model.complete(x)
