"""lead · Σ over classes of max(0, distinct leads − 1)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scheduler.roster.problem import Problem, Roster

if TYPE_CHECKING:
    from scheduler.roster.model import Literal, Model

NAME = "leads"
LEVEL = "quality"


def cost(problem: Problem, roster: Roster) -> int:
    """The weighted cost."""
    extra = 0
    for duties in roster.duties_in.values():
        extra += max(0, len({d.volunteer for d in duties if d.role == "lead"}) - 1)
    return problem.policy.weights.lead * extra


def add_to(model: Model) -> None:
    """For each class, its distinct leads beyond the first."""
    leads: dict[str, dict[str, list[Literal]]] = {}
    for (c, _), literals in model.leads_in.items():
        for v, x in literals:
            leads.setdefault(c, {}).setdefault(v, []).append(x)
    for by_volunteer in leads.values():
        distinct = [(1, model.any_of(literals)) for literals in by_volunteer.values()]
        model.charge(LEVEL, model.problem.policy.weights.lead, model.excess(distinct, -1, len(distinct)))
