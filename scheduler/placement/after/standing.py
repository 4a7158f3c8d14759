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
        """Everybody who waits for each class run that has a free place on some day, in order."""
        free = {c.id for c in self.problem.classes if any(self.state.free(c.id, [day]) > 0 for day in range(1, 8))}
        keys: dict[str, list[Claim]] = {name: [] for name in sorted(free)}
        for child in self.problem.children:
            held = self.placement.of_child.get(child.id, [])
            for rank, name in enumerate(child.choices, start=1):
                if name in free and waits(self.problem, child, held, name, rank):
                    keys[name].append(claim(self.problem, child, held, rank))
        return {name: tuple(key[-1] for key in sorted(found)) for name, found in keys.items()}


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
