"""Prices under which few people cannot win what is missing: a proof that fewer people are not enough.

`Best` says what each person could win under any allowed prices; only people whose gains add up to what is asked under
*every* vector of prices tried may be enough together. Good prices are sought for a number of people: that nobody's
gain exceeds an equal share of what is asked is a set of convex inequalities, and each step goes along the people who
exceed it, as far as the excess asks for (Polyak's step with a known target, deflected as by Camerini, Fratta and
Maffioli). Where some people are taken for granted, the share of the others is of what those leave.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from scheduler.roster.repair.best import Best
from scheduler.roster.repair.board import Board
from scheduler.roster.repair.scene import Scene

MARGIN = 1e-6
SHORT = 0.01  # by how much less than what is asked the gains shall be
UNBOUNDED = 1e6
Caps = tuple[int, int]
Rate = tuple[float, float]


@dataclass(frozen=True)
class Cut:
    """What each could win under one vector of prices; `worth` is what a point of safety and of the programme is."""

    gain: Any
    sure: float  # what those win who are at work anyway: twins, and people who must change
    worth: Rate


class Bounds:
    """All cuts that were found for a scene, and the search for more."""

    def __init__(self, scene: Scene) -> None:
        import numpy as np

        self.scene, self.board = scene, Board(scene)
        row = self.board.row
        twins = self.board.twin
        forced = [row[v] for v in scene.damage.forced if v in row]
        self.free = np.array([*sorted(forced), *twins.values()], dtype=np.int64)
        self.staying = np.array([*twins], dtype=np.int64)
        self.twins = np.array([*twins.values()], dtype=np.int64)
        self.unbounded = [row[v] for v in waiving(scene) if v in row]
        self.unbounded += [twins[v] for v in self.unbounded if v in twins]
        self.cuts: list[Cut] = []
        self._at: dict[Rate, Any] = {}

    def asked(self, worth: Rate, caps: Caps) -> float:
        """How much must be won, at these exchange rates, to keep the caps."""
        found = self.scene.found
        return worth[0] * (found["safety"] - caps[0]) + worth[1] * (found["programme"] - caps[1])

    def rates(self, caps: Caps) -> list[Rate]:
        """The exchange rates of the two levels that are worth trying."""
        safety, programme = self.asked((1.0, 0.0), caps) > 0, self.asked((0.0, 1.0), caps) > 0
        if safety and programme:
            return [(1.0, 1.0), (1.0, 0.4), (0.4, 1.0)]
        return [(1.0, 0.0), (1.0, 0.3)] if safety else [(0.3, 1.0), (1.0, 1.0)]

    def seek(
        self, caps: Caps, worth: Rate, size: int, steps: int, stop: Callable[[], bool], sure: tuple[int, ...] = ()
    ) -> None:
        """Better prices against `size` people, those of `sure` among them."""
        import numpy as np

        low, high = self.board.rows.box(*worth)
        prices = self._at.get(worth)
        if prices is None:
            prices = np.where(self.board.rows.full, 0.0, (low + high) / 2)
        velocity = np.zeros(len(prices))
        for _ in range(steps):
            if stop():
                break
            best = Best(self.board, prices)
            cut = self._keep(best, worth)
            excess, slope = self._excess(best, cut, self.asked(worth, caps) - SHORT, size, sure)
            slope = np.where(((prices <= low) & (slope > 0)) | ((prices >= high) & (slope < 0)), 0.0, slope)
            if excess <= MARGIN or not slope.any():
                break
            old = float(velocity @ velocity)
            turn = max(0.0, -1.5 * float(slope @ velocity) / old) if old > 0 else 0.0
            velocity = slope + turn * velocity
            prices = np.clip(prices - excess / float(velocity @ velocity) * velocity, low, high)
        if not sure:
            self._at[worth] = prices

    def _keep(self, best: Best, worth: Rate) -> Cut:
        import numpy as np

        gain = best.gain.copy()
        gain[self.unbounded] = UNBOUNDED
        sure = float(gain[self.free].sum())
        gain[self.staying] = np.maximum(0.0, gain[self.staying] - gain[self.twins])  # Who moves wins beyond the twin.
        gain[self.free] = 0.0
        cut = Cut(gain, sure, worth)
        self.cuts.append(cut)
        return cut

    def _excess(self, best: Best, cut: Cut, asked: float, size: int, sure: tuple[int, ...]) -> tuple[float, Any]:
        """By how much gains exceed their shares, and how that changes with the prices."""
        import numpy as np

        rest = asked - cut.sure - float(cut.gain[list(sure)].sum())
        share = rest / (size - len(sure)) if size > len(sure) else 0.0
        over = np.where(cut.gain < UNBOUNDED, cut.gain - share, 0.0).clip(0)
        over[[*sure, *self.free]] = 0.0
        weight = (over > 0).astype(float)
        together = float(weight.sum()) / max(1, size - len(sure))
        if size == len(sure):
            over[:] = 0.0
            together, excess = float(rest < 0), max(0.0, -rest)
        else:
            excess = float(over.sum())
        weight[[*sure, *self.free]] = together
        return excess, self._slope(best, weight)

    def _slope(self, best: Best, weight: Any) -> Any:
        """How the weighted sum of gains changes with each price."""
        import numpy as np

        rows, who = self.board.rows, (weight > 0) & (best.gain > 0)
        takes, held = best.takes(who), rows.entries[who[rows.entries[:, 0]]]
        slope = np.bincount(takes[:, 1], weight[takes[:, 0]], rows.count)
        return slope - np.bincount(held[:, 1], weight[held[:, 0]], rows.count)

    def gains(self, caps: Caps) -> tuple[Any, Any]:
        """(cuts, people) of gains, and what is asked under each beside those who may or must change anyway."""
        import numpy as np

        useful = [c for c in self.cuts if self.asked(c.worth, caps) > 0]
        asked = np.array([self.asked(c.worth, caps) - c.sure - MARGIN for c in useful])
        people = len(self.board.volunteers)
        return np.array([c.gain for c in useful]).reshape(-1, people), asked


def joined(gains: Any, asked: Any, size: int) -> Any:
    """Who reaches what is asked under every cut with the best of the others, as if all cuts had the same."""
    import numpy as np

    if not len(asked):
        return np.ones(gains.shape[1], dtype=bool)
    most = np.sort(gains, axis=1)[:, ::-1][:, : max(0, size - 1)].sum(axis=1) if size > 1 else np.zeros(len(asked))
    return (gains + most[:, None] >= asked[:, None]).all(axis=0)


def partners(gains: Any, asked: Any, people: Any) -> Any:
    """Which two of these people (rows) might be enough together, under every cut: a symmetric mask."""
    import numpy as np

    both = np.ones((len(people), len(people)), dtype=bool)
    for gain, least in zip(gains[:, people], asked, strict=True):
        both &= gain[:, None] + gain[None, :] >= least
    np.fill_diagonal(both, False)
    return both


def waiving(scene: Scene) -> set[str]:
    """People with a pin that waives a rule: no bound is known for them."""
    pins = scene.problem.pins
    return {d.volunteer for d, waives in pins.duties if waives} | {x.instructor for x, waives in pins.lessons if waives}
