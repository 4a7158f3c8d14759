"""What the other process does: the next repair or set of stand-bys that waits is worked out and recorded."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlmodel import Session, col, select, update

from registry import clock
from registry.db import Sessions
from registry.duties.tables import RosterVersion
from registry.engine.repairs import Mended, mend, ready_days
from registry.errors import SolveFailed
from registry.repairs.tables import BoardRepair, StandbyPlan, State

REPAIR, STANDBY = "repair", "standby"
KINDS: dict[str, type[BoardRepair] | type[StandbyPlan]] = {REPAIR: BoardRepair, STANDBY: StandbyPlan}
ABSENCE_SECONDS, WIDE_SECONDS, STANDBY_SECONDS = 5.0, 20.0, 60.0
"""What may be spent: on an absence, on heat or several things at once, on the stand-bys of a week."""


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
        again += int(session.connection().execute(stopped).rowcount)
    return again


def run_waiting(sessions: Sessions, kind: str, number: int, *, workers: int = 2) -> None:
    """Work one of them out and record it. What was put aside meanwhile is left alone; no session is open while the
    solver runs."""
    table = KINDS[kind]
    with sessions() as session:
        mine = update(table).where(col(table.id) == number, col(table.status) == State.QUEUED)
        taken = session.connection().execute(mine.values(status=State.SOLVING.value, started_at=clock.now()))
        if taken.rowcount != 1:
            return
        work = _repair(session, number, workers) if kind == REPAIR else _standbys(session, number)
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


def _repair(session: Session, number: int, workers: int) -> Callable[[], dict[str, Any]]:
    asked = session.get_one(BoardRepair, number)
    problem, seed = asked.problem_json, asked.seed
    is_single = [cause["kind"] for cause in asked.causes_json] == ["absent"]
    seconds = ABSENCE_SECONDS if is_single else WIDE_SECONDS

    def work() -> dict[str, Any]:
        found: Mended = mend(problem, seconds=seconds, workers=workers, seed=seed)
        people = {"disturbed": list(found.disturbed), "hit": list(found.hit)}
        return {"status": State.DONE.value, "roster_json": found.roster, "people_json": people}

    return work


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
