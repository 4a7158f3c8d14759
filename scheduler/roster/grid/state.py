"""A roster as arrays, its cost kept up to date entry by entry, every change undoable.

The cost written here is the rulebook's in another form: faster by a factor of a thousand, and compared with it
wherever a roster leaves this package.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

import numpy as np

from scheduler.result import Cost
from scheduler.roster.grid.facts import Array, Facts
from scheduler.roster.problem import Roster

DutyRow = tuple[int, int, int, bool]  # volunteer, segment, class, lead
LessonRow = tuple[int, int, int, int, int]  # class, slot, course, volunteer, room
Log = list[tuple[Callable[..., None], tuple[Any, ...]]]  # how to take back what was done, the last thing last


class Change(NamedTuple):
    """What left a roster and what came in."""

    duties_out: list[DutyRow]
    lessons_out: list[LessonRow]
    duties_in: list[DutyRow]
    lessons_in: list[LessonRow]


class State:
    """One roster. `duty[v, s]` is a class or −1; `course`, `teacher`, `room` [c, t] describe a lesson or are −1."""

    def __init__(self, facts: Facts, roster: Roster) -> None:
        f = self.facts = facts
        v, c, s, t = f.people, f.classes, f.segments, f.slots
        self.duty, self.leads = _none(v, s), np.zeros((v, s), dtype=bool)
        self.teaching = _none(v, t)
        self.course, self.teacher, self.room = _none(c, t), _none(c, t), _none(c, t)
        self.in_room = _zeros(f.rooms + 1, t)
        self.where = _none(v, s + t)  # the site of an event; −1 for a lesson beside a duty, which is part of it
        self.adults, self.led = _zeros(c, s), _zeros(c, s)
        self.times_at, self.times_led, self.leaders = _zeros(v, c), _zeros(v, c), _zeros(c)
        self.on_day, self.at_site = _zeros(v, f.days, f.sites), _zeros(v, f.sites)
        self.engaged, self.load = _zeros(v, s), _zeros(v)
        self.day_course, self.week_course = _zeros(c, f.days, f.courses), _zeros(c, f.courses)
        self.in_domain = np.zeros_like(f.minimum)
        self.safety = int((f.open_segment * (f.need + f.least + 1)[:, None]).sum())
        self.programme = int(f.open_slot.sum() + f.minimum.sum())
        self.quality = int(f.weights.idle * f.half[f.may_idle].sum())
        self.log: Log | None = None
        for d in roster.duties:
            self.add_duty(f.volunteer[d.volunteer], f.segment[d.segment], f.class_run[d.class_run], d.role == "lead")
        for x in roster.lessons:
            place = f.class_run[x.class_run], f.slot[x.slot]
            self.add_lesson(*place, f.course[x.course], f.volunteer[x.instructor], f.room[x.room])

    @property
    def cost(self) -> Cost:
        """The three levels."""
        return Cost(int(self.safety), int(self.programme), int(self.quality))

    def roster(self) -> Roster:
        """The same as entries."""
        f = self.facts
        duties = (f.duty_entry(v, s, self.duty[v, s], self.leads[v, s]) for v, s in np.argwhere(self.duty >= 0))
        lessons = (f.lesson_entry(*self._lesson(c, t)) for c, t in np.argwhere(self.course >= 0))
        return Roster(frozenset(duties), frozenset(lessons))

    def _lesson(self, c: int, t: int) -> LessonRow:
        return int(c), int(t), int(self.course[c, t]), int(self.teacher[c, t]), int(self.room[c, t])

    def add_duty(self, v: int, s: int, c: int, lead: bool) -> None:
        """One more duty; the volunteer must be free in that segment."""
        self.duty[v, s], self.leads[v, s], self.where[v, s] = c, lead, self.facts.site[c]
        for t in self.facts.slots_in[s]:
            self.where[v, self.facts.segments + t] = -1
        self._count_duty(v, s, c, lead, 1)
        if self.log is not None:
            self.log.append((self.drop_duty, (v, s)))

    def drop_duty(self, v: int, s: int) -> None:
        """One duty less; lessons given beside it become visits."""
        c, lead = int(self.duty[v, s]), bool(self.leads[v, s])
        self.duty[v, s], self.leads[v, s], self.where[v, s] = -1, False, -1
        for t in self.facts.slots_in[s]:
            if self.teaching[v, t] >= 0:
                self.where[v, self.facts.segments + t] = self.facts.site[self.teaching[v, t]]
        self._count_duty(v, s, c, lead, -1)
        if self.log is not None:
            self.log.append((self.add_duty, (v, s, c, lead)))

    def add_lesson(self, c: int, t: int, k: int, v: int, r: int) -> None:
        """One more lesson, in a slot without one."""
        self.course[c, t], self.teacher[c, t], self.room[c, t], self.teaching[v, t] = k, v, r, c
        if r >= 0:
            self.in_room[r, t] += 1
        if self.duty[v, self.facts.segment_of[t]] < 0:
            self.where[v, self.facts.segments + t] = self.facts.site[c]
        self._count_lesson(c, t, k, v, 1)
        if self.log is not None:
            self.log.append((self.drop_lesson, (c, t)))

    def drop_lesson(self, c: int, t: int) -> None:
        """One lesson less."""
        _, _, k, v, r = row = self._lesson(c, t)
        self.course[c, t] = self.teacher[c, t] = self.room[c, t] = self.teaching[v, t] = -1
        if r >= 0:
            self.in_room[r, t] -= 1
        self.where[v, self.facts.segments + t] = -1
        self._count_lesson(c, t, k, v, -1)
        if self.log is not None:
            self.log.append((self.add_lesson, row))

    def _count_duty(self, v: int, s: int, c: int, lead: bool, by: int) -> None:
        f = self.facts
        if f.adult[v]:
            before = int(self.adults[c, s])
            self.adults[c, s] = before + by
            counted = max(before, before + by)
            self.safety -= by * (int(counted <= f.need[c]) + int(counted <= f.least))
        if lead:
            self.led[c, s] += by
            self.safety -= by
            if _turns(self.times_led, (v, c), by):
                before = int(self.leaders[c])
                self.leaders[c] = before + by
                self.quality += by * f.weights.lead * (max(before, before + by) > 1)
        if _turns(self.times_at, (v, c), by):
            self.quality += by * f.weights.continuity
        self._engage(v, s, int(f.site[c]), int(f.day_of_segment[s]), by)

    def _count_lesson(self, c: int, t: int, k: int, v: int, by: int) -> None:
        f, d, day = self.facts, self.facts.domain[k], int(self.facts.day_of_slot[t])
        before = int(self.in_domain[c, d])
        self.in_domain[c, d] = before + by
        self.programme -= by * (1 + int(max(before, before + by) <= f.minimum[c, d]))
        self.quality += by * int(f.dislike[c, k])
        self.day_course[c, day, k] += by
        self.week_course[c, k] += by
        self._engage(v, int(f.segment_of[t]), int(f.site[c]), day, by)

    def _engage(self, v: int, s: int, site: int, day: int, by: int) -> None:
        """Ways, wishes and load of one more (or one less) engagement."""
        f = self.facts
        if _turns(self.on_day, (v, day, site), by):
            self.quality += by * int(f.way[v, site])
        if _turns(self.at_site, (v, site), by):
            self.quality += by * int(f.passed[v, site])
        if _turns(self.engaged, (v, s), by):
            before = int(self.load[v])
            self.load[v] = before + by
            counted = max(before, before + by)
            self.quality += by * f.weights.overload * (counted > f.liked[v])
            self.quality -= by * f.weights.idle * (f.may_idle[v] and counted <= f.half[v])

    def undo(self, log: Log) -> None:
        """Take back what the log holds, the last first."""
        self.log = None
        for action, arguments in reversed(log):
            action(*arguments)

    def reachable(self, event: int) -> Array:
        """Which sites each volunteer could come to for an event, from and to the day's other events (V × A)."""
        f = self.facts
        ok = np.ones((f.people, f.sites), dtype=bool)
        for other, gap in f.others[event]:
            at = self.where[:, other]
            rows = np.nonzero(at >= 0)[0]
            if len(rows):
                ok[rows] &= f.reachable[gap][at[rows]]
        return ok

    def lacking(self) -> Array:
        """What each class lacks, of safety and programme together (C)."""
        f = self.facts
        slots = ((self.course < 0) & f.open_slot).sum(1)
        adults = np.where(f.open_segment, np.maximum(0, f.need[:, None] - self.adults) + (self.led == 0), 0).sum(1)
        return slots + np.maximum(0, f.minimum - self.in_domain).sum(1) + adults

    def snapshot(self) -> tuple[Array, ...]:
        """What tells two rosters apart, copied."""
        return tuple(a.copy() for a in (self.duty, self.leads, self.course, self.teacher, self.room))

    def change_since(self, before: tuple[Array, ...]) -> Change:
        """The entries that differ from a snapshot."""
        duty, leads, course, teacher, room = before
        moved = np.argwhere((duty != self.duty) | (leads != self.leads)).tolist()
        taught = np.argwhere((course != self.course) | (teacher != self.teacher) | (room != self.room)).tolist()
        return Change(
            [(v, s, int(duty[v, s]), bool(leads[v, s])) for v, s in moved if duty[v, s] >= 0],
            [(c, t, int(course[c, t]), int(teacher[c, t]), int(room[c, t])) for c, t in taught if course[c, t] >= 0],
            [(v, s, int(self.duty[v, s]), bool(self.leads[v, s])) for v, s in moved if self.duty[v, s] >= 0],
            [self._lesson(c, t) for c, t in taught if self.course[c, t] >= 0],
        )

    def holds(self, duties: Iterable[DutyRow], lessons: Iterable[LessonRow]) -> bool:
        """Whether all these entries are there."""
        there = all(self.duty[v, s] == c and self.leads[v, s] == lead for v, s, c, lead in duties)
        return there and all(self._lesson(x[0], x[1]) == x for x in lessons)

    def has_room_for(self, change: Change) -> bool:
        """Whether what comes in finds its volunteers and slots free once what goes out is gone."""
        gone = {(v, s) for v, s, _, _ in change.duties_out}
        given = {(c, t) for c, t, *_ in change.lessons_out}
        busy = {(v, t) for _, t, _, v, _ in change.lessons_out}
        return (
            all(self.duty[v, s] < 0 or (v, s) in gone for v, s, _, _ in change.duties_in)
            and all(self.course[c, t] < 0 or (c, t) in given for c, t, *_ in change.lessons_in)
            and all(self.teaching[v, t] < 0 or (v, t) in busy for _, t, _, v, _ in change.lessons_in)
        )

    def apply(self, change: Change) -> None:
        """Make a change that `holds` and `has_room_for`."""
        for c, t, *_ in change.lessons_out:
            self.drop_lesson(c, t)
        for v, s, _, _ in change.duties_out:
            self.drop_duty(v, s)
        for duty in change.duties_in:
            self.add_duty(*duty)
        for lesson in change.lessons_in:
            self.add_lesson(*lesson)


def _none(*shape: int) -> Array:
    return np.full(shape, -1, dtype=np.int64)


def _zeros(*shape: int) -> Array:
    return np.zeros(shape, dtype=np.int64)


def _turns(counts: Array, at: tuple[int, ...], by: int) -> bool:
    """Count by one up or down; whether it was the first or the last."""
    before = int(counts[at])
    counts[at] = before + by
    return (before == 0) != (before + by == 0)
