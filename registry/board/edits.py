"""Changing a board: each edit names the revision that its author saw, is judged, stored with its effect, undone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlmodel import Session, col, select

from registry import clock
from registry.accounts.permissions import Action, Actor, require
from registry.accounts.tables import Account
from registry.board.boards import the_board
from registry.board.positions import Positions
from registry.board.steps import (
    NEVER,
    Wanted,
    as_roster,
    require_future,
    require_sites,
    step_for,
    touches,
    with_override,
    worsened,
)
from registry.board.tables import BoardEdit, RosterBoard
from registry.db import take_turns
from registry.engine.boards import (
    WAIVABLE,
    Entry,
    Position,
    Step,
    Verdict,
    pins_json,
    read_entry,
    roster_json,
    write_entry,
)
from registry.engine.rosters import read
from registry.errors import Conflict, Refused
from registry.programme import is_made_up
from registry.repairs.facts import reopen, without_facts

LEAST_REASON = 2
MOST_REASON = 500
NOTHING: Mapping[str, int] = {}


@dataclass(frozen=True)
class Judged:
    """A step, what it does, and whether a written reason would be enough to do it anyway. Where not, it is refused,
    or it may be done as a conflict that has to be solved before the week is published. `bare` is the step without
    the pins of an override."""

    step: Step
    verdict: Verdict
    rules: tuple[str, ...]
    needs_reason: bool
    is_refused: bool
    bare: Step | None = None

    @property
    def outcome(self) -> str:
        """In a word: `works`, `reason`, `conflict` or `never`."""
        if self.is_refused:
            return "never"
        return "works" if not self.rules else "reason" if self.needs_reason else "conflict"


def edits_of(session: Session, board: RosterBoard, most: int = 50) -> list[BoardEdit]:
    """The newest edits of a board, newest first."""
    wanted = select(BoardEdit).where(BoardEdit.board_id == board.id)
    return list(session.exec(wanted.order_by(col(BoardEdit.revision).desc()).limit(most)))


def edits_since(session: Session, board: RosterBoard, revision: int) -> list[BoardEdit]:
    """What was done to a board after a revision, newest first."""
    wanted = select(BoardEdit).where(BoardEdit.board_id == board.id, BoardEdit.revision > revision)
    return list(session.exec(wanted.order_by(col(BoardEdit.revision).desc())))


def standing_since(session: Session, board: RosterBoard, revision: int) -> list[BoardEdit]:
    """The same without those that were taken back since, and their taking back: together they changed nothing."""
    made = edits_since(session, board, revision)
    undone = {e.undoes for e in made}
    return [e for e in made if e.revision not in undone and not (e.undoes or 0) > revision]


def try_edit(position: Position, wanted: Wanted) -> Judged:
    """What a change would do, without doing it.

    Raises:
        Refused, Conflict: as `step_for`.
    """
    return judged_step(position, step_for(position, wanted), wanted.kind)


def edit(
    session: Session, positions: Positions, actor: Actor, monday: date, wanted: Wanted, *, seen: int, reason: str = "",
    let_stand: bool = False,
) -> BoardEdit:  # fmt: skip
    """Do a change. `seen` is the revision that its author looked at, `reason` why a rule is to be waived. What breaks
    a rule is done with `let_stand` and stands as a conflict.

    Raises:
        NotFound: `board_unknown`.
        NotAllowed: a class at a site of somebody else's.
        Conflict: `board_changed`, with who changed what this is about since; `entry_gone`.
        Refused: as `step_for`; `day_over`; `rules_stand`, with the rules that allow no override; `reason_needed`,
            with the rules that do; `conflict_stands`, the rules that allow none, but a conflict; `reason_too_long`.
    """
    require(actor, Action.MANAGE_ROSTER)
    take_turns(session, f"roster-board-{monday.isoformat()}")
    board = the_board(session, monday)
    position = positions.of(board)
    named = named_in(position, wanted)
    require_sites(actor, position.problem, named)  # First: what others did there is not for everybody to know.
    check_untouched(session, board, position, named, seen)
    step = step_for(position, wanted)
    require_future(board, position.problem, step, first_day(session))
    judged, reason = decided(judged_step(position, step, wanted.kind), position, reason.strip(), let_stand=let_stand)
    return _store(session, positions, board, position, wanted.kind, judged, actor, reason=reason)


def decided(judged: Judged, position: Position, reason: str, *, let_stand: bool) -> tuple[Judged, str]:
    """What is done, and the reason that is kept: the override where there is one, else the conflict if it may stand.

    Raises:
        Refused: `rules_stand`, `reason_needed`, `conflict_stands`, `reason_too_long`, as `edit`.
    """
    if judged.is_refused:
        raise Refused("rules_stand", rules=list(judged.rules))
    if len(reason) > MOST_REASON:
        raise Refused("reason_too_long", most=MOST_REASON)
    if judged.outcome == "works":
        return judged, ""
    if judged.needs_reason and len(reason) >= LEAST_REASON:
        return judged, reason
    if not let_stand or judged.bare is None:
        raise Refused("reason_needed" if judged.needs_reason else "conflict_stands", rules=list(judged.rules))
    return replace(judged, step=judged.bare, verdict=position.judge(judged.bare), needs_reason=False), ""


def first_day(session: Session) -> date:
    """The first day that may still be changed: today. A made-up summer is never over."""
    return date.min if is_made_up(session) else clock.today()


def undo(session: Session, positions: Positions, actor: Actor, monday: date) -> BoardEdit:
    """Take back one's own newest edit that was not taken back yet.

    Raises:
        Refused: `nothing_to_undo`; `undo_depends`, somebody has changed the same since, with who.
    """
    require(actor, Action.MANAGE_ROSTER)
    take_turns(session, f"roster-board-{monday.isoformat()}")
    board = the_board(session, monday)
    before, made = positions.of(board), edits_of(session, board, most=500)
    undone = {e.undoes for e in made}
    last = next((e for e in made if _is_own(e, actor) and e.revision not in undone), None)
    if last is None:
        raise Refused("nothing_to_undo")
    facts = last.change_json.get("repair")
    position = before if facts is None else _without_repair(session, board, before, facts)
    step = _read_step(position, last.change_json, backwards=True)
    require_sites(actor, position.problem, step)
    require_future(board, position.problem, step, first_day(session))
    undone |= {e.revision for e in made if e.undoes}
    later = [e for e in made if e.revision > last.revision and e.revision not in undone]
    refuse_if_met(session, position, step, later, "undo_depends")
    judged = Judged(step, position.judge(step), (), needs_reason=False, is_refused=False)
    if facts is not None:
        board.problem_json = without_facts(session, board.id or 0, board.problem_json, facts)
        reopen(session, facts)
    rise = {name: n - before.parts[name] for name, n in position.parts.items() if n != before.parts[name]}
    return _store(session, positions, board, position, "undo", judged, actor, undoes=last.revision, rise=rise)


def _without_repair(session: Session, board: RosterBoard, position: Position, facts: dict[str, Any]) -> Position:
    """The board once what a repair made true is so no longer, before its entries go back."""
    problem = without_facts(session, board.id or 0, board.problem_json, facts)
    return Position(read(problem), position.roster)


def record(
    session: Session, positions: Positions, actor: Actor, board: RosterBoard, kind: str, step: Step
) -> BoardEdit:  # fmt: skip
    """Do a step that needs no judgement, such as a whole roster that a solver made; it can be undone like any other."""
    position = positions.of(board)
    judged = Judged(step, position.judge(step), (), needs_reason=False, is_refused=False)
    return _store(session, positions, board, position, kind, judged, actor)


def _is_own(made: BoardEdit, actor: Actor) -> bool:
    """Whether somebody may take an edit back. Data that were taken over are not taken back: the old are untrue."""
    return made.made_by == actor.account_id and not made.undoes and made.kind != "data"


def judged_step(position: Position, step: Step, kind: str = "") -> Judged:
    """What a step does; an override, if one would be enough, is worked into it."""
    verdict = position.judge(step)
    if kind == "override":
        rules = tuple(sorted({rule for waives in step.pinned.values() for rule in waives}))
        return Judged(step, verdict, rules, needs_reason=True, is_refused=False)
    broken = worsened(verdict)
    rules = tuple(sorted({v.rule for v in broken}))
    if not broken:
        return Judged(step, verdict, rules, needs_reason=False, is_refused=False)
    if set(rules) <= WAIVABLE and step.added != as_roster([]):
        waived = with_override(step, broken)
        again = position.judge(waived)
        if not worsened(again):
            return Judged(waived, again, rules, needs_reason=True, is_refused=False, bare=step)
    return Judged(step, verdict, rules, needs_reason=False, is_refused=bool(set(rules) & NEVER), bare=step)


def named_in(position: Position, wanted: Wanted) -> Step:
    """All that a change names: its entries, and where a move leads."""
    if wanted.kind == "fix":
        return Step(as_roster([read_entry(row, position.problem) for row in (*wanted.gone, *wanted.come)]))
    entries = [read_entry(wanted.entry, position.problem)]
    if wanted.other is not None:
        entries.append(read_entry(wanted.other, position.problem))
    if wanted.to:
        entries.append(read_entry({**wanted.entry, **wanted.to}, position.problem))
    return Step(as_roster(entries))


def check_untouched(session: Session, board: RosterBoard, position: Position, named: Step, seen: int) -> None:
    """A change that was made while looking at an older board goes on only if nothing that it is about has changed.

    Raises:
        Conflict: `board_changed`.
        Refused: `revision_unknown`.
    """
    if seen == board.revision:
        return
    if not 0 <= seen < board.revision:
        raise Refused("revision_unknown", revision=seen)
    refuse_if_met(session, position, named, edits_since(session, board, seen), "board_changed")


def refuse_if_met(session: Session, position: Position, step: Step, later: list[BoardEdit], code: str) -> None:
    """Make sure that later edits are not about the people and places of a step.

    Raises:
        Conflict: `code`, with who changed what.
    """
    mine = touches(position.problem, step)
    for other in later:
        if mine & touches(position.problem, _read_step(position, other.change_json)):
            author = session.get(Account, other.made_by) if other.made_by else None
            raise Conflict(code, by=author.name if author else "", revision=other.revision, kind=other.kind)


def _store(
    session: Session, positions: Positions, board: RosterBoard, position: Position, kind: str, judged: Judged,
    actor: Actor, *, reason: str = "", undoes: int | None = None, rise: Mapping[str, int] = NOTHING,
) -> BoardEdit:  # fmt: skip
    """`rise` is what the board's cost has changed by before the step, as what is true on it changed."""
    cost = {rule: rise.get(rule, 0) + judged.verdict.cost.get(rule, 0) for rule in {*rise, *judged.verdict.cost}}
    reached = position.after(judged.step, judged.verdict)
    board.revision += 1
    board.roster_json, board.changed_at = roster_json(reached.roster), clock.now()
    if judged.step.pinned or judged.step.unpinned:
        board.problem_json = {**board.problem_json, "pins": pins_json(reached.pins)}
    made = BoardEdit(
        board_id=board.id or 0, revision=board.revision, kind=kind, change_json=write_step(position, judged.step),
        cost_json={rule: n for rule, n in cost.items() if n}, reason=reason if judged.needs_reason else "",
        waived=" ".join(judged.rules) if judged.needs_reason else "", undoes=undoes, made_by=actor.account_id,
        made_at=clock.now(),
    )  # fmt: skip
    session.add_all([board, made])
    session.flush()
    positions.keep(board, reached)
    return made


def write_step(position: Position, step: Step) -> dict[str, Any]:
    """A step as it is stored with its edit."""

    def pinned(entries: dict[Entry, frozenset[str]]) -> list[dict[str, Any]]:
        return [{**write_entry(e), "waives": sorted(waives)} for e, waives in entries.items()]

    gone: list[Entry] = [*step.removed.duties, *step.removed.lessons]
    come: list[Entry] = [*step.added.duties, *step.added.lessons]
    return {
        "removed": [write_entry(e) for e in gone],
        "added": [write_entry(e) for e in come],
        "unpinned": pinned({e: position.pins.get(e, frozenset()) for e in step.unpinned}),
        "pinned": pinned(dict(step.pinned)),
    }


def _read_step(position: Position, change: dict[str, Any], *, backwards: bool = False) -> Step:
    def read(name: str) -> list[Entry]:
        return [read_entry(data, position.problem) for data in change[name]]

    gone, come, unpin, pin = ("added", "removed", "pinned", "unpinned") if backwards else (
        "removed", "added", "unpinned", "pinned"
    )  # fmt: skip
    pinned = {read_entry(data, position.problem): frozenset(data["waives"]) for data in change[pin]}
    return Step(as_roster(read(gone)), as_roster(read(come)), frozenset(read(unpin)), pinned)
