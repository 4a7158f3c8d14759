"""What a change to a roster would break, mend and cost, from the rulebook alone and without asking about the rest.

Every rule looks at one volunteer's entries, one class's or one room's. So a change is judged by the rules' own
functions on the entries of those whom it touches, before it and after it; everybody else is as before. A rule that is
named in none of the tables below is asked about the whole roster.
"""

from __future__ import annotations

import copy
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from types import ModuleType

from scheduler.result import Violation
from scheduler.roster.check import Report, check, cost_parts
from scheduler.roster.problem import Ban, Duty, Lesson, Pins, Problem, Roster
from scheduler.roster.rules import SOFT
from scheduler.roster.steps import HARD_GROUPS, NEEDS, SOFT_GROUPS, Entry, Groups, Part, Step, Verdict, who

__all__ = ["Entry", "Position", "Step", "Verdict", "who", "with_pins"]

Key = tuple[str, frozenset[Entry], tuple[tuple[str, str], ...]]


class Position:
    """A roster with what is known of it. It is never changed: a step leads to another position."""

    def __init__(self, problem: Problem, roster: Roster) -> None:
        self.problem, self.roster = problem, roster
        assert problem.banned is not None  # Worked out now: the small problems that rules are asked about share it.

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
        was, will = self._reports(step, all_before=False)
        return _new(was.violations, will.violations), _new(was.overridden, will.overridden)

    def judge(self, step: Step) -> Verdict:
        """What a step does."""
        was, will = self._reports(step)
        return Verdict(
            _new(was.violations, will.violations), _new(will.violations, was.violations),
            _new(was.overridden, will.overridden), _new(will.overridden, was.overridden),
            self.rise(step),
        )  # fmt: skip

    def moved(self, step: Step) -> Position:
        """The position after a step, of which nothing is known yet."""
        roster = Roster(
            (self.roster.duties - step.removed.duties) | step.added.duties,
            (self.roster.lessons - step.removed.lessons) | step.added.lessons,
        )
        return Position(self._repinned(self.problem, step), roster)

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

    def _reports(self, step: Step, *, all_before: bool = True) -> tuple[Report, Report]:
        """What is broken before and after; before, unless all is asked for, only where something is broken after."""
        was: list[Report] = []
        will: list[Report] = []
        for rules, before, after in self._touched(step, HARD_GROUPS):
            will.append(check(after.problem, after.roster, rules))
            if all_before or will[-1].violations or will[-1].overridden:
                was.append(check(before.problem, before.roster, rules))
        return _joined(was), _joined(will)

    def rise(self, step: Step) -> dict[str, int]:
        """By how much a step raises the weighted cost of each soft rule: the half of `judge` that a ranking asks."""
        rise = {rule.NAME: 0 for rule in SOFT}
        for rules, before, after in self._touched(step, SOFT_GROUPS):
            for rule in rules:
                rise[rule.NAME] += rule.cost(after.problem, after.roster) - rule.cost(before.problem, before.roster)
        return {name: n for name, n in rise.items() if n}

    def _touched(self, step: Step, groups: Groups) -> Iterator[tuple[tuple[ModuleType, ...], Part, Part]]:
        """Each group of rules with the part of the week on which a step can change what they say, before and after.
        The roster that the step leads to is never made: a drag asks about hundreds, each to be indexed anew."""
        problem = self._small(step)
        after = self._repinned(problem, step)
        kinds = {type(entry) for entry in step.entries}
        for kind, rules in groups:
            if kind in NEEDS and NEEDS[kind] not in kinds:
                continue  # Nothing that these rules look at changes.
            if kind == "pins" and not step.pinned and not self.pins.keys() & step.entries:
                continue
            if kind == "other":  # A rule that no table names is asked about everything.
                whole = self.moved(step)
                yield rules, Part(self.problem, self.roster), Part(whole.problem, whole.roster)
            elif kind == "pins":
                part = _of(step.entries, self.roster)
                yield rules, Part(self._pins_of(step), part), Part(self._pins_after(step), _changed(part, step))
            else:
                part = self._part(kind, step)
                yield rules, Part(problem, part), Part(after, _changed(part, step, NEEDS.get(kind)))

    def _part(self, kind: str, step: Step) -> Roster:
        whole = self.roster
        if kind == "volunteer":
            return _part(whole.duties_of, whole.lessons_of, step.people)
        if kind == "class":
            return _part(whole.duties_in, {}, step.classes)
        if kind == "lessons":
            return _part({}, whole.lessons_in, step.classes)
        if kind == "day":
            return self._on_days(step)
        return self._in_rooms(step)

    def _on_days(self, step: Step) -> Roster:
        """What the step's people do on its weekdays."""
        days = {self._weekday(entry) for entry in step.entries}
        part = _part(self.roster.duties_of, self.roster.lessons_of, step.people)
        return Roster(
            frozenset(d for d in part.duties if self._weekday(d) in days),
            frozenset(x for x in part.lessons if self._weekday(x) in days),
        )

    def _weekday(self, entry: Entry) -> int:
        segment = entry.segment if isinstance(entry, Duty) else self.problem.slot[entry.slot].segment
        return self.problem.segment[segment].weekday

    def _in_rooms(self, step: Step) -> Roster:
        """Lessons in the step's rooms, and those of its classes that name no room: they may lack one."""
        rooms = {entry.room for entry in step.entries if isinstance(entry, Lesson) and entry.room}
        found = {x for room in rooms for x in self.lessons_at.get(room, ())}
        homeless = (x for c in step.classes for x in self.roster.lessons_in.get(c, ()) if x.room is None)
        return Roster(frozenset(), frozenset(found.union(homeless)))

    def _small(self, step: Step) -> Problem:
        """The same problem for rules that go through its classes, volunteers or bans: what a step touches alone."""
        problem, people = self.problem, sorted(step.people)
        made = copy.copy(problem)
        object.__setattr__(made, "classes", tuple(problem.class_run[c] for c in sorted(step.classes)))
        object.__setattr__(made, "volunteers", tuple(problem.volunteer[v] for v in people))
        object.__setattr__(made, "bans", tuple(ban for v in people for ban in self._bans_of.get(v, ())))
        return made

    @cached_property
    def _bans_of(self) -> Mapping[str, list[Ban]]:
        found: dict[str, list[Ban]] = {}
        for ban in self.problem.bans:
            found.setdefault(ban.volunteer, []).append(ban)
        return found

    def _repinned(self, problem: Problem, step: Step) -> Problem:
        return with_pins(problem, self._pins_then(step)) if step.unpinned or step.pinned else problem

    def _pins_then(self, step: Step) -> dict[Entry, frozenset[str]]:
        return {**{entry: waives for entry, waives in self.pins.items() if entry not in step.unpinned}, **step.pinned}

    def _pins_of(self, step: Step) -> Problem:
        return with_pins(self.problem, {e: self.pins[e] for e in step.entries if e in self.pins})

    def _pins_after(self, step: Step) -> Problem:
        kept = {e: self.pins[e] for e in step.entries if e in self.pins and e not in step.unpinned}
        return with_pins(self.problem, {**kept, **step.pinned})


def _changed(part: Roster, step: Step, kind: type[Entry] | None = None) -> Roster:
    """A part after a step; of one kind of entries, if one is named."""
    duties, lessons = part.duties, part.lessons
    if kind is not Lesson:
        duties = (duties - step.removed.duties) | step.added.duties
    if kind is not Duty:
        lessons = (lessons - step.removed.lessons) | step.added.lessons
    return Roster(duties, lessons)


def _of(entries: Iterable[Entry], roster: Roster) -> Roster:
    entries = tuple(entries)
    duties = frozenset(e for e in entries if isinstance(e, Duty) and e in roster.duties)
    return Roster(duties, frozenset(e for e in entries if isinstance(e, Lesson) and e in roster.lessons))


def _joined(reports: list[Report]) -> Report:
    return Report(
        tuple(v for report in reports for v in report.violations),
        tuple(v for report in reports for v in report.overridden),
    )


def with_pins(problem: Problem, pins: Mapping[Entry, frozenset[str]]) -> Problem:
    """The same problem with other pins. It shares the indexes, none of which knows of pins."""
    made = copy.copy(problem)
    duties = tuple((entry, waives) for entry, waives in pins.items() if isinstance(entry, Duty))
    lessons = tuple((entry, waives) for entry, waives in pins.items() if isinstance(entry, Lesson))
    object.__setattr__(made, "pins", Pins(duties, lessons))
    return made


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
