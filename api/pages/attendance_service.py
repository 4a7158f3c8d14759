"""Volunteers sign in and out themselves; coordinators see a site's day, close it and correct hours."""

from __future__ import annotations

from datetime import date, datetime, time

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from api.access import SignedIn
from api.deps import DbSession, Speech
from api.pages.attendance import OnDay
from api.pages.family_parts import RowId
from api.pages.forms import Form, refused
from api.pages.reading import FormText, go, number
from api.pages.render import render
from registry.accounts.permissions import Action, Actor, may
from registry.attendance.closing import close_site_day
from registry.attendance.days import site_day
from registry.attendance.figures import site_counts
from registry.attendance.service import correct_stay, sign_in_service, sign_out_service, stays_at
from registry.clock import SHANGHAI
from registry.errors import FieldProblem, Invalid

router = APIRouter(prefix="/attendance", include_in_schema=False)


@router.post("/service/in")
def come(session: DbSession, actor: SignedIn, site_id: FormText = "", key: FormText = "") -> RedirectResponse:
    """I am here."""
    sign_in_service(session, actor, number(site_id) or 0, key[:64])
    return go("/attendance")


@router.post("/service/out")
def leave(session: DbSession, actor: SignedIn) -> RedirectResponse:
    """I leave."""
    sign_out_service(session, actor)
    return go("/attendance")


@router.get("/sites/{site_id}/{day}")
def site(request: Request, session: DbSession, actor: SignedIn, site_id: RowId, day: OnDay) -> HTMLResponse:
    """A site on a day: its classes, its volunteers."""
    return _page(request, session, actor, site_id, day, Form())


def _page(
    request: Request, session: DbSession, actor: Actor, site_id: int, day: date, form: Form, status: int = 200
) -> HTMLResponse:
    lines = site_day(session, actor, site_id, day)
    corrects = may(actor, Action.CORRECT_SERVICE)
    stays = stays_at(session, actor, site_id, day) if corrects else []
    return render(
        request, "attendance/site.html", status=status, lines=lines, site_id=site_id, day=day, stays=stays, form=form,
        counts=site_counts(session, site_id, day, day), may_close=may(actor, Action.CLOSE_DAY), zone=SHANGHAI,
    )  # fmt: skip


@router.post("/sites/{site_id}/{day}/close")
def close(session: DbSession, actor: SignedIn, site_id: RowId, day: OnDay) -> RedirectResponse:
    """Close the day of all classes of the site."""
    close_site_day(session, actor, site_id, day)
    return go(f"/attendance/sites/{site_id}/{day}")


@router.post("/sites/{site_id}/{day}/stays/{stay_id}")
def correct(
    request: Request, session: DbSession, actor: SignedIn, language: Speech, site_id: RowId, day: OnDay,
    stay_id: RowId, came: FormText = "", left: FormText = "", reason: FormText = "",
) -> Response:  # fmt: skip
    """Put right when somebody came and left."""
    try:
        at, until = _moment("came_at", day, came), _moment("left_at", day, left) if left.strip() else None
        correct_stay(session, actor, stay_id, at, until, reason)
    except Invalid as error:
        form = refused({"stay": stay_id, "came": came, "left": left, "reason": reason}, error, language)
        return _page(request, session, actor, site_id, day, form, 422)
    return go(f"/attendance/sites/{site_id}/{day}")


def _moment(field: str, day: date, text: str) -> datetime:
    try:
        return datetime.combine(day, time.fromisoformat(text.strip()), SHANGHAI)
    except ValueError:
        raise Invalid(FieldProblem(field, "time_malformed")) from None
