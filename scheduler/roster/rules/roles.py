"""A lead duty needs `lead`; an assistant duty `assistant` or `lead`; a lesson `instructor` and the course."""

from __future__ import annotations

from collections.abc import Iterator

from scheduler.result import Violation
from scheduler.roster.problem import Duty, Lesson, Problem, Roster

NAME = "roles"


def permits_duty(problem: Problem, duty: Duty) -> bool:
    """The volunteer may do that duty."""
    roles = problem.volunteer[duty.volunteer].roles
    return "lead" in roles or (duty.role == "assistant" and "assistant" in roles)


def permits_lesson(problem: Problem, lesson: Lesson) -> bool:
    """The volunteer teaches that course."""
    v = problem.volunteer[lesson.instructor]
    return "instructor" in v.roles and lesson.course in v.courses


def violations(problem: Problem, roster: Roster) -> Iterator[Violation]:
    """Entries in a role the volunteer has not."""
    enough = {"lead": {"lead"}, "assistant": {"assistant", "lead"}}
    for v in sorted(roster.people):
        person = problem.volunteer[v]
        for duty in roster.duties_of.get(v, ()):
            if not enough[duty.role] & person.roles:
                yield Violation(NAME, (duty,), {"volunteer": v, "role": duty.role})
        for lesson in roster.lessons_of.get(v, ()):
            if "instructor" not in person.roles:
                yield Violation(NAME, (lesson,), {"volunteer": v, "role": "instructor"})
            elif lesson.course not in person.courses:
                yield Violation(NAME, (lesson,), {"volunteer": v, "course": lesson.course})
