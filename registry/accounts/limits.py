"""How often a phone or an address may ask for a code, or answer wrongly, within an hour."""

from __future__ import annotations

from datetime import timedelta

from sqlmodel import Session, col, delete, func, select

from registry import clock
from registry.accounts.tables import SignInAttempt, SignInCode
from registry.programme import setting

WITHIN = timedelta(hours=1)
KEPT = timedelta(days=1)
"""Attempts and codes are of no use after this."""


def note(session: Session, kind: str, *keys: str, succeeded: bool) -> None:
    """Write down an attempt under each key: a phone, an address."""
    for key in filter(None, keys):
        session.add(SignInAttempt(kind=kind, key=key[:100], succeeded=succeeded, at=clock.now()))
    session.flush()


def wait(session: Session, kind: str, limit: str, key: str, *, succeeded: bool) -> int:
    """Seconds until the next attempt is allowed; 0 where it is allowed now. `limit` names one of `sign_in_limits`."""
    most, now = int(setting(session, "sign_in_limits")[limit]), clock.now()
    recent = select(func.count(col(SignInAttempt.id)), func.min(SignInAttempt.at)).where(
        SignInAttempt.key == key[:100], SignInAttempt.kind == kind,
        col(SignInAttempt.succeeded).is_(succeeded), SignInAttempt.at > now - WITHIN,
    )  # fmt: skip
    count, first = session.exec(recent).one()
    return max(1, int((first + WITHIN - now).total_seconds())) if key and count >= most else 0


def forget(session: Session) -> None:
    """Delete attempts and codes that no limit looks at any more."""
    before = clock.now() - KEPT
    session.exec(delete(SignInAttempt).where(col(SignInAttempt.at) < before))
    session.exec(delete(SignInCode).where(col(SignInCode.sent_at) < before))
