"""A volunteer's calendar by a secret address, their choice about reminders, and their hours."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlmodel import Session, col, select

from registry import clock
from registry.accounts.permissions import Actor
from registry.accounts.sessions import token_hash
from registry.attendance.service import service_hours
from registry.clock import SHANGHAI
from registry.duties.answer_tables import VolunteerChoice
from registry.duties.answers import volunteer_of
from registry.duties.mine import Stay, stays_of
from registry.duties.moment import moment, monday_of
from registry.duties.tables import RosterVersion
from registry.errors import NotFound
from registry.people import Volunteer

BEFORE, AFTER = timedelta(days=60), timedelta(days=120)
"""How far the calendar reaches back and ahead."""


@dataclass(frozen=True, slots=True)
class Feed:
    """What a calendar shows: the version in force of each week, and when it was published."""

    volunteer_id: int
    name: str
    stays: tuple[Stay, ...]
    versions: dict[date, tuple[int, datetime]]

    def version_of(self, day: date) -> tuple[int, datetime]:
        """The number of the version that a day is from, and its moment."""
        return self.versions[monday_of(day)]


@dataclass(frozen=True, slots=True)
class Hours:
    """Hours so far: planned ones that are over, and those that were signed in and out for. `since` is the first day."""

    since: date
    planned: float
    signed: float


def choice_of(session: Session, actor: Actor) -> VolunteerChoice:
    """What the actor has chosen.

    Raises:
        NotAllowed: for who is no volunteer.
    """
    who = volunteer_of(actor)
    return session.get(VolunteerChoice, who) or VolunteerChoice(volunteer_id=who)


def choose_reminders(session: Session, actor: Actor, *, is_reminded: bool) -> None:
    """Be reminded the day before, or not."""
    found = choice_of(session, actor)
    found.is_reminded = is_reminded
    session.add(found)
    session.flush()


def make_feed(session: Session, actor: Actor) -> str:
    """A new secret for the calendar's address, which is shown this once; an earlier one is worth nothing any more."""
    found, token = choice_of(session, actor), secrets.token_urlsafe(24)
    found.feed_hash, found.feed_made_at = token_hash(token), clock.now()
    session.add(found)
    session.flush()
    return token


def end_feed(session: Session, actor: Actor) -> None:
    """The address is worth nothing any more."""
    found = choice_of(session, actor)
    found.feed_hash = found.feed_made_at = None
    session.add(found)
    session.flush()


def read_feed(session: Session, token: str) -> Feed:
    """What the calendar of a secret address shows; what somebody cannot come to is not in it.

    Raises:
        NotFound: `feed_unknown`.
    """
    wanted = (
        select(Volunteer)
        .join(VolunteerChoice, col(VolunteerChoice.volunteer_id) == Volunteer.id)
        .where(VolunteerChoice.feed_hash == token_hash(token))
    )
    person = session.exec(wanted).first()
    if person is None:
        raise NotFound("feed_unknown")
    today = moment(session).date()
    first, last = today - BEFORE, today + AFTER
    stays = tuple(s for s in stays_of(session, person.id or 0, first, last) if s.state != "absent")
    known = select(col(RosterVersion.week), col(RosterVersion.number), col(RosterVersion.published_at)).where(
        col(RosterVersion.week).between(first - timedelta(days=6), last)
    )
    newest = session.exec(known.order_by(col(RosterVersion.number)))
    versions = {week: (number, at) for week, number, at in newest}
    return Feed(person.id or 0, person.name, stays, versions)


def hours_of(session: Session, actor: Actor) -> Hours:
    """The actor's hours since the first of January: the same on every page.

    Planned hours are those of published duties that are over and that nobody said no to; the hours that count for a
    certificate come from signing in and out (`registry.attendance.service`).
    """
    who, now = volunteer_of(actor), moment(session)
    since = date(now.year, 1, 1)
    over = [s for s in stays_of(session, who, since, now.date()) if s.ends_at <= now and s.state != "absent"]
    planned = sum((s.ends_at - datetime.combine(s.day, s.starts, SHANGHAI)).total_seconds() for s in over) / 3600
    until = max(now.date(), clock.today())  # What was signed is a fact, whatever day it is for the sample.
    return Hours(since, round(planned, 1), service_hours(session, who, since, until).hours)
