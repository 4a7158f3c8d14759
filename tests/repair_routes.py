"""Lines and rows of repairs and stand-bys for the test that asks every route as every role."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from board_routes import WEEK, a_board
from duties_routes import a_published_week

from registry import clock
from registry.board.boards import EMPTY, the_board
from registry.db import session_scope
from registry.repairs.tables import BoardRepair

Params = dict[str, Any]
COST = {"safety": 0, "programme": 0, "quality": 0}
FORM = {"kind": "closed", "of": "c1", "first": "1", "last": "1"}
REPORT: dict[str, Any] = {"causes": [{"kind": "closed", "of": "c1", "first": 1, "last": 1}]}


def a_repair(world: Any, role: str) -> Params:
    """A repair for a class that closes, worked out, with nothing to change."""
    found = a_board(world, role)
    with session_scope(world.engine) as session:
        board = the_board(session, WEEK)
        before = {**EMPTY, "result": {"cost": COST}}
        levels = {**COST, "people": 0, "changes": 0}
        made = BoardRepair(
            board_id=board.id or 0, revision=board.revision, status="done", seed=1, without_json=[],
            causes_json=[{"kind": "closed", "days": [1], "of": "c1"}], sites_json=[found["site"]],
            problem_json={**board.problem_json, "published": before},
            roster_json={**EMPTY, "result": {"cost": levels, "bound": levels}},
            people_json={"disturbed": [], "hit": []}, asked_at=clock.now(),
        )  # fmt: skip
        session.add(made)
        session.flush()
        return {**found, "repair": made.id}


def repair_lines(for_: Callable[..., Any], coordinator: str, elsewhere: str, office: str) -> dict[str, Any]:
    """The coordinator of another site sees neither the repairs of this one nor decides on them."""
    anyone, here = (coordinator, elsewhere, office), (coordinator, office)
    found: dict[str, Any] = {}
    for base in ("/board/{week}", "/api/v1/boards/{week}"):
        is_page = base.startswith("/board")
        found |= {
            f"GET {base}/repairs": for_(anyone, a_board),
            f"POST {base}/repairs": for_(here, a_board, **({"body": FORM} if is_page else {"json": REPORT})),
            f"GET {base}/repairs/{{repair}}": for_(here, a_repair),
            f"POST {base}/repairs/answers": for_(anyone, a_board, **({} if is_page else {"json": {}})),
            f"GET {base}/standbys": for_(anyone, a_published_week),
            f"POST {base}/standbys": for_(anyone, a_published_week),
        }
        if not is_page:
            found[f"GET {base}/repairs/answers"] = for_(anyone, a_board)
        for action in ("accept", "another", "stop", "drop"):
            sent = {"json": {"without": ["v1"]}} if action == "another" and not is_page else {}
            found[f"POST {base}/repairs/{{repair}}/{action}"] = for_(here, a_repair, **sent)
    return found
