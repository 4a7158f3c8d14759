"""Queued draws are run in a process of their own, and again after everything stopped in the middle."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest
from seasons import SmallSeason
from sqlmodel import Session

from api import jobs
from registry.db import make_engine, session_scope, sessions
from registry.enrolment.draws import claim_draw, draw_by_id, freeze_round, is_to_stop, queue_draw, stop_draw

ROOT = Path(__file__).parents[2]
WAITS_FOR_A_SIGNAL = """
import pathlib, signal, sys, time
def end(*_):
    pathlib.Path(sys.argv[1]).write_text("asked")
    sys.exit(0)
signal.signal(signal.SIGINT, end)
pathlib.Path(sys.argv[1]).write_text("running")
time.sleep(60)
"""


def queued(session: Session) -> int:
    """A small draw that waits; its number."""
    season = SmallSeason(session)
    season.apply(season.child(), season.class_run(1))
    number = freeze_round(session, season.office, season.round.id or 0).id or 0
    queue_draw(session, season.office, number)
    return number


def test_a_draw_that_was_interrupted_is_run_by_the_next_start(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "LOOKS_EVERY", 0.05)
    engine = make_engine(sqlite_url)
    with session_scope(engine) as session:
        number = queued(session)
        draw_by_id(session, number).status = "solving"
    runner = jobs.Runner(sqlite_url)
    runner.start()
    status, until = "", time.monotonic() + 60
    while status not in ("done", "failed") and time.monotonic() < until:
        time.sleep(0.1)
        with session_scope(engine) as session:
            status = draw_by_id(session, number).status
    runner.stop()
    engine.dispose()
    assert status == "done"


def test_what_runs_ends_with_its_runner(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "LOOKS_EVERY", 0.05)
    engine = make_engine(sqlite_url)
    with session_scope(engine) as session:
        number = queued(session)
    runner = jobs.Runner(sqlite_url)
    runner.start()
    while runner.running is None:
        time.sleep(0.01)
    process = runner.running[1]
    runner.stop()
    engine.dispose()
    assert (number, process.poll() is not None, runner.running) == (1, True, None)


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
def test_a_draw_is_asked_to_stop_through_the_database(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Whichever process the request reached: here there is none at all but the runner's."""
    told = tmp_path / "told"
    monkeypatch.setattr(jobs, "LOOKS_EVERY", 0.05)
    monkeypatch.setattr(jobs, "PROGRAM", [sys.executable, "-c", WAITS_FOR_A_SIGNAL, str(told)])
    engine = make_engine(sqlite_url)
    with session_scope(engine) as session:
        season = SmallSeason(session)
        season.apply(season.child(), season.class_run(1))
        number = freeze_round(session, season.office, season.round.id or 0).id or 0
        assert stop_draw(session, season.office, number).stop_asked_at is None  # nothing runs yet
        queue_draw(session, season.office, number)
    runner = jobs.Runner(sqlite_url)
    runner.start()
    until = time.monotonic() + 30
    while not (told.exists() and told.read_text() == "running") and time.monotonic() < until:
        time.sleep(0.02)
    assert claim_draw(sessions(engine), number)  # as that process would
    with session_scope(engine) as session:
        stop_draw(session, season.office, number)
        assert is_to_stop(session, number)
    while told.read_text() != "asked" and time.monotonic() < until:
        time.sleep(0.02)
    runner.stop()
    engine.dispose()
    assert told.read_text() == "asked"


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
def test_several_processes_answer_and_one_runs_what_is_queued(sqlite_url: str) -> None:
    engine = make_engine(sqlite_url)
    with session_scope(engine) as session:
        number = queued(session)
    environment = os.environ | {"QINGZAI_DATABASE_URL": sqlite_url, "QINGZAI_LANG": "en", "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", "from api.cli import main; main()", "serve", "--workers", "2", "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment, cwd=ROOT) as server:
        assert server.stdout is not None
        found = re.search(r"http://\S+:\d+", server.stdout.readline())
        assert found is not None
        with urllib.request.urlopen(f"{found[0]}/enrol", timeout=30) as answer:
            assert answer.status == 200
        status, until = "", time.monotonic() + 60
        while status not in ("done", "failed") and time.monotonic() < until:
            time.sleep(0.1)
            with session_scope(engine) as session:
                status = draw_by_id(session, number).status
        server.send_signal(signal.SIGINT)
        assert server.wait(timeout=30) == 0
    engine.dispose()
    assert status == "done"
