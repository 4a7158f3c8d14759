"""Who changed what about a child: lines of the access log, never the values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from registry.accounts.permissions import Action, Actor
from registry.accounts.tables import Account
from registry.privacy.access_log import note_access
from registry.privacy.tables import AccessLog

CHANGE, SUBJECT = Action.CHANGE_CHILD.value, "child"
MOST_SHOWN = 30


def note_change(session: Session, actor: Actor, child_id: int, what: str) -> None:
    """Add a line. `what` is the field, or what was done, such as collector.added."""
    note_access(session, actor.account_id, CHANGE, SUBJECT, child_id, field=what)


@dataclass(frozen=True, slots=True)
class Change:
    """Something that somebody changed."""

    at: datetime
    what: str
    account_id: int | None
    by_name: str


def changes_of(session: Session, child_id: int) -> list[Change]:
    """What was changed about a child, the newest first, at most thirty."""
    lines = (
        select(AccessLog.at, AccessLog.field, AccessLog.account_id, Account.name)
        .join(Account, col(Account.id) == AccessLog.account_id)
        .where(AccessLog.subject == SUBJECT, AccessLog.subject_id == child_id, AccessLog.action == CHANGE)
        .where(col(AccessLog.is_refused).is_(False))
        .order_by(col(AccessLog.id).desc())
        .limit(MOST_SHOWN)
    )
    return [Change(*line) for line in session.exec(lines)]
