"""What volunteers do themselves beside answering: open places, swaps, wishes, calendar, reminders, hours."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query
from pydantic import BaseModel, Field

from api.access import DESCRIBED, SignedIn
from api.deps import DbSession, Monday
from api.v1.accounts import PERSONAL
from api.v1.duty_answers import Token
from api.v1.duty_models import Answered
from registry.duties.feed import choice_of, choose_reminders, end_feed, hours_of, make_feed
from registry.duties.places import OpenPlaces, claim, open_places
from registry.duties.swap_rules import Colleague, able_colleagues
from registry.duties.swap_view import SwapView, own_swaps, swap_of_link, view_of
from registry.duties.swaps import answer_swap, answer_swap_by_link, offer_swap, withdraw_swap
from registry.duties.wishes import Wishes, change_wishes, see_wishes

router = APIRouter(tags=["duties"], responses=PERSONAL, dependencies=DESCRIBED)
by_link = APIRouter(tags=["duties"], responses=PERSONAL)

AnId = Annotated[int, Path(ge=1, le=2**31 - 1, examples=[1])]
RowNumber = Annotated[int, Field(ge=1, le=2**31 - 1, examples=[1])]
PartName = Annotated[str, Field(max_length=10, examples=["am"])]


class Claiming(BaseModel):
    """The entry of a place."""

    entry: dict[str, Any] = Field(max_length=10)


class Version(BaseModel):
    """The version of the week that is in force now."""

    week: date
    version: int


class InReturn(BaseModel):
    """What one takes in return."""

    day: date
    part: PartName
    class_run: RowNumber


class Offering(BaseModel):
    """A stay that is offered, and to whom."""

    day: date
    class_run: RowNumber
    parts: list[PartName] = Field(max_length=10)
    to: RowNumber
    back: InReturn | None = None


class SwapAnswer(BaseModel):
    """Yes or no."""

    accepts: bool


class WishesModel(BaseModel):
    """When one can come (weekday and part), how much, where, with which courses; new courses wait for the office."""

    available: list[tuple[int, PartName]] = Field(max_length=40)
    most: int = Field(ge=-1, le=1000)
    preferred: int = Field(ge=-1, le=1000)
    sites: list[int] = Field(max_length=200)
    courses: list[int] = Field(max_length=200)


class Choice(BaseModel):
    """Reminders, whether a calendar's address stands, hours since a day."""

    is_reminded: bool
    has_calendar: bool
    since: date
    hours_signed: float
    hours_planned: float


class Reminding(BaseModel):
    """Whether one is reminded the evening before."""

    is_reminded: bool


class Feed(BaseModel):
    """The path of a calendar. It is told this once."""

    path: str


@router.get("/duties/open/{week}", summary="Open places that one may take")
def open_now(session: DbSession, actor: SignedIn, monday: Monday) -> OpenPlaces:
    """Of a published week, by the scheduler's rules; and at how many more places which rule is against one."""
    return open_places(session, actor, monday)


@router.post("/duties/open/{week}", summary="Take an open place")
def take(session: DbSession, actor: SignedIn, monday: Monday, given: Claiming) -> Version:
    """Of two who take it at once, the first has it."""
    made = claim(session, actor, monday, given.entry)
    return Version(week=made.week, version=made.number)


@router.get("/duties/swaps/colleagues/{day}/{class_run}", summary="Who could take a stay")
def colleagues(
    session: DbSession, actor: SignedIn, day: date, class_run: AnId,
    parts: Annotated[list[str], Query(max_length=10, description="Parts of the day; by default all.")] = [],  # noqa: B006
) -> list[Colleague]:  # fmt: skip
    """By the rules; their telephones are not told."""
    return able_colleagues(session, actor, day, class_run, parts)


@router.get("/duties/swaps", summary="Swaps that wait for an answer")
def swaps(session: DbSession, actor: SignedIn) -> list[SwapView]:
    """Offered by oneself and to oneself."""
    return own_swaps(session, actor)


@router.post("/duties/swaps", summary="Offer a swap", status_code=201)
def offer(session: DbSession, actor: SignedIn, given: Offering) -> SwapView:
    """The colleague gets a link to answer by."""
    back = (given.back.day, given.back.part, given.back.class_run) if given.back else None
    made = offer_swap(session, actor, given.day, given.class_run, given.parts, given.to, back)
    return view_of(session, made, made.from_id)


@router.post("/duties/swaps/{id}/answer", summary="Accept or decline a swap")
def answer(session: DbSession, actor: SignedIn, id: AnId, given: SwapAnswer) -> SwapView:
    """The rules are asked again: both rosters may be others by now."""
    made = answer_swap(session, actor, id, accepts=given.accepts)
    return view_of(session, made, made.to_id)


@router.delete("/duties/swaps/{id}", summary="Take a swap back")
def take_back(session: DbSession, actor: SignedIn, id: AnId) -> SwapView:
    """As long as nobody has answered it."""
    made = withdraw_swap(session, actor, id)
    return view_of(session, made, made.from_id)


@by_link.get("/swap-links/{token}", summary="What the link of a swap is about")
def look(session: DbSession, token: Token) -> SwapView:
    """Looking changes nothing."""
    return swap_of_link(session, token)


@by_link.post("/swap-links/{token}/answer", summary="Accept or decline a swap by link")
def answer_link(session: DbSession, token: Token, given: SwapAnswer) -> SwapView:
    """The same without a sign-in."""
    answer_swap_by_link(session, token, accepts=given.accepts)
    return swap_of_link(session, token)


@router.get("/duties/wishes", summary="One's own wishes")
def wishes(session: DbSession, actor: SignedIn) -> WishesModel:
    """What the weeks to come are made with."""
    found = see_wishes(session, actor).wishes
    return WishesModel(
        available=sorted(found.available), most=found.most, preferred=found.preferred, sites=sorted(found.sites),
        courses=sorted(found.courses | found.offered),
    )  # fmt: skip


@router.put("/duties/wishes", summary="Change one's wishes")
def change(session: DbSession, actor: SignedIn, given: WishesModel) -> Answered:
    """Answers how many published parts of days lie outside of them now; those stay until one says no to them."""
    wanted = Wishes(
        frozenset(given.available), given.most, given.preferred, frozenset(given.sites), frozenset(given.courses)
    )
    return Answered(changed=len(change_wishes(session, actor, wanted)))


@router.get("/duties/choices", summary="Reminders, calendar, hours")
def choices(session: DbSession, actor: SignedIn) -> Choice:
    """Hours count from the first of January."""
    chosen, hours = choice_of(session, actor), hours_of(session, actor)
    return Choice(
        is_reminded=chosen.is_reminded, has_calendar=chosen.feed_hash is not None, since=hours.since,
        hours_signed=hours.signed, hours_planned=hours.planned,
    )  # fmt: skip


@router.put("/duties/choices/reminders", summary="Be reminded, or not")
def remind(session: DbSession, actor: SignedIn, given: Reminding) -> Answered:
    """The evening before."""
    choose_reminders(session, actor, is_reminded=given.is_reminded)
    return Answered(changed=1)


@router.post("/duties/choices/calendar", summary="A new address for the calendar", status_code=201)
def make_calendar(session: DbSession, actor: SignedIn) -> Feed:
    """The one before is worth nothing any more."""
    return Feed(path=f"/d/calendar/{make_feed(session, actor)}.ics")


@router.delete("/duties/choices/calendar", summary="End the calendar's address")
def end_calendar(session: DbSession, actor: SignedIn) -> Answered:
    """It is worth nothing any more."""
    end_feed(session, actor)
    return Answered(changed=1)
