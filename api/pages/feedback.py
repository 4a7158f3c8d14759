"""Writing one-to-one feedback to families: the lead and who was on duty with the class."""

from __future__ import annotations

from collections.abc import Mapping

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sqlmodel import Session

from api.access import SignedIn
from api.deps import DbSession, language_of
from api.pages.books_parts import book_words
from api.pages.family_parts import Entered, RowId
from api.pages.forms import Form, refused
from api.pages.reading import go
from api.pages.render import render
from registry.accounts.permissions import Action, Actor, may
from registry.books.feedback import (
    FeedbackInput,
    change_feedback,
    child_feedback,
    class_children,
    drop_feedback,
    feedback_desk,
    my_feedback_classes,
    release_feedback,
    write_feedback,
)
from registry.books.opening import my_class_runs
from registry.errors import Invalid

router = APIRouter(prefix="/feedback", include_in_schema=False)
ONE = "/{class_run_id}/{child_id}"


def entered_feedback(entered: Mapping[str, str]) -> FeedbackInput:
    """What was written in the form."""
    boxes = {name: entered.get(name, "") for name in ("strengths", "interests", "suggestion")}
    return FeedbackInput(**boxes, is_sure=entered.get("is_sure") == "yes")


@router.get("")
def classes(request: Request, session: DbSession, actor: SignedIn) -> HTMLResponse:
    """The classes to whose families I may write."""
    mine = my_feedback_classes(session, actor)
    led = [run for run, _, _ in my_class_runs(session, actor)] if may(actor, Action.MAKE_BOOKS) else []
    found = {run.id: run for run in (*mine, *led)}
    return render(request, "books/feedback_classes.html", found=list(found.values()))


@router.get("/{class_run_id}")
def one_class(request: Request, session: DbSession, actor: SignedIn, class_run_id: RowId) -> HTMLResponse:
    """Its children."""
    found = class_children(session, actor, class_run_id)
    run = feedback_desk(session, actor, class_run_id).class_run
    return render(request, "books/feedback_class.html", found=found, run=run)


@router.get(ONE)
def one_child(
    request: Request, session: DbSession, actor: SignedIn, class_run_id: RowId, child_id: RowId
) -> HTMLResponse:
    """What was written about a child, and the form."""
    return _page(request, session, actor, class_run_id, child_id, Form())


def _page(
    request: Request, session: Session, actor: Actor, class_run_id: int, child_id: int, form: Form, status: int = 200
) -> HTMLResponse:
    rows = child_feedback(session, actor, class_run_id, child_id)
    desk = feedback_desk(session, actor, class_run_id)
    child = next(one for one, _, _ in class_children(session, actor, class_run_id) if one.id == child_id)
    return render(
        request, "books/feedback_child.html", status=status, rows=rows, desk=desk, child=child, form=form,
        here=f"/feedback/{class_run_id}/{child_id}", **book_words(language_of(request)),
    )  # fmt: skip


@router.post(ONE)
def write(
    request: Request, session: DbSession, actor: SignedIn, class_run_id: RowId, child_id: RowId, entered: Entered
) -> Response:
    """Write one."""
    try:
        write_feedback(session, actor, class_run_id, child_id, entered_feedback(entered))
    except Invalid as error:
        form = refused(entered, error, language_of(request))
        return _page(request, session, actor, class_run_id, child_id, form, status=422)
    return go(f"/feedback/{class_run_id}/{child_id}")


@router.post(ONE + "/{feedback_id}")
def change(
    request: Request, session: DbSession, actor: SignedIn, class_run_id: RowId, child_id: RowId, feedback_id: RowId,
    entered: Entered,
) -> Response:  # fmt: skip
    """Write it anew."""
    try:
        change_feedback(session, actor, feedback_id, entered_feedback(entered))
    except Invalid as error:
        form = refused(entered, error, language_of(request))
        return _page(request, session, actor, class_run_id, child_id, form, status=422)
    return go(f"/feedback/{class_run_id}/{child_id}")


@router.post(ONE + "/{feedback_id}/release")
def release(
    session: DbSession, actor: SignedIn, class_run_id: RowId, child_id: RowId, feedback_id: RowId
) -> RedirectResponse:
    """Let the guardians read it."""
    release_feedback(session, actor, feedback_id)
    return go(f"/feedback/{class_run_id}/{child_id}")


@router.post(ONE + "/{feedback_id}/drop")
def drop(
    session: DbSession, actor: SignedIn, class_run_id: RowId, child_id: RowId, feedback_id: RowId
) -> RedirectResponse:
    """Delete it."""
    drop_feedback(session, actor, feedback_id)
    return go(f"/feedback/{class_run_id}/{child_id}")
