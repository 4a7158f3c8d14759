"""Families that a round places together or not at all: whom an offer would part, and offers to all of them at once.

The rule is the draw's (`together-or-none`, `scheduler/placement/after/`): the first places of such children share one
site and term, or none of them has any. A family that gave one of its places back by itself is not bound any more.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlmodel import Session, col, select

from registry.enrolment import waitlists
from registry.enrolment.hands import Holding, given_up, hand, round_of
from registry.enrolment.places import release, take
from registry.enrolment.tables import Application, ApplicationStatus, Mode, Place, PlaceStatus, WaitlistEntry
from registry.families.tables import Guardianship
from registry.programme import ClassRun

TOGETHER_OR_NONE = "together-or-none"
OUT = (ApplicationStatus.DRAFT.value, ApplicationStatus.REJECTED.value, ApplicationStatus.WITHDRAWN.value)
BY_ITSELF = (PlaceStatus.DECLINED.value, PlaceStatus.GIVEN_BACK.value)

Where = tuple[int, int]
"""A site and a term."""


@dataclass(frozen=True, slots=True)
class Step:
    """An offer to make: to which application, from which entry of a waitlist. Its places are taken already."""

    application: Application
    entry: WaitlistEntry


def steps_for(session: Session, application: Application, entry: WaitlistEntry, held: Sequence[Holding]) -> list[Step]:
    """The offers to make so that this child gets the place of the entry; none where it cannot be, or must not.

    For most that is one offer. A bound family without any place is offered places for all of its children, or none.
    """
    others = bound_with(session, application)
    if others and not held and not any(hand(session, other) for other in others):
        return _for_all(session, application, entry, others)
    if others and not _stays_together(session, application, entry, held, others):
        return []
    return [Step(application, entry)] if take(session, entry.class_run_id, application.weekdays) else []


def bound_with(session: Session, application: Application) -> list[Application]:
    """The applications that must be placed with this one, in the order of their numbers in the database."""
    its = round_of(session, application)
    if its.families != TOGETHER_OR_NONE or its.mode != Mode.LOTTERY or not application.together:
        return []
    found = select(Application).where(
        Application.round_id == application.round_id,
        col(Application.child_id).in_(_siblings(session, application.child_id) - {application.child_id}),
        col(Application.together).is_(True),
        col(Application.status).not_in(OUT),
    )
    kin = list(session.exec(found.order_by(col(Application.id)).execution_options(populate_existing=True)))
    return [other for other in kin if hand(session, other) or not _left_by_itself(session, other)]


def _siblings(session: Session, child_id: int) -> set[int]:
    """All children who are tied to this one by guardians, also by a guardian of a guardian's child."""
    children, seen = {child_id}, set[int]()
    while children != seen:
        seen = set(children)
        guardians = select(Guardianship.guardian_id).where(col(Guardianship.child_id).in_(seen))
        children |= set(session.exec(select(Guardianship.child_id).where(col(Guardianship.guardian_id).in_(guardians))))
    return children


def _left_by_itself(session: Session, application: Application) -> bool:
    own = select(Place.id).where(Place.application_id == application.id, col(Place.status).in_(BY_ITSELF))
    return session.exec(own).first() is not None


def _stays_together(
    session: Session, application: Application, entry: WaitlistEntry, held: Sequence[Holding],
    others: Sequence[Application],
) -> bool:  # fmt: skip
    """Whether the first places of all would be at one site in one term, once this one is taken."""
    new = _where(session, entry.class_run_id)
    left = given_up(held, application.seats, new[1])
    kept = [holding for holding in held if holding is not left]
    first = min([(h.place.rank, h.place.class_run_id) for h in kept] + [(entry.rank, entry.class_run_id)])
    places = {_first(session, hand(session, other)) for other in others} | {_where(session, first[1])}
    return len(places) == 1


def _for_all(
    session: Session, application: Application, entry: WaitlistEntry, others: Sequence[Application]
) -> list[Step]:
    """A place for each at this site in this term, or for nobody."""
    there, steps = _where(session, entry.class_run_id), list[Step]()
    for one in (application, *others):
        entries = [entry] if one is application else waitlists.entries_of(session, one)
        step = next(
            (
                Step(one, each)
                for each in entries
                if _where(session, each.class_run_id) == there and take(session, each.class_run_id, one.weekdays)
            ),
            None,
        )
        if step is None:
            for done in steps:
                release(session, done.entry.class_run_id, done.application.weekdays)
            return []
        steps.append(step)
    return steps


def _first(session: Session, held: Sequence[Holding]) -> Where | None:
    return _where(session, held[0].place.class_run_id) if held else None


def _where(session: Session, class_run_id: int) -> Where:
    run = session.get_one(ClassRun, class_run_id)
    return run.site_id, run.term_id
