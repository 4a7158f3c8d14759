"""Places of class runs, counted by weekday: taken all or none, never more than there are, whoever comes at once.

Rows are locked in the order of their keys, so that two families never wait for each other in a circle.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy import update
from sqlmodel import Session, col, select

from registry.enrolment.tables import ClassDay


def lock(session: Session, class_run_ids: Collection[int]) -> None:
    """Wait for everybody else who changes places or waitlists of these class runs, until the unit of work ends.

    SQLite has one writer at a time and needs no lock of rows: there the unit of work has to begin with `writes`.
    """
    rows = select(ClassDay.weekday).where(col(ClassDay.class_run_id).in_(class_run_ids))
    session.exec(rows.order_by(col(ClassDay.class_run_id), col(ClassDay.weekday)).with_for_update()).all()


def take(session: Session, class_run_id: int, weekdays: Sequence[int]) -> bool:
    """Take one place on each of these weekdays, or none at all; whether there was room."""
    lock(session, [class_run_id])
    inner = session.begin_nested()
    if _count(session, class_run_id, weekdays, 1) == len(set(weekdays)):
        inner.commit()
        return True
    inner.rollback()
    return False


def release(session: Session, class_run_id: int, weekdays: Sequence[int]) -> None:
    """Give the place on these weekdays back."""
    lock(session, [class_run_id])
    _count(session, class_run_id, weekdays, -1)


def _count(session: Session, class_run_id: int, weekdays: Sequence[int], by: int) -> int:
    """How many counters could be moved."""
    days = update(ClassDay).where(col(ClassDay.class_run_id) == class_run_id, col(ClassDay.weekday).in_(set(weekdays)))
    within = col(ClassDay.taken) < col(ClassDay.places) if by > 0 else col(ClassDay.taken) > 0
    done = session.execute(
        days.where(within).values(taken=col(ClassDay.taken) + by), execution_options={"synchronize_session": False}
    )
    for day in list(session.identity_map.values()):
        if isinstance(day, ClassDay) and day.class_run_id == class_run_id:
            session.expire(day)
    return int(done.rowcount)  # type: ignore[attr-defined]
