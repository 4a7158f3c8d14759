"""Commands about a week that is there already: which week, which sites, classes and people, out to which file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from itertools import count
from pathlib import Path
from typing import Protocol, TypeVar

from api.commands.database import migrated_engine
from api.commands.files import check_writable
from registry.db import sessions
from registry.errors import NotFound, Refused
from registry.rostering.build import check_monday
from registry.rostering.week_places import addresses
from registry.rostering.week_store import StoredWeek, WeekStore


class Named(Protocol):
    """What has a number and a name."""

    @property
    def id(self) -> str:
        """The number, such as s12."""

    @property
    def name(self) -> str:
        """What people call it."""


N = TypeVar("N", bound=Named)


@dataclass(frozen=True)
class MadeWeek:
    """The newest finished roster of a week with full names, and the addresses of its sites."""

    week: StoredWeek
    places: dict[str, str]


def typed_monday(week: str) -> date:
    """The date as it was typed. Only 2026-07-13 is taken.

    Raises:
        Refused: `week_malformed`, `week_not_monday`.
    """
    try:
        monday = date.fromisoformat(week)
    except ValueError:
        raise Refused("week_malformed", week=week) from None
    check_monday(monday)
    return monday


@contextmanager
def made_week(typed: str) -> Iterator[MadeWeek]:
    """The week that was typed. Whoever may run commands holds the database: names are not masked.

    Raises:
        Refused: `week_malformed`, `week_not_monday`.
        NotFound: `week_without_draft`.
    """
    monday = typed_monday(typed)
    engine = migrated_engine()
    try:
        with sessions(engine)() as session:
            week = WeekStore(full_names=True).week(session, monday)
            places = dict(addresses(session, week.problem))
        yield MadeWeek(week, places)
    finally:
        engine.dispose()


def chosen(rows: Iterable[N], wanted: str, unknown: str, monday: date) -> N:
    """The row that is meant, by number (`s12` or plain 12) or by its whole name.

    Raises:
        NotFound: there is none; `unknown` is the code.
        Refused: `name_shared`, with the numbers of all that are called so.
    """
    found = [row for row in rows if wanted in (row.id, row.name, row.id[1:])]
    exact = [row for row in found if row.id == wanted] or [row for row in found if row.name == wanted] or found
    if not exact:
        raise NotFound(unknown, id=wanted, week=monday.isoformat())
    if len(exact) > 1:
        raise Refused("name_shared", name=wanted, ids=[row.id for row in exact])
    return exact[0]


def output(out: Path | None, name: str) -> Path:
    """Where to write: where it was asked for, else under a name in the working directory that is still free."""
    stem, _, suffix = name.rpartition(".")
    numbered = (Path(f"{stem}-{n}.{suffix}" if n > 1 else name) for n in count(1))
    path = out or next(found for found in numbered if not found.exists())
    check_writable(path)
    return path
