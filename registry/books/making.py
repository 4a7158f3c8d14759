"""A class lead makes the books of a class: sees what is there, writes, chooses, releases, takes back. Every change is
kept with how it was before."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import or_
from sqlmodel import Session, col, select

from registry import clock
from registry.accounts.outbox import post
from registry.accounts.permissions import Action, Actor, require
from registry.accounts.tables import Account, Role
from registry.books.facts import ClassFacts, class_facts
from registry.books.files import forget_pdf
from registry.books.handbook import SECTIONS, Content, content_digest, handbook, usable_notes
from registry.books.memoir import memoir, memoir_sections
from registry.books.rights import making_desk
from registry.books.selection import LeftOut, names_other_child
from registry.books.tables import Book, BookEdit, BookStatus, Kind
from registry.books.withdraw import photos_in
from registry.conventions.texts import note_of
from registry.errors import Conflict, FieldProblem, Invalid, NotFound
from registry.families.tables import Child, Guardian, Guardianship
from registry.growth.language import Finding, check_language
from registry.growth.tables import Observation, Photo
from registry.privacy.access_log import note_access
from registry.programme import ClassRun, Site, Term

LONGEST_SECTION = 1000
RELEASED_MESSAGE = "book_released"


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
    opened = _open(session, actor, class_run_id, child_id)
    if child_id is not None:
        note_access(session, actor.account_id, Action.MAKE_BOOKS.value, "child", child_id, address=address)
    return opened


def _open(session: Session, actor: Actor, class_run_id: int, child_id: int | None) -> OpenBook:
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


def write_texts(
    session: Session, actor: Actor, class_run_id: int, child_id: int | None, texts: Mapping[str, str],
    *, is_sure: bool = False,
) -> OpenBook:  # fmt: skip
    """Write sections of a book by hand; those that are not given stay. Another child's whole name is refused; a given
    name that may be a common word needs `is_sure`.

    Raises:
        NotFound, NotAllowed: see `open_book`.
        Invalid: at each section `too_long`, `text_malformed`, `names_other_child`; `section_unknown`.
    """
    opened = _open(session, actor, class_run_id, child_id)
    said: dict[str, str] = {}
    problems: list[FieldProblem] = []
    for name, text in texts.items():
        try:
            said[name] = _section(opened, name, text, is_sure=is_sure)
        except Invalid as invalid:
            problems += invalid.problems
    if problems:
        raise Invalid(*problems)
    book = _own_row(session, opened, class_run_id, child_id)
    for name, text in said.items():
        if text != book.texts.get(name, ""):
            _keep(session, actor, book, name, book.texts.get(name, ""))
            book.texts = {**book.texts, name: text}
    return _changed(session, actor, book)


def _section(opened: OpenBook, name: str, text: str, *, is_sure: bool) -> str:
    if name not in opened.sections:
        raise Invalid(FieldProblem(name, "section_unknown"))
    said = note_of(name, text, LONGEST_SECTION)
    check_names(name, said, opened.facts, opened.child, is_sure=is_sure)
    return said


def check_names(field: str, text: str, facts: ClassFacts, child: Child | None, *, is_sure: bool) -> None:
    """Make sure that a text names no other child of the class.

    Raises:
        Invalid: `names_other_child` at the field, with the names; `may_name_child`, where it may be a common word and
            nobody has said that it is.
    """
    others = facts.others(child.id or 0) if child else [one.name for one in facts.children]
    named = names_other_child([text], [child.name] if child else [], others)
    whole = [word for word in named if word in others]
    if whole:
        raise Invalid(FieldProblem(field, "names_other_child", {"names": "、".join(whole)}))
    if named and not is_sure:
        raise Invalid(FieldProblem(field, "may_name_child", {"names": "、".join(named)}))


def choose(
    session: Session, actor: Actor, class_run_id: int, child_id: int | None,
    *, notes: Sequence[int] | None, photos: Sequence[int] | None,
) -> OpenBook:  # fmt: skip
    """Choose the notes and photos of a book, in order; None leaves it to the rule.

    Raises:
        NotFound, NotAllowed: see `open_book`.
        Invalid: `choose_one` at `notes`, `photos`, for one that is not this book's or may not be in it.
    """
    opened = _open(session, actor, class_run_id, child_id)
    problems = [
        FieldProblem(name, "choose_one")
        for name, wanted, there in (("notes", notes, opened.notes), ("photos", photos, opened.photos))
        if wanted is not None and not set(wanted) <= {one.id for one in there}
    ]
    if problems:
        raise Invalid(*problems)
    book = _own_row(session, opened, class_run_id, child_id)
    for name, wanted in (("notes", notes), ("photos", photos)):
        chosen = None if wanted is None else list(dict.fromkeys(wanted))
        if chosen != getattr(book, name):
            _keep(session, actor, book, name, json.dumps(getattr(book, name)))
            setattr(book, name, chosen)
    return _changed(session, actor, book)


def release_book(session: Session, actor: Actor, class_run_id: int, child_id: int | None) -> OpenBook:
    """Let the family read a book as it is now; of a class's book, all families. Guardians are told the first time.

    Raises:
        NotFound, NotAllowed: see `open_book`.
    """
    opened = _open(session, actor, class_run_id, child_id)
    book = _own_row(session, opened, class_run_id, child_id)
    if book.status == BookStatus.RELEASED.value and not opened.is_changed:
        return opened
    _keep(session, actor, book, "status", f"{book.status} {book.number}")
    is_first = book.number == 0
    book.content, book.status, book.number = opened.content, BookStatus.RELEASED.value, book.number + 1
    book.released_at, book.released_by, book.rebuilt_at = clock.now(), actor.account_id, None
    forget_pdf(book)
    changed = _changed(session, actor, book)
    if child_id is not None:
        note_access(session, actor.account_id, "book.release", "child", child_id)
    if is_first:
        _tell(session, [child_id] if child_id is not None else [c.id or 0 for c in opened.facts.children])
    return changed


def take_back(session: Session, actor: Actor, class_run_id: int, child_id: int | None) -> OpenBook:
    """Let nobody read a released book any more, until it is released again. Its PDF is gone.

    Raises:
        NotFound, NotAllowed: see `open_book`. Conflict: `book_not_released`.
    """
    opened = _open(session, actor, class_run_id, child_id)
    if not opened.is_released or opened.book is None:
        raise Conflict("book_not_released")
    book = opened.book
    _keep(session, actor, book, "status", f"{book.status} {book.number}")
    book.status, book.content = BookStatus.DRAFT.value, None
    forget_pdf(book)
    return _changed(session, actor, book)


def new_book(class_run_id: int, child_id: int | None) -> Book:
    """The row of a book that nobody has touched."""
    kind = Kind.MEMOIR if child_id is None else Kind.HANDBOOK
    return Book(
        key=key_of(class_run_id, child_id), kind=kind.value, class_run_id=class_run_id, child_id=child_id,
        status=BookStatus.DRAFT.value, changed_at=clock.now(),
    )  # fmt: skip


def _own_row(session: Session, opened: OpenBook, class_run_id: int, child_id: int | None) -> Book:
    book = opened.book or new_book(class_run_id, child_id)
    session.add(book)
    session.flush()
    return book


def _keep(session: Session, actor: Actor, book: Book, part: str, before: str) -> None:
    session.add(BookEdit(book_id=book.id or 0, account_id=actor.account_id, at=clock.now(), part=part, before=before))


def _changed(session: Session, actor: Actor, book: Book) -> OpenBook:
    book.changed_at = clock.now()
    session.add(book)
    session.flush()
    return _open(session, actor, book.class_run_id, book.child_id)


def _tell(session: Session, child_ids: Sequence[int]) -> None:
    """One message a guardian, however many children are in the class."""
    phones = (
        select(Account.phone)
        .join(Guardian, col(Guardian.account_id) == Account.id)
        .join(Guardianship, col(Guardianship.guardian_id) == Guardian.id)
        .where(col(Guardianship.child_id).in_(child_ids), col(Account.is_active))
    )
    for phone in sorted({phone for phone in session.exec(phones) if phone}):
        post(session, phone, RELEASED_MESSAGE, {})


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
