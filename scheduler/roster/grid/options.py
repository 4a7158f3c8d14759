"""What may stand in freed cells, given everything that stays: the columns of a part before it is a programme."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from scheduler.roster.grid.facts import Array
from scheduler.roster.grid.state import DutyRow, LessonRow, State

BESIDE_KEPT, BESIDE_FREE, VISIT = 0, 1, 2


@dataclass(frozen=True)
class Freed:
    """Free cells (C × S and C × T, bool), the people who may move (V, bool), and what they did there."""

    duty_cells: Array
    lesson_cells: Array
    people: Array
    duties: list[DutyRow]
    lessons: list[LessonRow]


@dataclass(frozen=True)
class DutyOptions:
    """n permitted duties: volunteer, class, segment, may lead; and what stood there: as an assistant, as the lead."""

    v: Array
    c: Array
    s: Array
    may_lead: Array
    was: Array
    led: Array


@dataclass(frozen=True)
class LessonOptions:
    """n permitted lessons: volunteer, class, slot, course, room; beside what; the free duty's position; what stood."""

    v: Array
    c: Array
    t: Array
    k: Array
    r: Array
    beside: Array
    duty: Array
    was: Array


def free(state: State, duty_cells: Array, lesson_cells: Array, people: Array) -> Freed:
    """Take what these people (V, bool; nobody who is still) do out of these cells."""
    f = state.facts
    v, s = np.nonzero(state.duty >= 0)
    c = state.duty[v, s]
    ok = (duty_cells & f.duty_cell)[c, s] & people[v] & (f.adult[v] | ~_tied(state, lesson_cells, people)[v, s])
    duties = [
        (a, b, int(state.duty[a, b]), bool(state.leads[a, b]))
        for a, b in zip(v[ok].tolist(), s[ok].tolist(), strict=True)
        if (a, b) not in f.pinned_duty
    ]
    c, t = np.nonzero((state.course >= 0) & lesson_cells & f.lesson_cell)
    who = state.teacher[c, t]
    ok = people[who]
    columns = (c, t, state.course[c, t], who, state.room[c, t])
    lessons: list[LessonRow] = list(zip(*(a[ok].tolist() for a in columns), strict=True))
    for a, b, _, _ in duties:
        state.drop_duty(a, b)
    for i, j, *_ in lessons:
        state.drop_lesson(i, j)
    return Freed(duty_cells & f.duty_cell, lesson_cells & f.lesson_cell, people, duties, lessons)


def _tied(state: State, lesson_cells: Array, people: Array) -> Array:
    """Where somebody gives a lesson that stays (V × S): a minor's duty stays too, as there is no visit for minors."""
    f = state.facts
    c, t = np.nonzero((state.course >= 0) & ~(lesson_cells & f.lesson_cell & people[state.teacher]))
    tied = np.zeros((f.people, f.segments), dtype=bool)
    tied[state.teacher[c, t], f.segment_of[t]] = True
    return tied


def duty_options(state: State, freed: Freed) -> DutyOptions:
    """Permitted duties in the freed cells."""
    f, x = state.facts, state
    found = []
    for s in np.nonzero(freed.duty_cells.any(axis=0))[0].tolist():
        v, c, lead = f.duties[s]
        ok = freed.duty_cells[c, s] & (x.duty[v, s] < 0) & ((x.engaged[v, s] > 0) | (x.load[v] < f.most[v]))
        ok &= freed.people[v]
        for t in f.slots_in[s]:
            ok &= (x.teaching[v, t] < 0) | (x.teaching[v, t] == c)
        i = np.nonzero(ok)[0]
        if len(i):
            i = i[x.reachable(s)[v[i], f.site[c[i]]]]
        found.append((v[i], c[i], np.full(len(i), s), lead[i]))
    v, c, s, lead = _joined(found, 4)
    at, led = np.full((f.people, f.segments), -1), np.zeros((f.people, f.segments), dtype=bool)
    for a, b, k, is_lead in freed.duties:
        at[a, b], led[a, b] = k, is_lead
    was = at[v, s] == c
    may_lead = (lead > 0) & (x.led[c, s] == 0)
    return DutyOptions(v, c, s, may_lead, was & ~led[v, s], was & led[v, s])


def lesson_options(state: State, freed: Freed, duties: DutyOptions) -> LessonOptions:
    """Permitted lessons in the freed cells; one that may be given on duty or on a visit is listed once for each."""
    f, x = state.facts, state
    find = _finder(duties, f.classes, f.segments)
    found = []
    for t in np.nonzero(freed.lesson_cells.any(axis=0))[0].tolist():
        v, c, k, r = f.lessons[t]
        s, day = int(f.segment_of[t]), f.day_of_slot[t]
        ok = freed.lesson_cells[c, t] & (x.course[c, t] < 0) & (x.teaching[v, t] < 0)
        ok &= (x.day_course[c, day, k] == 0) & (x.week_course[c, k] < f.most_repeats)
        ok &= ((r < 0) | (x.in_room[r, t] == 0)) & ((x.engaged[v, s] > 0) | (x.load[v] < f.most[v]))
        ok &= (x.duty[v, s] < 0) | (x.duty[v, s] == c)
        ok &= freed.people[v]
        i = np.nonzero(ok)[0]
        if not len(i):
            continue
        v, c, k, r = v[i], c[i], k[i], r[i]
        kept, duty = x.duty[v, s] == c, find(v, c, s)
        comes = ~kept & x.reachable(f.segments + t)[v, f.site[c]] & f.adult[v]
        for beside, which in ((BESIDE_KEPT, kept), (BESIDE_FREE, ~kept & (duty >= 0)), (VISIT, comes)):
            j = np.nonzero(which)[0]
            found.append((v[j], c[j], np.full(len(j), t), k[j], r[j], np.full(len(j), beside), duty[j]))
    v, c, t, k, r, beside, duty = _joined(found, 7)
    return LessonOptions(v, c, t, k, r, beside, duty, _stood(state, freed, (v, c, t, k, r, beside)))


def _stood(state: State, freed: Freed, options: tuple[Array, ...]) -> Array:
    """Which of the options are the lessons that stood there, in the way they were given."""
    f = state.facts
    v, c, t, k, r, beside = options
    held = np.full((3, f.classes, f.slots), -2)
    for i, j, course, teacher, room in freed.lessons:
        held[:, i, j] = course, teacher, room
    at = np.full((f.people, f.segments), -1)
    for a, b, i, _ in freed.duties:
        at[a, b] = i
    on_duty = at[v, f.segment_of[t]] == c
    same = (held[0, c, t] == k) & (held[1, c, t] == v) & (held[2, c, t] == r)
    return same & np.where(beside == BESIDE_FREE, on_duty, np.where(beside == VISIT, ~on_duty, True))


def _joined(found: list[tuple[Array, ...]], width: int) -> list[Array]:
    if not found:
        return [np.zeros(0, dtype=np.int64) for _ in range(width)]
    return [np.concatenate(column).astype(np.int64) for column in zip(*found, strict=True)]


def _finder(duties: DutyOptions, classes: int, segments: int) -> Callable[[Array, Array, int], Array]:
    """A function (volunteers, classes, segment) → positions among the duty options, −1 where there is none."""
    code = (duties.v * classes + duties.c) * segments + duties.s
    order = np.argsort(code)
    ordered = code[order]

    def find(v: Array, c: Array, s: int) -> Array:
        if not len(ordered):
            return np.full(len(v), -1)
        wanted = (v * classes + c) * segments + s
        i = np.minimum(np.searchsorted(ordered, wanted), len(ordered) - 1)
        return np.where(ordered[i] == wanted, order[i], -1)

    return find
