"""No two engagements of a volunteer overlap in time, whatever their site.

In a segment where a volunteer has a duty, every lesson they give is for that class; lessons never overlap.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import TYPE_CHECKING

from scheduler.result import Violation
from scheduler.roster.problem import Duty, Lesson, Problem, Roster

if TYPE_CHECKING:
    from scheduler.roster.model import Model

NAME = "one_place"


def violations(problem: Problem, roster: Roster) -> Iterator[Violation]:
    """Pairs of entries of one volunteer that cannot both be kept."""
    for v in sorted(roster.people):
        entries = (*roster.duties_of.get(v, ()), *roster.lessons_of.get(v, ()))
        timed = [(entry, span(problem, entry)) for entry in entries]  # Once each: there are many more pairs.
        for (a, hours), (b, others) in itertools.combinations(timed, 2):
            if hours[0] == others[0] and _clash(problem, a, b, hours, others):
                yield Violation(NAME, (a, b), {"volunteer": v})


Span = tuple[int, int, int]
"""Weekday, start and end."""


def _clash(problem: Problem, a: Duty | Lesson, b: Duty | Lesson, hours: Span, others: Span) -> bool:
    """Whether two entries of a weekday cannot both be kept."""
    if _goes_with(problem, a, b) or _goes_with(problem, b, a):
        return False
    if _segment(problem, a) == _segment(problem, b) and (isinstance(a, Duty) or isinstance(b, Duty)):
        return True
    return hours[1] < others[2] and others[1] < hours[2]


def _goes_with(problem: Problem, duty: Duty | Lesson, lesson: Duty | Lesson) -> bool:
    """A lesson for the very class that the volunteer is on duty with in that segment."""
    if not isinstance(duty, Duty) or not isinstance(lesson, Lesson):
        return False
    return duty.class_run == lesson.class_run and duty.segment == _segment(problem, lesson)


def _segment(problem: Problem, entry: Duty | Lesson) -> str:
    return entry.segment if isinstance(entry, Duty) else problem.slot[entry.slot].segment


def span(problem: Problem, entry: Duty | Lesson) -> Span:
    """Weekday, start and end of a duty (its segment's hours) or a lesson (its slot's hours)."""
    day = problem.segment[_segment(problem, entry)].weekday
    hours = problem.segment[entry.segment] if isinstance(entry, Duty) else problem.slot[entry.slot]
    return day, hours.start, hours.end


def add_to(model: Model) -> None:
    """One duty a segment; one lesson at a time; in a segment with a duty, lessons for that class alone."""
    for v in model.volunteers:
        for s in model.problem.segments:
            model.at_most_one(x for _, x in model.duties_of.get((v, s.id), ()))
        for a, b in model.problem.overlapping_segments:
            model.at_most_one(x for s in (a, b) for _, x in model.duties_of.get((v, s), ()))
        _add_lessons(model, v)


def _add_lessons(model: Model, v: str) -> None:
    problem = model.problem
    for t in problem.slots:
        lessons = model.lessons_of.get((v, t.id), ())
        if not lessons:
            continue
        model.at_most_one(x for _, x in lessons)
        duties = model.duties_of.get((v, t.segment), ())
        for c in {key[0] for key, _ in lessons}:
            elsewhere = [x for k, x in duties if k != c]
            if elsewhere:
                model.at_most_one([*elsewhere, *(x for key, x in lessons if key[0] == c)])
        for s in problem.segments_across(t.id):
            model.at_most_one([x for _, x in (*model.duties_of.get((v, s), ()), *lessons)])
    for a, b in problem.overlapping_slots:
        model.at_most_one(x for t in (a, b) for _, x in model.lessons_of.get((v, t), ()))
