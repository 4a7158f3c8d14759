"""The boards as they are now, read once a revision and kept: what a drag asks is answered from memory."""

from __future__ import annotations

import threading
from collections import OrderedDict
from datetime import datetime

from registry.board.tables import RosterBoard
from registry.engine.boards import Position, read_roster
from registry.engine.rosters import read

KEPT = 6
"""So many positions stay in memory: about 10 MB each for a district."""


Key = tuple[int | None, int, datetime]
"""A board, its revision, and when that was made: what was rolled back and made anew is another one."""


class Positions:
    """Keeps the positions of the boards asked for last. May be shared by threads."""

    def __init__(self) -> None:
        self._kept: OrderedDict[Key, Position] = OrderedDict()
        self._lock = threading.Lock()

    def of(self, board: RosterBoard) -> Position:
        """The position of a board. Another process may have moved it on: the revision tells."""
        key = board.id, board.revision, board.changed_at
        with self._lock:
            if (known := self._kept.get(key)) is not None:
                self._kept.move_to_end(key)
                return known
        problem = read(board.problem_json)
        made = Position(problem, read_roster(board.roster_json, problem))
        self.keep(board, made)
        return made

    def keep(self, board: RosterBoard, position: Position) -> None:
        """Remember the position of a board as it is now."""
        with self._lock:
            self._kept[board.id, board.revision, board.changed_at] = position
            while len(self._kept) > KEPT:
                self._kept.popitem(last=False)
