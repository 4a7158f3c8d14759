"""What the link of a message shows, and does once its button is pressed: without a password, for one volunteer."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlmodel import Session

from registry.clock import SHANGHAI
from registry.db import take_turns
from registry.duties.answers import (
    Held,
    Part,
    absences_of,
    confirm,
    confirmed_days,
    held_parts,
    report_absence,
)
from registry.duties.links import Link, digest_of, is_used, make_link, read_link, use_once
from registry.duties.mine import Stay, stays_of
from registry.duties.moment import moment
from registry.errors import Conflict, Refused
from registry.people import Volunteer


@dataclass(frozen=True, slots=True)
class LinkPage:
    """What a link is about. `state` is open; confirmed, where they can still say no; absent, and then the link is worth
    nothing any more; over; or outdated: the roster has changed since. `parts` are those that can still be answered.
    """

    name: str
    first: date
    last: date
    state: str
    stays: tuple[Stay, ...]
    parts: tuple[Held, ...]


def answer_link(session: Session, volunteer_id: int, first: date, last: date) -> str:
    """A token to say yes or no to what somebody has from one day to another; good until the last day is over."""
    until = datetime.combine(last + timedelta(days=1), time(), SHANGHAI)
    bound = digest_of(session, volunteer_id, first, last)
    return make_link(Link("answer", volunteer_id, first, last, until, bound))


def see_link(session: Session, token: str) -> LinkPage:
    """What a link to say yes or no is about. Looking changes nothing.

    Raises:
        Refused: `link_wrong`, `link_expired`.
    """
    link = _answering(session, token)
    who, now = link.volunteer_id, moment(session)
    held = held_parts(session, who, link.first, link.last)
    away = absences_of(session, who, link.first, link.last)
    left = tuple(h for part, h in held.items() if part not in away and h.ends_at > now)
    name = session.get_one(Volunteer, who).name
    stays = tuple(stays_of(session, who, link.first, link.last))
    return LinkPage(name, link.first, link.last, _state(session, token, link, left), stays, left)


def _state(session: Session, token: str, link: Link, left: Collection[Held]) -> str:
    if is_used(session, token):
        return "absent"
    if digest_of(session, link.volunteer_id, link.first, link.last) != link.bound:
        return "outdated"
    if not left:
        return "over"
    days = {h.day for h in left}
    return "confirmed" if confirmed_days(session, link.volunteer_id, days) == days else "open"


def confirm_by_link(session: Session, token: str) -> None:
    """Say yes. Pressing twice is pressing once.

    Raises:
        Refused: as `see_link`. Conflict: `link_used`, it has said no; `link_outdated`. NotFound: `nothing_that_day`.
    """
    link = _answering(session, token)
    take_turns(session, f"answers {link.volunteer_id}")
    if is_used(session, token):
        raise Conflict("link_used")
    _require_unchanged(session, link)
    confirm(session, link.volunteer_id, link.first, link.last, "link")


def absent_by_link(session: Session, token: str, parts: Collection[Part], reason: str, note: str = "") -> None:
    """Say no to some parts of the days, or to all where none is named. A link does this once: whoever has taken it
    back since is not made absent again by a second tap, or by whoever finds the message.

    Raises:
        Refused: as `see_link`. Conflict: `link_used`; `link_outdated`. Others as `report_absence`.
    """
    link = _answering(session, token)
    take_turns(session, f"answers {link.volunteer_id}")
    if is_used(session, token):
        raise Conflict("link_used")
    _require_unchanged(session, link)
    now = moment(session)
    held = {p for p, h in held_parts(session, link.volunteer_id, link.first, link.last).items() if h.ends_at > now}
    wanted = set(parts) or held
    if wanted - held:
        raise Refused("link_wrong")
    report_absence(session, link.volunteer_id, wanted, reason, note, source="link", by=None)
    use_once(session, token, link)


def _answering(session: Session, token: str) -> Link:
    link = read_link(session, token)
    if link.purpose != "answer":
        raise Refused("link_wrong")
    return link


def _require_unchanged(session: Session, link: Link) -> None:
    if digest_of(session, link.volunteer_id, link.first, link.last) != link.bound:
        raise Conflict("link_outdated")
