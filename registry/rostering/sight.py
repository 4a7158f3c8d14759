"""Who may see rosters that are not published: drafts, and versions that are not in force."""

from __future__ import annotations

from sqlmodel import Session, col, select

from registry.accounts.permissions import ROLES, Action, Actor, may, require
from registry.accounts.tables import RoleGrant
from registry.errors import NotSignedIn


def sees_drafts(session: Session, actor: Actor | None) -> bool:
    """Whether somebody may see what is not published: staff. Where no role of staff was ever given, nobody could sign
    in to look, nor publish: whoever started the service on their machine looks at their own roster."""
    if actor is not None and may(actor, Action.SEE_DRAFTS):
        return True
    staff = col(RoleGrant.role).in_(sorted(ROLES[Action.SEE_DRAFTS]))
    return session.exec(select(RoleGrant.id).where(staff).limit(1)).first() is None


def require_drafts(session: Session, actor: Actor | None) -> None:
    """Make sure of it.

    Raises:
        NotSignedIn: `not_signed_in`. NotAllowed.
    """
    if sees_drafts(session, actor):
        return
    if actor is None:
        raise NotSignedIn("not_signed_in")
    require(actor, Action.SEE_DRAFTS)
