"""Codes by which another adult collects a child on one day: made by a guardian, good once, for five tries."""

from __future__ import annotations

import hashlib
import hmac
import secrets

from sqlmodel import Session, col, update

from registry import clock
from registry.attendance.tables import PickupDelegation
from registry.errors import FieldProblem
from registry.keys import key_ring

DIGITS, TRIES = 6, 5


def new_code() -> str:
    """Six digits."""
    return f"{secrets.randbelow(10**DIGITS):0{DIGITS}}"


def sealed(child_id: int, code: str, version: int | None = None) -> str:
    """A code's hash with the district's key."""
    ring = key_ring()
    version = version or ring.newest
    digest = hmac.new(ring.keys[version], f"pick-up {child_id} {code}".encode(), hashlib.sha256).hexdigest()
    return f"{version}:{digest}"


def use_delegation(session: Session, delegation_id: int, code: str) -> FieldProblem | None:
    """Try a code; None says that it was right, and is used up by that.

    A try is counted before the code is looked at, in one statement, so that many at once get no more than one by one.
    A wrong one is an answer and no error: it has to stay counted.
    """
    good = (
        col(PickupDelegation.id) == delegation_id, col(PickupDelegation.used_at).is_(None),
        col(PickupDelegation.withdrawn_at).is_(None), col(PickupDelegation.tries) < TRIES,
    )  # fmt: skip
    counted = session.exec(update(PickupDelegation).where(*good).values(tries=PickupDelegation.tries + 1))
    if counted.rowcount != 1:
        return FieldProblem("code", "pickup_code_over")
    found = session.get_one(PickupDelegation, delegation_id)
    session.refresh(found)
    if not _is_right(found, code.strip()):
        left = TRIES - found.tries
        return FieldProblem("code", "pickup_code_wrong" if left else "pickup_code_over", {"n": left})
    found.used_at = clock.now()
    session.add(found)
    session.flush()
    return None


def _is_right(found: PickupDelegation, code: str) -> bool:
    version, _, _ = found.code_hash.partition(":")
    key = key_ring().keys.get(int(version))
    return key is not None and hmac.compare_digest(found.code_hash, sealed(found.child_id, code, int(version)))
