"""The workbook of a board, edited and brought back: its changes as moves, each judged as a drag is, then one edit."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from sqlmodel import Session

from registry.accounts.permissions import Action, Actor, require
from registry.board.boards import the_board
from registry.board.edits import check_untouched, edits_of, first_day, judged_step, record
from registry.board.positions import Positions
from registry.board.steps import as_roster, require_future, require_sites
from registry.board.tables import BoardEdit, RosterBoard
from registry.db import take_turns
from registry.duties.difference import Told, teller
from registry.engine.boards import Duty, Entry, Position, Roster, Step, read_entry, who, write_entry
from registry.errors import Conflict, Refused, RegistryError
from registry.exchange.book_part import entries_at, part_of
from registry.exchange.book_read import WeekBook
from registry.exchange.book_rows import BookProblem
from registry.rostering.week_store import class_names

Tell = Callable[[Mapping[str, Any]], tuple[str, Told]]
WORKS, REASON, CONFLICT, NEVER, STALE, ELSEWHERE, OVER = (
    "works", "reason", "conflict", "never", "stale", "elsewhere", "over",
)  # fmt: skip
"""What becomes of a move: only the first is done. A rule that a reason waives is waived on the board itself."""


@dataclass(frozen=True, slots=True)
class BookMove:
    """Entries that change together, because they share a person or a place: whose each is and what, the outcome, the
    rules that stand against it."""

    gone: tuple[tuple[str, Told], ...]
    come: tuple[tuple[str, Told], ...]
    outcome: str
    rules: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Brought:
    """What a workbook would do: the moves, the cells that are not understood, the revision that it was made of and
    the board's now."""

    moves: tuple[BookMove, ...]
    problems: tuple[BookProblem, ...]
    made_of: int
    revision: int

    @property
    def works(self) -> int:
        """How many moves would be done."""
        return sum(move.outcome == WORKS for move in self.moves)


def see_book(session: Session, positions: Positions, actor: Actor, monday: date, path: Path) -> Brought:
    """What a workbook would do to the board, without doing it.

    Raises:
        NotAllowed. NotFound: `board_unknown`.
        WorkbookRefused: it cannot be read. Refused: `book_of_another`, of another week or of no board.
    """
    require(actor, Action.MANAGE_ROSTER)
    return _judged(session, positions, actor, the_board(session, monday), path)[0]


def bring_book(
    session: Session, positions: Positions, actor: Actor, monday: date, path: Path, *, seen: int
) -> BoardEdit:
    """Do the moves that work, as one edit that can be taken back. `seen` is the revision of the preview.

    Raises:
        as `see_book`. Refused: `nothing_changes`; `book_cells`, where a cell is not understood.
        Conflict: `board_moved_on`.
    """
    require(actor, Action.MANAGE_ROSTER)
    take_turns(session, f"roster-board-{monday.isoformat()}")
    board = the_board(session, monday)
    if board.revision != seen:
        raise Conflict("board_moved_on", seen=seen, revision=board.revision)
    found, steps = _judged(session, positions, actor, board, path)
    if found.problems:
        raise Refused("book_cells", n=len(found.problems))
    if not steps:
        raise Refused("nothing_changes")
    return record(session, positions, actor, board, "book", _together(steps))


def _judged(
    session: Session, positions: Positions, actor: Actor, board: RosterBoard, path: Path
) -> tuple[Brought, list[Step]]:
    book = WeekBook(path)
    if book.facts.kind != "board" or book.facts.week != board.week.isoformat() or book.facts.draft > board.revision:
        raise Refused("book_of_another", week=board.week.isoformat())
    position = positions.of(board)
    written = _roster_at(session, board, position, book.facts.draft)
    problem = position.problem
    if (sites := book.facts.sites) is not None:
        problem = part_of(problem, sites, written, position.roster)
        written = entries_at(position.problem, sites, written)
    contents = book.contents(problem, written, class_names(board.problem_json))
    tell = teller(board.week, board.problem_json)
    moves, steps = [], []
    for gone, come in _groups(position, written, contents.roster):
        step = Step(as_roster(gone), as_roster(come), frozenset(e for e in gone if e in position.pins))
        outcome, rules = _outcome(session, actor, board, position, step, book.facts.draft)
        moves.append(BookMove(_told(tell, gone), _told(tell, come), outcome, rules))
        if outcome == WORKS:
            steps.append(step)
            position = position.after(step, position.judge(step))
    return Brought(tuple(moves), contents.problems, book.facts.draft, board.revision), steps


def _outcome(
    session: Session, actor: Actor, board: RosterBoard, position: Position, step: Step, seen: int
) -> tuple[str, tuple[str, ...]]:
    """What becomes of a move, and the rules against it."""
    there = {*position.roster.duties, *position.roster.lessons}
    gone, come = ({*part.duties, *part.lessons} for part in (step.removed, step.added))
    try:
        refused = ELSEWHERE
        require_sites(actor, position.problem, step)
        refused = OVER
        require_future(board, position.problem, step, first_day(session))
        refused = STALE
        check_untouched(session, board, position, step, seen)
    except RegistryError:
        return refused, ()
    if not gone <= there or come & there:
        return STALE, ()
    judged = judged_step(position, step)
    return judged.outcome, judged.rules


def _roster_at(session: Session, board: RosterBoard, position: Position, revision: int) -> Roster:
    """The board's roster as it was at an earlier revision: later edits taken back."""
    entries: set[Entry] = {*position.roster.duties, *position.roster.lessons}
    for made in edits_of(session, board, most=1_000_000):
        if made.revision > revision:
            entries -= {read_entry(row, position.problem) for row in made.change_json["added"]}
            entries |= {read_entry(row, position.problem) for row in made.change_json["removed"]}
    return as_roster(list(entries))


def _groups(position: Position, old: Roster, new: Roster) -> Iterator[tuple[list[Entry], list[Entry]]]:
    """What differs, in groups that share no person in a segment and no place, each in an order that never changes."""
    gone: list[Entry] = [*(old.duties - new.duties), *(old.lessons - new.lessons)]
    come: list[Entry] = [*(new.duties - old.duties), *(new.lessons - old.lessons)]
    found: list[tuple[set[tuple[str, ...]], list[Entry]]] = []
    for entry in sorted({*gone, *come}, key=repr):
        keys, members = _keys(position, entry), [entry]
        apart = []
        for others, some in found:
            if keys & others:
                keys |= others
                members = [*some, *members]
            else:
                apart.append((others, some))
        found = [*apart, (keys, members)]
    left, new_ones = set(gone), set(come)
    groups = [([e for e in some if e in left], [e for e in some if e in new_ones]) for _, some in found]
    yield from sorted(groups, key=lambda group: bool(group[1]))  # what only goes makes room for what comes


def _keys(position: Position, entry: Entry) -> set[tuple[str, ...]]:
    """The person and the place, in the segment."""
    segment = entry.segment if isinstance(entry, Duty) else position.problem.slot[entry.slot].segment
    place = () if isinstance(entry, Duty) else (entry.slot,)
    return {("person", who(entry), segment), ("place", entry.class_run, segment, *place)}


def _told(tell: Tell, entries: Iterable[Entry]) -> tuple[tuple[str, Told], ...]:
    return tuple(tell(write_entry(entry)) for entry in entries)


def _together(steps: list[Step]) -> Step:
    """Steps that share nothing as one."""
    parts: dict[str, list[Entry]] = defaultdict(list)
    for step in steps:
        parts["removed"] += [*step.removed.duties, *step.removed.lessons]
        parts["added"] += [*step.added.duties, *step.added.lessons]
    whole = Step(as_roster(parts["removed"]), as_roster(parts["added"]))
    return replace(whole, unpinned=frozenset().union(*(step.unpinned for step in steps)))
