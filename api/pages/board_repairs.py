"""Repairs of a board: reporting what happened, the repaired draft as a difference, taking it or asking for another."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Path, Query, Request, Response
from pydantic import Field

from api.access import SignedIn
from api.deps import Boards, DbSession, Monday, Speech
from api.pages.reading import go
from api.pages.render import render
from api.searching import LARGEST_ID
from api.speak.web import refusal
from registry.accounts.permissions import Actor
from registry.errors import Conflict, Refused
from registry.repairs import asking, deciding
from registry.repairs.reported import repair_reported, reported
from registry.repairs.work import seconds_for

router = APIRouter(prefix="/board/{week}/repairs", include_in_schema=False)

Number = Annotated[int, Path(ge=1, le=LARGEST_ID)]
Word = Annotated[str, Form(max_length=100)]
People = Annotated[list[Annotated[str, Field(max_length=100)]] | None, Form()]
Weekday = Annotated[int, Form(ge=1, le=7)]
LOOKS_EVERY = 1
"""Seconds until the page of a repair that is being worked out loads itself again."""
MOST_PEOPLE = 60


@router.get("")
def list_repairs(
    request: Request, session: DbSession, actor: SignedIn, week: Monday,
    q: Annotated[str, Query(max_length=100)] = "", volunteer: Annotated[str, Query(max_length=100)] = "",
) -> Response:  # fmt: skip
    """What can be reported, and what was."""
    return _list(request, session, actor, week, q=q, volunteer=volunteer)


@router.post("")
def report(
    request: Request, session: DbSession, actor: SignedIn, week: Monday, language: Speech, kind: Word, first: Weekday,
    last: Weekday, of: Word = "", q: Word = "",
) -> Response:  # fmt: skip
    """Somebody is away, it is too hot, a class closes."""
    try:
        made = asking.report(session, actor, week, [asking.Report(kind, of, first, last)])
    except (Refused, Conflict) as error:
        said = refusal(error.code, error.facts, language)
        return _list(request, session, actor, week, q=q, volunteer=of if kind == "absent" else "", said=said)
    return _to(week, made.id)


@router.post("/answers")
def repair_answers(
    request: Request, session: DbSession, actor: SignedIn, week: Monday, language: Speech, of: People = None
) -> Response:
    """One repair for all who have said that they cannot come, or for those who are named."""
    try:
        made = repair_reported(session, actor, week, of or ())
    except (Refused, Conflict) as error:
        return _list(request, session, actor, week, said=refusal(error.code, error.facts, language))
    return _to(week, made.id)


@router.get("/{repair}")
def one_repair(request: Request, session: DbSession, actor: SignedIn, week: Monday, repair: Number) -> Response:
    """How far it is; then whose week it changes and why."""
    return _one(request, session, actor, week, repair)


@router.post("/{repair}/accept")
def accept(
    request: Request, session: DbSession, boards: Boards, actor: SignedIn, week: Monday, language: Speech,
    repair: Number,
) -> Response:  # fmt: skip
    """Take it onto the board."""
    try:
        deciding.accept_repair(session, boards, actor, week, repair)
    except (Refused, Conflict) as error:
        return _one(request, session, actor, week, repair, said=refusal(error.code, error.facts, language))
    return _to(week, repair)


@router.post("/{repair}/another")
def another(
    request: Request, session: DbSession, actor: SignedIn, week: Monday, language: Speech, repair: Number,
    without: People = None,
) -> Response:  # fmt: skip
    """Another one, which leaves those alone who are ticked."""
    try:
        made = asking.ask_another(session, actor, week, repair, without or ())
    except (Refused, Conflict) as error:
        return _one(request, session, actor, week, repair, said=refusal(error.code, error.facts, language))
    return _to(week, made.id)


@router.post("/{repair}/stop")
def stop(
    request: Request, session: DbSession, actor: SignedIn, week: Monday, language: Speech, repair: Number
) -> Response:
    """The best so far is enough."""
    try:
        deciding.stop_repair(session, actor, week, repair)
    except (Refused, Conflict) as error:
        return _one(request, session, actor, week, repair, said=refusal(error.code, error.facts, language))
    return _to(week, repair)


@router.post("/{repair}/drop")
def drop(
    request: Request, session: DbSession, actor: SignedIn, week: Monday, language: Speech, repair: Number
) -> Response:
    """Put it aside."""
    try:
        deciding.drop_repair(session, actor, week, repair)
    except (Refused, Conflict) as error:
        return _one(request, session, actor, week, repair, said=refusal(error.code, error.facts, language))
    return _to(week, None)


def _to(week: Monday, repair: int | None) -> Response:
    return go(f"/board/{week}/repairs" if repair is None else f"/board/{week}/repairs/{repair}")


def _list(
    request: Request, session: DbSession, actor: Actor, week: Monday, *, q: str = "", volunteer: str = "",
    said: str | None = None,
) -> Response:  # fmt: skip
    choices = asking.choices(session, actor, week, q, volunteer)
    repairs = asking.repairs_of(session, actor, week)
    return render(
        request, "board/repairs.html", status=200 if said is None else 422, week=week, choices=choices,
        repairs=repairs, q=q, volunteer=volunteer, said=said, reported=reported(session, actor, week),
    )  # fmt: skip


def _one(
    request: Request, session: DbSession, actor: Actor, week: Monday, repair: int, *, said: str | None = None
) -> Response:
    it = deciding.see_repair(session, actor, week, repair)
    return render(
        request, "board/repair.html", status=200 if said is None else 409, week=week, it=it, said=said,
        seconds=seconds_for(it.repair), looks_every=LOOKS_EVERY, most=MOST_PEOPLE,
    )  # fmt: skip
