"""Guardians: the own name, asking a second guardian in, and answering such an invitation."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sqlmodel import Session

from api.access import SignedIn
from api.deps import DbSession
from api.pages.family_parts import EMPTY, Entered, Next, RowId, family_page, onward, options, wrong
from api.pages.forms import Form
from registry.accounts.permissions import Actor
from registry.errors import FieldProblem, Invalid, NotFound
from registry.families.guardians import (
    Asked,
    asked_of_me,
    decline_invitation,
    invite_guardian,
    own_record,
    save_guardian,
    withdraw_invitation,
)
from registry.families.inputs import RELATIONS
from registry.families.leaving import leave_child
from registry.families.reads import own_child
from registry.families.start import join_family
from registry.families.views import child_page

router = APIRouter(prefix="/family", include_in_schema=False)


@router.get("/me")
def own_name(request: Request, session: DbSession, actor: SignedIn) -> HTMLResponse:
    """The form with the guardian's own name."""
    record = own_record(session, actor)
    return family_page(request, "me.html", form=Form({"name": record.name if record else actor.name}))


@router.post("/me")
def save_name(request: Request, session: DbSession, actor: SignedIn, entered: Entered, next: Next = "") -> Response:
    """Keep the guardian's own name."""
    try:
        save_guardian(session, actor, entered.get("name", ""))
    except Invalid as error:
        return wrong(request, "me.html", entered, error)
    return onward(next, "/family")


@router.get("/children/{child_id}/invite")
def invite(request: Request, session: DbSession, actor: SignedIn, child_id: RowId) -> HTMLResponse:
    """The form to ask a second guardian in."""
    child = own_child(session, actor, child_id)
    relations = options(request, "relation", RELATIONS)
    return family_page(request, "invite.html", child=child, form=EMPTY, relations=relations)


@router.post("/children/{child_id}/invite")
def send_invitation(
    request: Request, session: DbSession, actor: SignedIn, child_id: RowId, entered: Entered
) -> Response:
    """Ask a second guardian in."""
    child = own_child(session, actor, child_id)
    try:
        invite_guardian(session, actor, child_id, entered.get("phone", ""), entered.get("relation", ""))
    except Invalid as error:
        relations = options(request, "relation", RELATIONS)
        return wrong(request, "invite.html", entered, error, child=child, relations=relations)
    return RedirectResponse(f"/family/children/{child_id}#guardians", 303)


@router.post("/children/{child_id}/invitations/{invitation_id}/withdraw")
def withdraw(session: DbSession, actor: SignedIn, child_id: RowId, invitation_id: RowId) -> Response:
    """Take an invitation back."""
    withdraw_invitation(session, actor, child_id, invitation_id)
    return RedirectResponse(f"/family/children/{child_id}#guardians", 303)


@router.get("/children/{child_id}/leave")
def ask_leave(request: Request, session: DbSession, actor: SignedIn, child_id: RowId) -> HTMLResponse:
    """Ask once more before a guardian leaves."""
    page = child_page(session, actor, child_id)
    return family_page(request, "leave.html", child=page.child, may_leave=len(page.guardians) > 1)


@router.post("/children/{child_id}/leave")
def leave(session: DbSession, actor: SignedIn, child_id: RowId) -> Response:
    """Be the child's guardian no more."""
    leave_child(session, actor, child_id)
    return RedirectResponse("/family", 303)


def _asked(session: Session, actor: Actor, invitation_id: int) -> Asked:
    for asked in asked_of_me(session, actor):
        if asked.invitation.id == invitation_id:
            return asked
    raise NotFound("invitation_unknown", invitation=invitation_id)


@router.get("/invitations/{invitation_id}")
def invitation(request: Request, session: DbSession, actor: SignedIn, invitation_id: RowId) -> HTMLResponse:
    """An invitation, and the form to answer it."""
    asked = _asked(session, actor, invitation_id)
    return family_page(
        request, "invitation.html", asked=asked, asks_own_name=actor.guardian_id is None, form=EMPTY
    )  # fmt: skip


@router.post("/invitations/{invitation_id}")
def accept(request: Request, session: DbSession, actor: SignedIn, invitation_id: RowId, entered: Entered) -> Response:
    """Accept it. A wrong birthday is counted, so that what is stored then is kept although the form comes back."""
    asked = _asked(session, actor, invitation_id)
    try:
        name, born_on = entered.get("guardian_name", ""), entered.get("born_on", "")
        if not join_family(session, actor, invitation_id, name, born_on):
            raise Invalid(FieldProblem("born_on", "birthday_wrong"))
    except Invalid as error:
        asks_own_name = actor.guardian_id is None
        return wrong(request, "invitation.html", entered, error, asked=asked, asks_own_name=asks_own_name)
    return RedirectResponse(f"/family/children/{asked.invitation.child_id}", 303)


@router.post("/invitations/{invitation_id}/decline")
def decline(session: DbSession, actor: SignedIn, invitation_id: RowId) -> Response:
    """Say no to it."""
    decline_invitation(session, actor, invitation_id)
    return RedirectResponse("/family", 303)
