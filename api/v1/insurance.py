"""Insurance lists for the office: as they would be now, final ones, and the workbook for the insurer."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated

from fastapi import APIRouter, Path, Query, Response, status
from pydantic import Field

from api.access import DESCRIBED, AskingBrowser, SignedIn
from api.deps import DbSession, Speech
from api.downloads import download
from api.v1.accounts import PERSONAL
from api.v1.models import Model
from registry.insurance import lists
from registry.insurance.tables import InsuranceList

router = APIRouter(prefix="/office/insurance", tags=["insurance"], responses=PERSONAL, dependencies=DESCRIBED)
RowId = Annotated[int, Path(ge=1, le=2**31 - 1)]


class TroubleOut(Model):
    """Something to look at before the list goes out."""

    code: str = Field(examples=["no_consent"])
    kind: str = Field(examples=["child"])
    person_id: int


class OutlookOut(Model):
    """The list as it would be now, in figures: names stand in the workbook alone."""

    children: int
    volunteers: int
    added: int
    removed: int
    last: int | None = Field(description="The number of the last list that was made final.")
    troubles: list[TroubleOut]


class ListOut(Model):
    """A list that was made final."""

    id: int
    term_id: int
    scope: str = Field(examples=["term"], description="`term`, or the day.")
    number: int
    persons: int
    added: int
    removed: int
    digest: str
    note: str
    made_at: datetime
    approved_at: datetime | None

    @classmethod
    def of(cls, one: InsuranceList) -> ListOut:
        """From its row."""
        return cls.model_validate(one)


class Final(Model):
    """Of the whole term, or of one day."""

    day: date | None = None
    note: str = Field(default="", max_length=1000)


@router.get("", summary="Lists that were made final")
def final_lists(session: DbSession, actor: SignedIn) -> list[ListOut]:
    """The newest first."""
    return [ListOut.of(line.list) for line in lists.final_lists(session, actor)]


@router.get("/terms/{term_id}", summary="Who is to be insured now")
def outlook(
    session: DbSession, actor: SignedIn, term_id: RowId, day: Annotated[date | None, Query()] = None
) -> OutlookOut:  # fmt: skip
    """In a term, or on one day of it."""
    found = lists.outlook(session, actor, term_id, day)
    children = sum(row.kind == "child" for row in found.found.rows)
    return OutlookOut(
        children=children, volunteers=len(found.found.rows) - children, added=len(found.changes.added),
        removed=len(found.changes.removed), last=found.last.number if found.last else None,
        troubles=[TroubleOut.model_validate(one) for one in found.found.troubles],
    )  # fmt: skip


@router.post("/terms/{term_id}", summary="Make the list final", status_code=status.HTTP_201_CREATED)
def make_final(session: DbSession, actor: SignedIn, term_id: RowId, body: Final) -> ListOut:
    """It is never changed; what is different afterwards stands in the next one."""
    return ListOut.of(lists.make_final(session, actor, term_id, body.day, body.note))


@router.post("/{list_id}/approve", summary="Approve a list")
def approve(session: DbSession, actor: SignedIn, list_id: RowId) -> ListOut:
    """That somebody else made."""
    return ListOut.of(lists.approve(session, actor, list_id))


@router.post("/{list_id}/take", summary="The workbook for the insurer", response_class=Response)
def take(session: DbSession, actor: SignedIn, browser: AskingBrowser, language: Speech, list_id: RowId) -> Response:
    """Everybody, who is new, who is gone. Each time is kept."""
    from api.prints.insurance import insurance_book

    taken = lists.take(session, actor, list_id, browser.address)
    return download(insurance_book(taken, language), "xlsx", f"insurance-{list_id}.xlsx")
