"""Draws run in a process of their own: started when one is queued, stopped on demand, begun again after a restart.

The web process only looks after it. `python -m api.jobs NUMBER` is that other process; it ends when the web process
does, because the pipe between them closes then. A draw that was being run when everything stopped is queued again by
the next start. This is the runner of one machine: a second server on the same database is started with
`runs_jobs=False`.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from contextlib import suppress

from sqlalchemy.exc import DBAPIError

from registry import clock
from registry.attendance.pickup import escalate
from registry.db import database_url, make_engine, sessions
from registry.enrolment.draws import is_to_stop, next_queued, requeue_abandoned, run_draw
from registry.enrolment.offers import expire_offers

LOOKS_EVERY = 2.0
"""Seconds between two looks at the queue."""
PROGRAM = [sys.executable, "-m", "api.jobs"]
"""What runs a draw; its number follows."""
STOPS_WITHIN = 0.5
"""Seconds between two looks at whether the draw that is running has ended, or is to end."""
SECONDS, WORKERS = 60.0, 2
"""What a draw may take; a simple one is done sooner."""


class Runner:
    """Takes one queued draw after the other."""

    def __init__(self, url: str) -> None:
        self._url, self._engine = url, make_engine(url)
        self._end = threading.Event()
        self.running: tuple[int, subprocess.Popen[bytes]] | None = None
        self._thread = threading.Thread(target=self._work, name="draws", daemon=True)

    def start(self) -> None:
        """Queue what was interrupted, then look after the queue."""
        with sessions(self._engine)() as session:
            requeue_abandoned(session)
        self._thread.start()

    def stop(self) -> None:
        """End, with the draw that is running; it is queued again by the next start."""
        self._end.set()
        self._thread.join(timeout=30)
        self._engine.dispose()

    def _work(self) -> None:
        while not self._end.wait(LOOKS_EVERY):
            self._expire()
            with sessions(self._engine)() as session:
                waiting = next_queued(session)
            if waiting is not None:
                self._run(waiting)

    def _expire(self) -> None:
        """Offer on what nobody answered in time, and tell of children whom nobody collected. What another server or a
        busy database stops is tried again."""
        with suppress(DBAPIError):
            expire_offers(sessions(self._engine), clock.now())
            escalate(sessions(self._engine))

    def _run(self, draw_id: int) -> None:
        environment = {**os.environ, "QINGZAI_DATABASE_URL": self._url}
        with subprocess.Popen([*PROGRAM, str(draw_id)], stdin=subprocess.PIPE, env=environment) as process:
            self.running = (draw_id, process)
            while process.poll() is None and not self._end.wait(STOPS_WITHIN):
                if self._is_to_stop(draw_id):
                    process.send_signal(signal.SIGINT if os.name != "nt" else signal.SIGTERM)
                    while process.poll() is None and not self._end.wait(STOPS_WITHIN):
                        pass
            process.kill()
        self.running = None

    def _is_to_stop(self, draw_id: int) -> bool:
        """Whether somebody asked for the best so far. What a busy database does not answer is asked again."""
        with suppress(DBAPIError), sessions(self._engine)() as session:
            return is_to_stop(session, draw_id)
        return False


def main(draw_id: int) -> None:
    """Run one draw. An interrupt ends the search; the end of standard input ends the process."""
    stop = threading.Event()
    signal.signal(signal.SIGINT, lambda *_: stop.set())
    threading.Thread(target=end_with_parent, daemon=True).start()
    engine = make_engine(database_url())
    run_draw(sessions(engine), draw_id, seconds=SECONDS, workers=WORKERS, stop=stop)


def end_with_parent() -> None:
    """End this process when the one that started it does."""
    with suppress(OSError):
        sys.stdin.buffer.read()
    os._exit(1)


if __name__ == "__main__":
    main(int(sys.argv[1]))
