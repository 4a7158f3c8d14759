"""Lines of what goes out of a board and comes onto it, for the test that asks every route as every role."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from board_routes import EMPTY, WEEK, a_board

from registry import clock
from registry.board.boards import board_of
from registry.board.tables import RosterBoard, WeekTemplate
from registry.db import session_scope

DECISION = {"way": "keep", "digest": "x", "revision": "0"}


def a_print(world: Any, role: str) -> dict[str, Any]:
    """The board and a kind of sheet; what is not one's own is left out of it."""
    return {**a_board(world, role), "what": "plans"}


def two_boards(world: Any, role: str) -> dict[str, Any]:
    """The board, and one of the week before, to be copied."""
    params, before = a_board(world, role), WEEK - timedelta(days=7)
    with session_scope(world.engine) as session:
        board = board_of(session, WEEK)
        if board is not None and board_of(session, before) is None:
            files = {"problem_json": board.problem_json, "roster_json": EMPTY}
            session.add(RosterBoard(week=before, opened_at=clock.now(), changed_at=clock.now(), **files))
    return params


def a_template(world: Any, role: str) -> dict[str, Any]:
    """A template with classes of both sites: whoever may change one of them sees it, the office alone removes it."""
    a_board(world, role)
    with session_scope(world.engine) as session:
        board = board_of(session, WEEK)
        assert board is not None
        made = WeekTemplate(
            name="常规周", week=WEEK, kind="board", problem_json=board.problem_json, roster_json=EMPTY,
            made_by=next(iter(world.ids.values())), made_at=clock.now(),
        )  # fmt: skip
        session.add(made)
        session.flush()
        return {"id_": made.id, "id": made.id}


def out_lines(for_: Callable[..., Any], coordinator: str, elsewhere: str, office: str) -> dict[str, Any]:
    """Whoever may change any site sees changed data and copies a week at the own sites."""
    anyone, own = (coordinator, elsewhere, office), (office,)
    page, api = "/board/{week}", "/api/v1/boards/{week}"
    return {
        f"GET {page}/data": for_(anyone, a_board),
        f"POST {page}/data": for_(anyone, a_board, body=dict(DECISION)),
        f"GET {api}/data": for_(anyone, a_board),
        f"POST {api}/data": for_(anyone, a_board, json={**DECISION, "revision": 0}),
        f"GET {page}/prints": for_(anyone, a_board),
        f"GET {api}/prints/{{what}}.pdf": for_(anyone, a_print),
        f"GET {page}/book": for_(anyone, a_board),
        f"GET {page}/book/week.xlsx": for_(anyone, a_board),
        f"POST {page}/book": for_(anyone, a_board, body={"do": "try"}),
        f"GET {api}/book": for_(anyone, a_board),
        f"POST {api}/book": for_(anyone, a_board, files={"file": b"no workbook"}),
        f"GET {page}/copy": for_(anyone, two_boards),
        f"POST {page}/copy": for_(anyone, two_boards, body={"from": (WEEK - timedelta(days=7)).isoformat()}),
        "GET /board/templates": for_(anyone),
        "GET /board/templates/{id_}/use": for_(anyone, a_template),
        "POST /board/templates/{id_}/remove": for_(own, a_template, body={}),
        f"GET {page}/template": for_(anyone, a_board),
        f"POST {page}/template": for_(anyone, a_board, body={"name": ""}),
        "GET /api/v1/week-templates": for_(anyone),
        "DELETE /api/v1/week-templates/{id}": for_(own, a_template),
        f"POST {api}/templates": for_(anyone, a_board, json={"name": ""}),
        f"GET {api}/copy": for_(anyone, two_boards),
        f"POST {api}/copy": for_(anyone, two_boards, json={"source": (WEEK - timedelta(days=7)).isoformat()}),
    }
