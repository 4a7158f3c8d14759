"""Who sees which certificate: its holder and who issues it whole, everybody with its code what verifies it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement
from sqlmodel import Session, and_, col, func, or_, select

from registry.accounts import limits
from registry.accounts.permissions import Action, Actor, Subject, require
from registry.accounts.tables import Account
from registry.certificates.codes import read_code
from registry.certificates.tables import Certificate, Kind
from registry.clock import SHANGHAI
from registry.conventions.names import mask_name
from registry.errors import NotFound
from registry.families.reads import guardians_of
from registry.families.tables import Guardianship
from registry.programme import ClassRun

LARGEST_ID, ON_A_PAGE = 2**31 - 1, 50
STATES = ("valid", "void", "replaced")
TRIED = "certificate"


@dataclass(frozen=True, slots=True)
class Asked:
    """What of the register is asked for; nothing is all. `q` is a number, a code or a part of a name."""

    year: int | None = None
    kind: str = ""
    state: str = ""
    q: str = ""
    term_id: int | None = None


@dataclass(frozen=True, slots=True)
class RegisterLine:
    """A line of the register, with the names of those who issued and voided it and the number that replaced it."""

    certificate: Certificate
    issued_by: str
    voided_by: str
    replaced_by: str


@dataclass(frozen=True, slots=True)
class Verified:
    """What a code answers: masked, and of a child neither class nor site."""

    state: str
    kind: str
    number: str
    holder: str
    issued_on: date
    voided_on: date | None
    issuer: str
    issuer_en: str
    year: int
    term: str
    days: int
    hours: float | None


@dataclass(frozen=True, slots=True)
class Answer:
    """The certificate of a code, or none; `wait` are seconds until this address may try again, where it tried too
    often."""

    found: Verified | None
    wait: int = 0


def own_certificates(session: Session, actor: Actor) -> list[Certificate]:
    """The actor's own as a volunteer and those of the own children, the newest first, void ones too.

    Raises:
        NotAllowed: where a machine's token is not meant for it.
    """
    require(actor, Action.OWN_ACCOUNT, Subject(account_ids=frozenset({actor.account_id})))
    children = select(Guardianship.child_id).where(Guardianship.guardian_id == actor.guardian_id)
    own = or_(
        col(Certificate.child_id).in_(children),
        and_(col(Certificate.volunteer_id) == actor.volunteer_id, col(Certificate.volunteer_id).is_not(None)),
    )
    return list(session.exec(select(Certificate).where(own).order_by(col(Certificate.id).desc())))


def find_certificate(session: Session, actor: Actor, certificate_id: int) -> Certificate:
    """One that the actor has, or issues.

    Raises:
        NotAllowed; NotFound: `certificate_unknown`, also for somebody else's.
    """
    require(actor, Action.SEE_CERTIFICATE)
    unknown = NotFound("certificate_unknown", certificate=certificate_id)
    found = session.get(Certificate, certificate_id) if 0 < certificate_id <= LARGEST_ID else None
    if found is None:
        raise unknown
    require(actor, Action.SEE_CERTIFICATE, _subject(session, found), otherwise=unknown)
    return found


def _subject(session: Session, found: Certificate) -> Subject:
    if found.child_id is None:
        return Subject(volunteer_ids=frozenset({found.volunteer_id or 0}))
    run = session.get_one(ClassRun, found.class_run_id)
    guardians = guardians_of(session, [found.child_id])[found.child_id]
    return Subject(
        site_ids=frozenset({run.site_id}), class_run_ids=frozenset({run.id or 0}), guardian_ids=guardians
    )  # fmt: skip


def register(session: Session, actor: Actor, asked: Asked, page: int | None = 1) -> tuple[int, list[RegisterLine]]:
    """How many lines there are, and those of a page (None: all), the newest first.

    Raises:
        NotAllowed: for anybody but the office.
    """
    require(actor, Action.LIST_CERTIFICATES)
    wanted = select(Certificate).where(*_conditions(asked)).order_by(col(Certificate.id).desc())
    if page is not None:
        wanted = wanted.limit(ON_A_PAGE).offset((page - 1) * ON_A_PAGE)
    whole = session.exec(select(func.count(col(Certificate.id))).where(*_conditions(asked))).one()
    found = list(session.exec(wanted))
    people = {number for one in found for number in (one.issued_by_id, one.voided_by_id) if number is not None}
    names = dict(session.exec(select(Account.id, Account.name).where(col(Account.id).in_(people))).all())
    newer = select(Certificate).where(col(Certificate.id).in_([one.replaced_by_id for one in found]))
    numbers = {one.id: one.shown_number for one in session.exec(newer)}
    return whole, [
        RegisterLine(
            one, names.get(one.issued_by_id, ""), names.get(one.voided_by_id, ""), numbers.get(one.replaced_by_id, "")
        )
        for one in found
    ]


def _conditions(asked: Asked) -> list[ColumnElement[bool]]:
    wanted: list[ColumnElement[bool]] = []
    if asked.year is not None:
        wanted.append(col(Certificate.year) == asked.year)
    if asked.term_id is not None:
        wanted.append(col(Certificate.term_id) == asked.term_id)
    if asked.kind in tuple(Kind):
        wanted.append(col(Certificate.kind) == asked.kind)
    if asked.state in STATES:
        is_void = col(Certificate.voided_at).is_not(None)
        newer = col(Certificate.replaced_by_id)
        wanted.append(
            {"valid": ~is_void, "void": is_void & newer.is_(None), "replaced": newer.is_not(None)}[asked.state]
        )
    if said := asked.q.strip():
        wanted.append(_is_said(said))
    return wanted


def _is_said(said: str) -> ColumnElement[bool]:
    """A number such as 2026-000017, a code, else a part of the holder's name."""
    year, _, number = said.partition("-")
    if len(said) <= 15 and all(part.isascii() and part.isdigit() for part in (year, number)):
        return and_(col(Certificate.year) == int(year), col(Certificate.number) == int(number))
    if code := read_code(said):
        return col(Certificate.code) == code
    return col(Certificate.holder).contains(said, autoescape=True)


def verify(session: Session, text: str, address: str) -> Answer:
    """What a code verifies, for anybody. An address that tried too many wrong ones within an hour has to wait."""
    seconds = limits.wait(session, TRIED, "wrong_certificates_per_address", address, succeeded=False)
    if seconds:
        return Answer(None, seconds)
    code = read_code(text)
    found = session.exec(select(Certificate).where(Certificate.code == code)).first() if code else None
    if found is None:
        limits.note(session, TRIED, address, succeeded=False)
        return Answer(None)
    return Answer(_verified(found))


def _verified(found: Certificate) -> Verified:
    facts = found.facts
    is_service = found.kind == Kind.SERVICE
    return Verified(
        state=found.state, kind=found.kind, number=found.shown_number, holder=mask_name(found.holder),
        issued_on=found.issued_on, voided_on=_day(found), issuer=facts["issuer"], issuer_en=facts["issuer_en"],
        year=facts["year"], term=facts["term"], days=facts["days"] if is_service else facts["attended"],
        hours=facts["hours"] if is_service else None,
    )  # fmt: skip


def _day(found: Certificate) -> date | None:
    return found.voided_at.astimezone(SHANGHAI).date() if found.voided_at else None
