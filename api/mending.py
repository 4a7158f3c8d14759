"""Repairs and stand-bys are worked out in a process of their own, one at a time, beside the draws.

As for draws (`api/jobs.py`) the web process only looks after it, and what was interrupted is begun again by the next
start. `python -m api.mending repair NUMBER` is that other process. An interrupt, on demand, ends it with the best
repair so far; what was put aside meanwhile is not worked out any further.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from contextlib import suppress

from sqlalchemy.exc import DBAPIError

from api.supervise import end_with_parent
from registry.db import database_url, make_engine, sessions
from registry.repairs.work import is_put_aside, is_to_stop, next_waiting, requeue_interrupted, run_waiting

LOOKS_EVERY = 0.5
"""Seconds between two looks at the queue: somebody waits for a repair."""
STOPS_WITHIN = 0.2
"""Seconds between two looks at whether the one that is worked out has ended, or is to end."""
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
            while process.poll() is None and not self._end.wait(STOPS_WITHIN):
                is_to_stop, is_unwanted = self._is_to_end(kind, number)
                if is_unwanted:
                    break
                if is_to_stop:
                    process.send_signal(signal.SIGINT if os.name != "nt" else signal.SIGTERM)
            process.kill()

    def _is_to_end(self, kind: str, number: int) -> tuple[bool, bool]:
        """Whether the best so far is wanted, and whether nothing is. A busy database is asked again."""
        with suppress(DBAPIError), sessions(self._engine)() as session:
            return is_to_stop(session, kind, number), is_put_aside(session, kind, number)
        return False, False


def main(kind: str, number: int) -> None:
    """Work one out. An interrupt ends the search; the end of standard input ends the process."""
    stop = threading.Event()
    signal.signal(signal.SIGINT, lambda *_: stop.set())
    threading.Thread(target=end_with_parent, daemon=True).start()
    run_waiting(sessions(make_engine(database_url()), is_writing=True), kind, number, stop=stop)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
