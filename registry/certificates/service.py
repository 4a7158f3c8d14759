"""Certificates of volunteers' service (志愿服务记录证明), from their own sign-in and sign-out, for a term."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlmodel import Session, col, select

from registry import clock
from registry.accounts.permissions import Action, Actor, require
from registry.attendance.service import ServiceHours, all_hours
from registry.attendance.tables import ServiceStay
from registry.certificates.register import Holder, entered, replaced, voided
from registry.certificates.tables import Certificate, Kind
from registry.conventions.pinyin import pinyin_key
from registry.errors import NotFound, Refused
from registry.people import Volunteer
from registry.programme import Site, Term, is_made_up

LARGEST_ID = 2**31 - 1


@dataclass(frozen=True, slots=True)
class Standing:
    """A volunteer with stays in a term: days and hours that count, stays without a sign-out, the certificate."""

    volunteer: Volunteer
    days: int
    hours: float
    open_days: int
    certificate: Certificate | None

    @property
    def problem(self) -> str:
        """Why nothing can be certified yet: `stay_open`, `no_service_hours`; empty where it can."""
        return "stay_open" if self.open_days else "" if self.hours else "no_service_hours"


@dataclass(frozen=True, slots=True)
class Issued:
    """What came of issuing for many: the new ones, and how many were left out, by the reason."""

    made: tuple[Certificate, ...]
    left_out: Mapping[str, int]


def standings(session: Session, actor: Actor, term_id: int) -> list[Standing]:
    """Everybody with stays in a term, in the order of their names' pinyin.

    Raises:
        NotAllowed; NotFound: `term_unknown`.
    """
    require(actor, Action.ISSUE_SERVICE)
    term = find_term(session, term_id)
    hours = all_hours(session, term.starts_on, _until(term))
    mine = Certificate.term_id == term.id, Certificate.kind == Kind.SERVICE, col(Certificate.voided_at).is_(None)
    there = {one.volunteer_id: one for one in session.exec(select(Certificate).where(*mine))}
    people = session.exec(select(Volunteer).where(col(Volunteer.id).in_(list(hours))))
    found = [_standing(one, hours[one.id or 0], there.get(one.id)) for one in people]
    return sorted(found, key=lambda one: (pinyin_key(one.volunteer.name), one.volunteer.id or 0))


def issue_service(session: Session, actor: Actor, term_id: int, volunteer_id: int) -> Certificate:
    """Certify what somebody did in a term, up to today.

    Raises:
        NotAllowed; NotFound: `term_unknown`, `volunteer_missing`.
        Refused: `no_service_hours`, `stay_open`: a stay without a sign-out has to be corrected first.
        Conflict: `certificate_there`.
    """
    require(actor, Action.ISSUE_SERVICE)
    term = find_term(session, term_id)
    person = session.get(Volunteer, volunteer_id) if 0 < volunteer_id <= LARGEST_ID else None
    if person is None:
        raise NotFound("volunteer_missing", volunteer=volunteer_id)
    return _entered(session, actor, term, person)


def issue_service_to_all(session: Session, actor: Actor, term_id: int) -> Issued:
    """Certify everybody's service of a term that is over, and leave out who has a certificate or cannot get one.

    Raises:
        NotAllowed; NotFound: `term_unknown`. Refused: `term_running`: hours would still be added.
    """
    found = standings(session, actor, term_id)
    term = find_term(session, term_id)
    if clock.today() <= term.ends_on and not is_made_up(session):
        raise Refused("term_running", day=term.ends_on)
    left_out = Counter("certificate_there" if one.certificate else one.problem for one in found)
    ready = [one for one in found if not (one.certificate or one.problem)]
    del left_out[""]
    return Issued(tuple(_entered(session, actor, term, one.volunteer) for one in ready), left_out)


def void_service(session: Session, actor: Actor, found: Certificate, reason: str) -> None:
    """Void it; see `register.voided`."""
    require(actor, Action.ISSUE_SERVICE)
    voided(session, actor, found, reason)


def reissue_service(session: Session, actor: Actor, found: Certificate, reason: str) -> Certificate:
    """Void it and certify the hours as they stand now.

    Raises:
        As `issue_service` and `register.voided`.
    """
    void_service(session, actor, found, reason)
    made = issue_service(session, actor, found.term_id, found.volunteer_id or 0)
    replaced(session, found, made)
    return made


def find_term(session: Session, term_id: int) -> Term:
    """A term by its number.

    Raises:
        NotFound: `term_unknown`.
    """
    found = session.get(Term, term_id) if 0 < term_id <= LARGEST_ID else None
    if found is None:
        raise NotFound("term_unknown", term=term_id)
    return found


def _until(term: Term) -> date:
    return min(term.ends_on, max(clock.today(), term.starts_on))


def _standing(person: Volunteer, hours: ServiceHours, there: Certificate | None) -> Standing:
    worked = [day for day in hours.days if day.hours]
    return Standing(person, len(worked), hours.hours, sum(day.is_open for day in hours.days), there)


def _entered(session: Session, actor: Actor, term: Term, person: Volunteer) -> Certificate:
    number, last = person.id or 0, _until(term)
    hours = all_hours(session, term.starts_on, last, number).get(number, ServiceHours(number, ()))
    if problem := _standing(person, hours, None).problem:
        raise Refused(problem, name=person.name)
    worked = [day for day in hours.days if day.hours]
    facts: dict[str, Any] = {
        "term": term.name, "year": term.year, "first": worked[0].day.isoformat(), "last": worked[-1].day.isoformat(),
        "days": len(worked), "hours": hours.hours, "sites": _sites(session, number, {day.day for day in worked}),
        "organisation": person.organisation,
    }  # fmt: skip
    return entered(session, actor, Holder(person.name, term.id or 0, volunteer_id=number), facts)


def _sites(session: Session, volunteer_id: int, days: Collection[date]) -> list[str]:
    wanted = (
        select(Site.name)
        .join(ServiceStay, col(ServiceStay.site_id) == Site.id)
        .where(ServiceStay.volunteer_id == volunteer_id, col(ServiceStay.day).in_(days))
        .where(col(ServiceStay.is_void).is_(False), col(ServiceStay.left_at).is_not(None))
    )
    return sorted(set(session.exec(wanted)), key=pinyin_key)
