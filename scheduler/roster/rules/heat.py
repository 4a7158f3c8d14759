"""No outdoor course on a weekday in `heat_days`."""

from __future__ import annotations

from collections.abc import Iterator

from scheduler.result import Violation
from scheduler.roster.problem import Lesson, Problem, Roster

NAME = "heat"


def permits_lesson(problem: Problem, lesson: Lesson) -> bool:
    """Indoors, or on a weekday without a heat warning."""
    return not problem.course[lesson.course].outdoor or _day(problem, lesson) not in problem.heat_days


def _day(problem: Problem, lesson: Lesson) -> int:
    return problem.segment[problem.slot[lesson.slot].segment].weekday


def violations(problem: Problem, roster: Roster) -> Iterator[Violation]:
    """Outdoor lessons on heat days."""
    if problem.heat_days:
        for lesson in roster.lessons:
            if problem.course[lesson.course].outdoor and _day(problem, lesson) in problem.heat_days:
                yield Violation(NAME, (lesson,), {"weekday": _day(problem, lesson)})
