"""What the office changes of the programme for enrolment: seasons, partners, days off, facts of sites, papers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from sqlmodel import Session

from api.access import SignedIn
from api.deps import DbSession, Speech
from api.pages.forms import Form, refused
from api.pages.office_rounds import Entries
from api.pages.reading import day, go, number, shown
from api.pages.render import render
from api.speak.language import Language
from registry import programme_office as office
from registry.accounts.permissions import Actor
from registry.errors import FieldProblem, Invalid

router = APIRouter(prefix="/office/programme", include_in_schema=False)


@router.get("")
def programme(
    request: Request, session: DbSession, actor: SignedIn, partner: Annotated[str, Query(max_length=20)] = ""
) -> Response:
    """Everything on one page; a partner that is named stands in the form."""
    found = office.overview(session, actor)
    one = next((p for p in found.partners if p.id == number(partner)), None)
    form = Form()
    if one is not None:
        form = Form({
            "partner": one.id, "partner_name": one.name, "credit_code": one.credit_code or "",
            "contact_name": one.contact_name, "contact_phone": one.contact_phone or "",
        })  # fmt: skip
    return _page(request, session, actor, form)


@router.post("/seasons")
def season(request: Request, session: DbSession, actor: SignedIn, language: Speech, entries: Entries) -> Response:
    """A season."""
    return _saved(request, session, actor, language, entries, "seasons", lambda: office.save_season(
        session, actor, number(entries.get("year", "")) or 0, entries.get("season_name", "")
    ))  # fmt: skip


@router.post("/partners")
def partner(request: Request, session: DbSession, actor: SignedIn, language: Speech, entries: Entries) -> Response:
    """A partner."""
    return _saved(request, session, actor, language, entries, "partners", lambda: office.save_partner(
        session, actor, name=entries.get("partner_name", ""), credit_code=entries.get("credit_code", ""),
        contact_name=entries.get("contact_name", ""), contact_phone=entries.get("contact_phone", ""),
        partner_id=number(entries.get("partner", "")),
    ))  # fmt: skip


@router.post("/days")
def day_off(request: Request, session: DbSession, actor: SignedIn, language: Speech, entries: Entries) -> Response:
    """A holiday or a weekend day that is worked; with `remove` the entry goes."""

    def save() -> object:
        try:
            when = day(entries.get("day", ""))
        except ValueError:
            when = None
        if when is None:
            raise Invalid(FieldProblem("day", "date_malformed"))
        if "remove" in entries:
            office.remove_day(session, actor, when)
            return None
        is_worked = entries.get("is_worked") == "yes"
        return office.save_day(session, actor, when, entries.get("day_name", ""), is_worked=is_worked)

    office.overview(session, actor)
    return _saved(request, session, actor, language, entries, "days", save)


@router.post("/sites/{site_id}")
def site(
    request: Request, session: DbSession, actor: SignedIn, language: Speech, site_id: int, entries: Entries
) -> Response:
    """What parents read of a site."""
    kept = {**entries, "site": str(site_id)}
    return _saved(request, session, actor, language, kept, f"site-{site_id}", lambda: office.save_site_facts(
        session, actor, site_id, serves_lunch="lunch" in entries, offers_nap="nap" in entries,
        public_phone=entries.get("public_phone", ""),
    ))  # fmt: skip


@router.post("/papers")
def papers(session: DbSession, actor: SignedIn, entries: Entries) -> Response:
    """Whether identity papers are collected."""
    office.set_collects_papers(session, actor, collects=entries.get("collects") == "yes")
    return go("/office/programme#papers")


def _saved(
    request: Request, session: Session, actor: Actor, language: Language, entries: Mapping[str, str], where: str,
    save: Callable[[], object],
) -> Response:  # fmt: skip
    try:
        save()
    except Invalid as error:
        kept = {name: shown(value) for name, value in entries.items()}
        return _page(request, session, actor, refused(kept, error, language), status=422)
    return go(f"/office/programme#{where}")


def _page(request: Request, session: Session, actor: Actor, form: Form, *, status: int = 200) -> Response:
    return render(request, "office/programme.html", status=status, form=form, all=office.overview(session, actor))
