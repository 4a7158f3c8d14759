"""The runner of one machine: beside the pages it does queued tasks, one of each lane at a time, and what is due by the
clock.

Several may share a database, with each other and with the workers of `api/workers.py`: a lease says whose a task is.
"""

from __future__ import annotations

import threading
from contextlib import suppress

from sqlalchemy.exc import DBAPIError

from api.supervise import Process, Spare, run_task
from registry import clock
from registry.attendance.pickup import escalate
from registry.db import make_engine, sessions
from registry.enrolment.offers import expire_offers
from registry.tasks.lanes import Lane
from registry.tasks.queue import waiting

LOOKS_EVERY = 2.0
"""Seconds between two looks at what is due by the clock."""
TAKES_EVERY = {Lane.LONG: 0.5, Lane.PROMPT: 0.2}
"""Seconds between two looks at the queue of a lane."""
IDLE_LOOKS = 15
"""So many looks without a prompt task, and a process is made ready for the next. A server that starts has other things
to do, and so has a machine on which a repair has just begun."""


class Runner:
    """Does one waiting task after the other, of each lane by itself. `does_tasks` False leaves them to workers.

    `running` are the tasks that are being done, with their processes.
    """

    def __init__(self, url: str, *, does_tasks: bool = True) -> None:
        self._url, self._engine = url, make_engine(url)
        self._end = threading.Event()
        self.running: dict[int, Process] = {}
        self._spare = Spare(url)
        work = [self._expire_all, *((self._long, self._prompt) if does_tasks else ())]
        self._threads = [threading.Thread(target=one, name="jobs", daemon=True) for one in work]

    def start(self) -> None:
        """Look after the queue."""
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """End, with the tasks that are running; whoever starts next goes on with them."""
        self._end.set()
        for thread in self._threads:
            thread.join(timeout=30)
        self._spare.close()
        self._engine.dispose()

    def _long(self) -> None:
        while not self._end.wait(TAKES_EVERY[Lane.LONG]):
            for task_id in self._waiting(Lane.LONG)[:1]:
                self._do(task_id)

    def _prompt(self) -> None:
        idle = 0
        while not self._end.wait(TAKES_EVERY[Lane.PROMPT]):
            idle += 1
            for task_id in self._waiting(Lane.PROMPT)[:1]:
                self._do(task_id, self._spare.take())
                idle = 0
            if idle == IDLE_LOOKS:
                self._spare.get_ready()

    def _do(self, task_id: int, process: Process | None = None) -> None:
        run_task(self._url, task_id, self._end, self.running.__setitem__, process)
        self.running.pop(task_id, None)

    def _waiting(self, lane: Lane) -> list[int]:
        """What a busy database does not answer is asked again."""
        with suppress(DBAPIError), sessions(self._engine)() as session:
            return waiting(session, lane)
        return []

    def _expire_all(self) -> None:
        """Offer on what nobody answered in time, and tell of children whom nobody collected. What another server or a
        busy database stops is tried again."""
        while not self._end.wait(LOOKS_EVERY):
            with suppress(DBAPIError):
                expire_offers(sessions(self._engine), clock.now())
                escalate(sessions(self._engine))
