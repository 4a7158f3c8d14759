"""At most one lead per class and segment."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from scheduler.result import Violation
from scheduler.roster.problem import Duty, Problem, Roster

if TYPE_CHECKING:
    from scheduler.roster.model import Model

NAME = "one_lead"


def violations(problem: Problem, roster: Roster) -> Iterator[Violation]:
    """Classes with two leads and more in a segment."""
    for c in sorted(roster.duties_in):
        leads: dict[str, list[Duty]] = {}
        for duty in roster.duties_in[c]:
            if duty.role == "lead":
                leads.setdefault(duty.segment, []).append(duty)
        for segment, several in leads.items():
            if len(several) > 1:
                yield Violation(NAME, tuple(several), {"class": c, "segment": segment, "leads": len(several)})


def add_to(model: Model) -> None:
    """At most one lead in each free cell."""
    for cell in model.duty_cells:
        model.at_most_one(x for _, x in model.leads_in.get(cell, ()))
