"""What a command says of a week's problem before it is solved, and what it refuses to solve."""

from __future__ import annotations

from collections.abc import Sequence

from api import speak
from api.commands.console import err
from api.speak.commands import line
from scheduler.result import Malformed
from scheduler.roster.overview import overview
from scheduler.roster.problem import Problem

MOST_NAMES = 10
"""So many names a notice lists before it only counts."""


def refuse_empty(problem: Problem) -> None:
    """A week without classes, or without any volunteer, has nothing to solve.

    Raises:
        Malformed: `nothing_to_roster`, `nobody_to_roster`.
    """
    if not problem.classes:
        raise Malformed("classes", "nothing_to_roster")
    if not problem.volunteers:
        raise Malformed("volunteers", "nobody_to_roster")


def say_notices(problem: Problem) -> None:
    """Volunteers who reach no site and classes without lesson slots: no error, but somebody should know."""
    language, found = speak.from_environment(), overview(problem)
    if found.unreachable:
        people = [problem.volunteer[v].name or v for v in found.unreachable]
        code = _one("unreachable", len(people))
        err(line(code, language, n=len(people), names=_first(people)))
    if found.without_slots:
        code = _one("without_slots", len(found.without_slots))
        err(line(code, language, n=len(found.without_slots), classes=_first(found.without_slots)))


def _one(code: str, n: int) -> str:
    return f"{code}_1" if n == 1 else code


def _first(names: Sequence[str]) -> list[str]:
    return [*names[:MOST_NAMES], "…"] if len(names) > MOST_NAMES else list(names)
