"""Moving the prices to where they prove most.

First by subgradients with a running direction (Held, Wolfe and Crowder 1974; Camerini, Fratta and Maffioli 1975), which
gets near fast; then by the volume algorithm (Barahona and Anbil 2000), whose average of weeks tends to a solution of
the linear programme, so that the direction vanishes where subgradients keep jumping.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable

import numpy as np

from scheduler.roster.worth.market import Array
from scheduler.roster.worth.prospect import FAMILIES, Prospect

BLEND = 0.1  # share of the newest weeks in the direction
PATIENCE = 20  # steps without a gain after which steps become shorter
SHORTER = 0.7
NEAR = 0.004  # step scale below which the volume algorithm takes over
DONE = 1e-5  # and below which nothing more is to be had
HOPELESS = 100  # steps after which nothing below 0 is likely to get above it
TOLERANCE = 1e-6  # what the sums of a bound may err by, for each point of it: far more than they do
Tell = Callable[[float, dict[str, int]], None]


class Climb:
    """The best prices so far, the weights of the levels, and the bound they prove with the caps of that moment."""

    def __init__(self, prospect: Prospect, x: Array, weights: dict[str, float], target: float) -> None:
        self.prospect, self.x, self.weights, self.target = prospect, x, weights, target
        self.bound, self.slope = prospect.look(x, weights)
        self.steps, self.scale, self.enough = 0, 0.1, 1  # a gap of `enough` ends the climb

    def run(self, seconds: float, tell: Tell = lambda bound, caps: None, steps: int | None = None) -> None:
        """Climb for so long or so many steps, until the target is proven or steps gain nothing any more.

        `tell` hears of every better bound, and of the caps it holds for.
        """
        self.end, self.tell = time.monotonic() + seconds, tell
        self.most = math.inf if steps is None else steps
        tell(self.bound, dict(self.prospect.caps))
        self._jump()
        self._creep()

    def _goes_on(self, least: float) -> bool:
        in_time = time.monotonic() < self.end and self.steps < self.most
        if self.steps >= HOPELESS and self.bound < 0:
            return False
        return in_time and self.scale > least and self.bound <= self.target - self.enough + TOLERANCE

    def _better(self, x: Array, weights: dict[str, float], bound: float) -> None:
        self.x, self.weights, self.bound = x, weights, bound
        self.tell(bound, dict(self.prospect.caps))

    def _jump(self) -> None:
        """From where one is to the next, better or not."""
        x, bound, slope = self.x, self.bound, self.slope
        along, stale = slope.copy(), 0
        while self._goes_on(NEAR):
            along = (1 - BLEND) * along + BLEND * slope
            x, _ = self._step(x, bound, along)
            bound, slope = self.prospect.look(x, self.weights)
            stale += 1
            if bound > self.bound:
                stale = 0 if bound > self.bound + 1e-3 else stale
                self._better(x, self.weights, bound)
            if stale >= PATIENCE:
                self.scale, stale = self.scale * SHORTER, 0
        self.slope = slope

    def _creep(self) -> None:
        """Always from the best prices, in the direction of what the average of all weeks lacks."""
        average, stale, smooth = self.slope.copy(), 0, BLEND
        self.scale = max(self.scale, 4 * NEAR) if self.scale <= NEAR else self.scale
        while self._goes_on(DONE):
            x, weights = self._step(self.x, self.bound, average, moving=True)
            bound, slope = self.prospect.look(x, weights)
            uphill = float((slope * average).sum()) > 0
            average = _shortest(average, slope, smooth)
            stale += 1
            if bound > self.bound:
                self._better(x, weights, bound)
                self.scale, stale = min(1.0, self.scale * (1.1 if uphill else 1.0)), 0
            if stale >= PATIENCE:
                self.scale, stale, smooth = self.scale * SHORTER, 0, max(0.01, 0.95 * smooth)

    def _step(self, x: Array, bound: float, along: Array, *, moving: bool = False) -> tuple[Array, dict[str, float]]:
        """Prices a step further within their boxes; where the direction is an average, the weights move as well.

        The weight of a better level follows what is missing although its price is the highest, less its cap.
        """
        p, weights = self.prospect, self.weights
        self.steps += 1
        high = p.high(weights)
        full = (along > 0) & (x >= high - 1e-12)
        step = np.where(full | ((along < 0) & (x <= p.low + 1e-12)), 0.0, along)
        pull = {
            level: sum(float(along[p.part[n]][full[p.part[n]]].sum()) for n in FAMILIES[level]) - cap
            for level, cap in (p.caps.items() if moving else ())
        }
        size = float((step * step).sum()) + sum(g * g for g in pull.values())
        move = self.scale * (max(self.target, self.bound + 1) - bound) / max(size, 1e-9)
        weights = weights | {level: max(0.0, weights[level] + move * g) for level, g in pull.items()}
        raised = p.high(weights)
        moved = np.where(full & np.isfinite(raised), raised, x + move * step)
        return np.clip(moved, p.low, raised), weights


def _shortest(average: Array, slope: Array, most: float) -> Array:
    """The average with the newest slope in it, to the share that makes it shortest, within limits."""
    apart = average - slope
    size = float((apart * apart).sum())
    share = float((average * apart).sum()) / size if size else most
    share = min(max(share, most / 10), most)
    return share * slope + (1 - share) * average
