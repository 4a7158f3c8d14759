"""A volunteer's own duties as the published weeks have them: the next one, a week, with whom, which lessons, where."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlmodel import Session, col, select

from registry import clock
from registry.accounts.permissions import Action, Actor, Subject, require
from registry.clock import SHANGHAI
from registry.duties.days import duties_of, lessons_of
from registry.duties.tables import RosteredDuty, RosteredLesson, RosterVersion
from registry.errors import NotAllowed
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

    `others` are the names of those who are there too; `children` is how many the class has.
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


@dataclass(frozen=True, slots=True)
class OwnWeek:
    """A volunteer's week: its Monday, whether it is published, and the stays in order of time."""

    monday: date
    is_published: bool
    stays: tuple[Stay, ...]


def own_week(session: Session, actor: Actor, monday: date) -> OwnWeek:
    """The actor's week.

    Raises:
        NotAllowed: for who is no volunteer.
    """
    volunteer = _volunteer(actor)
    version = session.exec(select(RosterVersion.id).where(RosterVersion.week == monday).limit(1)).first()
    return OwnWeek(monday, version is not None, tuple(_stays(session, volunteer, monday, monday + timedelta(days=6))))


def next_stay(session: Session, actor: Actor) -> Stay | None:
    """Where the actor has to be next, or is just now; None where nothing is published for the weeks to come.

    Raises:
        NotAllowed: as `own_week`.
    """
    volunteer, now = _volunteer(actor), clock.now().astimezone(SHANGHAI)
    coming = _stays(session, volunteer, now.date(), now.date() + LOOKS_AHEAD)
    return next((s for s in coming if datetime.combine(s.day, s.ends, SHANGHAI) > now), None)


def week_shown(session: Session, actor: Actor, asked: date | None) -> date:
    """The Monday that was asked for, else that of the next stay, else of this week."""
    if asked is not None:
        return asked - timedelta(days=asked.isoweekday() - 1)
    coming = next_stay(session, actor)
    day = coming.day if coming else clock.today()
    return day - timedelta(days=day.isoweekday() - 1)


def _volunteer(actor: Actor) -> int:
    if actor.volunteer_id is None:
        raise NotAllowed("volunteer_needed")
    require(actor, Action.SEE_ROSTER, Subject(volunteer_ids=frozenset({actor.volunteer_id})))
    return actor.volunteer_id


def _stays(session: Session, volunteer: int, first: date, last: date) -> list[Stay]:
    """Stays from one day to another, with a constant number of questions to the database."""
    duties, lessons = duties_of(session, volunteer, first, last), lessons_of(session, volunteer, first, last)
    runs = {d.class_run_id for d in duties} | {x.class_run_id for x in lessons}
    days = {d.day for d in duties} | {x.day for x in lessons}
    places = {
        run.id: (run, site)
        for run, site in session.exec(
            select(ClassRun, Site).join(Site, col(Site.id) == ClassRun.site_id).where(col(ClassRun.id).in_(runs))
        )
    }
    around = session.exec(
        select(RosteredDuty, Volunteer.name)
        .join(Volunteer, col(Volunteer.id) == RosteredDuty.volunteer_id)
        .where(col(RosteredDuty.class_run_id).in_(runs), col(RosteredDuty.day).in_(days))
        .where(RosteredDuty.volunteer_id != volunteer)
        .order_by(col(RosteredDuty.role).desc(), col(Volunteer.name))
    ).all()
    told = _told(session, lessons)
    found = [
        _stay(several, places[several[0].class_run_id], around, lessons, told)
        for several in _joined(duties)
    ]  # fmt: skip
    covered = {(s.day, x.starts) for s in found for x in s.lessons}
    found += [
        _lone(x, places[x.class_run_id], told[x.id or 0])
        for x in lessons
        if (x.day, x.starts_at) not in covered
    ]  # fmt: skip
    return sorted(found, key=lambda s: (s.day, s.starts))


def _joined(duties: Sequence[RosteredDuty]) -> list[list[RosteredDuty]]:
    """Duties that follow each other without a break in the same class and role."""
    found: list[list[RosteredDuty]] = []
    for duty in duties:
        before = found[-1][-1] if found else None
        if before and (before.day, before.class_run_id, before.role, before.ends_at) == (
            duty.day, duty.class_run_id, duty.role, duty.starts_at,
        ):  # fmt: skip
            found[-1].append(duty)
        else:
            found.append([duty])
    return found


def _stay(
    duties: Sequence[RosteredDuty],
    place: tuple[ClassRun, Site],
    around: Sequence[tuple[RosteredDuty, str]],
    lessons: Sequence[RosteredLesson],
    told: dict[int, OwnLesson],
) -> Stay:
    first, last, (run, site) = duties[0], duties[-1], place
    others = dict.fromkeys(
        name
        for other, name in around
        if (other.day, other.class_run_id) == (first.day, run.id)
        and other.starts_at < last.ends_at
        and other.ends_at > first.starts_at
    )
    mine = [
        told[x.id or 0]
        for x in lessons
        if (x.day, x.class_run_id) == (first.day, run.id) and first.starts_at <= x.starts_at < last.ends_at
    ]
    return Stay(
        first.day, first.starts_at, last.ends_at, first.role, run.id or 0, run.name, run.confirmed, site.name,
        site.address, site.longitude, site.latitude, tuple(others), tuple(mine),
    )  # fmt: skip


def _lone(lesson: RosteredLesson, place: tuple[ClassRun, Site], told: OwnLesson) -> Stay:
    run, site = place
    return Stay(
        lesson.day, lesson.starts_at, lesson.ends_at, "", run.id or 0, run.name, run.confirmed, site.name,
        site.address, site.longitude, site.latitude, (), (told,),
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
