"""Who makes the books of a class: its lead and the site's coordinator; and who reads them: the child's guardians."""

from __future__ import annotations

from sqlmodel import Session, col, select

from registry.accounts.permissions import Action, Actor, require
from registry.enrolment.tables import Application, Place, PlaceStatus
from registry.errors import Denied, NotAllowed, NotFound
from registry.families.classes import class_run_of, subject_of_class
from registry.families.reads import own_child
from registry.families.tables import Child
from registry.privacy.staff import is_cleared
from registry.programme import ClassRun


def making_desk(session: Session, actor: Actor, class_run_id: int) -> ClassRun:
    """The class, where the actor makes its books.

    Raises:
        NotAllowed: for who makes no books at all; `clearance_needed`.
        NotFound: `class_run_unknown`, also where the actor has no business there; the attempt is kept.
    """
    require(actor, Action.MAKE_BOOKS)
    class_run = class_run_of(session, class_run_id)
    unknown = NotFound("class_run_unknown", class_run=class_run_id)
    require(actor, Action.MAKE_BOOKS, subject_of_class(class_run), otherwise=unknown)
    if not is_cleared(session, actor):
        raise NotAllowed("clearance_needed")
    return class_run


def reading_child(session: Session, actor: Actor, child_id: int, class_run_id: int) -> Child:
    """The own child, which has or had a place in the class.

    Raises:
        NotFound: `child_unknown`, for another family's exactly as for one that does not exist; the attempt is kept.
            `book_unknown`, where the child never had a place there.
    """
    child = own_child(session, actor, child_id, Action.READ_BOOKS)
    if class_run_id not in class_runs_of(session, child_id):
        unknown = NotFound("book_unknown")
        unknown.denied = Denied(actor.account_id, Action.READ_BOOKS.value, "class_run", class_run_id)
        raise unknown
    return child


def class_runs_of(session: Session, child_id: int) -> list[int]:
    """The classes in which a child has a confirmed place, in the order of their numbers."""
    wanted = (
        select(Place.class_run_id)
        .join(Application, col(Application.id) == Place.application_id)
        .where(Application.child_id == child_id, Place.status == PlaceStatus.CONFIRMED.value)
    )
    return sorted(set(session.exec(wanted)))
