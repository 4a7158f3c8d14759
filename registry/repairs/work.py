"""The tasks that work out a repair and a week's stand-bys, and how far a repair is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlmodel import Session, col, update

from registry import clock
from registry.db import Sessions
from registry.duties.tables import RosterVersion
from registry.engine.repairs import Json, mend, ready_days
from registry.repairs.causes import ABSENT
from registry.repairs.changed import changed_rows
from registry.repairs.tables import WAITING, BoardRepair, StandbyPlan, State
from registry.repairs.words import site_of_class
from registry.tasks import queue
from registry.tasks.tables import Task
from registry.tasks.work import Kind, Lease

REPAIR, STANDBY = "repair", "standby"
ABSENCE_SECONDS, WIDE_SECONDS, STANDBY_SECONDS = 15.0, 30.0, 60.0
"""What may be spent: on an absence, on heat or several things at once, on the stand-bys of a week. Whoever waits for a
repair may stop it and take the best so far."""
WORKERS = 2


def queue_repair(session: Session, made: BoardRepair) -> Task:
    """Queue the task of a repair."""
    return queue.enqueue(session, REPAIR, str(made.id), {REPAIR: made.id}, made.asked_by)[0]


def queue_standbys(session: Session, made: StandbyPlan) -> Task:
    """Queue the task of a set of stand-bys."""
    return queue.enqueue(session, STANDBY, str(made.id), {STANDBY: made.id}, made.asked_by)[0]


def tasks_of(session: Session, repairs: Sequence[BoardRepair]) -> dict[int, Task]:
    """The task of each of these repairs, by the repair's number: its progress, and whether it was asked to stop."""
    found = queue.tasks_of(session, REPAIR, [str(repair.id) for repair in repairs])
    return {int(task.key): task for task in found}


def seconds_for(repair: BoardRepair) -> float:
    """What may be spent on a repair."""
    is_single = [cause["kind"] for cause in repair.causes_json] == [ABSENT]
    return ABSENCE_SECONDS if is_single else WIDE_SECONDS


def run_repair(sessions: Sessions, lease: Lease) -> None:
    """Work a repair out, from its beginning even where another had begun: it takes seconds. What was put aside, before
    or meanwhile, stays so.

    Raises:
        LeaseLost; SolveFailed: as `mend`.
    """
    number = int(lease.held.payload[REPAIR])
    with sessions() as session:
        if not _begin(session, BoardRepair, number):
            lease.end(session)
            return
        asked = session.get_one(BoardRepair, number)
        problem, sites = asked.problem_json, set(asked.sites_json)
        session.expunge(asked)
    found = mend(
        problem, seconds=seconds_for(asked), workers=WORKERS, seed=asked.seed, stop=lease.stop, on_progress=lease.tell
    )
    site_of = site_of_class(problem)
    values = {
        "roster_json": found.roster, "people_json": {"disturbed": list(found.disturbed), "hit": list(found.hit)},
        "sites_json": sorted(sites | {site_of[row["class"]] for row in changed_rows(problem, found.roster)}),
    }  # fmt: skip
    _end(sessions, lease, BoardRepair, number, values)


def run_standbys(sessions: Sessions, lease: Lease) -> None:
    """Work out who should be ready.

    Raises:
        LeaseLost; SolveFailed: as `ready_days`.
    """
    number = int(lease.held.payload[STANDBY])
    with sessions() as session:
        if not _begin(session, StandbyPlan, number):
            lease.end(session)
            return
        version = session.get_one(RosterVersion, session.get_one(StandbyPlan, number).version_id)
        problem, roster = version.problem_json, version.roster_json
    days = ready_days(problem, roster, seconds=STANDBY_SECONDS)
    _end(sessions, lease, StandbyPlan, number, {"days_json": days})


def give_up_repair(session: Session, payload: Json, failure: Json) -> None:
    """The repair failed with its task."""
    _set(session, BoardRepair, int(payload[REPAIR]), State.FAILED, failure_json=failure, finished_at=clock.now())


def give_up_standbys(session: Session, payload: Json, failure: Json) -> None:
    """The stand-bys failed with their task."""
    _set(session, StandbyPlan, int(payload[STANDBY]), State.FAILED, failure_json=failure, finished_at=clock.now())


REPAIR_KIND, STANDBY_KIND = Kind(run_repair, give_up_repair), Kind(run_standbys, give_up_standbys)


def _begin(session: Session, table: type[BoardRepair] | type[StandbyPlan], number: int) -> bool:
    return _set(session, table, number, State.SOLVING, started_at=clock.now())


def _end(
    sessions: Sessions, lease: Lease, table: type[BoardRepair] | type[StandbyPlan], number: int, values: Json
) -> None:
    with sessions() as session:
        lease.end(session)
        _set(session, table, number, State.DONE, **values, finished_at=clock.now())


def _set(
    session: Session, table: type[BoardRepair] | type[StandbyPlan], number: int, status: State, **values: Any
) -> bool:
    """Only what still waits to be worked out: somebody may have put it aside. Whether that was so."""
    mine = update(table).where(col(table.id) == number, col(table.status).in_(WAITING))
    return bool(session.connection().execute(mine.values(status=status.value, **values)).rowcount == 1)
