"""A volunteer is asked to stand in: yes or no in one tap."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Path, Request, Response

from api.access import SignedIn
from api.deps import DbSession, Speech
from api.pages.reading import go
from api.pages.render import render
from api.searching import LARGEST_ID
from api.speak.web import refusal
from registry.errors import Conflict
from registry.substitutes.answering import answer_own
from registry.substitutes.views import asked_of

router = APIRouter(prefix="/duties/asked", include_in_schema=False)


@router.get("")
def asked(request: Request, session: DbSession, actor: SignedIn) -> Response:
    """What is asked just now."""
    return render(request, "volunteer/asked.html", asked=asked_of(session, actor), said=None, done=None)


@router.post("/{ask}")
def answer(
    request: Request, session: DbSession, actor: SignedIn, language: Speech,
    ask: Annotated[int, Path(ge=1, le=LARGEST_ID)], accepts: Annotated[bool, Form()],
) -> Response:  # fmt: skip
    """Yes: it is on the roster at once. No: the next one is asked."""
    try:
        done = answer_own(session, actor, ask, accepts)
    except Conflict as error:
        said = refusal(error.code, error.facts, language)
        return render(request, "volunteer/asked.html", status=409, asked=asked_of(session, actor), said=said, done=None)
    if done.status == "accepted":
        return go("/duties")
    return render(request, "volunteer/asked.html", asked=asked_of(session, actor), said=None, done=done.status)
