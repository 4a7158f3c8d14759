"""A family's own day: where the child is, absent or late, somebody else collects."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from api.access import SignedIn
from api.deps import DbSession, Speech
from api.downloads import download
from api.pages.family_parts import EMPTY, Entered, RowId, family_page, options, wrong
from api.pages.reading import go, number
from api.prints.child_week import week_sheet
from registry import clock
from registry.accounts.permissions import Action, Actor
from registry.attendance.child_week import week_of
from registry.attendance.family import classes_of, delegate, delegations, report, today_of, withdraw_delegation
from registry.conventions.days import day_of, read_day
from registry.errors import Invalid
from registry.families.inputs import KNOWN_AS
from registry.families.reads import own_child

router = APIRouter(prefix="/family/children/{child_id}/today", include_in_schema=False)


@router.get("")
def today(request: Request, session: DbSession, actor: SignedIn, child_id: RowId) -> HTMLResponse:
    """The child's day, and what can be said about it."""
    return family_page(request, "today.html", form=EMPTY, code="", **_facts(request, session, actor, child_id))


@router.get("/week.pdf")
def week_pdf(
    session: DbSession, actor: SignedIn, language: Speech, child_id: RowId,
    day: Annotated[str, Query(max_length=10)] = "",
) -> Response:  # fmt: skip
    """The week of a day, today unless said otherwise, to be printed or kept."""
    on = read_day(day) or clock.today()
    made = week_sheet(week_of(session, actor, child_id, on - timedelta(days=on.weekday())), language, clock.now())
    return download(made.pdf, "pdf", f"week-{child_id}.pdf")


def _facts(request: Request, session: DbSession, actor: Actor, child_id: int) -> dict[str, Any]:
    child, day = own_child(session, actor, child_id, Action.SEE_CHILD), clock.today()
    return {
        "child": child, "day": day, "days": today_of(session, actor, child_id),
        "classes": classes_of(session, child_id), "codes": delegations(session, child_id, day),
        "relations": options(request, "relation", KNOWN_AS),
    }  # fmt: skip


@router.post("/report")
def say(request: Request, session: DbSession, actor: SignedIn, child_id: RowId, entered: Entered) -> Response:
    """Absent, late, or coming after all."""
    try:
        day = _day(entered)
        report(session, actor, child_id, number(entered.get("class_run_id", "")) or 0, day, entered.get("mark", ""))
    except Invalid as error:
        return wrong(request, "today.html", entered, error, code="", **_facts(request, session, actor, child_id))
    return go(f"/family/children/{child_id}/today")


def _day(entered: Mapping[str, str]) -> date:
    return day_of("day", entered["day"]) if entered.get("day") else clock.today()


@router.post("/collectors")
def somebody_else(request: Request, session: DbSession, actor: SignedIn, child_id: RowId, entered: Entered) -> Response:
    """Another adult collects: the code is told on this answer alone."""
    try:
        made, code = delegate(
            session, actor, child_id, _day(entered), entered.get("name", ""), entered.get("relation", "")
        )
    except Invalid as error:
        return wrong(request, "today.html", entered, error, code="", **_facts(request, session, actor, child_id))
    facts = {**_facts(request, session, actor, child_id), "made": made}
    return family_page(request, "today.html", form=EMPTY, code=code, **facts)


@router.post("/collectors/{delegation_id}/withdraw")
def withdraw(session: DbSession, actor: SignedIn, child_id: RowId, delegation_id: RowId) -> RedirectResponse:
    """Take a code back."""
    withdraw_delegation(session, actor, child_id, delegation_id)
    return go(f"/family/children/{child_id}/today")
