"""Queued tasks are done in a process of their own, and gone on with after everything stopped in the middle."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator

import pytest
from longwork import ROOT, a_long_repair, a_long_solve, stored, wait_for
from seasons import SmallSeason
from sqlmodel import Session, select

from api import jobs
from registry.db import make_engine, session_scope
from registry.enrolment.draws import draw_by_id, freeze_round, queue_draw
from registry.repairs.tables import BoardRepair
from registry.rostering.tables import RosterDraft
from registry.tasks.queue import ask_stop
from registry.tasks.tables import Task

A_RUNNER = """
import time
from api.jobs import Runner
from registry.db import database_url
Runner(database_url()).start()
time.sleep(600)
"""


Begin = Callable[[str], jobs.Runner]


@pytest.fixture
def begin() -> Iterator[Begin]:
    """Starts runners. They stop also where a test fails: else their solves would go on beside all tests that follow."""
    started: list[jobs.Runner] = []

    def start(url: str) -> jobs.Runner:
        started.append(jobs.Runner(url))
        started[-1].start()
        return started[-1]

    yield start
    for runner in started:
        runner.stop()


def queued(session: Session) -> int:
    """A small draw that waits; its number."""
    season = SmallSeason(session)
    season.apply(season.child(), season.class_run(1))
    number = freeze_round(session, season.office, season.round.id or 0).id or 0
    queue_draw(session, season.office, number)
    return number


def test_a_draw_that_was_interrupted_is_run_by_the_next_start(begin: Begin, sqlite_url: str) -> None:
    engine = make_engine(sqlite_url)
    with session_scope(engine) as session:
        number = queued(session)
        draw_by_id(session, number).status = "solving"
    runner = begin(sqlite_url)
    status, until = "", time.monotonic() + 60
    while status not in ("done", "failed") and time.monotonic() < until:
        time.sleep(0.1)
        with session_scope(engine) as session:
            status = draw_by_id(session, number).status
    runner.stop()
    engine.dispose()
    assert status == "done"


def test_what_runs_ends_with_its_runner_and_waits_again(begin: Begin, sqlite_url: str) -> None:
    engine = make_engine(sqlite_url)
    number = a_long_solve(engine)
    runner = begin(sqlite_url)
    wait_for(lambda: number in runner.running)
    process = runner.running[number]
    runner.stop()
    task = stored(engine, number)
    engine.dispose()
    assert (process.poll() is not None, runner.running) == (True, {})
    assert (task.status, task.holder, task.attempts) == ("queued", None, 0)  # an orderly end counts as no attempt


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
def test_a_solve_whose_process_is_killed_goes_on_and_keeps_its_best_when_stopped(begin: Begin, sqlite_url: str) -> None:
    """`kill -9` of the process that solves: the same runner begins again at once."""
    engine = make_engine(sqlite_url)
    number = a_long_solve(engine)
    runner = begin(sqlite_url)
    wait_for(lambda: stored(engine, number).progress_json is not None)
    first = runner.running[number].pid
    os.kill(first, signal.SIGKILL)
    wait_for(lambda: stored(engine, number).attempts == 2)
    assert runner.running[number].pid != first
    with session_scope(engine, is_writing=True) as session:
        ask_stop(session, session.get_one(Task, number))
    wait_for(lambda: stored(engine, number).status == "done")
    runner.stop()
    with session_scope(engine) as session:
        drafts = session.exec(select(RosterDraft)).all()
        assert [(d.status, d.result_json is not None) for d in drafts] == [("done", True)]
    engine.dispose()


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
def test_a_repair_stands_behind_no_solve_and_goes_on_when_its_process_is_killed(begin: Begin, sqlite_url: str) -> None:
    engine = make_engine(sqlite_url)
    solve = a_long_solve(engine)
    runner = begin(sqlite_url)
    wait_for(lambda: solve in runner.running)
    number, repair = a_long_repair(engine)
    wait_for(lambda: stored(engine, number).progress_json is not None)
    assert set(runner.running) == {solve, number}
    first = runner.running[number].pid
    os.kill(first, signal.SIGKILL)
    wait_for(lambda: stored(engine, number).attempts == 2)
    assert runner.running[number].pid != first
    with session_scope(engine, is_writing=True) as session:
        ask_stop(session, session.get_one(Task, number))
    wait_for(lambda: stored(engine, number).status == "done")
    runner.stop()
    with session_scope(engine) as session:
        done = session.get_one(BoardRepair, repair)
        assert (done.status, done.roster_json is not None, stored(engine, solve).status) == ("done", True, "queued")
    engine.dispose()


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
def test_a_server_that_is_killed_leaves_its_task_to_another(
    begin: Begin, sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`kill -9` of the server with its runner: nobody says goodbye, and the lease runs out."""
    monkeypatch.setenv("QINGZAI_LEASE_SECONDS", "2")
    engine = make_engine(sqlite_url)
    number = a_long_solve(engine)
    environment = os.environ | {"QINGZAI_DATABASE_URL": sqlite_url, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen([sys.executable, "-c", A_RUNNER], env=environment, cwd=ROOT) as server:
        wait_for(lambda: stored(engine, number).progress_json is not None)
        server.kill()
    runner = begin(sqlite_url)
    wait_for(lambda: stored(engine, number).attempts == 2)
    runner.stop()
    task = stored(engine, number)
    engine.dispose()
    assert (task.status, task.attempts) == ("queued", 1)


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
def test_several_processes_answer_and_one_runs_what_is_queued(sqlite_url: str) -> None:
    engine = make_engine(sqlite_url)
    with session_scope(engine) as session:
        number = queued(session)
    environment = os.environ | {"QINGZAI_DATABASE_URL": sqlite_url, "QINGZAI_LANG": "en", "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", "from api.cli import main; main()", "serve", "--workers", "2", "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment, cwd=ROOT) as server:
        try:
            assert server.stdout is not None
            found = re.search(r"http://\S+:\d+", server.stdout.readline())
            assert found is not None
            with urllib.request.urlopen(f"{found[0]}/enrol", timeout=60) as answer:
                assert answer.status == 200
            status, until = "", time.monotonic() + 60
            while status not in ("done", "failed") and time.monotonic() < until:
                time.sleep(0.1)
                with session_scope(engine) as session:
                    status = draw_by_id(session, number).status
            server.send_signal(signal.SIGINT)
            assert server.wait(timeout=30) == 0
        finally:
            server.kill()  # Nothing where it has ended; else the test would wait for it forever.
    engine.dispose()
    assert status == "done"
