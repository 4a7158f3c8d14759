"""What changed underneath a board, what would fall away, and what to do about it."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Request, Response

from api.access import SignedIn
from api.deps import DbSession, Monday, Speech
from api.pages.reading import go
from api.pages.render import render
from api.searching import LARGEST_ID
from api.speak.web import refusal
from registry.board.notices import Notice, see_notice, settle
from registry.errors import Conflict

router = APIRouter(prefix="/board/{week}/data", include_in_schema=False)

MOST = 80
"""Differences and entries that the page lists."""


@router.get("")
def one_notice(request: Request, session: DbSession, actor: SignedIn, week: Monday) -> Response:
    """The differences, and what would fall away."""
    return _page(request, week, see_notice(session, actor, week))


@router.post("")
def decide(
    request: Request, session: DbSession, actor: SignedIn, week: Monday, language: Speech,
    way: Annotated[str, Form(max_length=20)], digest: Annotated[str, Form(max_length=64)],
    revision: Annotated[int, Form(ge=0, le=LARGEST_ID)],
) -> Response:  # fmt: skip
    """Take the new data, open all that they are about, or keep the board as it is."""
    try:
        settle(session, actor, week, way, digest=digest, seen=revision)
    except Conflict as error:
        said = refusal(error.code, error.facts, language)
        return _page(request, week, see_notice(session, actor, week), said)
    return go(f"/board/{week}")


def _page(request: Request, week: Monday, found: Notice, said: str | None = None) -> Response:
    return render(
        request, "board/data.html", status=200 if said is None else 409, week=week, it=found, said=said, most=MOST
    )
