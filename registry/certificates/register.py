"""How a certificate comes into the register, and how it is voided: for all kinds alike."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session, col, func, select

from registry import clock
from registry.accounts.permissions import Actor
from registry.certificates.codes import new_code
from registry.certificates.tables import Certificate, Kind
from registry.conventions.texts import line_of
from registry.db import take_turns
from registry.errors import Conflict
from registry.privacy.access_log import note_access
from registry.programme import setting

ISSUED, VOIDED = "certificate.issue", "certificate.void"
LONGEST_REASON = 200


@dataclass(frozen=True, slots=True)
class Holder:
    """Who gets a certificate, for what: a volunteer for a term, or a child for a class."""

    name: str
    term_id: int
    volunteer_id: int | None = None
    child_id: int | None = None
    class_run_id: int | None = None

    @property
    def kind(self) -> Kind:
        """What such a holder gets."""
        return Kind.SERVICE if self.volunteer_id is not None else Kind.PARTICIPATION


def in_force(session: Session, holder: Holder) -> Certificate | None:
    """The certificate that somebody has for that term or class."""
    mine = select(Certificate).where(
        Certificate.kind == holder.kind, Certificate.term_id == holder.term_id, col(Certificate.voided_at).is_(None),
        Certificate.volunteer_id == holder.volunteer_id, Certificate.child_id == holder.child_id,
        Certificate.class_run_id == holder.class_run_id,
    )  # fmt: skip
    return session.exec(mine).first()


def entered(session: Session, actor: Actor, holder: Holder, facts: Mapping[str, Any]) -> Certificate:
    """A new certificate, with the next number of the year.

    Raises:
        Conflict: `certificate_there`, where one is in force.
    """
    today = clock.today()
    take_turns(session, f"certificates {today.year}")
    if (there := in_force(session, holder)) is not None:
        raise Conflict("certificate_there", number=there.shown_number)
    last = session.exec(select(func.max(Certificate.number)).where(Certificate.year == today.year)).one()
    issuer = setting(session, "certificates")
    made = Certificate(
        kind=holder.kind, year=today.year, number=(last or 0) + 1, code=new_code(), volunteer_id=holder.volunteer_id,
        child_id=holder.child_id, term_id=holder.term_id, class_run_id=holder.class_run_id, holder=holder.name,
        facts={**facts, "issuer": issuer["issuer"], "issuer_en": issuer["issuer_en"]}, issued_on=today,
        issued_at=clock.now(), issued_by_id=actor.account_id,
    )  # fmt: skip
    session.add(made)
    session.flush()
    _note(session, actor, ISSUED, made)
    return made


def voided(session: Session, actor: Actor, found: Certificate, reason: str) -> None:
    """Take a certificate out of force, for good. Its code says so from now on.

    Raises:
        Invalid: at `reason`: `needed`, `too_long`, `text_malformed`. Conflict: `certificate_void`.
    """
    why = line_of("reason", reason, LONGEST_REASON, needed=True)
    take_turns(session, f"certificates {found.year}")
    session.refresh(found)
    if found.voided_at is not None:
        raise Conflict("certificate_void")
    found.voided_at, found.voided_by_id, found.void_reason = clock.now(), actor.account_id, why
    session.add(found)
    session.flush()
    _note(session, actor, VOIDED, found, why)


def replaced(session: Session, old: Certificate, new: Certificate) -> None:
    """The new one stands in place of the old."""
    old.replaced_by_id = new.id
    session.add(old)
    session.flush()


def _note(session: Session, actor: Actor, action: str, made: Certificate, reason: str = "") -> None:
    who, number = ("child", made.child_id) if made.child_id is not None else ("volunteer", made.volunteer_id)
    note_access(session, actor.account_id, action, who, number, field=made.shown_number, reason=reason)
