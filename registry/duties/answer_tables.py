"""What volunteers answer to a published week: coming, not coming, notes to who comes next, swaps, wishes, reminders."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, ClassVar

from sqlalchemy import JSON, Column, UniqueConstraint, true
from sqlmodel import Field

from registry.db import Table, UtcDateTime
from registry.keys import EncryptedText


class DutyAnswer(Table, table=True):
    """Somebody will come on a day. `entries` is a digest of what they have that day: a change asks anew."""

    __tablename__ = "duty_answer"

    volunteer_id: int = Field(primary_key=True, foreign_key="volunteer.id")
    day: date = Field(primary_key=True)
    entries: str = Field(primary_key=True, max_length=12)
    source: str = Field(max_length=10)
    answered_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))


class Absence(Table, table=True):
    """Somebody cannot come (请假) in a part of a day. It is open while the version in force has them there, until
    `withdrawn_at`. `source` is link, page or desk; `reported_by_id` whoever was signed in."""

    __tablename__ = "absence"

    id: int | None = Field(default=None, primary_key=True)
    volunteer_id: int = Field(foreign_key="volunteer.id", index=True)
    day: date = Field(index=True)
    part: str = Field(max_length=10)
    reason: str = Field(max_length=20)
    note: str = Field(default="", max_length=200)
    source: str = Field(max_length=10)
    reported_by_id: int | None = Field(default=None, foreign_key="account.id")
    reported_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))
    withdrawn_at: datetime | None = Field(default=None, sa_column=Column(UtcDateTime))


class UsedLink(Table, table=True):
    """A link of a message that has done what it was for, by the digest of its token: it does nothing any more."""

    __tablename__ = "used_link"

    token_hash: str = Field(primary_key=True, max_length=64)
    volunteer_id: int = Field(foreign_key="volunteer.id")
    used_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))


class HandoverNote(Table, table=True):
    """What somebody tells whoever is with the class next (交接). It is no place for a child's health."""

    __tablename__ = "handover_note"

    id: int | None = Field(default=None, primary_key=True)
    class_run_id: int = Field(foreign_key="class_run.id", index=True)
    day: date
    text: str = Field(sa_column=Column(EncryptedText("handover_note.text"), nullable=False))
    volunteer_id: int = Field(foreign_key="volunteer.id")
    written_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))


class CourseOffer(Table, table=True):
    """Somebody says that they can give a course; it counts once the office has said yes (`answer`: yes, no, empty)."""

    __tablename__ = "course_offer"

    volunteer_id: int = Field(primary_key=True, foreign_key="volunteer.id")
    course_id: int = Field(primary_key=True, foreign_key="course.id")
    made_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))
    answer: str = Field(default="", max_length=5)
    answered_at: datetime | None = Field(default=None, sa_column=Column(UtcDateTime))
    answered_by_id: int | None = Field(default=None, foreign_key="account.id")


class DutySwap(Table, table=True):
    """Somebody offers a colleague their entries of a stay, in return for others or for none.

    `give_json` and `take_json` are rows of the roster file. `status` is offered, accepted, declined, withdrawn or
    outdated; one that nobody answered until `expires_at` is over. `version` is the one that it made.
    """

    __tablename__ = "duty_swap"

    id: int | None = Field(default=None, primary_key=True)
    week: date = Field(index=True)
    from_id: int = Field(foreign_key="volunteer.id", index=True)
    to_id: int = Field(foreign_key="volunteer.id", index=True)
    give_json: list[dict[str, Any]] = Field(sa_column=Column(JSON, nullable=False))
    take_json: list[dict[str, Any]] = Field(sa_column=Column(JSON, nullable=False))
    status: str = Field(default="offered", max_length=10)
    made_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))
    expires_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))
    answered_at: datetime | None = Field(default=None, sa_column=Column(UtcDateTime))
    version: int | None = None


class VolunteerChoice(Table, table=True):
    """What a volunteer has chosen for themselves: to be reminded, and the calendar's secret address by its digest."""

    __tablename__ = "volunteer_choice"
    __table_args__: ClassVar[Any] = (UniqueConstraint("feed_hash"),)

    volunteer_id: int = Field(primary_key=True, foreign_key="volunteer.id")
    is_reminded: bool = Field(default=True, sa_column_kwargs={"server_default": true()})
    feed_hash: str | None = Field(default=None, max_length=64)
    feed_made_at: datetime | None = Field(default=None, sa_column=Column(UtcDateTime))


class DutyReminder(Table, table=True):
    """Somebody was reminded of a day: once, whatever is tried."""

    __tablename__ = "duty_reminder"

    volunteer_id: int = Field(primary_key=True, foreign_key="volunteer.id")
    day: date = Field(primary_key=True)
    posted_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))
