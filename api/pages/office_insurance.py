"""The office's insurance lists: who is to be insured, what is wrong, what changed; final lists, approved and taken."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from sqlmodel import Session

from api.access import AskingBrowser, SignedIn
from api.deps import DbSession, Speech
from api.downloads import download
from api.pages.family_parts import RowId
from api.pages.forms import Form, refused
from api.pages.reading import FormText, day, go, shown
from api.pages.render import render
from api.speak.language import Language
from registry.accounts.permissions import Actor
from registry.conventions.names import mask_name
from registry.errors import FieldProblem, Invalid
from registry.insurance.lists import approve, final_lists, make_final, outlook, take
from registry.programme import terms

router = APIRouter(prefix="/office/insurance", include_in_schema=False)
MOST_TOLD = 60
"""People that the page names of each kind; the workbook has all."""


@router.get("")
def all_lists(request: Request, session: DbSession, actor: SignedIn) -> Response:
    """The terms, and the lists that were made."""
    return render(request, "office/insurance.html", lines=final_lists(session, actor), terms=terms(session))


@router.get("/terms/{term_id}")
def one_term(
    request: Request, session: DbSession, actor: SignedIn, language: Speech, term_id: RowId,
    day: Annotated[str, Query(max_length=10)] = "",
) -> Response:  # fmt: skip
    """The list of a term as it would be now, or that of a day of it."""
    return _term(request, session, actor, language, term_id, Form({"day": day}))


@router.post("/terms/{term_id}")
def finish(
    request: Request, session: DbSession, actor: SignedIn, language: Speech, term_id: RowId,
    day: FormText = "", note: FormText = "",
) -> Response:  # fmt: skip
    """Make it final."""
    try:
        make_final(session, actor, term_id, _day(day), note)
    except Invalid as error:
        form = refused({"day": shown(day), "note": shown(note)}, error, language)
        return _term(request, session, actor, language, term_id, form, status=422)
    return go("/office/insurance#lists")


@router.post("/{list_id}/approve")
def agree(session: DbSession, actor: SignedIn, list_id: RowId) -> Response:
    """Approve somebody else's."""
    approve(session, actor, list_id)
    return go("/office/insurance#lists")


@router.post("/{list_id}/take")
def take_out(
    session: DbSession, actor: SignedIn, browser: AskingBrowser, language: Speech, list_id: RowId
) -> Response:  # fmt: skip
    """The workbook for the insurer."""
    from api.prints.insurance import insurance_book

    taken = take(session, actor, list_id, browser.address)
    name = f"投保名单-{taken.term}-{taken.list.scope}-{taken.list.number}.xlsx".replace(" ", "-")
    return download(insurance_book(taken, language), "xlsx", name)


def _term(
    request: Request, session: Session, actor: Actor, language: Language, term_id: int, form: Form,
    *, status: int = 200,
) -> Response:  # fmt: skip
    try:
        found = outlook(session, actor, term_id, _day(str(form.value("day"))))
    except Invalid as error:
        form, status = refused(form.values, error, language), 422
        found = outlook(session, actor, term_id)
    facts: dict[str, Any] = {"mask": mask_name, "most": MOST_TOLD}
    return render(request, "office/insurance_term.html", status=status, found=found, form=form, **facts)


def _day(text: str) -> Any:
    try:
        return day(text)
    except ValueError:
        raise Invalid(FieldProblem("day", "date_malformed")) from None
