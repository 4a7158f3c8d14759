"""What the pages of books share: the words of a book, its drawings, its photos, how a book is named in an address."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Annotated, Any

from fastapi import Depends, Path, Request
from fastapi.responses import HTMLResponse, Response
from markupsafe import Markup
from sqlmodel import Session

from api.deps import language_of
from api.pages.render import render
from api.prints import drawings
from api.prints import keepsakes as sheets
from api.prints.keepsakes import Binder
from api.speak import families
from api.speak import keepsakes as speak
from api.speak.language import Language
from registry.books.handbook import Content
from registry.books.tables import Kind
from registry.errors import NotFound
from registry.growth.reads import picture
from registry.growth.tables import Photo

CLASS = "class"
"""What stands for the class's own book in an address, where a child's number would stand."""


def read_which(which: Annotated[str, Path(max_length=10)]) -> int | None:
    """A child's number, or None for the class's book.

    Raises:
        NotFound: `page_unknown`, for anything else.
    """
    if which == CLASS:
        return None
    if not (which.isascii() and which.isdigit()):
        raise NotFound("page_unknown", path=which)
    return int(which)


def read_kind(kind: Annotated[str, Path(max_length=10)]) -> str:
    """A kind of book.

    Raises:
        NotFound: `page_unknown`, for anything else.
    """
    if kind not in set(Kind):
        raise NotFound("page_unknown", path=kind)
    return kind


Which = Annotated[int | None, Depends(read_which)]
BookKind = Annotated[str, Depends(read_kind)]


def book_words(language: Language) -> dict[str, Any]:
    """The functions with which a template says what a book holds."""
    return {
        "label": partial(speak.label, language=language),
        "on": partial(speak.day, language=language),
        "span": partial(speak.span, language=language),
        "domain": partial(speak.domain, language=language),
        "can": partial(speak.can, language=language),
        "why": partial(speak.why, language=language),
        "word": partial(families.word, language=language),
        "paragraphs": sheets.lines,
    }


def drawn(content: Content, language: Language) -> dict[str, Any]:
    """What of a book is drawn or put into sentences."""
    if content["kind"] == Kind.MEMOIR:
        return {"numbers": sheets.numbers(content, language), "courses": sheets.courses(content, language)}
    held = content["attendance"]["held"]
    # The drawings are made here and escape every text themselves.
    return {
        "courses": sheets.courses(content, language),
        "days": Markup(drawings.days(content["attendance"], language)) if held else "",
        "map": Markup(drawings.interests(content, language)) if content["map"] else "",
        "attendance_line": sheets.attendance_line(content, language) if held else "",
        "map_note": speak.sentence("map_note", {}, language),
        "certificate": sheets.certificate(content, language),
        "grade": speak.sentence("grade", {"grade": content["child"]["grade"]}, language),
    }


def book_page(request: Request, content: Content, photos: str, **facts: Any) -> HTMLResponse:
    """A book to be read. `photos` is the address under which its photos lie."""
    language = language_of(request)
    template = "books/handbook.html" if content["kind"] == Kind.HANDBOOK else "books/memoir.html"
    return render(
        request, template, book=content, photos=photos, sun=Markup(drawings.sun()),
        **drawn(content, language), **book_words(language), **facts,
    )  # fmt: skip


def press_of(language: Language) -> Any:
    """What lays a book out as a PDF in a language."""

    def press(content: Content, photos: Mapping[int, Photo]) -> bytes:
        with Binder(language) as binder:
            return binder.bind(content, photos)

    return press


def pdf_response(pdf: bytes, name: str) -> Response:
    """A PDF for one person: not kept by the browser of a PC that others use."""
    headers = {"Cache-Control": "no-store", "Content-Disposition": f'inline; filename="{name}.pdf"'}
    return Response(pdf, media_type="application/pdf", headers=headers)


def photo_response(session: Session, photo: Photo) -> Response:
    """The picture of a photo."""
    return Response(picture(session, photo.id or 0), media_type="image/jpeg", headers={"Cache-Control": "no-store"})
