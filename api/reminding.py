"""Reminds volunteers the evening before, in a thread of its own: each once, whatever is tried or started anew."""

from __future__ import annotations

import logging
from threading import Event, Thread

from sqlalchemy.exc import DBAPIError

from registry.db import Sessions
from registry.duties.reminders import remind

LOOKS_EVERY = 60.0
"""Seconds between looks."""

log = logging.getLogger("qingzai.reminding")


class Reminding:
    """Puts down the reminders that are due; the postman carries them."""

    def __init__(self, sessions: Sessions) -> None:
        self._sessions, self._is_ending = sessions, Event()
        self._thread = Thread(target=self._work, name="reminding", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """End after the people in hand."""
        self._is_ending.set()
        self._thread.join(timeout=10)

    def _work(self) -> None:
        while not self._is_ending.wait(LOOKS_EVERY):
            try:
                remind(self._sessions)
            except DBAPIError as error:  # not migrated yet, locked, a server that went away: the next look may do
                log.warning("nobody can be reminded: %s", type(error).__name__)
