"""Who was there, in figures: of a child, a class, a site; distinct children (人) and attendances (人次)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session, col, select

from registry import clock
from registry.attendance.roll import is_class_day
from registry.attendance.states import Mark, standing
from registry.attendance.tables import AttendanceDay, AttendanceEvent
from registry.conventions.days import working_days
from registry.enrolment.tables import Application, Place, PlaceStatus
from registry.families.classes import class_run_of
from registry.programme import ClassRun, DayOff, Term, setting


@dataclass(frozen=True, slots=True)
class Attendance:
    """A child's days at a class up to today: `held` those on which it was expected and that are over or begun."""

    child_id: int
    class_run_id: int
    held: int
    attended: int
    excused: int
    floor_percent: int

    @property
    def percent(self) -> int | None:
        """Days attended of those held, rounded down; None before the first."""
        return self.attended * 100 // self.held if self.held else None

    @property
    def is_below_floor(self) -> bool:
        """Whether a person should look at it. Nothing follows by itself."""
        return self.percent is not None and self.percent < self.floor_percent


@dataclass(frozen=True, slots=True)
class Counts:
    """Distinct children (人) and attendances (人次: one a child, class and day)."""

    children: int
    attendances: int


def present_children(session: Session, class_run_id: int, day: date) -> list[int]:
    """The children who were there on a day, if only for a while; in the order of their numbers."""
    return sorted(child for child, _ in _attended(session, [class_run_id], day, day))


def days_attended(session: Session, child_id: int, class_run_id: int) -> set[date]:
    """The days on which a child was there, if only for a while."""
    everything = _attended(session, [class_run_id], date.min, date.max)
    return {day for child, (_, day) in everything if child == child_id}


def counts(session: Session, class_run_ids: Iterable[int], first: date, last: date) -> Counts:
    """Of some classes from one day to another, both included."""
    found = _attended(session, list(class_run_ids), first, last)
    return Counts(len({child for child, _ in found}), len(found))


def site_counts(session: Session, site_id: int, first: date, last: date) -> Counts:
    """Of all classes of a site."""
    runs = session.exec(select(ClassRun.id).where(ClassRun.site_id == site_id))
    return counts(session, [run for run in runs if run is not None], first, last)


def attendance_of(session: Session, child_id: int, class_run_id: int) -> Attendance:
    """A child's attendance of a class so far."""
    return class_attendance(session, class_run_id, [child_id])[child_id]


def class_attendance(session: Session, class_run_id: int, child_ids: Iterable[int]) -> dict[int, Attendance]:
    """The same for several children of a class, by as many queries as for one."""
    floor = setting(session, "attendance")["floor_percent"]
    return {
        child_id: Attendance(
            child_id, class_run_id, len(days), sum(day.state == CAME for day in days),
            sum(day.state == EXCUSED for day in days), floor,
        )
        for child_id, days in class_days(session, class_run_id, child_ids).items()
    }  # fmt: skip


CAME, EXCUSED, AWAY = "came", "excused", "away"


@dataclass(frozen=True, slots=True)
class ChildDay:
    """A day on which a child was expected, or came all the same: it came, was excused, or stayed away."""

    day: date
    state: str


def class_days(session: Session, class_run_id: int, child_ids: Iterable[int]) -> dict[int, list[ChildDay]]:
    """The days of several children at a class so far, in their order, by as many queries as for one."""
    run = class_run_of(session, class_run_id)
    days = _days_held(session, run)
    weekdays, marks = weekdays_of(session, class_run_id), _marks(session, [class_run_id], days)
    states = {key: _state_of_day({event.kind for event in standing(events)}) for key, events in marks.items()}
    return {
        child: [
            ChildDay(day, states.get((child, day), AWAY))
            for day in days
            if day.isoweekday() > 5 or day.isoweekday() in weekdays.get(child, ()) or states.get((child, day)) == CAME
        ]
        for child in child_ids
    }


def _state_of_day(kinds: Collection[str]) -> str:
    if Mark.CHECK_IN in kinds:
        return CAME
    return EXCUSED if Mark.ABSENT in kinds else AWAY


def _days_held(session: Session, run: ClassRun) -> list[date]:
    """Days of the class before today, and today once anything was noted."""
    term, today = session.get_one(Term, run.term_id), clock.today()
    off = {one.day: one.is_worked for one in session.exec(select(DayOff))}
    days = working_days(term.starts_on, min(term.ends_on, today), off)
    noted = select(AttendanceDay.id).where(AttendanceDay.class_run_id == run.id, AttendanceDay.day == today)
    if today in days and is_class_day(session, run, today) and session.exec(noted).first() is None:
        days.remove(today)
    return days


def weekdays_of(session: Session, class_run_id: int) -> dict[int, list[int]]:
    """The weekdays on which each child of a class comes."""
    placed = (
        select(Application.child_id, Application.weekdays)
        .join(Place, col(Place.application_id) == Application.id)
        .where(Place.class_run_id == class_run_id, Place.status == PlaceStatus.CONFIRMED.value)
    )
    return {child_id: list(weekdays) for child_id, weekdays in session.exec(placed)}


def _attended(session: Session, runs: list[int], first: date, last: date) -> set[tuple[int, tuple[int, date]]]:
    """Pairs of a child and a class's day."""
    wanted = (
        select(AttendanceEvent, AttendanceDay)
        .join(AttendanceDay, col(AttendanceDay.id) == AttendanceEvent.day_id)
        .where(col(AttendanceDay.class_run_id).in_(runs), col(AttendanceDay.day).between(first, last))
        .order_by(col(AttendanceEvent.number))
    )
    marks: dict[tuple[int, tuple[int, date]], list[AttendanceEvent]] = defaultdict(list)
    for event, its in session.exec(wanted):
        marks[event.child_id, (its.class_run_id, its.day)].append(event)
    return {key for key, events in marks.items() if any(e.kind == Mark.CHECK_IN for e in standing(events))}


def _marks(session: Session, runs: list[int], days: list[date]) -> dict[tuple[int, date], list[AttendanceEvent]]:
    wanted = (
        select(AttendanceEvent, AttendanceDay)
        .join(AttendanceDay, col(AttendanceDay.id) == AttendanceEvent.day_id)
        .where(col(AttendanceDay.class_run_id).in_(runs), col(AttendanceDay.day).in_(days))
        .order_by(col(AttendanceEvent.number))
    )
    found: dict[tuple[int, date], list[AttendanceEvent]] = defaultdict(list)
    for event, its in session.exec(wanted):
        found[event.child_id, its.day].append(event)
    return found
