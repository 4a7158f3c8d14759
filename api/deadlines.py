"""What happens because time passes: who was asked to stand in and has not answered has had the turn."""

from __future__ import annotations

import threading
from contextlib import suppress

from sqlalchemy.exc import DBAPIError

from registry.db import make_engine, sessions
from registry.substitutes.searching import move_on

LOOKS_EVERY = 3.0
"""Seconds between two looks at the clock."""


class Deadlines:
    """Looks at the deadlines of one database. What a busy database stops is tried again."""

    def __init__(self, url: str) -> None:
        self._engine = make_engine(url)
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._work, name="deadlines", daemon=True)

    def start(self) -> None:
        """Begin to look."""
        self._thread.start()

    def stop(self) -> None:
        """End."""
        self._end.set()
        self._thread.join(timeout=30)
        self._engine.dispose()

    def _work(self) -> None:
        while not self._end.wait(LOOKS_EVERY):
            with suppress(DBAPIError):
                move_on(sessions(self._engine))
