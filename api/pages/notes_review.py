"""Pages of who reviews the notes of a class: what waits, releasing and returning, photos, the ledger of coverage."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sqlmodel import Session

from api.access import SignedIn
from api.deps import DbSession, Speech, language_of
from api.pages.family_parts import RowId
from api.pages.forms import Form, refused
from api.pages.note_forms import EnteredNote
from api.pages.reading import FormText, go
from api.pages.render import render
from api.speak import web
from registry import clock
from registry.accounts.permissions import Actor
from registry.errors import Conflict, Invalid, RegistryError
from registry.families.classes import children_of_class
from registry.growth.coverage import coverage
from registry.growth.photos import (
    change_photo,
    discard_photo,
    photo_to_review,
    photo_to_see,
    photos_to_review,
    release_photo,
)
from registry.growth.pictures import small
from registry.growth.reads import picture
from registry.growth.review import (
    edit_note,
    note_to_review,
    release_clear_notes,
    release_note,
    return_note,
    review_rows,
)
from registry.growth.rights import review_desk
from registry.growth.tables import NOTE_DOMAINS, NoteStatus, PhotoKind

router = APIRouter(include_in_schema=False)
SHOWN = {"waiting": ("submitted",), "released": ("released",), "returned": ("returned",)}
Shown = Annotated[str, Query(max_length=10)]


@router.get("/notes/review/{class_run_id}")
def review(
    request: Request, session: DbSession, actor: SignedIn, class_run_id: RowId, show: Shown = "waiting"
) -> HTMLResponse:
    """The notes that wait, or those that were decided on."""
    return _page(request, session, actor, class_run_id, show)


def _page(
    request: Request, session: Session, actor: Actor, class_run_id: int, show: str, form: Form | None = None,
    status: int = 200,
) -> HTMLResponse:  # fmt: skip
    shown = show if show in SHOWN else "waiting"
    rows = review_rows(session, actor, class_run_id, SHOWN[shown])
    class_run = review_desk(session, actor, class_run_id).class_run
    return render(
        request, "notes/review.html", status=status, rows=rows, class_run=class_run, shown=shown,
        form=form or Form(), domains=NOTE_DOMAINS, day=clock.today(),
    )  # fmt: skip


@router.post("/notes/review/{class_run_id}/release")
def release_all(session: DbSession, actor: SignedIn, class_run_id: RowId) -> RedirectResponse:
    """Release every note in which the check finds nothing."""
    release_clear_notes(session, actor, class_run_id)
    return go(f"/notes/review/{class_run_id}")


@router.post("/notes/{note_id}/review")
def decide(
    request: Request, session: DbSession, actor: SignedIn, note_id: RowId, then: FormText = "", seen: FormText = "",
    understood: FormText = "", support: FormText = "", domain: FormText = "", words: FormText = "",
    is_sure: FormText = "",
) -> Response:  # fmt: skip
    """Save the words as they are now; then release the note, or give it back. What is wrong stands beside the note."""
    note = note_to_review(session, actor, note_id)
    back = "released" if note.status == NoteStatus.RELEASED.value else "waiting"
    boxes = {"seen": seen, "understood": understood, "support": support, "domain": domain}
    entered = {"note": note_id, "words": words, **boxes}
    try:
        with session.begin_nested():
            if then == "return":
                return_note(session, actor, note_id, words)
            else:
                edit_note(session, actor, note_id, **boxes)
            if then == "release":
                release_note(session, actor, note_id, is_sure=is_sure == "yes")
    except Invalid as error:
        form = refused(entered, error, language_of(request))
        return _page(request, session, actor, note.class_run_id, back, form, status=422)
    except RegistryError as error:
        if isinstance(error, Conflict) or error.code not in ("note_has_findings", "note_has_number"):
            raise
        said = web.refusal(error.code, error.facts, language_of(request))
        return _page(request, session, actor, note.class_run_id, back, Form(entered, {"note": said}), status=422)
    return go(f"/notes/review/{note.class_run_id}?show={back}")


@router.get("/notes/coverage/{class_run_id}")
def ledger(request: Request, session: DbSession, actor: SignedIn, class_run_id: RowId) -> HTMLResponse:
    """Who has not been written about, and which domain is thin."""
    found = coverage(session, actor, class_run_id)
    class_run = review_desk(session, actor, class_run_id).class_run
    return render(request, "notes/coverage.html", found=found, class_run=class_run, domains=NOTE_DOMAINS)


@router.get("/notes/photos/{class_run_id}")
def photos(request: Request, session: DbSession, actor: SignedIn, class_run_id: RowId) -> HTMLResponse:
    """The photos of the class, those that wait first."""
    return _photos(request, session, actor, class_run_id)


def _photos(
    request: Request, session: Session, actor: Actor, class_run_id: int, form: Form | None = None
) -> HTMLResponse:
    return render(
        request, "notes/photos.html", status=422 if form else 200,
        photos=photos_to_review(session, actor, class_run_id),
        children=children_of_class(session, class_run_id), form=form or Form(), kinds=tuple(PhotoKind),
        class_run=review_desk(session, actor, class_run_id).class_run, day=clock.today(),
    )  # fmt: skip


@router.get("/photos/{photo_id}")
def image(session: DbSession, actor: SignedIn, photo_id: RowId, size: Shown = "") -> Response:
    """The picture itself, for who may see it; no browser keeps it."""
    shown = picture(session, photo_to_see(session, actor, photo_id).id or 0)
    return Response(
        small(shown) if size == "small" else shown, media_type="image/jpeg",
        headers={"Cache-Control": "no-store", "Content-Disposition": "inline"},
    )  # fmt: skip


@router.post("/photos/{photo_id}")
def change(
    request: Request, session: DbSession, actor: SignedIn, language: Speech, photo_id: RowId, entered: EnteredNote
) -> Response:
    """Say who is in it and release it, or take it out for good."""
    photo = photo_to_review(session, actor, photo_id)
    if entered.text("then") == "discard":
        discard_photo(session, actor, photo_id)
        return go(f"/notes/photos/{photo.class_run_id}")
    try:
        with session.begin_nested():
            change_photo(
                session, actor, photo_id, kind=entered.text("kind"), child_ids=entered.photo_children,
                caption=entered.text("caption"),
            )  # fmt: skip
            if entered.text("then") == "release":
                release_photo(session, actor, photo_id)
    except Invalid as error:
        form = refused({"id": photo_id, **entered.values()}, error, language)
        return _photos(request, session, actor, photo.class_run_id, form)
    return go(f"/notes/photos/{photo.class_run_id}")
