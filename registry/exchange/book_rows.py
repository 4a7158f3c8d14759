"""The rows of an edited workbook of a week, and what is noted of a cell that is not understood."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from registry.exchange.book_labels import Labels, NotMeant
from registry.exchange.book_words import ROLES, known

E = TypeVar("E", bound=Hashable)
Key = tuple[str, str]
"""A class and a segment or a slot: the place of entries."""

CODES = frozenset(
    {
        *("unknown", "several", "name_differs", "value_missing", "class_not_there", "room_elsewhere", "twice"),
        *("row_unknown", "column_unknown", "edited_twice", "incomplete"),
    }
)
"""What can be wrong with a cell."""


@dataclass(frozen=True, slots=True)
class BookProblem:
    """One cell that is not understood. `row` is Excel's, `column` the header, `kind` what the cell should name."""

    sheet: str
    row: int
    column: str
    value: str
    code: str
    kind: str = ""
    facts: Mapping[str, object] = field(default_factory=dict)


@dataclass
class Read(Generic[E]):
    """Entries of one sheet, each with where it stands, and the places that could not be read in full."""

    sheet: str
    entries: dict[E, tuple[int, str]] = field(default_factory=dict)
    broken: set[Key] = field(default_factory=set)


@dataclass(frozen=True)
class Row:
    """One row: its texts and headers by column code."""

    sheet: str
    number: int
    texts: Mapping[str, str]
    headers: Mapping[str, str]
    problems: list[BookProblem]

    def text(self, column: str) -> str:
        """What stands in a column."""
        return self.texts.get(column, "")

    def note(self, column: str, code: str, *, kind: str = "", **facts: object) -> None:
        """Something is wrong with a cell."""
        header, value = self.headers.get(column, ""), self.text(column)
        self.problems.append(BookProblem(self.sheet, self.number, header, value, code, kind or column, facts))

    def meant(self, column: str, table: Labels, *, kind: str = "") -> str | None:
        """The number of what a cell names; None, and a problem, where it names nothing."""
        if not self.text(column):
            self.note(column, "value_missing", kind=kind)
            return None
        try:
            return table.meant(self.text(column))
        except NotMeant as error:
            self.note(column, error.code, kind=kind, **error.facts)
            return None

    def role(self) -> str | None:
        """The role of a duty."""
        found = known(ROLES, self.text("role")) if self.text("role") else None
        if found is None:
            self.note("role", "unknown" if self.text("role") else "value_missing")
        return found

    def room(self, table: Labels) -> tuple[str | None, bool]:
        """The room, None for the home room, and whether it could be read."""
        if not self.text("room"):
            return None, True
        found = self.meant("room", table)
        return found, found is not None

    def keep(self, found: Read[E], entry: E, column: str) -> None:
        """Take an entry; the same twice in one sheet is a problem."""
        if entry in found.entries:
            self.note(column, "twice", row=found.entries[entry][0])
        else:
            found.entries[entry] = self.number, self.headers.get(column, "")
