"""What the office does with accounts: open, close, grant and revoke roles. Each change is logged."""

from __future__ import annotations

from datetime import date

from sqlalchemy import or_
from sqlmodel import Session, col, select

from registry import clock
from registry.accounts.directory import find_account, subject_of
from registry.accounts.permissions import Action, Actor, require
from registry.accounts.sessions import revoke_others
from registry.accounts.sign_in import find_or_make_account
from registry.accounts.tables import Account, Role, RoleGrant
from registry.errors import FieldProblem, Invalid, NotFound, Refused
from registry.privacy.access_log import note_access
from registry.programme import ClassRun, Site, Term

GRANTED = (Role.DISTRICT_OFFICE, Role.SITE_COORDINATOR, Role.CLASS_LEAD, Role.AUDITOR)
"""Roles that somebody is given. Guardians and volunteers are what they are by their own rows."""


def open_account(session: Session, actor: Actor, *, phone: str, name: str) -> tuple[Account, bool]:
    """An account for somebody who has not signed in yet, and whether it is new. `phone` is as `phone_of` made it.

    Raises:
        Invalid: `needed`, `too_long` at `name`.
    """
    require(actor, Action.GRANT_ROLE)
    name = name.strip()
    if not name:
        raise Invalid(FieldProblem("name", "needed"))
    if len(name) > 100:
        raise Invalid(FieldProblem("name", "too_long", {"limit": 100, "length": len(name)}))
    found, is_new = find_or_make_account(session, phone, name=name)
    if is_new:
        note_access(session, actor.account_id, "account.open", "account", found.id)
    return found, is_new


def grant_role(
    session: Session,
    actor: Actor,
    account_id: int,
    *,
    role: Role | None,
    site_id: int | None = None,
    class_run_id: int | None = None,
    starts_on: date | None = None,
    ends_on: date | None = None,
) -> RoleGrant:
    """Give somebody a role, from a day (today) to a day (until revoked).

    Raises:
        NotFound: `account_unknown`.
        Invalid: `choose_one` at `role`, `site_id`, `class_run_id`; `ends_before` at `ends_on`; `role_held` at `role`.
    """
    require(actor, Action.GRANT_ROLE, subject_of(account_id))
    found, starts_on = find_account(session, account_id), starts_on or clock.today()
    grant = RoleGrant(
        account_id=account_id, role=role.value if role else "", starts_on=starts_on, ends_on=ends_on,
        site_id=site_id if role == Role.SITE_COORDINATOR else None,
        class_run_id=class_run_id if role == Role.CLASS_LEAD else None,
        granted_by_id=actor.account_id, granted_at=clock.now(),
    )  # fmt: skip
    if problems := _grant_problems(session, grant):
        raise Invalid(*problems)
    session.add(grant)
    session.flush()
    note_access(
        session, actor.account_id, Action.GRANT_ROLE, "account", found.id, field=grant.role, reason=_scope(grant)
    )
    return grant


def _scope(grant: RoleGrant) -> str:
    place = f"site {grant.site_id}" if grant.site_id else f"class {grant.class_run_id}" if grant.class_run_id else ""
    return f"{place} {grant.starts_on}–{grant.ends_on or ''}".strip()


def _grant_problems(session: Session, grant: RoleGrant) -> list[FieldProblem]:
    if grant.role not in {role.value for role in GRANTED}:
        return [FieldProblem("role", "choose_one")]
    if grant.role == Role.SITE_COORDINATOR and (grant.site_id is None or session.get(Site, grant.site_id) is None):
        return [FieldProblem("site_id", "choose_one")]
    run = session.get(ClassRun, grant.class_run_id) if grant.class_run_id else None
    if grant.role == Role.CLASS_LEAD and run is None:
        return [FieldProblem("class_run_id", "choose_one")]
    if grant.role == Role.CLASS_LEAD and run is not None and grant.ends_on is None:
        grant.ends_on = session.get_one(Term, run.term_id).ends_on
    if grant.ends_on is not None and grant.ends_on < grant.starts_on:
        return [FieldProblem("ends_on", "ends_before")]
    return [FieldProblem("role", "role_held")] if _is_held(session, grant) else []


def _is_held(session: Session, grant: RoleGrant) -> bool:
    """Whether the very same is granted already, so that a second click adds nothing."""
    same = select(RoleGrant.id).where(
        RoleGrant.account_id == grant.account_id, RoleGrant.role == grant.role, RoleGrant.site_id == grant.site_id,
        RoleGrant.class_run_id == grant.class_run_id, RoleGrant.starts_on == grant.starts_on,
        RoleGrant.ends_on == grant.ends_on, col(RoleGrant.revoked_at).is_(None),
    )  # fmt: skip
    return session.exec(same).first() is not None


def revoke_role(session: Session, actor: Actor, account_id: int, grant_id: int) -> None:
    """Take a role away, from now on.

    Raises:
        NotFound: `grant_unknown`, also for another account's.
        Refused: `last_administrator`: somebody must be left who can grant roles.
    """
    require(actor, Action.GRANT_ROLE, subject_of(account_id))
    grant = session.get(RoleGrant, grant_id)
    if grant is None or grant.account_id != account_id:
        raise NotFound("grant_unknown", grant=grant_id)
    if grant.revoked_at is not None:
        return
    grant.revoked_at = clock.now()
    session.add(grant)
    session.flush()
    _keep_an_administrator(session)
    note_access(session, actor.account_id, "role.revoke", "account", account_id, field=grant.role, reason=_scope(grant))


def close_account(session: Session, actor: Actor, account_id: int) -> None:
    """Nobody signs in to it any more, and whoever is in is out.

    Raises:
        NotFound: `account_unknown`.
        Refused: `last_administrator`.
    """
    require(actor, Action.GRANT_ROLE, subject_of(account_id))
    found = find_account(session, account_id)
    found.is_active = False
    session.add(found)
    session.flush()
    _keep_an_administrator(session)
    revoke_others(session, account_id, None)
    note_access(session, actor.account_id, "account.close", "account", account_id)


def reopen_account(session: Session, actor: Actor, account_id: int) -> None:
    """A closed account can be signed in to again."""
    require(actor, Action.GRANT_ROLE, subject_of(account_id))
    found = find_account(session, account_id)
    found.is_active = True
    session.add(found)
    note_access(session, actor.account_id, "account.reopen", "account", account_id)


def end_sessions(session: Session, actor: Actor, account_id: int, *, password_too: bool = False) -> int:
    """End all sessions of somebody (a lost phone), and delete the password where that is asked; answers how many."""
    require(actor, Action.GRANT_ROLE, subject_of(account_id))
    found = find_account(session, account_id)
    if password_too:
        found.password_hash = None
        session.add(found)
    note_access(session, actor.account_id, "account.revoke_sessions", "account", account_id)
    return revoke_others(session, account_id, None)


def administrators(session: Session) -> list[Account]:
    """The open accounts that can grant roles today and from now on."""
    today = clock.today()
    grants = select(RoleGrant.account_id).where(
        RoleGrant.role == Role.DISTRICT_OFFICE, col(RoleGrant.revoked_at).is_(None), RoleGrant.starts_on <= today,
        or_(col(RoleGrant.ends_on).is_(None), col(RoleGrant.ends_on) >= today),
    )  # fmt: skip
    active = select(Account).where(col(Account.id).in_(grants), col(Account.is_active).is_(True))
    return list(session.exec(active.order_by(col(Account.id))))


def _keep_an_administrator(session: Session) -> None:
    if not administrators(session):
        raise Refused("last_administrator")


def make_administrator(session: Session, *, phone: str, name: str, is_forced: bool = False) -> Account:
    """The first administrator, who makes all others.

    Not an action of anybody: whoever runs the command has the database.

    Raises:
        Refused: `administrator_exists`, unless forced.
    """
    if administrators(session) and not is_forced:
        raise Refused("administrator_exists", n=len(administrators(session)))
    found, _ = find_or_make_account(session, phone, name=name)
    found.name, found.is_active = name or found.name, True
    session.add(found)
    assert found.id is not None
    if found.id not in {one.id for one in administrators(session)}:
        now, today = clock.now(), clock.today()
        session.add(RoleGrant(account_id=found.id, role=Role.DISTRICT_OFFICE, starts_on=today, granted_at=now))
        session.flush()
    note_access(session, None, Action.GRANT_ROLE, "account", found.id, field=Role.DISTRICT_OFFICE, reason="command")
    return found
