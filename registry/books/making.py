"""A class lead makes the books of a class: writes, chooses, releases, takes back. Every change is kept with how it was
before."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from sqlmodel import Session

from registry import clock
from registry.accounts.outbox import post
from registry.accounts.permissions import Actor
from registry.books.facts import ClassFacts, guardians_phones
from registry.books.files import forget_pdf
from registry.books.opening import OpenBook, new_book, opened_book
from registry.books.selection import names_other_child
from registry.books.tables import Book, BookEdit, BookStatus
from registry.conventions.texts import note_of
from registry.errors import Conflict, FieldProblem, Invalid
from registry.families.tables import Child
from registry.privacy.access_log import note_access

LONGEST_SECTION = 1000
RELEASED_MESSAGE = "book_released"


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
    opened = opened_book(session, actor, class_run_id, child_id)
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
    opened = opened_book(session, actor, class_run_id, child_id)
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
    opened = opened_book(session, actor, class_run_id, child_id)
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
    opened = opened_book(session, actor, class_run_id, child_id)
    if not opened.is_released or opened.book is None:
        raise Conflict("book_not_released")
    book = opened.book
    _keep(session, actor, book, "status", f"{book.status} {book.number}")
    book.status, book.content = BookStatus.DRAFT.value, None
    forget_pdf(book)
    return _changed(session, actor, book)


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
    return opened_book(session, actor, book.class_run_id, book.child_id)


def _tell(session: Session, child_ids: Sequence[int]) -> None:
    """One message a guardian, however many children are in the class."""
    for phone in guardians_phones(session, child_ids):
        post(session, phone, RELEASED_MESSAGE, {})
