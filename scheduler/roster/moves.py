"""What a change to a roster would break, mend and cost, from the rulebook alone and without asking about the rest.

Every rule looks at one volunteer's entries, one class's or one room's. So a change is judged by the rules' own
functions on the entries of those whom it touches, before it and after it; everybody else is as before. A rule that is
named in none of the tables below is asked about the whole roster.
"""

from __future__ import annotations

import copy
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from types import ModuleType

from scheduler.result import Violation
from scheduler.roster.check import Report, check, cost_parts
from scheduler.roster.problem import Duty, Lesson, Pins, Problem, Roster
from scheduler.roster.rules import HARD, SOFT

Entry = Duty | Lesson
Key = tuple[str, frozenset[Entry], tuple[tuple[str, str], ...]]

BY_VOLUNTEER = frozenset({
    "clearance", "adulthood", "availability", "reach", "one_place", "travel", "load", "roles", "bans",
    "travel_cost", "continuity", "overload", "wish", "idle",
})  # fmt: skip
BY_CLASS = frozenset({"duty", "one_lead", "lesson", "heat", "safety", "open_slots", "domains", "interest", "leads"})
BY_ROOM = frozenset({"room"})


@dataclass(frozen=True)
class Step:
    """A change: entries that go and entries that come, pins that go and pins that come with what they waive."""

    removed: Roster = field(default_factory=Roster)
    added: Roster = field(default_factory=Roster)
    unpinned: frozenset[Entry] = frozenset()
    pinned: Mapping[Entry, frozenset[str]] = field(default_factory=dict)

    @property
    def entries(self) -> frozenset[Entry]:
        """Everything that it touches."""
        gone, come = self.removed, self.added
        return frozenset({*gone.duties, *gone.lessons, *come.duties, *come.lessons, *self.unpinned, *self.pinned})

    @property
    def people(self) -> frozenset[str]:
        """The volunteers whom it touches."""
        return frozenset(who(entry) for entry in self.entries)


@dataclass(frozen=True)
class Verdict:
    """What a step does: breaches that are new and that are gone, the same of overridden ones, and by how much the
    weighted cost of each soft rule rises."""

    broken: tuple[Violation, ...]
    mended: tuple[Violation, ...]
    overridden: tuple[Violation, ...]
    no_longer_overridden: tuple[Violation, ...]
    cost: Mapping[str, int]


class Position:
    """A roster with what is known of it. It is never changed: a step leads to another position."""

    def __init__(self, problem: Problem, roster: Roster) -> None:
        self.problem, self.roster = problem, roster

    @cached_property
    def report(self) -> Report:
        """Every breach of the whole roster."""
        return check(self.problem, self.roster)

    @cached_property
    def parts(self) -> Mapping[str, int]:
        """The weighted cost of each soft rule."""
        return cost_parts(self.problem, self.roster)

    @cached_property
    def pins(self) -> Mapping[Entry, frozenset[str]]:
        """What is pinned, and what each pin waives."""
        return dict((*self.problem.pins.duties, *self.problem.pins.lessons))

    @cached_property
    def lessons_at(self) -> Mapping[str, list[Lesson]]:
        """Lessons by the room that they name."""
        found: dict[str, list[Lesson]] = {}
        for lesson in self.roster.lessons:
            if lesson.room is not None:
                found.setdefault(lesson.room, []).append(lesson)
        return found

    def breaches(self, step: Step) -> tuple[tuple[Violation, ...], tuple[Violation, ...]]:
        """What a step breaks, and what of it pins override: the half of `judge` that a drag over many cells asks."""
        was, will = self._reports(step, self.moved(step))
        return _new(was.violations, will.violations), _new(was.overridden, will.overridden)

    def judge(self, step: Step) -> Verdict:
        """What a step does."""
        after = self.moved(step)
        was, will = self._reports(step, after)
        return Verdict(
            _new(was.violations, will.violations), _new(will.violations, was.violations),
            _new(was.overridden, will.overridden), _new(will.overridden, was.overridden),
            self._rise(step, after),
        )  # fmt: skip

    def moved(self, step: Step) -> Position:
        """The position after a step, of which nothing is known yet."""
        roster = Roster(
            (self.roster.duties - step.removed.duties) | step.added.duties,
            (self.roster.lessons - step.removed.lessons) | step.added.lessons,
        )
        problem = self.problem
        if step.unpinned or step.pinned:
            kept = {entry: waives for entry, waives in self.pins.items() if entry not in step.unpinned}
            pins = {**kept, **step.pinned}
            problem = with_pins(problem, pins)
        return Position(problem, roster)

    def after(self, step: Step, verdict: Verdict) -> Position:
        """The position after a step that was judged: all that is known of this one is brought up to date."""
        reached = self.moved(step)
        report = self.report
        reached.report = Report(
            _brought(report.violations, verdict.mended, verdict.broken),
            _brought(report.overridden, verdict.no_longer_overridden, verdict.overridden),
        )
        reached.parts = {name: n + verdict.cost.get(name, 0) for name, n in self.parts.items()}
        return reached

    def _reports(self, step: Step, after: Position) -> tuple[Report, Report]:
        reports = []
        for position in (self, after):
            found = [check(position.problem, part, rules) for rules, part in position.touched(step, HARD)]
            reports.append(Report(
                tuple(v for report in found for v in report.violations),
                tuple(v for report in found for v in report.overridden),
            ))  # fmt: skip
        return reports[0], reports[1]

    def _rise(self, step: Step, after: Position) -> dict[str, int]:
        rise = {rule.NAME: 0 for rule in SOFT}
        for sign, position in ((-1, self), (1, after)):
            for rules, part in position.touched(step, SOFT):
                for rule in rules:
                    rise[rule.NAME] += sign * rule.cost(position.problem, part)
        return {name: n for name, n in rise.items() if n}

    def touched(self, step: Step, rules: Iterable[ModuleType]) -> list[tuple[list[ModuleType], Roster]]:
        """The rules in groups, each with the part of the roster on which a step can change what they say."""
        people = step.people
        classes = frozenset(entry.class_run for entry in step.entries)
        rooms = frozenset(entry.room for entry in step.entries if isinstance(entry, Lesson) and entry.room)
        groups: list[list[ModuleType]] = [[], [], [], []]
        for rule in rules:
            named = (rule.NAME in BY_VOLUNTEER, rule.NAME in BY_CLASS, rule.NAME in BY_ROOM)
            groups[named.index(True) if any(named) else 3].append(rule)
        whole = self.roster
        parts = (
            _part(whole.duties_of, whole.lessons_of, people),
            _part(whole.duties_in, whole.lessons_in, classes),
            self._in_rooms(rooms, classes),
            whole,
        )
        return [(group, part) for group, part in zip(groups, parts, strict=True) if group]

    def _in_rooms(self, rooms: frozenset[str], classes: frozenset[str]) -> Roster:
        """Lessons in these rooms, and those of the classes that name no room: they may lack one."""
        found = [x for room in rooms for x in self.lessons_at.get(room, ())]
        found += [x for c in classes for x in self.roster.lessons_in.get(c, ()) if x.room is None]
        return Roster(frozenset(), frozenset(found))


def with_pins(problem: Problem, pins: Mapping[Entry, frozenset[str]]) -> Problem:
    """The same problem with other pins. It shares the indexes, none of which knows of pins."""
    made = copy.copy(problem)
    duties = tuple((entry, waives) for entry, waives in pins.items() if isinstance(entry, Duty))
    lessons = tuple((entry, waives) for entry, waives in pins.items() if isinstance(entry, Lesson))
    object.__setattr__(made, "pins", Pins(duties, lessons))
    return made


def who(entry: Entry) -> str:
    """The volunteer of an entry."""
    return entry.volunteer if isinstance(entry, Duty) else entry.instructor


def _part(duties: Mapping[str, list[Duty]], lessons: Mapping[str, list[Lesson]], names: Iterable[str]) -> Roster:
    names = tuple(names)
    return Roster(
        frozenset(d for name in names for d in duties.get(name, ())),
        frozenset(x for name in names for x in lessons.get(name, ())),
    )


def _key(found: Violation) -> Key:
    return found.rule, frozenset(found.subject), tuple(sorted((name, repr(fact)) for name, fact in found.facts.items()))


def _new(was: Iterable[Violation], will: Iterable[Violation]) -> tuple[Violation, ...]:
    known = set(map(_key, was))
    return tuple(v for v in will if _key(v) not in known)


def _brought(known: Iterable[Violation], gone: Iterable[Violation], new: Iterable[Violation]) -> tuple[Violation, ...]:
    lost = set(map(_key, gone))
    return (*(v for v in known if _key(v) not in lost), *new)
