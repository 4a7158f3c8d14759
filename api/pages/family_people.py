"""The people around a child: lists of those who may collect it, whom to call, and who must not collect it."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sqlmodel import Session

from api.access import SignedIn, local_path
from api.deps import DbSession
from api.pages.family_parts import EMPTY, Entered, Next, RowId, family_page, onward, options, wrong
from api.pages.forms import Form
from registry.accounts.permissions import Actor
from registry.errors import Invalid
from registry.families.around import (
    MOST_COLLECTORS,
    MOST_CONTACTS,
    MOST_RESTRICTIONS,
    one_person,
    remove_person,
    save_collector,
    save_contact,
    save_restriction,
)
from registry.families.inputs import KNOWN_AS, PersonInput, RestrictionInput
from registry.families.reads import own_child
from registry.families.tables import AuthorizedCollector, Child, CollectionRestriction, EmergencyContact

router = APIRouter(prefix="/family/children/{child_id}/{kind}", include_in_schema=False)


class Kind(StrEnum):
    """The three lists, as they stand in addresses."""

    COLLECTORS = "collectors"
    CONTACTS = "contacts"
    RESTRICTIONS = "restrictions"


TABLES: Mapping[Kind, type[AuthorizedCollector] | type[EmergencyContact] | type[CollectionRestriction]] = {
    Kind.COLLECTORS: AuthorizedCollector,
    Kind.CONTACTS: EmergencyContact,
    Kind.RESTRICTIONS: CollectionRestriction,
}
MOST = {Kind.COLLECTORS: MOST_COLLECTORS, Kind.CONTACTS: MOST_CONTACTS, Kind.RESTRICTIONS: MOST_RESTRICTIONS}


def _about(request: Request, child: Child, kind: Kind, person_id: int | None, following: str) -> dict[str, Any]:
    relations = options(request, "relation", KNOWN_AS)
    return {
        "child": child, "kind": kind.value, "person_id": person_id, "relations": relations, "most": MOST[kind],
        "next": local_path(following, ""),
    }  # fmt: skip


def _save(
    session: Session, actor: Actor, child_id: int, kind: Kind, entered: Mapping[str, str], person_id: int | None
) -> None:
    if kind is Kind.RESTRICTIONS:
        described = RestrictionInput(entered.get("name", ""), entered.get("note", ""))
        save_restriction(session, actor, child_id, described, person_id)
        return
    person = PersonInput(entered.get("name", ""), entered.get("phone", ""), entered.get("relation", ""))
    save = save_collector if kind is Kind.COLLECTORS else save_contact
    save(session, actor, child_id, person, person_id)


@router.get("/new")
def new_person(
    request: Request, session: DbSession, actor: SignedIn, child_id: RowId, kind: Kind, next: Next = ""
) -> HTMLResponse:
    """The form for one more."""
    child = own_child(session, actor, child_id)
    return family_page(request, "person.html", form=EMPTY, **_about(request, child, kind, None, next))


@router.post("/new")
def add_person(
    request: Request,
    session: DbSession,
    actor: SignedIn,
    child_id: RowId,
    kind: Kind,
    entered: Entered,
    next: Next = "",
) -> Response:
    """Keep one more."""
    child = own_child(session, actor, child_id)
    try:
        _save(session, actor, child_id, kind, entered, None)
    except Invalid as error:
        return wrong(request, "person.html", entered, error, **_about(request, child, kind, None, next))
    return onward(next, f"/family/children/{child_id}#{kind}")


@router.get("/{person_id}")
def edit_person(
    request: Request, session: DbSession, actor: SignedIn, child_id: RowId, kind: Kind, person_id: RowId
) -> HTMLResponse:
    """The form with what is kept of somebody."""
    person = one_person(session, actor, TABLES[kind], child_id, person_id)
    names = ("name", "note") if kind is Kind.RESTRICTIONS else ("name", "phone", "relation")
    form = Form({name: getattr(person, name) or "" for name in names})
    about = _about(request, own_child(session, actor, child_id), kind, person_id, "")
    return family_page(request, "person.html", form=form, **about)


@router.post("/{person_id}")
def correct_person(
    request: Request,
    session: DbSession,
    actor: SignedIn,
    child_id: RowId,
    kind: Kind,
    person_id: RowId,
    entered: Entered,
) -> Response:
    """Keep what was corrected."""
    child = own_child(session, actor, child_id)
    try:
        _save(session, actor, child_id, kind, entered, person_id)
    except Invalid as error:
        return wrong(request, "person.html", entered, error, **_about(request, child, kind, person_id, ""))
    return RedirectResponse(f"/family/children/{child_id}#{kind}", 303)


@router.post("/{person_id}/remove")
def strike_person(session: DbSession, actor: SignedIn, child_id: RowId, kind: Kind, person_id: RowId) -> Response:
    """Take somebody from the list."""
    remove_person(session, actor, TABLES[kind], child_id, person_id)
    return RedirectResponse(f"/family/children/{child_id}#{kind}", 303)
