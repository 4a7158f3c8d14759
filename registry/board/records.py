"""What a board tells of itself: its conflicts, what each rule costs and how edits have changed that, who did what."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlmodel import Session, col, select

from registry.accounts.tables import Account
from registry.board.tables import BoardEdit, RosterBoard
from registry.engine.boards import LEVELS, SOFT_RULES, WAIVABLE, Entry, Position, Violation


@dataclass(frozen=True)
class Clash:
    """A broken rule on the board. Overridden ones are there with a written reason; of the others `can_override` says
    whether a reason would do. `sites` are those of its entries."""

    violation: Violation
    sites: frozenset[str]
    is_overridden: bool
    can_override: bool
    reason: str = ""

    @property
    def entries(self) -> tuple[Entry, ...]:
        """The entries that break the rule."""
        return tuple(self.violation.subject)


@dataclass(frozen=True)
class CostRow:
    """What a rule costs now, and by how much all edits have changed that since the board was opened."""

    rule: str
    level: str
    now: int
    change: int


@dataclass(frozen=True)
class Done:
    """An edit, who made it, whether it was taken back."""

    edit: BoardEdit
    author: str
    is_undone: bool


def clashes(position: Position) -> tuple[Clash, ...]:
    """Every broken rule, those that nobody has overridden first."""
    report = position.report
    return tuple(_clash(position, v, False) for v in report.violations) + tuple(
        _clash(position, v, True) for v in report.overridden
    )


def _clash(position: Position, found: Violation, is_overridden: bool) -> Clash:
    sites = frozenset(position.problem.class_run[e.class_run].site for e in found.subject)
    return Clash(found, sites, is_overridden, found.rule in WAIVABLE and not is_overridden)


def costs(session: Session, board: RosterBoard, position: Position) -> tuple[CostRow, ...]:
    """A row for each rule that costs or cost something."""
    change: Counter[str] = Counter()
    for row in session.exec(select(BoardEdit.cost_json).where(BoardEdit.board_id == board.id)):
        change.update(row)
    return cost_rows(position.parts, change)


def cost_rows(parts: Mapping[str, int], change: Mapping[str, int]) -> tuple[CostRow, ...]:
    """The rows, in the rulebook's order."""
    rows = (CostRow(rule, LEVELS[rule], parts.get(rule, 0), change.get(rule, 0)) for rule in SOFT_RULES)
    return tuple(row for row in rows if row.now or row.change)


def history(session: Session, board: RosterBoard, most: int = 200) -> tuple[Done, ...]:
    """The newest edits, newest first."""
    wanted = (
        select(BoardEdit, Account.name).join(Account, col(BoardEdit.made_by) == col(Account.id), isouter=True)
        .where(BoardEdit.board_id == board.id).order_by(col(BoardEdit.revision).desc()).limit(most)
    )  # fmt: skip
    rows = list(session.exec(wanted))
    undone = _undone(edit for edit, _ in rows)
    return tuple(Done(edit, name or "", edit.revision in undone) for edit, name in rows)


def _undone(edits: Iterable[BoardEdit]) -> set[int]:
    return {e.undoes for e in edits if e.undoes is not None}


def classes_of(made: BoardEdit) -> set[str]:
    """The classes that an edit touched."""
    kinds = ("removed", "added", "unpinned", "pinned")
    return {row["class"] for kind in kinds for row in made.change_json.get(kind, ())}
