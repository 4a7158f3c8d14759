"""On which dates a volunteer can come, or cannot: told and taken back, day by day."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Form, Request, Response
from sqlmodel import Session

from api.access import SignedIn
from api.deps import DbSession, Speech
from api.pages.forms import Form as Entered
from api.pages.forms import refused
from api.pages.reading import FormText, day, go, shown
from api.pages.render import render
from registry.accounts.permissions import Actor
from registry.duties.dates import say_dates, see_dates, unsay_date
from registry.duties.moment import monday_of
from registry.errors import FieldProblem, Invalid

router = APIRouter(prefix="/duties/dates", include_in_schema=False)

Ticked = Annotated[list[str], Form()]


@router.get("")
def dates(request: Request, session: DbSession, actor: SignedIn) -> Response:
    """What I told for days to come."""
    return _dates(request, session, actor, Entered({"comes": "no"}), set())


def _dates(
    request: Request, session: Session, actor: Actor, form: Entered, parts: set[str], status: int = 200
) -> Response:  # fmt: skip
    it = see_dates(session, actor)
    return render(
        request, "volunteer/dates.html", status=status, it=it, form=form, parts=parts or set(it.parts),
        monday_of=monday_of,
    )  # fmt: skip


@router.post("")
def tell(
    request: Request, session: DbSession, actor: SignedIn, language: Speech, first: FormText = "", last: FormText = "",
    parts: Ticked = [], comes: FormText = "no",  # noqa: B006
) -> Response:  # fmt: skip
    """Tell a day, or the days from one to another."""
    try:
        say_dates(session, actor, _day(first, "first"), _day(last, "last"), parts, comes=comes == "yes")
    except Invalid as error:
        form = refused({"first": shown(first), "last": shown(last), "comes": comes}, error, language)
        return _dates(request, session, actor, form, set(parts), 422)
    return go("/duties/dates?saved=1")


@router.post("/{told}/remove")
def remove(session: DbSession, actor: SignedIn, told: date) -> Response:
    """As if it had never been told."""
    unsay_date(session, actor, told)
    return go("/duties/dates")


def _day(text: str, field: str) -> date | None:
    try:
        return day(text)
    except ValueError:
        raise Invalid(FieldProblem(field, "date_malformed")) from None
