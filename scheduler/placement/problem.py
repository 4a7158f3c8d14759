"""The facts of one placement, frozen. Made by `scheduler.placement.files`, which checks every reference once.

Classes and children are sorted by id, so that the order of rows in a file changes nothing. Weekdays are 1 (Monday)
to 7; a rank is the place of a wish in the child's list, 1 for the best, 0 for a kept place that is not in it.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

INDEPENDENT, PREFER, REQUIRE = "independent", "prefer-together", "together-or-none"
FAMILY_MODES = (INDEPENDENT, PREFER, REQUIRE)
SERVED_FIRST, TIER_FIRST = "served-first", "tier-first"
ORDERS = (SERVED_FIRST, TIER_FIRST)


@dataclass(frozen=True, slots=True)
class ClassRun:
    """A class of one site in one term (班次)."""

    id: str
    site: str
    term: int
    grades: tuple[int, int]
    capacity: int
    min_to_open: int = 0

    def fits(self, grade: int) -> bool:
        """Whether a child of this grade may attend."""
        return self.grades[0] <= grade <= self.grades[1]


@dataclass(frozen=True, slots=True)
class Child:
    """An application: ranked wishes, how many class runs at most, on which weekdays, and what is kept.

    `late`: 0 in time, else the batch of late applications it came with, which matters on waitlists alone.
    """

    id: str
    grade: int
    tier: int
    choices: tuple[str, ...]
    seats: int = 1
    weekdays: tuple[int, ...] = (1, 2, 3, 4, 5)
    family: str | None = None
    keep: tuple[str, ...] = ()
    late: int = 0


class Option(NamedTuple):
    """A place that a child may hold. Options compare as a child ranks them: rank, then the class's id."""

    rank: int
    class_run: str


@dataclass(frozen=True, slots=True)
class Policy:
    """What the season has published."""

    seed: str
    families: str = INDEPENDENT
    order: str = SERVED_FIRST


@dataclass(frozen=True)
class Problem:
    """One round of placement."""

    classes: tuple[ClassRun, ...]
    children: tuple[Child, ...]
    policy: Policy

    @cached_property
    def class_run(self) -> dict[str, ClassRun]:
        """Class runs by id."""
        return {c.id: c for c in self.classes}

    @cached_property
    def child(self) -> dict[str, Child]:
        """Children by id."""
        return {c.id: c for c in self.children}

    @cached_property
    def tiers(self) -> tuple[int, ...]:
        """The tiers that have a child, the first served first."""
        return tuple(sorted({c.tier for c in self.children}))

    @cached_property
    def options(self) -> dict[str, tuple[Option, ...]]:
        """What each child may hold, best first: wishes whose grades fit, and kept places."""
        return {c.id: self._options(c) for c in self.children}

    def _options(self, child: Child) -> tuple[Option, ...]:
        kept = set(child.keep)
        wished = [
            Option(rank, name)
            for rank, name in enumerate(child.choices, start=1)
            if name in kept or self.class_run[name].fits(child.grade)
        ]
        listed = set(child.choices)
        return tuple(sorted([*(Option(0, name) for name in kept if name not in listed), *wished]))

    @cached_property
    def ignored(self) -> tuple[tuple[str, str], ...]:
        """Wishes (child, class) whose grades do not fit: reported, and otherwise as if they were not there."""
        return tuple(
            (c.id, name)
            for c in self.children
            for name in c.choices
            if not self.class_run[name].fits(c.grade) and name not in c.keep
        )

    @cached_property
    def without_wish(self) -> tuple[str, ...]:
        """Children who are left with nothing that they could hold."""
        return tuple(c.id for c in self.children if not self.options[c.id])

    @cached_property
    def families(self) -> dict[str, tuple[str, ...]]:
        """Families of two children and more, their children by id."""
        found: dict[str, list[str]] = {}
        for c in self.children:
            if c.family is not None:
                found.setdefault(c.family, []).append(c.id)
        return {name: tuple(ids) for name, ids in sorted(found.items()) if len(ids) > 1}

    @cached_property
    def kept_runs(self) -> frozenset[str]:
        """Class runs with a kept child: they are open whatever their minimum."""
        return frozenset(name for c in self.children for name in c.keep)

    @cached_property
    def lottery(self) -> dict[str, int]:
        """Lottery numbers by child: SHA-256 of the UTF-8 bytes of seed + "/" + id, as a number, smallest first."""
        seed = self.policy.seed
        return {c.id: int.from_bytes(hashlib.sha256(f"{seed}/{c.id}".encode()).digest(), "big") for c in self.children}

    @cached_property
    def draw_order(self) -> tuple[str, ...]:
        """All children by tier, then lottery number."""
        return tuple(c.id for c in sorted(self.children, key=lambda c: (c.tier, self.lottery[c.id])))

    def most_places(self, child: Child) -> int:
        """How many places a child could hold at most: seats, and one in each term of its options."""
        return min(child.seats, len({self.class_run[o.class_run].term for o in self.options[child.id]}))

    def may_be_first(self, child: Child, option: Option) -> bool:
        """Whether this option could be the child's first place beside everything that it keeps."""
        kept = [o for o in self.options[child.id] if o.class_run in child.keep and o != option]
        if any(o < option for o in kept):
            return False
        term = self.class_run[option.class_run].term
        is_free = len(kept) < child.seats and all(self.class_run[o.class_run].term != term for o in kept)
        return option.class_run in child.keep or is_free

    def meeting_points(self, family: tuple[str, ...]) -> set[tuple[str, int]]:
        """The (site, term) pairs at which all children of a family could have their first place."""
        points: set[tuple[str, int]] | None = None
        for name in family:
            runs = (self.class_run[o.class_run] for o in self.options[name] if self.may_be_first(self.child[name], o))
            own = {(run.site, run.term) for run in runs}
            points = own if points is None else points & own
        return points or set()
