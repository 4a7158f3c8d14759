"""A volunteer who is not cleared appears nowhere."""

from __future__ import annotations

from collections.abc import Iterator

from scheduler.result import Violation
from scheduler.roster.problem import Duty, Lesson, Problem, Roster

NAME = "clearance"


def permits_duty(problem: Problem, duty: Duty) -> bool:
    """Cleared volunteers only."""
    return problem.volunteer[duty.volunteer].cleared


def permits_lesson(problem: Problem, lesson: Lesson) -> bool:
    """Cleared instructors only."""
    return problem.volunteer[lesson.instructor].cleared


def violations(problem: Problem, roster: Roster) -> Iterator[Violation]:
    """Every entry of somebody without clearance."""
    for v in sorted(roster.people):
        if not problem.volunteer[v].cleared:
            for entry in (*roster.duties_of.get(v, ()), *roster.lessons_of.get(v, ())):
                yield Violation(NAME, (entry,), {"volunteer": v})
