"""Every duty's segment and every lesson's segment is one the volunteer is available in."""

from __future__ import annotations

from collections.abc import Iterator

from scheduler.result import Violation
from scheduler.roster.problem import Duty, Lesson, Problem, Roster

NAME = "availability"


def permits_duty(problem: Problem, duty: Duty) -> bool:
    """In an available segment."""
    return duty.segment in problem.volunteer[duty.volunteer].available


def permits_lesson(problem: Problem, lesson: Lesson) -> bool:
    """In a slot of an available segment."""
    return problem.slot[lesson.slot].segment in problem.volunteer[lesson.instructor].available


def violations(problem: Problem, roster: Roster) -> Iterator[Violation]:
    """Entries outside the volunteer's availability."""
    for v in sorted(roster.people):
        available = problem.volunteer[v].available
        for duty in roster.duties_of.get(v, ()):
            if duty.segment not in available:
                yield Violation(NAME, (duty,), {"volunteer": v, "segment": duty.segment})
        for lesson in roster.lessons_of.get(v, ()):
            segment = problem.slot[lesson.slot].segment
            if segment not in available:
                yield Violation(NAME, (lesson,), {"volunteer": v, "segment": segment})
