"""Waitlists: who joins at the end, who leaves, where somebody stands now and stood before."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func
from sqlmodel import Session, col, select

from registry import clock
from registry.enrolment.tables import Application, WaitlistEntry

WAITING, OFFERED, PLACED, LEFT = "waiting", "offered", "placed", "left"
FRESH = {"populate_existing": True}
"""Rows as they are now: others may have changed them before this unit of work held the class run."""


@dataclass(frozen=True)
class Standing:
    """Where an application stands on the waitlist of a class run: `position` of `waiting`, from 1.

    `history`: (moment, position from then on), the oldest first; the first is when it joined.
    """

    class_run_id: int
    rank: int
    position: int
    waiting: int
    history: tuple[tuple[datetime, int], ...]


def join(session: Session, application: Application, class_run_id: int, rank: int, most: int) -> bool:
    """Stand at the end of the waitlist; False where it is full. The counters of the class run are held.

    Who stands there keeps the position. Who was there, left and comes again stands at the end.
    """
    here = select(WaitlistEntry).where(WaitlistEntry.class_run_id == class_run_id).execution_options(**FRESH)
    waiting = [entry for entry in session.exec(here) if entry.state == WAITING]
    own = session.exec(here.where(WaitlistEntry.application_id == application.id)).first()
    if own is not None and own.state == WAITING:
        return True
    if len(waiting) >= most:
        return False
    highest = select(func.max(WaitlistEntry.position)).where(WaitlistEntry.class_run_id == class_run_id)
    own = own or WaitlistEntry(
        class_run_id=class_run_id, application_id=application.id or 0, rank=rank, position=0, changed_at=clock.now()
    )
    own.rank, own.position, own.state = rank, (session.exec(highest).one() or 0) + 1, WAITING
    own.changed_at = clock.now()
    session.add(own)
    session.flush()
    return True


def mark(session: Session, entry: WaitlistEntry, state: str) -> None:
    """The entry's state. `changed_at` stays the moment at which it stopped waiting: others moved up then."""
    if entry.state == WAITING:
        entry.changed_at = clock.now()
    entry.state = state
    session.add(entry)
    session.flush()


def entry_of(session: Session, application_id: int, class_run_id: int) -> WaitlistEntry | None:
    """The entry of an application on the waitlist of a class run, whatever its state."""
    own = select(WaitlistEntry).where(WaitlistEntry.application_id == application_id)
    return session.exec(own.where(WaitlistEntry.class_run_id == class_run_id).execution_options(**FRESH)).first()


def entries_of(session: Session, application: Application) -> list[WaitlistEntry]:
    """The waitlists on which an application waits, the dearest wish first."""
    own = select(WaitlistEntry).where(WaitlistEntry.application_id == application.id, WaitlistEntry.state == WAITING)
    return list(session.exec(own.order_by(col(WaitlistEntry.rank)).execution_options(**FRESH)))


def in_line(session: Session, class_run_id: int) -> list[WaitlistEntry]:
    """Who waits for a class run, in order."""
    waiting = select(WaitlistEntry).where(WaitlistEntry.class_run_id == class_run_id, WaitlistEntry.state == WAITING)
    return list(session.exec(waiting.order_by(col(WaitlistEntry.position)).execution_options(**FRESH)))


def standings(session: Session, application: Application) -> list[Standing]:
    """Where an application stands, the dearest wish first, in two questions."""
    own = entries_of(session, application)
    lines = _lines(session, {entry.class_run_id for entry in own})
    return [_standing(entry, lines[entry.class_run_id]) for entry in own]


def _lines(session: Session, class_run_ids: Collection[int]) -> dict[int, list[WaitlistEntry]]:
    found: dict[int, list[WaitlistEntry]] = {run: [] for run in class_run_ids}
    if class_run_ids:
        for entry in session.exec(select(WaitlistEntry).where(col(WaitlistEntry.class_run_id).in_(class_run_ids))):
            found[entry.class_run_id].append(entry)
    return found


def _standing(own: WaitlistEntry, line: list[WaitlistEntry]) -> Standing:
    ahead = [entry for entry in line if entry.position < own.position]
    gone = sorted(e.changed_at for e in ahead if e.state != WAITING and e.changed_at > own.changed_at)
    still = sum(entry.state == WAITING for entry in ahead)
    position = still + len(gone) + 1
    history = [(own.changed_at, position)]
    for moment in gone:
        position -= 1
        history.append((moment, position))
    waiting = sum(entry.state == WAITING for entry in line)
    return Standing(own.class_run_id, own.rank, still + 1, waiting, tuple(history))
