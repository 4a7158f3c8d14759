"""A change to a roster and its verdict, and what each rule looks at: who need not be asked about a change."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from types import ModuleType
from typing import NamedTuple

from scheduler.result import Violation
from scheduler.roster.problem import Duty, Lesson, Problem, Roster
from scheduler.roster.rules import HARD, SOFT

Entry = Duty | Lesson

BY_VOLUNTEER = frozenset({
    "clearance", "adulthood", "availability", "reach", "load", "roles", "bans",
    "travel_cost", "continuity", "overload", "wish", "idle",
})  # fmt: skip
BY_DAY = frozenset({"one_place", "travel"})
"""These look at what a volunteer does on one weekday."""
BY_CLASS = frozenset({"duty", "one_lead", "safety", "leads"})
"""These look at the duties of a class."""
BY_LESSONS = frozenset({"lesson", "heat", "open_slots", "domains", "interest"})
"""These look at the lessons of a class."""
BY_ROOM = frozenset({"room"})
BY_PIN = frozenset({"pins"})

Groups = tuple[tuple[str, tuple[ModuleType, ...]], ...]


class Part(NamedTuple):
    """A part of the week, as a rule is asked about it."""

    problem: Problem
    roster: Roster


def _grouped(rules: Iterable[ModuleType]) -> Groups:
    """The rules by what they look at."""
    tables = {
        "volunteer": BY_VOLUNTEER,
        "day": BY_DAY,
        "class": BY_CLASS,
        "lessons": BY_LESSONS,
        "room": BY_ROOM,
        "pins": BY_PIN,
    }
    found: dict[str, list[ModuleType]] = {}
    for rule in rules:
        found.setdefault(next((kind for kind, names in tables.items() if rule.NAME in names), "other"), []).append(rule)
    return tuple((kind, tuple(members)) for kind, members in found.items())


NEEDS: Mapping[str, type[Entry]] = {"class": Duty, "lessons": Lesson, "room": Lesson}
"""Groups that look at one kind of entries."""

HARD_GROUPS, SOFT_GROUPS = _grouped(HARD), _grouped(SOFT)


@dataclass(frozen=True)
class Step:
    """A change: entries that go and entries that come, pins that go and pins that come with what they waive."""

    removed: Roster = field(default_factory=Roster)
    added: Roster = field(default_factory=Roster)
    unpinned: frozenset[Entry] = frozenset()
    pinned: Mapping[Entry, frozenset[str]] = field(default_factory=dict)

    @cached_property
    def entries(self) -> frozenset[Entry]:
        """Everything that it touches."""
        gone, come = self.removed, self.added
        return frozenset({*gone.duties, *gone.lessons, *come.duties, *come.lessons, *self.unpinned, *self.pinned})

    @cached_property
    def people(self) -> frozenset[str]:
        """The volunteers whom it touches."""
        return frozenset(who(entry) for entry in self.entries)

    @cached_property
    def classes(self) -> frozenset[str]:
        """The classes that it touches."""
        return frozenset(entry.class_run for entry in self.entries)


@dataclass(frozen=True)
class Verdict:
    """What a step does: breaches that are new and that are gone, the same of overridden ones, and by how much the
    weighted cost of each soft rule rises."""

    broken: tuple[Violation, ...]
    mended: tuple[Violation, ...]
    overridden: tuple[Violation, ...]
    no_longer_overridden: tuple[Violation, ...]
    cost: Mapping[str, int]


def who(entry: Entry) -> str:
    """The volunteer of an entry."""
    return entry.volunteer if isinstance(entry, Duty) else entry.instructor
