"""What a family's pages show: children as cards with what is still missing, and one child with all around it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass

from sqlmodel import Session, col, func, select

from registry.accounts.permissions import Action, Actor
from registry.accounts.tables import Account
from registry.conventions.grades import is_usual_entry
from registry.conventions.papers import mask_paper
from registry.conventions.phones import mask_phone
from registry.families.around import around
from registry.families.children import may_give_paper, may_remove
from registry.families.guardians import invitations_of
from registry.families.history import Change, changes_of
from registry.families.reads import children_of, own_child
from registry.families.tables import (
    AuthorizedCollector,
    Child,
    CollectionRestriction,
    EmergencyContact,
    Guardian,
    GuardianInvitation,
    Guardianship,
)
from registry.privacy.consents import ConsentRow, consent_rows, items_for, texts_now
from registry.privacy.tables import ConsentItem, ConsentRecord


@dataclass(frozen=True, slots=True)
class ChildCard:
    """A child in the list of a family. `missing`: consents, contact, in the order in which they are done."""

    child: Child
    missing: tuple[str, ...]
    unanswered: int
    is_blocked: bool
    is_unusual_entry: bool


def family_cards(session: Session, actor: Actor) -> list[ChildCard]:
    """The actor's children, in the order in which they were entered; by as many queries for three as for one."""
    if actor.guardian_id is None:
        return []
    children = children_of(session, actor.guardian_id)
    ids = [child.id for child in children if child.id is not None]
    texts, given, contacts = texts_now(session), _answers(session, ids), _contacts(session, ids)
    cards = []
    for child in children:
        assert child.id is not None
        asked = [item for item in items_for(child.born_on) if item in texts]
        rows = [ConsentRow(item, texts[item], given.get((child.id, item))) for item in asked]
        cards.append(_card(child, rows, has_contact=contacts[child.id] > 0))
    return cards


def _card(child: Child, rows: Collection[ConsentRow], *, has_contact: bool) -> ChildCard:
    unanswered = sum(row.is_open for row in rows)
    missing = (("consents",) if unanswered else ()) + (() if has_contact else ("contact",))
    is_blocked = any(row.is_blocking for row in rows)
    return ChildCard(child, missing, unanswered, is_blocked, not is_usual_entry(child.born_on, child.entry_year))


def _answers(session: Session, ids: Collection[int]) -> dict[tuple[int, ConsentItem], ConsentRecord]:
    given = select(ConsentRecord).where(col(ConsentRecord.child_id).in_(ids)).order_by(col(ConsentRecord.id))
    return {(record.child_id, ConsentItem(record.item)): record for record in session.exec(given)}


def _contacts(session: Session, ids: Collection[int]) -> Counter[int]:
    counted = select(EmergencyContact.child_id, func.count()).where(col(EmergencyContact.child_id).in_(ids))
    return Counter(dict(session.exec(counted.group_by(col(EmergencyContact.child_id))).all()))


@dataclass(frozen=True, slots=True)
class GuardianLine:
    """A guardian of the child. The phone is whole to its owner alone."""

    guardian_id: int
    name: str
    relation: str
    phone: str
    is_me: bool


@dataclass(frozen=True, slots=True)
class ChildPage:
    """A child with all that its guardians keep about it."""

    card: ChildCard
    guardians: list[GuardianLine]
    invitations: list[GuardianInvitation]
    collectors: list[AuthorizedCollector]
    contacts: list[EmergencyContact]
    restrictions: list[CollectionRestriction]
    consents: list[ConsentRow]
    changes: list[Change]
    may_note_health: bool
    may_give_paper: bool
    may_remove: bool
    masked_paper: str

    @property
    def child(self) -> Child:
        """The child's own row."""
        return self.card.child


def child_page(session: Session, actor: Actor, child_id: int) -> ChildPage:
    """One child of the actor's family.

    Raises:
        NotFound: `child_unknown`, also for another family's.
    """
    child = own_child(session, actor, child_id, Action.SEE_CHILD)
    rows, contacts = consent_rows(session, child_id), around(session, EmergencyContact, child_id)
    health = next((row.answer for row in rows if row.item is ConsentItem.HEALTH), None)
    return ChildPage(
        card=_card(child, rows, has_contact=bool(contacts)),
        guardians=_guardians(session, actor, child_id),
        invitations=invitations_of(session, child_id),
        collectors=around(session, AuthorizedCollector, child_id),
        contacts=contacts,
        restrictions=around(session, CollectionRestriction, child_id),
        consents=rows,
        changes=changes_of(session, child_id),
        may_note_health=health is not None and health.is_given,
        may_give_paper=may_give_paper(session, child_id),
        may_remove=may_remove(session, child_id),
        masked_paper=mask_paper(child.paper_number) if child.paper_number else "",
    )


def _guardians(session: Session, actor: Actor, child_id: int) -> list[GuardianLine]:
    found = session.exec(
        select(Guardian, Guardianship.relation, Account.phone)
        .join(Guardianship, col(Guardianship.guardian_id) == Guardian.id)
        .join(Account, col(Account.id) == Guardian.account_id)
        .where(Guardianship.child_id == child_id)
        .order_by(col(Guardianship.created_at), col(Guardian.id))
    )
    lines = []
    for guardian, relation, phone in found:
        is_me = guardian.id == actor.guardian_id
        assert guardian.id is not None
        lines.append(GuardianLine(guardian.id, guardian.name, relation, phone if is_me else mask_phone(phone), is_me))
    return lines
