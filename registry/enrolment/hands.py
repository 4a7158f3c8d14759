"""What an application holds, and what it would leave for another place: the placement engine's rules, on rows.

SCHEDULING.md §3: a wish is wanted by whoever holds nothing, has a seat left in another term, or ranks it above the
place that it would give up for it, which is the one of the same term, else the last.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from registry.enrolment.applications import locked, wishes_of
from registry.enrolment.places import lock
from registry.enrolment.tables import Application, ApplicationStatus, EnrolmentRound, Place, PlaceStatus, WaitlistEntry
from registry.errors import Conflict
from registry.families.reads import HELD
from registry.programme import ClassRun, Term


@dataclass(frozen=True)
class Holding:
    """A place that is offered or confirmed, and the term of its class run."""

    place: Place
    term_id: int


def hold(session: Session, application: Application) -> Application:
    """The application as it is now, with the counters of its class runs, held until the unit of work ends.

    Raises:
        Conflict: `changed_elsewhere`, where its wishes were changed meanwhile.
    """
    ids = {wish.class_run_id for wish in wishes_of(session, application)}
    lock(session, ids)
    found = locked(session, application)
    if {wish.class_run_id for wish in wishes_of(session, found)} != ids:
        raise Conflict("changed_elsewhere", number=found.number)
    return found


def hand(session: Session, application: Application) -> list[Holding]:
    """The places of an application, the best wish first."""
    rows = select(Place, ClassRun.term_id).join(ClassRun, col(ClassRun.id) == Place.class_run_id)
    rows = rows.where(Place.application_id == application.id, col(Place.status).in_(HELD))
    rows = rows.order_by(col(Place.rank)).execution_options(populate_existing=True)
    return [Holding(place, term) for place, term in session.exec(rows)]


def given_up(held: Sequence[Holding], seats: int, term_id: int) -> Holding | None:
    """What is left for a place in this term: the one of the same term, else the last where no seat is left."""
    rival = next((holding for holding in held if holding.term_id == term_id), None)
    return rival or (held[-1] if held and len(held) >= seats else None)


def wants(held: Sequence[Holding], seats: int, class_run_id: int, rank: int, term_id: int) -> bool:
    """Whether this wish is wanted beside what is held, or instead of it."""
    if any(holding.place.class_run_id == class_run_id for holding in held):
        return False
    left = given_up(held, seats, term_id)
    return left is None or rank < left.place.rank


def give(
    session: Session, application: Application, class_run_id: int, rank: int, source: str, at: datetime,
    answer_by: datetime | None,
) -> Place:  # fmt: skip
    """A place, whose counters were taken: offered until `answer_by`, confirmed at once without it."""
    own = select(Place).where(Place.application_id == application.id, Place.class_run_id == class_run_id)
    place = session.exec(own).first()
    if place is None:
        place = Place(
            application_id=application.id or 0, class_run_id=class_run_id, rank=rank, source=source, status="",
            offered_at=at,
        )  # fmt: skip
    place.rank, place.source, place.offered_at, place.answer_by, place.answered_at = rank, source, at, answer_by, None
    place.status = (PlaceStatus.OFFERED if answer_by else PlaceStatus.CONFIRMED).value
    session.add(place)
    session.flush()
    return place


def settle(session: Session, application: Application) -> None:
    """The application's state as follows from its places and waitlists."""
    states = {holding.place.status for holding in hand(session, application)}
    waiting = select(WaitlistEntry.id).where(
        WaitlistEntry.application_id == application.id, WaitlistEntry.state == "waiting"
    )
    if PlaceStatus.CONFIRMED in states:
        state = ApplicationStatus.CONFIRMED
    elif PlaceStatus.OFFERED in states:
        state = ApplicationStatus.PLACED
    elif session.exec(waiting).first() is not None:
        state = ApplicationStatus.WAITLISTED
    else:
        state = ApplicationStatus.ELIGIBLE
    application.status = state.value
    session.add(application)
    session.flush()


def class_facts(session: Session, class_run_id: int) -> dict[str, Any]:
    """A class run as events and messages name it."""
    from registry.programme import Site

    rows = (
        select(ClassRun.name, Site.name, Term.name)
        .join(Site, col(Site.id) == ClassRun.site_id)
        .join(Term, col(Term.id) == ClassRun.term_id)
        .where(ClassRun.id == class_run_id)
    )
    name, site, term = session.exec(rows).one()
    return {"class_run": class_run_id, "class": name, "site": site, "term": term}


def round_of(session: Session, application: Application) -> EnrolmentRound:
    """The round of an application."""
    return session.get_one(EnrolmentRound, application.round_id)
