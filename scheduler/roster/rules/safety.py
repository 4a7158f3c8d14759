"""Missing adults and leads:

Σ over class × segment of max(0, need − adults) + max(0, min_adults − adults) + 1 if there is no lead,
need = max(min_adults, ⌈children / children_per_adult⌉).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from scheduler.roster.problem import Problem, Roster

if TYPE_CHECKING:
    from scheduler.roster.model import Model

NAME = "safety"
LEVEL = "safety"


def cost(problem: Problem, roster: Roster) -> int:
    """The safety level's value."""
    return sum(class_cost(problem, roster, c.id) for c in problem.classes)


def class_cost(problem: Problem, roster: Roster, c: str) -> int:
    """The part of one class."""
    run, least = problem.class_run[c], problem.policy.min_adults
    adults = dict.fromkeys(run.segments, 0)
    led = set()
    for duty in roster.duties_in.get(c, ()):
        if duty.segment in adults:
            adults[duty.segment] += problem.volunteer[duty.volunteer].adult
            if duty.role == "lead":
                led.add(duty.segment)
    need = problem.need(run)
    return sum(max(0, need - n) + max(0, least - n) + (s not in led) for s, n in adults.items())


def add_to(model: Model) -> None:
    """Missing adults up to the need, again up to `min_adults`, and a missing lead, in each free cell."""
    problem = model.problem
    for c, s in sorted(model.duty_cells):
        adults = [(-1, x) for v, x in model.duties_in.get((c, s), ()) if problem.volunteer[v].adult]
        need, least = problem.need(problem.class_run[c]), problem.policy.min_adults
        model.charge(LEVEL, 1, model.excess(adults, need, need))
        model.charge(LEVEL, 1, model.excess(adults, least, least))
        model.charge(LEVEL, 1, model.excess([(-1, x) for _, x in model.leads_in.get((c, s), ())], 1, 1))
