"""What the link of a message opens: no sign-in, two buttons. Looking changes nothing; a button does what it says."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Path, Request, Response

from api.deps import DbSession, Speech, language_of
from api.pages.duties import map_url, read_parts
from api.pages.forms import Form as Entered
from api.pages.forms import refused
from api.pages.reading import FormText, go
from api.pages.render import render
from api.prints.feed import feed_calendar
from registry.duties.answers import REASONS
from registry.duties.by_link import absent_by_link, confirm_by_link, see_link
from registry.duties.feed import read_feed
from registry.duties.swap_view import swap_of_link
from registry.duties.swaps import answer_swap_by_link
from registry.errors import Invalid


def keep_nothing(request: Request) -> None:
    """Pages of links are not kept by the browser: they are somebody's, although nobody has signed in."""
    request.state.is_personal = True


router = APIRouter(prefix="/d", include_in_schema=False, dependencies=[Depends(keep_nothing)])

Token = Annotated[str, Path(max_length=200)]
Ticked = Annotated[list[str], Form()]


@router.get("/{token}")
def look(request: Request, session: DbSession, token: Token) -> Response:
    """What it is about, with the two buttons."""
    return _page(request, session, token)


def _page(
    request: Request, session: DbSession, token: str, form: Entered | None = None, status: int = 200
) -> Response:  # fmt: skip
    return render(
        request, "volunteer/link.html", status=status, it=see_link(session, token), token=token, map_url=map_url,
        reasons=REASONS, form=form or Entered(),
    )  # fmt: skip


@router.post("/{token}/coming")
def coming(session: DbSession, token: Token) -> Response:
    """Say yes."""
    confirm_by_link(session, token)
    return go(f"/d/{token}")


@router.post("/{token}/absent")
def absent(
    request: Request, session: DbSession, token: Token, parts: Ticked = [],  # noqa: B006
    reason: FormText = REASONS[0], note: FormText = "",
) -> Response:  # fmt: skip
    """Say no, to the parts that are ticked or to all."""
    try:
        absent_by_link(session, token, read_parts(parts), reason, note)
    except Invalid as error:
        return _page(request, session, token, refused({"note": note}, error, language_of(request)), 422)
    return go(f"/d/{token}")


@router.get("/swap/{token}")
def look_at_swap(request: Request, session: DbSession, token: Token) -> Response:
    """What a colleague offers, with two buttons."""
    return render(request, "volunteer/swap_link.html", it=swap_of_link(session, token), token=token)


@router.post("/swap/{token}/accept")
def accept(session: DbSession, token: Token) -> Response:
    """Accept it."""
    answer_swap_by_link(session, token, accepts=True)
    return go(f"/d/swap/{token}")


@router.post("/swap/{token}/decline")
def decline(session: DbSession, token: Token) -> Response:
    """Decline it."""
    answer_swap_by_link(session, token, accepts=False)
    return go(f"/d/swap/{token}")


@router.get("/calendar/{token}.ics")
def feed(session: DbSession, language: Speech, token: Token) -> Response:
    """The calendar of a secret address."""
    made = feed_calendar(read_feed(session, token), language)
    return Response(made, media_type="text/calendar; charset=utf-8", headers={"Cache-Control": "private, no-store"})
