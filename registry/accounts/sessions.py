"""Browsers that are signed in: made, found again by their token, listed, revoked."""

from __future__ import annotations

import hashlib
import secrets
from contextlib import suppress
from datetime import datetime, timedelta

from sqlalchemy.exc import OperationalError
from sqlmodel import Session, col, select, update

from registry import clock
from registry.accounts.permissions import Actor, actor_from
from registry.accounts.tables import Account, LoginSession, RoleGrant
from registry.errors import NotFound
from registry.families.tables import Guardian

FAMILY_LASTS, STAFF_LASTS = timedelta(days=30), timedelta(hours=12)
"""Since it was last used. Staff open children's data on office PCs that others use too."""
SEEN_EVERY = timedelta(minutes=5)
"""A session's last use is written down no more often than this."""


def token_hash(token: str) -> str:
    """What is kept of a token: 64 hex digits of SHA-256. The token is random, so that no salt is needed."""
    return hashlib.sha256(token.encode()).hexdigest()


def sign_in(session: Session, account: Account, *, device: str, address: str) -> str:
    """A new session of the account; answers the token that the browser keeps."""
    assert account.id is not None
    token, now = secrets.token_urlsafe(32), clock.now()
    session.add(
        LoginSession(
            account_id=account.id, token_hash=token_hash(token), device=device[:200], address=address[:50],
            created_at=now, seen_at=now, expires_at=now + _lasts(session, account.id),
        )
    )  # fmt: skip
    session.flush()
    return token


def who_is(session: Session, token: str) -> Actor | None:
    """Who holds the token, None where it is unknown, expired or revoked, or the account is not active."""
    now = clock.now()
    wanted = (
        select(LoginSession, Account, Guardian.id)
        .join(Account, col(Account.id) == LoginSession.account_id)
        .outerjoin(Guardian, col(Guardian.account_id) == Account.id)
        .where(LoginSession.token_hash == token_hash(token))
    )
    row = session.exec(wanted).first()  # One question: every request of everybody begins with it.
    if row is None:
        return None
    found, account, guardian = row
    if found.revoked_at is not None or found.expires_at <= now or not account.is_active:
        return None
    _see(session, found, now)
    return actor_from(session, account, guardian, clock.today(), session_id=found.id)


def _see(session: Session, found: LoginSession, now: datetime) -> None:
    """Write the last use down. Where the database is busy, the next request will: nobody's page fails for it."""
    if now - found.seen_at < SEEN_EVERY:
        return
    until = now + _lasts(session, found.account_id)
    seen = update(LoginSession).where(col(LoginSession.id) == found.id).values(seen_at=now, expires_at=until)
    with suppress(OperationalError), session.begin_nested():
        session.exec(seen)


def _lasts(session: Session, account_id: int) -> timedelta:
    grants = select(RoleGrant.id).where(RoleGrant.account_id == account_id, col(RoleGrant.revoked_at).is_(None))
    return STAFF_LASTS if session.exec(grants).first() is not None else FAMILY_LASTS


def sessions_of(session: Session, account_id: int) -> list[LoginSession]:
    """The sessions of an account that are still good, the last used first."""
    good = select(LoginSession).where(
        LoginSession.account_id == account_id,
        col(LoginSession.revoked_at).is_(None),
        LoginSession.expires_at > clock.now(),
    )
    return list(session.exec(good.order_by(col(LoginSession.seen_at).desc())))


def revoke(session: Session, account_id: int, session_id: int) -> None:
    """End a session of the account.

    Raises:
        NotFound: `session_unknown`, also for another account's.
    """
    found = session.get(LoginSession, session_id)
    if found is None or found.account_id != account_id:
        raise NotFound("session_unknown", session=session_id)
    found.revoked_at = found.revoked_at or clock.now()
    session.add(found)
    session.flush()


def revoke_others(session: Session, account_id: int, kept: int | None) -> int:
    """End all sessions of the account but one (or all, where `kept` is None); answers how many there were."""
    others = [found for found in sessions_of(session, account_id) if found.id != kept]
    for found in others:
        found.revoked_at = clock.now()
        session.add(found)
    session.flush()
    return len(others)


def sign_out(session: Session, token: str) -> None:
    """End the session of a token. One that is unknown or ended already is no error: the aim is reached."""
    found = session.exec(select(LoginSession).where(LoginSession.token_hash == token_hash(token))).first()
    if found is not None and found.revoked_at is None:
        found.revoked_at = clock.now()
        session.add(found)
        session.flush()
