"""The workbook of a board: out, edited, and back in as moves that are judged before anything is done."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

from fastapi import APIRouter, Form, Request, Response, UploadFile

from api.access import SignedIn
from api.deps import Boards, DbSession, FullStore, Monday, Speech
from api.downloads import download
from api.pages.reading import go
from api.pages.render import render
from api.searching import LARGEST_ID
from api.speak import books, refusals
from api.speak.web import refusal
from registry import clock
from registry.board.book_moves import Brought, bring_book, see_book
from registry.board.printing import sites_in_book, week_to_print
from registry.errors import Conflict, Refused, WorkbookRefused

router = APIRouter(prefix="/board/{week}/book", include_in_schema=False)

LARGEST = 10_000_000
"""Bytes of a workbook: a district's week has about one million."""
MOST = 200


@router.get("")
def ask(request: Request, session: DbSession, store: FullStore, actor: SignedIn, week: Monday) -> Response:
    """Take the workbook, or bring it back."""
    week_to_print(session, store, actor, week, is_board=True)
    return _page(request, week)


@router.get("/week.xlsx")
def workbook(session: DbSession, store: FullStore, actor: SignedIn, week: Monday, language: Speech) -> Response:
    """The board as a workbook, with whole names; of a coordinator's own sites alone."""
    return download(board_workbook(session, store, actor, week, language), "xlsx", f"{week.isoformat()}-board.xlsx")


def board_workbook(session: DbSession, store: FullStore, actor: SignedIn, week: Monday, language: Speech) -> bytes:
    """The bytes of it."""
    from api.prints import workbook as made
    from api.prints.sheets import Edition

    found = week_to_print(session, store, actor, week, is_board=True)
    edition = Edition("a4", language, clock.now())
    return made.workbook(found, edition, sites_in_book(found, actor), goes_back_to="board")


@router.post("")
def bring(
    request: Request, session: DbSession, boards: Boards, actor: SignedIn, week: Monday, language: Speech,
    do: Annotated[str, Form(max_length=10)] = "try", file: UploadFile | None = None,
    book: Annotated[str, Form()] = "", revision: Annotated[int, Form(ge=0, le=LARGEST_ID)] = 0,
) -> Response:  # fmt: skip
    """See what it would do (`try`), or do it (`enter`)."""
    data = handed(file, book)
    try:
        with stored(data) as path:
            if do == "enter":
                bring_book(session, boards, actor, week, path, seen=revision)
                return go(f"/board/{week}")
            found = see_book(session, boards, actor, week, path)
    except WorkbookRefused as error:
        return _page(request, week, said=refusals.refusal(under_its_name(error, file), language))
    except (Refused, Conflict) as error:
        return _page(request, week, said=refusal(error.code, error.facts, language))
    told = [books.problem(p, language) for p in found.problems[:MOST]]
    return _page(request, week, it=found, told=told, book=base64.b64encode(data).decode())


def handed(file: UploadFile | None, book: str) -> bytes:
    """The file that was chosen, or the one that the page kept; nothing where it is neither or too large."""
    if file is not None and file.filename:
        data = file.file.read(LARGEST + 1)
    else:
        try:
            data = base64.b64decode(book, validate=True)
        except binascii.Error:
            data = b""
    return data if len(data) <= LARGEST else b""


def under_its_name(error: WorkbookRefused, file: UploadFile | None) -> WorkbookRefused:
    """The same refusal, which names the file as whoever handed it in knows it."""
    if file is None or not file.filename or "file" not in error.facts:
        return error
    name = file.filename.replace("\\", "/").rpartition("/")[2][:100]
    return WorkbookRefused(error.code, **{**error.facts, "file": name})


@contextmanager
def stored(data: bytes) -> Iterator[Path]:
    """The file in a folder that is gone afterwards: what it is read with wants a path."""
    with TemporaryDirectory(prefix="qingzai-board-") as folder:
        path = Path(folder) / "week.xlsx"
        path.write_bytes(data)
        yield path


def _page(
    request: Request, week: Monday, *, said: str = "", it: Brought | None = None, told: list[str] | None = None,
    book: str = "",
) -> Response:  # fmt: skip
    return render(
        request, "board/book.html", status=422 if said else 200, week=week, said=said, it=it, told=told or [],
        book=book, most=MOST,
    )  # fmt: skip
