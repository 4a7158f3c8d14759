"""Engagements of one weekday at different sites leave a gap of at least

    ⌈travel_minutes_fixed + travel_minutes_per_km · km⌉ minutes.

A lesson given beside a duty of the same segment is part of that duty; a visit is an engagement of its own.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import TYPE_CHECKING

from scheduler.result import Violation
from scheduler.roster.problem import Duty, Lesson, Problem, Roster
from scheduler.roster.rules.one_place import span

if TYPE_CHECKING:
    from scheduler.roster.model import Literal, Model

NAME = "travel"


def violations(problem: Problem, roster: Roster) -> Iterator[Violation]:
    """Pairs of engagements at two sites with too short a way between them. Overlaps are `one_place`'s."""
    for v in sorted(roster.people):
        duties = roster.duties_of.get(v, [])
        on_duty = {d.segment for d in duties}
        visits = [x for x in roster.lessons_of.get(v, ()) if problem.slot[x.slot].segment not in on_duty]
        engagements: tuple[Duty | Lesson, ...] = (*duties, *visits)
        placed = [(e, problem.class_run[e.class_run].site, span(problem, e)) for e in engagements]
        if len({site for _, site, _ in placed}) > 1:
            for one, other in itertools.combinations(placed, 2):
                yield from _too_short(problem, v, one, other)


_Placed = tuple[Duty | Lesson, str, tuple[int, int, int]]


def _too_short(problem: Problem, v: str, one: _Placed, two: _Placed) -> Iterator[Violation]:
    (a, here, (day, start, end)), (b, there, (other, begin, finish)) = one, two
    if here == there or day != other:
        return
    gap, needed = max(begin - end, start - finish), problem.travel_minutes(here, there)
    if 0 <= gap < needed:
        yield Violation(NAME, (a, b), {"volunteer": v, "gap": gap, "minutes": needed})


def add_to(model: Model) -> None:
    """Two engagements of a day at sites too far apart for the gap between them: at most one holds."""
    for v in model.volunteers:
        for day in model.problem.weekdays:
            groups = _groups(model, v, day)
            for i, first in enumerate(groups):
                for second in groups[i + 1 :]:
                    _keep_apart(model, first, second)


_Group = tuple[int, int, dict[str, list["Literal"]]]


def _groups(model: Model, v: str, day: int) -> list[_Group]:
    """Start, end and literals by site, for each segment and slot of the day; waived pins left out.

    Where a waived pin is on duty, lessons are part of that duty and left out with it.
    """
    problem, groups = model.problem, []
    waived = {d.segment for d in model.choices.waived.get(NAME, ()) if isinstance(d, Duty) and d.volunteer == v}
    for s in problem.segments:
        if s.weekday == day:
            at: dict[str, list[Literal]] = {}
            for c, x in model.duties_of.get((v, s.id), ()):
                if not model.is_duty_waived(NAME, v, c, s.id):
                    at.setdefault(problem.class_run[c].site, []).append(x)
            groups.append((s.start, s.end, at))
    for t in problem.slots:
        if problem.segment[t.segment].weekday == day and t.segment not in waived:
            at = {}
            for key, x in model.lessons_of.get((v, t.id), ()):
                if not model.is_waived(NAME, Lesson(*key)):
                    at.setdefault(problem.class_run[key[0]].site, []).append(x)
            groups.append((t.start, t.end, at))
    return [g for g in groups if g[2]]


def _keep_apart(model: Model, first: _Group, second: _Group) -> None:
    gap = max(second[0] - first[1], first[0] - second[1])
    if gap < 0:
        return  # They overlap: `one_place` keeps those apart.
    for a, here in first[2].items():
        far = [
            x for b, there in second[2].items() if b != a and model.problem.travel_minutes(a, b) > gap for x in there
        ]
        if far:
            model.at_most_one([*here, *far])
