"""What routes ask for, named like nouns: the database session, the language, the stores.

Who may see what: the pages of a published week need no sign-in (`api/shown.py`), so they and their interface show what
a notice on the wall may show. Names of volunteers are masked (张*丰) before any view is made; search works on masked
names alone. Phones, ID numbers, addresses, remarks, names of site coordinators never reach a page: the problem of a
week does not hold them. Of volunteers without a valid background check only the number is told. No child appears
anywhere, only numbers of children. Files that are downloaded (`api/v1/downloads.py`) are made of the same masked
problem. The commands of `qingzai` are another matter: whoever runs them has the database, so they print whole names and
addresses. `qingzai serve` listens on 127.0.0.1 unless told otherwise.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from datetime import date
from typing import Annotated, cast

from fastapi import Depends, Path, Query, Request
from sqlmodel import Session

from api.speak.language import LANGUAGES, Language
from registry.board.positions import Positions
from registry.errors import Refused
from registry.rostering.week_store import WeekStore
from registry.rostering.week_why import Explainer

LANGUAGE_COOKIE, SESSION_COOKIE = "lang", "qingzai_session"


def language_of(request: Request) -> Language:
    """`?lang=zh` or `?lang=en`, else what was chosen before (a cookie), else Chinese. Anything else is ignored."""
    for wanted in (request.query_params.get("lang"), request.cookies.get(LANGUAGE_COOKIE)):
        if wanted in LANGUAGES:
            return wanted
    return "zh"


async def take_turn(request: Request) -> AsyncIterator[None]:
    """Wait for a turn, which lasts as long as the session (`api/turns.py`)."""
    async with request.app.state.turns.turn(is_writing=not _reads(request)):
        yield


def open_session(request: Request, _turn: Annotated[None, Depends(take_turn, scope="function")]) -> Iterator[Session]:
    """A session for one request, committed and closed before the response goes out. Changes take turns on SQLite."""
    with (request.app.state.sessions if _reads(request) else request.app.state.changes)() as session:
        yield session


def _reads(request: Request) -> bool:
    return request.method in ("GET", "HEAD")


def read_monday(
    week: Annotated[
        str,
        Path(description="The week's Monday.", examples=["2026-07-13"], json_schema_extra={"format": "date"}),
    ],
) -> date:
    """The date in a path. Only 2026-07-13 is taken: pydantic would read a bare number as seconds since 1970."""
    try:
        if len(week) == 10:
            return date.fromisoformat(week)
    except ValueError:
        pass
    raise Refused("week_malformed", week=week[:40])


DbSession = Annotated[Session, Depends(open_session, scope="function")]
Speech = Annotated[Language, Depends(language_of)]
Monday = Annotated[date, Depends(read_monday)]


def find_store(request: Request) -> WeekStore:
    """The views that are kept between requests."""
    return cast(WeekStore, request.app.state.weeks)


Store = Annotated[WeekStore, Depends(find_store)]


def find_full_store(request: Request) -> WeekStore:
    """The views with whole names, for those who may see them."""
    return cast(WeekStore, request.app.state.full_weeks)


FullStore = Annotated[WeekStore, Depends(find_full_store)]


def find_boards(request: Request) -> Positions:
    """The boards that are kept between requests."""
    return cast(Positions, request.app.state.boards)


Boards = Annotated[Positions, Depends(find_boards)]


def find_explainer(request: Request) -> Explainer:
    """Who answers why, with the answers that are kept between requests."""
    return cast(Explainer, request.app.state.explainer)


Why = Annotated[Explainer, Depends(find_explainer)]
Segment = Annotated[str | None, Query(max_length=100, description="A segment of the class: its people.")]
Slot = Annotated[str | None, Query(max_length=100, description="A slot of the class: its lesson.")]
Domain = Annotated[str | None, Query(max_length=100, description="A domain that the class is short of.")]
Somebody = Annotated[str | None, Query(max_length=100, description="A volunteer: why there, or why not.")]
