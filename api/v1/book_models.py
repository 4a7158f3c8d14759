"""What the interface of books takes and answers with."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from pydantic import Field

from api.v1.models import Model
from registry.books.batches import Progress
from registry.books.feedback import FeedbackInput
from registry.books.opening import BookLine, OpenBook
from registry.books.reading import OnShelf, ReadBook
from registry.books.selection import Why
from registry.books.tables import BatchStatus

CONTENT = Field(description="The book: codes, dates as text, what people wrote. A section that nobody wrote is empty.")


class LineOut(Model):
    """A book in the list of its class; without `child_id` the class's own."""

    child_id: int | None
    name: str
    notes: int = Field(description="Released notes about the child that name nobody else.")
    photos: int
    left_out: int
    is_released: bool
    is_changed: bool = Field(description="Whether it would be another book if it were released again.")

    @classmethod
    def of(cls, line: BookLine) -> LineOut:
        """From the registry's."""
        return cls(
            child_id=line.child.id if line.child else None, name=line.child.name if line.child else "",
            notes=line.notes, photos=line.photos, left_out=line.left, is_released=line.is_released,
            is_changed=line.is_changed,
        )  # fmt: skip


class ClassBooks(Model):
    """The books of a class."""

    memoir: LineOut
    handbooks: list[LineOut]


class LeftOutOut(Model):
    """A note or photo that is not in the book, and why."""

    what: str = Field(examples=["photo"])
    number: int
    why: Why
    because: list[str]


class MakingOut(Model):
    """A book as its maker sees it."""

    content: dict[str, Any] = CONTENT
    left_out: list[LeftOutOut]
    sections: list[str] = Field(description="What may be written by hand.")
    is_released: bool
    is_changed: bool
    number: int = Field(description="How often it was released.")

    @classmethod
    def of(cls, opened: OpenBook) -> MakingOut:
        """From the registry's."""
        return cls(
            content=opened.content, sections=list(opened.sections), is_released=opened.is_released,
            is_changed=opened.is_changed, number=opened.book.number if opened.book else 0,
            left_out=[
                LeftOutOut(what=one.what, number=one.number, why=one.why, because=list(one.because))
                for one in opened.left
            ],
        )  # fmt: skip


class TextsIn(Model):
    """Sections by name; those that are not given stay."""

    texts: dict[str, str] = Field(examples=[{"about": "喜欢蚂蚁和画画。"}], max_length=20)
    is_sure: bool = Field(default=False, description="A word that may be another child's given name is none.")


class ChoiceIn(Model):
    """Notes and photos in order; null leaves it to the rule."""

    notes: list[int] | None = Field(default=None, max_length=200)
    photos: list[int] | None = Field(default=None, max_length=200)


class ShelfOut(Model):
    """A class of the child, and which of its books can be read."""

    class_run_id: int
    class_run: str
    site: str
    first: date
    last: date
    handbook: bool
    memoir: bool

    @classmethod
    def of(cls, one: OnShelf) -> ShelfOut:
        """From the registry's."""
        return cls(
            class_run_id=one.class_run.id or 0, class_run=one.class_run.name, site=one.site.name,
            first=one.term.starts_on, last=one.term.ends_on, handbook=one.handbook is not None,
            memoir=one.memoir is not None,
        )  # fmt: skip


class BookOut(Model):
    """A released book."""

    content: dict[str, Any] = CONTENT
    number: int
    released_at: datetime | None

    @classmethod
    def of(cls, found: ReadBook) -> BookOut:
        """From the registry's."""
        return cls(content=found.content, number=found.book.number, released_at=found.book.released_at)


class ReplyIn(Model):
    """A guardian's words."""

    words: str = Field(max_length=2000)


class ReplyOut(Model):
    """As it is kept."""

    id: int
    at: datetime
    said: str


class FeedbackIn(Model):
    """What is written to a child's guardians."""

    strengths: str = Field(max_length=2000)
    interests: str = Field(default="", max_length=2000)
    suggestion: str = Field(default="", max_length=2000)
    is_sure: bool = Field(default=False, description="A word that may be another child's given name is none.")

    def entered(self) -> FeedbackInput:
        """For the registry."""
        return FeedbackInput(self.strengths, self.interests, self.suggestion, is_sure=self.is_sure)


class FeedbackOut(Model):
    """As it is kept."""

    id: int
    strengths: str
    interests: str
    suggestion: str
    written_at: datetime
    released_at: datetime | None


class FamilyFeedback(Model):
    """What was told to the guardians, and what they answered."""

    feedback: list[FeedbackOut]
    replies: list[ReplyOut]


class BatchIn(Model):
    """Which books: of a site, or of the whole district."""

    site_id: int | None = Field(default=None, ge=1, le=2**31 - 1)


class BatchOut(Model):
    """A batch and how far it is."""

    id: int
    site_id: int | None
    status: BatchStatus
    classes: int
    finished: int
    made: int
    kept: int
    failed: dict[str, str]

    @classmethod
    def of(cls, found: Progress) -> BatchOut:
        """From the registry's."""
        return cls(
            id=found.batch.id or 0, site_id=found.batch.site_id, status=BatchStatus(found.batch.status),
            classes=found.parts, finished=found.finished, made=found.made, kept=found.kept, failed=dict(found.failed),
        )  # fmt: skip
