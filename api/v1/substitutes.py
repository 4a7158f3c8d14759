"""Substitutes for a published week, and what a volunteer is asked, as JSON."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query
from pydantic import BaseModel, Field

from api.access import DESCRIBED, SignedIn
from api.deps import DbSession, Monday
from api.v1.accounts import PERSONAL
from registry.substitutes import answering, searching, views

router = APIRouter(tags=["substitutes"], responses=PERSONAL, dependencies=DESCRIBED)

by_link = APIRouter(tags=["substitutes"])
Token = Annotated[str, Path(max_length=200)]
AnId = Annotated[int, Path(ge=1, le=2**31 - 1, examples=[1])]
VolunteerId = Annotated[str, Field(max_length=100, examples=["v7"])]
Row = dict[str, str | None]


class PlacesIn(BaseModel):
    """Places of one class on one day, as entries of the roster file without the person; whose they are."""

    places: list[Row] = Field(max_length=40, examples=[[{"class": "c1", "segment": "1-am", "role": "lead"}]])
    instead_of: VolunteerId | None = None


class SearchIn(PlacesIn):
    """Whom to ask, in this order; nobody named: the best few. `minutes` is how long each has to answer."""

    people: list[VolunteerId] = Field(default=[], max_length=100)
    minutes: int = Field(default=60, ge=0, le=2**31 - 1)


class AnswerIn(BaseModel):
    """Yes or no."""

    accepts: bool


class AskModel(BaseModel):
    """Somebody on the list of a search."""

    id: int
    name: str
    status: str = Field(examples=["asked"])
    source: str
    asked_at: datetime | None
    answer_by: datetime | None
    answered_at: datetime | None


class SearchModel(BaseModel):
    """A search, and how everybody on its list stands."""

    id: int
    day: date
    class_name: str
    instead_of: str
    status: str = Field(examples=["open"])
    version: int | None = Field(description="The version that the answer made.")
    places: list[Row]
    asks: list[AskModel]


class AskedModel(BaseModel):
    """A volunteer is asked to stand in."""

    id: int
    day: date
    class_run: str
    children: int
    site: str
    address: str
    answer_by: datetime
    places: list[dict[str, Any]]


class AnsweredModel(BaseModel):
    """`accepted`, `declined`, or `passed`: it was not possible any more."""

    id: int
    status: str


class LinkModel(BaseModel):
    """What a link asks, and how that stands."""

    status: str = Field(examples=["asked"])
    asked: AskedModel


@router.get("/boards/{week}/substitutes", summary="The searches for substitutes of a week")
def searches(session: DbSession, actor: SignedIn, week: Monday) -> list[SearchModel]:
    """Of the sites that one may change, the newest first."""
    return [_search(one) for one in views.searches_of(session, actor, week)]


@router.get("/boards/{week}/substitutes/places", summary="Whose places could be taken")
def places(
    session: DbSession, actor: SignedIn, week: Monday, q: Annotated[str, Query(max_length=100)] = ""
) -> list[dict[str, Any]]:
    """Those of people whose name holds a text; without it, the open ones."""
    return [asdict(group) for group in views.open_groups(session, actor, week, q)]


@router.post("/boards/{week}/substitutes/candidates", summary="Who could take places")
def candidates(session: DbSession, actor: SignedIn, week: Monday, given: PlacesIn) -> list[dict[str, Any]]:
    """The best first, then the others with the rules against them."""
    rows = [dict(row) for row in given.places]
    return [asdict(c) for c in views.see_candidates(session, actor, week, rows, given.instead_of)[1]]


@router.post("/boards/{week}/substitutes", summary="Look for a substitute", status_code=201)
def begin(session: DbSession, actor: SignedIn, week: Monday, given: SearchIn) -> SearchModel:
    """The first on the list is asked at once."""
    rows = [dict(row) for row in given.places]
    made = searching.begin_search(
        session, actor, week, rows, given.people, instead_of=given.instead_of, minutes=given.minutes
    )
    return _search(views.see_search(session, actor, made.id or 0))


@router.get("/boards/{week}/substitutes/{search}", summary="A search for a substitute")
def search(session: DbSession, actor: SignedIn, week: Monday, search: AnId) -> SearchModel:
    """How everybody on the list stands."""
    return _search(views.see_search(session, actor, search))


@router.post("/boards/{week}/substitutes/{search}/stop", summary="Stop looking for a substitute")
def stop(session: DbSession, actor: SignedIn, week: Monday, search: AnId) -> SearchModel:
    """Whoever is being asked is told."""
    searching.stop_search(session, actor, search)
    return _search(views.see_search(session, actor, search))


@router.post("/boards/{week}/substitutes/{search}/asks/{ask}", summary="Write down somebody's answer")
def answer_for(
    session: DbSession, actor: SignedIn, week: Monday, search: AnId, ask: AnId, given: AnswerIn
) -> AnsweredModel:
    """As they said on the phone."""
    done = answering.answer_for(session, actor, search, ask, given.accepts)
    return AnsweredModel(id=done.id or 0, status=done.status)


@router.get("/duties/asked", summary="What one is asked to stand in for")
def asked(session: DbSession, actor: SignedIn) -> list[AskedModel]:
    """Of the volunteer who is signed in."""
    return [AskedModel(**asdict(one)) for one in views.asked_of(session, actor)]


@router.post("/duties/asked/{ask}", summary="Say yes or no")
def answer(session: DbSession, actor: SignedIn, ask: AnId, given: AnswerIn) -> AnsweredModel:
    """Yes: it is on the roster at once, and those affected are told. No: the next one is asked."""
    done = answering.answer_own(session, actor, ask, given.accepts)
    return AnsweredModel(id=done.id or 0, status=done.status)


@by_link.get("/duty-links/ask/{token}", summary="What a link asks one to stand in for")
def look(session: DbSession, token: Token) -> LinkModel:
    """Without sign-in; looking changes nothing."""
    it = views.see_link(session, token)
    return LinkModel(status=it.status, asked=AskedModel(**asdict(it.asked)))


@by_link.post("/duty-links/ask/{token}", summary="Say yes or no by link")
def say(session: DbSession, token: Token, given: AnswerIn) -> AnsweredModel:
    """As on one's own page."""
    done = answering.answer_by_link(session, token, given.accepts)
    return AnsweredModel(id=done.id or 0, status=done.status)


def _search(it: views.SearchView) -> SearchModel:
    return SearchModel(
        id=it.search.id or 0, day=it.search.day, class_name=it.class_name, instead_of=it.instead_of,
        status=it.search.status, version=it.search.version, places=it.search.places_json,
        asks=[AskModel(**asdict(a)) for a in it.asks],
    )  # fmt: skip
