"""Closing the day (结束一天) of whole sites: what is still open on each day of a week, closing it when nothing is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlmodel import Session, col, select

from registry import clock
from registry.accounts.permissions import Action, Actor, Subject, may, require
from registry.attendance.days import close_site
from registry.attendance.service import all_hours
from registry.attendance.states import UNACCOUNTED, standing, state_of
from registry.attendance.tables import AttendanceDay, AttendanceEvent, ServiceStay
from registry.conventions.days import is_working_day
from registry.conventions.texts import line_of
from registry.duties.answers import OpenAbsence, open_absences
from registry.duties.tables import RosteredDuty
from registry.enrolment.tables import Application, Place, PlaceStatus
from registry.errors import Conflict, NotFound
from registry.people import Volunteer
from registry.privacy.access_log import note_access
from registry.programme import ClassRun, DayOff, Site, Term

LONGEST_REASON = 200


@dataclass(frozen=True, slots=True)
class ClassClosing:
    """A class on a day: how many children nobody can account for, and whether the day is closed."""

    class_run: ClassRun
    is_closed: bool
    open_children: int


@dataclass(frozen=True, slots=True)
class Attended:
    """A volunteer at a site on a day: the hours that count, and whether a sign-out lacks."""

    volunteer_id: int
    name: str
    hours: float
    is_open: bool


@dataclass(frozen=True, slots=True)
class SiteClosing:
    """A site on a day. `unsigned` were on duty, never signed in, and did not say that they cannot come: they get no
    hours, which somebody should look at; the day may be closed all the same."""

    site: Site
    day: date
    is_ahead: bool
    classes: tuple[ClassClosing, ...]
    people: tuple[Attended, ...]
    absences: tuple[OpenAbsence, ...]
    unsigned: tuple[str, ...]

    @property
    def is_closed(self) -> bool:
        """Whether every class is."""
        return all(one.is_closed for one in self.classes)

    @property
    def open_children(self) -> int:
        """Children of whom nobody can say that they stayed away or went home."""
        return sum(one.open_children for one in self.classes)

    @property
    def open_stays(self) -> tuple[Attended, ...]:
        """Volunteers who have signed in and not out."""
        return tuple(one for one in self.people if one.is_open)

    @property
    def n_open(self) -> int:
        """Everything that keeps the day from being closed."""
        return self.open_children + len(self.open_stays) + len(self.absences)

    @property
    def hours(self) -> float:
        """The hours of everybody who was there."""
        return sum(one.hours for one in self.people)


@dataclass(frozen=True, slots=True)
class WeekClosing:
    """The days of a week on which any class meets, at the sites that somebody closes."""

    monday: date
    days: tuple[SiteClosing, ...]

    @property
    def dates(self) -> tuple[date, ...]:
        """The days, in their order."""
        return tuple(sorted({one.day for one in self.days}))

    @property
    def sites(self) -> tuple[Site, ...]:
        """The sites, in the order of their names."""
        return tuple({one.site.id: one.site for one in self.days}.values())

    @property
    def is_closed(self) -> bool:
        """Whether every day of every site is."""
        return all(one.is_closed for one in self.days)

    @property
    def hours(self) -> float:
        """The hours of the week; whoever was at two sites on one day has that day once."""
        return sum({(p.volunteer_id, one.day): p.hours for one in self.days for p in one.people}.values())

    def at(self, site_id: int | None, day: date) -> SiteClosing | None:
        """A site's day; None where no class meets."""
        return next((one for one in self.days if one.site.id == site_id and one.day == day), None)


def week_closing(session: Session, actor: Actor, monday: date) -> WeekClosing:
    """What is open in a week at the sites that the actor answers for.

    Raises:
        NotAllowed: for who corrects no hours.
    """
    require(actor, Action.CORRECT_SERVICE)
    sites = [
        site
        for site in session.exec(select(Site).order_by(col(Site.name), col(Site.id)))
        if may(actor, Action.CORRECT_SERVICE, _at(site.id or 0))
    ]
    return WeekClosing(monday, _closings(session, sites, monday, monday + timedelta(days=6)))


def day_closing(session: Session, actor: Actor, site_id: int, day: date) -> SiteClosing:
    """What is open at a site on a day; without classes where none meets.

    Raises:
        NotAllowed, NotFound: for who corrects no hours; `site_missing` for another site.
    """
    require(actor, Action.CORRECT_SERVICE)
    unknown, site = NotFound("site_missing", site=site_id), session.get(Site, site_id)
    if site is None:
        raise unknown
    require(actor, Action.CORRECT_SERVICE, _at(site_id), otherwise=unknown)
    found = _closings(session, [site], day, day)
    return found[0] if found else SiteClosing(site, day, day > clock.today(), (), (), (), ())


def _at(site_id: int) -> Subject:
    return Subject(site_ids=frozenset({site_id}))


def _closings(session: Session, sites: Sequence[Site], first: date, last: date) -> tuple[SiteClosing, ...]:
    """By as many queries for a week of the district as for a day of one site."""
    runs = _runs(session, [site.id or 0 for site in sites], first, last)
    numbers = [run.id or 0 for of_day in runs.values() for run in of_day]
    closed, waiting = _closed(session, numbers, first, last), _waiting(session, runs, first, last)
    away = open_absences(session, first - timedelta(days=first.weekday()))
    people, silent = _people(session, first, last), _unsigned(session, away, first, last)
    today, found = clock.today(), []
    for site in sites:
        for day in sorted(day for at, day in runs if at == site.id):
            of_day = runs[site.id or 0, day]
            classes = tuple(ClassClosing(r, (r.id, day) in closed, waiting[r.id or 0, day]) for r in of_day)
            its = {run.id for run in of_day}
            gone = tuple(one for one in away if one.absence.day == day and its & one.held.class_runs)
            silent_here = {name for run, on, name in silent if on == day and run in its} if day <= today else set()
            if all(one.is_closed for one in classes):
                gone = ()  # The coordinator closed the day in spite of them, with a reason.
            found.append(SiteClosing(
                site, day, day > today, classes, tuple(people.get((site.id or 0, day), ())), gone,
                tuple(sorted(silent_here)),
            ))  # fmt: skip
    return tuple(found)


def _runs(session: Session, sites: Sequence[int], first: date, last: date) -> dict[tuple[int, date], list[ClassRun]]:
    """The classes that meet, by site and day."""
    wanted = (
        select(ClassRun, Term)
        .join(Term, col(Term.id) == ClassRun.term_id)
        .where(col(ClassRun.site_id).in_(sites), col(Term.starts_on) <= last, col(Term.ends_on) >= first)
        .order_by(col(ClassRun.grade_low), col(ClassRun.name), col(ClassRun.id))
    )
    off = {one.day: one.is_worked for one in session.exec(select(DayOff).where(col(DayOff.day).between(first, last)))}
    days = [day for n in range((last - first).days + 1) if is_working_day(day := first + timedelta(days=n), off)]
    found: dict[tuple[int, date], list[ClassRun]] = defaultdict(list)
    for run, term in session.exec(wanted):
        for day in days:
            if term.starts_on <= day <= term.ends_on:
                found[run.site_id, day].append(run)
    return dict(found)


def _closed(session: Session, runs: Sequence[int], first: date, last: date) -> set[tuple[int, date]]:
    wanted = select(col(AttendanceDay.class_run_id), col(AttendanceDay.day)).where(
        col(AttendanceDay.class_run_id).in_(runs), col(AttendanceDay.day).between(first, last),
        col(AttendanceDay.closed_at).is_not(None),
    )  # fmt: skip
    return set(session.exec(wanted))


def _waiting(
    session: Session, runs: Mapping[tuple[int, date], Sequence[ClassRun]], first: date, last: date
) -> dict[tuple[int, date], int]:
    """How many children are unaccounted for, by class and day (as `roll` and `unaccounted` say it of one); on a day
    that is still to come nobody is."""
    numbers = {run.id or 0 for of_day in runs.values() for run in of_day}
    placed, marks = _placed(session, numbers), _marks(session, numbers, first, last)
    found: dict[tuple[int, date], int] = {}
    for (_, day), of_day in runs.items():
        for number in (run.id or 0 for run in of_day):
            its = marks.get((number, day), {})
            there = {child for child, days in placed[number] if day.isoweekday() > 5 or day.isoweekday() in days}
            there |= {child for child, events in its.items() if standing(events)}
            n = sum(state_of(its.get(child, [])) in UNACCOUNTED for child in there)
            found[number, day] = n if day <= clock.today() else 0
    return found


def _placed(session: Session, runs: set[int]) -> dict[int, list[tuple[int, list[int]]]]:
    placed = (
        select(Place.class_run_id, Application.child_id, Application.weekdays)
        .join(Application, col(Application.id) == Place.application_id)
        .where(col(Place.class_run_id).in_(runs), Place.status == PlaceStatus.CONFIRMED.value)
    )
    found: dict[int, list[tuple[int, list[int]]]] = defaultdict(list)
    for run, child, weekdays in session.exec(placed):
        found[run].append((child, list(weekdays)))
    return found


def _marks(
    session: Session, runs: set[int], first: date, last: date
) -> dict[tuple[int, date], dict[int, list[AttendanceEvent]]]:
    wanted = (
        select(AttendanceEvent, AttendanceDay)
        .join(AttendanceDay, col(AttendanceDay.id) == AttendanceEvent.day_id)
        .where(col(AttendanceDay.class_run_id).in_(runs), col(AttendanceDay.day).between(first, last))
        .order_by(col(AttendanceEvent.number))
    )
    found: dict[tuple[int, date], dict[int, list[AttendanceEvent]]] = defaultdict(lambda: defaultdict(list))
    for event, its in session.exec(wanted):
        found[its.class_run_id, its.day][event.child_id].append(event)
    return found


def _people(session: Session, first: date, last: date) -> dict[tuple[int, date], list[Attended]]:
    wanted = (
        select(ServiceStay, Volunteer.name)
        .join(Volunteer, col(Volunteer.id) == ServiceStay.volunteer_id)
        .where(col(ServiceStay.day).between(first, last), col(ServiceStay.is_void).is_(False))
    )
    hours = {(who, day.day): day.hours for who, its in all_hours(session, first, last).items() for day in its.days}
    open_: dict[tuple[int, date, int, str], bool] = defaultdict(bool)
    for stay, name in session.exec(wanted.order_by(col(Volunteer.name), col(Volunteer.id))):
        open_[stay.site_id, stay.day, stay.volunteer_id, name] |= stay.left_at is None
    found: dict[tuple[int, date], list[Attended]] = defaultdict(list)
    for (site, day, who, name), is_open in open_.items():
        found[site, day].append(Attended(who, name, hours[who, day], is_open))
    return found


def _unsigned(session: Session, gone: Sequence[OpenAbsence], first: date, last: date) -> list[tuple[int, date, str]]:
    """Who was on duty and has no stay that day: class, day and name, without those who said they cannot come."""
    came = select(col(ServiceStay.volunteer_id), col(ServiceStay.day)).where(
        col(ServiceStay.day).between(first, last), col(ServiceStay.is_void).is_(False)
    )
    there = set(session.exec(came)) | {(one.absence.volunteer_id, one.absence.day) for one in gone}
    wanted = (
        select(RosteredDuty, Volunteer.name)
        .join(Volunteer, col(Volunteer.id) == RosteredDuty.volunteer_id)
        .where(col(RosteredDuty.day).between(first, last))
    )
    found = session.exec(wanted)
    return [(d.class_run_id, d.day, name) for d, name in found if (d.volunteer_id, d.day) not in there]


def close_site_day(session: Session, actor: Actor, site_id: int, day: date, reason: str = "") -> int:
    """Close the day of every class of a site once nothing is open; answers how many were closed by it. Absences that
    nobody filled cannot be mended afterwards: with a reason, which is kept in the access log, they are let be.

    Raises:
        NotAllowed, NotFound, Refused: as `close_site`.
        Invalid: `too_long` at `reason`.
        Conflict: `site_unaccounted`; `stays_open`, `absences_open`, with how many.
    """
    found = day_closing(session, actor, site_id, day)
    why = line_of("reason", reason, LONGEST_REASON)
    if not found.open_children:
        if found.open_stays:
            raise Conflict("stays_open", n=len(found.open_stays))
        if found.absences and not why:
            raise Conflict("absences_open", n=len(found.absences))
    closed = close_site(session, actor, site_id, day)
    if found.absences:
        note_access(session, actor.account_id, Action.CLOSE_DAY, "site", site_id, field=str(day), reason=why)
    return closed
