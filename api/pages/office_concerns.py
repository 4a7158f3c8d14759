"""Concerns about children (强制报告), for the office alone: a list without names, and one opened, which is kept."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from api.access import AskingBrowser, SignedIn
from api.deps import DbSession, Speech
from api.pages.family_parts import RowId
from api.pages.forms import Form, refused
from api.pages.reading import FormText, go
from api.pages.render import render
from registry.errors import Invalid
from registry.growth.concerns import concerns, handle_concern, open_concern

router = APIRouter(prefix="/office/concerns", include_in_schema=False)


@router.get("")
def all_of_them(request: Request, session: DbSession, actor: SignedIn) -> HTMLResponse:
    """The list, the newest first, without words and names."""
    return render(request, "office/concerns.html", rows=concerns(session, actor))


@router.post("/{concern_id}")
def opened(
    request: Request, session: DbSession, actor: SignedIn, browser: AskingBrowser, concern_id: RowId
) -> HTMLResponse:
    """One, on this answer alone; that it was read is kept."""
    found = open_concern(session, actor, concern_id, address=browser.address)
    return render(request, "office/concern.html", found=found, form=Form())


@router.post("/{concern_id}/outcome")
def outcome(
    request: Request, session: DbSession, actor: SignedIn, browser: AskingBrowser, language: Speech,
    concern_id: RowId, outcome: FormText = "",
) -> Response:  # fmt: skip
    """Write what was done, once."""
    try:
        handle_concern(session, actor, concern_id, outcome)
    except Invalid as error:
        found = open_concern(session, actor, concern_id, address=browser.address)
        form = refused({"outcome": outcome}, error, language)
        return render(request, "office/concern.html", status=422, found=found, form=form)
    return go("/office/concerns")
