"""Repairs of a board and the stand-bys of a published week, as JSON."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Path
from pydantic import BaseModel, Field

from api.access import DESCRIBED, SignedIn
from api.deps import Boards, DbSession, Monday
from api.v1.accounts import PERSONAL
from registry.repairs import asking, deciding
from registry.repairs.reported import repair_reported, reported
from registry.repairs.standby import StandbyView, ask_standbys, see_standbys
from registry.repairs.tables import BoardRepair
from registry.repairs.work import tasks_of
from registry.tasks.tables import Task

router = APIRouter(prefix="/boards/{week}", tags=["repairs"], responses=PERSONAL, dependencies=DESCRIBED)

AnId = Annotated[int, Path(ge=1, le=2**31 - 1, examples=[1])]
Weekday = Annotated[int, Field(ge=1, le=7, description="1 is Monday.")]


class CauseIn(BaseModel):
    """What happened: `absent` (of a volunteer), `heat`, or `closed` (of a class), from one weekday to another."""

    kind: str = Field(max_length=20, examples=["absent"])
    of: str = Field(default="", max_length=100, examples=["v7"])
    first: Weekday
    last: Weekday


class ReportIn(BaseModel):
    """All that happened, mended together."""

    causes: list[CauseIn] = Field(min_length=1, max_length=100)


class AnotherIn(BaseModel):
    """Who is to be left alone; nobody named: whoever the repair asks most of."""

    without: list[Annotated[str, Field(max_length=100)]] = Field(default=[], max_length=100)


class AnswersIn(BaseModel):
    """For whom; nobody named: for all for whom nothing is being done."""

    volunteers: list[Annotated[str, Field(max_length=100)]] = Field(default=[], max_length=100)


class ReportedModel(BaseModel):
    """Somebody who cannot come in these parts of days."""

    volunteer: str
    name: str
    parts: list[tuple[date, str]]
    classes: list[str]
    state: str = Field(description="open, mending (`repair` waits), asked (a substitute is), or covered on the board.")
    repair: int | None


class RepairLine(BaseModel):
    """A repair of a board, and how far it is."""

    id: int
    revision: int = Field(description="The revision of the board that it mends.")
    status: str = Field(examples=["done"])
    another_of: int | None
    causes: list[dict[str, Any]]
    without: list[str]
    progress: dict[str, Any] | None
    failure: dict[str, Any] | None
    asked_at: datetime
    finished_at: datetime | None


class RepairModel(RepairLine):
    """With whose week changes and why, and each level's cost and proven bound."""

    people: list[dict[str, Any]]
    levels: list[dict[str, Any]]
    foreign: list[str] = Field(description="Sites that it changes and that the reader may not.")
    moved_on: bool
    may_decide: bool


@router.get("/repairs", summary="The repairs of a board")
def repairs(session: DbSession, actor: SignedIn, week: Monday) -> list[RepairLine]:
    """The newest first, of the sites that one may change."""
    found = asking.repairs_of(session, actor, week)
    tasks = tasks_of(session, found)
    return [RepairLine(**_line(one, tasks.get(one.id or 0))) for one in found]


@router.post("/repairs", summary="Report what happened", status_code=202)
def report(session: DbSession, actor: SignedIn, week: Monday, given: ReportIn) -> RepairLine:
    """A repair is queued, and worked out in seconds by another process. The board stays as it is."""
    reports = [asking.Report(c.kind, c.of, c.first, c.last) for c in given.causes]
    return RepairLine(**_line(asking.report(session, actor, week, reports)))


@router.get("/repairs/answers", summary="Who has said that they cannot come")
def answers(session: DbSession, actor: SignedIn, week: Monday) -> list[ReportedModel]:
    """Those whom the version in force still has at the sites that one may change, and what is being done about it."""
    return [ReportedModel(**asdict(row)) for row in reported(session, actor, week)]


@router.post("/repairs/answers", summary="Have the absences mended", status_code=202)
def repair_answers(session: DbSession, actor: SignedIn, week: Monday, given: AnswersIn) -> RepairLine:
    """One repair for all of them for whom nothing is being done, or for those who are named."""
    return RepairLine(**_line(repair_reported(session, actor, week, given.volunteers)))


@router.get("/repairs/{repair}", summary="A repair")
def repair(session: DbSession, actor: SignedIn, week: Monday, repair: AnId) -> RepairModel:
    """How far it is; then the difference."""
    it = deciding.see_repair(session, actor, week, repair)
    return RepairModel(
        **_line(it.repair, it.task), people=[asdict(p) for p in it.people], foreign=list(it.foreign),
        moved_on=it.moved_on, levels=[{**asdict(level), "is_proven": level.is_proven} for level in it.levels],
        may_decide=it.may_decide,
    )  # fmt: skip


@router.post("/repairs/{repair}/accept", summary="Take a repair onto the board")
def accept(session: DbSession, boards: Boards, actor: SignedIn, week: Monday, repair: AnId) -> RepairLine:
    """As one change that can be undone there."""
    deciding.accept_repair(session, boards, actor, week, repair)
    return RepairLine(**_line(asking.find_repair(session, actor, week, repair)))


@router.post("/repairs/{repair}/another", summary="Ask for another repair", status_code=202)
def another(session: DbSession, actor: SignedIn, week: Monday, repair: AnId, given: AnotherIn) -> RepairLine:
    """For the same, with people who are left alone."""
    return RepairLine(**_line(asking.ask_another(session, actor, week, repair, given.without)))


@router.post("/repairs/{repair}/stop", summary="Stop the search of a repair")
def stop(session: DbSession, actor: SignedIn, week: Monday, repair: AnId) -> RepairLine:
    """The best so far is kept."""
    return RepairLine(**_line(deciding.stop_repair(session, actor, week, repair)))


@router.post("/repairs/{repair}/drop", summary="Put a repair aside")
def drop(session: DbSession, actor: SignedIn, week: Monday, repair: AnId) -> RepairLine:
    """The board stays as it is."""
    return RepairLine(**_line(deciding.drop_repair(session, actor, week, repair)))


@router.get("/standbys", summary="The stand-bys of a published week")
def standbys(session: DbSession, actor: SignedIn, week: Monday) -> dict[str, Any]:
    """Who should be ready on each day, and the absences that nothing covers."""
    return _plan(see_standbys(session, actor, week))


@router.post("/standbys", summary="Have the stand-bys worked out", status_code=202)
def ask(session: DbSession, actor: SignedIn, week: Monday) -> dict[str, Any]:
    """Once for a version; another process does it."""
    ask_standbys(session, actor, week)
    return _plan(see_standbys(session, actor, week))


def _plan(found: StandbyView) -> dict[str, Any]:
    return asdict(found)


def _line(found: BoardRepair, task: Task | None = None) -> dict[str, Any]:
    progress = task.progress_json if task is not None else None
    return {
        "id": found.id, "revision": found.revision, "status": found.status, "another_of": found.another_of,
        "causes": found.causes_json, "without": found.without_json, "progress": progress,
        "failure": found.failure_json, "asked_at": found.asked_at, "finished_at": found.finished_at,
    }  # fmt: skip
