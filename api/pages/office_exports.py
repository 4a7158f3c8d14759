"""Lists with whole names: asked for, approved by a second person, taken once."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from sqlmodel import Session

from api.access import SignedIn
from api.deps import DbSession, Speech
from api.downloads import download
from api.pages.forms import Form, refused
from api.pages.reading import FormText, go, number, shown
from api.pages.render import render
from registry.accounts.permissions import Action, Actor, Subject, may, require
from registry.enrolment.desk import round_lines
from registry.errors import FieldProblem, Invalid
from registry.privacy.bulk_exports import approve_export, ask_export, exports, take_export
from registry.programme_office import sites

router = APIRouter(prefix="/office/exports", include_in_schema=False)


@router.get("")
def list_exports(
    request: Request, session: DbSession, actor: SignedIn,
    round: Annotated[str, Query(max_length=20)] = "", site: Annotated[str, Query(max_length=20)] = "",
) -> Response:  # fmt: skip
    """What was asked for, and the form to ask."""
    return _list(request, session, actor, Form({"round": round, "site": site}))


@router.post("")
def ask(
    request: Request, session: DbSession, actor: SignedIn, language: Speech,
    round: FormText = "", site: FormText = "", reason: FormText = "",
) -> Response:  # fmt: skip
    """Ask for one."""
    require(actor, Action.ASK_EXPORT)
    try:
        missing = [
            FieldProblem(name, "choose_one") for name, text in (("round", round), ("site", site)) if not number(text)
        ]
        if missing:
            raise Invalid(*missing)
        ask_export(session, actor, round_id=number(round) or 0, site_id=number(site) or 0, reason=reason)
    except Invalid as error:
        kept = {"round": shown(round), "site": shown(site), "reason": shown(reason)}
        return _list(request, session, actor, refused(kept, error, language), status=422)
    return go("/office/exports")


@router.post("/{export_id}/approve")
def approve(session: DbSession, actor: SignedIn, export_id: int) -> Response:
    """Approve somebody else's."""
    approve_export(session, actor, export_id)
    return go("/office/exports")


@router.post("/{export_id}/take")
def take(session: DbSession, actor: SignedIn, language: Speech, export_id: int) -> Response:
    """Take it, once."""
    from api.prints.office_lists import placed

    rows = take_export(session, actor, export_id)
    return download(placed(rows, "xlsx", language), "xlsx", f"qingzai-placed-{export_id}.xlsx")


def _list(request: Request, session: Session, actor: Actor, form: Form, *, status: int = 200) -> Response:
    lines = exports(session, actor)
    rounds = [(line.round.id, line.round.name) for line in round_lines(session, actor)]
    own = [
        (site.id, site.name)
        for site in sites(session)
        if may(actor, Action.ASK_EXPORT, Subject(site_ids=frozenset({site.id or 0})))
    ]
    return render(
        request, "office/exports.html", status=status, form=form, lines=lines, rounds=rounds, sites=own,
        may_approve=may(actor, Action.APPROVE_EXPORT),
    )  # fmt: skip
