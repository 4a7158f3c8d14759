"""Children's data: what is held and why, a family's copy and requests, what staff open, the log, the retention."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, status
from pydantic import Field

from api.access import DESCRIBED, AskingBrowser, SignedIn
from api.deps import DbSession
from api.v1.accounts import PERSONAL
from api.v1.families import RowId
from api.v1.models import Model
from registry.privacy import requests, retention, seen, staff, staff_list
from registry.privacy.export import export_child
from registry.privacy.purposes import purposes

open_router = APIRouter(tags=["privacy"])
router = APIRouter(tags=["privacy"], responses=PERSONAL, dependencies=DESCRIBED)


class PurposeModel(Model):
    """One column: what for, on what ground, who sees it, how long."""

    table: str = Field(examples=["child"])
    column: str = Field(examples=["health_note"])
    purpose: str = Field(examples=["care"])
    ground: str = Field(description="A consent item, or `duty`.", examples=["health"])
    seen_by: list[str] = Field(examples=[["family", "lead", "site", "office"]])
    kept: str = Field(description="A retention rule or another end.", examples=["cover_over"])
    days: int | None = Field(examples=[30])
    is_encrypted: bool = Field(examples=[True])


class Purposes(Model):
    """Every column about children, guardians and collectors."""

    items: list[PurposeModel]


class RequestModel(Model):
    """A request of a guardian."""

    id: int = Field(examples=[4])
    child_id: int | None = Field(examples=[9])
    kind: str = Field(examples=["correction"])
    text: str = Field(examples=["学校应为青禾第二小学"])
    status: str = Field(examples=["open"])
    answer: str = Field(examples=[""])
    created_at: datetime
    decided_at: datetime | None


class Requests(Model):
    """Requests, the newest first for a family; those that wait first for the office."""

    items: list[RequestModel]


class NewRequest(Model):
    """What is asked for."""

    kind: str = Field(max_length=20, examples=["correction"])
    text: str = Field("", max_length=2000, examples=["学校应为青禾第二小学"])


class Decision(Model):
    """What the office decides."""

    is_granted: bool = Field(examples=[True])
    answer: str = Field("", max_length=2000, examples=["已更正"])


class MaskedPartModel(Model):
    """A part of a child's data, masked."""

    part: str = Field(examples=["guardians"])
    lines: list[str] = Field(examples=[["李* 138****8000"]])


class MaskedChildModel(Model):
    """A child as staff see it."""

    child_id: int = Field(examples=[9])
    name: str = Field(description="Masked.", examples=["张*丰"])
    sex: str = Field(examples=["female"])
    grade: int = Field(examples=[1])
    parts: list[MaskedPartModel]


class ChildClassModel(Model):
    """A class of a child, and how it stands there: `confirmed`, `offered`, `applied`."""

    class_run_id: int = Field(examples=[12])
    name: str = Field(examples=["1-2年级班"])
    site: str = Field(examples=["东街少年宫"])
    term: str = Field(examples=["第一期"])
    status: str = Field(examples=["confirmed"])


class ChildLineModel(Model):
    """A child in a list, its name masked."""

    child_id: int = Field(examples=[9])
    name: str = Field(examples=["张*丰"])
    grade: int = Field(examples=[1])
    classes: list[ChildClassModel]


class ChildLines(Model):
    """Children of the own sites or classes."""

    total: int = Field(examples=[1])
    items: list[ChildLineModel]


class Reveal(Model):
    """Which part, and why."""

    part: str = Field(max_length=20, examples=["guardians"])
    reason: str = Field(max_length=20, examples=["call_family"])
    text: str = Field("", max_length=500, examples=["孩子发烧"])


class Revealed(Model):
    """A part, unmasked."""

    part: str = Field(examples=["guardians"])
    lines: list[str] = Field(examples=[["李四 13800138000"]])


class SeenModel(Model):
    """A line of the access log."""

    id: int = Field(examples=[88])
    at: datetime
    account_id: int | None = Field(examples=[7])
    who: str = Field(examples=["王一"])
    roles: list[str] = Field(examples=[["site_coordinator@东街少年宫"]])
    action: str = Field(examples=["child.reveal"])
    subject: str = Field(examples=["child"])
    subject_id: int | None = Field(examples=[9])
    field: str = Field(examples=["guardians"])
    reason: str = Field(examples=["call_family: 孩子发烧"])
    is_refused: bool = Field(examples=[False])
    address: str = Field(examples=["192.0.2.7"])


class SeenPage(Model):
    """Lines, the newest first."""

    total: int = Field(examples=[1])
    items: list[SeenModel]


class RetentionModel(Model):
    """What a run found by each rule, and deleted unless it was a trial."""

    at: datetime
    is_trial: bool = Field(examples=[True])
    counts: dict[str, int] = Field(examples=[{"not_placed": 3}])


class RetentionRuns(Model):
    """The last runs, the newest first."""

    items: list[RetentionModel]


class NewRun(Model):
    """Whether to delete, or only to count."""

    is_trial: bool = Field(True, examples=[True])


@open_router.get("/purposes", summary="What is held about children, and why")
def all_purposes() -> Purposes:
    """Needs no sign-in."""
    return Purposes(items=[PurposeModel.model_validate(one) for one in purposes()])


@router.get("/children/{child_id}/export", summary="Everything about the own child")
def export(session: DbSession, actor: SignedIn, browser: AskingBrowser, child_id: RowId) -> dict[str, Any]:
    """For its guardians alone; that it was taken out is kept in the access log."""
    return export_child(session, actor, child_id, kind="json", address=browser.address)


@router.get("/children/{child_id}/requests", summary="Requests about the own child")
def own_requests(session: DbSession, actor: SignedIn, child_id: RowId) -> Requests:
    """The newest first."""
    found = requests.own_requests(session, actor, child_id)
    return Requests(items=[RequestModel.model_validate(one) for one in found])


@router.post(
    "/children/{child_id}/requests", summary="Ask for correction or deletion", status_code=status.HTTP_201_CREATED
)
def post_request(session: DbSession, actor: SignedIn, child_id: RowId, body: NewRequest) -> RequestModel:
    """Both guardians are told."""
    return RequestModel.model_validate(requests.make_request(session, actor, child_id, body.kind, body.text))


@router.delete(
    "/children/{child_id}/requests/{request_id}", summary="Take it back", status_code=status.HTTP_204_NO_CONTENT
)
def delete_request(session: DbSession, actor: SignedIn, child_id: RowId, request_id: RowId) -> None:
    """While it waits."""
    requests.take_back(session, actor, child_id, request_id)


@router.get("/requests", summary="Requests of guardians")
def all_requests(session: DbSession, actor: SignedIn) -> Requests:
    """For the office: those that wait first."""
    return Requests(items=[RequestModel.model_validate(one.request) for one in requests.open_requests(session, actor)])


@router.post("/requests/{request_id}/decision", summary="Decide on a request")
def decide(session: DbSession, actor: SignedIn, request_id: RowId, body: Decision) -> RequestModel:
    """A deletion that is granted is done at once."""
    found = requests.decide(session, actor, request_id, is_granted=body.is_granted, answer=body.answer)
    return RequestModel.model_validate(found)


@router.get("/staff/children", summary="Children of the own sites or classes")
def list_children(
    session: DbSession, actor: SignedIn,
    class_run: Annotated[int | None, Query(ge=1, le=2**31 - 1, description="Only this class run, by pinyin.")] = None,
    status: Annotated[Literal["confirmed", "offered", "applied"] | None, Query(description="Only these.")] = None,
    first: Annotated[int, Query(ge=0, le=1_000_000)] = 0, most: Annotated[int, Query(ge=1, le=200)] = 40,
) -> ChildLines:  # fmt: skip
    """Names are masked; a class run of others' has no children here."""
    found = staff_list.children(session, actor, class_run, status, limit=most, offset=first)
    return ChildLines(total=found.total, items=[ChildLineModel.model_validate(line) for line in found.lines])


@router.get("/staff/children/{child_id}", summary="A child, masked")
def masked(session: DbSession, actor: SignedIn, child_id: RowId) -> MaskedChildModel:
    """For staff of its site or class, and the office."""
    return MaskedChildModel.model_validate(staff.masked_child(session, actor, child_id))


@router.post("/staff/children/{child_id}/reveal", summary="One part, unmasked, with a reason")
def reveal(session: DbSession, actor: SignedIn, browser: AskingBrowser, child_id: RowId, body: Reveal) -> Revealed:
    """Kept in the access log, refused attempts too."""
    lines = staff.reveal(session, actor, child_id, body.part, body.reason, body.text, browser.address)
    return Revealed(part=body.part, lines=list(lines))


@router.get("/access-log", summary="The access log")
def log(
    session: DbSession,
    actor: SignedIn,
    account_id: Annotated[int | None, Query(ge=1, le=2**31 - 1)] = None,
    child_id: Annotated[int | None, Query(ge=1, le=2**31 - 1)] = None,
    action: Annotated[str, Query(max_length=50)] = "",
    refused: bool = False,
    first: date | None = None,
    last: date | None = None,
    page: Annotated[int, Query(ge=1, le=100_000)] = 1,
) -> SeenPage:
    """Fifty lines a page."""
    total, rows = seen.access_log(
        session, actor, seen.Filters(account_id, child_id, action, refused, first, last), page
    )
    return SeenPage(total=total, items=[SeenModel.model_validate(one) for one in rows])


@router.get("/retention-runs", summary="Runs of the retention rules")
def runs(session: DbSession, actor: SignedIn) -> RetentionRuns:
    """The last thirty."""
    return RetentionRuns(items=[RetentionModel.model_validate(one) for one in retention.past_runs(session, actor)])


@router.post("/retention-runs", summary="Run the retention rules", status_code=status.HTTP_201_CREATED)
def run(session: DbSession, actor: SignedIn, body: NewRun) -> RetentionModel:
    """A trial unless said otherwise."""
    return RetentionModel.model_validate(retention.run_retention(session, actor, is_trial=body.is_trial))
