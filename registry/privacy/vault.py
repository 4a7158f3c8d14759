"""All encrypted values together: which key each has, whether the keys fit, and rewriting them with the newest key."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from sqlalchemy import Column, LargeBinary, func, type_coerce
from sqlmodel import Session, select, update

from registry import tables
from registry.db import Sessions, Table
from registry.errors import Refused
from registry.keys import EncryptedText, KeyRing, key_ring, keys_file, version_of

BATCH = 200
"""Values that are rewritten in one unit of work: whoever writes at the same time waits for so many at the most."""

__all__ = ["Progress", "Rotation", "check_keys", "encrypted_columns", "rotate", "versions"]


def encrypted_columns() -> list[Column[str]]:
    """Every encrypted column of every table."""
    assert tables.ALL
    return [
        column
        for table in Table.metadata.sorted_tables
        for column in table.columns
        if isinstance(column.type, EncryptedText)
    ]


def check_keys(session: Session) -> None:
    """Make sure that there is a file of keys where anything was encrypted with one.

    Raises:
        Refused: `keys_lost`, with the file and the number of values: a new key would open none of them.
    """
    if keys_file().exists():
        return
    count = sum(
        session.scalar(select(func.count()).select_from(column.table).where(column.is_not(None))) or 0
        for column in encrypted_columns()
    )
    if count:
        raise Refused("keys_lost", file=str(keys_file().resolve()), n=count)


def versions(session: Session) -> dict[str, Counter[int]]:
    """How many values each encrypted column holds of each key's version, by table.column."""
    found: dict[str, Counter[int]] = {}
    for column in encrypted_columns():
        first = func.substr(_raw(column), 1, 1)
        rows = session.execute(select(first, func.count()).where(column.is_not(None)).group_by(first))
        found[str(column)] = Counter({version_of(bytes(byte)): count for byte, count in rows})
    return found


@dataclass(slots=True)
class Rotation:
    """What a rotation did: values rewritten, values that no key opens (by table.column and row)."""

    version: int
    total: int = 0
    done: int = 0
    unreadable: list[tuple[str, int]] | None = None


Progress = Callable[[int, int], None]
"""Told how many values are rewritten, and of how many."""


def rotate(sessions: Sessions, on_progress: Progress | None = None) -> Rotation:
    """Rewrite every encrypted value that has an older key with the newest one.

    Each batch is a unit of work of its own: interrupted at any moment, no row is half written, and the next run does
    the rest. A value that somebody changed meanwhile is left as they wrote it. One that no key opens stays as it is.
    """
    ring = key_ring()
    with sessions() as session:
        old = {place: n.total() - n[ring.newest] for place, n in versions(session).items()}
    told = Rotation(ring.newest, total=sum(old.values()), unreadable=[])
    for column in encrypted_columns():
        for _ in _batches(sessions, column, ring, told):
            if on_progress:
                on_progress(told.done, told.total)
    return told


def _batches(sessions: Sessions, column: Column[str], ring: KeyRing, told: Rotation) -> Iterator[None]:
    (key,), last = column.table.primary_key.columns, 0
    raw = _raw(column)
    while True:
        with sessions() as session:
            old = select(key, raw).where(column.is_not(None), key > last)
            old = old.where(func.substr(raw, 1, 1) != bytes([ring.newest])).order_by(key).limit(BATCH)
            rows = [(number, bytes(stored)) for number, stored in session.execute(old)]
            for number, stored in rows:
                last = number
                _rewrite(session, column, number, stored, ring, told)
        if not rows:
            return
        yield


def _rewrite(session: Session, column: Column[str], number: int, stored: bytes, ring: KeyRing, told: Rotation) -> None:
    place = column.type.place if isinstance(column.type, EncryptedText) else ""
    try:
        text = ring.decrypt(stored, place)
    except Refused:
        assert told.unreadable is not None
        told.unreadable.append((str(column), number))
        return
    (key,) = column.table.primary_key.columns
    same = update(column.table).where(key == number, _raw(column) == stored)
    session.execute(same.values({column.name: type_coerce(ring.encrypt(text, place), LargeBinary)}))
    told.done += 1


def _raw(column: Column[str]) -> Column[bytes]:
    """The column as it is stored."""
    return type_coerce(column, LargeBinary)  # type: ignore[return-value]
