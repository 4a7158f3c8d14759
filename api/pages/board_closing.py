"""Closing the day: a week's sites and days, and a site's day with what is still open, each with where it is settled."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from sqlmodel import Session

from api.access import SignedIn
from api.deps import DbSession, Monday, Speech
from api.pages.attendance import OnDay
from api.pages.family_parts import RowId
from api.pages.reading import FormText, go
from api.pages.render import render
from api.speak.web import refusal
from registry.accounts.permissions import Actor
from registry.attendance.closing import LONGEST_REASON, close_site_day, day_closing, week_closing
from registry.duties.publish import version_in_force
from registry.errors import Conflict, NotFound

router = APIRouter(prefix="/board/{week}/closing", include_in_schema=False)


def read_day_of_week(week: Monday, day: OnDay) -> date:
    """A day of the week in the path.

    Raises:
        NotFound: `page_unknown`, for a day of another week.
    """
    if not week <= day < week + timedelta(days=7):
        raise NotFound("page_unknown", path=str(day))
    return day


DayOfWeek = Annotated[date, Depends(read_day_of_week)]


@router.get("")
def one_week(request: Request, session: DbSession, actor: SignedIn, week: Monday) -> Response:
    """The sites that one answers for, day by day."""
    is_published = version_in_force(session, week) is not None
    it = week_closing(session, actor, week)
    return render(request, "board/closing.html", week=week, it=it, is_published=is_published)


@router.get("/{site_id}/{day}")
def one_day(
    request: Request, session: DbSession, actor: SignedIn, week: Monday, site_id: RowId, day: DayOfWeek
) -> Response:  # fmt: skip
    """What is open at a site on a day."""
    return _page(request, session, actor, week, site_id, day)


def _page(
    request: Request, session: Session, actor: Actor, week: date, site_id: int, day: date, said: str = "",
    status: int = 200,
) -> Response:  # fmt: skip
    it, is_published = day_closing(session, actor, site_id, day), version_in_force(session, week) is not None
    return render(
        request, "board/closing_day.html", status=status, week=week, it=it, said=said, is_published=is_published
    )


@router.post("/{site_id}/{day}")
def close(
    request: Request, session: DbSession, actor: SignedIn, language: Speech, week: Monday, site_id: RowId,
    day: DayOfWeek, reason: FormText = "",
) -> Response:  # fmt: skip
    """Close it; where something is open the page says so and lists it."""
    try:
        close_site_day(session, actor, site_id, day, reason[:LONGEST_REASON])
    except Conflict as error:
        said = refusal(error.code, error.facts, language)
        return _page(request, session, actor, week, site_id, day, said, status=409)
    return go(f"/board/{week}/closing/{site_id}/{day}")
