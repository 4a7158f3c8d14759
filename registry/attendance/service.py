"""Volunteers' own sign-in and sign-out, and the service hours (服务时长) that follow from them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlmodel import Session, col, select

from registry import clock
from registry.accounts.permissions import Action, Actor, Subject, require
from registry.attendance.tables import ServiceStay
from registry.clock import SHANGHAI
from registry.conventions.texts import line_of
from registry.db import take_turns
from registry.duties.days import classes_on
from registry.errors import Conflict, FieldProblem, Invalid, NotFound
from registry.people import Volunteer
from registry.privacy.access_log import note_access
from registry.programme import ClassRun, Site, setting

LONGEST_REASON, LONGEST_STAY = 200, timedelta(hours=16)


@dataclass(frozen=True, slots=True)
class DayHours:
    """A day of somebody: minutes between sign-in and sign-out, and the hours they count for."""

    day: date
    minutes: int
    hours: float
    is_open: bool


@dataclass(frozen=True, slots=True)
class ServiceHours:
    """The days of somebody within a time, and their sum."""

    volunteer_id: int
    days: tuple[DayHours, ...]

    @property
    def hours(self) -> float:
        """All days together."""
        return sum(day.hours for day in self.days)


def rounded_hours(minutes: int, rule: dict[str, int]) -> float:
    """Whole hours, and of what is left beyond them nothing, half an hour or an hour, by the district's rule."""
    hours, left = divmod(max(0, minutes), 60)
    if left <= rule["nothing_up_to"]:
        return float(hours)
    return hours + (0.5 if left <= rule["half_up_to"] else 1.0)


def service_hours(session: Session, volunteer_id: int, first: date, last: date) -> ServiceHours:
    """Hours from one day to another, both included. What was signed twice at once counts once; a stay without a
    sign-out counts nothing until it is corrected, and is told."""
    found = all_hours(session, first, last, volunteer_id)
    return found.get(volunteer_id, ServiceHours(volunteer_id, ()))


def all_hours(session: Session, first: date, last: date, volunteer_id: int | None = None) -> dict[int, ServiceHours]:
    """The same for everybody with a stay in that time, or for one, by as many queries."""
    wanted = select(ServiceStay).where(col(ServiceStay.day).between(first, last), col(ServiceStay.is_void).is_(False))
    if volunteer_id is not None:
        wanted = wanted.where(ServiceStay.volunteer_id == volunteer_id)
    found: dict[int, dict[date, list[ServiceStay]]] = defaultdict(lambda: defaultdict(list))
    for stay in session.exec(wanted.order_by(col(ServiceStay.came_at))):
        found[stay.volunteer_id][stay.day].append(stay)
    rule = setting(session, "service_hours")
    return {
        who: ServiceHours(who, tuple(_day_hours(day, days[day], rule) for day in sorted(days)))
        for who, days in found.items()
    }


def _day_hours(day: date, stays: list[ServiceStay], rule: dict[str, int]) -> DayHours:
    minutes = _minutes((stay.came_at, stay.left_at) for stay in stays if stay.left_at is not None)
    return DayHours(day, minutes, rounded_hours(minutes, rule), any(stay.left_at is None for stay in stays))


def _minutes(spans: Iterable[tuple[datetime, datetime | None]]) -> int:
    """Minutes that lie in any of the spans, which come in the order of their beginnings."""
    whole, until = timedelta(), None
    for came, end in spans:
        assert end is not None
        start = max(came, until) if until is not None else came
        if end > start:
            whole, until = whole + (end - start), end
    return whole // timedelta(minutes=1)


def own_hours(session: Session, actor: Actor, first: date, last: date) -> ServiceHours:
    """The actor's own hours from one day to another.

    Raises:
        NotAllowed: for who is no volunteer.
    """
    return service_hours(session, _mine(actor), first, last)


def open_stay(session: Session, volunteer_id: int, day: date) -> ServiceStay | None:
    """Where somebody is signed in on a day and not yet out."""
    wanted = select(ServiceStay).where(
        ServiceStay.volunteer_id == volunteer_id, ServiceStay.day == day, col(ServiceStay.left_at).is_(None),
        col(ServiceStay.is_void).is_(False),
    )  # fmt: skip
    return session.exec(wanted.order_by(col(ServiceStay.id))).first()


def my_sites(session: Session, volunteer_id: int, day: date) -> list[Site]:
    """Where somebody has duties or lessons on a day."""
    runs = classes_on(session, volunteer_id, day)
    wanted = select(Site).join(ClassRun, col(ClassRun.site_id) == Site.id).where(col(ClassRun.id).in_(runs))
    return list(session.exec(wanted.distinct().order_by(col(Site.id))))


def sign_in_service(session: Session, actor: Actor, site_id: int, key: str) -> ServiceStay:
    """The actor has come to a site; the same key twice is once.

    Raises:
        NotAllowed: for who is no volunteer.
        NotFound: `site_missing`, where the actor has nothing to do today.
        Conflict: `service_open`: signed in already.
    """
    volunteer_id, today = _mine(actor), clock.today()
    take_turns(session, f"service {volunteer_id}")
    known = session.exec(select(ServiceStay).where(ServiceStay.key == key)).first()
    if known is not None and known.volunteer_id == volunteer_id:
        return known
    if site_id not in {site.id for site in my_sites(session, volunteer_id, today)}:
        raise NotFound("site_missing", site=site_id)
    if open_stay(session, volunteer_id, today) is not None:
        raise Conflict("service_open")
    now = clock.now()
    made = ServiceStay(
        volunteer_id=volunteer_id, site_id=site_id, day=today, key=key, came_at=now, account_id=actor.account_id,
        recorded_at=now,
    )  # fmt: skip
    session.add(made)
    session.flush()
    return made


def sign_out_service(session: Session, actor: Actor) -> ServiceStay:
    """The actor leaves.

    Raises:
        NotAllowed: for who is no volunteer.
        Conflict: `service_not_open`: not signed in today.
    """
    volunteer_id = _mine(actor)
    take_turns(session, f"service {volunteer_id}")
    found = open_stay(session, volunteer_id, clock.today())
    if found is None:
        raise Conflict("service_not_open")
    found.left_at = clock.now()
    session.add(found)
    session.flush()
    return found


def _mine(actor: Actor) -> int:
    require(actor, Action.SIGN_SERVICE, Subject(account_ids=frozenset({actor.account_id})))
    assert actor.volunteer_id is not None
    return actor.volunteer_id


def stays_at(session: Session, actor: Actor, site_id: int, day: date) -> list[tuple[ServiceStay, str]]:
    """Everybody's stays at a site on a day that hold, with names.

    Raises:
        NotAllowed, NotFound: for who corrects no hours; `site_missing` for another site.
    """
    _require_site(session, actor, site_id)
    wanted = (
        select(ServiceStay, Volunteer.name)
        .join(Volunteer, col(Volunteer.id) == ServiceStay.volunteer_id)
        .where(ServiceStay.site_id == site_id, ServiceStay.day == day, col(ServiceStay.is_void).is_(False))
    )
    return list(session.exec(wanted.order_by(col(ServiceStay.came_at), col(ServiceStay.id))))


def correct_stay(
    session: Session, actor: Actor, stay_id: int, came_at: datetime, left_at: datetime | None, reason: str
) -> ServiceStay:
    """Put other times in place of a stay's; the old row stays, void.

    Raises:
        NotAllowed, NotFound: as `stays_at`; `stay_unknown`.
        Invalid: `needed`, `too_long` at `reason`; `ends_before` at `left_at`; `day_malformed` at `came_at`.
        Conflict: `stay_void`: somebody else corrected it meanwhile.
    """
    found = session.get(ServiceStay, stay_id)
    if found is None:
        require(actor, Action.CORRECT_SERVICE)
        raise NotFound("stay_unknown", stay=stay_id)
    _require_site(session, actor, found.site_id)
    take_turns(session, f"service {found.volunteer_id}")
    session.refresh(found)
    if found.is_void:
        raise Conflict("stay_void")
    why = line_of("reason", reason, LONGEST_REASON, needed=True)
    if came_at.astimezone(SHANGHAI).date() != found.day:
        raise Invalid(FieldProblem("came_at", "not_that_day"))
    if left_at is not None and not timedelta() <= left_at - came_at <= LONGEST_STAY:
        raise Invalid(FieldProblem("left_at", "ends_before"))
    return _replaced(session, actor, found, came_at, left_at, why)


def _replaced(
    session: Session, actor: Actor, old: ServiceStay, came_at: datetime, left_at: datetime | None, why: str
) -> ServiceStay:
    old.is_void = True
    made = ServiceStay(
        volunteer_id=old.volunteer_id, site_id=old.site_id, day=old.day, key=f"corrects {old.id}", came_at=came_at,
        left_at=left_at, account_id=actor.account_id, recorded_at=clock.now(), corrects_id=old.id, reason=why,
    )  # fmt: skip
    session.add_all([old, made])
    session.flush()
    note_access(session, actor.account_id, Action.CORRECT_SERVICE, "volunteer", old.volunteer_id, reason=why)
    return made


def _require_site(session: Session, actor: Actor, site_id: int) -> None:
    require(actor, Action.CORRECT_SERVICE)
    unknown = NotFound("site_missing", site=site_id)
    if session.get(Site, site_id) is None:
        raise unknown
    require(actor, Action.CORRECT_SERVICE, Subject(site_ids=frozenset({site_id})), otherwise=unknown)
