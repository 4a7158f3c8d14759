"""A family's application on a phone: wishes, a look over it, sending, the receipt, and what follows. No JavaScript.

What is refused is said at the top of the page it was asked on, and everything that was entered is kept.
"""

from __future__ import annotations

import secrets
from typing import Annotated, Any

from fastapi import APIRouter, Form, Path, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from api.access import SignedIn
from api.deps import DbSession, language_of
from api.pages.enrol import PageNumber, RoundId, found_classes, own_children
from api.pages.render import render
from api.searching import LARGEST_ID
from api.speak import fields, placement_reasons, web
from registry import clock
from registry.accounts.permissions import Actor
from registry.engine.placements import read_reason
from registry.enrolment.applications import Details, begin, change, find, siblings
from registry.enrolment.claims import groups
from registry.enrolment.frozen import class_id
from registry.enrolment.offers import confirm, decline, find_offer, withdraw
from registry.enrolment.receipts import Receipt, may_change, receipt
from registry.enrolment.rounds import phase
from registry.enrolment.search import grade_in
from registry.enrolment.sending import submit
from registry.enrolment.wishes import add_wish, copy_wishes, move_wish, remove_wish
from registry.errors import Conflict, Invalid, NotFound, Refused, RegistryError
from registry.privacy.consents import missing, texts_now

router = APIRouter(prefix="/enrol", include_in_schema=False)

Number = Annotated[str, Path(max_length=40)]
Id = Annotated[int, Form(ge=1, le=LARGEST_ID)]
Version = Annotated[int, Form(ge=0, le=LARGEST_ID)]
EXPECTED = (Invalid, Refused, Conflict)
STATUS = {Invalid: 422, Refused: 422, Conflict: 409}


@router.post("/rounds/{round_id}/start")
def start(session: DbSession, actor: SignedIn, round_id: RoundId, child: Id) -> Response:
    """Begin, or go on with, the application of a child."""
    return _to(begin(session, actor, round_id, child).number, "/wishes")


@router.get("/applications/{number}/wishes")
def wishes(request: Request, session: DbSession, actor: SignedIn, number: Number, page: PageNumber = 1) -> HTMLResponse:
    """The wish list, and the class runs that fit the child to choose from."""
    return _wishes_page(request, session, actor, number, page)


@router.post("/applications/{number}/wishes")
def change_wishes(
    request: Request,
    session: DbSession,
    actor: SignedIn,
    number: Number,
    do: Annotated[str, Form(max_length=10)],
    class_run: Id = 1,
    version: Version = 0,
    sibling: Annotated[str, Form(max_length=40)] = "",
    back: Annotated[str, Form(max_length=500)] = "",
) -> Response:
    """One button of the wish list."""
    try:
        match do:
            case "add":
                add_wish(session, actor, number, class_run)
            case "remove":
                remove_wish(session, actor, number, class_run)
            case "up" | "down":
                move_wish(session, actor, number, class_run, -1 if do == "up" else 1, version)
            case "copy":
                left = copy_wishes(session, actor, number, sibling)[1]
                if left:  # What fits is kept, and the page says how much did not.
                    return _wishes_page(request, session, actor, number, 1, Conflict("wishes_left_out", n=left))
            case _:
                raise NotFound("page_unknown", path=do)
    except EXPECTED as error:
        return _wishes_page(request, session, actor, number, 1, error)
    return _to(number, f"/wishes{back if back.startswith('?') else ''}#wishes")


def _wishes_page(
    request: Request, session: DbSession, actor: Actor, number: str, page: int, error: RegistryError | None = None
) -> HTMLResponse:
    told = receipt(session, actor, number, with_all_classes=True)
    grade = grade_in(told.round.season, told.child.entry_year)
    return render(
        request, "enrol/wishes.html", status=_status(error), told=told, grade=grade, problem=_said(request, error),
        chosen={wish.row.id for wish in told.wishes}, siblings=siblings(session, told.application),
        open=may_change(told), **found_classes(request, session, told.round, page, grade, told.classes),
    )  # fmt: skip


@router.get("/applications/{number}/review")
def review(request: Request, session: DbSession, actor: SignedIn, number: Number) -> HTMLResponse:
    """All of it once more before it is sent."""
    return _review_page(request, session, actor, number)


@router.post("/applications/{number}/submit")
def send(
    request: Request,
    session: DbSession,
    actor: SignedIn,
    number: Number,
    request_key: Annotated[str, Form()] = "",
    version: Version = 0,
    weekdays: Annotated[list[int] | None, Form()] = None,
    seats: Annotated[int, Form(ge=0, le=99)] = 1,
    together: Annotated[str, Form(max_length=5)] = "",
    group: Annotated[str, Form()] = "",
) -> Response:
    """Send it, or send its changes. The same form sent again leads to the same receipt."""
    details = Details(tuple(weekdays or ()), seats, bool(together), group or None)
    try:
        found = find(session, actor, number)
        if found.status == "submitted" and found.request_key != request_key:
            change(session, actor, number, details, version)
        else:
            submit(session, actor, number, request_key, version, details)
    except Conflict as error:
        if error.code == "already_sent":
            return _to(number, "/receipt")
        return _review_page(request, session, actor, number, error)
    except (Invalid, Refused) as error:
        return _review_page(request, session, actor, number, error, details)
    return _to(number, "/receipt")


def _review_page(
    request: Request, session: DbSession, actor: Actor, number: str, error: RegistryError | None = None,
    typed: Details | None = None,
) -> HTMLResponse:  # fmt: skip
    told = receipt(session, actor, number)
    mine = told.application
    kept = Details(tuple(mine.weekdays), mine.seats, mine.together, mine.group_code)
    return render(
        request, "enrol/review.html", status=_status(error), told=told, details=typed or kept,
        grade=grade_in(told.round.season, told.child.entry_year), problem=_said(request, error),
        wrong=_wrong(request, error), groups=groups(session), open_items=missing(session, told.child.id or 0),
        asks=bool(texts_now(session)), request_key=secrets.token_urlsafe(16), siblings=siblings(session, mine),
        open=may_change(told), phase=phase(told.round, clock.now()),
    )  # fmt: skip


@router.get("/applications/{number}/receipt")
def the_receipt(request: Request, session: DbSession, actor: SignedIn, number: Number) -> HTMLResponse:
    """The receipt, to keep or print."""
    told = receipt(session, actor, number)
    return render(request, "enrol/receipt.html", told=told, siblings=_others(session, actor, told))


@router.get("/applications/{number}")
def application(request: Request, session: DbSession, actor: SignedIn, number: Number) -> HTMLResponse:
    """Where it stands, and what can be done."""
    return _status_page(request, session, actor, number)


def _status_page(
    request: Request, session: DbSession, actor: Actor, number: str, error: RegistryError | None = None
) -> HTMLResponse:
    told = receipt(session, actor, number)
    return render(
        request, "enrol/application.html", status=_status(error), told=told, open=may_change(told),
        problem=_said(request, error), reasons=_reasons(request, told),
    )  # fmt: skip


def _reasons(request: Request, told: Receipt) -> dict[int, str]:
    """Why each wish was not met, by class run, as the published draw says it."""
    if told.line.reason is None:
        return {}
    language = language_of(request)
    comma = "，" if language == "zh" else ", "
    unmet = read_reason(dict(told.line.reason)).unmet
    return {class_id(wish.class_run): placement_reasons.unmet(wish, language, comma) for wish in unmet}


@router.get("/applications/{number}/withdraw")
def ask_withdraw(request: Request, session: DbSession, actor: SignedIn, number: Number) -> HTMLResponse:
    """Whether it is meant."""
    return render(request, "enrol/withdraw.html", told=receipt(session, actor, number), place=None)


@router.post("/applications/{number}/withdraw")
def do_withdraw(request: Request, session: DbSession, actor: SignedIn, number: Number) -> Response:
    """Take it back."""
    try:
        return _to(withdraw(session, actor, number).number)
    except Conflict as error:
        return _status_page(request, session, actor, number, error)


@router.post("/offers/{place_id}/confirm")
def do_confirm(request: Request, session: DbSession, actor: SignedIn, place_id: RoundId) -> Response:
    """Take an offered place."""
    return _answer(request, session, actor, place_id, confirm)


@router.get("/offers/{place_id}/decline")
def ask_decline(request: Request, session: DbSession, actor: SignedIn, place_id: RoundId) -> HTMLResponse:
    """Whether it is meant: a place that is declined is gone."""
    place, mine = find_offer(session, actor, place_id)
    return render(request, "enrol/withdraw.html", told=receipt(session, actor, mine.number), place=place)


@router.post("/offers/{place_id}/decline")
def do_decline(request: Request, session: DbSession, actor: SignedIn, place_id: RoundId) -> Response:
    """Say no to an offered place, or give a confirmed one back."""
    return _answer(request, session, actor, place_id, decline)


def _answer(request: Request, session: DbSession, actor: Actor, place_id: int, act: Any) -> Response:
    _, mine = find_offer(session, actor, place_id)
    try:
        act(session, actor, place_id)
    except Conflict as error:
        return _status_page(request, session, actor, mine.number, error)
    return _to(mine.number)


def _others(session: DbSession, actor: Actor, told: Receipt) -> list[Any]:
    """Children of the family without an application in this round: the next to be entered."""
    return [
        each for each in own_children(session, actor, told.round)
        if each["application"] is None or each["application"].status == "draft"
    ]  # fmt: skip


def _to(number: str, rest: str = "") -> RedirectResponse:
    return RedirectResponse(f"/enrol/applications/{number}{rest}", 303)


def _status(error: RegistryError | None) -> int:
    return next((code for kind, code in STATUS.items() if isinstance(error, kind)), 200)


def _said(request: Request, error: RegistryError | None) -> str:
    """What is said at the top of the page."""
    if error is None:
        return ""
    language = language_of(request)
    if isinstance(error, Invalid):
        return " ".join(
            fields.sentence(p.code, p.facts, language) for p in error.problems if p.field in ("wishes", "request_key")
        )
    return web.refusal(error.code, error.facts, language)


def _wrong(request: Request, error: RegistryError | None) -> dict[str, str]:
    """What is said beside each field."""
    problems = error.problems if isinstance(error, Invalid) else ()
    return {p.field: fields.sentence(p.code, p.facts, language_of(request)) for p in problems}
