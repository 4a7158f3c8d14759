"""Repairs and stand-bys are worked out in a process of their own, one at a time, beside the draws.

As for draws (`api/jobs.py`) the web process only looks after it, and what was interrupted is begun again by the next
start. `python -m api.mending repair NUMBER` is that other process. It has a bounded time, so nobody has to stop it.
"""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from contextlib import suppress

from sqlalchemy.exc import DBAPIError

from api.jobs import end_with_parent
from registry.db import database_url, make_engine, sessions
from registry.repairs.work import next_waiting, requeue_interrupted, run_waiting

LOOKS_EVERY = 0.5
"""Seconds between two looks at the queue: somebody waits for a repair."""
PROGRAM = [sys.executable, "-m", "api.mending"]


class Mender:
    """Takes one repair or set of stand-bys after the other."""

    def __init__(self, url: str) -> None:
        self._url, self._engine = url, make_engine(url)
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._work, name="repairs", daemon=True)

    def start(self) -> None:
        """Queue what was interrupted, then look after the queue."""
        with sessions(self._engine)() as session:
            requeue_interrupted(session)
        self._thread.start()

    def stop(self) -> None:
        """End, with what is being worked out; it is queued again by the next start."""
        self._end.set()
        self._thread.join(timeout=30)
        self._engine.dispose()

    def _work(self) -> None:
        while not self._end.wait(LOOKS_EVERY):
            waiting = None
            with suppress(DBAPIError), sessions(self._engine)() as session:  # A busy database is asked again.
                waiting = next_waiting(session)
            if waiting is not None:
                self._run(*waiting)

    def _run(self, kind: str, number: int) -> None:
        environment = {**os.environ, "QINGZAI_DATABASE_URL": self._url}
        command = [*PROGRAM, kind, str(number)]
        with subprocess.Popen(command, stdin=subprocess.PIPE, env=environment) as process:
            while process.poll() is None and not self._end.wait(0.1):
                pass
            process.kill()


def main(kind: str, number: int) -> None:
    """Work one out. The end of standard input ends the process."""
    threading.Thread(target=end_with_parent, daemon=True).start()
    run_waiting(sessions(make_engine(database_url()), is_writing=True), kind, number)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
