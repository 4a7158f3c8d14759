"""Drafts of weekly rosters: queued with a snapshot of the problem, solved, checked again, recorded."""

from __future__ import annotations

import json
import threading
from datetime import date
from importlib.metadata import version
from typing import Any

from sqlmodel import Session, col, select

from registry import clock
from registry.db import Sessions
from registry.engine.rosters import OnProgress, solve_problem, verify
from registry.errors import NotFound, SolveFailed
from registry.rostering.build import problem_for_week
from registry.rostering.tables import DraftStatus, RosterDraft


def draft(session: Session, draft_id: int) -> RosterDraft:
    """A draft by its number.

    Raises:
        NotFound: `draft_unknown`.
    """
    found = session.get(RosterDraft, draft_id)
    if found is None:
        raise NotFound("draft_unknown", draft=draft_id)
    return found


def latest_done(session: Session, monday: date | None = None) -> RosterDraft | None:
    """The newest finished draft, of one week or of any."""
    wanted = select(RosterDraft).where(RosterDraft.status == DraftStatus.DONE)
    if monday is not None:
        wanted = wanted.where(RosterDraft.week == monday)
    return session.exec(wanted.order_by(col(RosterDraft.id).desc()).limit(1)).first()


def latest_whole(session: Session, monday: date) -> RosterDraft | None:
    """The newest finished draft of all sites of a week: one of some sites is taken to the board, not published."""
    wanted = select(RosterDraft).where(RosterDraft.status == DraftStatus.DONE, RosterDraft.week == monday)
    wanted = wanted.where(col(RosterDraft.scope_json).is_(None))
    return session.exec(wanted.order_by(col(RosterDraft.id).desc()).limit(1)).first()


def weeks_done(session: Session) -> list[date]:
    """The weeks that have a finished draft, earliest first."""
    wanted = select(col(RosterDraft.week)).where(RosterDraft.status == DraftStatus.DONE).distinct()
    return sorted(session.exec(wanted))


def make_draft(
    sessions: Sessions,
    monday: date,
    *,
    seconds: float = 60,
    workers: int = 2,
    seed: int = 1,
    on_progress: OnProgress | None = None,
    stop: threading.Event | None = None,
) -> RosterDraft:
    """Make the roster of the week that begins on `monday`: queue a draft, then solve it.

    Raises:
        Refused: the week has no problem to solve (see `problem_for_week`); no draft is stored.
    """
    with sessions() as session:
        draft_id = queue_draft(session, monday, seconds=seconds, workers=workers, seed=seed)
    return solve_draft(sessions, draft_id, on_progress=on_progress, stop=stop)


def queue_draft(session: Session, monday: date, *, seconds: float, workers: int, seed: int) -> int:
    """Store a draft that waits to be solved, with the problem as it is now; its number."""
    queued = RosterDraft(
        week=monday,
        seed=seed,
        workers=workers,
        seconds=seconds,
        version=version("qingzai"),
        problem_json=problem_for_week(session, monday),
        created_at=clock.now(),
    )
    session.add(queued)
    session.flush()
    assert queued.id is not None
    return queued.id


def solve_draft(
    sessions: Sessions,
    draft_id: int,
    *,
    on_progress: OnProgress | None = None,
    stop: threading.Event | None = None,
) -> RosterDraft:
    """Solve a queued draft and record how it went: `done` with a checked roster, or `failed` with a reason.

    No session is open while the solver runs. What nobody expects is recorded too, and raised again.
    """
    with sessions() as session:
        started = draft(session, draft_id)
        started.status, started.started_at = DraftStatus.SOLVING, clock.now()
    try:
        effort: dict[str, Any] = {"seconds": started.seconds, "workers": started.workers, "seed": started.seed}
        roster = solve_problem(started.problem_json, **effort, on_progress=on_progress, stop=stop)
        verify(started.problem_json, roster)
    except SolveFailed as failure:
        return _fail(sessions, draft_id, failure.code, dict(failure.facts))
    except BaseException as error:
        _fail(sessions, draft_id, "crashed", {"error": type(error).__name__, "text": str(error)})
        raise
    return _finish(sessions, draft_id, roster)


def abandon(sessions: Sessions, draft_id: int) -> None:
    """Record that nobody waits any longer for a draft that is being solved."""
    _fail(sessions, draft_id, "interrupted", {})


def _finish(sessions: Sessions, draft_id: int, roster: dict[str, Any]) -> RosterDraft:
    with sessions() as session:
        done = draft(session, draft_id)
        done.roster_json, done.result_json = roster, roster["result"]
        done.status, done.finished_at = DraftStatus.DONE, clock.now()
    return done


def _fail(sessions: Sessions, draft_id: int, code: str, facts: dict[str, Any]) -> RosterDraft:
    plain = json.loads(json.dumps({"code": code, "facts": facts}, default=str, ensure_ascii=False))
    with sessions() as session:
        failed = draft(session, draft_id)
        failed.failure_json = plain
        failed.status, failed.finished_at = DraftStatus.FAILED, clock.now()
    return failed
