"""The books of a class as those see them who make them: the list, one book with what it is made of, its history."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import or_
from sqlmodel import Session, col, select

from registry import clock
from registry.accounts.permissions import Action, Actor, require
from registry.accounts.tables import Account, Role
from registry.books.facts import ClassFacts, class_facts
from registry.books.handbook import SECTIONS, Content, content_digest, handbook, usable_notes
from registry.books.memoir import memoir, memoir_sections
from registry.books.rights import making_desk
from registry.books.selection import LeftOut
from registry.books.tables import Book, BookEdit, BookStatus, Kind
from registry.books.withdraw import photos_in
from registry.errors import NotFound
from registry.families.tables import Child
from registry.growth.language import Finding, check_language
from registry.growth.tables import Observation, Photo
from registry.privacy.access_log import note_access
from registry.programme import ClassRun, Site, Term


@dataclass(frozen=True, slots=True)
class BookLine:
    """A book in the list of its class; without a child the class's. `is_changed`: not what was released any more."""

    child: Child | None
    book: Book | None
    notes: int
    photos: int
    left: int
    is_changed: bool

    @property
    def is_released(self) -> bool:
        """Whether families may read it."""
        return self.book is not None and self.book.status == BookStatus.RELEASED.value


@dataclass(frozen=True, slots=True)
class OpenBook:
    """A book as its maker sees it. `findings` are what the gentle check would have looked at again in its texts."""

    facts: ClassFacts
    child: Child | None
    book: Book | None
    content: Content
    left: tuple[LeftOut, ...]
    notes: tuple[Observation, ...]
    photos: tuple[Photo, ...]
    findings: tuple[Finding, ...]
    is_changed: bool

    @property
    def is_released(self) -> bool:
        """Whether families may read it, in the state in which it was released."""
        return self.book is not None and self.book.status == BookStatus.RELEASED.value

    @property
    def shown(self) -> list[int]:
        """The photos that the book shows beside its notes, in order."""
        found = [one["id"] for name in ("works", "photos") for one in self.content.get(name, [])]
        chosen = self.book.photos if self.book else None
        found += [one["id"] for week in self.content.get("weeks", []) for one in week["photos"]]
        return sorted(found, key=chosen.index) if chosen is not None else found

    @property
    def sections(self) -> tuple[str, ...]:
        """What may be written by hand."""
        return SECTIONS if self.child else memoir_sections(self.facts)


def key_of(class_run_id: int, child_id: int | None) -> str:
    """The key of a book; without a child the class's."""
    return f"{Kind.MEMOIR}:{class_run_id}" if child_id is None else f"{Kind.HANDBOOK}:{class_run_id}:{child_id}"


def book_of(session: Session, class_run_id: int, child_id: int | None) -> Book | None:
    """What was decided about a book, where anything was."""
    return session.exec(select(Book).where(Book.key == key_of(class_run_id, child_id))).first()


def contents(facts: ClassFacts, child: Child | None, book: Book | None) -> tuple[Content, list[LeftOut]]:
    """The book as it would be released now, and what is left out."""
    return handbook(facts, child, book) if child else memoir(facts, book)


def is_other_than_released(content: Content, book: Book | None) -> bool:
    """Whether a released book would be another one if it were released again. Replies and feedback reach the family
    without that."""
    return book is not None and book.content is not None and _settled(content) != _settled(book.content)


def _settled(content: Content) -> str:
    return content_digest({name: value for name, value in content.items() if name not in ("replies", "feedback")})


@dataclass(frozen=True, slots=True)
class ClassShelf:
    """The books of a class: that of the class, and a line a child."""

    facts: ClassFacts
    memoir: BookLine
    handbooks: tuple[BookLine, ...]

    @property
    def released(self) -> int:
        """How many handbooks families can read."""
        return sum(1 for line in self.handbooks if line.is_released)


def class_books(session: Session, actor: Actor, class_run_id: int) -> ClassShelf:
    """The books of a class, the children in the order of their names, with a constant number of queries.

    Raises:
        NotFound, NotAllowed: see `making_desk`.
    """
    making_desk(session, actor, class_run_id)
    facts = class_facts(session, class_run_id)
    stored = {book.child_id: book for book in session.exec(select(Book).where(Book.class_run_id == class_run_id))}
    lines = tuple(_line(facts, child, stored.get(child.id)) for child in facts.children)
    return ClassShelf(facts, _line(facts, None, stored.get(None)), lines)


def _line(facts: ClassFacts, child: Child | None, book: Book | None) -> BookLine:
    content, left = contents(facts, child, book)
    notes = len(usable_notes(facts, child)[0]) if child else 0
    return BookLine(child, book, notes, len(photos_in(content)), len(left), is_other_than_released(content, book))


def open_book(
    session: Session, actor: Actor, class_run_id: int, child_id: int | None, *, address: str = ""
) -> OpenBook:
    """A book of the class, to be made. That a child's was looked at is kept.

    Raises:
        NotFound: `child_unknown` for a child of another class; see `making_desk`. NotAllowed: see there.
    """
    opened = opened_book(session, actor, class_run_id, child_id)
    if child_id is not None:
        note_access(session, actor.account_id, Action.MAKE_BOOKS.value, "child", child_id, address=address)
    return opened


def opened_book(session: Session, actor: Actor, class_run_id: int, child_id: int | None) -> OpenBook:
    """The same without a line in the log, for an action that leaves its own traces."""
    making_desk(session, actor, class_run_id)
    facts = class_facts(session, class_run_id)
    child = facts.child(child_id) if child_id is not None else None
    if child_id is not None and child is None:
        raise NotFound("child_unknown", child=child_id)
    book = book_of(session, class_run_id, child_id)
    content, left = contents(facts, child, book)
    photos = facts.photos_of(child_id) if child_id is not None else list(facts.photos.values())
    barred = {one.number for one in left if one.what == "photo"}
    texts = book.texts if book else {}
    others = facts.others(child_id) if child_id is not None else [one.name for one in facts.children]
    return OpenBook(
        facts, child, book, content, tuple(left), tuple(usable_notes(facts, child)[0]) if child else (),
        tuple(photo for photo in photos if photo.id not in barred), tuple(check_language(texts, others)),
        is_other_than_released(content, book),
    )  # fmt: skip


def book_edits(session: Session, actor: Actor, class_run_id: int, child_id: int | None) -> list[tuple[BookEdit, str]]:
    """What was changed in a book and by whom, the newest first.

    Raises:
        NotFound, NotAllowed: see `making_desk`.
    """
    making_desk(session, actor, class_run_id)
    wanted = (
        select(BookEdit, Account.name)
        .join(Book, col(Book.id) == BookEdit.book_id)
        .outerjoin(Account, col(Account.id) == BookEdit.account_id)
        .where(Book.key == key_of(class_run_id, child_id))
        .order_by(col(BookEdit.id).desc())
    )
    return [(edit, name or "") for edit, name in session.exec(wanted)]


def new_book(class_run_id: int, child_id: int | None) -> Book:
    """The row of a book that nobody has touched."""
    kind = Kind.MEMOIR if child_id is None else Kind.HANDBOOK
    return Book(
        key=key_of(class_run_id, child_id), kind=kind.value, class_run_id=class_run_id, child_id=child_id,
        status=BookStatus.DRAFT.value, changed_at=clock.now(),
    )  # fmt: skip


def my_class_runs(session: Session, actor: Actor) -> list[tuple[ClassRun, Site, Term]]:
    """The classes whose books the actor makes, the newest term first.

    Raises:
        NotAllowed: for who makes no books at all.
    """
    require(actor, Action.MAKE_BOOKS)
    led = [h.class_run_id for h in actor.held if h.role is Role.CLASS_LEAD and h.class_run_id is not None]
    wanted = (
        select(ClassRun, Site, Term)
        .join(Site, col(Site.id) == ClassRun.site_id)
        .join(Term, col(Term.id) == ClassRun.term_id)
        .where(or_(col(ClassRun.id).in_(led), col(ClassRun.site_id).in_(sorted(actor.sites))))
        .order_by(col(Term.starts_on).desc(), col(Site.name), col(ClassRun.name))
    )
    return list(session.exec(wanted))
