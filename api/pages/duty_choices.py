"""What a volunteer chooses: when they can come, where, with which courses; calendar, reminders; hours so far."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Request, Response
from sqlmodel import Session

from api.access import SignedIn
from api.deps import DbSession, Speech
from api.pages.forms import Form as Entered
from api.pages.forms import refused
from api.pages.reading import FormText, go, number
from api.pages.render import render
from registry.accounts.permissions import Actor
from registry.duties.dates import WORKING_DAYS
from registry.duties.feed import choice_of, choose_reminders, end_feed, hours_of, make_feed
from registry.duties.wishes import Wishes, change_wishes, see_wishes
from registry.errors import Invalid

router = APIRouter(prefix="/duties", include_in_schema=False)

Ticked = Annotated[list[str], Form()]


@router.get("/wishes")
def wishes(request: Request, session: DbSession, actor: SignedIn) -> Response:
    """What I wish."""
    return _wishes(request, session, actor)


def _wishes(
    request: Request, session: Session, actor: Actor, form: Entered | None = None, status: int = 200
) -> Response:  # fmt: skip
    it = see_wishes(session, actor)
    shown = form or Entered({"most": it.wishes.most, "preferred": it.wishes.preferred})
    return render(request, "volunteer/wishes.html", status=status, it=it, weekdays=WORKING_DAYS, form=shown)


@router.post("/wishes")
def change(
    request: Request, session: DbSession, actor: SignedIn, language: Speech, available: Ticked = [],  # noqa: B006
    most: FormText = "", preferred: FormText = "", sites: Ticked = [], courses: Ticked = [],  # noqa: B006
) -> Response:  # fmt: skip
    """Put them in place of what was."""
    read_most, read_preferred = number(most), number(preferred)
    wanted = Wishes(
        frozenset(_segment(text) for text in available), -1 if read_most is None else read_most,
        -1 if read_preferred is None else read_preferred, frozenset(number(s) or 0 for s in sites),
        frozenset(number(c) or 0 for c in courses),
    )  # fmt: skip
    try:
        change_wishes(session, actor, wanted)
    except Invalid as error:
        form = refused({"most": most, "preferred": preferred}, error, language)
        return _wishes(request, session, actor, form, 422)
    return go("/duties/wishes?saved=1")


def _segment(text: str) -> tuple[int, str]:
    day, _, part = text.partition("-")
    return number(day) or 0, part


@router.get("/calendar")
def calendar(request: Request, session: DbSession, actor: SignedIn) -> Response:
    """Calendar, reminders, hours."""
    return _calendar(request, session, actor, "")


def _calendar(request: Request, session: Session, actor: Actor, token: str) -> Response:
    base = request.app.state.settings.address or str(request.base_url).rstrip("/")
    address = f"{base}/d/calendar/{token}.ics" if token else ""
    return render(
        request, "volunteer/calendar.html", choice=choice_of(session, actor), hours=hours_of(session, actor),
        address=address,
    )  # fmt: skip


@router.post("/calendar")
def make(request: Request, session: DbSession, actor: SignedIn) -> Response:
    """A new secret address, shown this once; the one before is worth nothing any more."""
    return _calendar(request, session, actor, make_feed(session, actor))


@router.post("/calendar/end")
def end(session: DbSession, actor: SignedIn) -> Response:
    """No address any more."""
    end_feed(session, actor)
    return go("/duties/calendar")


@router.post("/reminders")
def reminders(session: DbSession, actor: SignedIn, wanted: FormText = "") -> Response:
    """Be reminded the evening before, or not."""
    choose_reminders(session, actor, is_reminded=wanted == "yes")
    return go("/duties/calendar")
