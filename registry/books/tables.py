"""Books of children and classes, what was changed in them, feedback to families, and the making of many at once."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, Column
from sqlmodel import Field

from registry.db import Table, UtcDateTime
from registry.keys import EncryptedText


class Kind(StrEnum):
    """What a book is about: one child in one class run, or the class run."""

    HANDBOOK = "handbook"
    MEMOIR = "memoir"


class BookStatus(StrEnum):
    """Whether families may read it."""

    DRAFT = "draft"
    RELEASED = "released"


class Book(Table, table=True):
    """A handbook (成长手册) or a memory book (班级回忆录): what a person decided about it; facts stay where they are.

    `key` is `handbook:CLASS:CHILD` or `memoir:CLASS`. `texts` are written by hand, by section. `notes` and `photos` are
    numbers in the order chosen; None is the choice that is made by rule. `content` is the book as it was released last,
    `number` how often it was. The PDF lies in the folder of books as `pdf_file`, encrypted with `pdf_secret`, a key of
    its own, and shows the content with the digest `pdf_digest`: without the key every copy of the file is noise.
    """

    __tablename__ = "book"

    id: int | None = Field(default=None, primary_key=True)
    key: str = Field(unique=True, max_length=40)
    kind: str = Field(max_length=20)
    class_run_id: int = Field(foreign_key="class_run.id", index=True)
    child_id: int | None = Field(default=None, foreign_key="child.id", index=True)
    texts: dict[str, str] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    notes: list[int] | None = Field(default=None, sa_column=Column(JSON(none_as_null=True)))
    photos: list[int] | None = Field(default=None, sa_column=Column(JSON(none_as_null=True)))
    status: str = Field(max_length=20)
    number: int = 0
    content: dict[str, Any] | None = Field(default=None, sa_column=Column(JSON(none_as_null=True)))
    changed_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))
    released_at: datetime | None = Field(default=None, sa_column=Column(UtcDateTime))
    released_by: int | None = Field(default=None, foreign_key="account.id")
    rebuilt_at: datetime | None = Field(default=None, sa_column=Column(UtcDateTime))
    pdf_digest: str = Field(default="", max_length=64)
    pdf_file: str = Field(default="", max_length=40)
    pdf_secret: str | None = Field(default=None, sa_column=Column(EncryptedText("book.pdf_secret")))
    pdf_size: int = 0


class BookEdit(Table, table=True):
    """How a part of a book was before somebody changed it. `part` is a section, `notes`, `photos` or `status`."""

    __tablename__ = "book_edit"

    id: int | None = Field(default=None, primary_key=True)
    book_id: int = Field(foreign_key="book.id", index=True)
    account_id: int | None = Field(default=None, foreign_key="account.id")
    at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))
    part: str = Field(max_length=40)
    before: str = Field(max_length=8000)


class GuardianFeedback(Table, table=True):
    """What a volunteer or the lead tells a child's guardians (一对一反馈): strengths, interests, one thing for home.

    Guardians see it once a lead has released it; a lead's own is released as it is written.
    """

    __tablename__ = "guardian_feedback"

    id: int | None = Field(default=None, primary_key=True)
    class_run_id: int = Field(foreign_key="class_run.id", index=True)
    child_id: int = Field(foreign_key="child.id", index=True)
    author_id: int = Field(foreign_key="account.id")
    written_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))
    changed_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))
    strengths: str = Field(max_length=400)
    interests: str = Field(default="", max_length=400)
    suggestion: str = Field(default="", max_length=400)
    released_at: datetime | None = Field(default=None, sa_column=Column(UtcDateTime))
    released_by: int | None = Field(default=None, foreign_key="account.id")


class GuardianReply(Table, table=True):
    """What a guardian answers to the feedback and the handbook. It is kept with the child's book."""

    __tablename__ = "guardian_reply"

    id: int | None = Field(default=None, primary_key=True)
    class_run_id: int = Field(foreign_key="class_run.id", index=True)
    child_id: int = Field(foreign_key="child.id", index=True)
    guardian_id: int = Field(foreign_key="guardian.id")
    at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))
    said: str = Field(max_length=500)


class BatchStatus(StrEnum):
    """Where a making of many books stands."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    CANCELLED = "cancelled"


class BookBatch(Table, table=True):
    """Many books are to be made: all of the district, or of one site. Progress is that of its parts."""

    __tablename__ = "book_batch"

    id: int | None = Field(default=None, primary_key=True)
    site_id: int | None = Field(default=None, foreign_key="site.id")
    status: str = Field(max_length=20, index=True)
    asked_by: int | None = Field(default=None, foreign_key="account.id")
    asked_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))
    started_at: datetime | None = Field(default=None, sa_column=Column(UtcDateTime))
    finished_at: datetime | None = Field(default=None, sa_column=Column(UtcDateTime))
    cancel_asked_at: datetime | None = Field(default=None, sa_column=Column(UtcDateTime))


class BookBatchPart(Table, table=True):
    """The books of one class run in a batch: made in one go, and not again after a restart."""

    __tablename__ = "book_batch_part"

    batch_id: int = Field(primary_key=True, foreign_key="book_batch.id")
    class_run_id: int = Field(primary_key=True, foreign_key="class_run.id")
    books: int = 0
    made: int = 0
    kept: int = 0
    finished_at: datetime | None = Field(default=None, sa_column=Column(UtcDateTime))
    failure: str = Field(default="", max_length=200)
