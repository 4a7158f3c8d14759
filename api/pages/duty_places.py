"""Open places that a volunteer may take, and swaps that are offered, accepted, declined and taken back."""

from __future__ import annotations

import json
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response

from api.access import SignedIn
from api.deps import DbSession
from api.pages.attendance import OnDay
from api.pages.duties import map_url, read_parts
from api.pages.family_parts import RowId
from api.pages.reading import FormText, go, number
from api.pages.render import render
from registry.conventions.days import read_day
from registry.duties.moment import monday_of
from registry.duties.open_weeks import places_ahead
from registry.duties.places import claim
from registry.duties.swap_rules import able_colleagues, returns_of
from registry.duties.swaps import answer_swap, offer_swap, withdraw_swap
from registry.errors import Refused

router = APIRouter(prefix="/duties", include_in_schema=False)
MOST_TEXT = 500


@router.get("/open")
def open_now(
    request: Request, session: DbSession, actor: SignedIn, week: Annotated[str, Query(max_length=10)] = ""
) -> Response:  # fmt: skip
    """The open places of a week that the volunteer may take."""
    found = places_ahead(session, actor, read_day(week))
    return render(request, "volunteer/open.html", it=found, dump=json.dumps)


@router.post("/open/{day}")
def take(session: DbSession, actor: SignedIn, day: OnDay, place: FormText = "") -> Response:
    """Take one."""
    claim(session, actor, monday_of(day), read_row(place))
    return go(f"/duties?week={day.isoformat()}")


def read_row(text: str) -> dict[str, Any]:
    """An entry as a form sends it.

    Raises:
        Refused: `entry_malformed`.
    """
    try:
        found = json.loads(text[:MOST_TEXT])
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise Refused("entry_malformed", place="place")
    return found


@router.get("/swap/{day}/{class_run_id}")
def choose(
    request: Request, session: DbSession, actor: SignedIn, day: OnDay, class_run_id: RowId,
    parts: Annotated[str, Query(max_length=60)] = "", to: Annotated[str, Query(max_length=9)] = "",
) -> Response:  # fmt: skip
    """Who could take a stay of mine, and what they could give in return."""
    named, other = [p for p in parts.split(",") if p], number(to)
    people = able_colleagues(session, actor, day, class_run_id, named)
    back = returns_of(session, actor, day, class_run_id, named, other) if other else []
    return render(
        request, "volunteer/swap.html", day=day, class_run_id=class_run_id, parts=named, people=people, to=other,
        back=back, map_url=map_url,
    )  # fmt: skip


@router.post("/swap/{day}/{class_run_id}")
def offer(
    session: DbSession, actor: SignedIn, day: OnDay, class_run_id: RowId, parts: FormText = "", to: FormText = "",
    back: FormText = "",
) -> Response:  # fmt: skip
    """Offer it; `back` is what one takes in return: a day, a part and a class, or nothing."""
    when, _, run = back.rpartition(" ")
    wanted = (*read_parts([when])[0], number(run) or 0) if back else None
    named = [p for p in parts.split(",") if p]
    offer_swap(session, actor, day, class_run_id, named, number(to) or 0, wanted)
    return go("/duties#swaps")


@router.post("/swaps/{id_}/accept")
def accept(session: DbSession, actor: SignedIn, id_: RowId) -> Response:
    """Accept what was offered to me."""
    answer_swap(session, actor, id_, accepts=True)
    return go("/duties")


@router.post("/swaps/{id_}/decline")
def decline(session: DbSession, actor: SignedIn, id_: RowId) -> Response:
    """Decline it."""
    answer_swap(session, actor, id_, accepts=False)
    return go("/duties")


@router.post("/swaps/{id_}/withdraw")
def take_back(session: DbSession, actor: SignedIn, id_: RowId) -> Response:
    """Take my own offer back."""
    withdraw_swap(session, actor, id_)
    return go("/duties")
