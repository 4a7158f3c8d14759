"""Substitutes for a published week: whose places are open, whom to ask in which order, and how each of them stands."""

from __future__ import annotations

import json
from typing import Annotated, Any

from fastapi import APIRouter, Form, Path, Query, Request, Response

from api.access import SignedIn
from api.deps import DbSession, Monday, Speech
from api.pages.reading import go
from api.pages.render import render
from api.searching import LARGEST_ID
from api.speak.web import refusal
from registry.accounts.permissions import Actor
from registry.errors import Conflict, Refused
from registry.substitutes import answering, searching, views

router = APIRouter(prefix="/board/{week}/substitutes", include_in_schema=False)

Number = Annotated[int, Path(ge=1, le=LARGEST_ID)]
Rows = Annotated[list[Annotated[str, Query(max_length=500)]] | None, Query(alias="place", max_length=40)]
Somebody = Annotated[str, Query(max_length=100)]
LOOKS_EVERY = 20
MINUTES = (15, 30, 60, 120, 240, 720)


@router.get("")
def list_searches(
    request: Request, session: DbSession, actor: SignedIn, week: Monday, q: Annotated[str, Query(max_length=100)] = ""
) -> Response:
    """Whose place could be taken, and the searches so far."""
    searches = views.searches_of(session, actor, week)
    groups, absent = views.open_groups(session, actor, week, q), views.absent_groups(session, actor, week)
    return render(
        request, "board/substitutes.html", week=week, q=q, groups=groups, absent=absent, searches=searches,
        place_json=place_json,
    )  # fmt: skip


@router.get("/new")
def choose(
    request: Request, session: DbSession, actor: SignedIn, week: Monday, language: Speech, place: Rows = None,
    volunteer: Somebody = "",
) -> Response:  # fmt: skip
    """Who could take some places, the best first; whom to ask."""
    return _choose(request, session, actor, week, _read(place), volunteer)


@router.post("")
def begin(
    request: Request, session: DbSession, actor: SignedIn, week: Monday, language: Speech,
    place: Annotated[list[Annotated[str, Form(max_length=500)]], Form(max_length=40)],
    minutes: Annotated[int, Form(ge=0, le=LARGEST_ID)], volunteer: Annotated[str, Form(max_length=100)] = "",
    person: Annotated[list[Annotated[str, Form(max_length=100)]] | None, Form(max_length=100)] = None,
) -> Response:  # fmt: skip
    """Ask the first of them."""
    rows = _read(place)
    try:
        made = searching.begin_search(
            session, actor, week, rows, person or (), instead_of=volunteer or None, minutes=minutes
        )
    except (Refused, Conflict) as error:
        said = refusal(error.code, error.facts, language)
        return _choose(request, session, actor, week, rows, volunteer, said=said)
    return _to(week, made.id)


@router.get("/{search}")
def one_search(request: Request, session: DbSession, actor: SignedIn, week: Monday, search: Number) -> Response:
    """How everybody on the list stands."""
    return _one(request, session, actor, week, search)


@router.post("/{search}/stop")
def stop(
    request: Request, session: DbSession, actor: SignedIn, week: Monday, language: Speech, search: Number
) -> Response:
    """Ask nobody any more."""
    try:
        searching.stop_search(session, actor, search)
    except Conflict as error:
        return _one(request, session, actor, week, search, said=refusal(error.code, error.facts, language))
    return _to(week, search)


@router.post("/{search}/asks/{ask}")
def answer(
    request: Request, session: DbSession, actor: SignedIn, week: Monday, language: Speech, search: Number, ask: Number,
    accepts: Annotated[bool, Form()],
) -> Response:  # fmt: skip
    """What somebody said on the phone."""
    try:
        answering.answer_for(session, actor, search, ask, accepts)
    except Conflict as error:
        return _one(request, session, actor, week, search, said=refusal(error.code, error.facts, language))
    return _to(week, search)


def place_json(row: dict[str, Any]) -> str:
    """A place as a form sends it."""
    return json.dumps(row, ensure_ascii=False, sort_keys=True)


def _read(texts: list[str] | None) -> list[dict[str, Any]]:
    """The places of a form, which are JSON texts.

    Raises:
        Refused: `entry_malformed`.
    """
    try:
        found = [json.loads(text) for text in texts or ()]
    except json.JSONDecodeError:
        found = [None]
    if not all(isinstance(row, dict) for row in found):
        raise Refused("entry_malformed", place="place")
    return found


def _choose(
    request: Request, session: DbSession, actor: Actor, week: Monday, rows: list[dict[str, Any]], volunteer: str, *,
    said: str | None = None,
) -> Response:  # fmt: skip
    group, candidates = views.see_candidates(session, actor, week, rows, volunteer or None)
    return render(
        request, "board/substitute_new.html", status=200 if said is None else 422, week=week, group=group,
        candidates=candidates, volunteer=volunteer, minutes=MINUTES, first=searching.FIRST_ASKED, said=said,
        place_json=place_json,
    )  # fmt: skip


def _one(
    request: Request, session: DbSession, actor: Actor, week: Monday, search: int, *, said: str | None = None
) -> Response:
    it = views.see_search(session, actor, search)
    return render(
        request, "board/substitute.html", status=200 if said is None else 409, week=week, it=it, said=said,
        looks_every=LOOKS_EVERY,
    )  # fmt: skip


def _to(week: Monday, search: int | None) -> Response:
    return go(f"/board/{week}/substitutes/{search}")
