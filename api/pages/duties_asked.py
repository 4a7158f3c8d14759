"""A volunteer is asked to stand in: yes or no in one tap."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Path, Request, Response

from api.access import SignedIn
from api.deps import DbSession, Speech
from api.pages.duty_links import keep_nothing
from api.pages.reading import go
from api.pages.render import render
from api.searching import LARGEST_ID
from api.speak.web import refusal
from registry.errors import Conflict
from registry.substitutes.answering import answer_by_link, answer_own
from registry.substitutes.views import asked_of, see_link

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


by_link = APIRouter(prefix="/d/ask", include_in_schema=False, dependencies=[Depends(keep_nothing)])
Token = Annotated[str, Path(max_length=200)]


@by_link.get("/{token}")
def look(request: Request, session: DbSession, token: Token) -> Response:
    """What the link of a message asks."""
    return render(request, "volunteer/asked_link.html", it=see_link(session, token), token=token, said=None)


@by_link.post("/{token}")
def say(
    request: Request, session: DbSession, language: Speech, token: Token, accepts: Annotated[bool, Form()]
) -> Response:
    """Yes or no, without a password."""
    try:
        answer_by_link(session, token, accepts)
    except Conflict as error:
        said = refusal(error.code, error.facts, language)
        it = see_link(session, token)
        return render(request, "volunteer/asked_link.html", status=409, it=it, token=token, said=said)
    return go(f"/d/ask/{token}")
