"""Every pin is in the roster as it stands."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from scheduler.result import Violation
from scheduler.roster.problem import Problem, Roster

if TYPE_CHECKING:
    from scheduler.roster.model import Model

NAME = "pins"


def violations(problem: Problem, roster: Roster) -> Iterator[Violation]:
    """Pins that are missing from the roster."""
    for duty, _ in problem.pins.duties:
        if duty not in roster.duties:
            yield Violation(NAME, (duty,), {})
    for lesson, _ in problem.pins.lessons:
        if lesson not in roster.lessons:
            yield Violation(NAME, (lesson,), {})


def add_to(model: Model) -> None:
    """Every pin in a free cell holds as it stands."""
    for duty in model.choices.pinned_duties:
        key = (duty.volunteer, duty.class_run, duty.segment)
        if key in model.duty:
            model.cp.add(model.duty[key] == 1)
            if key in model.lead:
                model.cp.add(model.lead[key] == int(duty.role == "lead"))
    for lesson in model.choices.pinned_lessons:
        if (literal := model.lesson.get(model.key(lesson))) is not None:
            model.cp.add(literal == 1)
