"""Many books at once: what is made and what is kept, restart without double work, cancelling, a class that fails."""

from __future__ import annotations

import pytest
from keepsakes import Shelf
from sqlmodel import Session, select
from town import office

from registry.accounts.tables import Role
from registry.books.batches import (
    Bound,
    ask_batch,
    batch_progress,
    batches,
    begin_batch,
    cancel_batch,
    end_batch,
    fail_part,
    store_part,
    to_bind,
)
from registry.books.files import get_pdf
from registry.books.making import release_book, write_texts
from registry.books.reading import family_pdf, pdf_digest
from registry.books.tables import Book
from registry.errors import Conflict, NotAllowed, NotFound, Refused
from registry.tasks.queue import waiting
from registry.tasks.tables import Task


@pytest.fixture
def there(session: Session, monkeypatch: pytest.MonkeyPatch) -> Shelf:
    return Shelf(session, monkeypatch)


def make(there: Shelf, batch_id: int) -> tuple[int, int]:
    """Make the books of the class as the task does, with a press that prints the digest."""
    wanted, kept = to_bind(there.session, there.run)
    bound = [Bound(one.child_id, one.digest, one.digest.encode()) for one in wanted]
    return store_part(there.session, batch_id, there.run, bound, kept), kept


def test_a_batch_makes_each_book_once_and_again_only_after_a_change(there: Shelf) -> None:
    other = there.another("王小明")
    first = ask_batch(there.session, there.office, None).id or 0
    assert begin_batch(there.session, first) == [there.run]
    assert make(there, first) == (3, 0)
    end_batch(there.session, first)
    found = batch_progress(there.session, there.office, first)
    assert (found.batch.status, found.parts, found.finished, found.made, found.kept) == ("done", 1, 1, 3, 0)
    for book in there.session.exec(select(Book)):
        assert get_pdf(book, book.pdf_digest) == book.pdf_digest.encode()
    there.session.expire_all()
    for task in waiting(there.session):
        there.session.delete(there.session.get_one(Task, task))
    write_texts(there.session, there.lead, there.run, other, {"about": "喜欢云"})
    second = ask_batch(there.session, there.office, None).id or 0
    begin_batch(there.session, second)
    assert make(there, second) == (1, 2)
    assert begin_batch(there.session, second) == []
    assert [one.batch.id for one in batches(there.session, there.office)] == [second, first]


def test_a_family_is_handed_what_the_batch_made(there: Shelf) -> None:
    release_book(there.session, there.lead, there.run, there.child)
    batch = ask_batch(there.session, there.office, None).id or 0
    begin_batch(there.session, batch)
    make(there, batch)

    def press(*_: object) -> bytes:
        raise AssertionError("it is there already")

    pdf = family_pdf(there.session, there.parent, there.child, there.run, "handbook", "zh", press)
    book = there.session.exec(select(Book).where(Book.child_id == there.child)).one()
    assert pdf == pdf_digest(book.content or {}).encode()


def test_one_batch_at_a_time_and_only_where_there_is_something(there: Shelf) -> None:
    empty = office(there.session, Role.SITE_COORDINATOR, there.site + 1)
    with pytest.raises(Refused, match="nothing_to_make"):
        ask_batch(there.session, empty, there.site + 1)
    with pytest.raises(NotAllowed):
        ask_batch(there.session, there.coordinator, None)
    with pytest.raises(NotAllowed):
        ask_batch(there.session, empty, there.site)
    with pytest.raises(NotAllowed):
        ask_batch(there.session, there.lead, there.site)
    batch = ask_batch(there.session, there.coordinator, there.site).id or 0
    with pytest.raises(Conflict, match="batch_running"):
        ask_batch(there.session, there.office, None)
    with pytest.raises(NotFound, match="batch_unknown"):
        batch_progress(there.session, empty, batch)


def test_a_batch_that_nobody_began_is_cancelled_at_once(there: Shelf) -> None:
    batch = ask_batch(there.session, there.office, None).id or 0
    assert cancel_batch(there.session, there.office, batch).status == "cancelled"
    assert waiting(there.session) == []
    with pytest.raises(Conflict, match="batch_over"):
        cancel_batch(there.session, there.office, batch)
    assert ask_batch(there.session, there.office, None).status == "queued"


def test_a_class_that_cannot_be_made_is_told_and_the_others_go_on(there: Shelf) -> None:
    batch = ask_batch(there.session, there.office, None).id or 0
    begin_batch(there.session, batch)
    fail_part(there.session, batch, there.run, "TypstError: " + "x" * 500)
    end_batch(there.session, batch)
    found = batch_progress(there.session, there.office, batch)
    assert (found.finished, found.made, found.batch.status) == (1, 0, "done")
    ((name, failure),) = found.failed
    assert name == "1-2年级班" and failure.startswith("TypstError") and len(failure) == 200
