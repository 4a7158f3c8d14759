"""Lines of what goes out of a board and comes onto it, for the test that asks every route as every role."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from board_routes import EMPTY, WEEK, a_board

from registry import clock
from registry.board.boards import board_of
from registry.board.tables import RosterBoard
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


def out_lines(for_: Callable[..., Any], coordinator: str, elsewhere: str, office: str) -> dict[str, Any]:
    """Whoever may change any site sees changed data and copies a week at the own sites."""
    anyone = (coordinator, elsewhere, office)
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
        f"GET {api}/copy": for_(anyone, two_boards),
        f"POST {api}/copy": for_(anyone, two_boards, json={"source": (WEEK - timedelta(days=7)).isoformat()}),
    }
