"""Workers on PostgreSQL: two processes, one of them killed in the middle. Each task is done, and ends once."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator

import pytest
from longwork import ROOT, a_long_repair, a_long_solve, stored, wait_for
from sqlalchemy import Engine, text
from sqlmodel import select
from typer.testing import CliRunner

from api.cli import app
from api.settings import Settings
from registry.db import make_engine, session_scope
from registry.errors import Refused
from registry.repairs.tables import BoardRepair
from registry.rostering.tables import RosterDraft
from registry.tasks.queue import ask_stop, enqueue
from registry.tasks.tables import Task

LEASE = 2.0
pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
Start = Callable[[], "subprocess.Popen[bytes]"]


@pytest.fixture
def engine(postgres_url: str) -> Iterator[Engine]:
    made = make_engine(postgres_url)
    yield made
    made.dispose()


@pytest.fixture
def start(postgres_url: str) -> Iterator[Start]:
    """Starts workers; those that still live are ended after the test."""
    made: list[subprocess.Popen[bytes]] = []
    environment = os.environ | {
        "QINGZAI_DATABASE_URL": postgres_url, "QINGZAI_LEASE_SECONDS": f"{LEASE}", "PYTHONPATH": str(ROOT)
    }  # fmt: skip

    def one() -> subprocess.Popen[bytes]:
        command = [sys.executable, "-c", "from api.cli import main; main()", "worker"]
        made.append(subprocess.Popen(command, env=environment, cwd=ROOT, stdout=subprocess.DEVNULL))
        return made[-1]

    yield one
    for process in made:
        process.kill()
        process.wait()


def holder(engine: Engine, number: int) -> int:
    """The process that watches the task: its number stands in the holder's name."""
    name = stored(engine, number).holder
    return int(name.split("/")[1]) if name else 0


def jobs_left(engine: Engine) -> int:
    """Jobs of tasks that are still there. A worker deletes what is done; its own looks come and go."""
    with engine.connect() as connection:
        asked = "SELECT count(*) FROM procrastinate.procrastinate_jobs WHERE task_name = 'qingzai.work'"
        return int(connection.execute(text(asked)).scalar_one())


def test_a_killed_worker_leaves_its_task_to_the_other(engine: Engine, start: Start) -> None:
    number = a_long_solve(engine)
    workers = {process.pid: process for process in (start(), start())}
    wait_for(lambda: (stored(engine, number).progress_json or {}).get("history") is not None)
    first = holder(engine, number)
    workers[first].send_signal(signal.SIGKILL)
    killed = time.monotonic()
    wait_for(lambda: stored(engine, number).attempts == 2)
    print(f"\ntaken over {time.monotonic() - killed:.1f} s after kill -9, with a lease of {LEASE:g} s")
    second = holder(engine, number)
    assert {first, second} == set(workers)
    with session_scope(engine) as session:
        ask_stop(session, session.get_one(Task, number))
    wait_for(lambda: stored(engine, number).status == "done")
    wait_for(lambda: jobs_left(engine) == 0)
    with session_scope(engine) as session:
        drafts = session.exec(select(RosterDraft)).all()
        assert [(d.status, d.roster_json is not None) for d in drafts] == [("done", True)]
    assert stored(engine, number).attempts == 2


def test_a_killed_worker_leaves_its_repair_to_the_other(engine: Engine, start: Start) -> None:
    number, repair = a_long_repair(engine)
    workers = {process.pid: process for process in (start(), start())}
    wait_for(lambda: stored(engine, number).progress_json is not None)
    first = holder(engine, number)
    workers[first].send_signal(signal.SIGKILL)
    wait_for(lambda: stored(engine, number).attempts == 2)
    assert {first, holder(engine, number)} == set(workers)
    with session_scope(engine) as session:
        ask_stop(session, session.get_one(Task, number))
    wait_for(lambda: stored(engine, number).status == "done")
    with session_scope(engine) as session:
        done = session.get_one(BoardRepair, repair)
        assert (done.status, done.roster_json is not None) == ("done", True)
    assert stored(engine, number).attempts == 2


def test_a_worker_that_is_stopped_hands_its_task_on(engine: Engine, start: Start) -> None:
    """An orderly end counts as no attempt, and the next worker begins at once."""
    number = a_long_solve(engine)
    worker = start()
    wait_for(lambda: stored(engine, number).progress_json is not None)
    worker.send_signal(signal.SIGTERM)
    assert worker.wait(timeout=30) == 0
    left = stored(engine, number)
    assert (left.status, left.holder, left.attempts, jobs_left(engine)) == ("queued", None, 0, 1)
    other = start()
    wait_for(lambda: holder(engine, number) == other.pid)
    assert stored(engine, number).attempts == 1


def test_a_task_and_its_job_are_stored_together_or_not_at_all(engine: Engine) -> None:
    class Refusal(Exception):
        """Whatever happens later in the unit of work."""

    with pytest.raises(Refusal), session_scope(engine) as session:
        enqueue(session, "roster", "x", {"draft": 1})
        raise Refusal
    assert jobs_left(engine) == 0
    with session_scope(engine) as session:
        enqueue(session, "roster", "x", {"draft": 1})
        enqueue(session, "roster", "x", {"draft": 1})
        assert session.connection().execute(text("SELECT current_schema()")).scalar_one() == "public"
    assert jobs_left(engine) == 1


def test_workers_are_for_postgresql(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QINGZAI_DATABASE_URL", sqlite_url)
    monkeypatch.setenv("QINGZAI_LANG", "en")
    refused = CliRunner().invoke(app, ["worker"])
    assert (refused.exit_code, "a worker needs PostgreSQL" in refused.output) == (2, True)
    with pytest.raises(Refused, match="setting_invalid"):
        Settings.from_environment({"QINGZAI_TASKS": "workers"})
    monkeypatch.setenv("QINGZAI_DATABASE_URL", "postgresql://h/x")
    assert not Settings.from_environment({"QINGZAI_TASKS": "workers"}).does_tasks
    assert Settings.from_environment({}).does_tasks
