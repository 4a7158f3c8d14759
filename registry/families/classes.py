"""The children of a class run, and where such a class belongs."""

from __future__ import annotations

from sqlmodel import Session, col, select

from registry.accounts.permissions import Subject
from registry.conventions.pinyin import pinyin_key
from registry.enrolment.tables import Application, Place, PlaceStatus
from registry.errors import NotFound
from registry.families.tables import Child
from registry.programme import ClassRun


def class_run_of(session: Session, class_run_id: int) -> ClassRun:
    """A class run by its number.

    Raises:
        NotFound: `class_run_unknown`.
    """
    found = session.get(ClassRun, class_run_id)
    if found is None:
        raise NotFound("class_run_unknown", class_run=class_run_id)
    return found


def subject_of_class(class_run: ClassRun) -> Subject:
    """Where what belongs to a class belongs: to it and its site."""
    return Subject(site_ids=frozenset({class_run.site_id}), class_run_ids=frozenset({class_run.id or 0}))


def children_of_class(session: Session, class_run_id: int) -> list[Child]:
    """Those with a confirmed place in a class, in the order of their names' pinyin."""
    placed = (
        select(Child)
        .join(Application, col(Application.child_id) == Child.id)
        .join(Place, col(Place.application_id) == Application.id)
        .where(Place.class_run_id == class_run_id, Place.status == PlaceStatus.CONFIRMED.value)
    )
    return sorted(session.exec(placed), key=lambda child: (pinyin_key(child.name), child.id or 0))
