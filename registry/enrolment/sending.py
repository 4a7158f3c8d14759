"""Sending an application: once, however often the button is tapped, the answer lost or the form sent again."""

from __future__ import annotations

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from registry import clock
from registry.accounts.permissions import Action, Actor
from registry.enrolment.applications import (
    DRAFT,
    SUBMITTED,
    Details,
    check_details,
    find,
    locked,
    require_time,
    set_details,
    touch,
    wishes_of,
)
from registry.enrolment.events import note
from registry.enrolment.first_come import place_now
from registry.enrolment.hands import hold, round_of
from registry.enrolment.messages import tell
from registry.enrolment.tables import Application, Mode
from registry.enrolment.wishes import check_wishes
from registry.errors import Conflict, FieldProblem, Invalid, Refused
from registry.privacy.consents import missing

SHORTEST_KEY, LONGEST_KEY = 8, 64


def submit(
    session: Session, actor: Actor, number: str, request_key: str, version: int | None = None,
    details: Details | None = None,
) -> Application:  # fmt: skip
    """Send an application, with the details as they stand in the form where it has any.

    `request_key` was made with the form. The same key is answered with the same application, whatever happened to
    the first answer. Places that are given at once are given here.

    Raises:
        NotFound: `application_unknown`. Invalid: at `request_key`, `wishes`, `weekdays`, `seats`, `group`.
        Conflict: `already_sent` for another key; `round_not_open`, `round_closed`, `round_cancelled`;
            `changed_elsewhere`; `request_key_used` for a key of another application.
        Refused: `consents_missing`, with the items that a guardian still has to answer, or answered with no although
            they are needed.
    """
    if (
        not SHORTEST_KEY <= len(request_key) <= LONGEST_KEY
        or not request_key.isascii()
        or not request_key.isprintable()
    ):
        raise Invalid(FieldProblem("request_key", "request_key_malformed"))
    found = find(session, actor, number, Action.APPLY)
    a_round = round_of(session, found)
    found = hold(session, found) if a_round.mode == Mode.FIRST_COME else locked(session, found)
    if found.status != DRAFT:
        if found.request_key == request_key:
            return found
        raise Conflict("already_sent", number=found.number)
    now = clock.now()
    require_time(a_round, now, sending=True)
    if version is not None and version != found.version:
        raise Conflict("changed_elsewhere", number=found.number)
    if details is not None:
        check_details(session, a_round, details)
        if set_details(found, details):
            touch(session, found)
    _check(session, found)
    _send(session, found, request_key)
    note(session, found, "sent", actor, wishes=[wish.class_run_id for wish in wishes_of(session, found)])
    if a_round.mode == Mode.FIRST_COME:
        place_now(session, found, a_round)
    else:
        tell(session, found, "received", round=a_round.name)
    return found


def _check(session: Session, found: Application) -> None:
    ids = [wish.class_run_id for wish in wishes_of(session, found)]
    if not ids:
        raise Invalid(FieldProblem("wishes", "wish_needed"))
    check_wishes(session, found, ids)
    open_items = missing(session, found.child_id)
    if open_items:
        raise Refused("consents_missing", child=found.child_id, items=[item.value for item in open_items])


def _send(session: Session, found: Application, request_key: str) -> None:
    used = select(Application.id).where(Application.request_key == request_key, col(Application.id) != found.id)
    if session.exec(used).first() is not None:
        raise Conflict("request_key_used")
    found.status, found.request_key, found.submitted_at = SUBMITTED, request_key, clock.now()
    inner = session.begin_nested()
    try:
        touch(session, found)
    except IntegrityError:
        inner.rollback()
        raise Conflict("request_key_used") from None
    inner.commit()
