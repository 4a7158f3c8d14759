"""A family's applications and the offers it answers; what the office decides of them."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path

from api.access import DESCRIBED, SignedIn
from api.deps import DbSession, Speech
from api.speak import enrolment, placement_reasons
from api.speak.language import Language
from api.v1 import enrolment_models as models
from api.v1.accounts import PERSONAL
from registry import clock
from registry.engine.placements import read_reason
from registry.enrolment.applications import Details, begin, change, of_family
from registry.enrolment.decisions import approve, reject
from registry.enrolment.frozen import class_id
from registry.enrolment.offers import confirm, decline, find_offer, withdraw
from registry.enrolment.receipts import Receipt, WishRow, may_change, receipt
from registry.enrolment.sending import submit
from registry.enrolment.status import StatusLine, status_of
from registry.enrolment.wishes import set_wishes

router = APIRouter(tags=["enrolment"], responses=PERSONAL, dependencies=DESCRIBED)

Number = Annotated[str, Path(max_length=40, description="Number of the receipt.", examples=["572946013"])]
OfferId = Annotated[int, Path(ge=1, le=models.LARGEST_ID)]


@router.get("/applications", summary="The family's applications")
def list_applications(session: DbSession, actor: SignedIn, language: Speech) -> models.Applications:
    """The newest first, each with where it stands."""
    now = clock.now()
    items = [
        models.ApplicationLine(
            number=mine.number, round=its.id or 0, child=child.id or 0, child_name=child.name,
            status=_status(status_of(session, mine, now), language),
        )
        for mine, child, its in of_family(session, actor)
    ]  # fmt: skip
    return models.Applications(items=items)


@router.post("/applications", summary="Begin an application", status_code=201)
def begin_application(
    session: DbSession, actor: SignedIn, language: Speech, given: models.ApplicationIn
) -> models.ApplicationModel:
    """The child's application in the round, a draft where there is none yet."""
    return _told(receipt(session, actor, begin(session, actor, given.round, given.child).number), language)


@router.get("/applications/{number}", summary="An application")
def one_application(session: DbSession, actor: SignedIn, language: Speech, number: Number) -> models.ApplicationModel:
    """Where it stands, its wishes, its history."""
    return _told(receipt(session, actor, number), language)


@router.put("/applications/{number}", summary="Change an application")
def put_application(
    session: DbSession, actor: SignedIn, language: Speech, number: Number, given: models.ApplicationChange
) -> models.ApplicationModel:
    """Wishes and details, all of them; until the round closes."""
    details = Details(tuple(given.weekdays), given.seats, given.together, given.group)
    found = change(session, actor, number, details, given.version)
    set_wishes(session, actor, number, given.wishes, found.version)
    return _told(receipt(session, actor, number), language)


@router.post("/applications/{number}/submit", summary="Send an application")
def submit_application(
    session: DbSession, actor: SignedIn, language: Speech, number: Number, given: models.Sending
) -> models.ApplicationModel:
    """Once; the same key again is answered with the same application."""
    submit(session, actor, number, given.request_key, given.version)
    return _told(receipt(session, actor, number), language)


@router.post("/applications/{number}/withdraw", summary="Withdraw an application")
def withdraw_application(
    session: DbSession, actor: SignedIn, language: Speech, number: Number
) -> models.ApplicationModel:
    """Its places go to the next."""
    withdraw(session, actor, number)
    return _told(receipt(session, actor, number), language)


@router.post("/applications/{number}/approve", summary="Give an application a place in one of its wishes")
def approve_application(session: DbSession, actor: SignedIn, number: Number, given: models.Approval) -> models.Decided:
    """For office and coordinators, in a round by approval; on the waitlist where the class run is full."""
    found = approve(session, actor, number, given.class_run)
    return models.Decided(number=found.number, state=found.status)


@router.post("/applications/{number}/reject", summary="Refuse an application")
def reject_application(session: DbSession, actor: SignedIn, number: Number, given: models.Rejection) -> models.Decided:
    """For office and coordinators, with a reason that the family reads."""
    found = reject(session, actor, number, given.reason)
    return models.Decided(number=found.number, state=found.status)


@router.post("/offers/{offer}/confirm", summary="Take an offered place")
def confirm_offer(session: DbSession, actor: SignedIn, language: Speech, offer: OfferId) -> models.ApplicationModel:
    """What was held for lack of a seat, or in the same term, goes to the next."""
    confirm(session, actor, offer)
    return _told(receipt(session, actor, find_offer(session, actor, offer)[1].number), language)


@router.post("/offers/{offer}/decline", summary="Decline an offered place, or give a confirmed one back")
def decline_offer(session: DbSession, actor: SignedIn, language: Speech, offer: OfferId) -> models.ApplicationModel:
    """It goes to the next."""
    decline(session, actor, offer)
    return _told(receipt(session, actor, find_offer(session, actor, offer)[1].number), language)


def _status(line: StatusLine, language: Language) -> models.StatusModel:
    return models.StatusModel(code=line.code, facts=line.facts, said=enrolment.status(line.code, line.facts, language))


def _told(told: Receipt, language: Language) -> models.ApplicationModel:
    mine = told.application
    unmet = _unmet(told, language)
    events = [
        models.EventModel(at=e.at, code=e.code, said=enrolment.event(e.code, e.facts, language)) for e in told.history
    ]
    return models.ApplicationModel(
        number=mine.number, round=told.round.id or 0, child=told.child.id or 0, child_name=told.child.name,
        version=mine.version, may_change=may_change(told), submitted_at=mine.submitted_at, weekdays=mine.weekdays,
        seats=mine.seats, together=mine.together, group=mine.group_code, group_status=mine.group_status,
        status=_status(told.line, language), wishes=[_wish(w, unmet) for w in told.wishes], history=events,
    )  # fmt: skip


def _wish(wish: WishRow, unmet: dict[int, str]) -> models.WishModel:
    row, place, standing = wish.row, wish.place, wish.standing
    return models.WishModel(
        rank=wish.wish.rank, class_run=row.id, class_name=row.name, site=row.site, term=row.term,
        place=place.status if place else None, offer=place.id if place else None,
        answer_by=place.answer_by if place else None, position=standing.position if standing else None,
        waiting=standing.waiting if standing else None, not_met=unmet.get(row.id),
    )  # fmt: skip


def _unmet(told: Receipt, language: Language) -> dict[int, str]:
    if told.line.reason is None:
        return {}
    comma = "，" if language == "zh" else ", "
    unmet = read_reason(dict(told.line.reason)).unmet
    return {class_id(wish.class_run): placement_reasons.unmet(wish, language, comma) for wish in unmet}
