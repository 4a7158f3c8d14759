"""Guardians: their own record, and how a second one is asked in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import ColumnElement, and_
from sqlmodel import Session, col, select

from registry import clock
from registry.accounts.permissions import Actor
from registry.accounts.tables import Account
from registry.conventions.days import day_of
from registry.conventions.names import name_of
from registry.conventions.phones import phone_of
from registry.errors import Conflict, FieldProblem, Invalid, NotAllowed, NotFound
from registry.families.history import note_change
from registry.families.inputs import RELATIONS, Checks
from registry.families.reads import guardians_of, own_child
from registry.families.tables import Child, Guardian, GuardianInvitation, Guardianship

MOST_GUARDIANS = 2
INVITATION_LASTS = timedelta(days=30)
MOST_TRIES = 5
"""Wrong birthdays, after which an invitation is over: its phone number was probably mistyped."""


def save_guardian(session: Session, actor: Actor, name: str) -> Guardian:
    """The actor's own record as a guardian: made at first, later renamed. Whoever signs in may have one.

    Raises:
        NotAllowed: for a machine's token.
        Invalid: at `name` as `name_of`.
    """
    if actor.scopes is not None:
        raise NotAllowed("not_allowed", action="guardian.save")
    written = name_of("name", name)
    guardian = session.exec(select(Guardian).where(Guardian.account_id == actor.account_id)).first()
    guardian = guardian or Guardian(account_id=actor.account_id, name=written, created_at=clock.now())
    guardian.name = written
    account = session.get_one(Account, actor.account_id)
    account.name = account.name or written
    session.add(guardian)
    session.add(account)
    session.flush()
    return guardian


def own_record(session: Session, actor: Actor) -> Guardian | None:
    """The actor's record as a guardian, None where there is none yet."""
    return None if actor.guardian_id is None else session.get(Guardian, actor.guardian_id)


def _is_open() -> ColumnElement[bool]:
    oldest = clock.now() - INVITATION_LASTS
    return and_(col(GuardianInvitation.answered_at).is_(None), col(GuardianInvitation.created_at) > oldest)


def invitations_of(session: Session, child_id: int) -> list[GuardianInvitation]:
    """Invitations to a child that nobody has answered and that still hold."""
    found = select(GuardianInvitation).where(GuardianInvitation.child_id == child_id, _is_open())
    return list(session.exec(found.order_by(col(GuardianInvitation.id))))


def invite_guardian(session: Session, actor: Actor, child_id: int, phone: str, relation: str) -> GuardianInvitation:
    """Ask somebody in as the child's second guardian. Nothing is sent: the inviting guardian tells them.

    Raises:
        NotFound: `child_unknown`.
        Invalid: `phone_malformed`; `own_phone`, which is a guardian's already; `choose_one` at `relation`.
        Conflict: `guardians_complete`, where two are there or one is asked already.
    """
    own_child(session, actor, child_id)
    checks = Checks()
    digits = checks.take(lambda: phone_of(phone))
    checks.choice("relation", relation, RELATIONS)
    checks.end()
    assert digits is not None and actor.guardian_id is not None
    _make_sure_of_room(session, child_id, digits)
    found = session.exec(
        select(GuardianInvitation).where(GuardianInvitation.child_id == child_id, GuardianInvitation.phone == digits)
    ).first()
    invitation = found or GuardianInvitation(
        child_id=child_id, phone=digits, relation=relation, invited_by_id=actor.guardian_id, created_at=clock.now()
    )
    invitation.relation, invitation.invited_by_id = relation, actor.guardian_id
    invitation.created_at, invitation.answered_at, invitation.tries = clock.now(), None, 0
    session.add(invitation)
    note_change(session, actor, child_id, "guardian.invited")
    session.flush()
    return invitation


def _make_sure_of_room(session: Session, child_id: int, phone: str) -> None:
    theirs = (
        select(Account.phone)
        .join(Guardian, col(Guardian.account_id) == Account.id)
        .join(Guardianship, col(Guardianship.guardian_id) == Guardian.id)
        .where(Guardianship.child_id == child_id)
    )
    phones = list(session.exec(theirs))
    if phone in phones:
        raise Invalid(FieldProblem("phone", "own_phone"))
    if len(phones) + len(invitations_of(session, child_id)) >= MOST_GUARDIANS:
        raise Conflict("guardians_complete", limit=MOST_GUARDIANS)


def withdraw_invitation(session: Session, actor: Actor, child_id: int, invitation_id: int) -> None:
    """Take back an invitation that was not answered.

    Raises:
        NotFound: `child_unknown`; `invitation_unknown`.
    """
    own_child(session, actor, child_id)
    found = next((i for i in invitations_of(session, child_id) if i.id == invitation_id), None)
    if found is None:
        raise NotFound("invitation_unknown", invitation=invitation_id)
    session.delete(found)
    note_change(session, actor, child_id, "guardian.uninvited")
    session.flush()


@dataclass(frozen=True, slots=True)
class Asked:
    """An invitation as the one who is asked sees it, before the child's birthday is known to be known."""

    invitation: GuardianInvitation
    child_name: str
    by_name: str


def asked_of_me(session: Session, actor: Actor) -> Sequence[Asked]:
    """Invitations to the phone that the actor signs in with."""
    found = session.exec(
        select(GuardianInvitation, Child.name, Guardian.name)
        .join(Child, col(Child.id) == GuardianInvitation.child_id)
        .join(Guardian, col(Guardian.id) == GuardianInvitation.invited_by_id)
        .join(Account, col(Account.phone) == GuardianInvitation.phone)
        .where(Account.id == actor.account_id, _is_open())
        .order_by(col(GuardianInvitation.id))
    )
    return [Asked(invitation, child, by) for invitation, child, by in found]


def _asked(session: Session, actor: Actor, invitation_id: int) -> GuardianInvitation:
    found = next((a.invitation for a in asked_of_me(session, actor) if a.invitation.id == invitation_id), None)
    if found is None or actor.scopes is not None:
        raise NotFound("invitation_unknown", invitation=invitation_id)
    return found


def accept_invitation(session: Session, actor: Actor, invitation_id: int, born_on: str) -> bool:
    """Become the child's second guardian. Whoever is meant knows the birthday; a stranger whose number was written by
    mistake does not. Answers whether it was right: a wrong one is counted, which has to be stored.

    Raises:
        NotFound: `invitation_unknown`, also for one to another phone.
        NotAllowed: `guardian_needed`, without an own record.
        Invalid: `date_malformed` at `born_on`.
        Conflict: `guardians_complete`.
    """
    invitation = _asked(session, actor, invitation_id)
    if actor.guardian_id is None:
        raise NotAllowed("guardian_needed")
    child = session.exec(select(Child).where(Child.id == invitation.child_id).with_for_update()).one()
    assert child.id is not None
    if day_of("born_on", born_on) != child.born_on:
        _count_try(session, invitation)
        return False
    guardians = guardians_of(session, [child.id])[child.id]
    if actor.guardian_id not in guardians:
        if len(guardians) >= MOST_GUARDIANS:
            raise Conflict("guardians_complete", limit=MOST_GUARDIANS)
        session.add(
            Guardianship(
                child_id=child.id, guardian_id=actor.guardian_id, relation=invitation.relation, created_at=clock.now()
            )
        )  # fmt: skip
        note_change(session, actor, child.id, "guardian.joined")
    invitation.answered_at = clock.now()
    session.add(invitation)
    session.flush()
    return True


def _count_try(session: Session, invitation: GuardianInvitation) -> None:
    invitation.tries += 1
    if invitation.tries >= MOST_TRIES:
        invitation.answered_at = clock.now()
    session.add(invitation)
    session.flush()


def decline_invitation(session: Session, actor: Actor, invitation_id: int) -> None:
    """Say no to an invitation.

    Raises:
        NotFound: `invitation_unknown`, also for one to another phone.
    """
    invitation = _asked(session, actor, invitation_id)
    invitation.answered_at = clock.now()
    session.add(invitation)
    session.flush()
