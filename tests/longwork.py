"""A solve that takes minutes, for tests that kill whoever works on it."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

from sqlalchemy import Engine

from registry import clock
from registry.db import session_scope
from registry.rostering.tables import RosterDraft
from registry.tasks.queue import enqueue
from registry.tasks.tables import Task

ROOT = Path(__file__).parents[1]


def a_long_solve(engine: Engine) -> int:
    """A town's week that is solved for minutes; the number of its task."""
    problem = json.loads((ROOT / "tests" / "data" / "town-week.json").read_text(encoding="utf-8"))
    with session_scope(engine) as session:
        made = RosterDraft(
            week=date(2026, 7, 13), seed=1, workers=1, seconds=600, version="x", problem_json=problem,
            created_at=clock.now(),
        )  # fmt: skip
        session.add(made)
        session.flush()
        return enqueue(session, "roster", "2026-07-13/district", {"draft": made.id})[0].id or 0


def stored(engine: Engine, number: int) -> Task:
    """The task as it is now."""
    with session_scope(engine) as session:
        return session.get_one(Task, number)


def wait_for(happens: Callable[[], bool], seconds: float = 60) -> None:
    """Wait until it happens; fail where it does not."""
    until = time.monotonic() + seconds
    while not happens():
        assert time.monotonic() < until
        time.sleep(0.05)
