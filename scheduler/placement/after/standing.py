"""Who applied and who holds what, at one moment of a season, and who waits."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from scheduler.placement.exchange import State
from scheduler.placement.problem import Child, Problem
from scheduler.placement.result import Place, Placement
from scheduler.placement.waitlists import Claim, claim, waits
from scheduler.result import Malformed

Pair = tuple[str, str]
"""A child and a class run."""


@dataclass(frozen=True)
class Standing:
    """One moment of a season."""

    problem: Problem
    placement: Placement

    @cached_property
    def state(self) -> State:
        """What is free, counted once."""
        return State(self.problem, self.placement)

    @cached_property
    def keepers(self) -> Counter[str]:
        """How many children keep a place in each class run."""
        return Counter(name for c in self.problem.children for name in c.keep)

    @cached_property
    def lists(self) -> dict[str, tuple[str, ...]]:
        """Of each class run with a free place, in order, those on its waitlist who find room on all their weekdays."""
        problem, held = self.problem, self.placement.of_child
        keys: dict[str, list[Claim]] = {name: [] for name in sorted(self._free_days)}
        for child in problem.children:
            days = set(child.weekdays)
            for rank, name in enumerate(child.choices, start=1):
                if name in keys and days <= self._free_days[name]:
                    own = held.get(child.id, [])
                    if waits(problem, child, own, name, rank):
                        keys[name].append(claim(problem, child, own, rank))
        return {name: tuple(key[-1] for key in sorted(found)) for name, found in keys.items()}

    @cached_property
    def _free_days(self) -> dict[str, set[int]]:
        """On which weekdays each class run has a place left, if on any on which children come."""
        days = {day for child in self.problem.children for day in child.weekdays}
        free = {c.id: {d for d in days if self.state.held[c.id, d] < c.capacity} for c in self.problem.classes}
        return {name: found for name, found in free.items() if found}


def waitlist(standing: Standing, name: str) -> tuple[str, ...]:
    """Who waits for a place in this class run, in order: late applications behind earlier ones of the same claim."""
    problem, keys = standing.problem, []
    for child in problem.children:
        if name in child.choices:
            held, rank = standing.placement.of_child.get(child.id, []), child.choices.index(name) + 1
            if waits(problem, child, held, name, rank):
                keys.append(claim(problem, child, held, rank))
    return tuple(key[-1] for key in sorted(keys))


def held_place(standing: Standing, child: str, class_run: str) -> Place:
    """The child's place in this class run. Raises `Malformed` (`not_held`)."""
    for place in standing.placement.of_child.get(child, ()):
        if place.class_run == class_run:
            return place
    raise Malformed(f"places.{child}", "not_held", child=child, **{"class": class_run})


def with_children(problem: Problem, children: Iterable[Child]) -> Problem:
    """The problem with these children changed or added."""
    by_id = {**problem.child, **{c.id: c for c in children}}
    return Problem(problem.classes, tuple(by_id[name] for name in sorted(by_id)), problem.policy)
