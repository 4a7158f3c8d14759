"""A family's page of its data: a copy of all of it, who of the staff opened what, requests to correct and delete."""

from __future__ import annotations

import json
from urllib.parse import quote

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from api.access import AskingBrowser, SignedIn
from api.deps import DbSession, Speech
from api.pages.family_parts import EMPTY, Entered, RowId, family_page
from api.pages.forms import Form, refused
from api.prints.export import printed_export
from registry.accounts.permissions import Action, Actor
from registry.errors import Invalid
from registry.families.reads import own_child
from registry.privacy.export import export_child
from registry.privacy.requests import make_request, requests_of, take_back
from registry.privacy.seen import seen_by

router = APIRouter(prefix="/family/children/{child_id}/data", include_in_schema=False)
NO_STORE = {"Cache-Control": "no-store"}


@router.get("")
def my_data(request: Request, session: DbSession, actor: SignedIn, child_id: RowId) -> Response:
    """What can be done with the data of a child."""
    return _page(request, session, actor, child_id, EMPTY)


@router.get("/export.json")
def export_json(session: DbSession, actor: SignedIn, browser: AskingBrowser, child_id: RowId) -> Response:
    """Everything about the child, for other programs."""
    found = export_child(session, actor, child_id, kind="json", address=browser.address)
    text = json.dumps(found, ensure_ascii=False, indent=2)
    return _file(text.encode(), "application/json", child_id, "json")


@router.get("/export.pdf")
def export_pdf(
    session: DbSession, actor: SignedIn, language: Speech, browser: AskingBrowser, child_id: RowId
) -> Response:
    """The same to be read and printed."""
    found = export_child(session, actor, child_id, kind="pdf", address=browser.address)
    return _file(printed_export(found, language).pdf, "application/pdf", child_id, "pdf")


def _file(content: bytes, kind: str, child_id: int, ending: str) -> Response:
    name = quote(f"青仔-我的数据-{child_id}.{ending}")
    return Response(
        content, media_type=kind, headers={**NO_STORE, "Content-Disposition": f"inline; filename*=UTF-8''{name}"}
    )


@router.post("/requests")
def ask(
    request: Request, session: DbSession, actor: SignedIn, language: Speech, child_id: RowId, entered: Entered
) -> Response:
    """Ask for a correction or a deletion."""
    try:
        make_request(session, actor, child_id, entered.get("kind", ""), entered.get("text", ""))
    except Invalid as error:
        return _page(request, session, actor, child_id, refused(entered, error, language), status=422)
    return RedirectResponse(f"/family/children/{child_id}/data#requests", 303)


@router.post("/requests/{request_id}/take-back")
def ask_no_more(session: DbSession, actor: SignedIn, child_id: RowId, request_id: RowId) -> Response:
    """Take a request back."""
    take_back(session, actor, child_id, request_id)
    return RedirectResponse(f"/family/children/{child_id}/data#requests", 303)


def _page(
    request: Request, session: DbSession, actor: Actor, child_id: int, form: Form, *, status: int = 200
) -> Response:
    child = own_child(session, actor, child_id, Action.SEE_CHILD)
    return family_page(
        request, "data.html", status=status, child=child, form=form, seen=seen_by(session, child_id),
        requests=requests_of(session, child_id),
    )  # fmt: skip
