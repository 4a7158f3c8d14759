"""Σ over segments of engaged(v, segment) ≤ max_segments(v)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from scheduler.result import Violation
from scheduler.roster.problem import Duty, Lesson, Problem, Roster

if TYPE_CHECKING:
    from scheduler.roster.model import Model

NAME = "load"


def violations(problem: Problem, roster: Roster) -> Iterator[Violation]:
    """Volunteers engaged in more segments than they accept."""
    for v in sorted(roster.people):
        entries: tuple[Duty | Lesson, ...] = (*roster.duties_of.get(v, ()), *roster.lessons_of.get(v, ()))
        segments = {e.segment if isinstance(e, Duty) else problem.slot[e.slot].segment for e in entries}
        most = problem.volunteer[v].max_segments
        if len(segments) > most:
            yield Violation(NAME, entries, {"volunteer": v, "segments": len(segments), "max_segments": most})


def add_to(model: Model) -> None:
    """Σ over segments of engaged ≤ max_segments; segments of waiving pins do not count."""
    for v in model.volunteers:
        engaged = [model.engaged(v, s) for s in _counted(model, v)]
        model.at_most(engaged, model.problem.volunteer[v].max_segments)


def _counted(model: Model, v: str) -> list[str]:
    waived = {
        e.segment if isinstance(e, Duty) else model.problem.slot[e.slot].segment
        for e in model.choices.waived.get(NAME, ())
        if (e.volunteer if isinstance(e, Duty) else e.instructor) == v
    }
    return [s.id for s in model.problem.segments if s.id not in waived]
