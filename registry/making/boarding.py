"""A finished draft onto the board of its week: as one change that can be undone. What is pinned there stays."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlmodel import Session

from registry import clock
from registry.accounts.permissions import Actor
from registry.board.boards import board_of, open_board
from registry.board.edits import first_day, record
from registry.board.positions import Positions
from registry.board.steps import as_roster
from registry.board.tables import RosterBoard
from registry.db import take_turns
from registry.engine.boards import Duty, Entry, Problem, Roster, Step, pins_json, read_roster, roster_json
from registry.engine.rosters import fitting, known_part, read
from registry.errors import Conflict
from registry.making.queueing import pins_that_fit, require_each
from registry.making.weeks import attempt, numbers_of
from registry.rostering.build import problem_for_week
from registry.rostering.drafts import draft
from registry.rostering.tables import DraftStatus, RosterDraft

KIND = "draft"


@dataclass(frozen=True)
class Boarded:
    """The board, and how many entries came and went."""

    board: RosterBoard
    added: int
    removed: int


def put_on_board(session: Session, positions: Positions, actor: Actor, draft_id: int) -> Boarded:
    """Put a finished draft on the board of its week; a board that is missing is opened.

    Of a draft of some sites, their classes' entries alone. Days that are over stay as they are, and so does what is
    pinned; of the draft's entries those give way that would break a rule with what stays.

    Raises:
        NotAllowed: a site of somebody else's. NotFound: `draft_unknown`. Conflict: `draft_not_done`.
    """
    found = attempt(session, actor, draft_id).draft
    require_each(actor, numbers_of(found))
    scope = None if found.scope_json is None else frozenset(found.scope_json)
    made = draft(session, draft_id)
    if made.status != DraftStatus.DONE or made.roster_json is None:
        raise Conflict("draft_not_done", draft=draft_id)
    take_turns(session, f"roster-board-{made.week.isoformat()}")
    board = board_of(session, made.week) or open_board(session, made.week, actor.account_id)
    _bring_up_to_date(session, board, made)
    position = positions.of(board)
    pinned = set(position.pins)
    stays = {
        e for e in _entries(position.roster)
        if e in pinned or not _is_free(position.problem, e, board.week, scope, first_day(session))
    }  # fmt: skip
    wanted = _wanted(board, made, position.problem, stays, scope, first_day(session))
    gone, come = _entries(position.roster) - wanted, wanted - _entries(position.roster)
    if gone or come:
        record(session, positions, actor, board, KIND, Step(as_roster(list(gone)), as_roster(list(come))))
    return Boarded(board, len(come), len(gone))


def _wanted(
    board: RosterBoard, made: RosterDraft, problem: Problem, stays: set[Entry], scope: frozenset[str] | None,
    first: date,
) -> set[Entry]:  # fmt: skip
    """What stays, and the entries of the draft that break no rule with it. What stays is pinned for the time of the
    question, with what its own pins waive, so that the draft gives way to it."""
    fresh = read_roster(known_part(board.problem_json, made.roster_json or {}), problem)
    come = {e for e in _entries(fresh) if _is_free(problem, e, board.week, scope, first)}
    waived = dict((*problem.pins.duties, *problem.pins.lessons))
    held = {e: waived.get(e, frozenset()) for e in stays}
    both = roster_json(as_roster([*come, *stays]))
    return _entries(read_roster(fitting({**board.problem_json, "pins": pins_json(held)}, both), problem))


def _bring_up_to_date(session: Session, board: RosterBoard, made: RosterDraft) -> None:
    """Where the draft knows the week otherwise than the board, the board takes today's data, with its own pins and
    heat days; entries of what is gone are dropped."""
    if _facts(board.problem_json) == _facts(made.problem_json):
        return
    problem = problem_for_week(session, board.week) | {"heat_days": board.problem_json["heat_days"]}
    problem["pins"] = pins_that_fit(problem, board.problem_json["pins"])
    if _facts(problem) == _facts(board.problem_json):
        return
    board.problem_json, board.changed_at = problem, clock.now()
    board.roster_json = roster_json(read_roster(known_part(problem, board.roster_json), read(problem)))
    session.add(board)
    session.flush()


def _facts(problem: dict[str, Any]) -> dict[str, Any]:
    """A problem without what is the board's own."""
    return {name: value for name, value in problem.items() if name not in ("pins", "published", "heat_days")}


def _is_free(problem: Problem, entry: Entry, monday: date, scope: frozenset[str] | None, first: date) -> bool:
    """Whether a draft may move the entry: a class of its sites, on a day that is not over."""
    segment = entry.segment if isinstance(entry, Duty) else problem.slot[entry.slot].segment
    day = monday + timedelta(days=problem.segment[segment].weekday - 1)
    return day >= first and (scope is None or problem.class_run[entry.class_run].site in scope)


def _entries(roster: Roster) -> set[Entry]:
    return {*roster.duties, *roster.lessons}
