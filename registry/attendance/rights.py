"""Who may note what about the children of a class: those on duty there on the day, the lead, the coordinator, the
office."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlmodel import Session

from registry import clock
from registry.accounts.permissions import Action, Actor, may, require
from registry.accounts.tables import Role
from registry.attendance.roll import is_class_day
from registry.duties.days import class_duties, classes_on
from registry.errors import Denied, NotAllowed, NotFound, Refused
from registry.families.classes import class_run_of, subject_of_class
from registry.privacy.staff import is_cleared
from registry.programme import ClassRun


@dataclass(frozen=True, slots=True)
class Desk:
    """A day of a class as somebody looks after it. `is_lead` sees who must not collect a child."""

    class_run: ClassRun
    day: date
    is_lead: bool
    may_close: bool
    may_reopen: bool


def desk(session: Session, actor: Actor, class_run_id: int, day: date) -> Desk:
    """The day, where the actor looks after it. Whoever is only on duty there has it on that very day.

    Raises:
        NotAllowed: for who records no attendance at all; `clearance_needed`, for a volunteer without a valid check.
        NotFound: `class_run_unknown`, also where the actor has no business there on that day.
        Refused: `no_class_day`, where the class does not meet on it; `day_ahead`, where it is still to come.
    """
    require(actor, Action.RECORD_ATTENDANCE)
    unknown = NotFound("class_run_unknown", class_run=class_run_id)
    class_run = class_run_of(session, class_run_id)
    subject = subject_of_class(class_run)
    if not may(actor, Action.CLOSE_DAY, subject) and not _is_on_duty(session, actor, class_run_id, day):
        unknown.denied = Denied(actor.account_id, Action.RECORD_ATTENDANCE.value, "class_run", class_run_id)
        raise unknown
    if not is_cleared(session, actor):
        raise NotAllowed("clearance_needed")
    if day > clock.today():
        raise Refused("day_ahead", day=day)
    if not is_class_day(session, class_run, day):
        raise Refused("no_class_day", day=day)
    is_lead = leads(session, actor, class_run_id, day)
    may_close = is_lead or may(actor, Action.CLOSE_DAY, subject)
    return Desk(class_run, day, is_lead, may_close, may(actor, Action.REOPEN_DAY, subject))


def _is_on_duty(session: Session, actor: Actor, class_run_id: int, day: date) -> bool:
    if actor.volunteer_id is None or day != clock.today() or not may(actor, Action.RECORD_ATTENDANCE):
        return False
    return class_run_id in classes_on(session, actor.volunteer_id, day)


def leads(session: Session, actor: Actor, class_run_id: int, day: date) -> bool:
    """Whoever holds the role, or has the class as its lead by the published week of that day."""
    if any(held.role is Role.CLASS_LEAD and held.class_run_id == class_run_id for held in actor.held):
        return True
    if actor.volunteer_id is None or day != clock.today():
        return False
    return any(
        duty.role == "lead" and duty.volunteer_id == actor.volunteer_id
        for duty in class_duties(session, class_run_id, day)
    )
