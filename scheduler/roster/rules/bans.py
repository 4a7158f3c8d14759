"""No banned pair is in the roster."""

from __future__ import annotations

from collections.abc import Iterator

from scheduler.result import Violation
from scheduler.roster.problem import Duty, Lesson, Problem, Roster

NAME = "bans"


def permits_duty(problem: Problem, duty: Duty) -> bool:
    """The pair is not banned."""
    return (duty.volunteer, duty.class_run) not in problem.banned


def permits_lesson(problem: Problem, lesson: Lesson) -> bool:
    """The pair is not banned."""
    return (lesson.instructor, lesson.class_run) not in problem.banned


def violations(problem: Problem, roster: Roster) -> Iterator[Violation]:
    """Entries of a banned volunteer with that class, or at that site."""
    for ban in problem.bans:
        v = ban.volunteer
        for entry in (*roster.duties_of.get(v, ()), *roster.lessons_of.get(v, ())):
            site = problem.class_run[entry.class_run].site
            if entry.class_run == ban.class_run or site == ban.site:
                yield Violation(NAME, (entry,), {"volunteer": v, "class": ban.class_run, "site": ban.site})
