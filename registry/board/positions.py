"""The boards as they are now, read once a revision and kept: what a drag asks is answered from memory."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from typing import Any, NamedTuple, TypeVar, cast

from sqlalchemy import Text
from sqlalchemy import cast as cast_to
from sqlalchemy.orm import object_session
from sqlmodel import col, select

from registry.board.tables import RosterBoard
from registry.board.unchanged import Unchanged
from registry.engine.boards import Position, brought_to, read_roster, same_facts
from registry.engine.rosters import read

T = TypeVar("T")

KEPT = 12
"""So many positions stay in memory: about 10 MB for a district; those of one week share most of that."""
BOARDS = 4
"""Of so many boards the problem's file is kept as well, to see whether it is still the same."""

Facts = dict[str, Any]
"""A problem file without its pins."""
Key = tuple[object, ...]
"""A board, its revision, and when that was made: what was rolled back and made anew is another one."""


class Known(NamedTuple):
    """What is kept of a board: the text of its problem's file, the same parsed, with the pins apart, and a position of
    these facts, whatever is pinned in it now."""

    text: str
    facts: Facts
    pins: object
    position: Position


class Positions:
    """Keeps the positions of the boards asked for last. May be shared by threads."""

    def __init__(self) -> None:
        self._kept: OrderedDict[Key, Any] = OrderedDict()
        self._last: OrderedDict[int | None, Known] = OrderedDict()
        self._lock = threading.Lock()
        self.unchanged = Unchanged()

    def of(self, board: RosterBoard) -> Position:
        """The position of a board. Another process may have moved it on: the revision tells."""
        made: Position = self.once(key_of(board), lambda: self._read(board))
        return made

    def facts(self, board: RosterBoard) -> Facts:
        """The problem's file of a board without its pins: what is kept of it, as long as its position is of that."""
        position = self.of(board)
        with self._lock:
            known = self._last.get(board.id)
        return known.facts if known is not None and same_facts(known.position, position) else _facts(board)

    def read_ahead(self, board: RosterBoard) -> None:
        """Know a board, and all that it breaks and costs, before anybody asks."""
        position = self.of(board)
        assert position.report is not None and position.parts is not None  # Worked out now.

    def keep(self, board: RosterBoard, position: Position) -> None:
        """Remember the position of a board as it is now."""
        self._remember(key_of(board), position)
        with self._lock:
            known = self._last.get(board.id)
            if known is not None and same_facts(known.position, position):
                self._last[board.id] = known._replace(position=position)

    def _read(self, board: RosterBoard) -> Position:
        """What a process has not seen yet. It mostly knows the board as it was a few changes ago: then it judges what
        is different, as if those changes were made here, instead of the whole week."""
        text = _text_of(board)
        with self._lock:
            known = self._last.get(board.id)
        if known is not None and known.text == text:  # To the letter: the file need not even be parsed.
            seen = known._replace(position=brought_to(known.position, known.pins, board.roster_json))
        else:
            seen = _read(board, text, known)
        with self._lock:
            self._last[board.id] = seen
            self._last.move_to_end(board.id)
            while len(self._last) > BOARDS:
                self._last.popitem(last=False)
        return seen.position

    def once(self, key: Key, make: Callable[[], T]) -> T:
        """What is kept under a key, made now if there is nothing."""
        with self._lock:
            if (known := self._kept.get(key)) is not None:
                self._kept.move_to_end(key)
                return cast(T, known)
        made = make()
        self._remember(key, made)
        return made

    def _remember(self, key: Key, made: object) -> None:
        with self._lock:
            self._kept[key] = made
            while len(self._kept) > KEPT:
                self._kept.popitem(last=False)


def key_of(board: RosterBoard) -> Key:
    """What a board as it is now is kept under."""
    return board.id, board.revision, board.changed_at


def _facts(board: RosterBoard) -> Facts:
    return {name: value for name, value in board.problem_json.items() if name != "pins"}


def _read(board: RosterBoard, text: str, known: Known | None) -> Known:
    facts, pins = _facts(board), board.problem_json.get("pins")
    if known is not None and known.facts == facts:
        return Known(text, known.facts, pins, brought_to(known.position, pins, board.roster_json))
    problem = read(board.problem_json)
    return Known(text, facts, pins, Position(problem, read_roster(board.roster_json, problem)))


def _text_of(board: RosterBoard) -> str:
    """The problem's file as it stands in the database."""
    session = object_session(board)
    assert session is not None  # A board is asked about while somebody has it in hands.
    session.flush()
    wanted = select(cast_to(col(RosterBoard.problem_json), Text)).where(RosterBoard.id == board.id)
    return str(session.execute(wanted).scalar_one())
