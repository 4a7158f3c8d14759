"""The folder of books: each PDF encrypted (`registry/sealed.py`) with a key that lies in the row of its book.

A book that changed, or whose child was erased, is gone out of every copy of the folder as soon as the row's key is.
The file itself is removed by the next run of the retention rules, with `sweep`.
"""

from __future__ import annotations

from pathlib import Path

from registry.books.tables import Book
from registry.sealed import SealedFolder, Stored

BOOKS_FOLDER = "QINGZAI_BOOKS"
FOLDER = SealedFolder(BOOKS_FOLDER, "qingzai-books", ".book", "books_unwritable")
sweep = FOLDER.sweep


def books_folder() -> Path:
    """Where the PDFs are."""
    return FOLDER.path()


def put_pdf(pdf: bytes) -> tuple[str, str]:
    """Encrypt a PDF and write it under a new name; answers the name and the key.

    Raises:
        Refused: `books_unwritable`, with the folder: nothing was kept.
    """
    stored = FOLDER.put(pdf)
    return stored.file, stored.secret


def get_pdf(book: Book, digest: str) -> bytes | None:
    """The stored PDF of a book, where there is one that shows this content; a file that was lost or changed is none."""
    if not book.pdf_file or book.pdf_secret is None or book.pdf_digest != digest:
        return None
    return FOLDER.get(Stored(book.pdf_file, book.pdf_secret))


def forget_pdf(book: Book) -> None:
    """Take the key of the stored PDF away: from then on nobody can read it."""
    book.pdf_digest, book.pdf_file, book.pdf_secret, book.pdf_size = "", "", None, 0
