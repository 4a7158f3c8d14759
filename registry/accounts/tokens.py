"""Tokens of machines: made by the office, shown once, limited to actions that are named, revoked at any time."""

from __future__ import annotations

import secrets
from collections.abc import Collection
from contextlib import suppress
from datetime import date, datetime, time, timedelta

from sqlalchemy.exc import OperationalError
from sqlmodel import Session, col, select, update

from registry import clock
from registry.accounts.permissions import ROLES, Action, Actor, actor_of, require
from registry.accounts.sessions import SEEN_EVERY, token_hash
from registry.accounts.tables import Account, ApiToken
from registry.errors import FieldProblem, Invalid, NotFound
from registry.privacy.access_log import note_access

PREFIX = "qingzai_"
"""So that a token that was left somewhere is recognised as one."""
LONGEST_NAME = 100


def make_token(
    session: Session, actor: Actor, *, name: str, scopes: Collection[str], last_day: date | None = None
) -> tuple[ApiToken, str]:
    """A token that acts for the actor, within `scopes`; answers its row, and the token, which is not kept.

    Raises:
        NotAllowed: the actor may not make tokens.
        Invalid: `needed`, `too_long` at `name`; `choose_one`, `scope_unknown`, `scope_not_yours` at `scopes`;
            `date_past` at `last_day`.
    """
    require(actor, Action.MAKE_TOKEN)
    name = name.strip()
    problems = [*_name_problems(name), *_scope_problems(actor, scopes)]
    if last_day is not None and last_day < clock.today():
        problems.append(FieldProblem("last_day", "date_past"))
    if problems:
        raise Invalid(*problems)
    token = PREFIX + secrets.token_urlsafe(32)
    made = ApiToken(
        account_id=actor.account_id, name=name, token_hash=token_hash(token), scopes=sorted(set(scopes)),
        created_at=clock.now(), expires_at=_end_of(last_day),
    )  # fmt: skip
    session.add(made)
    session.flush()
    note_access(session, actor.account_id, Action.MAKE_TOKEN, "api_token", made.id, reason=", ".join(made.scopes))
    return made, token


def _name_problems(name: str) -> list[FieldProblem]:
    if len(name) > LONGEST_NAME:
        return [FieldProblem("name", "too_long", {"limit": LONGEST_NAME, "length": len(name)})]
    return [] if name else [FieldProblem("name", "needed")]


def _scope_problems(actor: Actor, scopes: Collection[str]) -> list[FieldProblem]:
    """A token can do no more than its maker: not an action of other roles, nor one outside a maker's own token."""
    known = {action.value for action in Action}
    if not scopes:
        return [FieldProblem("scopes", "choose_one")]
    if unknown := sorted(scope[:50] for scope in scopes if scope not in known)[:3]:
        return [FieldProblem("scopes", "scope_unknown", {"scopes": unknown})]
    if foreign := sorted(scope for scope in scopes if scope not in grantable(actor)):
        return [FieldProblem("scopes", "scope_not_yours", {"scopes": foreign})]
    return []


def grantable(actor: Actor) -> list[str]:
    """The actions that the actor can hand to a token."""
    able = [action for action in Action if actor.has(*ROLES[action]) or action == Action.OWN_ACCOUNT]
    return [action.value for action in able if actor.scopes is None or action.value in actor.scopes]


def _end_of(day: date | None) -> datetime | None:
    return None if day is None else datetime.combine(day + timedelta(days=1), time(), clock.SHANGHAI)


def tokens(session: Session, actor: Actor) -> list[tuple[ApiToken, str]]:
    """All tokens that still work, the newest first, each with the name of whom it acts for."""
    require(actor, Action.MAKE_TOKEN)
    good = select(ApiToken, Account.name).join(Account, col(Account.id) == ApiToken.account_id)
    good = good.where(col(ApiToken.revoked_at).is_(None)).order_by(col(ApiToken.id).desc())
    return [(token, name) for token, name in session.exec(good) if not _is_over(token)]


def _is_over(token: ApiToken) -> bool:
    return token.revoked_at is not None or (token.expires_at is not None and token.expires_at <= clock.now())


def revoke_token(session: Session, actor: Actor, token_id: int) -> None:
    """End a token.

    Raises:
        NotFound: `token_unknown`.
    """
    require(actor, Action.MAKE_TOKEN)
    found = session.get(ApiToken, token_id)
    if found is None:
        raise NotFound("token_unknown", token=token_id)
    if found.revoked_at is None:
        found.revoked_at = clock.now()
        session.add(found)
        note_access(session, actor.account_id, "token.revoke", "api_token", found.id)


def who_holds(session: Session, token: str) -> Actor | None:
    """Whom the token acts for, and within which scopes; None where it is unknown, over or revoked."""
    found = session.exec(select(ApiToken).where(ApiToken.token_hash == token_hash(token))).first()
    if found is None or _is_over(found):
        return None
    account = session.get_one(Account, found.account_id)
    if not account.is_active:
        return None
    _see(session, found)
    return actor_of(session, account, clock.today(), scopes=frozenset(found.scopes))


def _see(session: Session, found: ApiToken) -> None:
    now = clock.now()
    if found.used_at is None or now - found.used_at >= SEEN_EVERY:
        seen = update(ApiToken).where(col(ApiToken.id) == found.id).values(used_at=now)
        with suppress(OperationalError), session.begin_nested():
            session.exec(seen)
