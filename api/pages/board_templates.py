"""Templates of a week: what there is, keeping a week under a name, using one for another week."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Form, Query, Request, Response
from sqlmodel import Session

from api.access import SignedIn
from api.deps import DbSession, Monday, Speech
from api.pages.forms import Form as Entered
from api.pages.forms import refused
from api.pages.reading import FormText, go, shown
from api.pages.render import render
from registry.accounts.permissions import Actor
from registry.board.templates import (
    BOARD,
    LONGEST_NAME,
    PUBLISHED,
    keep_week,
    remove_template,
    see_keepable,
    see_templates,
    the_template,
)
from registry.duties.moment import monday_of
from registry.errors import Invalid

router = APIRouter(prefix="/board", include_in_schema=False)

Ticked = Annotated[list[str], Form()]


@router.get("/templates")
def templates(request: Request, session: DbSession, actor: SignedIn) -> Response:
    """Those with entries at one's own sites."""
    return render(request, "board/templates.html", found=see_templates(session, actor))


@router.get("/templates/{id_}/use")
def use(
    session: DbSession, actor: SignedIn, id_: int, day: Annotated[str, Query(max_length=20)] = ""
) -> Response:  # fmt: skip
    """On to what it would do in the week of a day."""
    the_template(session, actor, id_)
    try:
        wanted = date.fromisoformat(day)
    except ValueError:
        return go(f"/board/templates#t{id_}")
    return go(f"/board/{monday_of(wanted)}/copy?template={id_}")


@router.post("/templates/{id_}/remove")
def remove(session: DbSession, actor: SignedIn, id_: int) -> Response:
    """Keep it no longer."""
    remove_template(session, actor, id_)
    return go("/board/templates")


@router.get("/{week}/template")
def ask(request: Request, session: DbSession, actor: SignedIn, week: Monday) -> Response:
    """What is kept, and under which name."""
    return _ask(request, session, actor, week, Entered(), set())


def _ask(
    request: Request, session: Session, actor: Actor, week: date, form: Entered, sites: set[str], status: int = 200
) -> Response:  # fmt: skip
    found = see_keepable(session, actor, week)
    kinds = [kind for kind, is_there in ((BOARD, found.has_board), (PUBLISHED, found.version)) if is_there]
    facts = {"week": week, "it": found, "form": form, "kinds": kinds, "sites": sites, "longest": LONGEST_NAME}
    return render(request, "board/template.html", status=status, **facts)


@router.post("/{week}/template")
def keep(
    request: Request, session: DbSession, actor: SignedIn, language: Speech, week: Monday, name: FormText = "",
    kind: FormText = "", sites: Ticked = [],  # noqa: B006
) -> Response:  # fmt: skip
    """Keep it."""
    try:
        keep_week(session, actor, week, shown(name), kind=kind, sites=sites)
    except Invalid as error:
        form = refused({"name": shown(name), "kind": kind}, error, language)
        return _ask(request, session, actor, week, form, set(sites), 422)
    return go("/board/templates?saved=1")
