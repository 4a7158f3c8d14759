"""What the interface of notes, photos and concerns takes and answers with."""

from __future__ import annotations

from datetime import date, datetime

from pydantic import AwareDatetime, Field

from api.speak import growth
from api.speak.language import Language
from api.v1.models import Model
from registry.growth.desk import WritePage
from registry.growth.language import Finding, Kind
from registry.growth.review import ReviewRow
from registry.growth.tables import NoteStatus, PhotoKind
from registry.growth.writing import NoteInput, Written

ROW = Field(ge=1, le=2**31 - 1, examples=[5])
KEY = Field(min_length=8, max_length=40, description="The device's own name for it: sending it again stores nothing.")
WORDS = Field(default="", max_length=2000)


class NoteText(Model):
    """The words of a note. `seen` is what was seen, at most 200 characters, as all three."""

    seen: str = WORDS
    understood: str = WORDS
    support: str = WORDS
    domain: str = Field(default="", max_length=20, examples=["intellect"])


class NoteIn(NoteText):
    """A note. `phrase` may stand in for `seen`. `is_sure`: what the check found was seen and may stand."""

    children: list[int] = Field(max_length=60, examples=[[5]])
    phrase: str | None = Field(default=None, max_length=40, examples=["tidies"])
    photo_id: int | None = Field(default=None, ge=1, le=2**31 - 1)
    written_at: AwareDatetime | None = None
    is_draft: bool = False
    is_sure: bool = False

    def entered(self) -> NoteInput:
        """As the registry takes it."""
        return NoteInput(
            tuple(self.children), self.seen, self.domain, self.understood, self.support, self.phrase,
            photo_id=self.photo_id, written_at=self.written_at, is_draft=self.is_draft, is_sure=self.is_sure,
        )  # fmt: skip


class NoteNew(NoteIn):
    """A note that is sent for the first time, perhaps again."""

    key: str = KEY


class FindingOut(Model):
    """Words that somebody might stumble over, where they stand, and what to write instead."""

    kind: Kind
    field: str = Field(examples=["seen"])
    words: str
    start: int
    end: int
    message: str

    @classmethod
    def of(cls, found: Finding, language: Language) -> FindingOut:
        """In the reader's language."""
        return cls(
            kind=found.kind, field=found.field, words=found.words, start=found.start, end=found.end,
            message=growth.finding(found, language),
        )  # fmt: skip


class NoteOut(NoteText):
    """A note that is stored."""

    id: int
    class_run_id: int
    day: date
    course_id: int | None
    status: NoteStatus
    photo_id: int | None
    review_words: str
    changed_at: datetime


class WrittenOut(Model):
    """Whether it is stored now: not where the check found something and nobody said that it may stand."""

    is_stored: bool
    is_new: bool
    note: NoteOut | None
    findings: list[FindingOut]

    @classmethod
    def of(cls, done: Written, language: Language) -> WrittenOut:
        """In the reader's language."""
        note = NoteOut.model_validate(done.note) if done.note else None
        findings = [FindingOut.of(found, language) for found in done.findings]
        return cls(is_stored=note is not None, is_new=done.is_new, note=note, findings=findings)


class OwnNoteOut(Model):
    """A note of one's own, and whom it is about."""

    note: NoteOut
    children: list[str]
    class_run: str


class ClassOut(Model):
    """A class that one writes about today (`meets`) or reviews."""

    class_run_id: int
    name: str
    site: str
    meets: bool
    is_reviewer: bool
    waiting: int


class TileOut(Model):
    """A child of the class. `may_be_shown`: the guardians have agreed to photos."""

    child_id: int
    name: str
    days_without: int
    is_overdue: bool
    may_be_shown: bool


class PageOut(Model):
    """A class on a day for who writes about it."""

    class_run_id: int
    day: date
    children: list[TileOut]

    @classmethod
    def of(cls, page: WritePage) -> PageOut:
        """Of the page."""
        tiles = [
            TileOut(
                child_id=tile.child.id or 0, name=tile.child.name, days_without=tile.days_without,
                is_overdue=tile.is_overdue, may_be_shown=tile.may_be_shown,
            )
            for tile in page.tiles
        ]  # fmt: skip
        return cls(class_run_id=page.desk.class_run.id or 0, day=page.day, children=tiles)


class EditOut(NoteText):
    """How a note was before somebody changed it."""

    at: datetime
    by: str


class ReviewOut(Model):
    """A note as its reviewer sees it. With somebody in `withheld_for` its photo is shown nowhere."""

    note: NoteOut
    children: list[str]
    author: str
    course: str
    findings: list[FindingOut]
    edits: list[EditOut]
    withheld_for: list[str]

    @classmethod
    def of(cls, row: ReviewRow, language: Language) -> ReviewOut:
        """In the reader's language."""
        edits = [
            EditOut(seen=e.seen, understood=e.understood, support=e.support, domain=e.domain, at=e.at, by=who)
            for e, who in row.edits
        ]
        return cls(
            note=NoteOut.model_validate(row.note), children=[child.name for child in row.children], author=row.author,
            course=row.course, findings=[FindingOut.of(found, language) for found in row.findings], edits=edits,
            withheld_for=list(row.withheld_for),
        )  # fmt: skip


class Sure(Model):
    """Whether what the check found may stand."""

    is_sure: bool = False


class Words(Model):
    """A sentence."""

    words: str = Field(max_length=4000)


class Released(Model):
    """How many notes were released."""

    n: int


class LedgerLine(Model):
    """A child: notes by domain, the last day with one, working days since then."""

    child_id: int
    name: str
    domains: dict[str, int]
    last: date | None
    days_without: int
    is_overdue: bool


class LedgerOut(Model):
    """Who has not been written about, and which domains are thin."""

    day: date
    gap_days: int
    children: list[LedgerLine]
    domains: dict[str, int]
    thin: list[str]


class PhotoOut(Model):
    """A photo, and who can be recognised in it. The picture is at `/api/v1/photos/{id}`."""

    id: int
    class_run_id: int
    day: date
    kind: PhotoKind
    caption: str
    width: int
    height: int
    released_at: datetime | None


class PhotoLine(PhotoOut):
    """A photo with who is in it."""

    children: list[int]


class PhotoIn(Model):
    """Who is in a photo."""

    kind: PhotoKind
    children: list[int] = Field(max_length=60)
    caption: str = WORDS


class ConcernIn(Model):
    """A suspicion that a child may be harmed."""

    child_id: int = ROW
    words: str = Field(max_length=4000)


class ConcernMade(Model):
    """It was put down; nothing of it is repeated."""

    id: int
    at: datetime


class ConcernLine(Model):
    """A concern in the list: no words, no name."""

    id: int
    site: str
    class_run: str
    at: datetime
    reporter: str
    handled_at: datetime | None


class ConcernOut(Model):
    """A concern that was opened, which is kept."""

    id: int
    child: str
    class_run: str
    at: datetime
    reporter: str
    words: str
    outcome: str | None
    handled_at: datetime | None
