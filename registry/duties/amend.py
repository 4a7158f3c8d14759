"""A small change to what is published: a few entries go, a few come, and that is the next version at once."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any

from sqlmodel import Session

from registry import clock
from registry.board.boards import board_of
from registry.board.positions import Positions
from registry.board.steps import as_roster, worsened
from registry.board.tables import BoardEdit, RosterBoard
from registry.db import take_turns
from registry.duties.publish import publish, version_in_force
from registry.duties.renew import renew
from registry.duties.tables import RosterVersion
from registry.engine.boards import Step, pins_json, read_entry, roster_json, write_entry
from registry.engine.rosters import costed
from registry.errors import Conflict, NotFound

Row = dict[str, Any]
"""A duty or a lesson as it stands in a roster file: what has a `slot` is a lesson."""


def hold_week(session: Session, monday: date) -> None:
    """Nobody else publishes this week until the unit of work ends."""
    take_turns(session, f"roster-version-{monday.isoformat()}")


def in_force(session: Session, monday: date) -> RosterVersion:
    """The version in force.

    Raises:
        NotFound: `week_not_published`.
    """
    found = version_in_force(session, monday)
    if found is None:
        raise NotFound("week_not_published", week=monday.isoformat())
    return found


def amend(
    session: Session, monday: date, *, remove: Sequence[Row], add: Sequence[Row], note: str = "", by: int | None = None,
    renewed: Collection[int] = (),
) -> RosterVersion:  # fmt: skip
    """Publish the version in force with some entries changed, as the next one. `by` is an account.

    Of the volunteers `renewed` it takes what the tables say of them today. The board of the week, where there is one,
    follows as far as its own roster allows. Nobody is told: that is the caller's business.

    Raises:
        NotFound: `week_not_published`.
        Conflict: `entry_gone`: somebody has changed one of these entries meanwhile.
        SolveFailed: a rule is broken; see `publish`.
    """
    hold_week(session, monday)
    before = in_force(session, monday)
    problem = renew(session, monday, before.problem_json, before.roster_json, renewed)
    roster = _changed(before.roster_json, remove, add)
    problem = {**problem, "pins": _pins_without(problem.get("pins") or {}, remove)}
    made = publish(session, monday, problem, costed(problem, roster, before.seed), seed=before.seed, by=by, note=note)
    board = board_of(session, monday)
    if board is not None:
        _follow(session, board, remove, add, renewed, by)
    return made


def kind_of(row: Row) -> str:
    """The list of a roster file that an entry stands in."""
    return "lessons" if "slot" in row else "duties"


def same(one: Row, other: Row) -> bool:
    """Whether two rows are one entry."""
    return key_of(one) == key_of(other)


def key_of(row: Row) -> tuple[str, ...]:
    """What makes an entry: every field of the contract."""
    if "slot" in row:
        return row["class"], row["slot"], row["course"], row["instructor"], row.get("room") or ""
    return row["volunteer"], row["class"], row["segment"], row["role"]


def _changed(roster: dict[str, Any], remove: Sequence[Row], add: Sequence[Row]) -> dict[str, Any]:
    made: dict[str, Any] = {"format": roster["format"]}
    for kind in ("duties", "lessons"):
        rows = {key_of(row): row for row in roster[kind]}
        for row in remove:
            if kind_of(row) == kind and rows.pop(key_of(row), None) is None:
                raise Conflict("entry_gone")
        for row in add:
            if kind_of(row) == kind:
                if key_of(row) in rows:
                    raise Conflict("entry_gone")
                rows[key_of(row)] = row
        made[kind] = list(rows.values())
    return made


def _pins_without(pins: dict[str, Any], gone: Sequence[Row]) -> dict[str, Any]:
    """What goes is not pinned any more."""
    keys = {key_of(row) for row in gone}
    return {kind: [row for row in pins.get(kind, ()) if key_of(row) not in keys] for kind in ("duties", "lessons")}


def _follow(
    session: Session, board: RosterBoard, remove: Sequence[Row], add: Sequence[Row], renewed: Collection[int],
    by: int | None,
) -> None:  # fmt: skip
    """Do the same on the board, where it breaks no rule there. Where a coordinator has other plans, theirs stand, and
    the difference to the version shows it."""
    take_turns(session, f"roster-board-{board.week.isoformat()}")
    session.refresh(board)
    problem_json = renew(session, board.week, board.problem_json, board.roster_json, renewed)
    board.problem_json = problem_json
    position = Positions().of(board)
    there = {*position.roster.duties, *position.roster.lessons}
    gone = [e for row in remove if (e := read_entry(row, position.problem)) in there]
    come = [e for row in add if (e := read_entry(row, position.problem)) not in there]
    step = Step(as_roster(gone), as_roster(come), frozenset(e for e in gone if e in position.pins))
    verdict = position.judge(step)
    if worsened(verdict) or not step.entries:
        session.add(board)
        session.flush()
        return
    reached = position.after(step, verdict)
    board.revision, board.changed_at = board.revision + 1, clock.now()
    board.roster_json = roster_json(reached.roster)
    board.problem_json = {**problem_json, "pins": pins_json(reached.pins)}
    unpinned = [{**write_entry(e), "waives": sorted(position.pins[e])} for e in step.unpinned]
    change = {
        "removed": [write_entry(e) for e in gone], "added": [write_entry(e) for e in come], "unpinned": unpinned,
        "pinned": [],
    }  # fmt: skip
    session.add_all([
        board,
        BoardEdit(board_id=board.id or 0, revision=board.revision, kind="amend", change_json=change,
                  cost_json=dict(verdict.cost), made_by=by, made_at=clock.now()),
    ])  # fmt: skip
    session.flush()
