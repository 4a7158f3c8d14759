"""What is to be proven, as one vector of prices: their boxes, what is wanted of each, and the bound that they prove.

At any prices the bound is `Σ price · wanted − Σ best weeks − Σ weight of a better level · its cap`: rows that say what
classes want are dropped into the objective, and what is left is one exact problem a volunteer.
"""

from __future__ import annotations

import numpy as np

from scheduler.roster.worth.market import Array, Market
from scheduler.roster.worth.weeks import Prices, best_weeks

SAFETY = ("need", "least", "lead")
PROGRAMME = ("slot", "domain")
FAMILIES = {"safety": SAFETY, "programme": PROGRAMME}


class Prospect:
    """A level, with caps on better ones that may fall while it is being proven."""

    def __init__(self, market: Market, level: str, caps: dict[str, int]) -> None:
        m = self.market = market
        self.level, self.caps = level, caps
        shown = {
            "need": m.need[:, None] * m.open_segment,
            "least": m.least * m.open_segment,
            "lead": m.open_segment,
            "slot": m.open_slot,
            "domain": m.minimum,
            "repeat": np.where(m.taught_at, -m.repeats, 0.0),
        }
        self.shapes = {n: a.shape for n, a in shown.items()}
        ends = np.cumsum([0, *(a.size for a in shown.values())])
        self.part = {n: slice(int(ends[i]), int(ends[i + 1])) for i, n in enumerate(shown)}
        self.wanted = np.concatenate([a.ravel() for a in shown.values()])
        self.size = int(ends[-1])
        self.exists = self.wanted != 0
        self.sure = m.sure_quality() if level == "quality" else 0.0
        if level == "safety":
            self.exists[self.part["slot"].start :] = False
        self.low = np.zeros(self.size)
        self.low[self.part["slot"]] = -np.inf  # At most one lesson a slot: a second one may be made dear.

    def high(self, weights: dict[str, float]) -> Array:
        """No place is worth more than what its level weighs: leaving it open costs no more."""
        out = np.full(self.size, np.inf)
        for level, families in FAMILIES.items():
            for n in families:
                out[self.part[n]] = weights.get(level, 0.0)
        return np.where(self.exists, out, 0.0)

    def prices(self, x: Array) -> Prices:
        """The vector as families of prices."""
        return Prices(
            **{n: x[at].reshape(self.shapes[n]) for n, at in self.part.items()}, quality=self.level == "quality"
        )

    def look(self, x: Array, weights: dict[str, float]) -> tuple[float, Array]:
        """The bound at these prices, and what is wanted and not given."""
        m = self.market
        value, given = best_weeks(m, self.prices(x), teach=self.level != "safety")
        lessons = np.zeros_like(m.minimum)
        np.add.at(lessons.T, m.domain, given.course.T)
        have = (given.adults, given.adults, given.leads, given.slot, lessons, -given.course)
        paid = sum(weights[level] * cap for level, cap in self.caps.items())
        missing = self.wanted - np.concatenate([a.ravel() for a in have])
        return float((x * self.wanted).sum()) + self.sure - value - paid, np.where(self.exists, missing, 0.0)

    def put(self, **families: Array | float) -> Array:
        """A vector of these prices, all others 0."""
        x = np.zeros(self.size)
        for n, value in families.items():
            x[self.part[n]] = np.broadcast_to(value, self.shapes[n]).ravel()
        return np.where(self.exists, x, 0.0)
