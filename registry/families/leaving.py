"""A guardian leaves a child: never the last one, and the other is told."""

from __future__ import annotations

from sqlmodel import Session, col, delete, select, update

from registry import clock
from registry.accounts.outbox import post
from registry.accounts.permissions import Actor
from registry.accounts.tables import Account
from registry.attendance.tables import PickupDelegation
from registry.conventions.names import mask_name
from registry.enrolment.tables import Application
from registry.errors import Conflict
from registry.families.history import note_change
from registry.families.reads import guardians_of, own_child
from registry.families.tables import Child, Guardian, GuardianInvitation, Guardianship


def leave_child(session: Session, actor: Actor, child_id: int) -> None:
    """Be the child's guardian no more. Applications go on with the other guardian; invitations that nobody has
    answered and pick-up codes that nobody has used are void, for they were this guardian's word. What was answered
    about consent stays as it is, until the other changes it.

    Raises:
        NotFound: `child_unknown`.
        Conflict: `last_guardian`: somebody has to answer for the child.
    """
    child = own_child(session, actor, child_id)
    # The child is held, so that two guardians who leave at the same moment do not both go.
    session.exec(select(Child).where(Child.id == child_id).with_for_update()).one()
    others = guardians_of(session, [child_id])[child_id] - {actor.guardian_id}
    if not others:
        raise Conflict("last_guardian", child=child_id)
    _hand_over(session, actor, child_id, min(others))
    for account in _accounts(session, child_id):
        code = "guardian_left_me" if account.id == actor.account_id else "guardian_left"
        post(session, account.phone, code, {"child": mask_name(child.name)}, account.language)
    own = delete(Guardianship).where(
        col(Guardianship.child_id) == child_id, col(Guardianship.guardian_id) == actor.guardian_id
    )
    session.execute(own)
    note_change(session, actor, child_id, "guardian.left")
    session.flush()


def _hand_over(session: Session, actor: Actor, child_id: int, other: int) -> None:
    asked = col(GuardianInvitation.child_id) == child_id, col(GuardianInvitation.invited_by_id) == actor.guardian_id
    session.execute(delete(GuardianInvitation).where(*asked))
    codes = col(PickupDelegation.child_id) == child_id, col(PickupDelegation.guardian_id) == actor.guardian_id
    unused = col(PickupDelegation.used_at).is_(None), col(PickupDelegation.withdrawn_at).is_(None)
    session.execute(update(PickupDelegation).where(*codes, *unused).values(withdrawn_at=clock.now()))
    mine = col(Application.child_id) == child_id, col(Application.guardian_id) == actor.guardian_id
    session.execute(update(Application).where(*mine).values(guardian_id=other))


def _accounts(session: Session, child_id: int) -> list[Account]:
    theirs = (
        select(Account)
        .join(Guardian, col(Guardian.account_id) == Account.id)
        .join(Guardianship, col(Guardianship.guardian_id) == Guardian.id)
        .where(Guardianship.child_id == child_id, col(Account.is_active))
    )
    return list(session.exec(theirs.order_by(col(Account.id))))
