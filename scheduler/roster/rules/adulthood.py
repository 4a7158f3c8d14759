"""A minor is never lead, never gives a visit, and does not count as an adult."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from scheduler.result import Violation
from scheduler.roster.problem import Duty, Problem, Roster

if TYPE_CHECKING:
    from scheduler.roster.model import Model

NAME = "adulthood"


def permits_duty(problem: Problem, duty: Duty) -> bool:
    """Minors assist."""
    return duty.role != "lead" or problem.volunteer[duty.volunteer].adult


def violations(problem: Problem, roster: Roster) -> Iterator[Violation]:
    """Lead duties and visits of minors."""
    for v in sorted(roster.people):
        if problem.volunteer[v].adult:
            continue
        duties = roster.duties_of.get(v, [])
        for duty in duties:
            if duty.role == "lead":
                yield Violation(NAME, (duty,), {"volunteer": v, "as": "lead"})
        on_duty = {d.segment for d in duties}
        for lesson in roster.lessons_of.get(v, ()):
            if problem.slot[lesson.slot].segment not in on_duty:
                yield Violation(NAME, (lesson,), {"volunteer": v, "as": "visit"})


def add_to(model: Model) -> None:
    """A minor's lesson, free or kept, needs the minor's duty with that class: otherwise it would be a visit.

    A kept visit with no free duty to go with it is left to `check`.
    """
    for (v, t), lessons in model.lessons_of.items():
        if model.problem.volunteer[v].adult:
            continue
        duties = model.duties_of.get((v, model.problem.slot[t].segment), ())
        for key, x in lessons:
            own = [y for c, y in duties if c == key[0]]
            if not any(isinstance(y, int) for y in own) and (own or not isinstance(x, int)):
                model.cp.add(sum(own) >= x)
