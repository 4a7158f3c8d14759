"""What was worked out from the database, for as long as every row that was read for it is the same.

Nothing has to say that it has changed: the very statements that were asked are asked again, and the database answers
each with one text of all its rows. That is a fraction of what it takes to read them as objects and to work with them.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping
from functools import reduce
from typing import Any, TypeVar, cast

from sqlalchemy import Select, Text, event, func
from sqlalchemy import cast as cast_to
from sqlalchemy import select as select_rows
from sqlalchemy.orm import ORMExecuteState
from sqlmodel import Session

T = TypeVar("T")
Asked = tuple[Select[Any], dict[str, Any], str]
"""A statement that answers with one text, its parameters, and both as text."""

KEPT = 8
BETWEEN, BEHIND, NOTHING = "\x1f", "\x1e", "\x1d"
"""Signs that no text of a table holds: between columns, behind rows, in place of no value."""


class Unchanged:
    """Keeps some of what was worked out last. May be shared by threads."""

    def __init__(self) -> None:
        self._kept: OrderedDict[object, tuple[list[Asked], list[str], Any]] = OrderedDict()
        self._lock = threading.Lock()

    def of(self, session: Session, key: object, make: Callable[[Session], T]) -> T:
        """What `make` works out, or has worked out under this key from the same rows. It has to depend on the key and
        on what it reads with the session that it is given, and on nothing else."""
        with self._lock:
            known = self._kept.get(key)
        asked = known[0] if known is not None else _recorded(session, make)[0]
        rows = [_rows(session, one) for one in asked]
        if known is not None and known[1] == rows:
            return cast(T, known[2])
        again, made = _recorded(session, make)  # After its rows: what changes in between is noticed the next time.
        if [said for *_, said in again] == [said for *_, said in asked]:
            with self._lock:
                self._kept[key] = asked, rows, made
                self._kept.move_to_end(key)
                while len(self._kept) > KEPT:
                    self._kept.popitem(last=False)
        else:  # Other rows have led to other questions.
            with self._lock:
                self._kept.pop(key, None)
        return made


def _recorded(session: Session, make: Callable[[Session], T]) -> tuple[list[Asked], T]:
    """What `make` works out, and every statement that it asks. It gets a session of its own in the same transaction:
    one that knows a row already would not ask for it."""
    asked: list[Asked] = []

    def note(state: ORMExecuteState) -> None:
        if isinstance(state.statement, Select):
            asked.append(_asked(state.statement, state.parameters))

    with Session(session.connection()) as fresh:
        event.listen(fresh, "do_orm_execute", note)
        return asked, make(fresh)


def _asked(statement: Select[Any], parameters: Any) -> Asked:
    """The statement that answers with all rows of this one as a text."""
    part = statement.subquery()
    row = reduce(lambda left, right: left.concat(BETWEEN).concat(right), _texts(part.c))
    compiled, given = statement.compile(), dict(parameters) if isinstance(parameters, Mapping) else {}
    said = f"{compiled} {sorted({**compiled.params, **given}.items())}"
    return select_rows(func.aggregate_strings(row, BEHIND)).select_from(part), given, said


def _texts(columns: Any) -> Iterator[Any]:
    return (func.coalesce(cast_to(column, Text), NOTHING) for column in columns)


def _rows(session: Session, asked: Asked) -> str:
    """All that a statement answers now."""
    return session.connection().execute(asked[0], asked[1]).scalar() or ""
