"""On which dates a volunteer can come, or cannot."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from fastapi import APIRouter
from pydantic import BaseModel, Field

from api.access import DESCRIBED, SignedIn
from api.deps import DbSession
from api.v1.accounts import PERSONAL
from api.v1.duty_models import Answered
from registry.duties.dates import say_dates, see_dates, unsay_date

router = APIRouter(prefix="/duties/dates", tags=["duties"], responses=PERSONAL, dependencies=DESCRIBED)

PartName = Annotated[str, Field(max_length=10, examples=["am"])]


class ToldModel(BaseModel):
    """A day: the parts in which one cannot come, those in which one can, and of the former those published already."""

    day: date
    away: list[str]
    comes: list[str]
    published: list[str]


class Telling(BaseModel):
    """Working days from the first to the last, by default the first alone; and whether one can come in these parts."""

    first: date
    last: date | None = None
    parts: list[PartName] = Field(max_length=10)
    comes: bool = False


@router.get("", summary="Dates on which one can come, or cannot")
def dates(session: DbSession, actor: SignedIn) -> list[ToldModel]:
    """One's own, of days to come; they count more than the wishes for every week."""
    return [
        ToldModel(day=t.day, away=list(t.away), comes=list(t.comes), published=list(t.published))
        for t in see_dates(session, actor).told
    ]


@router.post("", summary="Tell dates", status_code=201)
def tell(session: DbSession, actor: SignedIn, given: Telling) -> Answered:
    """Answers for how many parts of days it was told. What is published stays until one says no to it."""
    return Answered(changed=say_dates(session, actor, given.first, given.last, given.parts, comes=given.comes))


@router.delete("/{day}", summary="Take a date back")
def remove(session: DbSession, actor: SignedIn, day: date) -> Answered:
    """The wishes for every week hold again."""
    unsay_date(session, actor, day)
    return Answered(changed=1)
