"""What the other process does: the next repair or set of stand-bys that waits is worked out and recorded."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from sqlalchemy.exc import DBAPIError
from sqlmodel import Session, col, select, update

from registry import clock
from registry.db import Sessions
from registry.duties.tables import RosterVersion
from registry.engine.repairs import Json, Mended, mend, ready_days
from registry.errors import SolveFailed
from registry.repairs.asking import changed_rows
from registry.repairs.causes import ABSENT
from registry.repairs.tables import BoardRepair, StandbyPlan, State
from registry.repairs.words import site_of_class

NOTES_EVERY = 0.7
"""Seconds between two notes of how far a repair is."""
REPAIR, STANDBY = "repair", "standby"
KINDS: dict[str, type[BoardRepair] | type[StandbyPlan]] = {REPAIR: BoardRepair, STANDBY: StandbyPlan}
ABSENCE_SECONDS, WIDE_SECONDS, STANDBY_SECONDS = 15.0, 30.0, 60.0
"""What may be spent: on an absence, on heat or several things at once, on the stand-bys of a week. Whoever waits for a
repair may stop it and take the best so far."""


def next_waiting(session: Session) -> tuple[str, int] | None:
    """What has waited longest, repairs first: somebody waits for those at the screen."""
    for kind, table in KINDS.items():
        waiting = select(table.id).where(table.status == State.QUEUED).order_by(col(table.id)).limit(1)
        if (found := session.exec(waiting).first()) is not None:
            return kind, found
    return None


def requeue_interrupted(session: Session) -> int:
    """Queue again what was being worked out when everything stopped; how many that were. For the only runner."""
    again = 0
    for table in KINDS.values():
        stopped = update(table).where(col(table.status) == State.SOLVING).values(status=State.QUEUED.value)
        if table is BoardRepair:
            stopped = stopped.values(stop_asked_at=None, progress_json=None)
        again += int(session.connection().execute(stopped).rowcount)
    return again


def is_to_stop(session: Session, kind: str, number: int) -> bool:
    """Whether somebody asked for the best repair so far."""
    wanted = select(BoardRepair.stop_asked_at).where(BoardRepair.id == number)
    return kind == REPAIR and session.exec(wanted).first() is not None


def is_put_aside(session: Session, kind: str, number: int) -> bool:
    """Whether nobody wants it any more."""
    wanted = select(BoardRepair.status).where(BoardRepair.id == number)
    return kind == REPAIR and session.exec(wanted).first() == State.DROPPED


def run_waiting(
    sessions: Sessions, kind: str, number: int, *, workers: int = 2, stop: threading.Event | None = None
) -> None:
    """Work one of them out and record it. `stop` ends the search of a repair with the best so far.

    What was put aside meanwhile is left alone; no session is open while the solver runs.
    """
    table = KINDS[kind]
    with sessions() as session:
        mine = update(table).where(col(table.id) == number, col(table.status) == State.QUEUED)
        taken = session.connection().execute(mine.values(status=State.SOLVING.value, started_at=clock.now()))
        if taken.rowcount != 1:
            return
        work = _repair(sessions, session, number, workers, stop) if kind == REPAIR else _standbys(session, number)
    try:
        found = work()
    except SolveFailed as failure:
        found = {"status": State.FAILED.value, "failure_json": {"code": failure.code, "facts": dict(failure.facts)}}
    except BaseException as error:
        _record(sessions, kind, number, {"status": State.FAILED.value, "failure_json": _crash(error)})
        raise
    _record(sessions, kind, number, found)


def _crash(error: BaseException) -> dict[str, Any]:
    return {"code": "crashed", "facts": {"error": type(error).__name__}}


def seconds_for(repair: BoardRepair) -> float:
    """What may be spent on a repair."""
    is_single = [cause["kind"] for cause in repair.causes_json] == [ABSENT]
    return ABSENCE_SECONDS if is_single else WIDE_SECONDS


def _repair(
    sessions: Sessions, session: Session, number: int, workers: int, stop: threading.Event | None
) -> Callable[[], dict[str, Any]]:
    asked = session.get_one(BoardRepair, number)
    problem, seed, seconds, at = asked.problem_json, asked.seed, seconds_for(asked), set(asked.sites_json)
    session.expunge(asked)
    note = _Notes(sessions, number)

    def work() -> dict[str, Any]:
        found: Mended = mend(
            problem, seconds=seconds, workers=workers, seed=seed, stop=stop,
            on_progress=note,
        )  # fmt: skip
        asked.roster_json, site_of = found.roster, site_of_class(problem)
        return {
            "status": State.DONE.value, "roster_json": found.roster,
            "people_json": {"disturbed": list(found.disturbed), "hit": list(found.hit)},
            "sites_json": sorted(at | {site_of[row["class"]] for row in changed_rows(asked)}),
        }  # fmt: skip

    return work


class _Notes:
    """Writes down how far a repair is, now and then: each time costs the search a moment. What a busy database does not
    take is told with the next step."""

    def __init__(self, sessions: Sessions, number: int) -> None:
        self._sessions, self._number, self._last = sessions, number, 0.0

    def __call__(self, news: Json) -> None:
        if time.monotonic() - self._last < NOTES_EVERY:
            return
        self._last = time.monotonic()
        mine = (col(BoardRepair.id) == self._number, col(BoardRepair.status) == State.SOLVING)
        with suppress(DBAPIError), self._sessions() as session:
            session.connection().execute(update(BoardRepair).where(*mine).values(progress_json=news))


def _standbys(session: Session, number: int) -> Callable[[], dict[str, Any]]:
    version = session.get_one(RosterVersion, session.get_one(StandbyPlan, number).version_id)
    problem, roster = version.problem_json, version.roster_json

    def work() -> dict[str, Any]:
        return {"status": State.DONE.value, "days_json": ready_days(problem, roster, seconds=STANDBY_SECONDS)}

    return work


def _record(sessions: Sessions, kind: str, number: int, values: dict[str, Any]) -> None:
    """Only what is still being worked out: somebody may have put it aside."""
    table = KINDS[kind]
    with sessions() as session:
        mine = update(table).where(col(table.id) == number, col(table.status) == State.SOLVING)
        session.connection().execute(mine.values(**values, finished_at=clock.now()))
