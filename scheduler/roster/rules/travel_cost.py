"""travel · Σ over distinct (volunteer, weekday, site) of ⌈distance in km⌉."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from scheduler.roster.problem import Problem, Roster

if TYPE_CHECKING:
    from scheduler.roster.model import Literal, Model

NAME = "travel_cost"
LEVEL = "quality"


def cost(problem: Problem, roster: Roster) -> int:
    """The weighted cost."""
    ways = set()
    for d in roster.duties:
        ways.add((d.volunteer, problem.segment[d.segment].weekday, problem.class_run[d.class_run].site))
    for x in roster.lessons:
        day = problem.segment[problem.slot[x.slot].segment].weekday
        ways.add((x.instructor, day, problem.class_run[x.class_run].site))
    return problem.policy.weights.travel * sum(math.ceil(problem.km(v, site)) for v, _, site in ways)


def add_to(model: Model) -> None:
    """⌈km⌉ for each volunteer, weekday and site at which there is anything to do."""
    problem = model.problem
    at: dict[tuple[str, int, str], list[Literal]] = {}
    for (v, s), duties in model.duties_of.items():
        for c, x in duties:
            at.setdefault((v, problem.segment[s].weekday, problem.class_run[c].site), []).append(x)
    for (v, t), lessons in model.lessons_of.items():
        for key, x in lessons:
            day = problem.segment[problem.slot[t].segment].weekday
            at.setdefault((v, day, problem.class_run[key[0]].site), []).append(x)
    for (v, _, site), literals in at.items():
        model.charge(LEVEL, problem.policy.weights.travel * math.ceil(problem.km(v, site)), model.any_of(literals))
