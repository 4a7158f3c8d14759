"""Volunteers who served on days of a term: stays with times, and somebody to certify them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time
from itertools import count

import pytest
from homes import Clock
from sqlmodel import Session
from town import make_town, office

from registry import clock
from registry.accounts.permissions import Actor, actor_of
from registry.accounts.tables import Account
from registry.attendance.tables import ServiceStay
from registry.clock import SHANGHAI
from registry.people import Volunteer
from registry.programme import ClassRun, Site, Term

_keys, _phones = count(), count(15100000000)
Times = tuple[date, str, str]
"""A day with the times of sign-in and sign-out; an empty time is none."""


class Served:
    """A town whose first term is over, its office, and volunteers with stays."""

    def __init__(self, session: Session, patch: pytest.MonkeyPatch, runs: list[int] | None = None) -> None:
        self.session, self.clock = session, Clock(patch)
        self.runs = runs or make_town(session)
        run = session.get_one(ClassRun, self.runs[0])
        self.term, self.site = session.get_one(Term, run.term_id), session.get_one(Site, run.site_id)
        self.office = office(session)
        self.on(self.term.ends_on.toordinal() + 1)

    def on(self, ordinal: int, hour: int = 9) -> None:
        """Move the clock to a day."""
        self.clock.to(datetime.combine(date.fromordinal(ordinal), time(hour), SHANGHAI))

    def volunteer(self, name: str, stays: Iterable[Times] = (), organisation: str = "") -> Volunteer:
        """Somebody, with these stays at the first site."""
        made = Volunteer(name=name, sex="female", born_on=date(2000, 1, 1), kind="teacher", max_segments=5,
                         preferred_segments=3, reach_km=5.0, organisation=organisation)  # fmt: skip
        self.session.add(made)
        self.session.flush()
        for day, came, left in stays:
            self.stay(made, day, came, left)
        return made

    def stay(self, person: Volunteer, day: date, came: str, left: str, *, site_id: int | None = None) -> ServiceStay:
        """A stay of somebody."""
        made = ServiceStay(
            volunteer_id=person.id or 0, site_id=site_id or self.site.id or 0, day=day, key=f"s{next(_keys)}",
            came_at=_at(day, came), left_at=_at(day, left) if left else None, recorded_at=clock.now(),
        )  # fmt: skip
        self.session.add(made)
        self.session.flush()
        return made

    def actor(self, person: Volunteer) -> Actor:
        """The volunteer, signed in."""
        account = Account(phone=str(next(_phones)), name=person.name, volunteer_id=person.id, created_at=clock.now())
        self.session.add(account)
        self.session.flush()
        return actor_of(self.session, account, clock.today())


def _at(day: date, text: str) -> datetime:
    return datetime.combine(day, time.fromisoformat(text), SHANGHAI)
