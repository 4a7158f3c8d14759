"""Storing what was read: a row is found again by its natural identity, so a second import changes nothing."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping
from typing import Any, Generic, TypeVar

from sqlmodel import Session, select

from registry.db import Table
from registry.exchange.report import Outcome
from registry.exchange.sheets import Row

M = TypeVar("M", bound=Table)


class Catalogue(Generic[M]):
    """All stored rows of a table by identity, and which of them this workbook has named already."""

    def __init__(self, session: Session, model: type[M], identity: Callable[[M], Hashable]) -> None:
        self._session, self._model, self._identity = session, model, identity
        self.known: dict[Hashable, M] = {identity(row): row for row in session.exec(select(model))}
        self.seen: dict[Hashable, Row] = {}

    def put(self, row: Row, values: Mapping[str, Any]) -> tuple[M | None, Outcome]:
        """Store the values of a row that is sound and not a repeat of an earlier one."""
        identity = self._identity(self._model(**values))
        if not row.failed and identity in self.seen:
            report_repeat(row, self.seen[identity])
        if row.failed:
            return None, "skipped"
        self.seen[identity] = row
        stored, outcome = upsert(self._session, self._model, self.known.get(identity), values)
        self.known[identity] = stored
        return stored, outcome

    def named(self) -> dict[Hashable, M]:
        """The rows that this workbook has named."""
        return {identity: self.known[identity] for identity in self.seen}


def report_repeat(row: Row, first: Row) -> None:
    """The row repeats an earlier one: say which, and under which headers the two differ."""
    sheet = row.sheet
    differing = [
        sheet.headers[index]
        for field, index in sheet.columns.items()
        if field != "number" and row.cells[index] != first.cells[index]
    ]
    row.skip("duplicate_row", first_row=first.number, differs_in=differing)


def upsert(session: Session, model: type[M], stored: M | None, values: Mapping[str, Any]) -> tuple[M, Outcome]:
    """Add a row, or bring the stored one to these values."""
    if stored is None:
        stored = model(**values)
        session.add(stored)
        session.flush()
        return stored, "new"
    changes = {name: value for name, value in values.items() if getattr(stored, name) != value}
    for name, value in changes.items():
        setattr(stored, name, value)
    return stored, "changed" if changes else "unchanged"


class Links(Generic[M]):
    """The rows of a table that belong to a parent, such as a site's rooms, kept equal to what was read.

    `keys` are the columns that make a row what it is; `fixed` columns are the same in all of them, and rows
    with other values there are left alone.
    """

    def __init__(self, session: Session, model: type[M], parent: str, keys: tuple[str, ...], **fixed: object) -> None:
        self._session, self._model, self._parent, self._keys, self._fixed = (
            session,
            model,
            parent,
            keys,
            fixed,
        )
        self._stored: dict[int, dict[tuple[Any, ...], M]] = {}
        for row in session.exec(select(model)):
            if all(getattr(row, name) == value for name, value in fixed.items()):
                own = self._stored.setdefault(getattr(row, parent), {})
                own[tuple(getattr(row, name) for name in keys)] = row

    def all(self) -> list[M]:
        """The rows of all parents."""
        return [row for own in self._stored.values() for row in own.values()]

    def put(self, parent_id: int | None, wanted: Iterable[tuple[Any, ...]]) -> bool:
        """Make the parent's rows these and no others; say whether that changed anything."""
        assert parent_id is not None
        stored, target = self._stored.setdefault(parent_id, {}), set(wanted)
        gone, added = stored.keys() - target, sorted(target - stored.keys())
        for values in gone:
            self._session.delete(stored.pop(values))
        if gone:
            self._session.flush()  # before the new rows, which may be unique together with the old
        for values in added:
            fields = {self._parent: parent_id, **dict(zip(self._keys, values, strict=True)), **self._fixed}
            stored[values] = self._model(**fields)
            self._session.add(stored[values])
        return bool(gone or added)


def outcome_with(outcome: Outcome, *changed: bool) -> Outcome:
    """The outcome of a row once its links are stored too."""
    return "changed" if outcome == "unchanged" and any(changed) else outcome
