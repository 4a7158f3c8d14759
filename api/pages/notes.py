"""Notes about children on a phone: the classes of the day, writing a note, the own notes, a concern."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any
from uuid import uuid4

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sqlmodel import Session

from api.access import AskingBrowser, SignedIn
from api.deps import DbSession, Speech
from api.pages.attendance import OnDay
from api.pages.family_parts import RowId
from api.pages.forms import Form, refused
from api.pages.note_forms import EnteredNote, NoteForm
from api.pages.reading import FormText, go, number
from api.pages.render import render
from registry import clock
from registry.accounts.permissions import Actor
from registry.errors import Invalid
from registry.growth.concerns import raise_concern
from registry.growth.desk import note_classes, own_page, write_page
from registry.growth.language import Finding
from registry.growth.photos import store_photo
from registry.growth.phrases import PHRASES
from registry.growth.tables import NOTE_DOMAINS, PhotoKind
from registry.growth.writing import change_note, children_of_note, drop_note, note_of_author, write_note

router = APIRouter(prefix="/notes", include_in_schema=False)
HERE = "/classes/{class_run_id}/{day}"
Saved = Annotated[str, Query(max_length=10)]
CHOICES: dict[str, Any] = {"domains": NOTE_DOMAINS, "phrases": PHRASES, "kinds": tuple(PhotoKind)}


@router.get("")
def home(request: Request, session: DbSession, actor: SignedIn) -> HTMLResponse:
    """My classes, and what I wrote these days."""
    classes = note_classes(session, actor)
    return render(request, "notes/home.html", classes=classes, mine=own_page(session, actor), day=clock.today())


@router.get(HERE)
def write(
    request: Request, session: DbSession, actor: SignedIn, class_run_id: RowId, day: OnDay, saved: Saved = ""
) -> HTMLResponse:
    """The form, empty."""
    return _page(request, session, actor, class_run_id, day, saved=saved)


def _page(
    request: Request, session: Session, actor: Actor, class_run_id: int, day: date, form: Form | None = None,
    status: int = 200, findings: list[Finding] | None = None, saved: str = "",
) -> HTMLResponse:  # fmt: skip
    page = write_page(session, actor, class_run_id, day)
    return render(
        request, "notes/write.html", status=status, page=page, form=form or Form(), findings=findings or [],
        key=uuid4().hex, saved=saved, **CHOICES,
    )  # fmt: skip


@router.post(HERE)
def keep(
    request: Request, session: DbSession, actor: SignedIn, language: Speech, class_run_id: RowId, day: OnDay,
    entered: EnteredNote,
) -> Response:  # fmt: skip
    """Keep the note, or show the form again with what has to be looked at; a photo that is sound is kept by then."""
    values, key = entered.values(), entered.text("request_key")
    try:
        with session.begin_nested():
            values["photo_id"] = _photo(session, actor, class_run_id, day, key, entered)
    except Invalid as error:
        return _page(request, session, actor, class_run_id, day, refused(values, error, language), 422)
    try:
        with session.begin_nested():
            done = write_note(session, actor, class_run_id, day, key, entered.note(number(str(values["photo_id"]))))
    except Invalid as error:
        return _page(request, session, actor, class_run_id, day, refused(values, error, language), 422)
    if done.note is None:
        return _page(request, session, actor, class_run_id, day, Form(values), 422, done.findings)
    return go(f"/notes/classes/{class_run_id}/{day}?saved={done.note.status}")


def _photo(
    session: Session, actor: Actor, class_run_id: int, day: date, key: str, entered: NoteForm
) -> int | None:  # fmt: skip
    if not entered.has_photo:
        return entered.photo_id
    return store_photo(session, actor, class_run_id, day, key, entered.picture()).id


@router.post(HERE + "/photos")
def keep_photo(
    request: Request, session: DbSession, actor: SignedIn, language: Speech, class_run_id: RowId, day: OnDay,
    entered: EnteredNote,
) -> Response:  # fmt: skip
    """Keep a photo without a note: of the whole class, for the memory book."""
    try:
        with session.begin_nested():
            store_photo(session, actor, class_run_id, day, entered.text("request_key"), entered.picture())
    except Invalid as error:
        problems = {f"only_{name}": said for name, said in refused({}, error, language).problems.items()}
        form = Form({f"only_{name}": value for name, value in entered.values().items()}, problems)
        return _page(request, session, actor, class_run_id, day, form, 422)
    return go(f"/notes/classes/{class_run_id}/{day}?saved=photo")


@router.get(HERE + "/concern")
def concern(
    request: Request, session: DbSession, actor: SignedIn, class_run_id: RowId, day: OnDay, child: Saved = ""
) -> HTMLResponse:
    """The form of a concern: a child, and what was seen or heard."""
    page = write_page(session, actor, class_run_id, day)
    return render(request, "notes/concern.html", page=page, form=Form({"child": number(child)}), is_sent=False)


@router.post(HERE + "/concern")
def send_concern(
    request: Request, session: DbSession, actor: SignedIn, browser: AskingBrowser, language: Speech,
    class_run_id: RowId, day: OnDay, child: FormText = "", words: FormText = "",
) -> Response:  # fmt: skip
    """Put it down and tell the office; the answer says what the law asks beside."""
    page = write_page(session, actor, class_run_id, day)
    try:
        raise_concern(session, actor, class_run_id, number(child) or 0, words, day=day, address=browser.address)
    except Invalid as error:
        form = refused({"child": number(child), "words": words}, error, language)
        return render(request, "notes/concern.html", status=422, page=page, form=form, is_sent=False)
    return render(request, "notes/concern.html", page=page, form=Form(), is_sent=True)


@router.get("/own/{note_id}")
def own(request: Request, session: DbSession, actor: SignedIn, note_id: RowId) -> HTMLResponse:
    """A note of one's own, to be changed until it is released."""
    return _own_page(request, session, actor, note_id)


def _own_page(
    request: Request, session: Session, actor: Actor, note_id: int, form: Form | None = None,
    findings: list[Finding] | None = None,
) -> HTMLResponse:  # fmt: skip
    note = note_of_author(session, actor, note_id)
    mine = next((one for one in own_page(session, actor) if one.note.id == note_id), None)
    values = {name: getattr(note, name) for name in ("seen", "understood", "support", "domain")}
    return render(
        request, "notes/own.html", status=422 if form else 200, note=note, mine=mine, form=form or Form(values),
        findings=findings or [], **CHOICES,
    )  # fmt: skip


@router.post("/own/{note_id}")
def change(
    request: Request, session: DbSession, actor: SignedIn, language: Speech, note_id: RowId, entered: EnteredNote
) -> Response:
    """Change the words; the children and the photo stay."""
    note = note_of_author(session, actor, note_id)
    same = NoteForm(entered.texts, tuple(children_of_note(session, note_id))).note(note.photo_id)
    try:
        with session.begin_nested():
            done = change_note(session, actor, note_id, same)
    except Invalid as error:
        return _own_page(request, session, actor, note_id, refused(entered.values(), error, language))
    if done.note is None:
        return _own_page(request, session, actor, note_id, Form(entered.values()), done.findings)
    return go(f"/notes?saved={done.note.status}")


@router.post("/own/{note_id}/drop")
def drop(session: DbSession, actor: SignedIn, note_id: RowId) -> RedirectResponse:
    """Take the note back."""
    drop_note(session, actor, note_id)
    return go("/notes")
