"""People around a child: who may collect it (授权接送人), whom to call, who must not collect it (禁止接走人)."""

from __future__ import annotations

from typing import TypeVar

from sqlmodel import Session, col, select

from registry.accounts.permissions import Action, Actor
from registry.errors import Conflict, FieldProblem, Invalid, NotFound
from registry.families.history import note_change
from registry.families.inputs import PersonInput, RestrictionInput
from registry.families.reads import own_child
from registry.families.tables import AuthorizedCollector, CollectionRestriction, EmergencyContact

MOST_COLLECTORS, MOST_CONTACTS, MOST_RESTRICTIONS = 3, 3, 5
"""Two or three named adults collect (DOMAIN.md, Numbers); the other limits keep lists readable in a hurry."""

Person = TypeVar("Person", AuthorizedCollector, EmergencyContact)
Around = TypeVar("Around", bound=AuthorizedCollector | EmergencyContact | CollectionRestriction)


def around(session: Session, table: type[Around], child_id: int) -> list[Around]:
    """The child's people of one kind, in the order in which they were entered."""
    return list(session.exec(select(table).where(table.child_id == child_id).order_by(col(table.id))))


def save_collector(
    session: Session, actor: Actor, child_id: int, entered: PersonInput, collector_id: int | None = None
) -> AuthorizedCollector:
    """Name an adult who may collect the child, or correct one; at most three, besides the guardians.

    Raises:
        NotFound: `child_unknown`; `person_unknown`.
        Invalid: as `PersonInput.checked`; `person_known` at the phone, where another one has it.
        Conflict: `too_many_people`, with the limit.
    """
    return _save(session, actor, AuthorizedCollector, child_id, entered, collector_id, MOST_COLLECTORS)


def save_contact(
    session: Session, actor: Actor, child_id: int, entered: PersonInput, contact_id: int | None = None
) -> EmergencyContact:
    """Name somebody to call when no guardian answers, or correct one; at most three.

    Raises:
        NotFound, Invalid, Conflict: as `save_collector`.
    """
    return _save(session, actor, EmergencyContact, child_id, entered, contact_id, MOST_CONTACTS)


def _save(
    session: Session,
    actor: Actor,
    table: type[Person],
    child_id: int,
    entered: PersonInput,
    person_id: int | None,
    most: int,
) -> Person:
    own_child(session, actor, child_id)
    known = around(session, table, child_id)
    person = _one_of(known, person_id, most)
    checked = entered.checked()
    if any(other.phone == checked.phone for other in known if other is not person):
        raise Invalid(FieldProblem("phone", "person_known"))
    person = person or table(child_id=child_id, name="", phone="", relation="")
    person.name, person.phone, person.relation = checked.name, checked.phone, checked.relation
    session.add(person)
    note_change(session, actor, child_id, f"{table.__tablename__}.{'added' if person_id is None else 'changed'}")
    session.flush()
    return person


def _one_of(known: list[Around], person_id: int | None, most: int) -> Around | None:
    """The one to correct; None for one more."""
    if person_id is None:
        if len(known) >= most:
            raise Conflict("too_many_people", limit=most)
        return None
    for person in known:
        if person.id == person_id:
            return person
    raise NotFound("person_unknown", person=person_id)


def save_restriction(
    session: Session, actor: Actor, child_id: int, entered: RestrictionInput, restriction_id: int | None = None
) -> CollectionRestriction:
    """Name somebody who must not collect the child, or correct it; encrypted, and shown to the class lead alone.

    Raises:
        NotFound: `child_unknown`; `person_unknown`.
        Invalid: as `RestrictionInput.checked`.
        Conflict: `too_many_people`, with the limit.
    """
    own_child(session, actor, child_id)
    known = around(session, CollectionRestriction, child_id)
    restriction = _one_of(known, restriction_id, MOST_RESTRICTIONS)
    checked = entered.checked()
    restriction = restriction or CollectionRestriction(child_id=child_id, name="")
    restriction.name, restriction.note = checked.name, checked.note or None
    session.add(restriction)
    done = "added" if restriction_id is None else "changed"
    note_change(session, actor, child_id, f"collection_restriction.{done}")
    session.flush()
    return restriction


def remove_person(session: Session, actor: Actor, table: type[Around], child_id: int, person_id: int) -> None:
    """Strike somebody from one of the three lists.

    Raises:
        NotFound: `child_unknown`; `person_unknown`.
    """
    own_child(session, actor, child_id)
    person = _one_of(around(session, table, child_id), person_id, 0)
    session.delete(person)
    note_change(session, actor, child_id, f"{table.__tablename__}.removed")
    session.flush()


def one_person(session: Session, actor: Actor, table: type[Around], child_id: int, person_id: int) -> Around:
    """One of the three lists' people, to be corrected.

    Raises:
        NotFound: `child_unknown`; `person_unknown`.
    """
    own_child(session, actor, child_id, Action.SEE_CHILD)
    person = _one_of(around(session, table, child_id), person_id, 0)
    assert person is not None
    return person
