"""The levels that are optimised, by name and in their order (SCHEDULING.md §3). What they count is not said here:
the solver and the check each count for themselves.
"""

from __future__ import annotations

from typing import NamedTuple

from scheduler.placement.problem import PREFER, TIER_FIRST, Child, Problem

FAMILIES = "families"


class Key(NamedTuple):
    """A level: children of a tier with a `seat`-th place (rank 0), or with that place at this rank."""

    seat: int
    tier: int
    rank: int

    @property
    def name(self) -> str:
        """Such as `placed.0`, `rank.0.1`, `places2.0`, `rank2.0.3`."""
        number = "" if self.seat == 1 else str(self.seat)
        if self.rank:
            return f"rank{number}.{self.tier}.{self.rank}"
        return f"placed.{self.tier}" if self.seat == 1 else f"places{number}.{self.tier}"


def place_levels(problem: Problem) -> list[Key]:
    """All levels but the families' and the draw, the first to be maximised first."""
    most = {c.id: problem.most_places(c) for c in problem.children}
    found: list[Key] = []
    for seat in range(1, max(most.values(), default=0) + 1):
        able = [c for c in problem.children if most[c.id] >= seat]
        found += _of_seat(problem, seat, able)
    return found


def _of_seat(problem: Problem, seat: int, able: list[Child]) -> list[Key]:
    tiers = sorted({c.tier for c in able})
    counts = {tier: Key(seat, tier, 0) for tier in tiers}
    ranks = {tier: _ranks(problem, seat, tier, [c for c in able if c.tier == tier]) for tier in tiers}
    if seat == 1 and problem.policy.order == TIER_FIRST:
        return [key for tier in tiers for key in (counts[tier], *ranks[tier])]
    return [*counts.values(), *(key for tier in tiers for key in ranks[tier])]


def _ranks(problem: Problem, seat: int, tier: int, children: list[Child]) -> list[Key]:
    """One level a rank. A second place has rank 2 or worse, unless a kept place that is no wish comes before it."""
    ranks = [o.rank for c in children for o in problem.options[c.id]]
    least = 1 if 0 in ranks else seat
    return [Key(seat, tier, rank) for rank in range(least, max(ranks, default=0) + 1)]


def level_names(problem: Problem) -> list[str]:
    """The names of all levels, in their order."""
    names = [key.name for key in place_levels(problem)]
    return [*names, FAMILIES] if problem.policy.families == PREFER else names
