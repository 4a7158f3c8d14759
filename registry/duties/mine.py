"""A volunteer's own duties as the published weeks have them: the next one, a week, with whom, which lessons, where."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from sqlmodel import Session, col, select

from registry.accounts.permissions import Actor
from registry.clock import SHANGHAI
from registry.duties.answer_tables import Absence
from registry.duties.answers import Part, absences_of, confirmed_days, held_parts, volunteer_of
from registry.duties.moment import moment, monday_of
from registry.duties.tables import RosteredDuty, RosteredLesson, RosterVersion
from registry.people import Volunteer
from registry.programme import ClassRun, Course, Room, Site

LOOKS_AHEAD = timedelta(days=60)


@dataclass(frozen=True, slots=True)
class OwnLesson:
    """A lesson that the volunteer gives. `room` is a special room's kind and number, empty for the class's own."""

    starts: time
    ends: time
    course: str
    room: str


@dataclass(frozen=True, slots=True)
class Stay:
    """Some time with one class on one day, without a break. `role` is empty for who comes for lessons alone.

    `others` are the names of those who are there too; `children` is how many the class has. `parts` are those of the
    day. `state` is confirmed, absent or empty; `absences` are the numbers of what was said. `is_over` says that there
    is nothing to answer any more.
    """

    day: date
    starts: time
    ends: time
    role: str
    class_run_id: int
    class_run: str
    children: int
    site: str
    address: str
    longitude: float
    latitude: float
    others: tuple[str, ...]
    lessons: tuple[OwnLesson, ...]
    parts: tuple[str, ...]
    state: str = ""
    absences: tuple[int, ...] = ()
    is_over: bool = False

    @property
    def ends_at(self) -> datetime:
        """When it is over."""
        return datetime.combine(self.day, self.ends, SHANGHAI)


@dataclass(frozen=True, slots=True)
class OwnWeek:
    """A volunteer's week: its Monday, whether it is published, and the stays in order of time."""

    monday: date
    is_published: bool
    stays: tuple[Stay, ...]


def open_parts(stays: Sequence[Stay]) -> tuple[str, ...]:
    """The parts of a day that can still be answered: neither over nor said no to."""
    return tuple(part for stay in stays if not stay.is_over and stay.state != "absent" for part in stay.parts)


def own_week(session: Session, actor: Actor, monday: date) -> OwnWeek:
    """The actor's week.

    Raises:
        NotAllowed: for who is no volunteer.
    """
    volunteer = volunteer_of(actor)
    version = session.exec(select(RosterVersion.id).where(RosterVersion.week == monday).limit(1)).first()
    return OwnWeek(monday, version is not None, tuple(stays_of(session, volunteer, monday, monday + timedelta(days=6))))


def next_stay(session: Session, actor: Actor) -> Stay | None:
    """Where the actor has to be next, or is just now; None where nothing is published for the weeks to come. What
    they have said that they cannot come to is passed over.

    Raises:
        NotAllowed: as `own_week`.
    """
    volunteer, now = volunteer_of(actor), moment(session)
    coming = stays_of(session, volunteer, now.date(), now.date() + LOOKS_AHEAD)
    return next((s for s in coming if s.ends_at > now and s.state != "absent"), None)


def week_shown(session: Session, actor: Actor, asked: date | None) -> date:
    """The Monday that was asked for, else that of the next stay, else of this week."""
    if asked is not None:
        return monday_of(asked)
    coming = next_stay(session, actor)
    return monday_of(coming.day if coming else moment(session).date())


def stays_of(session: Session, volunteer: int, first: date, last: date) -> list[Stay]:
    """Stays from one day to another, with a constant number of questions to the database."""
    parts = held_parts(session, volunteer, first, last)
    duties = [d for held in parts.values() for d in held.duties]
    lessons = [(x, held.part) for held in parts.values() for x in held.lessons]
    runs = {run for held in parts.values() for run in held.class_runs}
    facts = _Facts(
        _places(session, runs), _around(session, volunteer, runs, {day for day, _ in parts}), lessons,
        _told(session, [x for x, _ in lessons]), absences_of(session, volunteer, first, last),
        confirmed_days(session, volunteer, {day for day, _ in parts}),
    )  # fmt: skip
    found = [_stay(several, facts) for several in _joined(duties, facts.away)]
    covered = {(s.day, x.starts) for s in found for x in s.lessons}
    found += [_lone(x, part, facts) for x, part in lessons if (x.day, x.starts_at) not in covered]
    now = moment(session)
    return [replace(s, is_over=s.ends_at <= now) for s in sorted(found, key=lambda s: (s.day, s.starts))]


@dataclass(frozen=True)
class _Facts:
    """What the stays are made of."""

    places: Mapping[int, tuple[ClassRun, Site]]
    around: Sequence[tuple[RosteredDuty, str]]
    lessons: Sequence[tuple[RosteredLesson, str]]
    told: Mapping[int, OwnLesson]
    away: Mapping[Part, Absence]
    confirmed: frozenset[date]

    def state(self, day: date, parts: Sequence[str]) -> tuple[str, tuple[int, ...]]:
        """The state of a stay, and the absences that make it so."""
        absences = tuple(self.away[day, p].id or 0 for p in parts if (day, p) in self.away)
        return ("absent" if absences else "confirmed" if day in self.confirmed else ""), absences


def _places(session: Session, runs: Collection[int]) -> dict[int, tuple[ClassRun, Site]]:
    wanted = select(ClassRun, Site).join(Site, col(Site.id) == ClassRun.site_id).where(col(ClassRun.id).in_(runs))
    return {run.id or 0: (run, site) for run, site in session.exec(wanted)}


def _around(
    session: Session, volunteer: int, runs: Collection[int], days: Collection[date]
) -> list[tuple[RosteredDuty, str]]:
    """Who else is with these classes, without those who have said that they cannot come."""
    away = select(Absence).where(col(Absence.day).in_(days), col(Absence.withdrawn_at).is_(None))
    gone = {(a.volunteer_id, a.day, a.part) for a in session.exec(away)}
    wanted = (
        select(RosteredDuty, Volunteer.name)
        .join(Volunteer, col(Volunteer.id) == RosteredDuty.volunteer_id)
        .where(col(RosteredDuty.class_run_id).in_(runs), col(RosteredDuty.day).in_(days))
        .where(RosteredDuty.volunteer_id != volunteer)
        .order_by(col(RosteredDuty.role).desc(), col(Volunteer.name))
    )
    return [(d, name) for d, name in session.exec(wanted) if (d.volunteer_id, d.day, d.part) not in gone]


def _joined(duties: Sequence[RosteredDuty], away: Mapping[Part, Absence]) -> list[list[RosteredDuty]]:
    """Duties that follow each other without a break in the same class and role, as long as all or none is absent."""
    found: list[list[RosteredDuty]] = []

    def kind(duty: RosteredDuty, at: time) -> tuple[object, ...]:
        return duty.day, duty.class_run_id, duty.role, at, (duty.day, duty.part) in away

    for duty in duties:
        before = found[-1][-1] if found else None
        if before and kind(before, before.ends_at) == kind(duty, duty.starts_at):
            found[-1].append(duty)
        else:
            found.append([duty])
    return found


def _stay(duties: Sequence[RosteredDuty], facts: _Facts) -> Stay:
    first, last = duties[0], duties[-1]
    run, site = facts.places[first.class_run_id]
    others = dict.fromkeys(
        name
        for other, name in facts.around
        if (other.day, other.class_run_id) == (first.day, run.id)
        and other.starts_at < last.ends_at
        and other.ends_at > first.starts_at
    )
    mine = [
        facts.told[x.id or 0]
        for x, _ in facts.lessons
        if (x.day, x.class_run_id) == (first.day, run.id) and first.starts_at <= x.starts_at < last.ends_at
    ]
    parts = tuple(d.part for d in duties)
    return Stay(
        first.day, first.starts_at, last.ends_at, first.role, run.id or 0, run.name, run.confirmed, site.name,
        site.address, site.longitude, site.latitude, tuple(others), tuple(mine), parts,
        *facts.state(first.day, parts),
    )  # fmt: skip


def _lone(lesson: RosteredLesson, part: str, facts: _Facts) -> Stay:
    run, site = facts.places[lesson.class_run_id]
    others = dict.fromkeys(
        name
        for other, name in facts.around
        if (other.day, other.class_run_id, other.part) == (lesson.day, run.id, part)
    )
    return Stay(
        lesson.day, lesson.starts_at, lesson.ends_at, "", run.id or 0, run.name, run.confirmed, site.name,
        site.address, site.longitude, site.latitude, tuple(others), (facts.told[lesson.id or 0],), (part,),
        *facts.state(lesson.day, (part,)),
    )  # fmt: skip


def _told(session: Session, lessons: Sequence[RosteredLesson]) -> dict[int, OwnLesson]:
    courses = dict(
        session.exec(select(Course.id, Course.name).where(col(Course.id).in_({x.course_id for x in lessons}))).all()
    )
    wanted = {x.room_id for x in lessons if x.room_id is not None}
    rooms = {room.id: room for room in session.exec(select(Room).where(col(Room.id).in_(wanted)))}
    return {
        x.id or 0: OwnLesson(x.starts_at, x.ends_at, courses.get(x.course_id, ""), _room(rooms.get(x.room_id)))
        for x in lessons
    }


def _room(room: Room | None) -> str:
    return "" if room is None else f"{room.kind}{room.number if room.number > 1 else ''}"
