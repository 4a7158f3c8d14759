"""The office's page of tokens for other programs. A token is shown once, when it is made."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Form, Request, Response

from api.access import SignedIn
from api.deps import DbSession, Speech
from api.pages.forms import Form as Entries
from api.pages.forms import refused
from api.pages.reading import FormText, day, go, shown
from api.pages.render import render
from registry.accounts import tokens
from registry.accounts.permissions import Actor
from registry.errors import FieldProblem, Invalid

router = APIRouter(prefix="/office/tokens", include_in_schema=False)


@router.get("")
def list_tokens(request: Request, session: DbSession, actor: SignedIn) -> Response:
    """The tokens that work."""
    return _page(request, session, actor, Entries())


@router.post("")
def make_token(
    request: Request, session: DbSession, actor: SignedIn, language: Speech, name: FormText = "",
    scopes: Annotated[list[str] | None, Form()] = None, last_day: FormText = "",
) -> Response:  # fmt: skip
    """Make one and show it, this once: the answer is the page itself, because no later page could show it."""
    kept = {"name": shown(name), "scopes": scopes or [], "last_day": shown(last_day)}
    try:
        _, token = tokens.make_token(session, actor, name=name, scopes=scopes or [], last_day=_day(last_day))
    except Invalid as error:
        return _page(request, session, actor, refused(kept, error, language), status=422)
    return _page(request, session, actor, Entries(), token=token)


@router.post("/{id_}/revoke")
def revoke_token(session: DbSession, actor: SignedIn, id_: int) -> Response:
    """End one."""
    tokens.revoke_token(session, actor, id_)
    return go("/office/tokens")


def _day(text: str) -> date | None:
    try:
        return day(text)
    except ValueError:
        raise Invalid(FieldProblem("last_day", "date_malformed")) from None


def _page(
    request: Request, session: DbSession, actor: Actor, form: Entries, *, token: str = "", status: int = 200
) -> Response:
    return render(
        request, "office/tokens.html", status=status, form=form, token=token, rows=tokens.tokens(session, actor),
        scopes=tokens.grantable(actor),
    )  # fmt: skip
