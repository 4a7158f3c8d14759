"""The office's pages of rounds: made, changed, their classes chosen, announced, called off, and how they stand."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from sqlmodel import Session

from api.access import SignedIn
from api.deps import DbSession, Speech
from api.pages.forms import Form, refused
from api.pages.reading import go, number, shown
from api.pages.render import render
from registry.accounts.permissions import ANYWHERE, Action, Actor, may, require
from registry.clock import SHANGHAI
from registry.enrolment import desk
from registry.enrolment.round_checks import FAMILIES, ORDERS
from registry.enrolment.round_classes import ClassInput, season_lines, set_classes
from registry.enrolment.rounds import RoundInput, announce_round, cancel_round, change_round, create_round, find_round
from registry.enrolment.tables import EnrolmentRound, Mode
from registry.errors import FieldProblem, Invalid, NotFound
from registry.programme_office import seasons

router = APIRouter(prefix="/office/rounds", include_in_schema=False)

NUMBERS = ("season", "offer_hours", "most_wishes", "most_seats", "waitlist_length")
MOMENTS = ("opens_at", "closes_at", "confirm_by")
MOST_FIELDS = 5000
"""Of the form of classes: 350 class runs with three fields each, and far more."""


async def read_entries(request: Request) -> dict[str, str]:
    """The fields of a form by their names; files and repeated fields are passed over."""
    form = await request.form(max_fields=MOST_FIELDS, max_files=0)
    return {name: value for name, value in form.items() if isinstance(value, str)}


Entries = Annotated[dict[str, str], Depends(read_entries)]


@router.get("")
def list_rounds(request: Request, session: DbSession, actor: SignedIn) -> Response:
    """Every round, and its next step."""
    lines = desk.round_lines(session, actor)
    return render(request, "office/rounds.html", lines=lines, may_manage=may(actor, Action.MANAGE_ROUNDS, ANYWHERE))


@router.get("/new")
def new_round(request: Request, session: DbSession, actor: SignedIn) -> Response:
    """An empty form."""
    require(actor, Action.MANAGE_ROUNDS, ANYWHERE)
    return _form(request, session, Form(_defaults(session)))


@router.post("/new")
def create(request: Request, session: DbSession, actor: SignedIn, language: Speech, entries: Entries) -> Response:
    """Make a round; then its classes are chosen."""
    try:
        made = create_round(session, actor, round_input(entries))
    except Invalid as error:
        return _form(request, session, refused(_kept(entries), error, language), status=422)
    except NotFound as error:
        known = Invalid(FieldProblem("season", "choose_one"))
        if error.code != "season_unknown":
            raise
        return _form(request, session, refused(_kept(entries), known, language), status=422)
    return go(f"/office/rounds/{made.id}/classes")


@router.get("/{round_id}")
def one_round(request: Request, session: DbSession, actor: SignedIn, round_id: int) -> Response:
    """How a round stands, by site and class."""
    found = desk.overview(session, actor, round_id)
    return render(
        request, "office/round.html", overview=found, line=found.line, round=found.line.round,
        may_manage=may(actor, Action.MANAGE_ROUNDS, ANYWHERE), may_ask=may(actor, Action.ASK_EXPORT),
    )  # fmt: skip


@router.get("/{round_id}/edit")
def edit_round(request: Request, session: DbSession, actor: SignedIn, round_id: int) -> Response:
    """The form as the round stands."""
    require(actor, Action.MANAGE_ROUNDS, ANYWHERE)
    found = find_round(session, round_id)
    return _form(request, session, Form(_as_entered(found)), found)


@router.post("/{round_id}/edit")
def change(
    request: Request, session: DbSession, actor: SignedIn, language: Speech, round_id: int, entries: Entries
) -> Response:
    """Change a round that is not announced."""
    require(actor, Action.MANAGE_ROUNDS, ANYWHERE)
    found = find_round(session, round_id)
    entries["season"] = str(found.season)
    try:
        change_round(session, actor, round_id, round_input(entries))
    except Invalid as error:
        return _form(request, session, refused(_kept(entries), error, language), found, status=422)
    return go(f"/office/rounds/{round_id}")


@router.get("/{round_id}/classes")
def classes(request: Request, session: DbSession, actor: SignedIn, round_id: int) -> Response:
    """The class runs of the season, those of the round ticked; of a round without any all of them."""
    return _classes(request, session, actor, round_id, Form())


@router.post("/{round_id}/classes")
def choose(
    request: Request, session: DbSession, actor: SignedIn, language: Speech, round_id: int, entries: Entries
) -> Response:
    """Choose the class runs with their places."""
    require(actor, Action.MANAGE_ROUNDS, ANYWHERE)
    try:
        set_classes(session, actor, round_id, _chosen(entries))
    except Invalid as error:
        placed = [dataclasses.replace(p, field=f"places_{p.facts.get('class_run', '')}") for p in error.problems]
        return _classes(request, session, actor, round_id, refused(_kept(entries), Invalid(*placed), language), 422)
    return go(f"/office/rounds/{round_id}")


@router.get("/{round_id}/announce")
def ask_to_announce(request: Request, session: DbSession, actor: SignedIn, round_id: int) -> Response:
    """What everybody will see."""
    require(actor, Action.MANAGE_ROUNDS, ANYWHERE)
    found = desk.overview(session, actor, round_id)
    return render(request, "office/round_announce.html", overview=found, line=found.line, round=found.line.round)


@router.post("/{round_id}/announce")
def announce(session: DbSession, actor: SignedIn, round_id: int) -> Response:
    """Announce it."""
    announce_round(session, actor, round_id)
    return go(f"/office/rounds/{round_id}")


@router.get("/{round_id}/cancel")
def ask_to_cancel(request: Request, session: DbSession, actor: SignedIn, round_id: int) -> Response:
    """What calling it off means."""
    require(actor, Action.MANAGE_ROUNDS, ANYWHERE)
    found = desk.overview(session, actor, round_id)
    return render(request, "office/round_cancel.html", line=found.line, round=found.line.round)


@router.post("/{round_id}/cancel")
def cancel(session: DbSession, actor: SignedIn, round_id: int) -> Response:
    """Call it off."""
    cancel_round(session, actor, round_id)
    return go(f"/office/rounds/{round_id}")


def round_input(entries: Mapping[str, str]) -> RoundInput:
    """A round out of a form: times are Shanghai's.

    Raises:
        Invalid: with every field that is no number or no time; the rules of a round are the registry's.
    """
    problems, values = list[FieldProblem](), dict[str, object]()
    for name in NUMBERS:
        values[name] = number(entries.get(name, "").strip())
        if values[name] is None:
            problems.append(FieldProblem(name, "number_malformed" if name != "season" else "choose_one"))
    for name in MOMENTS:
        text = entries.get(name, "").strip()
        values[name] = _moment(text)
        if values[name] is None and (text or name != "confirm_by"):
            problems.append(FieldProblem(name, "moment_malformed"))
    if problems:
        raise Invalid(*problems)
    texts = ("name", "mode", "order", "families", "notes_zh", "notes_en", "seed_event")
    return RoundInput(**values, **{name: entries.get(name, "") for name in texts})  # type: ignore[arg-type]


def _moment(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text[:25]).replace(tzinfo=SHANGHAI)
    except ValueError:
        return None


def _chosen(entries: Mapping[str, str]) -> list[ClassInput]:
    ticked = [n for name in entries if name.startswith("in_") and (n := number(name[3:])) is not None]

    def entered(name: str) -> int:
        value = number(entries.get(name, "").strip())
        return -1 if value is None else value

    return [ClassInput(n, entered(f"places_{n}"), entered(f"least_{n}")) for n in sorted(ticked)]


def _kept(entries: Mapping[str, str]) -> dict[str, object]:
    return {name: shown(value) for name, value in entries.items()}


def _defaults(session: Session) -> dict[str, object]:
    known = seasons(session)
    usual = {f.name: f.default for f in dataclasses.fields(RoundInput) if f.default is not dataclasses.MISSING}
    return {**usual, "confirm_by": "", "mode": Mode.LOTTERY.value, "season": known[0].year if known else ""}


def _as_entered(found: EnrolmentRound) -> dict[str, object]:
    values = {f.name: getattr(found, f.name) for f in dataclasses.fields(RoundInput)}
    moments = {m: values[m].astimezone(SHANGHAI).strftime("%Y-%m-%dT%H:%M") if values[m] else "" for m in MOMENTS}
    return {**values, **moments, "seed_event": found.seed_event or ""}


def _form(
    request: Request, session: Session, form: Form, found: EnrolmentRound | None = None, *, status: int = 200
) -> Response:
    return render(
        request, "office/round_form.html", status=status, form=form, round=found, seasons=seasons(session),
        modes=[mode.value for mode in Mode], orders=ORDERS, families=FAMILIES,
    )  # fmt: skip


def _classes(
    request: Request, session: Session, actor: Actor, round_id: int, form: Form, status: int = 200
) -> Response:
    require(actor, Action.MANAGE_ROUNDS, ANYWHERE)
    found = find_round(session, round_id)
    lines = season_lines(session, found)
    return render(
        request, "office/round_classes.html", status=status, form=form, round=found, lines=lines,
        sites=list(dict.fromkeys(line.site for line in lines)),
    )  # fmt: skip
