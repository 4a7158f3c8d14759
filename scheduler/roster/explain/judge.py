"""Which rules keep an entry out of a roster, asked from the rulebook itself: the same answer as `check` would give.

Every rule but `pins` looks only at entries that share a volunteer, a class or a room with the one in question, so
that a roster of a few entries is checked, not the whole week. Which entries a rule needs is said below; a property
test holds the answers to those of `check` on the whole roster.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from types import ModuleType

from scheduler.result import Cost, Violation
from scheduler.roster.check import check, cost
from scheduler.roster.explain.answers import Entry, Exclusion
from scheduler.roster.problem import Duty, Lesson, Pins, Problem, Roster
from scheduler.roster.rules import (
    HARD,
    adulthood,
    availability,
    bans,
    clearance,
    duty,
    heat,
    lesson,
    load,
    one_lead,
    one_place,
    reach,
    roles,
    room,
    travel,
)

ORDER = (
    "clearance",
    "adulthood",
    "roles",
    "bans",
    "duty",
    "lesson",
    "room",
    "heat",
    "one_lead",
    "pins",
    "reach",
    "availability",
    "one_place",
    "travel",
    "load",
)
"""Under which rule somebody is counted who is excluded by several: what no phone call can mend comes first."""


WITHOUT_PINS = tuple(rule for rule in HARD if rule.NAME != "pins")
OF_A_DAY = (clearance, adulthood, bans, reach, availability, one_place, travel)
"""Rules that look at what a volunteer does on one weekday, and neither at courses nor at rooms."""
OF_A_WEEK = (load,)
"""Rules that look at a volunteer's whole week."""
OF_A_DUTY = (roles, duty, one_lead)
"""Rules about a duty that look at the class's people in the segment."""
OF_A_LESSON = (roles, lesson, room, heat)
"""Rules about a lesson that look at the class's lessons and at the room."""


class Judge:
    """A roster and its problem, indexed for many small questions."""

    def __init__(self, problem: Problem, roster: Roster) -> None:
        self.problem, self.roster = problem, roster
        # A pin without a waiver changes nothing that is asked here, and there may be a thousand of them.
        waiving = Pins(
            tuple((d, w) for d, w in problem.pins.duties if w), tuple((x, w) for x, w in problem.pins.lessons if w)
        )
        self._rules = problem if waiving == problem.pins else replace(problem, pins=waiving)
        pins: tuple[tuple[Entry, frozenset[str]], ...] = (*problem.pins.duties, *problem.pins.lessons)
        self.pinned = frozenset(entry for entry, _ in pins)
        self._known: dict[object, tuple[Exclusion, ...]] = {}
        self._cells: dict[tuple[str, str], list[Duty]] = {}
        for d in roster.duties:
            self._cells.setdefault((d.class_run, d.segment), []).append(d)
        self._rooms: dict[str, list[Lesson]] = {}
        for x in roster.lessons:
            if x.room is not None:
                self._rooms.setdefault(x.room, []).append(x)

    def cell(self, class_run: str, segment: str) -> list[Duty]:
        """The duties of a class in a segment."""
        return self._cells.get((class_run, segment), [])

    def lesson(self, class_run: str, slot: str) -> Lesson | None:
        """The lesson of a class in a slot."""
        return next((x for x in self.roster.lessons_in.get(class_run, ()) if x.slot == slot), None)

    def exclusions(self, entry: Entry, removed: Iterable[Entry] = ()) -> tuple[Exclusion, ...]:
        """Every rule that the roster would break by this entry, in `ORDER`, once `removed` are gone.

        A pin among these excludes it too: pins stay.
        """
        gone = frozenset(removed)
        found = [*self._of_person(entry, gone), *self._of_place(entry, gone)]
        if fixed := gone & self.pinned:
            found.append(Exclusion("pins", {}, tuple(sorted(fixed, key=repr))))
        return tuple(sorted(found, key=lambda e: ORDER.index(e.rule)))

    def _of_person(self, entry: Entry, gone: frozenset[Entry]) -> tuple[Exclusion, ...]:
        """What their own week says, which is the same for each course and room of a slot."""
        hour = entry.segment if isinstance(entry, Duty) else entry.slot
        role = entry.role if isinstance(entry, Duty) else None
        key = (who(entry), entry.class_run, hour, role, gone)
        if (known := self._known.get(key)) is None:
            whole = [e for e in self._of(who(entry)) if e not in gone]
            day = self._weekday(entry)
            same_day = [e for e in whole if self._weekday(e) == day]
            found = [*self._broken(entry, same_day, OF_A_DAY), *self._broken(entry, whole, OF_A_WEEK)]
            known = self._known[key] = tuple(found)
        return known

    def _of_place(self, entry: Entry, gone: frozenset[Entry]) -> list[Exclusion]:
        """What the class, the course and the room say."""
        if isinstance(entry, Duty):
            around: list[Entry] = list(self.cell(entry.class_run, entry.segment))
            return self._broken(entry, [e for e in around if e not in gone], OF_A_DUTY)
        rooms = self._rooms.get(entry.room, []) if entry.room is not None else []
        around = [*self.roster.lessons_in.get(entry.class_run, ()), *rooms]
        return self._broken(entry, [e for e in around if e not in gone], OF_A_LESSON)

    def _broken(self, entry: Entry, around: list[Entry], rules: tuple[ModuleType, ...]) -> list[Exclusion]:
        found: dict[str, list[Violation]] = {}
        for violation in check(self._rules, roster_of([*around, entry]), rules).violations:
            if entry in violation.subject:
                found.setdefault(violation.rule, []).append(violation)
        for several in found.values():  # What a lesson beside a duty clashes with, the duty says already.
            several.sort(key=lambda v: (all(isinstance(e, Lesson) for e in v.subject), repr(v.subject)))
        return [_exclusion(entry, several) for several in found.values()]

    def _weekday(self, entry: Entry) -> int:
        problem = self.problem
        segment = entry.segment if isinstance(entry, Duty) else problem.slot[entry.slot].segment
        return problem.segment[segment].weekday

    def _of(self, volunteer: str) -> list[Entry]:
        return [*self.roster.duties_of.get(volunteer, ()), *self.roster.lessons_of.get(volunteer, ())]

    def worth(self, added: Iterable[Entry] = (), removed: Iterable[Entry] = ()) -> Cost:
        """By how much the cost of the roster changes with these entries more and fewer.

        Costs are sums over volunteers and classes: only those whose entries change have to be looked at.
        """
        more, fewer = tuple(added), frozenset(removed)
        people = {who(e) for e in (*more, *fewer)}
        classes = {e.class_run for e in (*more, *fewer)}
        before = [e for v in people for e in self._of(v)]
        for c in classes:
            before += [*self.roster.duties_in.get(c, ()), *self.roster.lessons_in.get(c, ())]
        after = [*(e for e in before if e not in fewer), *more]
        week = _only(self.problem, *_involved([*before, *more]))
        return _minus(cost(week, roster_of(after)), cost(week, roster_of(before)))


def _exclusion(entry: Entry, several: list[Violation]) -> Exclusion:
    """Breaches of one rule as one exclusion, with the figures of the first."""
    rule, facts = several[0].rule, dict(several[0].facts)
    if isinstance(entry, Lesson) and rule in {r.NAME for r in OF_A_LESSON}:
        facts["course"] = entry.course
    if rule == "load":  # Its subject is the whole week of the person.
        return Exclusion(rule, facts)
    others = {e for e in several[0].subject if e != entry}
    return Exclusion(rule, facts, tuple(sorted(others, key=repr)))


def who(entry: Entry) -> str:
    """The volunteer of an entry."""
    return entry.volunteer if isinstance(entry, Duty) else entry.instructor


def roster_of(entries: Iterable[Entry]) -> Roster:
    """A roster of these entries."""
    several = list(entries)
    return Roster(
        frozenset(e for e in several if isinstance(e, Duty)), frozenset(e for e in several if isinstance(e, Lesson))
    )


def changed(roster: Roster, added: Roster, removed: Roster) -> Roster:
    """A roster with entries more and fewer."""
    return Roster(roster.duties - removed.duties | added.duties, roster.lessons - removed.lessons | added.lessons)


def added_to(before: Roster, after: Roster) -> Roster:
    """The entries that only the second has."""
    return Roster(after.duties - before.duties, after.lessons - before.lessons)


def entries(roster: Roster) -> Iterator[Entry]:
    """Duties, then lessons."""
    yield from roster.duties
    yield from roster.lessons


def _involved(
    some: Iterable[Entry], people: Iterable[str] = (), classes: Iterable[str] = ()
) -> tuple[set[str], set[str]]:
    """The people and classes of these entries, and further ones."""
    several = list(some)
    return {who(e) for e in several}.union(people), {e.class_run for e in several}.union(classes)


def _only(problem: Problem, people: set[str], classes: set[str]) -> Problem:
    """The problem with these people and classes alone."""
    return replace(
        problem,
        classes=tuple(c for c in problem.classes if c.id in classes),
        volunteers=tuple(v for v in problem.volunteers if v.id in people),
    )


def _minus(a: Cost, b: Cost) -> Cost:
    return Cost(*(x - y for x, y in zip(a, b, strict=True)))


def difference(
    before: Judge, problem: Problem, roster: Roster, people: Iterable[str] = (), classes: Iterable[str] = ()
) -> Cost:
    """By how much a roster for a changed problem costs more. `people` and `classes` are those whose facts differ."""
    changes = [*entries(added_to(before.roster, roster)), *entries(added_to(roster, before.roster))]
    some_people, some_classes = _involved(changes, people, classes)
    old = [e for e in entries(before.roster) if who(e) in some_people or e.class_run in some_classes]
    new = [e for e in entries(roster) if who(e) in some_people or e.class_run in some_classes]
    both = _involved([*old, *new], some_people, some_classes)
    return _minus(cost(_only(problem, *both), roster_of(new)), cost(_only(before.problem, *both), roster_of(old)))


def is_sound(before: Judge, problem: Problem, roster: Roster) -> bool:
    """Whether a roster for a changed problem breaks no rule that was not broken before.

    Looked at is every entry that shares a volunteer, a class or a room with one that has changed.
    """
    changes = [*entries(added_to(before.roster, roster)), *entries(added_to(roster, before.roster))]
    people, classes = {who(e) for e in changes}, {e.class_run for e in changes}
    rooms = {e.room for e in changes if isinstance(e, Lesson) and e.room is not None}

    def near(whole: Roster) -> Roster:
        duties = (d for d in whole.duties if d.volunteer in people or d.class_run in classes)
        lessons = (x for x in whole.lessons if x.instructor in people or x.class_run in classes or x.room in rooms)
        return Roster(frozenset(duties), frozenset(lessons))

    old = {(v.rule, frozenset(v.subject)) for v in check(before.problem, near(before.roster), WITHOUT_PINS).violations}
    new = {(v.rule, frozenset(v.subject)) for v in check(problem, near(roster), WITHOUT_PINS).violations}
    pins: tuple[tuple[Entry, frozenset[str]], ...] = (*problem.pins.duties, *problem.pins.lessons)
    lost = {*entries(added_to(roster, before.roster))}
    return new <= old and not any(pin in lost for pin, _ in pins)
