"""A batch in the processes that really make it: PDFs lie encrypted, and a broken photo stops no book."""

from __future__ import annotations

import threading
from io import BytesIO
from pathlib import Path

import pytest
from keepsakes import Shelf
from pypdf import PdfReader
from sqlalchemy import Engine
from sqlmodel import select

from api.supervise import run_task
from registry.books.batches import ask_batch, batch_progress
from registry.books.files import books_folder, get_pdf
from registry.books.tables import Book
from registry.db import make_engine, session_scope
from registry.growth.files import SUFFIX, photos_folder
from registry.growth.tables import Photo
from registry.tasks.queue import waiting


def test_a_batch_is_made_by_its_own_processes(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    engine = make_engine(sqlite_url)
    monkeypatch.setenv("QINGZAI_BINDERS", "1")
    with session_scope(engine, is_writing=True) as session:
        there = Shelf(session, monkeypatch)
        there.note(photo=there.photo(there.child))
        office, broken = there.office, there.photo(there.child)
        batch = ask_batch(session, office, None).id or 0
    _file_of(engine, broken).write_bytes(b"noise")
    with session_scope(engine) as session:
        (task,) = waiting(session)
    assert run_task(sqlite_url, task, threading.Event()) == 0
    with session_scope(engine) as session:
        found = batch_progress(session, office, batch)
        assert (found.batch.status, found.made, found.failed) == ("done", 2, ())
        books = {book.kind: book for book in session.exec(select(Book))}
        pdf = get_pdf(books["handbook"], books["handbook"].pdf_digest) or b""
        images = [image for page in PdfReader(BytesIO(pdf)).pages for image in page.images]
        assert len(images) == 1  # the photo whose file is noise is left out, the book is made
        stored = next(books_folder().glob(f"??/{books['handbook'].pdf_file}.book"))
        assert b"%PDF" not in stored.read_bytes()
    engine.dispose()


def _file_of(engine: Engine, photo_id: int) -> Path:
    with session_scope(engine) as session:
        name = session.get_one(Photo, photo_id).file
    return photos_folder() / name[:2] / f"{name}{SUFFIX}"
