"""Codes of six digits: sent to a phone, good once, for five minutes and five tries; the newest alone (DOMAIN.md)."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from datetime import timedelta

from sqlmodel import Session, col, select, update

from registry import clock
from registry.accounts.tables import SignInCode
from registry.errors import FieldProblem
from registry.keys import key_ring

DIGITS, TRIES = 6, 5
LASTS, RESEND_AFTER = timedelta(minutes=5), timedelta(seconds=60)


def make_code(session: Session, phone: str) -> str:
    """A new code for the phone; those sent before are void."""
    code, now = f"{secrets.randbelow(10**DIGITS):0{DIGITS}}", clock.now()
    session.exec(
        update(SignInCode)
        .where(col(SignInCode.phone) == phone, col(SignInCode.expires_at) > now)
        .values(expires_at=now)
    )
    session.add(SignInCode(phone=phone, code_hash=_sealed(phone, code), sent_at=now, expires_at=now + LASTS))
    session.flush()
    return code


def seconds_to_resend(session: Session, phone: str) -> int:
    """How long to wait before another code can be sent to the phone."""
    newest = session.exec(select(SignInCode.sent_at).where(SignInCode.phone == phone).order_by(_newest)).first()
    return 0 if newest is None else max(0, -((clock.now() - newest - RESEND_AFTER) // timedelta(seconds=1)))


def use_code(session: Session, phone: str, code: str) -> FieldProblem | None:
    """Try a code; None says that it was the right one, which is used up by that.

    A try is counted before the code is looked at, in one statement, so that many at once get no more than one by one.
    Whether the phone was ever sent a code makes no difference in the answer.
    """
    now = clock.now()
    newest = select(SignInCode).where(SignInCode.phone == phone, SignInCode.expires_at > now).order_by(_newest)
    found = session.exec(newest).first()
    if found is None or not _take(session, found, tries=SignInCode.tries + 1):
        return FieldProblem("code", "code_over")
    session.refresh(found)
    if not _is_right(found, phone, code):
        return FieldProblem("code", "code_wrong" if found.tries < TRIES else "code_over", {"n": TRIES - found.tries})
    return None if _take(session, found, tries=SignInCode.tries, used_at=now) else FieldProblem("code", "code_over")


_newest = col(SignInCode.id).desc()


def _take(session: Session, found: SignInCode, **changes: object) -> bool:
    """Change a code that is still good. Another try may have used it up since it was read."""
    good = (col(SignInCode.id) == found.id, col(SignInCode.used_at).is_(None))
    few = col(SignInCode.tries) < TRIES if "used_at" not in changes else col(SignInCode.tries) <= TRIES
    changed = session.exec(update(SignInCode).where(*good, few).values(**changes))
    return changed.rowcount == 1


def _is_right(found: SignInCode, phone: str, code: str) -> bool:
    version, _, _ = found.code_hash.partition(":")
    key = key_ring().keys.get(int(version))
    return key is not None and hmac.compare_digest(found.code_hash, _sealed(phone, code, int(version)))


def _sealed(phone: str, code: str, version: int | None = None) -> str:
    """A code's hash with the district's key: a million codes are soon tried by whoever has the table alone."""
    ring = key_ring()
    version = version or ring.newest
    digest = hmac.new(ring.keys[version], f"sign-in {phone} {code}".encode(), hashlib.sha256).hexdigest()
    return f"{version}:{digest}"
