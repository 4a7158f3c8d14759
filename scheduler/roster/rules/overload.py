"""overload · Σ over volunteers of max(0, segments engaged − preferred_segments)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scheduler.roster.problem import Problem, Roster

if TYPE_CHECKING:
    from scheduler.roster.model import Model

NAME = "overload"
LEVEL = "quality"


def cost(problem: Problem, roster: Roster) -> int:
    """The weighted cost."""
    over = 0
    for v in roster.people:
        segments = {d.segment for d in roster.duties_of.get(v, ())}
        segments |= {problem.slot[x.slot].segment for x in roster.lessons_of.get(v, ())}
        over += max(0, len(segments) - problem.volunteer[v].preferred_segments)
    return problem.policy.weights.overload * over


def add_to(model: Model) -> None:
    """For each volunteer, the engaged segments beyond `preferred_segments`."""
    weight = model.problem.policy.weights.overload
    for v in model.volunteers if weight else ():
        engaged = [(1, model.engaged(v, s.id)) for s in model.problem.segments]
        preferred = model.problem.volunteer[v].preferred_segments
        model.charge(LEVEL, weight, model.excess(engaged, -preferred, len(engaged)))
