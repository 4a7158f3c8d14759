"""Rounds in which the office decides: an application gets a place, a place on the waitlist, or a reason why not."""

from __future__ import annotations

from sqlmodel import Session

from registry.accounts.permissions import Action, Actor, Subject, require
from registry.enrolment import waitlists
from registry.enrolment.applications import SUBMITTED, find, wishes_of
from registry.enrolment.events import note
from registry.enrolment.first_come import placed, wait
from registry.enrolment.hands import given_up, hand, hold, round_of, settle
from registry.enrolment.messages import tell
from registry.enrolment.places import take
from registry.enrolment.tables import Application, ApplicationStatus, Mode
from registry.errors import Conflict, FieldProblem, Invalid, NotFound
from registry.programme import ClassRun

LONGEST_REASON = 500
UNDECIDED = (SUBMITTED, ApplicationStatus.ELIGIBLE.value, ApplicationStatus.WAITLISTED.value)


def approve(session: Session, actor: Actor, number: str, class_run_id: int) -> Application:
    """Give an application a place in one of its wishes, or where that is full a place on its waitlist.

    Raises:
        NotFound: `application_unknown`; `wish_unknown` for a class run that it does not wish for.
        NotAllowed: where the class run is at a site that the actor does not coordinate.
        Conflict: `not_by_approval`; `already_decided`.
    """
    found = _to_decide(session, actor, number)
    wish = next((wish for wish in wishes_of(session, found) if wish.class_run_id == class_run_id), None)
    if wish is None:
        raise NotFound("wish_unknown", class_run=class_run_id)
    run = session.get_one(ClassRun, class_run_id)
    require(actor, Action.DECIDE_APPLICATION, Subject(site_ids=frozenset({run.site_id})))
    if given_up(hand(session, found), found.seats, run.term_id) is not None:
        raise Conflict("already_decided", number=found.number)
    a_round = round_of(session, found)
    if take(session, class_run_id, found.weekdays):
        placed(session, found, wish, a_round, "approval")
    elif wait(session, found, wish, a_round):
        tell(session, found, "on_waitlist", round=a_round.name)
    settle(session, found)
    note(session, found, "decided", actor)
    return found


def reject(session: Session, actor: Actor, number: str, reason: str) -> Application:
    """Refuse an application, with a reason that the family reads. It leaves its waitlists.

    Raises:
        NotFound: `application_unknown`. Invalid: at `reason`. Conflict: `already_decided` where it holds a place.
    """
    reason = reason.strip()
    if not reason:
        raise Invalid(FieldProblem("reason", "needed"))
    if len(reason) > LONGEST_REASON:
        raise Invalid(FieldProblem("reason", "too_long", {"limit": LONGEST_REASON, "length": len(reason)}))
    found = _to_decide(session, actor, number, any_mode=True)
    if hand(session, found):
        raise Conflict("already_decided", number=found.number)
    for entry in waitlists.entries_of(session, found):
        waitlists.mark(session, entry, waitlists.LEFT)
    found.status, found.rejected_because = ApplicationStatus.REJECTED.value, reason
    session.add(found)
    note(session, found, "rejected", actor, reason=reason)
    tell(session, found, "rejected")
    session.flush()
    return found


def _to_decide(session: Session, actor: Actor, number: str, *, any_mode: bool = False) -> Application:
    found = hold(session, find(session, actor, number, Action.DECIDE_APPLICATION))
    if round_of(session, found).mode != Mode.APPROVAL and not any_mode:
        raise Conflict("not_by_approval", number=found.number)
    if found.status not in (*UNDECIDED, ApplicationStatus.PLACED, ApplicationStatus.CONFIRMED):
        raise Conflict("already_decided", number=found.number)
    return found
