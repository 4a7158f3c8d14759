"""A good solution of a large part: the first levels relaxed, then whole numbers on the little that is left.

The relaxation climbs the levels as if each would be reached. What it has fixed by then is believed, and what is open
is searched with levels that may fall short, each for a price. Nothing is proven here. Among part weeks the relaxation
sees who must move far away from each other for one more child to have a place; a few neighbouring class runs do not.
"""

from __future__ import annotations

import copy

import numpy as np

from scheduler.placement.clock import Clock
from scheduler.placement.exact import Limits, search
from scheduler.placement.lp import Programme, Relaxed
from scheduler.placement.part import Array, Contradiction, Part
from scheduler.placement.vicinity import MOST_LEVELS, weights


def sketch(part: Part, gains: list[Array], workers: int, clock: Clock) -> Array | None:
    """A solution that is near the relaxation at each of these levels, or None."""
    trial = _copied(part)
    programme = Programme(trial, clock.stop)
    reached: list[Array] = []
    x = None
    try:
        for gain in gains:
            found = _relaxed(programme, gain, clock, mends=len(reached) > 2)
            if found is None:
                break
            if not programme.hold(found, found.ceiling):
                programme.demand(gain, found.ceiling)
            reached.append(gain)
            x = found.x
    except Contradiction:
        pass  # a bound rounded down that no relaxation reaches: what was found until then is good enough
    if x is None:
        return None
    limits = Limits(max(2.0, clock.left), workers, clock.stop)
    return _whole(part, trial, reached, np.rint(x).astype(np.int64), limits)


def _relaxed(programme: Programme, gain: Array, clock: Clock, *, mends: bool) -> Relaxed | None:
    """The next level; once all tiers have their places, with the minimums that it breaks."""
    if clock.left <= 0:
        return None
    found = programme.maximise(gain, clock.left * 0.75)
    while mends and found is not None and programme.mend(found.x):
        found = programme.maximise(gain, clock.left * 0.75)
    return found


def _copied(part: Part) -> Part:
    """A part that may be changed; the model and the row numbers are shared, as nobody changes them."""
    trial = copy.copy(part)
    trial.matrix = copy.deepcopy(part.matrix)
    trial.late, trial.lower, trial.upper = part.late.copy(), part.lower.copy(), part.upper.copy()
    return trial


def _whole(part: Part, trial: Part, reached: list[Array], near: Array, limits: Limits) -> Array | None:
    is_child = part.model.child[part.columns] >= 0
    lower, upper = trial.lower.copy(), trial.upper.copy()
    # Whether a run opens follows from its children.
    lower[~is_child], upper[~is_child] = part.lower[~is_child], part.upper[~is_child]
    answer = search(part, weights(reached[:MOST_LEVELS]), limits, box=(lower, upper), hint=near)
    return None if answer.x is None else part.completed(answer.x)
