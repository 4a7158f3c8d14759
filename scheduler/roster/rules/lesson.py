"""At most one lesson per class and slot, in a slot of that class; grades within the course's;

the same course at most once a weekday and `max_lessons_per_course` times a week for a class.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from scheduler.result import Violation
from scheduler.roster.problem import Lesson, Problem, Roster

if TYPE_CHECKING:
    from scheduler.roster.model import Literal, Model

NAME = "lesson"


def permits_lesson(problem: Problem, lesson: Lesson) -> bool:
    """The class has the slot and is of the course's grades."""
    c, k = problem.class_run[lesson.class_run], problem.course[lesson.course]
    return lesson.slot in c.slots and k.grades[0] <= c.grades[0] and c.grades[1] <= k.grades[1]


def violations(problem: Problem, roster: Roster) -> Iterator[Violation]:
    """Lessons out of place, and lessons that are one too many."""
    for c in sorted(roster.lessons_in):
        lessons = roster.lessons_in[c]
        for lesson in lessons:
            yield from _misplaced(problem, lesson)
        slots: dict[str, list[Lesson]] = {}
        days: dict[tuple[str, int], list[Lesson]] = {}
        weeks: dict[str, list[Lesson]] = {}
        for x in lessons:
            slots.setdefault(x.slot, []).append(x)
            days.setdefault((x.course, problem.segment[problem.slot[x.slot].segment].weekday), []).append(x)
            weeks.setdefault(x.course, []).append(x)
        for several in slots.values():
            yield from _too_many(several, 1, "slot")
        for several in days.values():
            yield from _too_many(several, 1, "weekday")
        for several in weeks.values():
            yield from _too_many(several, problem.policy.max_lessons_per_course, "week")


def _misplaced(problem: Problem, lesson: Lesson) -> Iterator[Violation]:
    c, k = problem.class_run[lesson.class_run], problem.course[lesson.course]
    if lesson.slot not in c.slots:
        yield Violation(NAME, (lesson,), {"class": c.id, "slot": lesson.slot})
    if c.grades[0] < k.grades[0] or c.grades[1] > k.grades[1]:
        yield Violation(NAME, (lesson,), {"class": c.id, "grades": c.grades, "course_grades": k.grades})


def _too_many(lessons: list[Lesson], most: int, per: str) -> Iterator[Violation]:
    if len(lessons) > most:
        facts = {"class": lessons[0].class_run, "per": per, "lessons": len(lessons), "most": most}
        yield Violation(NAME, tuple(lessons), facts)


def add_to(model: Model) -> None:
    """One lesson a slot; a course once a weekday and `max_lessons_per_course` times a week; waiving pins apart."""
    limit = model.problem.policy.max_lessons_per_course
    for c in sorted({c for c, _ in model.lesson_cells}):
        daily: dict[tuple[int, str], list[Literal]] = {}
        weekly: dict[str, list[Literal]] = {}
        for t in model.problem.class_run[c].slots:
            taught = [(k, x) for k, x in model.lessons_in.get((c, t), ()) if not model.is_waived(NAME, Lesson(*k))]
            model.at_most_one(x for _, x in taught)
            day = model.problem.segment[model.problem.slot[t].segment].weekday
            for key, x in taught:
                daily.setdefault((day, key[2]), []).append(x)
                weekly.setdefault(key[2], []).append(x)
        for literals in daily.values():
            model.at_most_one(literals)
        for literals in weekly.values():
            model.at_most(literals, limit)
