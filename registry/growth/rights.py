"""Who may write, review and read about the children of a class.

A volunteer writes about the classes of the own duties and lessons, by the published week, on the day and for some days
after: notes are written on the bus home. A lead reviews the own class, a coordinator those of the site.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from sqlmodel import Session

from registry import clock
from registry.accounts.permissions import Action, Actor, may, require
from registry.duties.days import classes_on
from registry.errors import Denied, NotAllowed, NotFound
from registry.families.classes import class_run_of, subject_of_class
from registry.privacy.staff import is_cleared
from registry.programme import ClassRun, Term

DAYS_TO_WRITE = 7
"""So many days after a duty its volunteer may still write notes about it, as a class lead may see the class."""


@dataclass(frozen=True, slots=True)
class Desk:
    """A class as somebody works on its notes: which class, and whether as one who reviews."""

    class_run: ClassRun
    is_reviewer: bool


def writing_desk(session: Session, actor: Actor, class_run_id: int, day: date) -> Desk:
    """The class, where the actor may write about a day of it.

    Raises:
        NotFound: `class_run_unknown`, also where the actor has no business there.
        NotAllowed: for who writes no notes at all; `clearance_needed`.
    """
    require(actor, Action.WRITE_NOTE)
    class_run, unknown = class_run_of(session, class_run_id), _unknown(actor, class_run_id)
    reviewer = may(actor, Action.REVIEW_NOTE, subject_of_class(class_run))
    if not reviewer and not _was_there(session, actor, class_run_id, day):
        raise unknown
    _need_clearance(session, actor)
    return Desk(class_run, reviewer)


def review_desk(session: Session, actor: Actor, class_run_id: int) -> Desk:
    """The class, where the actor reviews its notes.

    Raises:
        NotFound, NotAllowed: as `writing_desk`.
    """
    require(actor, Action.REVIEW_NOTE)
    class_run = class_run_of(session, class_run_id)
    require(actor, Action.REVIEW_NOTE, subject_of_class(class_run), otherwise=_unknown(actor, class_run_id))
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
