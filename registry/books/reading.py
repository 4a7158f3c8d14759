"""A family reads the books of its own child, on the page or as a PDF, and answers. Consent is looked at each time anew:
a photo whose consent was withdrawn is not shown, even if nothing else had noticed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sqlmodel import Session, col, select

from registry import clock
from registry.accounts.permissions import Action, Actor
from registry.books.facts import ClassFacts, class_facts
from registry.books.files import forget_pdf, get_pdf, put_pdf
from registry.books.handbook import Content, content_digest, feedback_of, replies_of, usable_photos
from registry.books.opening import book_of, contents, new_book
from registry.books.rights import class_runs_of, making_desk, reading_child
from registry.books.tables import Book, BookStatus, GuardianReply, Kind
from registry.books.withdraw import photos_in, without_photos
from registry.conventions.texts import note_of
from registry.errors import FieldProblem, Invalid, NotFound
from registry.families.reads import own_child
from registry.families.tables import Child
from registry.growth.tables import Photo
from registry.privacy.access_log import note_access
from registry.programme import ClassRun, Site, Term

LONGEST_REPLY, MOST_REPLIES = 500, 20
STORED_LANGUAGE, EDITION = "zh", 1
"""PDFs are stored in Chinese. The edition is raised when the looks change, so that none goes out in the old ones."""
Press = Callable[[Content, dict[int, Photo]], bytes]
"""Lays a book out as a PDF; the photos are those that it shows."""


@dataclass(frozen=True, slots=True)
class OnShelf:
    """A class run of the child, and which of its books can be read."""

    class_run: ClassRun
    site: Site
    term: Term
    handbook: Book | None
    memoir: Book | None


@dataclass(frozen=True, slots=True)
class ReadBook:
    """A released book as a family reads it."""

    child: Child
    book: Book
    content: Content


def shelf(session: Session, actor: Actor, child_id: int) -> list[OnShelf]:
    """The classes of the own child with what can be read, the newest first.

    Raises:
        NotFound: `child_unknown`, also for another family's child.
    """
    own_child(session, actor, child_id, Action.READ_BOOKS)
    runs = class_runs_of(session, child_id)
    wanted = (
        select(ClassRun, Site, Term)
        .join(Site, col(Site.id) == ClassRun.site_id)
        .join(Term, col(Term.id) == ClassRun.term_id)
        .where(col(ClassRun.id).in_(runs))
        .order_by(col(Term.starts_on).desc())
    )
    released = select(Book).where(col(Book.class_run_id).in_(runs), Book.status == BookStatus.RELEASED.value)
    books = {(book.class_run_id, book.child_id): book for book in session.exec(released)}
    return [
        OnShelf(run, site, term, books.get((run.id or 0, child_id)), books.get((run.id or 0, None)))
        for run, site, term in session.exec(wanted)
    ]


def read_book(session: Session, actor: Actor, child_id: int, class_run_id: int, kind: str) -> ReadBook:
    """A released book of the own child, or of its class.

    Raises:
        NotFound: `child_unknown`, `book_unknown`: another family's, one that is not released, or none.
    """
    child = reading_child(session, actor, child_id, class_run_id)
    book = book_of(session, class_run_id, child_id if kind == Kind.HANDBOOK else None)
    if book is None or book.status != BookStatus.RELEASED.value or book.content is None:
        raise NotFound("book_unknown")
    facts = class_facts(session, class_run_id)
    return ReadBook(child, book, current(session, facts, book))


def current(session: Session, facts: ClassFacts, book: Book) -> Content:
    """A released book as it may be shown today: as it was released, without photos that have lost their consent since,
    with the feedback and the answers that have come since. What had to be left out is left out of the row too."""
    assert book.content is not None
    child = facts.child(book.child_id) if book.child_id is not None else None
    barred = photos_in(book.content) - {p.id for p in usable_photos(facts, facts.photos.values(), child)[0]}
    if barred:
        book.content, book.rebuilt_at = without_photos(book.content, barred), clock.now()
        forget_pdf(book)
        session.add(book)
        session.flush()
    if book.kind != Kind.HANDBOOK:
        return book.content
    if child is None:
        return {**book.content, "feedback": [], "replies": []}
    return {**book.content, "feedback": feedback_of(facts, child), "replies": replies_of(facts, child)}


def family_pdf(
    session: Session, actor: Actor, child_id: int, class_run_id: int, kind: str, language: str, press: Press
) -> bytes:
    """The PDF of a released book: the stored one, where it still shows the same, else a new one. `press` lays it out in
    that language; those in Chinese are stored.

    Raises:
        NotFound: see `read_book`.
    """
    found = read_book(session, actor, child_id, class_run_id, kind)
    return _pdf(session, found.book, found.content, language, press)


def _pdf(session: Session, book: Book, content: Content, language: str, press: Press) -> bytes:
    if language == STORED_LANGUAGE:
        return stored_pdf(session, book, content, press)
    return press(content, photos_of(session, content))


def maker_pdf(
    session: Session, actor: Actor, class_run_id: int, child_id: int | None, language: str, press: Press
) -> bytes:
    """The PDF of a book as it would be released now, for its maker; it is stored where nothing is released yet.

    Raises:
        NotFound, NotAllowed: see `making_desk`.
    """
    making_desk(session, actor, class_run_id)
    facts = class_facts(session, class_run_id)
    child = facts.child(child_id) if child_id is not None else None
    if child_id is not None and child is None:
        raise NotFound("child_unknown", child=child_id)
    if child_id is not None:
        note_access(session, actor.account_id, Action.MAKE_BOOKS.value, "child", child_id, field="pdf")
    book = book_of(session, class_run_id, child_id) or new_book(class_run_id, child_id)
    content, _ = contents(facts, child, book)
    if book.status == BookStatus.RELEASED.value:
        return press(content, photos_of(session, content))  # what is stored is what the family reads
    return _pdf(session, book, content, language, press)


def pdf_digest(content: Content) -> str:
    """What a PDF shows: the content, in the looks of today."""
    return content_digest({**content, "edition": EDITION})


def stored_pdf(session: Session, book: Book, content: Content, press: Press) -> bytes:
    """The stored PDF that shows this content, or a new one in its place."""
    digest = pdf_digest(content)
    kept = get_pdf(book, digest)
    if kept is not None:
        return kept
    pdf = press(content, photos_of(session, content))
    book.pdf_file, book.pdf_secret = put_pdf(pdf)
    book.pdf_digest, book.pdf_size = digest, len(pdf)
    session.add(book)
    session.flush()
    return pdf


def photos_of(session: Session, content: Content) -> dict[int, Photo]:
    """The rows of the photos that a book shows."""
    wanted = sorted(photos_in(content))
    return {photo.id or 0: photo for photo in session.exec(select(Photo).where(col(Photo.id).in_(wanted)))}


def maker_photo(session: Session, actor: Actor, class_run_id: int, photo_id: int) -> Photo:
    """A photo of the class for whoever makes its books, also one that may not be in them.

    Raises:
        NotFound, NotAllowed: see `making_desk`. NotFound: `photo_unknown`.
    """
    making_desk(session, actor, class_run_id)
    photo = session.get(Photo, photo_id)
    if photo is None or photo.class_run_id != class_run_id or photo.secret is None:
        raise NotFound("photo_unknown", photo=photo_id)
    return photo


def photo_in_book(session: Session, actor: Actor, child_id: int, class_run_id: int, kind: str, photo_id: int) -> Photo:
    """A photo of a book that the family reads.

    Raises:
        NotFound: see `read_book`; `photo_unknown`, for one that is not in that book.
    """
    found = read_book(session, actor, child_id, class_run_id, kind)
    photo = session.get(Photo, photo_id) if photo_id in photos_in(found.content) else None
    if photo is None:
        raise NotFound("photo_unknown", photo=photo_id)
    return photo


def reply(session: Session, actor: Actor, child_id: int, class_run_id: int, words: str) -> GuardianReply:
    """Answer the feedback and the handbook.

    Raises:
        NotFound: see `reading_child`. Invalid: at `words` `needed`, `too_long`, `text_malformed`, `too_many`.
    """
    reading_child(session, actor, child_id, class_run_id)
    said = note_of("words", words, LONGEST_REPLY)
    if not said:
        raise Invalid(FieldProblem("words", "needed"))
    mine = select(GuardianReply).where(GuardianReply.child_id == child_id, GuardianReply.class_run_id == class_run_id)
    earlier = list(session.exec(mine))
    if len(earlier) >= MOST_REPLIES:
        raise Invalid(FieldProblem("words", "too_many_replies", {"most": MOST_REPLIES}))
    same = next((one for one in earlier if one.said == said and one.guardian_id == actor.guardian_id), None)
    if same is not None:
        return same
    made = GuardianReply(
        class_run_id=class_run_id, child_id=child_id, guardian_id=actor.guardian_id or 0, at=clock.now(), said=said
    )
    session.add(made)
    session.flush()
    return made
