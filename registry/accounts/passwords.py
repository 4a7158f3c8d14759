"""Passwords of staff: Argon2id, set and changed by themselves."""

from __future__ import annotations

from functools import cache

from pwdlib import PasswordHash
from sqlmodel import Session

from registry.accounts import limits
from registry.accounts.permissions import Actor
from registry.accounts.sessions import revoke_others
from registry.accounts.tables import Account, Role
from registry.errors import FieldProblem

SHORTEST, LONGEST = 10, 200
STAFF = (Role.DISTRICT_OFFICE, Role.SITE_COORDINATOR, Role.CLASS_LEAD, Role.AUDITOR)
"""Roles that the office grants. Parents and volunteers have codes alone: nothing to remember, nothing to guess."""


@cache
def _hasher() -> PasswordHash:
    """Argon2id with the parameters of RFC 9106's second recommendation (64 MiB, 3 passes, 4 lanes)."""
    return PasswordHash.recommended()


@cache
def _nobodys() -> str:
    """A hash to compare with where there is none, so that both take as long."""
    return _hasher().hash("nobody has this password")


def is_right(session: Session, account: Account | None, password: str) -> bool:
    """Whether it is the account's password. Takes as long where there is no such account."""
    if len(password) > LONGEST:
        return False
    stored = account.password_hash if account else None
    right, renewed = _hasher().verify_and_update(password, stored or _nobodys())
    if not (right and stored and account):
        return False
    if renewed:
        account.password_hash = renewed
        session.add(account)
    return True


def problem_of(password: str, phone: str) -> FieldProblem | None:
    """What is wrong with a new password: `password_short`, `too_long`, `password_is_phone`, `password_simple`."""
    if len(password) < SHORTEST:
        return FieldProblem("password", "password_short", {"least": SHORTEST})
    if len(password) > LONGEST:
        return FieldProblem("password", "too_long", {"limit": LONGEST, "length": len(password)})
    if phone in password:
        return FieldProblem("password", "password_is_phone")
    if len(set(password)) < 4:
        return FieldProblem("password", "password_simple")
    return None


def change_password(
    session: Session, actor: Actor, *, current: str, password: str, again: str | None = None
) -> FieldProblem | None:
    """Set one's own password; None says that it is set and that all other sessions are ended.

    What is wrong is answered, not raised: a wrong `current` is counted.
    """
    account = session.get_one(Account, actor.account_id)
    if not actor.has(*STAFF) or actor.session_id is None:
        return FieldProblem("password", "password_not_for_you")
    if limits.wait(session, "password", "wrong_per_phone", account.phone, succeeded=False):
        return FieldProblem("current", "too_many_tries", {"minutes": 60})
    if account.password_hash and not is_right(session, account, current):
        limits.note(session, "password", account.phone, succeeded=False)
        return FieldProblem("current", "password_current_wrong")
    if problem := problem_of(password, account.phone):
        return problem
    if again is not None and again != password:
        return FieldProblem("again", "password_differs")
    set_password(session, account, password)
    revoke_others(session, actor.account_id, actor.session_id)
    return None


def set_password(session: Session, account: Account, password: str) -> None:
    """Store a password's hash. Whether it is a good one is asked before."""
    account.password_hash = _hasher().hash(password)
    session.add(account)
    session.flush()
