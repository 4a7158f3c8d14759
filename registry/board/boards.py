"""Which board a week has, and opening one: from what is published, else the newest draft, else from nothing."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import inspect
from sqlalchemy.orm import defer
from sqlmodel import Session, col, select

from registry import clock
from registry.board.tables import RosterBoard
from registry.db import take_turns
from registry.duties.publish import version_in_force
from registry.errors import NotFound
from registry.rostering.build import check_monday, problem_for_week
from registry.rostering.drafts import latest_done

EMPTY: dict[str, Any] = {"format": "qingzai.roster/1", "duties": [], "lessons": []}


def board_of(session: Session, monday: date) -> RosterBoard | None:
    """The board of a week, None where nobody has opened one. Its two files, half a megabyte each for a district, are
    read from the database when somebody looks at them: most questions are answered from what is kept of them."""
    files = (defer(inspect(RosterBoard).attrs[name].class_attribute) for name in ("problem_json", "roster_json"))
    return session.exec(select(RosterBoard).where(RosterBoard.week == monday).options(*files)).first()


def newest_board(session: Session) -> RosterBoard | None:
    """The board that was changed last."""
    return session.exec(select(RosterBoard).order_by(col(RosterBoard.changed_at).desc()).limit(1)).first()


def the_board(session: Session, monday: date) -> RosterBoard:
    """The board of a week.

    Raises:
        NotFound: `board_unknown`, nobody has opened one.
    """
    found = board_of(session, monday)
    if found is None:
        raise NotFound("board_unknown", week=monday.isoformat())
    return found


def open_board(session: Session, monday: date, by: int | None = None) -> RosterBoard:
    """The board of a week; where there is none, a new one. `by` is the account.

    It begins as the version in force, else as the newest finished draft, else empty on today's data.

    Raises:
        Refused: `week_not_monday`; where it begins empty, what `problem_for_week` refuses.
    """
    check_monday(monday)
    take_turns(session, f"roster-board-{monday.isoformat()}")
    if (known := board_of(session, monday)) is not None:
        return known
    problem, roster, seed = _beginning(session, monday)
    now = clock.now()
    made = RosterBoard(
        week=monday, problem_json=problem, roster_json=_without_result(roster), seed=seed,
        opened_by=by, opened_at=now, changed_at=now,
    )  # fmt: skip
    session.add(made)
    session.flush()
    return made


def _beginning(session: Session, monday: date) -> tuple[dict[str, Any], dict[str, Any], int]:
    if (version := version_in_force(session, monday)) is not None:
        return version.problem_json, version.roster_json, version.seed
    draft = latest_done(session, monday)
    if draft is not None and draft.roster_json is not None:
        return draft.problem_json, draft.roster_json, draft.seed
    return problem_for_week(session, monday), EMPTY, 1


def _without_result(roster: dict[str, Any]) -> dict[str, Any]:
    """A roster that changes by hand: what a solver proved of it would soon be untrue."""
    return {key: value for key, value in roster.items() if key != "result"}
