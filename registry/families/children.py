"""Children of a family: entered, corrected, removed; what may be kept about health, and identity papers."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlmodel import Session, col, delete, select, update

from registry import clock
from registry.accounts.permissions import Action, Actor, Subject, require
from registry.attendance.tables import PickupDelegation
from registry.conventions.papers import Paper, PaperKind, paper_of
from registry.conventions.texts import note_of
from registry.enrolment.tables import Application, Place, PlaceStatus
from registry.errors import Conflict, FieldProblem, Invalid, NotAllowed, Refused
from registry.families.history import note_change
from registry.families.inputs import RELATIONS, CheckedChild, Checks, ChildInput
from registry.families.reads import children_of, own_child
from registry.families.tables import (
    AuthorizedCollector,
    Child,
    CollectionRestriction,
    EmergencyContact,
    GuardianInvitation,
    Guardianship,
)
from registry.privacy.consents import is_agreed
from registry.privacy.tables import ConsentItem, ConsentRecord, DataRequest
from registry.programme import setting

MOST_CHILDREN = 10
"""Of one guardian: more are a mistake or an attack."""
LONGEST_NOTE = 1000


def add_child(session: Session, actor: Actor, entered: ChildInput, relation: str) -> Child:
    """A new child of the actor, who has to have a guardian's record.

    Raises:
        NotAllowed: `guardian_needed`, without such a record.
        Invalid: as `ChildInput.checked`; `choose_one` at the relation; `child_known` at the name, where the family
            has a child of that name and birthday.
        Refused: `too_many_children`, with the limit.
    """
    guardian_id = actor.guardian_id
    if guardian_id is None:
        raise NotAllowed("guardian_needed")
    require(actor, Action.CHANGE_CHILD, Subject(guardian_ids=frozenset({guardian_id})))
    checked = checked_child(entered, relation, clock.today())
    known = children_of(session, guardian_id)
    if len(known) >= MOST_CHILDREN:
        raise Refused("too_many_children", limit=MOST_CHILDREN)
    if any((child.name, child.born_on) == (checked.name, checked.born_on) for child in known):
        raise Invalid(FieldProblem("name", "child_known"))
    now = clock.now()
    child = Child(**_fields(checked), created_at=now, changed_at=now)
    session.add(child)
    session.flush()
    assert child.id is not None
    session.add(Guardianship(child_id=child.id, guardian_id=guardian_id, relation=relation, created_at=now))
    note_change(session, actor, child.id, "added")
    session.flush()
    return child


def checked_child(entered: ChildInput, relation: str, today: date) -> CheckedChild:
    """A child's details and the guardian's relation to it, checked together.

    Raises:
        Invalid: as `ChildInput.checked`; `choose_one` at the relation.
    """
    checks = Checks()
    checked = checks.take(lambda: entered.checked(today))
    checks.choice("relation", relation, RELATIONS)
    checks.end()
    assert checked is not None
    return checked


def _fields(checked: CheckedChild) -> dict[str, Any]:
    return {name: getattr(checked, name) for name in ("name", "sex", "born_on", "entry_year", "school")}


def change_child(session: Session, actor: Actor, child_id: int, entered: ChildInput) -> Child:
    """Correct a child's details. What each change was stays in the access log as the field's name.

    Raises:
        NotFound: `child_unknown`.
        Invalid: as `ChildInput.checked`.
    """
    child = own_child(session, actor, child_id)
    new = _fields(entered.checked(clock.today()))
    changed = [name for name, value in new.items() if getattr(child, name) != value]
    for name in changed:
        setattr(child, name, new[name])
        note_change(session, actor, child_id, name)
    if changed:
        child.changed_at = clock.now()
    session.add(child)
    session.flush()
    return child


def may_remove(session: Session, child_id: int) -> bool:
    """Whether a child has never been part of any application."""
    return session.exec(select(Application.id).where(Application.child_id == child_id)).first() is None


def remove_child(session: Session, actor: Actor, child_id: int) -> None:
    """Delete a child that has never applied, with everything about it, for all its guardians. One that has applied is
    deleted on request: others rely on those records.

    Raises:
        NotFound: `child_unknown`.
        Conflict: `child_has_applied`.
    """
    own_child(session, actor, child_id)
    if not may_remove(session, child_id):
        raise Conflict("child_has_applied", child=child_id)
    session.execute(update(DataRequest).where(col(DataRequest.child_id) == child_id).values(child_id=None))
    for table in (
        ConsentRecord, GuardianInvitation, AuthorizedCollector, CollectionRestriction, EmergencyContact, Guardianship,
        PickupDelegation,
    ):  # fmt: skip
        session.execute(delete(table).where(col(table.child_id) == child_id))
    session.execute(delete(Child).where(col(Child.id) == child_id))
    note_change(session, actor, child_id, "removed")
    session.flush()


def set_health_note(session: Session, actor: Actor, child_id: int, text: str) -> None:
    """Keep what those who look after the child should know, encrypted; an empty text deletes it.

    Raises:
        NotFound: `child_unknown`.
        Invalid: at `health_note`: `consent_needed` without a yes to it; `too_long`; `text_malformed`.
    """
    child = own_child(session, actor, child_id)
    note = note_of("health_note", text, LONGEST_NOTE) or None
    if note is not None and not is_agreed(session, child_id, ConsentItem.HEALTH):
        raise Invalid(FieldProblem("health_note", "consent_needed"))
    if note != child.health_note:
        child.health_note, child.changed_at = note, clock.now()
        note_change(session, actor, child_id, "health_note")
    session.add(child)
    session.flush()


def may_give_paper(session: Session, child_id: int) -> bool:
    """Whether a paper's number may be asked for: the district collects them, and the child has a place it keeps."""
    placed = (
        select(Place.id)
        .join(Application, col(Application.id) == Place.application_id)
        .where(Application.child_id == child_id, Place.status == PlaceStatus.CONFIRMED.value)
    )
    return bool(setting(session, "collects_papers")) and session.exec(placed).first() is not None


def set_paper(session: Session, actor: Actor, child_id: int, kind: str, number: str) -> None:
    """Keep the number of the child's identity paper, encrypted.

    Raises:
        NotFound: `child_unknown`.
        Refused: `papers_not_collected`, unless the district collects them and the child has a confirmed place.
        Invalid: `choose_one` at `paper_kind`; at `paper_number` as `paper_of`; `consent_needed` without a yes to
            insurance; `paper_not_of_birth` or `paper_not_of_sex` where it says otherwise than the child's details.
    """
    child = own_child(session, actor, child_id)
    if not may_give_paper(session, child_id):
        raise Refused("papers_not_collected")
    if not is_agreed(session, child_id, ConsentItem.INSURANCE):
        raise Invalid(FieldProblem("paper_number", "consent_needed"))
    paper = _paper(child, kind, number)
    child.paper_kind, child.paper_number, child.changed_at = paper.kind.value, paper.number, clock.now()
    note_change(session, actor, child_id, "paper_number")
    session.add(child)
    session.flush()


def _paper(child: Child, kind: str, number: str) -> Paper:
    if kind not in set(PaperKind):
        raise Invalid(FieldProblem("paper_kind", "choose_one"))
    paper = paper_of(PaperKind(kind), number, clock.today())
    if paper.born_on not in (None, child.born_on):
        raise Invalid(FieldProblem("paper_number", "paper_not_of_birth"))
    if paper.sex not in (None, child.sex):
        raise Invalid(FieldProblem("paper_number", "paper_not_of_sex"))
    return paper
