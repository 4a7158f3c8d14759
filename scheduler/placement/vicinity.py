"""A better solution of a large part, a few neighbouring class runs at a time.

All who sit in these runs, and all without a place who wish one of them, choose anew among them; everybody else stays.
Every row holds in full, so what is found is a placement and needs no repair. The levels are weighed against each other
steeply; whether a solution is better is then said by the levels themselves.
"""

from __future__ import annotations

import random
from collections import Counter

import numpy as np

from scheduler.placement.clock import Clock
from scheduler.placement.exact import Limits, search
from scheduler.placement.part import Array, Part

STEP_SECONDS = 2.0
"""How long one step may take at most."""

RUNS = 25
"""Class runs of a step: with fewer, children find nowhere to move on to; with more, a step has too little time."""

STEEP = 6
"""How much more a level weighs than the next. Whole orders of magnitude would be exact, and too large for 64 bits."""

MOST_LEVELS = 20


def weights(gains: list[Array]) -> Array:
    """One sum in which an earlier level weighs far more than a later one."""
    return sum((gain * STEEP**place for place, gain in enumerate(reversed(gains))), np.zeros_like(gains[0]))


class Vicinity:
    """Steps on one part, which take better solutions into `part.best`."""

    def __init__(self, part: Part, gains: list[Array]) -> None:
        self.part, self.gains = part, gains
        model = part.model
        self.child, self.run = model.child[part.columns], model.run[part.columns]
        self.runs = np.unique(self.run[(self.run >= 0) & (self.child >= 0)]).tolist()
        self.is_other = (self.child < 0) & (self.run < 0)
        self.near = self._near()
        self.worth = weights(gains[:MOST_LEVELS])
        self.chance = random.Random(1)

    def _near(self) -> dict[int, Counter[int]]:
        """How many children wish two class runs."""
        wished: dict[int, set[int]] = {}
        for c, r in zip(self.child.tolist(), self.run.tolist(), strict=True):
            if c >= 0:
                wished.setdefault(c, set()).add(r)
        found: dict[int, Counter[int]] = {r: Counter() for r in self.runs}
        for runs in wished.values():
            for r in runs:
                found[r].update(runs - {r})
        return found

    def values(self, x: Array) -> list[int]:
        """All levels of a solution."""
        return [int(np.dot(g, x)) for g in self.gains]

    def climb(self, clock: Clock, workers: int) -> None:
        """Steps around one class run after the other until time is up."""
        waiting: list[int] = []
        while clock.left > 0:
            if not waiting:
                waiting = list(self.runs)
                self.chance.shuffle(waiting)
            self._step(self._around(waiting.pop()), clock, workers)

    def _around(self, run: int) -> list[int]:
        """A class run and those that share most wishes with it and with each other."""
        found, pull = [run], Counter(self.near[run])
        while len(found) < RUNS and pull:
            best = max(pull, key=lambda r: (pull[r], -r))
            del pull[best]
            found.append(best)
            pull.update({r: n for r, n in self.near[best].items() if r not in found})
        return found

    def _step(self, runs: list[int], clock: Clock, workers: int) -> None:
        part = self.part
        best = part.best
        inside = np.isin(self.run, runs)
        held = (best > 0) & (self.child >= 0)
        outside = np.unique(self.child[held & ~inside])
        free = inside & ~np.isin(self.child, outside)
        free |= self.is_other | (inside & (self.child < 0))
        lower, upper = np.where(free, part.lower, best), np.where(free, part.upper, best)
        limits = Limits(min(STEP_SECONDS, clock.left), workers, clock.stop)
        nothing = np.zeros(len(best), dtype=np.int64)
        answer = search(part, nothing, limits, box=(lower, upper), hint=best, worth=self.worth)
        if answer.x is None:
            return
        x = part.completed(answer.x)
        if self.values(x) > self.values(best) and part.allows(x):
            part.best = x
