"""interest · Σ over lessons of (10 − the class's interest in the course, 5 where none is given)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scheduler.roster.problem import Problem, Roster

if TYPE_CHECKING:
    from scheduler.roster.model import Model

NAME = "interest"
LEVEL = "quality"


def cost(problem: Problem, roster: Roster) -> int:
    """The weighted cost."""
    missing = (10 - problem.class_run[x.class_run].interest_in(x.course) for x in roster.lessons)
    return problem.policy.weights.interest * sum(missing)


def add_to(model: Model) -> None:
    """(10 − interest) for each lesson."""
    weight = model.problem.policy.weights.interest
    for (c, _, k, _, _), x in model.lesson.items():
        model.charge(LEVEL, weight * (10 - model.problem.class_run[c].interest_in(k)), x)
