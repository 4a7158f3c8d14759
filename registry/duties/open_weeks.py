"""In which weeks a volunteer may look for open places: those published that are not over."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from sqlmodel import Session, col, select

from registry.accounts.permissions import Actor
from registry.duties.answers import volunteer_of
from registry.duties.moment import moment, monday_of
from registry.duties.places import OpenPlaces, open_places
from registry.duties.tables import RosterVersion


@dataclass(frozen=True, slots=True)
class PlacesAhead:
    """The published weeks that are not over, and the open places of one of them; None where there is none."""

    weeks: tuple[date, ...]
    found: OpenPlaces | None


def places_ahead(session: Session, actor: Actor, asked: date | None) -> PlacesAhead:
    """The open places of the week that was asked for, else of the first that is not over.

    Raises:
        NotAllowed, NotFound: as `open_places`.
    """
    volunteer_of(actor)
    first = monday_of(moment(session).date())
    weeks = select(col(RosterVersion.week)).where(col(RosterVersion.week) >= first).distinct()
    known = tuple(sorted(session.exec(weeks)))
    monday = monday_of(asked) if asked else next(iter(known), None)
    today = moment(session).date()
    if monday is None or monday + timedelta(days=6) < today:
        return PlacesAhead(known, None)
    return PlacesAhead(known, open_places(session, actor, monday))
