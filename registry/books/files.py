"""The folder of books: each PDF encrypted with a key of its own, which lies in its row.

A file without its key is noise: a book that changed, or whose child was erased, is gone out of every copy of the folder
as soon as the row's key is. The file itself is removed by the next run of the retention rules, with `sweep`.
"""

from __future__ import annotations

import base64
import os
import secrets
from collections.abc import Collection, Mapping
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from registry.books.tables import Book
from registry.errors import Refused
from registry.keys import NONCE_BYTES

BOOKS_FOLDER = "QINGZAI_BOOKS"
DEFAULT_FOLDER = "qingzai-books"
SUFFIX = ".book"


def books_folder(environment: Mapping[str, str] = os.environ) -> Path:
    """Where the PDFs are: QINGZAI_BOOKS, else a folder of the working directory, beside the default database."""
    return Path(environment.get(BOOKS_FOLDER) or DEFAULT_FOLDER)


def put_pdf(pdf: bytes) -> tuple[str, str]:
    """Encrypt a PDF and write it under a new name; answers the name and the key.

    Raises:
        Refused: `books_unwritable`, with the folder: nothing was kept.
    """
    key, nonce, name = AESGCM.generate_key(256), secrets.token_bytes(NONCE_BYTES), secrets.token_hex(16)
    path = _path(name)
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(nonce + AESGCM(key).encrypt(nonce, pdf, name.encode()))
    except OSError as error:
        path.unlink(missing_ok=True)
        raise Refused("books_unwritable", folder=str(books_folder().resolve()), reason=type(error).__name__) from None
    return name, base64.b64encode(key).decode()


def get_pdf(book: Book, digest: str) -> bytes | None:
    """The stored PDF of a book, where there is one that shows this content; a file that was lost or changed is none."""
    if not book.pdf_file or book.pdf_secret is None or book.pdf_digest != digest:
        return None
    try:
        sealed = _path(book.pdf_file).read_bytes()
        key = base64.b64decode(book.pdf_secret)
        return AESGCM(key).decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], book.pdf_file.encode())
    except (OSError, InvalidTag, ValueError):
        return None


def forget_pdf(book: Book) -> None:
    """Take the key of the stored PDF away: from then on nobody can read it."""
    book.pdf_digest, book.pdf_file, book.pdf_secret, book.pdf_size = "", "", None, 0


def sweep(kept: Collection[str], before: float) -> int:
    """Remove the files that no book needs, but none that is newer than a moment (seconds since 1970): its row may be
    about to be committed. Answers how many went."""
    gone = 0
    for path in books_folder().glob(f"??/*{SUFFIX}"):
        if path.stem not in kept and path.stat().st_mtime < before:
            path.unlink(missing_ok=True)
            gone += 1
    return gone


def _path(name: str) -> Path:
    return books_folder() / name[:2] / f"{name}{SUFFIX}"
