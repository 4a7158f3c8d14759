"""Lesson slots without a lesson."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scheduler.roster.problem import Problem, Roster

if TYPE_CHECKING:
    from scheduler.roster.model import Model

NAME = "open_slots"
LEVEL = "programme"


def cost(problem: Problem, roster: Roster) -> int:
    """Open slots over all classes."""
    return sum(class_cost(problem, roster, c.id) for c in problem.classes)


def class_cost(problem: Problem, roster: Roster, c: str) -> int:
    """Open slots of one class."""
    filled = {lesson.slot for lesson in roster.lessons_in.get(c, ())}
    return sum(t not in filled for t in problem.class_run[c].slots)


def add_to(model: Model) -> None:
    """1 for each free slot without a lesson."""
    for cell in sorted(model.lesson_cells):
        model.charge(LEVEL, 1, model.excess([(-1, x) for _, x in model.lessons_in.get(cell, ())], 1, 1))
