"""Lines and rows of making a week for the test that asks every route as every role."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from board_routes import WEEK
from factories import facts
from sqlmodel import func, select

from registry import clock
from registry.board.boards import EMPTY
from registry.db import session_scope
from registry.programme import Site
from registry.rostering.tables import RosterDraft

Params = dict[str, Any]
NOTHING = {"safety": 0, "programme": 0, "quality": 0}
RESULT = {"cost": NOTHING, "bound": NOTHING, "seconds": 1.0}
FIRST_MONDAY = date(2080, 1, 1)


def _first_site(world: Any) -> int:
    with session_scope(world.engine) as session:
        return min(number or 0 for number in session.exec(select(Site.id)))


def a_week(_world: Any, _role: str) -> Params:
    """A week without classes: asking for it is right, and it is refused as empty."""
    return {"week": WEEK.isoformat()}


def a_draft(world: Any, _role: str) -> Params:
    """A finished draft of nothing, of the coordinator's site. Each is of a week of its own."""
    with session_scope(world.engine) as session:
        so_far = session.exec(select(func.count()).select_from(RosterDraft)).one()
        made = RosterDraft(
            week=FIRST_MONDAY + timedelta(days=7 * so_far), status="done", seed=1, workers=1, seconds=5, version="x",
            problem_json=facts(), roster_json={**EMPTY, "result": RESULT}, result_json=RESULT,
            scope_json=[f"s{_first_site(world)}"], created_at=clock.now(),
        )  # fmt: skip
        session.add(made)
        session.flush()
        return {"draft": made.id}


def no_draft(_world: Any, _role: str) -> Params:
    """The number of a draft that there is not."""
    return {"draft": 999_999}


def making_lines(
    for_: Callable[..., Any], coordinator: str, elsewhere: str, office: str, auditor: str
) -> dict[str, Any]:
    """A coordinator makes and stops what is of the own site; everybody who rosters sees how far it is. The files of a
    draft are for staff, as all that is not published."""
    anyone, here, api = (coordinator, elsewhere, office), (coordinator, office), "/api/v1/making"
    found = {
        "GET /make": for_(anyone),
        "GET /make/{week}": for_(anyone, a_week),
        "POST /make/{week}": for_((office,), a_week, body={"site": "", "seconds": "15"}),
        f"GET {api}/{{week}}": for_(anyone, a_week),
        f"POST {api}/{{week}}": for_((office,), a_week, json={"seconds": 15}),
    }
    for start in ("/make", api):
        found[f"GET {start}/drafts/{{draft}}"] = for_(anyone, a_draft, foreign=no_draft)
        for deed in ("stop", "again", "board"):
            found[f"POST {start}/drafts/{{draft}}/{deed}"] = for_(here, a_draft)
    for file in ("", "/problem", "/roster"):
        found[f"GET /api/v1/drafts/{{draft}}{file}"] = for_((*anyone, auditor), a_draft, foreign=no_draft)
    return found
