"""Priority groups and their tiers, and families: children who share a guardian."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from sqlmodel import Session, col, select

from registry.enrolment.tables import Application, PriorityGroup
from registry.families.tables import Guardianship

VERIFIED = "verified"


def groups(session: Session) -> list[PriorityGroup]:
    """The groups that can be claimed, the highest tier first."""
    active = select(PriorityGroup).where(col(PriorityGroup.is_active))
    return list(session.exec(active.order_by(col(PriorityGroup.tier), col(PriorityGroup.code))))


def tiers(session: Session) -> dict[str, int]:
    """The tier of every group, also of those that can no longer be claimed."""
    return {group.code: group.tier for group in session.exec(select(PriorityGroup))}


def tier_of(application: Application, known: Mapping[str, int]) -> int:
    """The tier an application is served in: its group's where the claim was verified, else the one after all groups."""
    code = application.group_code
    if application.group_status == VERIFIED and code is not None and code in known:
        return known[code]
    return max(known.values(), default=-1) + 1


def families(session: Session, child_ids: Collection[int]) -> dict[int, int]:
    """The family of each of these children, named by its smallest child. Children who share a guardian are one
    family, and so are two who each share one with a third of these children."""
    lead = {child: child for child in child_ids}

    def head(child: int) -> int:
        while lead[child] != child:
            child = lead[child]
        return child

    first_of: dict[int, int] = {}
    for row in session.exec(select(Guardianship).order_by(col(Guardianship.child_id))):
        if row.child_id in lead:
            other = first_of.setdefault(row.guardian_id, row.child_id)
            low, high = sorted((head(other), head(row.child_id)))
            lead[high] = low
    return {child: head(child) for child in child_ids}
