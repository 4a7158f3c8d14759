"""Questions about a day of the published weeks: who is where, and which classes somebody has."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from sqlalchemy import exists
from sqlmodel import Session, col, select

from registry.duties.answer_tables import Absence
from registry.duties.tables import RosteredDuty, RosteredLesson
from registry.people import Volunteer


def duties_of(session: Session, volunteer_id: int, first: date, last: date) -> list[RosteredDuty]:
    """Somebody's duties from one day to another, both included, in order of time."""
    wanted = select(RosteredDuty).where(
        RosteredDuty.volunteer_id == volunteer_id, col(RosteredDuty.day).between(first, last)
    )
    return list(session.exec(wanted.order_by(col(RosteredDuty.day), col(RosteredDuty.starts_at))))


def lessons_of(session: Session, volunteer_id: int, first: date, last: date) -> list[RosteredLesson]:
    """Somebody's lessons from one day to another, both included, in order of time."""
    wanted = select(RosteredLesson).where(
        RosteredLesson.volunteer_id == volunteer_id, col(RosteredLesson.day).between(first, last)
    )
    return list(session.exec(wanted.order_by(col(RosteredLesson.day), col(RosteredLesson.starts_at))))


def class_duties(session: Session, class_run_id: int, day: date) -> list[RosteredDuty]:
    """Who is with a class on a day, in order of time, the lead first."""
    wanted = select(RosteredDuty).where(RosteredDuty.class_run_id == class_run_id, RosteredDuty.day == day)
    by_time = col(RosteredDuty.starts_at), col(RosteredDuty.role).desc(), col(RosteredDuty.volunteer_id)
    return list(session.exec(wanted.order_by(*by_time)))


def class_lessons(session: Session, class_run_id: int, first: date, last: date) -> list[RosteredLesson]:
    """The timetable of a class from one day to another, both included."""
    wanted = select(RosteredLesson).where(
        RosteredLesson.class_run_id == class_run_id, col(RosteredLesson.day).between(first, last)
    )
    return list(session.exec(wanted.order_by(col(RosteredLesson.day), col(RosteredLesson.starts_at))))


def someone_on_duty(session: Session, monday: date, class_run_id: int | None = None) -> str:
    """The phone of somebody with a duty in a week, with this class if anybody has; empty where nobody has one."""
    week = col(RosteredDuty.day).between(monday, monday + timedelta(days=6))
    wanted = select(Volunteer.phone).join(RosteredDuty, col(RosteredDuty.volunteer_id) == Volunteer.id)
    its_own = col(RosteredDuty.class_run_id) == class_run_id
    found = wanted.where(week, col(Volunteer.phone).is_not(None)).order_by(its_own.desc(), col(Volunteer.id)).limit(1)
    return session.exec(found).first() or ""


def classes_on(session: Session, volunteer_id: int, day: date) -> frozenset[int]:
    """The class runs that somebody has a duty or a lesson with on a day: those whose children they may see then.
    A duty does not count that they have said they cannot come to.
    """
    duties = select(RosteredDuty.class_run_id).where(RosteredDuty.volunteer_id == volunteer_id, RosteredDuty.day == day)
    lessons = select(RosteredLesson.class_run_id).where(
        RosteredLesson.volunteer_id == volunteer_id, RosteredLesson.day == day
    )
    return frozenset(session.exec(duties.where(~_is_away()))) | frozenset(session.exec(lessons))


def _is_away() -> Any:
    """Whether who has a duty has said that they cannot come to it."""
    return exists().where(
        col(Absence.volunteer_id) == RosteredDuty.volunteer_id, col(Absence.day) == RosteredDuty.day,
        col(Absence.part) == RosteredDuty.part, col(Absence.withdrawn_at).is_(None),
    )  # fmt: skip
