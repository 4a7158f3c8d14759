"""A child's week for its family: which days, from when to when, where, which lessons the published version has."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlmodel import Session

from registry.accounts.permissions import Action, Actor
from registry.attendance.family import OnToday, classes_of, lessons_on
from registry.attendance.figures import weekdays_of
from registry.attendance.roll import is_class_day
from registry.duties.days import class_duties
from registry.duties.publish import version_in_force
from registry.families.reads import own_child
from registry.families.tables import Child
from registry.programme import ClassRun, Site
from registry.rostering.build import check_monday


@dataclass(frozen=True, slots=True)
class ChildDay:
    """A day at a class. The hours are those of the published duties, None where nothing is published."""

    day: date
    starts_at: time | None
    ends_at: time | None
    lessons: tuple[OnToday, ...]


@dataclass(frozen=True, slots=True)
class AtClass:
    """The child's days at one class; none in a week in which the class does not meet."""

    class_run: ClassRun
    site: Site
    days: tuple[ChildDay, ...]


@dataclass(frozen=True, slots=True)
class ChildWeek:
    """The week of a child, and which version of the roster it is told from."""

    child: Child
    monday: date
    version: int | None
    published_at: datetime | None
    classes: tuple[AtClass, ...]


def week_of(session: Session, actor: Actor, child_id: int, monday: date) -> ChildWeek:
    """The own child's week that begins on `monday`, at the classes in which it has a place.

    Raises:
        NotFound: `child_unknown`, also for another family's. Refused: `week_not_monday`.
    """
    child = own_child(session, actor, child_id, Action.SEE_CHILD)
    check_monday(monday)
    force = version_in_force(session, monday)
    found = [_at(session, child_id, run, monday) for run in classes_of(session, child_id)]
    meeting = tuple(one for one in found if one.days)
    return ChildWeek(
        child, monday, force.number if force else None, force.published_at if force else None, meeting
    )  # fmt: skip


def _at(session: Session, child_id: int, run: ClassRun, monday: date) -> AtClass:
    """On the weekdays that the child comes; a worked weekend is for all."""
    number, comes = run.id or 0, weekdays_of(session, run.id or 0).get(child_id, [])
    days = [
        day for day in (monday + timedelta(days=n) for n in range(7))
        if (day.isoweekday() > 5 or day.isoweekday() in comes) and is_class_day(session, run, day)
    ]  # fmt: skip
    return AtClass(run, session.get_one(Site, run.site_id), tuple(_day(session, number, day) for day in days))


def _day(session: Session, class_run_id: int, day: date) -> ChildDay:
    duties = class_duties(session, class_run_id, day)
    starts, ends = min((d.starts_at for d in duties), default=None), max((d.ends_at for d in duties), default=None)
    return ChildDay(day, starts, ends, lessons_on(session, class_run_id, day))
