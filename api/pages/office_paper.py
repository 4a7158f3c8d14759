"""Applications on paper: the workbook to fill in, what would happen, entering it, and the copy with the reasons.

The file that was looked at comes back in the page itself, so that it need not be chosen twice and lies nowhere here.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

from fastapi import APIRouter, Form, Request, Response, UploadFile
from sqlmodel import Session

from api.access import SignedIn
from api.deps import DbSession, Speech
from api.downloads import download
from api.pages.enrol import RoundId
from api.pages.render import render
from api.speak import papers, refusals
from registry.accounts.permissions import Action, Actor, require
from registry.enrolment.paper.entering import enter_paper
from registry.enrolment.paper.shape import SHAPES
from registry.enrolment.paper.template import paper_book
from registry.enrolment.rounds import public_round
from registry.errors import WorkbookRefused
from registry.exchange import annotated_copy
from registry.exchange.report import ImportReport

router = APIRouter(prefix="/office/rounds/{round_id}/paper", include_in_schema=False)

LARGEST = 5 * 1024 * 1024
"""Bytes of a workbook: it comes back in the page a third larger."""
MOST_TOLD = 200
"""Problems that the page lists; the copy has all."""


@router.get("")
def paper_page(request: Request, session: DbSession, actor: SignedIn, round_id: RoundId) -> Response:
    """How it is done, the workbook to fill in, and where to hand it in."""
    return _page(request, session, actor, round_id)


@router.get("/template.xlsx")
def template(session: DbSession, actor: SignedIn, round_id: RoundId) -> Response:
    """The workbook to fill in."""
    return download(paper_book(session, actor, round_id), "xlsx", f"纸质报名-{round_id}.xlsx")


@router.post("")
def hand_in(
    request: Request, session: DbSession, actor: SignedIn, language: Speech, round_id: RoundId,
    do: Annotated[str, Form(max_length=10)] = "try", file: UploadFile | None = None,
    book: Annotated[str, Form()] = "", name: Annotated[str, Form(max_length=200)] = "",
) -> Response:  # fmt: skip
    """See what would happen (`try`), enter it (`enter`), or get the copy with the reasons (`copy`)."""
    require(actor, Action.ENTER_PAPER)
    data, title = _handed(file, book, name)
    if not data:
        return _page(request, session, actor, round_id, problem="choose_file", status=422)
    try:
        with _stored(data, title) as path:
            report = enter_paper(session, actor, round_id, path, dry_run=do != "enter")
            if do == "copy":
                return download(_copy(path, report, language), "xlsx", f"{Path(title).stem}-问题.xlsx")
    except WorkbookRefused as refused:
        said = refusals.refusal(refused, language)
        return _page(request, session, actor, round_id, problem=said, status=422)
    again = base64.b64encode(data).decode()
    return _page(request, session, actor, round_id, report=report, book=again, name=title)


def _page(
    request: Request, session: Session, actor: Actor, round_id: int, *, status: int = 200, problem: str = "",
    report: ImportReport | None = None, book: str = "", name: str = "",
) -> Response:  # fmt: skip
    require(actor, Action.ENTER_PAPER)
    told = [(p, partial(papers.sentence, p)) for p in report.problems[:MOST_TOLD]] if report else []
    return render(
        request, "office/paper.html", status=status, round=public_round(session, round_id), problem=problem,
        report=report, told=told, book=book, name=name, most=MOST_TOLD,
    )  # fmt: skip


def _handed(file: UploadFile | None, book: str, name: str) -> tuple[bytes, str]:
    """The file that was chosen, or the one that the page kept; nothing where it is neither or too large."""
    if file is not None and file.filename:
        data = file.file.read(LARGEST + 1)
        return (data if len(data) <= LARGEST else b""), Path(file.filename).name[:100]
    try:
        data = base64.b64decode(book, validate=True)
    except binascii.Error:
        data = b""
    return (data if len(data) <= LARGEST else b""), Path(name).name[:100] or "报名表.xlsx"


@contextmanager
def _stored(data: bytes, title: str) -> Iterator[Path]:
    """The file in a folder that is gone afterwards: what it is read with wants a path."""
    with TemporaryDirectory(prefix="qingzai-paper-") as folder:
        path = Path(folder) / "paper.xlsx"
        path.write_bytes(data)
        yield path


def _copy(path: Path, report: ImportReport, language: Speech) -> bytes:
    out = path.with_name("copy.xlsx")
    annotated_copy(path, report, out, partial(papers.in_the_margin, language=language), SHAPES)
    return out.read_bytes()
