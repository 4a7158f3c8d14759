"""The boards as they are now, read once a revision and kept: what a drag asks is answered from memory."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from typing import Any, TypeVar, cast

from registry.board.tables import RosterBoard
from registry.engine.boards import Position, read_roster
from registry.engine.rosters import read

T = TypeVar("T")

KEPT = 12
"""So many positions stay in memory: about 10 MB for a district; those of one week share most of that."""


Key = tuple[object, ...]
"""A board, its revision, and when that was made: what was rolled back and made anew is another one."""


class Positions:
    """Keeps the positions of the boards asked for last. May be shared by threads."""

    def __init__(self) -> None:
        self._kept: OrderedDict[Key, Any] = OrderedDict()
        self._lock = threading.Lock()

    def of(self, board: RosterBoard) -> Position:
        """The position of a board. Another process may have moved it on: the revision tells."""
        made: Position = self.once(key_of(board), lambda: _read(board))
        return made

    def keep(self, board: RosterBoard, position: Position) -> None:
        """Remember the position of a board as it is now."""
        self._remember(key_of(board), position)

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


def _read(board: RosterBoard) -> Position:
    problem = read(board.problem_json)
    return Position(problem, read_roster(board.roster_json, problem))
