"""What happened on a day of a class, mark by mark; codes for somebody else to collect; stays of volunteers."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, ClassVar

from sqlalchemy import Column, UniqueConstraint, false
from sqlmodel import Field

from registry.db import Table, UtcDateTime
from registry.keys import EncryptedText


class AttendanceDay(Table, table=True):
    """A day of a class run, once anything was noted about it. `alerted` is the last step of escalation, in minutes."""

    __tablename__ = "attendance_day"
    __table_args__: ClassVar[Any] = (UniqueConstraint("class_run_id", "day"),)

    id: int | None = Field(default=None, primary_key=True)
    class_run_id: int = Field(foreign_key="class_run.id")
    day: date = Field(index=True)
    closed_at: datetime | None = Field(default=None, sa_column=Column(UtcDateTime))
    closed_by_id: int | None = Field(default=None, foreign_key="account.id")
    reopened_at: datetime | None = Field(default=None, sa_column=Column(UtcDateTime))
    reopened_because: str = Field(default="", max_length=200)
    alerted: int = 0


class AttendanceEvent(Table, table=True):
    """One mark about a child on a day of a class (签到/签退). Rows are only added; the state follows from them.

    `number` counts the marks of the child on that day of that class from 1: of two phones that mark at once, one is
    refused by the table itself. `key` is the phone's own name for the mark, so that sending it again does nothing.
    `at` is when it happened; `device_at` what the phone's clock said; `is_skewed` that this clock was wrong.
    `collector` names a row: `guardian:3`, `collector:5`, `delegation:7`.
    """

    __tablename__ = "attendance_event"
    __table_args__: ClassVar[Any] = (UniqueConstraint("day_id", "child_id", "number"),)

    id: int | None = Field(default=None, primary_key=True)
    day_id: int = Field(foreign_key="attendance_day.id")
    child_id: int = Field(foreign_key="child.id", index=True)
    number: int
    kind: str = Field(max_length=20)
    key: str = Field(unique=True, max_length=64)
    at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))
    device_at: datetime | None = Field(default=None, sa_column=Column(UtcDateTime))
    recorded_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))
    is_skewed: bool = Field(default=False, sa_column_kwargs={"server_default": false()})
    account_id: int | None = Field(default=None, foreign_key="account.id")
    source: str = Field(max_length=20)
    remark: str | None = Field(default=None, sa_column=Column(EncryptedText("attendance_event.remark")))
    collector: str = Field(default="", max_length=40)
    collector_name: str = Field(default="", max_length=100)
    collector_relation: str = Field(default="", max_length=20)
    verified: str = Field(default="", max_length=20)
    undoes_id: int | None = Field(default=None, foreign_key="attendance_event.id")


class HeadCount(Table, table=True):
    """Somebody counted heads (清点人数): how many there were, and how many should have been."""

    __tablename__ = "head_count"

    id: int | None = Field(default=None, primary_key=True)
    day_id: int = Field(foreign_key="attendance_day.id", index=True)
    key: str = Field(unique=True, max_length=64)
    at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))
    counted: int
    present: int
    account_id: int | None = Field(default=None, foreign_key="account.id")


class PickupDelegation(Table, table=True):
    """A guardian lets another adult collect the child on one day (委托代接), by a code that works once."""

    __tablename__ = "pickup_delegation"

    id: int | None = Field(default=None, primary_key=True)
    child_id: int = Field(foreign_key="child.id", index=True)
    guardian_id: int = Field(foreign_key="guardian.id")
    day: date = Field(index=True)
    name: str = Field(max_length=100)
    relation: str = Field(max_length=20)
    code_hash: str = Field(max_length=100)
    tries: int = 0
    created_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))
    used_at: datetime | None = Field(default=None, sa_column=Column(UtcDateTime))
    withdrawn_at: datetime | None = Field(default=None, sa_column=Column(UtcDateTime))


class ServiceStay(Table, table=True):
    """A volunteer was at a site, from own sign-in to own sign-out; ways there and back are no part of it.

    A correction is a new row with a reason, and the old one is void.
    """

    __tablename__ = "service_stay"

    id: int | None = Field(default=None, primary_key=True)
    volunteer_id: int = Field(foreign_key="volunteer.id", index=True)
    site_id: int = Field(foreign_key="site.id", index=True)
    day: date = Field(index=True)
    key: str = Field(unique=True, max_length=64)
    came_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))
    left_at: datetime | None = Field(default=None, sa_column=Column(UtcDateTime))
    account_id: int | None = Field(default=None, foreign_key="account.id")
    recorded_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))
    is_void: bool = Field(default=False, sa_column_kwargs={"server_default": false()})
    corrects_id: int | None = Field(default=None, foreign_key="service_stay.id")
    reason: str = Field(default="", max_length=200)
