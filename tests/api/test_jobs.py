"""Queued draws are run in a process of their own, and again after everything stopped in the middle."""

from __future__ import annotations

import time

import pytest
from seasons import SmallSeason
from sqlmodel import Session

from api import jobs
from registry.db import make_engine, session_scope
from registry.enrolment.draws import draw_by_id, freeze_round, queue_draw


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
