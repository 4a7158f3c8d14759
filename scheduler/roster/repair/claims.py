"""What is proven of repairs, and of which: a proof under limits says nothing of a roster that is outside them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from scheduler.result import RepairCost
from scheduler.roster.repair.scene import LEVELS


@dataclass(frozen=True)
class Claim:
    """A level is at least so much in every repair that keeps the limits on better levels."""

    level: str
    least: int
    how: str
    limits: Mapping[str, int]

    def holds(self, cost: RepairCost) -> bool:
        """Whether it says anything about repairs no worse than this one: whether all of those keep the limits."""
        return all(getattr(cost, level) <= most for level, most in self.limits.items())


class Claims:
    """All that was proven in a run."""

    def __init__(self) -> None:
        self._all: list[Claim] = []

    def add(self, level: str, least: int, how: str, **limits: int) -> None:
        """Take a proof."""
        self._all.append(Claim(level, least, how, limits))

    def best(self, level: str, cost: RepairCost) -> Claim:
        """The best that is known of a level for a roster of this cost."""
        holding = [c for c in self._all if c.level == level and c.holds(cost)]
        return max(holding, key=lambda c: c.least, default=Claim(level, 0, "trivial", {}))

    def bound(self, cost: RepairCost) -> RepairCost:
        """The bounds beside a cost; none exceeds it."""
        return RepairCost(*(min(self.best(level, cost).least, getattr(cost, level)) for level in LEVELS))

    def proofs(self, cost: RepairCost) -> dict[str, str]:
        """How each bound was found."""
        return {level: self.best(level, cost).how for level in LEVELS}
