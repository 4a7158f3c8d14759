"""The runner of one machine: beside the pages it does queued tasks, one after the other, and what is due by the clock.

Several may share a database, with each other and with the workers of `api/workers.py`: a lease says whose a task is.
"""

from __future__ import annotations

import subprocess
import threading
from contextlib import suppress

from sqlalchemy.exc import DBAPIError

from api.supervise import run_task
from registry import clock
from registry.attendance.pickup import escalate
from registry.db import make_engine, sessions
from registry.enrolment.offers import expire_offers
from registry.tasks.queue import waiting

LOOKS_EVERY = 2.0
"""Seconds between two looks at what is due by the clock."""
TAKES_EVERY = 0.5
"""Seconds between two looks at the queue."""


class Runner:
    """Does one waiting task after the other. `does_tasks` False leaves them to workers."""

    def __init__(self, url: str, *, does_tasks: bool = True) -> None:
        self._url, self._engine = url, make_engine(url)
        self._end = threading.Event()
        self.running: tuple[int, subprocess.Popen[bytes]] | None = None
        work = [self._expire_all, self._work] if does_tasks else [self._expire_all]
        self._threads = [threading.Thread(target=one, name="jobs", daemon=True) for one in work]

    def start(self) -> None:
        """Look after the queue."""
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """End, with the task that is running; whoever starts next goes on with it."""
        self._end.set()
        for thread in self._threads:
            thread.join(timeout=30)
        self._engine.dispose()

    def _work(self) -> None:
        while not self._end.wait(TAKES_EVERY):
            for task_id in self._waiting()[:1]:
                run_task(self._url, task_id, self._end, self._note)
                self.running = None

    def _waiting(self) -> list[int]:
        """What a busy database does not answer is asked again."""
        with suppress(DBAPIError), sessions(self._engine)() as session:
            return waiting(session)
        return []

    def _note(self, task_id: int, process: subprocess.Popen[bytes]) -> None:
        self.running = (task_id, process)

    def _expire_all(self) -> None:
        """Offer on what nobody answered in time, and tell of children whom nobody collected. What another server or a
        busy database stops is tried again."""
        while not self._end.wait(LOOKS_EVERY):
            with suppress(DBAPIError):
                expire_offers(sessions(self._engine), clock.now())
                escalate(sessions(self._engine))
