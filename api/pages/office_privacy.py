"""The office's pages about children's data: requests of guardians, the access log, how long data are kept."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from api.access import SignedIn
from api.deps import DbSession, Speech
from api.pages.family_parts import RowId
from api.pages.forms import Form, refused
from api.pages.reading import FormText, day, go, number, shown
from api.pages.render import render
from registry.accounts.permissions import Actor
from registry.errors import FieldProblem, Invalid
from registry.privacy.requests import decide, open_requests
from registry.privacy.retention import RULES, past_runs, run_retention
from registry.privacy.seen import ON_A_PAGE, Filters, access_log, actions

router = APIRouter(prefix="/office", include_in_schema=False)
Asked = Annotated[str, Query(max_length=50)]


@router.get("/requests")
def requests(request: Request, session: DbSession, actor: SignedIn) -> Response:
    """What guardians ask for."""
    return _requests(request, session, actor, Form())


@router.post("/requests/{request_id}")
def answer(
    request: Request, session: DbSession, actor: SignedIn, language: Speech, request_id: RowId,
    decision: FormText = "", answer: FormText = "",
) -> Response:  # fmt: skip
    """Do it, or say why not."""
    try:
        if decision not in ("grant", "refuse"):
            raise Invalid(FieldProblem("answer", "choose_one"))
        decide(session, actor, request_id, is_granted=decision == "grant", answer=answer)
    except Invalid as error:
        form = refused({"answer": shown(answer)}, error, language)
        return _requests(request, session, actor, form, wrong=request_id, status=422)
    return go("/office/requests")


def _requests(
    request: Request, session: DbSession, actor: Actor, form: Form, *, wrong: int = 0, status: int = 200
) -> Response:
    rows = open_requests(session, actor)
    return render(request, "office/requests.html", status=status, rows=rows, form=form, wrong=wrong, empty=Form())


@router.get("/access-log")
def log(
    request: Request, session: DbSession, actor: SignedIn, account: Asked = "", child: Asked = "", action: Asked = "",
    first: Asked = "", last: Asked = "", refused: Asked = "", page: Annotated[int, Query(ge=1, le=100_000)] = 1,
) -> Response:  # fmt: skip
    """Who did what to whose data, the newest first. A filter that makes no sense is no filter."""
    filters = Filters(number(account), number(child), action, bool(refused), _day(first), _day(last))
    total, rows = access_log(session, actor, filters, page)
    asked = {"account": account, "child": child, "action": action, "first": first, "last": last, "refused": refused}
    return render(
        request, "office/access_log.html", rows=rows, total=total, asked=asked, actions=actions(session, actor),
        page=page, pages=max(1, -(-total // ON_A_PAGE)),
    )  # fmt: skip


def _day(text: str) -> date | None:
    try:
        return day(text)
    except ValueError:
        return None


@router.get("/retention")
def retention(request: Request, session: DbSession, actor: SignedIn) -> Response:
    """The rules, the last trial, and what was deleted before."""
    return render(request, "office/retention.html", rules=RULES, runs=past_runs(session, actor))


@router.post("/retention")
def run(session: DbSession, actor: SignedIn, mode: FormText = "") -> Response:
    """A trial; or, where that is said, the deletion."""
    run_retention(session, actor, is_trial=mode != "delete")
    return go("/office/retention")
