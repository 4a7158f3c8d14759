"""Consent item by item, who looked at what and why, requests of guardians, exports and retention runs."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any, ClassVar

from sqlalchemy import JSON, Column, Index, UniqueConstraint
from sqlmodel import Field

from registry.db import Table, UtcDateTime


class ConsentItem(StrEnum):
    """What a guardian is asked about, each with yes and no (DOMAIN.md, Children's data)."""

    DATA = "data"
    INSURANCE = "insurance"
    CLASS_PHOTO = "class_photo"
    PUBLIC_PHOTO = "public_photo"
    HEALTH = "health"
    OUTING = "outing"
    SELF_LEAVE = "self_leave"


class ConsentText(Table, table=True):
    """A text that guardians agree to or refuse. A changed text is a new version; old ones stay for the record.

    `digest` is the SHA-256 of both texts. `is_required` items alone decide whether a child can be enrolled.
    """

    __tablename__ = "consent_text"
    __table_args__: ClassVar[Any] = (UniqueConstraint("item", "version"),)

    id: int | None = Field(default=None, primary_key=True)
    item: str = Field(max_length=20)
    version: int
    zh: str = Field(max_length=4000)
    en: str = Field(max_length=4000)
    digest: str = Field(max_length=64)
    is_required: bool = False
    valid_from: date


class ConsentRecord(Table, table=True):
    """An answer of a guardian about a child (单独同意). Rows are only added: the newest of an item holds.

    One that was signed on paper has the day of the signature and the account of whoever entered it.
    """

    __tablename__ = "consent_record"
    __table_args__: ClassVar[Any] = (Index("ix_consent_record_child_id_item", "child_id", "item"),)

    id: int | None = Field(default=None, primary_key=True)
    child_id: int = Field(foreign_key="child.id")
    guardian_id: int = Field(foreign_key="guardian.id")
    item: str = Field(max_length=20)
    text_id: int = Field(foreign_key="consent_text.id")
    text_digest: str = Field(max_length=64)
    is_given: bool
    at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))
    signed_on: date | None = None
    entered_by: int | None = Field(default=None, foreign_key="account.id")


class AccessLog(Table, table=True):
    """Somebody saw, took out or changed a child's data, or was refused (访问日志): who, what, why, never the value."""

    __tablename__ = "access_log"
    __table_args__: ClassVar[Any] = (Index("ix_access_log_subject_subject_id", "subject", "subject_id"),)

    id: int | None = Field(default=None, primary_key=True)
    at: datetime = Field(index=True, sa_type=UtcDateTime, nullable=False)
    account_id: int | None = Field(default=None, foreign_key="account.id", index=True)
    action: str = Field(max_length=50)
    subject: str = Field(max_length=50)
    subject_id: int | None = None
    field: str = Field(default="", max_length=50)
    reason: str = Field(default="", max_length=200)
    is_refused: bool = False
    address: str = Field(default="", max_length=50)


class DataRequest(Table, table=True):
    """A guardian asks for a correction or for deletion; a person decides and says why."""

    __tablename__ = "data_request"

    id: int | None = Field(default=None, primary_key=True)
    guardian_id: int = Field(foreign_key="guardian.id", index=True)
    child_id: int | None = Field(default=None, foreign_key="child.id", index=True)
    kind: str = Field(max_length=20)
    text: str = Field(default="", max_length=1000)
    status: str = Field(default="open", max_length=20)
    answer: str = Field(default="", max_length=1000)
    created_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))
    decided_at: datetime | None = Field(default=None, sa_column=Column(UtcDateTime))
    decided_by_id: int | None = Field(default=None, foreign_key="account.id")


class BulkExport(Table, table=True):
    """A list with many children that somebody wants to take out: a second person has to approve it first."""

    __tablename__ = "bulk_export"

    id: int | None = Field(default=None, primary_key=True)
    kind: str = Field(max_length=50)
    filters: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))
    reason: str = Field(max_length=200)
    asked_by_id: int = Field(foreign_key="account.id")
    asked_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))
    approved_by_id: int | None = Field(default=None, foreign_key="account.id")
    approved_at: datetime | None = Field(default=None, sa_column=Column(UtcDateTime))
    taken_at: datetime | None = Field(default=None, sa_column=Column(UtcDateTime))


class RetentionRun(Table, table=True):
    """A run of the retention rules: what each found, and what it deleted unless it was a trial."""

    __tablename__ = "retention_run"

    id: int | None = Field(default=None, primary_key=True)
    at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))
    is_trial: bool
    counts: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))
    account_id: int | None = Field(default=None, foreign_key="account.id")
