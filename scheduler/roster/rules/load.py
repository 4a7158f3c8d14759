"""Σ over segments of engaged(v, segment) ≤ max_segments(v)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from scheduler.result import Violation
from scheduler.roster.problem import Duty, Lesson, Problem, Roster

if TYPE_CHECKING:
    from scheduler.roster.model import Literal, Model

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
    """Σ over segments of engaged ≤ max_segments; what a waiving pin does in a segment does not count."""
    for v in model.volunteers:
        waived = _segments_of_waiving_pins(model, v)
        engaged = [
            _engaged_otherwise(model, v, s.id) if s.id in waived else model.engaged(v, s.id)
            for s in model.problem.segments
        ]
        model.at_most(engaged, model.problem.volunteer[v].max_segments)


def _segments_of_waiving_pins(model: Model, v: str) -> set[str]:
    return {
        e.segment if isinstance(e, Duty) else model.problem.slot[e.slot].segment
        for e in model.choices.waived.get(NAME, ())
        if (e.volunteer if isinstance(e, Duty) else e.instructor) == v
    }


def _engaged_otherwise(model: Model, v: str, s: str) -> Literal:
    """Whether anything but waiving pins engages a volunteer in a segment."""
    literals = [x for c, x in model.duties_of.get((v, s), ()) if not model.is_duty_waived(NAME, v, c, s)]
    for t in model.problem.slots_in.get(s, ()):
        lessons = model.lessons_of.get((v, t), ())
        literals += [x for key, x in lessons if not model.is_waived(NAME, Lesson(*key))]
    return model.any_of(literals)
