"""The judging of single changes as the registry sees it: entries in and out as JSON, positions, steps, verdicts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from registry.engine.rosters import write_entry
from registry.errors import Refused
from scheduler import Duty, Lesson, Malformed, Roster, Violation, read_roster
from scheduler.files.fields import Node
from scheduler.files.rosters import WAIVABLE, known_ids, read_duty, read_lesson, read_pins
from scheduler.roster.moves import Entry, Position, Step, Verdict, who, with_pins
from scheduler.roster.problem import ClassRun, Problem, Volunteer
from scheduler.roster.rules import SOFT, forbidden_by

__all__ = [
    "LEVELS", "SOFT_RULES", "WAIVABLE", "ClassRun", "Duty", "Entry", "Lesson", "Position", "Problem", "Roster", "Step",
    "Verdict", "Violation", "Volunteer", "brought_to", "forbidden_by", "pins_json", "read_entry", "read_roster",
    "roster_json", "same_facts", "who", "write_entry",
]  # fmt: skip

LEVELS: Mapping[str, str] = {rule.NAME: rule.LEVEL for rule in SOFT}
"""The level of each soft rule."""
SOFT_RULES: tuple[str, ...] = tuple(LEVELS)

FEW = 60
"""Entries that may differ between two states of a board for the one to be made of the other: judging more of them takes
as long as judging the week."""


def brought_to(position: Position, pins: object, roster_json: object) -> Position:
    """The position of a roster file and the pins of a problem file, made of a position of the same facts."""
    problem, known = position.problem, known_ids(position.problem)
    roster, read = read_roster(roster_json, problem), read_pins(Node(pins) if pins else None, known)
    wanted: dict[Entry, frozenset[str]] = {**dict(read.duties), **dict(read.lessons)}
    were = position.pins
    step = Step(
        Roster(position.roster.duties - roster.duties, position.roster.lessons - roster.lessons),
        Roster(roster.duties - position.roster.duties, roster.lessons - position.roster.lessons),
        frozenset(were.keys() - wanted.keys()),
        {entry: waives for entry, waives in wanted.items() if were.get(entry) != waives},
    )
    if len(step.entries) > FEW:
        return Position(with_pins(problem, wanted), roster)
    return position.after(step, position.judge(step)) if step.entries else position


def same_facts(one: Position, other: Position) -> bool:
    """Whether two positions were made of one reading of a problem, whatever is pinned and wherever anybody is."""
    return one.problem.volunteers is other.problem.volunteers and one.problem.classes is other.problem.classes


def read_entry(data: object, problem: Problem) -> Entry:
    """A duty or a lesson: one with a `slot` is a lesson.

    Raises:
        Refused: `entry_malformed`, with the place.
    """
    node, known = Node(data), known_ids(problem)
    try:
        return read_lesson(node, known) if isinstance(data, dict) and "slot" in data else read_duty(node, known)
    except Malformed as error:
        raise Refused("entry_malformed", place=error.place, reason=error.code) from error


def roster_json(roster: Roster) -> dict[str, Any]:
    """A roster file without a result, in an order of its own that never changes."""
    return {"format": "qingzai.roster/1", "duties": _listed(roster.duties), "lessons": _listed(roster.lessons)}


def pins_json(pins: Mapping[Entry, frozenset[str]]) -> dict[str, Any]:
    """The pins of a problem file."""
    rows = [({**write_entry(e), "waives": sorted(waives)}, isinstance(e, Duty)) for e, waives in pins.items()]
    return {"duties": [row for row, duty in rows if duty], "lessons": [row for row, duty in rows if not duty]}


def _listed(entries: Iterable[Entry]) -> list[dict[str, Any]]:
    return sorted(map(write_entry, entries), key=lambda entry: [str(value) for value in entry.values()])
