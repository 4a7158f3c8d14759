"""Who am I, where am I signed in; accounts, roles and tokens for the office."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Response
from pydantic import Field

from api.access import DESCRIBED, SignedIn
from api.deps import DbSession
from api.errors import ErrorBody
from api.v1.models import Model
from registry.accounts import directory, roles, tokens
from registry.accounts.own import account_of
from registry.accounts.sessions import revoke, revoke_others, sessions_of
from registry.accounts.tables import Role
from registry.conventions.phones import mask_phone, phone_of

PERSONAL: dict[int | str, dict[str, Any]] = {
    401: {"model": ErrorBody, "description": "Nobody is signed in."},
    403: {"model": ErrorBody, "description": "The account or the token may not do this."},
    409: {"model": ErrorBody, "description": "It clashes with what is stored."},
    413: {"model": ErrorBody, "description": "The body is too large."},
}
"""What a route may answer that needs sign-in."""

router = APIRouter(tags=["accounts"], responses=PERSONAL, dependencies=DESCRIBED)


class HeldModel(Model):
    """A role that is held today."""

    role: Role = Field(examples=["site_coordinator"])
    site_id: int | None = Field(examples=[12])
    class_run_id: int | None = Field(examples=[None])


class Me(Model):
    """Whoever asks. `scopes` limits a token; null is a person who signed in."""

    account_id: int = Field(examples=[7])
    name: str = Field(examples=["王一"])
    phone: str = Field(description="Masked.", examples=["138****8000"])
    roles: list[HeldModel]
    scopes: list[str] | None = Field(examples=[["account.see"]])


class SessionModel(Model):
    """A browser that is signed in."""

    id: int = Field(examples=[3])
    device: str = Field(description="What the browser said it is.", examples=["Mozilla/5.0 (Linux; Android 14)"])
    address: str = Field(examples=["192.0.2.7"])
    created_at: datetime
    seen_at: datetime
    expires_at: datetime
    is_this: bool = Field(examples=[True])


class Sessions(Model):
    """The sessions that are still good."""

    items: list[SessionModel]


class GrantModel(Model):
    """A role of an account, with its scope and its days."""

    id: int = Field(examples=[5])
    role: Role = Field(examples=["class_lead"])
    site: str = Field(examples=["东街少年宫"])
    class_run: str = Field(examples=["1-2年级班"])
    starts_on: date = Field(examples=["2026-07-06"])
    ends_on: date | None = Field(examples=["2026-07-17"])
    is_revoked: bool = Field(examples=[False])
    is_over: bool = Field(examples=[False])


class AccountModel(Model):
    """An account, the phone masked."""

    id: int = Field(examples=[7])
    name: str = Field(examples=["王一"])
    phone: str = Field(description="Masked.", examples=["138****8000"])
    is_active: bool = Field(examples=[True])
    is_guardian: bool = Field(examples=[False])
    is_volunteer: bool = Field(examples=[False])
    grants: list[GrantModel]


class Accounts(Model):
    """Accounts by name."""

    total: int = Field(examples=[1])
    items: list[AccountModel]


class NewAccount(Model):
    """An account for somebody who has not signed in yet."""

    phone: str = Field(max_length=40, examples=["13800138000"])
    name: str = Field(max_length=200, examples=["王一"])


class NewGrant(Model):
    """A role to give: a site coordinator needs a site, a class lead a class run."""

    role: Role = Field(examples=["site_coordinator"])
    site_id: int | None = Field(None, ge=1, le=2**31 - 1, examples=[12])
    class_run_id: int | None = Field(None, ge=1, le=2**31 - 1, examples=[None])
    starts_on: date | None = Field(None, description="Today without it.", examples=["2026-07-06"])
    ends_on: date | None = Field(None, description="The last day; null is until revoked.", examples=["2026-08-14"])


class TokenModel(Model):
    """A machine's token, without the token itself."""

    id: int = Field(examples=[2])
    name: str = Field(examples=["区大屏"])
    scopes: list[str] = Field(examples=[["round.see"]])
    created_at: datetime
    expires_at: datetime | None
    used_at: datetime | None


class Tokens(Model):
    """The tokens that work, the newest first."""

    items: list[TokenModel]


class NewToken(Model):
    """What a token is for and what it may do: names of actions that its maker may do."""

    name: str = Field(max_length=200, examples=["区大屏"])
    scopes: list[str] = Field(max_length=100, examples=[["round.see"]])
    last_day: date | None = Field(None, examples=["2026-08-31"])


class MadeToken(TokenModel):
    """A new token, told this once."""

    token: str = Field(examples=["qingzai_3q2-7wAAAA"])


RowId = Annotated[int, Path(ge=1, le=2**31 - 1, description="A row's number.")]


@router.get("/session", summary="Who am I")
def who_am_i(session: DbSession, actor: SignedIn) -> Me:
    """The account, its roles, and what a token is limited to."""
    account = account_of(session, actor)
    held = [HeldModel.model_validate(one) for one in actor.held]
    scopes = None if actor.scopes is None else sorted(actor.scopes)
    return Me(account_id=actor.account_id, name=actor.name, phone=mask_phone(account.phone), roles=held, scopes=scopes)


@router.get("/session/all", summary="Where I am signed in")
def my_sessions(session: DbSession, actor: SignedIn) -> Sessions:
    """The last used first."""
    account_of(session, actor)
    hidden = {"account_id", "token_hash", "revoked_at"}
    found = [(one.model_dump(exclude=hidden), one.id) for one in sessions_of(session, actor.account_id)]
    return Sessions(items=[SessionModel(**row, is_this=number == actor.session_id) for row, number in found])


@router.delete("/session/all", summary="Sign out everywhere else", status_code=204)
def end_other_sessions(session: DbSession, actor: SignedIn) -> Response:
    """All sessions but this one; a token ends them all."""
    account_of(session, actor)
    revoke_others(session, actor.account_id, actor.session_id)
    return Response(status_code=204)


@router.delete("/session/all/{id}", summary="Sign one device out", status_code=204)
def end_session(session: DbSession, actor: SignedIn, id: RowId) -> Response:
    """One of my sessions."""
    account_of(session, actor)
    revoke(session, actor.account_id, id)
    return Response(status_code=204)


@router.get("/accounts", summary="Accounts")
def list_accounts(
    session: DbSession, actor: SignedIn,
    q: Annotated[str, Query(max_length=100, description="Part of a name, or the last digits of a phone.")] = "",
    staff: bool = False,
    first: Annotated[int, Query(ge=0, le=1_000_000)] = 0, most: Annotated[int, Query(ge=1, le=200)] = 40,
) -> Accounts:  # fmt: skip
    """For the office and auditors."""
    total, rows = directory.accounts(session, actor, search=q, staff_only=staff, first=first, most=most)
    return Accounts(total=total, items=[AccountModel.model_validate(row) for row in rows])


@router.post("/accounts", summary="Open an account", status_code=201)
def open_account(session: DbSession, actor: SignedIn, new: NewAccount) -> AccountModel:
    """An account that exists already is answered as it is."""
    found, _ = roles.open_account(session, actor, phone=phone_of(new.phone), name=new.name)
    return AccountModel.model_validate(directory.account(session, actor, found.id or 0))


@router.get("/accounts/{id}", summary="An account and its roles")
def one_account(session: DbSession, actor: SignedIn, id: RowId) -> AccountModel:
    """For the office and auditors."""
    return AccountModel.model_validate(directory.account(session, actor, id))


@router.post("/accounts/{id}/grants", summary="Grant a role", status_code=201)
def grant(session: DbSession, actor: SignedIn, id: RowId, new: NewGrant) -> AccountModel:
    """For the office."""
    roles.grant_role(session, actor, id, **new.model_dump())
    return AccountModel.model_validate(directory.account(session, actor, id))


@router.delete("/accounts/{id}/grants/{grant_id}", summary="Revoke a role", status_code=204)
def revoke_grant(session: DbSession, actor: SignedIn, id: RowId, grant_id: RowId) -> Response:
    """For the office."""
    roles.revoke_role(session, actor, id, grant_id)
    return Response(status_code=204)


@router.get("/tokens", summary="Tokens of machines")
def list_tokens(session: DbSession, actor: SignedIn) -> Tokens:
    """For the office."""
    return Tokens(items=[TokenModel.model_validate(row) for row, _ in tokens.tokens(session, actor)])


@router.post("/tokens", summary="Make a token", status_code=201)
def make_token(session: DbSession, actor: SignedIn, new: NewToken) -> MadeToken:
    """It acts for whoever makes it, and can do no more."""
    made, token = tokens.make_token(session, actor, **new.model_dump())
    return MadeToken(**TokenModel.model_validate(made).model_dump(), token=token)


@router.delete("/tokens/{id}", summary="Revoke a token", status_code=204)
def revoke_token(session: DbSession, actor: SignedIn, id: RowId) -> Response:
    """For the office."""
    tokens.revoke_token(session, actor, id)
    return Response(status_code=204)
