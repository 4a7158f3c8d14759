"""A task in a process of its own, watched from this one.

`python -m api.supervise TASK HOLDER` is that other process. It ends when this one does, because the pipe between them
closes then; what it held is taken over when its lease is over. Where it dies alone, the task is queued again at once.
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

from api.bookbinding import KIND
from registry.books.batches import TASK
from registry.db import Sessions, database_url, make_engine, sessions
from registry.tasks.kinds import KINDS
from registry.tasks.leases import give_back
from registry.tasks.work import perform

PROGRAM = [sys.executable, "-m", "api.supervise"]
"""What does a task; its number and the name of the holder follow."""
LOOKS_EVERY = 0.2
"""Seconds between two looks at whether the process has ended, or is to end."""
Told = Callable[[int, subprocess.Popen[bytes]], None]


def run_task(url: str, task_id: int, ended: threading.Event, told: Told | None = None) -> int:
    """Do a task in a process of its own until it has ended; its exit code. `ended` ends it early, and the task is
    queued again without counting as tried."""
    holder = f"{socket.gethostname()[:40]}/{os.getpid()}/{uuid.uuid4().hex[:12]}"
    environment = {**os.environ, "QINGZAI_DATABASE_URL": url}
    with subprocess.Popen([*PROGRAM, str(task_id), holder], stdin=subprocess.PIPE, env=environment) as process:
        if told is not None:
            told(task_id, process)
        while process.poll() is None and not ended.wait(LOOKS_EVERY):
            pass
        is_ours = process.poll() is None  # that it ends now
        process.kill()
    engine = make_engine(url)
    with suppress(DBAPIError):  # a database that is gone cannot be told: the lease tells the others
        give_back(sessions(engine, is_writing=True), task_id, holder, counts=not is_ours)
    engine.dispose()
    return process.returncode


def main(task_id: int, holder: str) -> None:
    """Do one task. The end of standard input ends the process."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the process that watches, which ends this one
    threading.Thread(target=end_with_parent, daemon=True).start()
    opened: Sessions = sessions(make_engine(database_url()), is_writing=True)
    perform(opened, {**KINDS, TASK: KIND}, task_id, holder)


def end_with_parent() -> None:
    """End this process when the one that started it does."""
    with suppress(OSError):
        while os.read(0, 1):  # not by sys.stdin, whose lock the interpreter wants when it ends
            pass
    os._exit(1)


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2])
