"""Many books at once (成批制作): a batch has a part a class run, and each part is made in one unit of work, once.

A part that is finished is not made again after a restart, and within a part a book whose PDF still shows the same is
kept. Who lays the books out is told from outside: this floor knows no typesetter.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func
from sqlalchemy import select as core_select
from sqlmodel import Session, col, select

from registry import clock
from registry.accounts.permissions import ANYWHERE, Action, Actor, Subject, may, require
from registry.books.facts import class_facts
from registry.books.files import get_pdf, put_pdf
from registry.books.handbook import Content
from registry.books.opening import contents, new_book
from registry.books.reading import current, pdf_digest, photos_of
from registry.books.tables import BatchStatus, Book, BookBatch, BookBatchPart, BookStatus
from registry.enrolment.tables import Place, PlaceStatus
from registry.errors import Conflict, NotFound, Refused
from registry.growth.tables import Photo
from registry.programme import ClassRun, Site
from registry.tasks.queue import ask_stop, enqueue, open_task, withdraw

TASK = "books"
"""The kind of task, which is also its key: one batch is made at a time."""
OPEN = (BatchStatus.QUEUED.value, BatchStatus.RUNNING.value)


@dataclass(frozen=True, slots=True)
class Progress:
    """A batch and how far it is: classes, and books that were made anew or found as they are."""

    batch: BookBatch
    site: str
    parts: int
    finished: int
    books: int
    made: int
    kept: int
    failed: tuple[tuple[str, str], ...]

    @property
    def is_open(self) -> bool:
        """Whether anything is still to come."""
        return self.batch.status in OPEN


@dataclass(frozen=True, slots=True)
class ToBind:
    """A book that has to be laid out: what it says, and the photos it shows."""

    child_id: int | None
    content: Content
    digest: str
    photos: dict[int, Photo]


@dataclass(frozen=True, slots=True)
class Bound:
    """A book that was laid out."""

    child_id: int | None
    digest: str
    pdf: bytes


def ask_batch(session: Session, actor: Actor, site_id: int | None) -> BookBatch:
    """Have all books of a site made, or of the district where `site_id` is None.

    Raises:
        NotAllowed: for who makes none there; the district is the office's.
        NotFound: `site_unknown`. Conflict: `batch_running`. Refused: `nothing_to_make`.
    """
    require(actor, Action.RUN_BOOKS, _where(site_id))
    if site_id is not None and session.get(Site, site_id) is None:
        raise NotFound("site_unknown", site=site_id)
    if open_task(session, TASK, TASK) is not None:
        raise Conflict("batch_running")
    runs = _class_runs(session, site_id)
    if not runs:
        raise Refused("nothing_to_make")
    batch = BookBatch(site_id=site_id, status=BatchStatus.QUEUED.value, asked_by=actor.account_id, asked_at=clock.now())
    session.add(batch)
    session.flush()
    session.add_all(BookBatchPart(batch_id=batch.id or 0, class_run_id=run) for run in runs)
    enqueue(session, TASK, TASK, {"batch": batch.id}, actor.account_id)
    session.flush()
    return batch


def book_sites(session: Session, actor: Actor) -> list[Site]:
    """The sites for which the actor may ask: all for the office, the own for a coordinator."""
    require(actor, Action.RUN_BOOKS)
    wanted = select(Site).order_by(col(Site.name))
    if not may(actor, Action.RUN_BOOKS, ANYWHERE):
        wanted = wanted.where(col(Site.id).in_(sorted(actor.sites)))
    return list(session.exec(wanted))


def batches(session: Session, actor: Actor) -> list[Progress]:
    """The last twenty, the newest first, with a constant number of queries.

    Raises:
        NotAllowed: for who makes none anywhere.
    """
    require(actor, Action.RUN_BOOKS)
    wanted = select(BookBatch, Site.name).outerjoin(Site, col(Site.id) == BookBatch.site_id)
    rows = session.exec(wanted.order_by(col(BookBatch.id).desc()).limit(20)).all()
    sums = _sums(session, [batch.id or 0 for batch, _ in rows])
    return [_progress(batch, site or "", sums.get(batch.id or 0)) for batch, site in rows]


def batch_progress(session: Session, actor: Actor, batch_id: int) -> Progress:
    """One of them, with the classes that failed.

    Raises:
        NotAllowed, NotFound: `batch_unknown`.
    """
    batch = _batch(session, actor, batch_id)
    site = session.get(Site, batch.site_id) if batch.site_id is not None else None
    failed = (
        select(ClassRun.name, BookBatchPart.failure)
        .join(ClassRun, col(ClassRun.id) == BookBatchPart.class_run_id)
        .where(BookBatchPart.batch_id == batch_id, BookBatchPart.failure != "")
    )
    sums = _sums(session, [batch_id]).get(batch_id)
    return _progress(batch, site.name if site else "", sums, tuple(session.exec(failed)))


def cancel_batch(session: Session, actor: Actor, batch_id: int) -> BookBatch:
    """Stop a batch: the classes in hand are finished, no other is begun; what is made stays.

    Raises:
        NotAllowed, NotFound: `batch_unknown`. Conflict: `batch_over`.
    """
    batch = _batch(session, actor, batch_id)
    if batch.status not in OPEN:
        raise Conflict("batch_over")
    batch.cancel_asked_at = clock.now()
    task = open_task(session, TASK, TASK)
    if task is None or withdraw(session, task):
        batch.status, batch.finished_at = BatchStatus.CANCELLED.value, clock.now()
    else:
        ask_stop(session, task)
    session.add(batch)
    session.flush()
    return batch


def begin_batch(session: Session, batch_id: int) -> list[int]:
    """Note that a batch is being made; answers the class runs that are still to be made, for whoever works on it."""
    batch = session.get_one(BookBatch, batch_id)
    batch.status, batch.started_at = BatchStatus.RUNNING.value, batch.started_at or clock.now()
    session.add(batch)
    open_parts = select(BookBatchPart.class_run_id).where(
        BookBatchPart.batch_id == batch_id, col(BookBatchPart.finished_at).is_(None)
    )
    return sorted(session.exec(open_parts))


def end_batch(session: Session, batch_id: int) -> None:
    """Note that it is over: done, or stopped before its end."""
    batch = session.get_one(BookBatch, batch_id)
    is_whole = not begin_batch(session, batch_id)
    batch.status = (BatchStatus.DONE if is_whole else BatchStatus.CANCELLED).value
    batch.finished_at = clock.now()
    session.add(batch)


def to_bind(session: Session, class_run_id: int) -> tuple[list[ToBind], int]:
    """The books of a class run whose PDF has to be made, and how many are as they should be."""
    facts = class_facts(session, class_run_id)
    stored = {book.child_id: book for book in session.exec(select(Book).where(Book.class_run_id == class_run_id))}
    wanted, kept = [], 0
    for child in (None, *facts.children):
        book = stored.get(child.id if child else None)
        is_released = book is not None and book.status == BookStatus.RELEASED.value and book.content is not None
        content = current(session, facts, book) if book and is_released else contents(facts, child, book)[0]
        digest = pdf_digest(content)
        if book is not None and get_pdf(book, digest) is not None:
            kept += 1
        else:
            number = child.id if child else None
            wanted.append(ToBind(number, content, digest, photos_of(session, content) if content else {}))
    return wanted, kept


def store_part(session: Session, batch_id: int, class_run_id: int, bound: Iterable[Bound], kept: int) -> int:
    """Store the PDFs of a class run and finish its part; answers how many were made."""
    stored = {book.child_id: book for book in session.exec(select(Book).where(Book.class_run_id == class_run_id))}
    made = 0
    for one in bound:
        book = stored.get(one.child_id) or new_book(class_run_id, one.child_id)
        book.pdf_file, book.pdf_secret = put_pdf(one.pdf)
        book.pdf_digest, book.pdf_size = one.digest, len(one.pdf)
        session.add(book)
        made += 1
    _finish(session, batch_id, class_run_id, made, kept, "")
    return made


def fail_part(session: Session, batch_id: int, class_run_id: int, failure: str) -> None:
    """Note why the books of a class run could not be made; the others go on."""
    _finish(session, batch_id, class_run_id, 0, 0, failure[:200])


def _finish(session: Session, batch_id: int, class_run_id: int, made: int, kept: int, failure: str) -> None:
    part = session.get_one(BookBatchPart, (batch_id, class_run_id))
    part.books, part.made, part.kept = made + kept, made, kept
    part.finished_at, part.failure = clock.now(), failure
    session.add(part)
    session.flush()


def _where(site_id: int | None) -> Subject:
    return ANYWHERE if site_id is None else Subject(site_ids=frozenset({site_id}))


def _batch(session: Session, actor: Actor, batch_id: int) -> BookBatch:
    require(actor, Action.RUN_BOOKS)
    batch = session.get(BookBatch, batch_id)
    unknown = NotFound("batch_unknown", batch=batch_id)
    if batch is None:
        raise unknown
    require(actor, Action.RUN_BOOKS, _where(batch.site_id), otherwise=unknown)
    return batch


def _class_runs(session: Session, site_id: int | None) -> list[int]:
    """Those in which somebody has a place."""
    wanted = (
        select(Place.class_run_id)
        .join(ClassRun, col(ClassRun.id) == Place.class_run_id)
        .where(Place.status == PlaceStatus.CONFIRMED.value)
    )
    if site_id is not None:
        wanted = wanted.where(ClassRun.site_id == site_id)
    return sorted(set(session.exec(wanted)))


Sums = tuple[int, int, int, int, int]


def _sums(session: Session, batch_ids: list[int]) -> dict[int, Sums]:
    """Parts, finished ones, books, made, kept, by batch."""
    part = BookBatchPart
    figures: Any = (
        part.batch_id, func.count(), func.count(col(part.finished_at)), func.sum(part.books), func.sum(part.made),
        func.sum(part.kept),
    )  # fmt: skip
    wanted = core_select(*figures).where(col(part.batch_id).in_(batch_ids)).group_by(col(part.batch_id))
    rows = session.connection().execute(wanted).all()
    return {row[0]: (row[1], row[2], int(row[3] or 0), int(row[4] or 0), int(row[5] or 0)) for row in rows}


def _progress(batch: BookBatch, site: str, sums: Sums | None, failed: tuple[tuple[str, str], ...] = ()) -> Progress:
    return Progress(batch, site, *(sums or (0, 0, 0, 0, 0)), failed)
