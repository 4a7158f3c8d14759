"""Notes (观察记录), photos, and safeguarding concerns (强制报告)."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any, ClassVar

from sqlalchemy import JSON, Column, Index, UniqueConstraint
from sqlmodel import Field

from registry.db import Table, UtcDateTime
from registry.keys import EncryptedText

NOTE_DOMAINS = ("moral", "intellect", "physical", "aesthetic", "labour")
"""The five domains of development (五育). Safety tags courses only."""


class NoteStatus(StrEnum):
    """Where a note is on its way. Only what is released is ever seen by a guardian."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    RELEASED = "released"
    DROPPED = "dropped"


class Observation(Table, table=True):
    """A note about one child or several of a class (观察记录): what was seen, and by whom.

    `request_key` is made by the writer's phone: the same note sent twice is stored once. `written_at` is the phone's
    clock, `created_at` the server's. `warnings` are the codes of the gentle check that the writer left standing.
    """

    __tablename__ = "observation"
    __table_args__: ClassVar[Any] = (
        UniqueConstraint("author_id", "request_key"),
        Index("ix_observation_class_run_id_day", "class_run_id", "day"),
    )

    id: int | None = Field(default=None, primary_key=True)
    class_run_id: int = Field(foreign_key="class_run.id")
    day: date
    author_id: int = Field(foreign_key="account.id", index=True)
    request_key: str = Field(max_length=40)
    course_id: int | None = Field(default=None, foreign_key="course.id")
    domain: str = Field(max_length=20)
    seen: str = Field(max_length=200)
    understood: str = Field(default="", max_length=200)
    support: str = Field(default="", max_length=200)
    phrase: str | None = Field(default=None, max_length=40)
    status: str = Field(max_length=20, index=True)
    warnings: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    photo_id: int | None = Field(default=None, foreign_key="photo.id", index=True)
    written_at: datetime | None = Field(default=None, sa_column=Column(UtcDateTime))
    created_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))
    changed_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))
    reviewed_by: int | None = Field(default=None, foreign_key="account.id")
    reviewed_at: datetime | None = Field(default=None, sa_column=Column(UtcDateTime))
    review_words: str = Field(default="", max_length=200)


class ObservationChild(Table, table=True):
    """A child whom a note is about. A note about several is in the book of each, and names nobody."""

    __tablename__ = "observation_child"

    observation_id: int = Field(primary_key=True, foreign_key="observation.id")
    child_id: int = Field(primary_key=True, foreign_key="child.id", index=True)


class ObservationEdit(Table, table=True):
    """How a note was before somebody changed it."""

    __tablename__ = "observation_edit"

    id: int | None = Field(default=None, primary_key=True)
    observation_id: int = Field(foreign_key="observation.id", index=True)
    account_id: int = Field(foreign_key="account.id")
    at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))
    seen: str = Field(max_length=200)
    understood: str = Field(max_length=200)
    support: str = Field(max_length=200)
    domain: str = Field(max_length=20)


class PhotoKind(StrEnum):
    """What a photo shows: people at something, or a work without anybody who can be recognised."""

    MOMENT = "moment"
    WORK = "work"


class Photo(Table, table=True):
    """A photo of a class: shrunk, turned upright, without its camera's data.

    The picture lies in the folder of photos as `file`, encrypted with `secret`, its own key. Of a photo that was
    removed the key is gone, so that no copy of the file anywhere can be read again. `digest` is the SHA-256 of the
    JPEG, `request_key` the phone's name for it. Nothing that is not released leaves the class.
    """

    __tablename__ = "photo"
    __table_args__: ClassVar[Any] = (
        UniqueConstraint("uploaded_by", "request_key"),
        Index("ix_photo_class_run_id_day", "class_run_id", "day"),
    )

    id: int | None = Field(default=None, primary_key=True)
    class_run_id: int = Field(foreign_key="class_run.id")
    day: date
    uploaded_by: int = Field(foreign_key="account.id")
    request_key: str = Field(max_length=40)
    kind: str = Field(max_length=20)
    caption: str = Field(default="", max_length=100)
    file: str = Field(unique=True, max_length=40)
    secret: str | None = Field(default=None, sa_column=Column(EncryptedText("photo.secret")))
    digest: str = Field(max_length=64)
    width: int
    height: int
    created_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))
    released_by: int | None = Field(default=None, foreign_key="account.id")
    released_at: datetime | None = Field(default=None, sa_column=Column(UtcDateTime))
    removed_at: datetime | None = Field(default=None, sa_column=Column(UtcDateTime))
    removed_because: str = Field(default="", max_length=20)


class PhotoChild(Table, table=True):
    """A child who can be recognised in a photo. Without a row nobody can be: a work, a hand, a back."""

    __tablename__ = "photo_child"

    photo_id: int = Field(primary_key=True, foreign_key="photo.id")
    child_id: int = Field(primary_key=True, foreign_key="child.id", index=True)


class SafeguardingConcern(Table, table=True):
    """A suspicion of harm (强制报告): outside all books, encrypted, never deleted, read by few and each time logged.

    `child_name` is the child's name of that day: what else is known about the child may be deleted later.
    """

    __tablename__ = "safeguarding_concern"

    id: int | None = Field(default=None, primary_key=True)
    child_id: int = Field(foreign_key="child.id", index=True)
    class_run_id: int = Field(foreign_key="class_run.id")
    child_name: str = Field(sa_column=Column(EncryptedText("safeguarding_concern.child_name"), nullable=False))
    reported_by: int = Field(foreign_key="account.id")
    at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))
    words: str = Field(sa_column=Column(EncryptedText("safeguarding_concern.words"), nullable=False))
    handled_by: int | None = Field(default=None, foreign_key="account.id")
    handled_at: datetime | None = Field(default=None, sa_column=Column(UtcDateTime))
    outcome: str | None = Field(default=None, sa_column=Column(EncryptedText("safeguarding_concern.outcome")))
