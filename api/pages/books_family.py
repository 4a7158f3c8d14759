"""A family's shelf: the handbook of the own child, the memory book of its class, and the answer."""

from __future__ import annotations

from functools import partial

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response
from sqlmodel import Session

from api.access import SignedIn
from api.deps import DbSession, Speech, language_of
from api.pages.books_parts import BookKind, book_page, pdf_response, photo_response, press_of
from api.pages.family_parts import EMPTY, Entered, RowId, family_page
from api.pages.forms import Form, refused
from api.pages.reading import go
from api.speak.keepsakes import label
from registry.accounts.permissions import Actor
from registry.books.feedback import family_feedback
from registry.books.reading import family_pdf, photo_in_book, read_book, reply, shelf
from registry.books.tables import Kind
from registry.errors import Invalid
from registry.families.reads import own_child

router = APIRouter(prefix="/family/children/{child_id}/books", include_in_schema=False)
BOOK = "/{class_run_id}/{kind}"


@router.get("")
def own_shelf(request: Request, session: DbSession, actor: SignedIn, child_id: RowId) -> HTMLResponse:
    """What there is to read."""
    found = shelf(session, actor, child_id)
    return family_page(request, "books.html", child=own_child(session, actor, child_id), found=found)


@router.get("/{class_run_id}/feedback")
def feedback(
    request: Request, session: DbSession, actor: SignedIn, child_id: RowId, class_run_id: RowId
) -> HTMLResponse:
    """What the teachers wrote to the family, and the form of the answer."""
    return _feedback(request, session, actor, child_id, class_run_id, EMPTY)


@router.post("/{class_run_id}/feedback")
def answer_feedback(
    request: Request, session: DbSession, actor: SignedIn, child_id: RowId, class_run_id: RowId, entered: Entered
) -> Response:
    """Answer it."""
    try:
        reply(session, actor, child_id, class_run_id, entered.get("words", ""))
    except Invalid as error:
        form = refused(entered, error, language_of(request))
        return _feedback(request, session, actor, child_id, class_run_id, form, status=422)
    return go(f"/family/children/{child_id}/books/{class_run_id}/feedback#replies")


def _feedback(
    request: Request, session: Session, actor: Actor, child_id: int, class_run_id: int, form: Form, status: int = 200
) -> HTMLResponse:
    child, found, replies = family_feedback(session, actor, child_id, class_run_id)
    return family_page(
        request, "feedback.html", status=status, child=child, found=found, replies=replies, form=form,
        class_run_id=class_run_id, label=partial(label, language=language_of(request)),
    )  # fmt: skip


@router.get(BOOK)
def one_book(
    request: Request, session: DbSession, actor: SignedIn, child_id: RowId, class_run_id: RowId, kind: BookKind
) -> HTMLResponse:
    """A book, on the phone."""
    found = read_book(session, actor, child_id, class_run_id, kind)
    return book_page(
        request, found.content, f"{_path(child_id, class_run_id, kind)}/photos", family=found,
        back=f"/family/children/{child_id}/books", here=_path(child_id, class_run_id, kind), form=EMPTY,
    )  # fmt: skip


def _path(child_id: int, class_run_id: int, kind: str) -> str:
    return f"/family/children/{child_id}/books/{class_run_id}/{kind}"


@router.get(BOOK + "/book.pdf")
def pdf(
    session: DbSession, actor: SignedIn, language: Speech, child_id: RowId, class_run_id: RowId, kind: BookKind
) -> Response:
    """The book on paper."""
    made = family_pdf(session, actor, child_id, class_run_id, kind, language, press_of(language))
    return pdf_response(made, kind)


@router.get(BOOK + "/photos/{photo_id}")
def photo(
    session: DbSession, actor: SignedIn, child_id: RowId, class_run_id: RowId, kind: BookKind, photo_id: RowId
) -> Response:
    """A photo of the book."""
    return photo_response(session, photo_in_book(session, actor, child_id, class_run_id, kind, photo_id))


@router.post("/{class_run_id}/reply")
def answer(
    request: Request, session: DbSession, actor: SignedIn, child_id: RowId, class_run_id: RowId, entered: Entered
) -> Response:
    """Answer it."""
    kind = Kind.HANDBOOK.value
    try:
        reply(session, actor, child_id, class_run_id, entered.get("words", ""))
    except Invalid as error:
        found = read_book(session, actor, child_id, class_run_id, kind)
        form: Form = refused(entered, error, language_of(request))
        return book_page(
            request, found.content, f"{_path(child_id, class_run_id, kind)}/photos", family=found,
            back=f"/family/children/{child_id}/books", here=_path(child_id, class_run_id, kind), form=form,
        )  # fmt: skip
    return go(_path(child_id, class_run_id, kind) + "#replies")
