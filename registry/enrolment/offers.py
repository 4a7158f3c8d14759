"""Offers from the waitlist, and what a family answers: confirm, decline, let it expire, give a place back, withdraw.

A free place is offered at once to the first who waits, wants it and can take it on all weekdays; its counters are
taken with the offer, so that it cannot be promised twice. Who is next follows `scheduler/placement/after.py`: whoever
would not give up what is held is passed over, and so is whoever's leaving would take another class run below its
minimum; a family that is placed together or not at all is asked together (`together.py`). Each step is one unit of
work, in which the class runs of the application are held.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import func
from sqlmodel import Session, col, select

from registry import clock
from registry.accounts.permissions import Action, Actor, require
from registry.db import Sessions
from registry.enrolment import waitlists
from registry.enrolment.applications import find
from registry.enrolment.claims import subject_of_application
from registry.enrolment.events import note
from registry.enrolment.hands import Holding, class_facts, give, given_up, hand, hold, round_of, settle, wants
from registry.enrolment.messages import tell
from registry.enrolment.places import lock, release
from registry.enrolment.rounds import LARGEST_ID
from registry.enrolment.tables import Application, ApplicationStatus, Place, PlaceStatus, RoundClass, WaitlistEntry
from registry.enrolment.together import steps_for
from registry.errors import Conflict, NotFound
from registry.families.reads import HELD
from registry.programme import ClassRun, Term


def offer_next(session: Session, class_run_id: int) -> Place | None:
    """Offer a free place of a class run to whoever is next; None where there is no place, nobody, or no time left.

    The caller holds the class run.
    """
    term = session.exec(
        select(Term).join(ClassRun, col(ClassRun.term_id) == Term.id).where(ClassRun.id == class_run_id)
    ).one()
    if term.ends_on < clock.today():
        return None
    for entry in waitlists.in_line(session, class_run_id):
        application = session.get_one(Application, entry.application_id, populate_existing=True)
        held = hand(session, application)
        if not wants(held, application.seats, class_run_id, entry.rank, term.id or 0):
            continue
        if _is_needed(session, application, given_up(held, application.seats, term.id or 0)):
            continue
        steps = steps_for(session, application, entry, held)
        if steps:
            made = [_offer(session, step.application, step.entry) for step in steps]
            return made[0]
    return None


def _is_needed(session: Session, application: Application, left: Holding | None) -> bool:
    """Whether leaving this place would take its class run below its minimum."""
    if left is None:
        return False
    run = left.place.class_run_id
    known = session.get(RoundClass, (application.round_id, run))
    here = select(func.count()).select_from(Place).where(Place.class_run_id == run, col(Place.status).in_(HELD))
    return known is not None and session.exec(here).one() == known.min_to_open


def _offer(session: Session, application: Application, entry: WaitlistEntry) -> Place:
    now = clock.now()
    until = now + timedelta(hours=round_of(session, application).offer_hours)
    waitlists.mark(session, entry, waitlists.OFFERED)
    place = give(session, application, entry.class_run_id, entry.rank, "waitlist", now, until)
    settle(session, application)
    facts = {**class_facts(session, entry.class_run_id), "rank": entry.rank, "until": until.isoformat()}
    note(session, application, "offered", **facts)
    tell(session, application, "offered", **facts)
    return place


def fill(session: Session, class_run_id: int) -> int:
    """Offer every free place of a class run as long as somebody can take it; answers how many were offered."""
    lock(session, [class_run_id])
    offered = 0
    while offer_next(session, class_run_id) is not None:
        offered += 1
    return offered


def find_offer(session: Session, actor: Actor, place_id: int) -> tuple[Place, Application]:
    """A place of the actor's family, to be answered.

    Raises:
        NotFound: `offer_unknown`, also for another family's.
    """
    unknown = NotFound("offer_unknown", offer=place_id)
    place = session.get(Place, place_id) if 0 < place_id <= LARGEST_ID else None
    if place is None:
        raise unknown
    application = session.get_one(Application, place.application_id)
    require(actor, Action.ANSWER_OFFER, subject_of_application(session, application), otherwise=unknown)
    return place, application


def confirm(session: Session, actor: Actor, place_id: int) -> Place:
    """Take an offered place. What was held for lack of a seat or in the same term is given back, and offered on.

    Answering yes again changes nothing.

    Raises:
        NotFound: `offer_unknown`. Conflict: `offer_expired`, `offer_gone`.
    """
    place, application = _to_answer(session, actor, place_id)
    if place.status == PlaceStatus.CONFIRMED:
        return place
    _must_be_open(place)
    term_id = session.get_one(ClassRun, place.class_run_id).term_id
    others = [holding for holding in hand(session, application) if holding.place.id != place.id]
    left = given_up(others, application.seats, term_id)
    place.status, place.answered_at = PlaceStatus.CONFIRMED.value, clock.now()
    session.add(place)
    _mark_entry(session, place, waitlists.PLACED)
    note(session, application, "confirmed", actor, **class_facts(session, place.class_run_id), rank=place.rank)
    if left is not None:
        _leave(session, application, left.place, PlaceStatus.GIVEN_BACK, "left_for_better", actor)
    _stop_waiting(session, application)
    settle(session, application)
    tell(session, application, "confirmed", **class_facts(session, place.class_run_id))
    return place


def decline(session: Session, actor: Actor, place_id: int) -> Place:
    """Say no to an offer, or give a confirmed place back; it is offered to the next at once. Twice is as once.

    Raises:
        NotFound: `offer_unknown`. Conflict: `offer_expired`.
    """
    place, application = _to_answer(session, actor, place_id)
    if place.status in (PlaceStatus.DECLINED, PlaceStatus.GIVEN_BACK):
        return place
    if place.status == PlaceStatus.CONFIRMED:
        _leave(session, application, place, PlaceStatus.GIVEN_BACK, "given_back", actor)
    else:
        _must_be_open(place)
        _leave(session, application, place, PlaceStatus.DECLINED, "declined", actor)
    settle(session, application)
    return place


def withdraw(session: Session, actor: Actor, number: str) -> Application:
    """Take an application back: places are free again and offered on, waitlists are left. Twice is as once.

    Raises:
        NotFound: `application_unknown`. Conflict: `too_late` where the child has attended already.
    """
    found = hold(session, find(session, actor, number, Action.APPLY))
    if found.status == ApplicationStatus.WITHDRAWN:
        return found
    if found.status in (ApplicationStatus.ATTENDING, ApplicationStatus.COMPLETED, ApplicationStatus.NO_SHOW):
        raise Conflict("too_late", number=found.number)
    for entry in waitlists.entries_of(session, found):
        waitlists.mark(session, entry, waitlists.LEFT)
    found.status = ApplicationStatus.WITHDRAWN.value
    note(session, found, "withdrawn", actor)
    for holding in hand(session, found):
        _leave(session, found, holding.place, PlaceStatus.GIVEN_BACK, "given_back", actor)
    found.version += 1
    found.changed_at = clock.now()
    session.add(found)
    session.flush()
    return found


def expire_offers(sessions: Sessions, now: datetime) -> int:
    """Offers whose time is over at `now` are offered on, each in a unit of work of its own; answers how many were."""
    with sessions() as session:
        over = select(Place.id).where(Place.status == PlaceStatus.OFFERED.value, col(Place.answer_by) <= now)
        ids = session.exec(over.order_by(col(Place.answer_by), col(Place.id))).all()
    expired = 0
    for place_id in ids:
        with sessions(is_writing=True) as session:
            expired += _expire(session, place_id or 0, now)
    return expired


def _expire(session: Session, place_id: int, now: datetime) -> bool:
    place = session.get_one(Place, place_id)
    application = hold(session, session.get_one(Application, place.application_id))
    session.refresh(place)
    if place.status != PlaceStatus.OFFERED or place.answer_by is None or place.answer_by > now:
        return False
    _leave(session, application, place, PlaceStatus.EXPIRED, "expired", None)
    settle(session, application)
    tell(session, application, "expired", **class_facts(session, place.class_run_id))
    return True


def _to_answer(session: Session, actor: Actor, place_id: int) -> tuple[Place, Application]:
    place, application = find_offer(session, actor, place_id)
    application = hold(session, application)
    session.refresh(place)
    return place, application


def _must_be_open(place: Place) -> None:
    if place.status == PlaceStatus.EXPIRED or (place.answer_by is not None and place.answer_by <= clock.now()):
        raise Conflict("offer_expired", answer_by=place.answer_by)
    if place.status != PlaceStatus.OFFERED:
        raise Conflict("offer_gone", offer=place.id)


def _leave(
    session: Session, application: Application, place: Place, status: PlaceStatus, code: str, actor: Actor | None
) -> None:
    """A place is given up: its counters are free, its waitlist entry is over, and it is offered to the next."""
    place.status, place.answered_at = status.value, clock.now()
    session.add(place)
    session.flush()
    _mark_entry(session, place, waitlists.LEFT)
    release(session, place.class_run_id, application.weekdays)
    note(session, application, code, actor, **class_facts(session, place.class_run_id), rank=place.rank)
    offer_next(session, place.class_run_id)


def _mark_entry(session: Session, place: Place, state: str) -> None:
    entry = waitlists.entry_of(session, place.application_id, place.class_run_id)
    if entry is not None:
        waitlists.mark(session, entry, state)


def _stop_waiting(session: Session, application: Application) -> None:
    """Leave the waitlists of class runs that are no longer wanted beside or instead of what is held."""
    held = hand(session, application)
    for entry in waitlists.entries_of(session, application):
        term_id = session.get_one(ClassRun, entry.class_run_id).term_id
        if not wants(held, application.seats, entry.class_run_id, entry.rank, term_id):
            waitlists.mark(session, entry, waitlists.LEFT)
