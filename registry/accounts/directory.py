"""Accounts as the office sees them: who there is, with a masked phone, and which roles each holds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import or_
from sqlmodel import Session, col, func, select

from registry import clock
from registry.accounts.permissions import Action, Actor, Subject, require
from registry.accounts.tables import Account, Role, RoleGrant
from registry.conventions.phones import mask_phone
from registry.errors import NotFound
from registry.families.tables import Guardian
from registry.programme import ClassRun, Site, Term


@dataclass(frozen=True, slots=True)
class GrantRow:
    """A role that somebody holds, held or will hold, with the names of its scope."""

    id: int
    role: Role
    site: str
    class_run: str
    starts_on: date
    ends_on: date | None
    is_revoked: bool
    is_over: bool


@dataclass(frozen=True, slots=True)
class AccountRow:
    """An account, the phone masked."""

    id: int
    name: str
    phone: str
    is_active: bool
    has_password: bool
    is_guardian: bool
    is_volunteer: bool
    grants: tuple[GrantRow, ...] = field(default_factory=tuple)


def accounts(
    session: Session, actor: Actor, *, search: str = "", staff_only: bool = False, first: int = 0, most: int = 40
) -> tuple[int, list[AccountRow]]:
    """How many accounts there are and some of them, by name. The search finds names and the ends of phones."""
    require(actor, Action.SEE_ACCOUNTS)
    found = select(Account)
    if text := search.strip()[:100]:
        tail = text if text.isdigit() and len(text) >= 4 else None
        named = col(Account.name).icontains(text, autoescape=True)
        found = found.where(or_(named, col(Account.phone).endswith(tail)) if tail else named)
    if staff_only:
        current = select(RoleGrant.account_id).where(col(RoleGrant.revoked_at).is_(None))
        found = found.where(col(Account.id).in_(current))
    total = session.exec(select(func.count()).select_from(found.subquery())).one()
    some = session.exec(found.order_by(Account.name, col(Account.id)).offset(first).limit(most)).all()
    return total, _rows(session, some)


def account(session: Session, actor: Actor, account_id: int) -> AccountRow:
    """One account.

    Raises:
        NotFound: `account_unknown`.
    """
    require(actor, Action.SEE_ACCOUNTS, subject_of(account_id))
    [row] = _rows(session, [find_account(session, account_id)])
    return row


def subject_of(account_id: int) -> Subject:
    """Where an account's row belongs: to whoever it is the account of."""
    return Subject(account_ids=frozenset({account_id}))


def find_account(session: Session, account_id: int) -> Account:
    """An account by its number, for actions that have asked whether they may.

    Raises:
        NotFound: `account_unknown`.
    """
    found = session.get(Account, account_id)
    if found is None:
        raise NotFound("account_unknown", account=account_id)
    return found


def _rows(session: Session, some: Sequence[Account]) -> list[AccountRow]:
    numbers = [one.id for one in some]
    guardians = set(session.exec(select(Guardian.account_id).where(col(Guardian.account_id).in_(numbers))))
    grants = _grants(session, numbers)
    return [
        AccountRow(
            one.id or 0, one.name, mask_phone(one.phone), one.is_active, one.password_hash is not None,
            one.id in guardians, one.volunteer_id is not None, tuple(grants.get(one.id, ())),
        )
        for one in some
    ]  # fmt: skip


def _grants(session: Session, numbers: Sequence[int | None]) -> dict[int | None, list[GrantRow]]:
    rows = (
        select(RoleGrant, Site.name, ClassRun.name)
        .outerjoin(ClassRun, col(ClassRun.id) == RoleGrant.class_run_id)
        .outerjoin(Site, or_(col(Site.id) == RoleGrant.site_id, col(Site.id) == ClassRun.site_id))
        .where(col(RoleGrant.account_id).in_(numbers))
        .order_by(col(RoleGrant.revoked_at).isnot(None), col(RoleGrant.id))
    )
    found: dict[int | None, list[GrantRow]] = {}
    for grant, site, class_run in session.exec(rows):
        found.setdefault(grant.account_id, []).append(_grant_row(grant, site or "", class_run or ""))
    return found


def _grant_row(grant: RoleGrant, site: str, class_run: str) -> GrantRow:
    is_over = grant.ends_on is not None and grant.ends_on < clock.today()
    revoked = grant.revoked_at is not None
    role = Role(grant.role)
    return GrantRow(grant.id or 0, role, site, class_run, grant.starts_on, grant.ends_on, revoked, is_over or revoked)


def staff(session: Session) -> list[AccountRow]:
    """Everybody who was ever granted a role that is not revoked, by name; for a command, which asks no permission."""
    current = select(RoleGrant.account_id).where(col(RoleGrant.revoked_at).is_(None))
    return _rows(
        session, session.exec(select(Account).where(col(Account.id).in_(current)).order_by(Account.name)).all()
    )


def account_with(session: Session, phone: str) -> Account:
    """The account of a phone; for a command.

    Raises:
        NotFound: `account_unknown`.
    """
    found = session.exec(select(Account).where(Account.phone == phone)).first()
    if found is None:
        raise NotFound("account_unknown", account=mask_phone(phone))
    return found


def scopes_of_roles(session: Session) -> tuple[list[tuple[int, str]], list[tuple[int, str]]]:
    """What a role may be granted for: sites by name, and class runs as term · site · name."""
    sites = [(number or 0, name) for number, name in session.exec(select(Site.id, Site.name).order_by(Site.name))]
    rows = (
        select(ClassRun.id, Term.name, Site.name, ClassRun.name)
        .join(Site, col(Site.id) == ClassRun.site_id)
        .join(Term, col(Term.id) == ClassRun.term_id)
        .order_by(col(Term.starts_on), Site.name, ClassRun.name)
    )
    return sites, [(number or 0, " · ".join(names)) for number, *names in session.exec(rows)]
