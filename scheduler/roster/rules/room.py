"""A course with a `room_kind` needs a room of that kind at the class's site, large enough; a room holds one lesson.

A course without one uses the home room (`room: null`).
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import TYPE_CHECKING

from scheduler.result import Violation
from scheduler.roster.problem import Lesson, Problem, Roster

if TYPE_CHECKING:
    from scheduler.roster.model import Model

NAME = "room"


def permits_lesson(problem: Problem, lesson: Lesson) -> bool:
    """The room is one of those that fit, or the home room if the course needs none."""
    c, kind = problem.class_run[lesson.class_run], problem.course[lesson.course].room_kind
    if kind is None:
        return lesson.room is None
    rooms = problem.site[c.site].rooms
    return any(r.id == lesson.room and r.kind == kind and r.capacity >= c.children for r in rooms)


def _fault(problem: Problem, lesson: Lesson) -> str | None:
    c, kind = problem.class_run[lesson.class_run], problem.course[lesson.course].room_kind
    if kind is None:
        return None if lesson.room is None else "needs_none"
    room = next((r for r in problem.site[c.site].rooms if r.id == lesson.room), None)
    if room is None:
        return "missing" if lesson.room is None else "elsewhere"
    if room.kind != kind:
        return "kind"
    return "small" if room.capacity < c.children else None


def violations(problem: Problem, roster: Roster) -> Iterator[Violation]:
    """Lessons in the wrong room, and lessons that share one."""
    used: dict[str, list[Lesson]] = {}
    for lesson in roster.lessons:
        if fault := _fault(problem, lesson):
            yield Violation(NAME, (lesson,), {"fault": fault, "room": lesson.room})
        if lesson.room is not None:
            used.setdefault(lesson.room, []).append(lesson)
    for room, lessons in sorted(used.items()):
        for a, b in itertools.combinations(lessons, 2):
            s, t = problem.slot[a.slot], problem.slot[b.slot]
            same_day = problem.segment[s.segment].weekday == problem.segment[t.segment].weekday
            if same_day and s.start < t.end and t.start < s.end:
                yield Violation(NAME, (a, b), {"fault": "shared", "room": room})


def add_to(model: Model) -> None:
    """A room holds one lesson at a time."""
    for literals in model.rooms.values():
        model.at_most_one(literals)
    rooms = {room for room, _ in model.rooms}
    for a, b in model.problem.overlapping_slots:
        for room in rooms:
            model.at_most_one([*model.rooms.get((room, a), ()), *model.rooms.get((room, b), ())])
