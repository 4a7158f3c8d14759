"""Guardians, children, who may collect them, whom to call. Every field of a child has its purpose in the registry
of purposes (`registry/privacy`)."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, ClassVar

from sqlalchemy import Column, UniqueConstraint
from sqlmodel import Field

from registry.db import Table, UtcDateTime
from registry.keys import EncryptedText


class Guardian(Table, table=True):
    """A parent or other guardian (监护人), who signs in with the account's phone."""

    __tablename__ = "guardian"

    id: int | None = Field(default=None, primary_key=True)
    account_id: int = Field(foreign_key="account.id", unique=True)
    name: str = Field(max_length=100)
    created_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))


class Child(Table, table=True):
    """A child (学生). `entry_year` is the year of school entry, from which the grade of any day follows.

    Identity papers are asked for only where the district insures each child (setting `collects_papers`).
    """

    __tablename__ = "child"

    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(max_length=100)
    sex: str = Field(max_length=10)
    born_on: date
    entry_year: int
    school: str = Field(default="", max_length=100)
    paper_kind: str | None = Field(default=None, max_length=30)
    paper_number: str | None = Field(default=None, sa_column=Column(EncryptedText("child.paper_number")))
    health_note: str | None = Field(default=None, sa_column=Column(EncryptedText("child.health_note")))
    created_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))
    changed_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))


class Guardianship(Table, table=True):
    """Who is guardian of whom; at most two guardians a child. Children who share a guardian are one family."""

    __tablename__ = "guardianship"

    child_id: int = Field(primary_key=True, foreign_key="child.id")
    guardian_id: int = Field(primary_key=True, foreign_key="guardian.id", index=True)
    relation: str = Field(max_length=20)
    created_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))


class GuardianInvitation(Table, table=True):
    """A guardian asks a second one in, by phone; accepted when somebody signed in with that phone says yes and knows
    the child's birthday: a mistyped number may be anybody's. `tries` counts wrong birthdays."""

    __tablename__ = "guardian_invitation"
    __table_args__: ClassVar[Any] = (UniqueConstraint("child_id", "phone"),)

    id: int | None = Field(default=None, primary_key=True)
    child_id: int = Field(foreign_key="child.id", index=True)
    phone: str = Field(max_length=20, index=True)
    relation: str = Field(max_length=20)
    invited_by_id: int = Field(foreign_key="guardian.id")
    created_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))
    answered_at: datetime | None = Field(default=None, sa_column=Column(UtcDateTime))
    tries: int = Field(default=0, sa_column_kwargs={"server_default": "0"})


class AuthorizedCollector(Table, table=True):
    """An adult who may collect the child (授权接送人)."""

    __tablename__ = "authorized_collector"

    id: int | None = Field(default=None, primary_key=True)
    child_id: int = Field(foreign_key="child.id", index=True)
    name: str = Field(max_length=100)
    phone: str = Field(max_length=20)
    relation: str = Field(max_length=20)


class CollectionRestriction(Table, table=True):
    """Somebody who must not collect the child (禁止接走人). Shown to the class lead alone."""

    __tablename__ = "collection_restriction"

    id: int | None = Field(default=None, primary_key=True)
    child_id: int = Field(foreign_key="child.id", index=True)
    name: str = Field(sa_column=Column(EncryptedText("collection_restriction.name"), nullable=False))
    note: str | None = Field(default=None, sa_column=Column(EncryptedText("collection_restriction.note")))


class EmergencyContact(Table, table=True):
    """Whom to call when no guardian answers."""

    __tablename__ = "emergency_contact"

    id: int | None = Field(default=None, primary_key=True)
    child_id: int = Field(foreign_key="child.id", index=True)
    name: str = Field(max_length=100)
    phone: str = Field(max_length=20)
    relation: str = Field(max_length=20)
