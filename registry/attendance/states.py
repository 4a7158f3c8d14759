"""The states that a child can be in on a day, and which mark leads from which to which. No tables, no clock."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from typing import Protocol, TypeVar


class State(StrEnum):
    """Where a child is on its day; exactly one of these."""

    EXPECTED = "expected"
    ABSENT = "absent"
    LATE = "late"
    PRESENT = "present"
    OUT = "out"
    COLLECTED = "collected"
    LEFT_ALONE = "left_alone"


class Mark(StrEnum):
    """What can be noted about a child."""

    ABSENT = "absent"
    LATE = "late"
    COMING = "coming"
    CHECK_IN = "check_in"
    STEP_OUT = "step_out"
    RETURN = "return"
    COLLECTED = "collected"
    LEFT_ALONE = "left_alone"
    UNDO = "undo"


NOT_THERE = frozenset({State.EXPECTED, State.ABSENT, State.LATE})
HERE = frozenset({State.PRESENT, State.OUT})
GONE = frozenset({State.COLLECTED, State.LEFT_ALONE})
UNACCOUNTED = frozenset({State.EXPECTED, State.LATE}) | HERE
"""A day with a child in one of these cannot be closed."""

FROM: Mapping[Mark, frozenset[State]] = {
    Mark.ABSENT: NOT_THERE,
    Mark.LATE: NOT_THERE,
    Mark.COMING: frozenset({State.ABSENT, State.LATE}),
    Mark.CHECK_IN: NOT_THERE,
    Mark.STEP_OUT: frozenset({State.PRESENT}),
    Mark.RETURN: frozenset({State.OUT}) | GONE,
    Mark.COLLECTED: HERE,
    Mark.LEFT_ALONE: HERE,
}
TO: Mapping[Mark, State] = {
    Mark.ABSENT: State.ABSENT,
    Mark.LATE: State.LATE,
    Mark.COMING: State.EXPECTED,
    Mark.CHECK_IN: State.PRESENT,
    Mark.STEP_OUT: State.OUT,
    Mark.RETURN: State.PRESENT,
    Mark.COLLECTED: State.COLLECTED,
    Mark.LEFT_ALONE: State.LEFT_ALONE,
}


class Event(Protocol):
    """What a state is made of."""

    id: int | None
    kind: str
    undoes_id: int | None


E = TypeVar("E", bound=Event)


def standing(events: Iterable[E]) -> list[E]:
    """The marks that hold, in their order: those that were taken back, and the taking back, are left out."""
    held: list[E] = []
    for event in events:
        if event.kind != Mark.UNDO:
            held.append(event)
        elif held and held[-1].id == event.undoes_id:
            held.pop()
    return held


def state_of(events: Sequence[Event]) -> State:
    """The state after these marks, which are those of one child on one day of one class, in their order."""
    held = standing(events)
    return TO[Mark(held[-1].kind)] if held else State.EXPECTED


def may_follow(state: State, mark: Mark) -> bool:
    """Whether a mark makes sense in a state. Taking back is judged by what there is to take back."""
    return mark is not Mark.UNDO and state in FROM[mark]
