"""The access log (访问日志): who looked at, took out or changed somebody's data, or was refused. Never the value."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime, time

from sqlmodel import Session, col, select

from registry import clock
from registry.clock import SHANGHAI
from registry.errors import Denied
from registry.privacy.tables import AccessLog


def note_access(
    session: Session,
    account_id: int | None,
    action: str,
    subject: str,
    subject_id: int | None,
    *,
    field: str = "",
    reason: str = "",
    is_refused: bool = False,
    address: str = "",
) -> None:
    """Add one line."""
    session.add(
        AccessLog(
            at=clock.now(), account_id=account_id, action=action, subject=subject, subject_id=subject_id,
            field=field, reason=reason[:200], is_refused=is_refused, address=address[:50],
        )
    )  # fmt: skip
    session.flush()


def note_once_a_day(
    session: Session, account_id: int, shown: Collection[tuple[str, int]], reason: str, address: str = ""
) -> None:
    """Add a line for each action and child that somebody was shown on a page, once a day however often it is opened."""
    if not shown:
        return
    begin = datetime.combine(clock.today(), time(), SHANGHAI)
    known = select(AccessLog.action, AccessLog.subject_id).where(
        AccessLog.account_id == account_id, AccessLog.at >= begin,
        col(AccessLog.action).in_({action for action, _ in shown}),
    )  # fmt: skip
    for action, child_id in sorted(set(shown) - {(action, number or 0) for action, number in session.exec(known)}):
        note_access(session, account_id, action, "child", child_id, reason=reason, address=address)


def note_many(
    session: Session, account_id: int | None, action: str, subject: str, ids: Iterable[int], *, reason: str
) -> None:  # fmt: skip
    """A line for each of many rows, at once."""
    now = clock.now()
    session.add_all(
        AccessLog(at=now, account_id=account_id, action=action, subject=subject, subject_id=number, reason=reason)
        for number in ids
    )
    session.flush()


def note_denied(session: Session, denied: Denied, address: str) -> None:
    """Add the line of an attempt that was refused, in a unit of work of its own: that of the attempt is undone."""
    note_access(
        session, denied.account_id, denied.action, denied.subject, denied.subject_id, is_refused=True, address=address
    )
