"""continuity · number of distinct (volunteer, class) with a duty."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scheduler.roster.problem import Problem, Roster

if TYPE_CHECKING:
    from scheduler.roster.model import Literal, Model

NAME = "continuity"
LEVEL = "quality"


def cost(problem: Problem, roster: Roster) -> int:
    """The weighted cost."""
    return problem.policy.weights.continuity * len({(d.volunteer, d.class_run) for d in roster.duties})


def add_to(model: Model) -> None:
    """1 for each volunteer and class with a duty."""
    pairs: dict[tuple[str, str], list[Literal]] = {}
    for (v, _), duties in model.duties_of.items():
        for c, x in duties:
            pairs.setdefault((v, c), []).append(x)
    for literals in pairs.values():
        model.charge(LEVEL, model.problem.policy.weights.continuity, model.any_of(literals))
