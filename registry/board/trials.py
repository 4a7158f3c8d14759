"""What-if (试排): changes stacked on a board, what they do together, then all of them applied or dropped."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlmodel import Session, select

from registry import clock
from registry.accounts.permissions import Action, Actor, require
from registry.board.boards import the_board
from registry.board.edits import Judged, check_untouched, decided, edit, first_day, judged_step, named_in
from registry.board.positions import Positions, key_of
from registry.board.steps import Wanted, require_future, require_sites, step_for
from registry.board.tables import BoardEdit, BoardTrial, RosterBoard
from registry.db import take_turns
from registry.engine.boards import Position
from registry.errors import NotFound, Refused, RegistryError

MOST = 50
"""So many changes one what-if holds: each is judged on top of the others."""


@dataclass(frozen=True)
class Tried:
    """A what-if as it stands on the board of now: the position that it leads to and what each change does. Where a
    change does not fit any more, `stuck` says why, and it and those after it are not in the position."""

    position: Position
    changes: tuple[Judged, ...]
    stuck: RegistryError | None = None

    @property
    def cost(self) -> dict[str, int]:
        """By how much all of them together raise the cost of each rule."""
        total: Counter[str] = Counter()
        for judged in self.changes:
            total.update(judged.verdict.cost)
        return {name: n for name, n in total.items() if n}


def trial_of(session: Session, actor: Actor, board: RosterBoard) -> BoardTrial | None:
    """Somebody's what-if on a board, None where they have none."""
    wanted = select(BoardTrial).where(BoardTrial.board_id == board.id, BoardTrial.account_id == actor.account_id)
    return session.exec(wanted).first()


def tried(positions: Positions, board: RosterBoard, trial: BoardTrial) -> Tried:
    """What a what-if leads to on the board of now."""
    key = (*key_of(board), "trial", trial.id, len(trial.changes_json), trial.changed_at)
    return positions.once(key, lambda: _replayed(positions.of(board), trial.changes_json))


def _replayed(position: Position, changes: list[dict[str, Any]]) -> Tried:
    done: list[Judged] = []
    for change in changes:
        try:
            wanted, reason, let_stand = _read(change)
            judged = judged_step(position, step_for(position, wanted), wanted.kind)
            judged, _ = decided(judged, position, reason, let_stand=let_stand)
        except RegistryError as error:
            return Tried(position, tuple(done), error)
        done.append(judged)
        position = position.after(judged.step, judged.verdict)
    return Tried(position, tuple(done))


def _read(change: dict[str, Any]) -> tuple[Wanted, str, bool]:
    rows = (tuple(change.get(name, ())) for name in ("gone", "come"))
    wanted = Wanted(change["kind"], change["entry"], change["to"], change["other"], *rows)
    return wanted, change["reason"], change["let_stand"]


def begin_trial(session: Session, actor: Actor, monday: date) -> BoardTrial:
    """Begin a what-if; one that was begun goes on.

    Raises:
        NotAllowed, NotFound: `board_unknown`.
    """
    board = _own_board(session, actor, monday)
    known = trial_of(session, actor, board)
    made = known or BoardTrial(
        board_id=board.id or 0, account_id=actor.account_id, changes_json=[], changed_at=clock.now()
    )
    session.add(made)
    session.flush()
    return made


def stack(
    session: Session, positions: Positions, actor: Actor, monday: date, wanted: Wanted, *, reason: str = "",
    let_stand: bool = False,
) -> Tried:  # fmt: skip
    """Put a change on top of a what-if.

    Raises:
        NotFound: `trial_unknown`.
        Refused: `trial_full`, and as `edit`. Conflict: as `step_for`.
    """
    board, trial = _the_trial(session, actor, monday)
    if len(trial.changes_json) >= MOST:
        raise Refused("trial_full", most=MOST)
    position = tried(positions, board, trial).position
    require_sites(actor, position.problem, named_in(position, wanted))
    step = step_for(position, wanted)
    require_future(board, position.problem, step, first_day(session))
    decided(judged_step(position, step, wanted.kind), position, reason.strip(), let_stand=let_stand)
    row = {
        "kind": wanted.kind, "entry": wanted.entry, "to": wanted.to, "other": wanted.other, "reason": reason.strip(),
        "let_stand": let_stand, "gone": list(wanted.gone), "come": list(wanted.come),
    }  # fmt: skip
    return _changed(session, positions, board, trial, [*trial.changes_json, row])


def unstack(session: Session, positions: Positions, actor: Actor, monday: date) -> Tried:
    """Take the last change off a what-if.

    Raises:
        NotFound: `trial_unknown`. Refused: `nothing_to_undo`.
    """
    board, trial = _the_trial(session, actor, monday)
    if not trial.changes_json:
        raise Refused("nothing_to_undo")
    return _changed(session, positions, board, trial, trial.changes_json[:-1])


def drop_trial(session: Session, actor: Actor, monday: date) -> None:
    """Forget a what-if; the board is as it was.

    Raises:
        NotFound: `trial_unknown`.
    """
    _, trial = _the_trial(session, actor, monday)
    session.delete(trial)
    session.flush()


def apply_trial(session: Session, positions: Positions, actor: Actor, monday: date, *, seen: int) -> list[BoardEdit]:
    """Do all changes of a what-if, or none; it is over then. `seen` is the revision that its author looked at.

    Raises:
        NotFound: `trial_unknown`.
        Conflict: `board_changed`, somebody else has changed what it is about; as `edit`.
        Refused: as `edit`.
    """
    board, trial = _the_trial(session, actor, monday)
    position = positions.of(board)
    for change in trial.changes_json:
        check_untouched(session, board, position, named_in(position, _read(change)[0]), seen)
    made = []
    for change in trial.changes_json:
        wanted, reason, let_stand = _read(change)
        made.append(edit(
            session, positions, actor, monday, wanted, seen=board.revision, reason=reason, let_stand=let_stand
        ))  # fmt: skip
    session.delete(trial)
    session.flush()
    return made


def _own_board(session: Session, actor: Actor, monday: date) -> RosterBoard:
    require(actor, Action.MANAGE_ROSTER)
    take_turns(session, f"roster-board-{monday.isoformat()}")
    return the_board(session, monday)


def _the_trial(session: Session, actor: Actor, monday: date) -> tuple[RosterBoard, BoardTrial]:
    board = _own_board(session, actor, monday)
    trial = trial_of(session, actor, board)
    if trial is None:
        raise NotFound("trial_unknown", week=monday.isoformat())
    return board, trial


def _changed(
    session: Session, positions: Positions, board: RosterBoard, trial: BoardTrial, changes: list[dict[str, Any]]
) -> Tried:
    trial.changes_json, trial.changed_at = changes, clock.now()
    session.add(trial)
    session.flush()
    return tried(positions, board, trial)
