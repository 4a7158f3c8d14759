"""A family's own pages: the children as cards, a child with all that is kept about it, entering and correcting it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from api.access import SignedIn, local_path
from api.deps import DbSession, language_of
from api.pages.family_parts import EMPTY, Entered, Next, RowId, family_page, onward, options, with_next, wrong
from api.pages.forms import Form
from api.speak import families
from registry import clock
from registry.accounts.permissions import Actor
from registry.attendance.family import placed_children, today_of
from registry.conventions.grades import entry_years
from registry.conventions.papers import PaperKind
from registry.errors import Invalid
from registry.families.children import change_child, remove_child, set_health_note, set_paper
from registry.families.guardians import asked_of_me
from registry.families.inputs import RELATIONS, SEXES, ChildInput
from registry.families.reads import own_child
from registry.families.start import enter_child
from registry.families.views import child_page, family_cards

router = APIRouter(prefix="/family", include_in_schema=False)


@router.get("")
def home(request: Request, session: DbSession, actor: SignedIn) -> HTMLResponse:
    """The children, what is missing of each, and the next step."""
    cards, asked = family_cards(session, actor), asked_of_me(session, actor)
    ids = [card.child.id or 0 for card in cards]
    placed = placed_children(session, ids)
    return family_page(
        request, "home.html", cards=cards, asked=asked, is_guardian=actor.guardian_id is not None, placed=placed,
        today={child_id: today_of(session, actor, child_id) for child_id in placed},
    )  # fmt: skip


@router.get("/children/new")
def new_child(request: Request, actor: SignedIn, next: Next = "") -> HTMLResponse:
    """The form for a new child."""
    return family_page(request, "child_form.html", form=EMPTY, **_about_children(request, actor))


@router.post("/children/new")
def enter(request: Request, session: DbSession, actor: SignedIn, entered: Entered, next: Next = "") -> Response:
    """Keep a new child, then go on to what the family is asked about it."""
    try:
        child = enter_child(
            session, actor, entered.get("guardian_name", ""), _child(entered), entered.get("relation", "")
        )
    except Invalid as error:
        return wrong(request, "child_form.html", entered, error, **_about_children(request, actor))
    return RedirectResponse(with_next(f"/family/children/{child.id}/consents", next), 303)


def _child(entered: Mapping[str, str]) -> ChildInput:
    names = ("name", "sex", "born_on", "entry_year", "school")
    return ChildInput(**{name: entered.get(name, "") for name in names})


def _about_children(request: Request, actor: Actor | None) -> dict[str, Any]:
    """What the form of a child offers. Without an actor an old child is corrected: by whom is known then."""
    language, today = language_of(request), clock.today()
    years = [(str(year), families.school_grade(year, today, language)) for year in entry_years(today)]
    return {
        "sexes": options(request, "sex", SEXES),
        "years": years,
        "relations": options(request, "relation", RELATIONS) if actor else None,
        "asks_own_name": actor is not None and actor.guardian_id is None,
        "child": None,
    }


@router.get("/children/{child_id}")
def child(request: Request, session: DbSession, actor: SignedIn, child_id: RowId, next: Next = "") -> HTMLResponse:
    """A child with all that is kept about it. Whoever came from elsewhere is led back."""
    following = local_path(next, "")
    return family_page(request, "child.html", page=child_page(session, actor, child_id), next=following)


@router.get("/children/{child_id}/edit")
def edit_child(request: Request, session: DbSession, actor: SignedIn, child_id: RowId, next: Next = "") -> HTMLResponse:
    """The form with a child's details."""
    known = own_child(session, actor, child_id)
    names = ("name", "sex", "born_on", "entry_year", "school")
    form = Form({name: getattr(known, name) for name in names})
    return family_page(request, "child_form.html", form=form, **_about_children(request, None) | {"child": known})


@router.post("/children/{child_id}/edit")
def correct_child(
    request: Request, session: DbSession, actor: SignedIn, child_id: RowId, entered: Entered, next: Next = ""
) -> Response:
    """Keep a child's corrected details."""
    known = own_child(session, actor, child_id)
    try:
        change_child(session, actor, child_id, _child(entered))
    except Invalid as error:
        return wrong(request, "child_form.html", entered, error, **_about_children(request, None) | {"child": known})
    return onward(next, f"/family/children/{child_id}")


@router.get("/children/{child_id}/remove")
def ask_removal(request: Request, session: DbSession, actor: SignedIn, child_id: RowId) -> HTMLResponse:
    """Ask once more before a child is removed."""
    page = child_page(session, actor, child_id)
    return family_page(request, "remove.html", child=page.child, may_remove=page.may_remove)


@router.post("/children/{child_id}/remove")
def remove(session: DbSession, actor: SignedIn, child_id: RowId) -> Response:
    """Remove a child that has never applied."""
    remove_child(session, actor, child_id)
    return RedirectResponse("/family", 303)


@router.get("/children/{child_id}/health")
def health(request: Request, session: DbSession, actor: SignedIn, child_id: RowId) -> HTMLResponse:
    """What those who look after the child should know."""
    known = own_child(session, actor, child_id)
    return family_page(request, "health.html", child=known, form=Form({"health_note": known.health_note or ""}))


@router.post("/children/{child_id}/health")
def note_health(
    request: Request, session: DbSession, actor: SignedIn, child_id: RowId, entered: Entered, next: Next = ""
) -> Response:
    """Keep it, encrypted."""
    known = own_child(session, actor, child_id)
    try:
        set_health_note(session, actor, child_id, entered.get("health_note", ""))
    except Invalid as error:
        return wrong(request, "health.html", entered, error, child=known)
    return onward(next, f"/family/children/{child_id}")


@router.get("/children/{child_id}/paper")
def paper(request: Request, session: DbSession, actor: SignedIn, child_id: RowId) -> HTMLResponse:
    """The form for an identity paper, where one is needed; the number that is kept is not shown again."""
    known = child_page(session, actor, child_id)
    form = Form({"paper_kind": known.child.paper_kind or PaperKind.RESIDENT.value})
    kinds = options(request, "paper", tuple(PaperKind))
    return family_page(request, "paper.html", page=known, form=form, kinds=kinds)


@router.post("/children/{child_id}/paper")
def keep_paper(
    request: Request, session: DbSession, actor: SignedIn, child_id: RowId, entered: Entered, next: Next = ""
) -> Response:
    """Keep the number of an identity paper, encrypted."""
    known = child_page(session, actor, child_id)
    try:
        set_paper(session, actor, child_id, entered.get("paper_kind", ""), entered.get("paper_number", ""))
    except Invalid as error:
        kinds = options(request, "paper", tuple(PaperKind))
        return wrong(request, "paper.html", entered, error, page=known, kinds=kinds)
    return onward(next, f"/family/children/{child_id}")
