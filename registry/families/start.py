"""A family's first step: the guardian's own record and the first child on one page, a second guardian's likewise."""

from __future__ import annotations

import dataclasses

from sqlmodel import Session, select

from registry import clock
from registry.accounts.permissions import Actor, Held
from registry.accounts.tables import Role
from registry.conventions.names import name_of
from registry.families.children import add_child, checked_child
from registry.families.guardians import accept_invitation, save_guardian
from registry.families.inputs import Checks, ChildInput
from registry.families.tables import Child, Guardian


def as_guardian(session: Session, actor: Actor, name: str) -> Actor:
    """The actor with a guardian's record: the one that is there, or a new one of this name."""
    if actor.guardian_id is not None:
        return actor
    found = session.exec(select(Guardian).where(Guardian.account_id == actor.account_id)).first()
    guardian = found or save_guardian(session, actor, name)
    return dataclasses.replace(actor, guardian_id=guardian.id, held=(*actor.held, Held(Role.GUARDIAN)))


def enter_child(session: Session, actor: Actor, guardian_name: str, entered: ChildInput, relation: str) -> Child:
    """A new child, and the guardian's record where there is none yet; `guardian_name` is asked only then.

    Raises:
        Invalid: with all that is wrong with either, as `name_of` at `guardian_name`, and as `add_child`.
        NotAllowed, Refused: as `save_guardian` and `add_child`.
    """
    if actor.guardian_id is None:
        checks = Checks()
        checks.take(lambda: name_of("guardian_name", guardian_name))
        checks.take(lambda: checked_child(entered, relation, clock.today()))
        checks.end()
    return add_child(session, as_guardian(session, actor, guardian_name), entered, relation)


def join_family(session: Session, actor: Actor, invitation_id: int, guardian_name: str, born_on: str) -> bool:
    """Accept an invitation, with the own record where there is none yet. Answers whether the birthday was right.

    Raises:
        Invalid: as `name_of` at `guardian_name`, and as `accept_invitation`.
        NotFound, Conflict: as `accept_invitation`.
    """
    if actor.guardian_id is None:
        name_of("guardian_name", guardian_name)
    return accept_invitation(session, as_guardian(session, actor, guardian_name), invitation_id, born_on)
