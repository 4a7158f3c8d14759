"""Closing the day: what is still open at the own sites in a week, and closing a site's day."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Path
from pydantic import Field

from api.access import DESCRIBED, SignedIn
from api.deps import DbSession, Monday
from api.v1.accounts import PERSONAL
from api.v1.attendance_models import Added
from api.v1.models import Model
from registry.attendance.closing import SiteClosing, close_site_day, day_closing, week_closing

router = APIRouter(prefix="/boards/{week}/closing", tags=["attendance"], responses=PERSONAL, dependencies=DESCRIBED)
RowId = Annotated[int, Path(ge=1, le=2**31 - 1)]


class ClassClosingOut(Model):
    """A class."""

    class_run_id: int
    name: str
    is_closed: bool
    unaccounted: int = Field(description="Children of whom nobody can say where they are.")


class AttendedOut(Model):
    """A volunteer who was there."""

    volunteer_id: int
    name: str
    hours: float
    is_open: bool = Field(description="Whether they have not signed out.")


class AbsenceOut(Model):
    """Somebody who cannot come and whom nobody has replaced."""

    volunteer_id: int
    name: str
    part: str
    class_run_ids: list[int]


class SiteClosingOut(Model):
    """A site's day."""

    site_id: int
    site: str
    day: date
    is_closed: bool
    is_ahead: bool
    hours: float
    classes: list[ClassClosingOut]
    people: list[AttendedOut]
    absences: list[AbsenceOut]
    unsigned: list[str] = Field(description="On duty, never signed in: no hours. The day may be closed all the same.")


class WeekClosingOut(Model):
    """The week."""

    is_closed: bool
    hours: float
    days: list[SiteClosingOut]


class ClosingIn(Model):
    """A reason lets absences be that nobody filled."""

    reason: str = Field(default="", max_length=1000)


def _out(one: SiteClosing) -> SiteClosingOut:
    classes = [
        ClassClosingOut(
            class_run_id=c.class_run.id or 0, name=c.class_run.name, is_closed=c.is_closed, unaccounted=c.open_children
        )
        for c in one.classes
    ]
    absences = [
        AbsenceOut(
            volunteer_id=a.absence.volunteer_id, name=a.name, part=a.absence.part,
            class_run_ids=sorted(a.held.class_runs),
        )
        for a in one.absences
    ]  # fmt: skip
    return SiteClosingOut(
        site_id=one.site.id or 0, site=one.site.name, day=one.day, is_closed=one.is_closed, is_ahead=one.is_ahead,
        hours=one.hours, classes=classes, people=[AttendedOut.model_validate(p) for p in one.people],
        absences=absences, unsigned=list(one.unsigned),
    )  # fmt: skip


@router.get("", summary="What is still open in a week")
def one_week(session: DbSession, actor: SignedIn, week: Monday) -> WeekClosingOut:
    """At the sites that one answers for; the week is closed once every day is."""
    it = week_closing(session, actor, week)
    return WeekClosingOut(is_closed=it.is_closed, hours=it.hours, days=[_out(one) for one in it.days])


@router.get("/{site_id}/{day}", summary="What is still open at a site on a day")
def one_day(session: DbSession, actor: SignedIn, week: Monday, site_id: RowId, day: date) -> SiteClosingOut:
    """Children are counted, not named."""
    return _out(day_closing(session, actor, site_id, day))


@router.post("/{site_id}/{day}", summary="Close a site's day")
def close(
    session: DbSession, actor: SignedIn, week: Monday, site_id: RowId, day: date, body: ClosingIn
) -> Added:  # fmt: skip
    """Refused while children, sign-outs or (without a reason) absences are open."""
    return Added(n=close_site_day(session, actor, site_id, day, body.reason))
