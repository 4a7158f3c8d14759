"""Handbooks and memory books: the same as on the pages, for whoever makes them and for families."""

from __future__ import annotations

from fastapi import APIRouter, status
from fastapi.responses import Response

from api.access import DESCRIBED, AskingBrowser, SignedIn
from api.deps import DbSession, Speech
from api.downloads import PDF
from api.pages.books_parts import BookKind, Which, pdf_response, photo_response, press_of
from api.v1 import book_models as models
from api.v1.accounts import PERSONAL
from api.v1.attendance import RowId
from registry.books.making import choose, release_book, take_back, write_texts
from registry.books.opening import class_books, open_book
from registry.books.reading import family_pdf, maker_pdf, maker_photo, photo_in_book, read_book, reply, shelf

router = APIRouter(tags=["books"], responses=PERSONAL, dependencies=DESCRIBED)
MADE = "/books/{class_run_id}/{which}"
READ = "/children/{child_id}/books/{class_run_id}/{kind}"


@router.get("/books/{class_run_id}", summary="The books of a class")
def list_books(session: DbSession, actor: SignedIn, class_run_id: RowId) -> models.ClassBooks:
    """For the lead of the class and the site's coordinator."""
    found = class_books(session, actor, class_run_id)
    return models.ClassBooks(
        memoir=models.LineOut.of(found.memoir), handbooks=[models.LineOut.of(line) for line in found.handbooks]
    )


@router.get("/books/{class_run_id}/photos/{photo_id}", summary="A photo of the class", response_class=Response)
def get_photo(session: DbSession, actor: SignedIn, class_run_id: RowId, photo_id: RowId) -> Response:
    """For whoever chooses, also one that may not be in a book."""
    return photo_response(session, maker_photo(session, actor, class_run_id, photo_id))


@router.get(MADE, summary="A book as its maker sees it")
def get_book(
    session: DbSession, actor: SignedIn, browser: AskingBrowser, class_run_id: RowId, child_id: Which
) -> models.MakingOut:
    """`which` is a child's number, or `class`. That a child's was looked at is kept."""
    return models.MakingOut.of(open_book(session, actor, class_run_id, child_id, address=browser.address))


@router.get(
    MADE + "/book.pdf", summary="A book on paper, as it would be released now", response_class=Response, responses=PDF
)
def get_pdf(session: DbSession, actor: SignedIn, language: Speech, class_run_id: RowId, child_id: Which) -> Response:
    """A4."""
    return pdf_response(maker_pdf(session, actor, class_run_id, child_id, language, press_of(language)), "book")


@router.put(MADE + "/texts", summary="Write sections of a book")
def put_texts(
    session: DbSession, actor: SignedIn, class_run_id: RowId, child_id: Which, body: models.TextsIn
) -> models.MakingOut:
    """Another child's name is refused."""
    return models.MakingOut.of(write_texts(session, actor, class_run_id, child_id, body.texts, is_sure=body.is_sure))


@router.put(MADE + "/choice", summary="Choose the notes and photos of a book")
def put_choice(
    session: DbSession, actor: SignedIn, class_run_id: RowId, child_id: Which, body: models.ChoiceIn
) -> models.MakingOut:
    """In their order."""
    return models.MakingOut.of(choose(session, actor, class_run_id, child_id, notes=body.notes, photos=body.photos))


@router.post(MADE + "/release", summary="Let the family read a book")
def post_release(session: DbSession, actor: SignedIn, class_run_id: RowId, child_id: Which) -> models.MakingOut:
    """As it is now; again after a change."""
    return models.MakingOut.of(release_book(session, actor, class_run_id, child_id))


@router.post(MADE + "/take-back", summary="Let nobody read a released book any more")
def post_take_back(session: DbSession, actor: SignedIn, class_run_id: RowId, child_id: Which) -> models.MakingOut:
    """Until it is released again."""
    return models.MakingOut.of(take_back(session, actor, class_run_id, child_id))


@router.get("/children/{child_id}/books", summary="The own child's books")
def list_shelf(session: DbSession, actor: SignedIn, child_id: RowId) -> list[models.ShelfOut]:
    """A line for each class of the child."""
    return [models.ShelfOut.of(one) for one in shelf(session, actor, child_id)]


@router.get(READ, summary="A released book of the own child")
def get_released(
    session: DbSession, actor: SignedIn, child_id: RowId, class_run_id: RowId, kind: BookKind
) -> models.BookOut:
    """`kind` is `handbook` or `memoir`."""
    return models.BookOut.of(read_book(session, actor, child_id, class_run_id, kind))


@router.get(READ + "/book.pdf", summary="A released book on paper", response_class=Response, responses=PDF)
def get_released_pdf(
    session: DbSession, actor: SignedIn, language: Speech, child_id: RowId, class_run_id: RowId, kind: BookKind
) -> Response:
    """A4."""
    pdf = family_pdf(session, actor, child_id, class_run_id, kind, language, press_of(language))
    return pdf_response(pdf, kind)


@router.get(READ + "/photos/{photo_id}", summary="A photo of a released book", response_class=Response)
def get_released_photo(
    session: DbSession, actor: SignedIn, child_id: RowId, class_run_id: RowId, kind: BookKind, photo_id: RowId
) -> Response:
    """One that the book shows."""
    return photo_response(session, photo_in_book(session, actor, child_id, class_run_id, kind, photo_id))


@router.post(
    "/children/{child_id}/books/{class_run_id}/replies", summary="Answer the handbook and the feedback",
    status_code=status.HTTP_201_CREATED,
)  # fmt: skip
def post_reply(
    session: DbSession, actor: SignedIn, child_id: RowId, class_run_id: RowId, body: models.ReplyIn
) -> models.ReplyOut:
    """Kept with the child."""
    return models.ReplyOut.model_validate(reply(session, actor, child_id, class_run_id, body.words))
