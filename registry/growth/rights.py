"""Who may write, review and see what about the children of a class.

A volunteer writes about the classes of the own duties and lessons, by the published week: the class is shown on the
day itself, and what was written that day is taken for some days more, since a phone may have had no network. Notes are
reviewed by the class lead, who holds that role or leads the class by the published week, and by the coordinator of the
site. The district's office sees counts, and concerns.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from sqlmodel import Session, col, select

from registry import clock
from registry.accounts.permissions import Action, Actor, may, require
from registry.duties.days import classes_on
from registry.duties.tables import RosteredDuty
from registry.errors import Denied, NotAllowed, NotFound
from registry.families.classes import class_run_of, subject_of_class
from registry.privacy.staff import is_cleared
from registry.programme import ClassRun, Term

DAYS_TO_WRITE = 7
"""So many days after a duty its volunteer may still send notes about it, as a class lead may see the class."""


@dataclass(frozen=True, slots=True)
class Desk:
    """A class as somebody works on its notes: which class, and whether as one who reviews."""

    class_run: ClassRun
    is_reviewer: bool


def classes_led(session: Session, volunteer_id: int) -> frozenset[int]:
    """The classes that somebody leads or has just led by the published weeks."""
    today = clock.today()
    led = select(RosteredDuty.class_run_id).where(
        RosteredDuty.volunteer_id == volunteer_id, RosteredDuty.role == "lead",
        col(RosteredDuty.day).between(today - timedelta(days=DAYS_TO_WRITE), today),
    )  # fmt: skip
    return frozenset(session.exec(led))


def may_review(session: Session, actor: Actor, class_run: ClassRun) -> bool:
    """Whether the actor reviews the notes of a class: by role, or as its lead by the published weeks."""
    if may(actor, Action.REVIEW_NOTE, subject_of_class(class_run)):
        return True
    leads = actor.volunteer_id is not None and may(actor, Action.WRITE_NOTE)
    return leads and class_run.id in classes_led(session, actor.volunteer_id or 0)


def writing_desk(session: Session, actor: Actor, class_run_id: int, day: date) -> Desk:
    """The class, where the actor may send notes about a day of it.

    Raises:
        NotFound: `class_run_unknown`, also where the actor has no business there.
        NotAllowed: for who writes no notes at all; `clearance_needed`.
    """
    require(actor, Action.WRITE_NOTE)
    class_run, unknown = class_run_of(session, class_run_id), _unknown(actor, class_run_id)
    reviewer = may_review(session, actor, class_run)
    if not reviewer and not _was_there(session, actor, class_run_id, day):
        raise unknown
    _need_clearance(session, actor)
    return Desk(class_run, reviewer)


def class_desk(session: Session, actor: Actor, class_run_id: int, day: date) -> Desk:
    """The class, where the actor may see its children in order to write: whoever is only on duty, on the day itself.

    Raises:
        NotFound, NotAllowed: as `writing_desk`.
    """
    found = writing_desk(session, actor, class_run_id, day)
    if not found.is_reviewer and day != clock.today():
        raise _unknown(actor, class_run_id)
    return found


def review_desk(session: Session, actor: Actor, class_run_id: int) -> Desk:
    """The class, where the actor reviews its notes.

    Raises:
        NotFound, NotAllowed: as `writing_desk`.
    """
    class_run = class_run_of(session, class_run_id)
    if not may_review(session, actor, class_run):
        require(actor, Action.REVIEW_NOTE)
        raise _unknown(actor, class_run_id)
    _need_clearance(session, actor)
    return Desk(class_run, is_reviewer=True)


def last_day_to_write(session: Session, class_run: ClassRun) -> date:
    """The day after which nobody writes about a class any more."""
    return session.get_one(Term, class_run.term_id).ends_on + timedelta(days=DAYS_TO_WRITE)


def _was_there(session: Session, actor: Actor, class_run_id: int, day: date) -> bool:
    late = not day <= clock.today() <= day + timedelta(days=DAYS_TO_WRITE)
    return not late and actor.volunteer_id is not None and class_run_id in classes_on(session, actor.volunteer_id, day)


def _unknown(actor: Actor, class_run_id: int) -> NotFound:
    unknown = NotFound("class_run_unknown", class_run=class_run_id)
    unknown.denied = Denied(actor.account_id, Action.WRITE_NOTE.value, "class_run", class_run_id)
    return unknown


def _need_clearance(session: Session, actor: Actor) -> None:
    if not is_cleared(session, actor):
        raise NotAllowed("clearance_needed")
