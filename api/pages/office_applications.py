"""The office's pages of applications: the list, one application on the desk, claims and decisions, the list to save."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response
from sqlmodel import Session

from api.access import SignedIn
from api.deps import DbSession, Speech
from api.downloads import TableKind, download
from api.pages.forms import Form, refused
from api.pages.reading import FormText, go, number, shown
from api.pages.render import render
from registry.accounts.permissions import Action, Actor, require
from registry.enrolment import desk
from registry.enrolment.claims import decide_claim
from registry.enrolment.decisions import approve, reject
from registry.enrolment.lists import CLAIMS, STATUSES, Asked, applications
from registry.enrolment.tables import Application
from registry.errors import FieldProblem, Invalid, NotFound

router = APIRouter(prefix="/office/applications", include_in_schema=False)

ON_A_PAGE = 40
MOST_ROWS = 20_000
"""Of a spreadsheet: more than a district's round has."""


def read_asked(
    round: Annotated[str, Query(max_length=20)] = "", status: Annotated[str, Query(max_length=20)] = "",
    claim: Annotated[str, Query(max_length=20)] = "", site: Annotated[str, Query(max_length=20)] = "",
    class_run: Annotated[str, Query(alias="class", max_length=20)] = "",
    text: Annotated[str, Query(alias="q", max_length=100)] = "",
) -> Asked:  # fmt: skip
    """What is looked for; a filter that is no filter does not filter, and round 0 is the newest."""
    return Asked(
        round_id=number(round) or 0, status=status if status in STATUSES else None,
        claim=claim if claim in CLAIMS else None, site_id=number(site), class_run_id=number(class_run), text=text,
    )  # fmt: skip


Wanted = Annotated[Asked, Depends(read_asked)]


@router.get("")
def list_applications(
    request: Request, session: DbSession, actor: SignedIn, asked: Wanted,
    page: Annotated[int, Query(ge=1, le=10_000)] = 1,
) -> Response:  # fmt: skip
    """Applications of a round, filtered."""
    return _list(request, session, actor, asked, page)


@router.get("/find")
def find(
    request: Request, session: DbSession, actor: SignedIn, number: Annotated[str, Query(max_length=40)] = ""
) -> Response:
    """From a receipt's number to the application, as a coordinator with a parent at the desk does."""
    require(actor, Action.LIST_APPLICATIONS)
    try:
        found = desk.application_at_desk(session, actor, number)
    except NotFound:
        return _list(request, session, actor, Asked(0), 1, missed=number.strip()[:40])
    return go(f"/office/applications/{found.number}")


@router.get("/list.{kind}")
def save_list(session: DbSession, actor: SignedIn, language: Speech, asked: Wanted, kind: TableKind) -> Response:
    """The same list to take away: all of it, masked."""
    from api.prints.office_lists import applications as as_file

    asked = _of_newest(session, actor, asked)
    lines = applications(session, actor, asked, limit=MOST_ROWS).lines
    return download(as_file(lines, kind, language), kind, f"qingzai-applications-{asked.round_id}.{kind}")


@router.get("/{receipt}")
def one_application(request: Request, session: DbSession, actor: SignedIn, receipt: str) -> Response:
    """One application."""
    return _one(request, session, actor, receipt, Form({"seen_by": actor.name}))


@router.post("/{receipt}/claim")
def decide(
    request: Request, session: DbSession, actor: SignedIn, language: Speech, receipt: str,
    answer: FormText = "", seen_by: FormText = "",
) -> Response:  # fmt: skip
    """The claim was verified on site, or does not hold."""
    found = _at_desk(session, actor, receipt, Action.VERIFY_CLAIM)
    try:
        if answer not in ("yes", "no"):
            raise Invalid(FieldProblem("answer", "choose_one"))
        decide_claim(session, actor, found.number, is_true=answer == "yes", seen_by=seen_by)
    except Invalid as error:
        form = refused({"answer": shown(answer), "seen_by": shown(seen_by)}, error, language)
        return _one(request, session, actor, receipt, form, status=422)
    return go(f"/office/applications/{found.number}")


@router.post("/{receipt}/approve")
def approve_application(session: DbSession, actor: SignedIn, receipt: str, class_run: FormText = "") -> Response:
    """Give it a place in one of its wishes."""
    found = _at_desk(session, actor, receipt, Action.DECIDE_APPLICATION)
    approve(session, actor, found.number, number(class_run) or 0)
    return go(f"/office/applications/{found.number}")


@router.post("/{receipt}/reject")
def reject_application(
    request: Request, session: DbSession, actor: SignedIn, language: Speech, receipt: str, reason: FormText = ""
) -> Response:
    """Refuse it, with a reason that the family reads."""
    found = _at_desk(session, actor, receipt, Action.DECIDE_APPLICATION)
    try:
        reject(session, actor, found.number, reason)
    except Invalid as error:
        return _one(request, session, actor, receipt, refused({"reason": shown(reason)}, error, language), status=422)
    return go(f"/office/applications/{found.number}")


def _at_desk(session: Session, actor: Actor, receipt: str, action: Action) -> Application:
    require(actor, action)
    return desk.application_at_desk(session, actor, receipt)


def _of_newest(session: Session, actor: Actor, asked: Asked) -> Asked:
    """The round that was named, or the newest that is not called off."""
    import dataclasses

    require(actor, Action.LIST_APPLICATIONS)
    if asked.round_id:
        desk.visible_round(session, actor, asked.round_id)
        return asked
    lines = desk.round_lines(session, actor)
    live = [line for line in lines if line.phase not in ("cancelled", "draft")] or lines
    return dataclasses.replace(asked, round_id=(live[0].round.id or 0) if live else 0)


def _list(
    request: Request, session: Session, actor: Actor, asked: Asked, page: int, *, missed: str = "", status: int = 200
) -> Response:
    asked = _of_newest(session, actor, asked)
    rounds = [line.round for line in desk.round_lines(session, actor)]
    shown_now = desk.overview(session, actor, asked.round_id) if asked.round_id else None
    found = applications(session, actor, asked, limit=ON_A_PAGE, offset=(page - 1) * ON_A_PAGE)
    return render(
        request, "office/applications.html", status=status, asked=asked, rounds=rounds, overview=shown_now,
        found=found, page=page, pages=max(1, -(-found.total // ON_A_PAGE)), statuses=STATUSES, claims=CLAIMS,
        missed=missed,
    )  # fmt: skip


def _one(request: Request, session: Session, actor: Actor, receipt: str, form: Form, *, status: int = 200) -> Response:
    found = desk.detail(session, actor, receipt)
    return render(request, "office/application.html", status=status, it=found, form=form)
