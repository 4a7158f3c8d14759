"""Lines and rows of the board for the test that asks every route as every role."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from factories import facts
from sqlmodel import select

from registry import clock
from registry.board.boards import EMPTY, board_of
from registry.board.tables import BoardTrial, RosterBoard
from registry.db import session_scope
from registry.programme import Site

Params = dict[str, Any]
WEEK = clock.today().fromordinal(clock.today().toordinal() - clock.today().isoweekday() + 8)
"""Next week's Monday: no day of it is over."""
DUTY = {"volunteer": "v1", "class": "c1", "segment": "1-am", "role": "lead"}
EDIT: dict[str, Any] = {"kind": "add", "entry": DUTY, "revision": 0}
FORM = {
    "kind": "add",
    "entry": '{"volunteer": "v1", "class": "c1", "segment": "1-am", "role": "lead"}',
    "revision": "0",
}


def a_board(world: Any, _role: str) -> Params:
    """An empty board of the small week, whose classes are at the coordinator's site and at the other one."""
    with session_scope(world.engine) as session:
        first, other = sorted(n or 0 for n in session.exec(select(Site.id)))[:2]
        problem = facts()
        names = {"s1": f"s{first}"}
        problem["sites"] = [{**s, "id": names.get(s["id"], f"s{other}")} for s in problem["sites"]]
        problem["classes"] = [{**c, "site": names.get(c["site"], f"s{other}")} for c in problem["classes"]]
        if board_of(session, WEEK) is None:
            now = clock.now()
            session.add(RosterBoard(week=WEEK, problem_json=problem, roster_json=EMPTY, opened_at=now, changed_at=now))
    return {"week": WEEK.isoformat(), "site": f"s{first}", "class_run": "c1", "segment": "1-am", "by": "class"}


def a_trial(world: Any, role: str) -> Params:
    """The same, and an empty what-if of whoever asks."""
    params = a_board(world, role)
    with session_scope(world.engine) as session:
        board, account = board_of(session, WEEK), world.ids.get(role)
        assert board is not None
        mine = select(BoardTrial).where(BoardTrial.account_id == account)
        if account is not None and session.exec(mine).first() is None:
            session.add(BoardTrial(
                board_id=board.id or 0, account_id=account, changes_json=[], changed_at=clock.now()
            ))  # fmt: skip
    return params


def board_lines(for_: Callable[..., Any], coordinator: str, elsewhere: str, office: str) -> dict[str, Any]:
    """The lines. The coordinator of another site sees the board, but not this site's part of it."""
    anyone, here = (coordinator, elsewhere, office), (coordinator, office)
    pages = {
        "GET /board": for_(anyone),
        "GET /board/{week}": for_(anyone, a_board),
        "POST /board/{week}": for_(anyone, a_board),
        "GET /board/{week}/sites/{site}": for_(here, a_board),
        "GET /board/{week}/sites/{site}/cells/{class_run}/{segment}": for_(here, a_board),
        "GET /board/{week}/sites/{site}/cells/{class_run}/{segment}/fix": for_(here, a_board),
        "GET /board/{week}/sites/{site}/moves": for_(here, a_board),
        "GET /board/{week}/history": for_(anyone, a_board),
        "POST /board/{week}/trial": for_(anyone, a_board, body={"do": "begin"}),
        "POST /board/{week}/sites/{site}/edits": for_(here, a_board, body=FORM),
        "POST /board/{week}/sites/{site}/undo": for_(here, a_board),
    }
    api = "/api/v1/boards/{week}"
    return pages | {
        f"POST {api}": for_(anyone, a_board),
        f"GET {api}": for_(anyone, a_board),
        f"GET {api}/sites/{{site}}": for_(here, a_board),
        f"POST {api}/sites/{{site}}/targets": for_(here, a_board, json=dict(DUTY)),
        f"GET {api}/classes/{{class_run}}/segments/{{segment}}/people": for_(here, a_board),
        f"GET {api}/sites/{{site}}/by/{{by}}": for_(here, a_board),
        f"GET {api}/sites/{{site}}/tray": for_(here, a_board),
        f"GET {api}/classes/{{class_run}}/segments/{{segment}}/fix": for_(here, a_board),
        f"GET {api}/conflicts": for_(anyone, a_board),
        f"GET {api}/history": for_(anyone, a_board),
        f"GET {api}/trial": for_(anyone, a_trial),
        f"POST {api}/trial": for_(anyone, a_board),
        f"POST {api}/trial/changes": for_(here, a_trial, json=EDIT),
        f"POST {api}/trial/undo": for_(anyone, a_trial),
        f"POST {api}/trial/apply": for_(anyone, a_trial, json={"revision": 0}),
        f"POST {api}/trial/drop": for_(anyone, a_trial),
        f"POST {api}/effect": for_(here, a_board, json=EDIT),
        f"POST {api}/edits": for_(here, a_board, json=EDIT),
        f"POST {api}/undo": for_(anyone, a_board),
    }
