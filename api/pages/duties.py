"""A volunteer's own pages on the phone: the next duty first, coming or not, then the week."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Form, Query, Request, Response
from sqlmodel import Session

from api.access import AskingBrowser, SignedIn
from api.deps import DbSession, language_of
from api.pages.attendance import OnDay
from api.pages.family_parts import RowId
from api.pages.forms import Form as Entered
from api.pages.forms import refused
from api.pages.reading import FormText, go
from api.pages.render import render
from registry.accounts.permissions import Actor
from registry.conventions.days import read_day
from registry.duties.answers import REASONS, Part, answer_absent, answer_coming, withdraw_absence
from registry.duties.at_hand import at_hand
from registry.duties.mine import Stay, next_stay, open_parts, own_week, week_shown
from registry.duties.notes import write_note
from registry.duties.swap_view import own_swaps
from registry.errors import Invalid
from registry.growth.desk import watch_list
from registry.substitutes.views import asked_of

router = APIRouter(prefix="/duties", include_in_schema=False)

Ticked = Annotated[list[str], Form()]


@router.get("")
def own_duties(
    request: Request, session: DbSession, actor: SignedIn, browser: AskingBrowser,
    week: Annotated[str, Query(max_length=10)] = "",
) -> Response:  # fmt: skip
    """The next duty, and a week: that of the next duty unless another is asked for."""
    return _page(request, session, actor, read_day(week), browser.address)


def _page(
    request: Request, session: Session, actor: Actor, asked: date | None, address: str = "",
    form: Entered | None = None, status: int = 200,
) -> Response:  # fmt: skip
    coming = next_stay(session, actor)
    known = at_hand(session, actor, coming, address) if coming else None
    watch = watch_list(session, actor, coming.class_run_id, coming.day) if coming else []
    shown, swaps = own_week(session, actor, week_shown(session, actor, asked)), own_swaps(session, actor)
    return render(
        request, "volunteer/duties.html", status=status, coming=coming, known=known, week=shown, watch=watch,
        days=by_day(shown.stays), before=shown.monday - timedelta(days=7), after=shown.monday + timedelta(days=7),
        map_url=map_url, open_parts=open_parts, swaps=swaps, reasons=REASONS, form=form or Entered(),
        stand_in=asked_of(session, actor),
    )  # fmt: skip


@router.post("/{day}/coming")
def coming(session: DbSession, actor: SignedIn, day: OnDay) -> Response:
    """Say yes to a day."""
    answer_coming(session, actor, day)
    return _back(day)


@router.post("/{day}/absent")
def absent(
    request: Request, session: DbSession, actor: SignedIn, day: OnDay, parts: Ticked = [],  # noqa: B006
    reason: FormText = REASONS[0], note: FormText = "",
) -> Response:  # fmt: skip
    """Say no to some parts of a day."""
    try:
        answer_absent(session, actor, [(day, part) for part in parts], reason, note)
    except Invalid as error:
        form = refused({"note": note, "reason": reason}, error, language_of(request))
        return _page(request, session, actor, day, form=form, status=422)
    return _back(day)


@router.post("/absences/{id_}/withdraw")
def withdraw(session: DbSession, actor: SignedIn, id_: RowId) -> Response:
    """Come after all."""
    return _back(withdraw_absence(session, actor, id_).day)


@router.post("/{day}/notes/{class_run_id}")
def leave_note(
    request: Request, session: DbSession, actor: SignedIn, day: OnDay, class_run_id: RowId, text: FormText = ""
) -> Response:  # fmt: skip
    """Leave a note to whoever is with the class next."""
    try:
        write_note(session, actor, class_run_id, day, text)
    except Invalid as error:
        form = refused({"text": text}, error, language_of(request))
        return _page(request, session, actor, day, form=form, status=422)
    return _back(day)


def _back(day: date) -> Response:
    return go(f"/duties?week={day.isoformat()}")


def read_parts(ticked: list[str]) -> list[Part]:
    """Parts of days as forms send them: 2026-07-06 am. Anything else names no part of anybody's."""
    found = []
    for one in ticked[:50]:
        day, _, part = one.partition(" ")
        found.append((read_day(day) or date.min, part))
    return found


def map_url(stay: Stay) -> str:
    """A link that opens the map of whoever reads; nothing is loaded from there before it is tapped."""
    place = {"position": f"{stay.longitude},{stay.latitude}", "name": stay.site, "src": "qingzai", "callnative": "1"}
    return f"https://uri.amap.com/marker?{urlencode(place)}"


def by_day(stays: tuple[Stay, ...]) -> dict[date, list[Stay]]:
    """Stays by day."""
    found: dict[date, list[Stay]] = {}
    for stay in stays:
        found.setdefault(stay.day, []).append(stay)
    return found
