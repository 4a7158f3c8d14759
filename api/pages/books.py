"""Making the books of a class: the list, one book with what it is made of, its texts, its choice, release."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from api.access import AskingBrowser, SignedIn
from api.deps import DbSession, Speech, language_of
from api.pages.books_parts import CLASS, Which, book_page, book_words, pdf_response, photo_response, press_of
from api.pages.family_parts import RowId
from api.pages.forms import Form, refused
from api.pages.reading import go, number
from api.pages.render import render
from registry.books.making import choose, release_book, take_back, write_texts
from registry.books.opening import OpenBook, book_edits, class_books, my_class_runs, open_book
from registry.books.reading import maker_pdf, maker_photo
from registry.errors import Invalid

router = APIRouter(prefix="/books", include_in_schema=False)
ONE = "/{class_run_id}/{which}"
SURE = "is_sure"
MOST_FIELDS = 600


async def read_book_form(request: Request) -> Mapping[str, str]:
    """What was entered in the forms of a book: a class has some hundred photos at most."""
    sent = await request.form(max_files=0, max_fields=MOST_FIELDS, max_part_size=64 * 1024)
    return {name: value for name, value in sent.items() if isinstance(value, str)}


BookForm = Annotated[Mapping[str, str], Depends(read_book_form)]


@router.get("")
def classes(request: Request, session: DbSession, actor: SignedIn) -> HTMLResponse:
    """The classes whose books I make."""
    return render(request, "books/classes.html", found=my_class_runs(session, actor))


@router.get("/{class_run_id}")
def one_class(request: Request, session: DbSession, actor: SignedIn, class_run_id: RowId) -> HTMLResponse:
    """The books of a class: which are ready, which are released."""
    shelf = class_books(session, actor, class_run_id)
    return render(request, "books/class.html", shelf=shelf, run=shelf.facts.run, here=f"/books/{class_run_id}")


@router.get("/{class_run_id}/photos/{photo_id}")
def photo(session: DbSession, actor: SignedIn, class_run_id: RowId, photo_id: RowId) -> Response:
    """A photo of the class, for whoever chooses."""
    return photo_response(session, maker_photo(session, actor, class_run_id, photo_id))


@router.get(ONE)
def one_book(
    request: Request, session: DbSession, actor: SignedIn, browser: AskingBrowser, class_run_id: RowId, child_id: Which
) -> HTMLResponse:
    """A book as its maker sees it."""
    opened = open_book(session, actor, class_run_id, child_id, address=browser.address)
    return _page(request, opened, book_edits(session, actor, class_run_id, child_id))


def _page(
    request: Request, opened: OpenBook, edits: list[Any], form: Form | None = None, status: int = 200
) -> HTMLResponse:
    texts = opened.book.texts if opened.book else {}
    return render(
        request, "books/making.html", status=status, opened=opened, edits=edits, form=form or Form(dict(texts)),
        here=_path(opened), up=f"/books/{opened.facts.run.id}", sure=SURE, **book_words(language_of(request)),
    )  # fmt: skip


def _path(opened: OpenBook) -> str:
    return f"/books/{opened.facts.run.id}/{opened.child.id if opened.child else CLASS}"


@router.get(ONE + "/preview")
def preview(
    request: Request, session: DbSession, actor: SignedIn, browser: AskingBrowser, class_run_id: RowId, child_id: Which
) -> HTMLResponse:
    """The book as the family would read it now."""
    opened = open_book(session, actor, class_run_id, child_id, address=browser.address)
    return book_page(request, opened.content, f"/books/{class_run_id}/photos", back=_path(opened), family=None)


@router.get(ONE + "/book.pdf")
def pdf(session: DbSession, actor: SignedIn, language: Speech, class_run_id: RowId, child_id: Which) -> Response:
    """The book on paper, as it would be released now."""
    return pdf_response(maker_pdf(session, actor, class_run_id, child_id, language, press_of(language)), "book")


@router.post(ONE + "/texts")
def texts(
    request: Request, session: DbSession, actor: SignedIn, class_run_id: RowId, child_id: Which, entered: BookForm
) -> Response:
    """Write the sections of a book."""
    said = {name: text for name, text in entered.items() if name != SURE}
    try:
        opened = write_texts(session, actor, class_run_id, child_id, said, is_sure=entered.get(SURE) == "yes")
    except Invalid as error:
        opened = open_book(session, actor, class_run_id, child_id)
        form = refused(entered, error, language_of(request))
        return _page(request, opened, book_edits(session, actor, class_run_id, child_id), form, status=422)
    return go(_path(opened) + "#texts")


@router.post(ONE + "/choice")
def choice(
    session: DbSession, actor: SignedIn, class_run_id: RowId, child_id: Which, entered: BookForm
) -> RedirectResponse:
    """Choose notes and photos, in the order of the numbers beside them; or leave it to the rule."""
    by_rule = entered.get("by_rule") == "yes"
    opened = choose(
        session, actor, class_run_id, child_id,
        notes=None if by_rule or child_id is None else _numbered(entered, "note-"),
        photos=None if by_rule else _numbered(entered, "photo-"),
    )  # fmt: skip
    return go(_path(opened) + "#choice")


def _numbered(entered: Mapping[str, str], prefix: str) -> list[int]:
    """The rows beside which a number stands, in the order of these numbers; without one a row is left out."""
    found = [
        (place, row)
        for name, text in entered.items()
        if name.startswith(prefix)
        and (row := number(name.removeprefix(prefix))) is not None
        and (place := number(text.strip())) is not None
    ]
    return [row for _, row in sorted(found)]


@router.post(ONE + "/release")
def release(session: DbSession, actor: SignedIn, class_run_id: RowId, child_id: Which) -> RedirectResponse:
    """Let the family read it."""
    return go(_path(release_book(session, actor, class_run_id, child_id)))


@router.post(ONE + "/take-back")
def back(session: DbSession, actor: SignedIn, class_run_id: RowId, child_id: Which) -> RedirectResponse:
    """Let nobody read it any more."""
    return go(_path(take_back(session, actor, class_run_id, child_id)))
