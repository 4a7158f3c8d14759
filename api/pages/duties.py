"""A volunteer's own pages on the phone: the next duty first, then the week."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request, Response

from api.access import SignedIn
from api.deps import DbSession
from api.pages.render import render
from registry.conventions.days import read_day
from registry.duties.mine import Stay, next_stay, own_week, week_shown

router = APIRouter(prefix="/duties", include_in_schema=False)


@router.get("")
def own_duties(
    request: Request, session: DbSession, actor: SignedIn, week: Annotated[str, Query(max_length=10)] = ""
) -> Response:
    """The next duty, and a week: that of the next duty unless another is asked for."""
    coming = next_stay(session, actor)
    shown = own_week(session, actor, week_shown(session, actor, read_day(week)))
    return render(
        request, "volunteer/duties.html", coming=coming, week=shown, days=_by_day(shown.stays),
        before=shown.monday - timedelta(days=7), after=shown.monday + timedelta(days=7), map_url=map_url,
    )  # fmt: skip


def map_url(stay: Stay) -> str:
    """A link that opens the map of whoever reads; nothing is loaded from there before it is tapped."""
    place = {"position": f"{stay.longitude},{stay.latitude}", "name": stay.site, "src": "qingzai", "callnative": "1"}
    return f"https://uri.amap.com/marker?{urlencode(place)}"


def _by_day(stays: tuple[Stay, ...]) -> dict[date, list[Stay]]:
    found: dict[date, list[Stay]] = {}
    for stay in stays:
        found.setdefault(stay.day, []).append(stay)
    return found
