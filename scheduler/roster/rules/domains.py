"""Σ over class × domain of max(0, minimum − lessons of that domain), minimums cut to fit the slots."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scheduler.roster.problem import Problem, Roster

if TYPE_CHECKING:
    from scheduler.roster.model import Literal, Model

NAME = "domains"
LEVEL = "programme"


def cost(problem: Problem, roster: Roster) -> int:
    """Missing lessons over all classes and domains."""
    return sum(class_cost(problem, roster, c.id) for c in problem.classes)


def class_cost(problem: Problem, roster: Roster, c: str) -> int:
    """Missing lessons of one class."""
    given: dict[str, int] = {}
    for lesson in roster.lessons_in.get(c, ()):
        domain = problem.course[lesson.course].domain
        given[domain] = given.get(domain, 0) + 1
    least = problem.minimums(problem.class_run[c])
    return sum(max(0, n - given.get(domain, 0)) for domain, n in least.items())


def add_to(model: Model) -> None:
    """For each class with free slots, the lessons missing from each domain's minimum."""
    problem = model.problem
    given: dict[tuple[str, str], list[tuple[int, Literal]]] = {}
    for (c, _), lessons in model.lessons_in.items():
        for key, x in lessons:
            given.setdefault((c, problem.course[key[2]].domain), []).append((-1, x))
    for c in sorted({c for c, _ in model.lesson_cells}):
        for domain, least in problem.minimums(problem.class_run[c]).items():
            model.charge(LEVEL, 1, model.excess(given.get((c, domain), []), least, least))
