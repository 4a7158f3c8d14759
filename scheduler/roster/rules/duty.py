"""A duty is in a segment of its class."""

from __future__ import annotations

from collections.abc import Iterator

from scheduler.result import Violation
from scheduler.roster.problem import Duty, Problem, Roster

NAME = "duty"


def permits_duty(problem: Problem, duty: Duty) -> bool:
    """The class has that segment."""
    return duty.segment in problem.class_run[duty.class_run].segments


def violations(problem: Problem, roster: Roster) -> Iterator[Violation]:
    """Duties while the class is not there."""
    for c in sorted(roster.duties_in):
        segments = frozenset(problem.class_run[c].segments)
        for duty in roster.duties_in[c]:
            if duty.segment not in segments:
                yield Violation(NAME, (duty,), {"class": c, "segment": duty.segment})
