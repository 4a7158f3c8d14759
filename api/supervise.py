"""A task in a process of its own, watched from this one.

`python -m api.supervise` is that other process; it reads the task and the name of the holder from its standard input.
It ends when this one does, because the pipe between them closes then; what it held is taken over when its lease is
over. Where it dies alone, the task is queued again at once.

A `Spare` is such a process before it has a task: started ahead, with all loaded that a repair needs, so that whoever
waits for a repair does not wait for Python.
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
import uuid
from collections.abc import Callable
from contextlib import suppress

from sqlalchemy.exc import DBAPIError

from registry.db import Sessions, database_url, make_engine, sessions
from registry.tasks.leases import give_back

PROGRAM = [sys.executable, "-m", "api.supervise"]
"""What does a task."""
WARM = "warm"
"""The argument with which it loads what a repair needs before it reads its task."""
LOOKS_EVERY = 0.2
"""Seconds between two looks at whether the process has ended, or is to end."""
Process = subprocess.Popen[bytes]
Told = Callable[[int, Process], None]


class Spare:
    """A process that waits for its task. Several threads may use it."""

    def __init__(self, url: str) -> None:
        self._url, self._lock = url, threading.Lock()
        self._process: Process | None = None

    def get_ready(self) -> None:
        """Have one that waits."""
        with self._lock:
            if self._process is None or self._process.poll() is not None:
                self._process = start(self._url, WARM)

    def take(self) -> Process | None:
        """The one that waits, which is the taker's from now on; None where there is none that lives."""
        with self._lock:
            taken, self._process = self._process, None
        return taken if taken is not None and taken.poll() is None else None

    def close(self) -> None:
        """End it."""
        if (left := self.take()) is not None:
            with left:
                left.kill()


def start(url: str, *arguments: str) -> Process:
    """A process that reads its task. It is no business of Ctrl-C, which is for the one that watches and ends it."""
    environment = {**os.environ, "QINGZAI_DATABASE_URL": url}
    return subprocess.Popen(
        [*PROGRAM, *arguments], stdin=subprocess.PIPE, env=environment, start_new_session=True
    )  # fmt: skip


def run_task(
    url: str, task_id: int, ended: threading.Event, told: Told | None = None, process: Process | None = None
) -> int:
    """Do a task in a process of its own (or this one that waits) until it has ended; its exit code. `ended` ends it
    early, and the task is queued again without counting as tried."""
    holder = f"{socket.gethostname()[:40]}/{os.getpid()}/{uuid.uuid4().hex[:12]}"
    with process or start(url) as doing:
        _tell(doing, f"{task_id} {holder}\n")
        if told is not None:
            told(task_id, doing)
        while doing.poll() is None and not ended.wait(LOOKS_EVERY):
            pass
        is_ours = doing.poll() is None  # that it ends now
        doing.kill()
    engine = make_engine(url)
    with suppress(DBAPIError):  # a database that is gone cannot be told: the lease tells the others
        give_back(sessions(engine, is_writing=True), task_id, holder, counts=not is_ours)
    engine.dispose()
    return doing.returncode


def _tell(process: Process, text: str) -> None:
    """One that has just died cannot be told: it is seen to have ended."""
    assert process.stdin is not None
    with suppress(BrokenPipeError):
        process.stdin.write(text.encode())
        process.stdin.flush()


def main(*arguments: str) -> None:
    """Do one task. The end of standard input ends the process."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if WARM in arguments:
        from registry.engine.repairs import load

        load()
    from api.bookbinding import KIND
    from registry.books.batches import TASK
    from registry.tasks.kinds import KINDS
    from registry.tasks.work import perform

    opened: Sessions = sessions(make_engine(database_url()), is_writing=True)
    task_id, _, holder = _line().partition(" ")
    threading.Thread(target=end_with_parent, daemon=True).start()
    perform(opened, {**KINDS, TASK: KIND}, int(task_id), holder)


def _line() -> str:
    """The first line of standard input; its end ends this process."""
    line = b""
    while not line.endswith(b"\n"):  # byte by byte: what follows is for `end_with_parent`
        if not (more := os.read(0, 1)):
            os._exit(1)
        line += more
    return line.decode().strip()


def end_with_parent() -> None:
    """End this process when the one that started it does."""
    with suppress(OSError):
        while os.read(0, 1):  # not by sys.stdin, whose lock the interpreter wants when it ends
            pass
    os._exit(1)


if __name__ == "__main__":
    main(*sys.argv[1:])
