"""What a placement is, and what is known of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

OPTIMAL, FEASIBLE, PROVEN = "optimal", "feasible", "proven"


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A child holds a place. `rank` is the wish's, 0 for a kept place that is no wish."""

    child: str
    class_run: str
    rank: int


@dataclass(frozen=True)
class Placement:
    """Who holds which places. Order carries no meaning."""

    places: frozenset[Place] = frozenset()

    @cached_property
    def of_child(self) -> dict[str, list[Place]]:
        """A child's places, the first place first."""
        found: dict[str, list[Place]] = {}
        for place in sorted(self.places, key=lambda p: (p.child, p.rank, p.class_run)):
            found.setdefault(place.child, []).append(place)
        return found

    @cached_property
    def in_run(self) -> dict[str, list[str]]:
        """The children of each class run that has any, by id."""
        found: dict[str, list[str]] = {}
        for place in sorted(self.places, key=lambda p: (p.child, p.class_run, p.rank)):
            found.setdefault(place.class_run, []).append(place.child)
        return found


@dataclass(frozen=True, slots=True)
class Level:
    """A count, higher is better, and what no placement can exceed that is no worse at every level before."""

    name: str
    value: int
    bound: int


@dataclass(frozen=True)
class Result:
    """How good a placement is. `status` is "optimal" where every level's bound is its value."""

    status: str
    order: str
    levels: tuple[Level, ...]
    draw: str
    seed: str
    seconds: float


Waitlists = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class Placed:
    """A placement, its waitlists and what is known of it.

    `ignored`, `without_wish`: what a file says of wishes that do not count, and of children who have none; None where
    it says nothing.
    """

    placement: Placement
    waitlists: Waitlists
    result: Result | None = None
    ignored: tuple[tuple[str, str], ...] | None = None
    without_wish: tuple[str, ...] | None = None


@dataclass(frozen=True)
class Fault:
    """Something in a result file that is not so: a code and the facts that show it."""

    rule: str
    facts: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class News:
    """How far a running solver is: `done` of `total` steps of a phase; the levels that are settled for good."""

    seconds: float
    phase: str
    done: int
    total: int
    levels: tuple[Level, ...] = ()
