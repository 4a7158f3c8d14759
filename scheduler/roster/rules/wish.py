"""wish · number of distinct (volunteer, site) engaged where preferred_sites is not empty and lacks the site."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scheduler.roster.problem import Problem, Roster

if TYPE_CHECKING:
    from scheduler.roster.model import Literal, Model

NAME = "wish"
LEVEL = "quality"


def cost(problem: Problem, roster: Roster) -> int:
    """The weighted cost."""
    at = {(d.volunteer, problem.class_run[d.class_run].site) for d in roster.duties}
    at |= {(x.instructor, problem.class_run[x.class_run].site) for x in roster.lessons}
    wishes = {v: problem.volunteer[v].preferred_sites for v, _ in at}
    return problem.policy.weights.wish * sum(bool(wishes[v]) and site not in wishes[v] for v, site in at)


def add_to(model: Model) -> None:
    """1 for each volunteer and site that is not among the sites they prefer, where they prefer any."""
    problem = model.problem
    at: dict[tuple[str, str], list[Literal]] = {}
    for (v, _), duties in model.duties_of.items():
        for c, x in duties:
            at.setdefault((v, problem.class_run[c].site), []).append(x)
    for (v, _), lessons in model.lessons_of.items():
        for key, x in lessons:
            at.setdefault((v, problem.class_run[key[0]].site), []).append(x)
    for (v, site), literals in at.items():
        preferred = problem.volunteer[v].preferred_sites
        if preferred and site not in preferred:
            model.charge(LEVEL, problem.policy.weights.wish, model.any_of(literals))
