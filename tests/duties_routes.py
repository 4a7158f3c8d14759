"""Lines and rows of published rosters for the test that asks every route as every role."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from factories import facts
from sqlmodel import func, select

from registry import clock
from registry.board.tables import RosterBoard
from registry.db import session_scope
from registry.duties.tables import RosterVersion

Params = dict[str, Any]
FIRST_MONDAY = date(2090, 1, 2)
EMPTY = facts(segments=[], slots=[], sites=[], classes=[], courses=[], volunteers=[])
NOBODY = {
    "format": "qingzai.roster/1",
    "duties": [],
    "lessons": [],
    "result": {"cost": {"safety": 0, "programme": 0, "quality": 0}},
}


def a_published_week(world: Any, _role: str) -> Params:
    """A week with two versions of nothing."""
    with session_scope(world.engine) as session:
        weeks = session.exec(select(func.count()).select_from(RosterVersion)).one()
        monday = FIRST_MONDAY + timedelta(days=7 * weeks)
        session.add_all(
            RosterVersion(week=monday, number=n, problem_json=EMPTY, roster_json=NOBODY, seed=1, software="x",
                          published_at=clock.now())
            for n in (1, 2)
        )  # fmt: skip
    return {"week": monday.isoformat(), "older": 1, "newer": 2}


def a_week_with_a_board(world: Any, role: str) -> Params:
    """The same with a board of nothing that has moved on."""
    made = a_published_week(world, role)
    with session_scope(world.engine) as session:
        now = clock.now()
        session.add(
            RosterBoard(week=date.fromisoformat(made["week"]), problem_json=EMPTY, roster_json=NOBODY, revision=2,
                        opened_at=now, changed_at=now)
        )  # fmt: skip
    return made


def duties_lines(For: Callable[..., Any], office: str) -> dict[str, Any]:
    """The office publishes for the district."""
    pages, interface = "/office/rosters", "/api/v1/office/rosters"
    return {
        f"GET {pages}": For((office,)),
        f"GET {pages}/{{week}}": For((office,), a_published_week),
        f"GET {pages}/{{week}}/compare/{{older}}/{{newer}}": For((office,), a_published_week),
        f"POST {pages}/{{week}}/publish": For((office,), a_published_week, body={"draft": "1"}),
        f"POST {pages}/{{week}}/publish-board": For((office,), a_week_with_a_board, body={"revision": "1"}),
        f"POST {interface}/{{week}}/publish-board": For((office,), a_week_with_a_board, json={"revision": 1}),
        f"POST {pages}/{{week}}/restore": For((office,), a_published_week, body={"version": "1"}),
        f"GET {interface}/{{week}}": For((office,), a_published_week),
        f"GET {interface}/{{week}}/difference/{{older}}/{{newer}}": For((office,), a_published_week),
        f"POST {interface}/{{week}}/publish": For((office,), a_published_week, json={"draft": 1}),
        f"POST {interface}/{{week}}/restore": For((office,), a_published_week, json={"version": 1}),
    }
