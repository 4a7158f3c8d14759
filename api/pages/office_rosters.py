"""The office's pages of publishing: the weeks, what publishing would change, the versions, and going back to one."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Form, Path, Request, Response

from api.access import SignedIn
from api.deps import DbSession, Monday, Speech
from api.pages.reading import go
from api.pages.render import render
from api.searching import LARGEST_ID
from api.speak.web import refusal
from registry.accounts.permissions import Actor
from registry.duties import releases
from registry.duties.difference import by_class, by_site
from registry.duties.outlook import outlook, weeks_to_publish
from registry.errors import Refused

router = APIRouter(prefix="/office/rosters", include_in_schema=False)

Note = Annotated[str, Form(max_length=1000)]
Number = Annotated[int, Form(ge=1, le=LARGEST_ID)]
Revision = Annotated[int, Form(ge=0, le=LARGEST_ID)]
MOST_PEOPLE = 60
"""People whose changes the page lists; who publishes the first version of a district looks at a few."""


@router.get("")
def list_weeks(request: Request, session: DbSession, actor: SignedIn) -> Response:
    """Every week that could be or was published."""
    return render(request, "office/rosters.html", weeks=weeks_to_publish(session, actor))


@router.get("/{week}")
def one_week(request: Request, session: DbSession, actor: SignedIn, monday: Monday) -> Response:
    """What publishing would change, what keeps it from being published, and the versions so far."""
    return _page(request, session, actor, monday)


@router.post("/{week}/publish")
def publish(
    request: Request, session: DbSession, actor: SignedIn, monday: Monday, language: Speech, draft: Number,
    note: Note = "",
) -> Response:  # fmt: skip
    """Publish the draft that was looked at."""
    try:
        releases.publish_draft(session, actor, monday, draft, note)
    except Refused as error:
        return _page(request, session, actor, monday, refusal(error.code, error.facts, language))
    return _back(monday)


@router.post("/{week}/publish-board")
def publish_board(
    request: Request, session: DbSession, actor: SignedIn, monday: Monday, language: Speech, revision: Revision,
    note: Note = "",
) -> Response:  # fmt: skip
    """Publish the board as it was looked at."""
    try:
        releases.publish_board(session, actor, monday, revision, note)
    except Refused as error:
        return _page(request, session, actor, monday, refusal(error.code, error.facts, language))
    return _back(monday)


@router.post("/{week}/restore")
def restore(
    request: Request, session: DbSession, actor: SignedIn, monday: Monday, language: Speech, version: Number,
    note: Note = "",
) -> Response:  # fmt: skip
    """An earlier version is in force again."""
    try:
        releases.roll_back(session, actor, monday, version, note)
    except Refused as error:
        return _page(request, session, actor, monday, refusal(error.code, error.facts, language))
    return _back(monday)


@router.get("/{week}/compare/{older}/{newer}")
def compare(
    request: Request, session: DbSession, actor: SignedIn, monday: Monday,
    older: Annotated[int, Path(ge=1, le=LARGEST_ID)], newer: Annotated[int, Path(ge=1, le=LARGEST_ID)],
) -> Response:  # fmt: skip
    """What differs between two versions."""
    changes = releases.compare(session, actor, monday, older, newer)
    return render(
        request, "office/roster_compare.html", monday=monday, older=older, newer=newer, changes=changes,
        sites=by_site(changes), by_class=by_class, most=MOST_PEOPLE,
    )  # fmt: skip


def _page(request: Request, session: DbSession, actor: Actor, monday: date, said: str | None = None) -> Response:
    found = outlook(session, actor, monday)
    return render(
        request, "office/roster.html", status=200 if said is None else 422, it=found, by_site=by_site,
        by_class=by_class, most=MOST_PEOPLE, said=said,
    )  # fmt: skip


def _back(monday: date) -> Response:
    return go(f"/office/rosters/{monday.isoformat()}")
