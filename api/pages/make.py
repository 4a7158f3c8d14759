"""Making a week: which week, of which sites and how long; then how far it is, stopping it, and on to the board."""

from __future__ import annotations

from contextlib import suppress
from datetime import date
from typing import Annotated

from fastapi import APIRouter, Form, Path, Request, Response

from api.access import SignedIn
from api.deps import Boards, DbSession, Monday, Speech
from api.pages.reading import go, number
from api.pages.render import render
from api.searching import LARGEST_ID
from api.speak.web import refusal
from registry.accounts.permissions import Actor
from registry.errors import Conflict, Invalid, NotFound, Refused
from registry.making import queueing, weeks
from registry.making.boarding import put_on_board
from registry.making.live import LevelNow, Live, live

router = APIRouter(prefix="/make", include_in_schema=False)

DraftId = Annotated[int, Path(ge=1, le=LARGEST_ID)]
EVERY = 3
"""Seconds after which the page of a solve loads itself again where there is no script."""
CHOICES = (15, 30, 60, 120, 300, 900)
"""Seconds to choose from. Longer ones can be asked for through the interface."""
WIDE, HIGH = 240, 60
"""The small chart of a level, in its own units."""


@router.get("")
def list_weeks(request: Request, session: DbSession, actor: SignedIn) -> Response:
    """The weeks that are not over."""
    return render(request, "make/weeks.html", weeks=weeks.weeks_to_make(session, actor))


@router.get("/{week}")
def one_week(request: Request, session: DbSession, actor: SignedIn, week: Monday) -> Response:
    """What may be made of it, and what was made so far."""
    return _week(request, session, actor, week)


@router.post("/{week}")
def begin(
    request: Request, session: DbSession, actor: SignedIn, week: Monday, language: Speech,
    site: Annotated[list[str], Form()], seconds: Annotated[str, Form(max_length=10)] = "",
) -> Response:  # fmt: skip
    """Queue it. `site` is a number, or empty for the whole district."""
    try:
        sites = [_site(text) for text in site if text != ""]
        made, _ = queueing.make_week(session, actor, week, sites, number(seconds) or 0)
    except Invalid:
        said = refusal("seconds_range", {"least": weeks.LEAST, "most": weeks.MOST}, language)
        return _week(request, session, actor, week, said=said)
    except Refused as error:
        return _week(request, session, actor, week, said=refusal(error.code, error.facts, language))
    return go(f"/make/drafts/{made.draft.id}")


@router.get("/drafts/{draft}")
def progress(request: Request, session: DbSession, actor: SignedIn, draft: DraftId) -> Response:
    """How far a solve is, or how it ended."""
    return _progress(request, session, actor, draft)


@router.post("/drafts/{draft}/stop")
def stop(session: DbSession, actor: SignedIn, draft: DraftId) -> Response:
    """Be done with the best so far. What has just ended needs no stopping."""
    with suppress(Conflict):
        queueing.stop(session, actor, draft)
    return go(f"/make/drafts/{draft}")


@router.post("/drafts/{draft}/again")
def again(session: DbSession, actor: SignedIn, draft: DraftId) -> Response:
    """The same once more, on today's data."""
    made, _ = queueing.again(session, actor, draft)
    return go(f"/make/drafts/{made.draft.id}")


@router.post("/drafts/{draft}/board")
def to_board(session: DbSession, boards: Boards, actor: SignedIn, draft: DraftId) -> Response:
    """Put it on the board and go there."""
    made = put_on_board(session, boards, actor, draft)
    return go(f"/board/{made.board.week.isoformat()}")


def _site(text: str) -> int:
    if (found := number(text)) is None:
        raise NotFound("site_missing", site=text[:40])
    return found


def _week(request: Request, session: DbSession, actor: Actor, week: date, said: str | None = None) -> Response:
    return render(
        request, "make/week.html", status=200 if said is None else 422, it=weeks.choice(session, actor, week),
        said=said, choices=CHOICES, usual=weeks.USUAL,
    )  # fmt: skip


def _progress(request: Request, session: DbSession, actor: Actor, draft: int) -> Response:
    found = weeks.attempt(session, actor, draft)
    return render(
        request, "make/draft.html", it=found, now=live(found), every=EVERY, is_own=weeks.is_own(actor, found),
        line=line, wide=WIDE, high=HIGH,
    )  # fmt: skip


def line(now: Live, level: LevelNow, which: str) -> str:
    """The points of the cost or the bound of a level over the time so far, as steps, for the chart. The highest cost is
    at the top, the lowest bound at the bottom; without a bound, nothing for gaps, and for points the lowest cost."""
    most, least = max(value for _, value in level.costs), min(value for _, value in level.bounds)
    if not level.bound and level.name == "quality":
        least = min(value for _, value in level.costs)
    scale, until = max(1, most - least), max(now.seconds, 1.0)
    points: list[str] = []
    last: float | None = None
    bounds = [point for point in level.bounds if point[1] or not level.bound]  # None of 0 before there is one.
    for seconds, value in level.costs if which == "cost" else bounds:
        x, y = round(seconds / until * WIDE, 1), round(4 + (most - value) / scale * (HIGH - 8), 1)
        points += [f"{x},{last}"] if last is not None and last != y else []
        points.append(f"{x},{y}")
        last = y
    return " ".join(points)
