"""Distance home → site ≤ reach_km, in a straight line."""

from __future__ import annotations

from collections.abc import Iterator

from scheduler.result import Violation
from scheduler.roster.problem import Duty, Lesson, Problem, Roster

NAME = "reach"


def permits_duty(problem: Problem, duty: Duty) -> bool:
    """The class's site is within reach."""
    return _is_near(problem, duty.volunteer, duty.class_run)


def permits_lesson(problem: Problem, lesson: Lesson) -> bool:
    """The class's site is within reach."""
    return _is_near(problem, lesson.instructor, lesson.class_run)


def _is_near(problem: Problem, v: str, c: str) -> bool:
    return problem.km(v, problem.class_run[c].site) <= problem.volunteer[v].reach_km


def violations(problem: Problem, roster: Roster) -> Iterator[Violation]:
    """Entries at a site farther from home than the volunteer goes."""
    for v in sorted(roster.people):
        reach = problem.volunteer[v].reach_km
        for entry in (*roster.duties_of.get(v, ()), *roster.lessons_of.get(v, ())):
            km = problem.km(v, problem.class_run[entry.class_run].site)
            if km > reach:
                yield Violation(NAME, (entry,), {"volunteer": v, "km": round(km, 2), "reach_km": reach})
