"""Who opened what: the access log (访问日志) for the office, and the lines of one child for its family."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlmodel import Session, col, func, or_, select

from registry.accounts.permissions import Action, Actor, require
from registry.accounts.tables import Account, RoleGrant
from registry.clock import SHANGHAI
from registry.families.tables import Guardian, Guardianship
from registry.privacy.tables import AccessLog
from registry.programme import ClassRun, Site

CHILD = "child"
ON_A_PAGE = 50


@dataclass(frozen=True, slots=True)
class Seen:
    """A line: who (a name), with which roles (role, site), did or tried what, why and when."""

    id: int
    at: datetime
    account_id: int | None
    who: str
    roles: tuple[str, ...]
    action: str
    subject: str
    subject_id: int | None
    field: str
    reason: str
    is_refused: bool
    address: str


@dataclass(frozen=True, slots=True)
class Filters:
    """What of the log is asked for; days are Shanghai's, both included."""

    account_id: int | None = None
    subject_id: int | None = None
    action: str = ""
    refused_only: bool = False
    from_day: date | None = None
    to_day: date | None = None


def access_log(session: Session, actor: Actor, filters: Filters, page: int = 1) -> tuple[int, list[Seen]]:
    """The lines of a page, the newest first, and how many there are in all.

    Raises:
        NotAllowed: for who may not see the log.
    """
    require(actor, Action.SEE_ACCESS_LOG)
    wanted = _conditions(filters)
    total = session.exec(select(func.count(col(AccessLog.id))).where(*wanted)).one()
    lines = select(AccessLog).where(*wanted).order_by(col(AccessLog.id).desc())
    found = list(session.exec(lines.offset((page - 1) * ON_A_PAGE).limit(ON_A_PAGE)))
    return total, _told(session, found)


def actions(session: Session, actor: Actor) -> list[str]:
    """The actions that stand in the log, for the filter.

    Raises:
        NotAllowed: as `access_log`.
    """
    require(actor, Action.SEE_ACCESS_LOG)
    return sorted(session.exec(select(AccessLog.action).distinct()))


def _conditions(filters: Filters) -> list[Any]:
    wanted: list[Any] = []
    if filters.account_id is not None:
        wanted.append(AccessLog.account_id == filters.account_id)
    if filters.subject_id is not None:
        wanted += [AccessLog.subject == CHILD, AccessLog.subject_id == filters.subject_id]
    if filters.action:
        wanted.append(AccessLog.action == filters.action)
    if filters.refused_only:
        wanted.append(col(AccessLog.is_refused).is_(True))
    if filters.from_day is not None:
        wanted.append(AccessLog.at >= _begins(filters.from_day))
    if filters.to_day is not None:
        wanted.append(AccessLog.at < _begins(filters.to_day) + timedelta(days=1))
    return wanted


def _begins(day: date) -> datetime:
    return datetime.combine(day, time(), SHANGHAI)


def seen_by(session: Session, child_id: int) -> list[Seen]:
    """What staff opened of a child, or tried to, the newest first. Its own guardians' doings are not among it.

    Whoever calls has made sure that the child is the reader's own.
    """
    own = (
        select(Guardian.account_id)
        .join(Guardianship, col(Guardianship.guardian_id) == Guardian.id)
        .where(Guardianship.child_id == child_id)
    )
    lines = select(AccessLog).where(
        AccessLog.subject == CHILD,
        AccessLog.subject_id == child_id,
        or_(col(AccessLog.account_id).is_(None), col(AccessLog.account_id).not_in(own)),
    )
    return _told(session, list(session.exec(lines.order_by(col(AccessLog.id).desc()))))


def _told(session: Session, lines: Collection[AccessLog]) -> list[Seen]:
    ids = {line.account_id for line in lines if line.account_id is not None}
    names = dict(session.exec(select(Account.id, Account.name).where(col(Account.id).in_(ids))).all())
    roles = _roles(session, ids)
    return [
        Seen(
            line.id or 0, line.at, line.account_id, names.get(line.account_id or 0) or "",
            roles.get(line.account_id or 0, ()), line.action, line.subject, line.subject_id, line.field, line.reason,
            line.is_refused, line.address,
        )
        for line in lines
    ]  # fmt: skip


def _roles(session: Session, ids: Collection[int]) -> dict[int, tuple[str, ...]]:
    """The roles that accounts hold or held, each as role or role@site: those who read know them by that."""
    grants = (
        select(RoleGrant.account_id, RoleGrant.role, Site.name)
        .outerjoin(ClassRun, col(ClassRun.id) == RoleGrant.class_run_id)
        .outerjoin(Site, or_(col(Site.id) == RoleGrant.site_id, col(Site.id) == ClassRun.site_id))
        .where(col(RoleGrant.account_id).in_(ids))
        .order_by(col(RoleGrant.id))
    )
    found: dict[int, dict[str, None]] = {}
    for account_id, role, site in session.exec(grants):
        found.setdefault(account_id, {})[f"{role}@{site}" if site else role] = None
    return {account_id: tuple(roles) for account_id, roles in found.items()}
