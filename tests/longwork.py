"""A solve that takes minutes and a repair that takes half of one, for tests that kill whoever works on them."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import Engine

from registry import clock
from registry.board.tables import RosterBoard
from registry.db import session_scope
from registry.engine.repairs import damaged
from registry.engine.rosters import solve_problem
from registry.repairs.causes import ABSENT, Cause, with_causes
from registry.repairs.tables import BoardRepair
from registry.repairs.work import queue_repair
from registry.rostering.tables import RosterDraft
from registry.tasks.queue import enqueue
from registry.tasks.tables import Task

ROOT = Path(__file__).parents[1]
Json = dict[str, Any]


def _town() -> Json:
    return dict(json.loads((ROOT / "tests" / "data" / "town-week.json").read_text(encoding="utf-8")))


def a_long_repair(engine: Engine) -> tuple[int, int]:
    """A town's week from which a dozen people are away, and which nobody has mended to the end within the half minute
    that a repair may take; the numbers of its task and of the repair."""
    problem, now = _town(), clock.now()
    roster = solve_problem(problem, seconds=0.5, workers=1, seed=1)
    people = sorted({d["volunteer"] for d in roster["duties"]})[:12]
    causes = [Cause(ABSENT, (1, 2, 3, 4, 5), v) for v in people]
    mended = damaged(problem, roster, with_causes(problem, causes), seed=1, frozen_before=None)
    with session_scope(engine) as session:
        files = {"problem_json": problem, "roster_json": roster}
        board = RosterBoard(week=date(2026, 7, 13), opened_at=now, changed_at=now, **files)
        session.add(board)
        session.flush()
        made = BoardRepair(
            board_id=board.id or 0, revision=0, seed=1, causes_json=[c.as_json() for c in causes], without_json=[],
            sites_json=[], problem_json=mended, asked_at=now,
        )  # fmt: skip
        session.add(made)
        session.flush()
        return queue_repair(session, made).id or 0, made.id or 0


def a_long_solve(engine: Engine) -> int:
    """A town's week that is solved for minutes; the number of its task."""
    problem = _town()
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
