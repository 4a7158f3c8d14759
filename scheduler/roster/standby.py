"""Stand-bys: for each weekday the smallest set of people, free that day, who can cover any single absence of it.

An *absence* is one volunteer away on one weekday: that is how people fall ill, and a stand-by is called on a morning;
somebody who is away all week is as many absences as there are weekdays. It is *harmless* if safety and programme are
no worse without the entries of that day; *coverable* if people who have nothing to do that day can take over what is
missed: each place in the same class and segment (as lead, where a lead is missing; adults only), each lesson in the
same slot, of the same domain unless the class has enough of it. Several stand-bys may share an absence. Nobody else
moves: whom moving others would help is what `roster repair` answers. Otherwise nothing covers it.

All rules hold for what stand-bys take over: permitted choices, one place, travel, load, course repeats, rooms.
"""

from __future__ import annotations

import itertools
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from scheduler.roster.problem import Duty, Lesson, Problem, Roster
from scheduler.roster.repair.quick import QuickChoices

Entry = Duty | Lesson


@dataclass(frozen=True)
class Absence:
    """A volunteer away on a weekday, and the entries that are missed: those without which a level is worse."""

    volunteer: str
    weekday: int
    missed: tuple[Entry, ...]


@dataclass(frozen=True)
class Day:
    """The stand-bys of a weekday. `fewest` is a proven lower bound on how many are needed to cover `covered`."""

    weekday: int
    standbys: tuple[str, ...]
    fewest: int
    harmless: int
    covered: tuple[Absence, ...]
    uncovered: tuple[Absence, ...]


def standbys(problem: Problem, roster: Roster, *, seconds: float = 60) -> tuple[Day, ...]:
    """Stand-bys for each weekday of the problem, in at most about `seconds`."""
    desk = _Desk(problem, roster)
    share = seconds / max(1, len(problem.weekdays))
    return tuple(_day(desk, weekday, share) for weekday in problem.weekdays)


class _Desk:
    """What a week's roster tells about absences: who is engaged when, and how much of each domain a class has."""

    def __init__(self, problem: Problem, roster: Roster) -> None:
        self.problem, self.roster = problem, roster
        self.choices = QuickChoices(problem, {s.id: True for s in problem.segments})
        self.engaged: dict[str, set[str]] = defaultdict(set)
        self.given: Counter[tuple[str, str]] = Counter()
        self.weekly: Counter[tuple[str, str]] = Counter()
        self.daily: set[tuple[str, str, int]] = set()
        self.used: set[tuple[str, str]] = set()
        for d in roster.duties:
            self.engaged[d.volunteer].add(d.segment)
        for x in roster.lessons:
            self.engaged[x.instructor].add(problem.slot[x.slot].segment)
            self.given[x.class_run, problem.course[x.course].domain] += 1
            self.weekly[x.class_run, x.course] += 1
            self.daily.add((x.class_run, x.course, self.day(x)))
            if x.room is not None:
                self.used.add((x.room, x.slot))
        self.adults = Counter((d.class_run, d.segment) for d in roster.duties if problem.volunteer[d.volunteer].adult)

    def segment(self, entry: Entry) -> str:
        """The segment of an entry."""
        return entry.segment if isinstance(entry, Duty) else self.problem.slot[entry.slot].segment

    def day(self, entry: Entry) -> int:
        """The weekday of an entry."""
        return self.problem.segment[self.segment(entry)].weekday

    def absences(self, weekday: int) -> Iterator[Absence]:
        """Every volunteer who has anything to do that day, with what would be missed."""
        for v in sorted(self.roster.people):
            entries: tuple[Entry, ...] = (*self.roster.duties_of.get(v, ()), *self.roster.lessons_of.get(v, ()))
            today = [e for e in entries if self.day(e) == weekday]
            if today:
                missed = [e for e in today if isinstance(e, Lesson) or self._is_missed(e)]
                yield Absence(v, weekday, tuple(sorted(missed, key=repr)))

    def _is_missed(self, d: Duty) -> bool:
        """Whether a class lacks an adult or a lead without this duty."""
        is_short = self.adults[d.class_run, d.segment] <= self.problem.need(self.problem.class_run[d.class_run])
        return d.role == "lead" or (is_short and self.problem.volunteer[d.volunteer].adult)

    def idle(self, weekday: int) -> list[str]:
        """Adults with nothing to do that day and room for more in the week."""
        today = {s.id for s in self.problem.segments if s.weekday == weekday}
        return [
            v.id
            for v in self.problem.volunteers
            if v.adult and not self.engaged[v.id] & today and len(self.engaged[v.id]) < v.max_segments
        ]

    def replacements(self, missed: Entry, among: frozenset[str]) -> list[Entry]:
        """The entries by which one of these people could take over."""
        if isinstance(missed, Duty):
            who = self.choices.duty.get((missed.class_run, missed.segment), {})
            may = [v for v, lead in who.items() if v in among and (lead or missed.role == "assistant")]
            return [Duty(v, missed.class_run, missed.segment, missed.role) for v in may]
        keys = self.choices.lesson.get((missed.class_run, missed.slot), ())
        return [x for key in keys if key[3] in among and self._fits(x := Lesson(*key), missed)]

    def _fits(self, x: Lesson, missed: Lesson) -> bool:
        """Whether a lesson may stand where another is missed: course repeats, room, domain."""
        problem, c = self.problem, x.class_run
        if x.room is not None and x.room != missed.room and self._is_taken(x.room, x.slot):
            return False
        if x.course == missed.course:
            return True
        most = problem.policy.max_lessons_per_course
        if (c, x.course, self.day(x)) in self.daily or self.weekly[c, x.course] >= most:
            return False
        domain = problem.course[missed.course].domain
        least = problem.minimums(problem.class_run[c]).get(domain, 0)
        today = sum(self.day(y) == self.day(x) for y in self.roster.lessons_in[c])
        return problem.course[x.course].domain == domain or self.given[c, domain] - today >= least

    def _is_taken(self, room: str, slot: str) -> bool:
        crossing = {slot, *(b if a == slot else a for a, b in self.problem.overlapping_slots if slot in (a, b))}
        return any((room, t) in self.used for t in crossing)

    def clash(self, a: Entry, b: Entry) -> bool:
        """Whether one person cannot take both."""
        problem = self.problem
        here, there = problem.class_run[a.class_run].site, problem.class_run[b.class_run].site
        if self.segment(a) == self.segment(b) and (isinstance(a, Duty) or isinstance(b, Duty)):
            return a.class_run != b.class_run or (isinstance(a, Duty) and isinstance(b, Duty))
        (start, end), (begin, finish) = self._hours(a), self._hours(b)
        gap = max(begin - end, start - finish)
        return gap < 0 or (here != there and gap < problem.travel_minutes(here, there))

    def _hours(self, entry: Entry) -> tuple[int, int]:
        """A duty's segment, a lesson's slot."""
        hours = self.problem.segment[entry.segment] if isinstance(entry, Duty) else self.problem.slot[entry.slot]
        return hours.start, hours.end

    def room_for(self, v: str) -> int:
        """Segments that a volunteer could be engaged in beyond those of the roster."""
        return self.problem.volunteer[v].max_segments - len(self.engaged[v])


def person(entry: Entry) -> str:
    """The volunteer of an entry."""
    return entry.volunteer if isinstance(entry, Duty) else entry.instructor


def _day(desk: _Desk, weekday: int, seconds: float) -> Day:
    among = frozenset(desk.idle(weekday))
    harmless, covered, uncovered, ways = 0, [], [], []
    for absence in desk.absences(weekday):
        options = [desk.replacements(e, among) for e in absence.missed]
        if not absence.missed:
            harmless += 1
        elif _can_cover(desk, options, ()):
            covered.append(absence)
            ways.append(options)
        else:
            uncovered.append(absence)
    chosen, fewest = _smallest(desk, ways, seconds) if ways else ((), 0)
    return Day(weekday, chosen, fewest, harmless, tuple(covered), tuple(uncovered))


def _can_cover(desk: _Desk, options: list[list[Entry]], taken: tuple[Entry, ...]) -> bool:
    """Whether everything missed can be taken over at once, each by somebody."""
    if not options:
        return True
    return any(_is_sound(desk, taken, entry) and _can_cover(desk, options[1:], (*taken, entry)) for entry in options[0])


def _is_sound(desk: _Desk, taken: tuple[Entry, ...], entry: Entry) -> bool:
    """Whether an entry may join others that are taken over at the same time."""
    mine = [e for e in taken if person(e) == person(entry)]
    segments = {desk.segment(e) for e in (*mine, entry)}
    if len(segments) > desk.room_for(person(entry)) or any(desk.clash(e, entry) for e in mine):
        return False
    return not any(_is_repeat(e, entry) for e in taken)


def _is_repeat(a: Entry, b: Entry) -> bool:
    """Whether a class would have a course twice that day by two of the lessons that are taken over."""
    return isinstance(a, Lesson) and isinstance(b, Lesson) and (a.class_run, a.course) == (b.class_run, b.course)


def _smallest(desk: _Desk, ways: list[list[list[Entry]]], seconds: float) -> tuple[tuple[str, ...], int]:
    """The smallest set of people who cover every absence, each by itself, and a proven lower bound on its size."""
    from ortools.sat.python import cp_model

    cp = cp_model.CpModel()
    ready: dict[str, Any] = {}
    for options in ways:
        _add_absence(desk, cp, options, ready)
    cp.minimize(sum(ready.values()))
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 2
    solver.parameters.max_time_in_seconds = seconds
    status = solver.solve(cp)
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return tuple(sorted(ready)), 0
    chosen = tuple(sorted(v for v, x in ready.items() if solver.value(x)))
    return chosen, round(solver.best_objective_bound + 0.499999)


def _add_absence(desk: _Desk, cp: Any, options: list[list[Entry]], ready: dict[str, Any]) -> None:
    """One of the options for each entry missed, by people who are ready, under the rules."""
    literals: dict[str, list[tuple[Entry, Any]]] = defaultdict(list)
    repeats: dict[tuple[str, str], list[Any]] = defaultdict(list)
    for several in options:
        row = []
        for entry in several:
            v, x = person(entry), cp.new_bool_var("")
            if v not in ready:
                ready[v] = cp.new_bool_var("")
            cp.add_implication(x, ready[v])
            literals[v].append((entry, x))
            row.append(x)
            if isinstance(entry, Lesson):
                repeats[entry.class_run, entry.course].append(x)
        cp.add_exactly_one(row)
    for some in repeats.values():
        if len(some) > 1:
            cp.add_at_most_one(some)
    for v, mine in literals.items():
        _add_person(desk, cp, v, mine)


def _add_person(desk: _Desk, cp: Any, v: str, mine: list[tuple[Entry, Any]]) -> None:
    """One place at a time, ways, load."""
    for (a, x), (b, y) in itertools.combinations(mine, 2):
        if desk.clash(a, b):
            cp.add_bool_or([x.negated(), y.negated()])
    by_segment: dict[str, list[Any]] = defaultdict(list)
    for entry, x in mine:
        by_segment[desk.segment(entry)].append(x)
    if len(by_segment) > desk.room_for(v):
        engaged = []
        for some in by_segment.values():
            engaged.append(cp.new_bool_var(""))
            for x in some:
                cp.add_implication(x, engaged[-1])
        cp.add(sum(engaged) <= desk.room_for(v))
