"""Bounds of a week's levels by prices, one after the other: where each climb begins, and what is told of it."""

from __future__ import annotations

import math
from collections.abc import Callable

from scheduler.roster.choices import Choices
from scheduler.roster.worth.climb import TOLERANCE, Climb
from scheduler.roster.worth.market import Array, Market
from scheduler.roster.worth.prospect import Prospect

INSIDE = (0.1, 0.3, 0.9)  # where a climb begins: at a corner all are tied, and steps lead nowhere for long
CORNERS = ((0.0, 0.0, 1.0), (0.0, 1.0, 1.0), (1.0, 1.0, 1.0), (0.0, 1.0, 0.0), (0.5, 0.5, 0.5))
OPEN_SLOT, DOMAIN = 0.5, 0.1  # the same for the programme
WORTH = {"programme": 1.0, "quality": 12.0}  # what a missing place and an open slot are taken for at first
STEPS = 400  # where steps are counted instead of seconds
Tell = Callable[[int, dict[str, int]], None]


class Levels:
    """Bounds of one week. The prices found for safety are where the programme begins.

    With `counted` every climb takes so many steps, however fast the machine is.
    """

    def __init__(self, choices: Choices, *, counted: bool = False) -> None:
        self.market, self.counted = Market(choices), counted
        self.safety: Array | None = None

    def prove_safety(self, target: int, seconds: float, tell: Tell, *, enough: int = 0) -> None:
        """Bounds on safety over all rosters; `target` is a cost already reached.

        Where one kind of person is short everywhere, uniform prices prove it at once; they are tried first. A gap of
        `enough` is not worth a climb.
        """
        p = Prospect(self.market, "safety", {})
        climbs = [Climb(p, p.put(need=a, least=b, lead=c), {"safety": 1.0}, target) for a, b, c in (*CORNERS, INSIDE)]
        best, inside = max(climbs, key=lambda climb: climb.bound), climbs[-1]
        hear = _rounded(tell)
        hear(best.bound, {})
        if best.bound <= target - max(1, enough) + TOLERANCE:
            inside.enough = max(1, enough)
            self._run(inside, seconds, hear)
            best = max(best, inside, key=lambda climb: climb.bound)
        self.safety = best.x

    def prove(self, level: str, caps: dict[str, int], target: int, seconds: float, tell: Tell) -> None:
        """Bounds on the programme or the quality of rosters within the caps, which may fall meanwhile."""
        p, worth = Prospect(self.market, level, caps), WORTH[level]
        x = p.put(slot=OPEN_SLOT * worth, domain=DOMAIN * worth)
        if self.safety is not None:
            x += worth * self.safety
        self._run(Climb(p, x, {"safety": worth, "programme": worth}, target), seconds, _rounded(tell))

    def _run(self, climb: Climb, seconds: float, hear: Callable[[float, dict[str, int]], None]) -> None:
        climb.run(math.inf if self.counted else seconds, hear, STEPS if self.counted else None)


def _rounded(tell: Tell) -> Callable[[float, dict[str, int]], None]:
    """Costs are whole numbers, so a bound may be rounded up; what sums of floats may err by is taken off."""
    told = [0]

    def hear(bound: float, caps: dict[str, int]) -> None:
        value = math.ceil(bound - TOLERANCE * (1 + abs(bound)))
        if value > told[0]:
            told[0] = value
            tell(value, caps)

    return hear
