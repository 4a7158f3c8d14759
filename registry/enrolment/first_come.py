"""Places given at once, in the order in which the server takes the applications; full class runs have a waitlist."""

from __future__ import annotations

from sqlmodel import Session, col, select

from registry import clock
from registry.enrolment import waitlists
from registry.enrolment.applications import wishes_of
from registry.enrolment.events import note
from registry.enrolment.hands import Holding, class_facts, give, settle, wants
from registry.enrolment.messages import tell
from registry.enrolment.places import take
from registry.enrolment.tables import Application, EnrolmentRound, Place, Wish
from registry.programme import ClassRun


def place_now(session: Session, application: Application, a_round: EnrolmentRound) -> None:
    """Give an application its best wishes that have room, as many as it has seats, never two in one term.

    On the waitlists of all wishes that it would rather have it stands at the end. The caller holds its class runs.
    """
    wishes, terms = wishes_of(session, application), _terms(session, application)
    held: list[Holding] = []
    for wish in wishes:
        term = terms[wish.class_run_id]
        if len(held) < application.seats and term not in {h.term_id for h in held}:
            held += _try(session, application, wish, a_round, term)
    for wish in wishes:
        if wants(held, application.seats, wish.class_run_id, wish.rank, terms[wish.class_run_id]):
            wait(session, application, wish, a_round)
    settle(session, application)
    if not held:
        code = "on_waitlist" if waitlists.entries_of(session, application) else "no_place"
        tell(session, application, code, round=a_round.name)


def _try(
    session: Session, application: Application, wish: Wish, a_round: EnrolmentRound, term_id: int
) -> list[Holding]:
    if not take(session, wish.class_run_id, application.weekdays):
        return []
    return [Holding(placed(session, application, wish, a_round, "first_come"), term_id)]


def placed(session: Session, application: Application, wish: Wish, a_round: EnrolmentRound, source: str) -> Place:
    """A place whose counters were taken, told to the family; to be confirmed where the round says until when."""
    now = clock.now()
    until = a_round.confirm_by if a_round.confirm_by and a_round.confirm_by > now else None
    place = give(session, application, wish.class_run_id, wish.rank, source, now, until)
    facts = {**class_facts(session, wish.class_run_id), "rank": wish.rank}
    facts |= {"until": until.isoformat()} if until else {}
    code = "placed" if until else "placed_for_good"
    note(session, application, code, **facts)
    tell(session, application, code, **facts)
    return place


def wait(session: Session, application: Application, wish: Wish, a_round: EnrolmentRound) -> bool:
    """Stand on the waitlist of a wish; False, and told in the history, where it is full."""
    has_room = waitlists.join(session, application, wish.class_run_id, wish.rank, a_round.waitlist_length)
    code = "waiting" if has_room else "waitlist_full"
    note(session, application, code, **class_facts(session, wish.class_run_id), rank=wish.rank)
    return has_room


def _terms(session: Session, application: Application) -> dict[int, int]:
    wished = select(ClassRun.id, ClassRun.term_id).join(Wish, col(Wish.class_run_id) == ClassRun.id)
    rows = session.exec(wished.where(Wish.application_id == application.id))
    return {run: term for run, term in rows if run is not None}
