"""Published rosters: each version as it was, and of the one in force a row for each duty and lesson."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any, ClassVar

from sqlalchemy import JSON, Column, UniqueConstraint
from sqlmodel import Field

from registry.db import Table, UtcDateTime


class RosterVersion(Table, table=True):
    """A published roster (已发布的排班). It is never changed: what comes later is another version.

    `number` counts the versions of a week from 1; the highest is in force. Problem, seed and the version of this
    software are kept beside the roster, so that it can be solved and checked again years later.
    """

    __tablename__ = "roster_version"
    __table_args__: ClassVar[Any] = (UniqueConstraint("week", "number"),)

    id: int | None = Field(default=None, primary_key=True)
    week: date = Field(index=True)
    number: int
    problem_json: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))
    roster_json: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))
    seed: int
    software: str = Field(max_length=50)
    note: str = Field(default="", max_length=500)
    restores: int | None = None
    published_by: int | None = Field(default=None, foreign_key="account.id")
    published_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))


class RosteredDuty(Table, table=True):
    """Somebody is with a class in one part of one day, by the version in force. `role` is lead or assistant."""

    __tablename__ = "rostered_duty"
    __table_args__: ClassVar[Any] = (UniqueConstraint("volunteer_id", "class_run_id", "day", "part"),)

    id: int | None = Field(default=None, primary_key=True)
    version_id: int = Field(foreign_key="roster_version.id", index=True)
    day: date = Field(index=True)
    part: str = Field(max_length=10)
    starts_at: time
    ends_at: time
    class_run_id: int = Field(foreign_key="class_run.id", index=True)
    volunteer_id: int = Field(foreign_key="volunteer.id", index=True)
    role: str = Field(max_length=20)


class RosteredLesson(Table, table=True):
    """Somebody gives a class a lesson, by the version in force. Without a room it is in the class's own."""

    __tablename__ = "rostered_lesson"
    __table_args__: ClassVar[Any] = (UniqueConstraint("class_run_id", "day", "slot"),)

    id: int | None = Field(default=None, primary_key=True)
    version_id: int = Field(foreign_key="roster_version.id", index=True)
    day: date = Field(index=True)
    slot: int
    starts_at: time
    ends_at: time
    class_run_id: int = Field(foreign_key="class_run.id", index=True)
    volunteer_id: int = Field(foreign_key="volunteer.id", index=True)
    course_id: int = Field(foreign_key="course.id")
    room_id: int | None = Field(default=None, foreign_key="room.id")
