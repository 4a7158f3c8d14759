"""Accounts and their roles, what they sign in with, and the sessions and tokens that can be revoked."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any, ClassVar

from sqlalchemy import JSON, Column, Index
from sqlmodel import Field

from registry import clock
from registry.db import Table, UtcDateTime


class Role(StrEnum):
    """What somebody is for the programme. Each is held within a scope and a time."""

    GUARDIAN = "guardian"
    VOLUNTEER = "volunteer"
    CLASS_LEAD = "class_lead"
    SITE_COORDINATOR = "site_coordinator"
    DISTRICT_OFFICE = "district_office"
    AUDITOR = "auditor"


class Account(Table, table=True):
    """Somebody who can sign in, by a phone number. `password_hash` is None for those who use codes alone."""

    __tablename__ = "account"

    id: int | None = Field(default=None, primary_key=True)
    phone: str = Field(unique=True, max_length=20)
    name: str = Field(default="", max_length=100)
    password_hash: str | None = Field(default=None, max_length=300)
    language: str = Field(default="zh", max_length=5)
    volunteer_id: int | None = Field(default=None, foreign_key="volunteer.id", unique=True)
    is_active: bool = True
    created_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))


class RoleGrant(Table, table=True):
    """A role of an account: for the whole district, for one site or for one class run, from a day to a day.

    A site coordinator needs a site, a class lead a class run; the others hold their role for the district or for
    themselves. `ends_on` is the last day. A class lead sees the class seven days longer (DOMAIN.md, Children's data).
    """

    __tablename__ = "role_grant"

    id: int | None = Field(default=None, primary_key=True)
    account_id: int = Field(foreign_key="account.id", index=True)
    role: str = Field(max_length=20)
    site_id: int | None = Field(default=None, foreign_key="site.id")
    class_run_id: int | None = Field(default=None, foreign_key="class_run.id")
    starts_on: date
    ends_on: date | None = None
    granted_by_id: int | None = Field(default=None, foreign_key="account.id")
    granted_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))
    revoked_at: datetime | None = Field(default=None, sa_column=Column(UtcDateTime))


class SignInCode(Table, table=True):
    """A code that was sent to a phone. The code itself is not kept; it works once, for a while, for a few tries."""

    __tablename__ = "sign_in_code"

    id: int | None = Field(default=None, primary_key=True)
    phone: str = Field(index=True, max_length=20)
    code_hash: str = Field(max_length=100)
    tries: int = 0
    sent_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))
    expires_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))
    used_at: datetime | None = Field(default=None, sa_column=Column(UtcDateTime))


class SignInAttempt(Table, table=True):
    """Something that is limited per phone and per address: a code asked for, a code or a password tried."""

    __tablename__ = "sign_in_attempt"
    __table_args__: ClassVar[Any] = (Index("ix_sign_in_attempt_key_at", "key", "at"),)

    id: int | None = Field(default=None, primary_key=True)
    kind: str = Field(max_length=20)
    key: str = Field(max_length=100)
    succeeded: bool
    at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))


class LoginSession(Table, table=True):
    """A browser that is signed in. Only the hash of its token is kept, so that a copy of the table opens nothing."""

    __tablename__ = "login_session"

    id: int | None = Field(default=None, primary_key=True)
    account_id: int = Field(foreign_key="account.id", index=True)
    token_hash: str = Field(unique=True, max_length=64)
    device: str = Field(default="", max_length=200)
    address: str = Field(default="", max_length=50)
    created_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))
    seen_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))
    expires_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))
    revoked_at: datetime | None = Field(default=None, sa_column=Column(UtcDateTime))


class ApiToken(Table, table=True):
    """A machine's way in: it acts for an account, within `scopes`, which are names of actions."""

    __tablename__ = "api_token"

    id: int | None = Field(default=None, primary_key=True)
    account_id: int = Field(foreign_key="account.id", index=True)
    name: str = Field(max_length=100)
    token_hash: str = Field(unique=True, max_length=64)
    scopes: list[str] = Field(sa_column=Column(JSON, nullable=False))
    created_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))
    expires_at: datetime | None = Field(default=None, sa_column=Column(UtcDateTime))
    used_at: datetime | None = Field(default=None, sa_column=Column(UtcDateTime))
    revoked_at: datetime | None = Field(default=None, sa_column=Column(UtcDateTime))


class OutboxMessage(Table, table=True):
    """A message to one phone, as a code and facts; a sender takes it from here, so that none is lost or sent twice.

    What a sender was handed is told from what it still has to take by `sent_at`. `facts` never hold a sign-in code
    after it was sent. `due_at` says when it is to be tried next; None is sent or given up.
    """

    __tablename__ = "outbox_message"

    id: int | None = Field(default=None, primary_key=True)
    phone: str = Field(max_length=20)
    code: str = Field(max_length=50)
    facts: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))
    language: str = Field(default="zh", max_length=5)
    created_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))
    sent_at: datetime | None = Field(default=None, sa_column=Column(UtcDateTime))
    due_at: datetime | None = Field(default_factory=clock.now, sa_type=UtcDateTime, index=True, nullable=True)
    tries: int = 0
    failure: str | None = Field(default=None, max_length=200)
