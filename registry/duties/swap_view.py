"""Swaps as people read them: who offers whom what, when and where it is, and what was answered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlmodel import Session, col, select

from registry.accounts.permissions import Actor
from registry.duties.amend import Row
from registry.duties.answer_tables import DutySwap
from registry.duties.answers import volunteer_of
from registry.duties.publish import number_of
from registry.duties.swaps import open_swaps, see_swap_link
from registry.people import Volunteer
from registry.programme import ClassRun, Course, DaySegment, DaySlot, Site


@dataclass(frozen=True, slots=True)
class Told:
    """An entry: when, with which class, as what. `course` is empty for a duty."""

    day: date
    starts: time
    ends: time
    class_run: str
    site: str
    address: str
    role: str
    course: str


@dataclass(frozen=True, slots=True)
class SwapView:
    """An offer: what the one gives and wants in return; it is offered, accepted, declined or withdrawn."""

    id: int
    giver: str
    taker: str
    give: tuple[Told, ...]
    take: tuple[Told, ...]
    status: str
    expires_at: datetime
    is_mine: bool = False


def own_swaps(session: Session, actor: Actor) -> list[SwapView]:
    """The offers to and from the actor that wait for an answer.

    Raises:
        NotAllowed: for who is no volunteer.
    """
    me = volunteer_of(actor)
    return [view_of(session, swap, me) for swap in open_swaps(session, me)]


def swap_of_link(session: Session, token: str) -> SwapView:
    """What the link of a message offers.

    Raises:
        Refused, NotFound: as `see_swap_link`.
    """
    found = see_swap_link(session, token)
    return view_of(session, found, found.to_id)


def view_of(session: Session, swap: DutySwap, reader: int) -> SwapView:
    """A swap as one of the two reads it."""
    people = select(Volunteer.id, Volunteer.name).where(col(Volunteer.id).in_((swap.from_id, swap.to_id)))
    names = dict(session.exec(people).all())
    return SwapView(
        swap.id or 0, names[swap.from_id], names[swap.to_id], _told(session, swap.week, swap.give_json),
        _told(session, swap.week, swap.take_json), swap.status, swap.expires_at, swap.from_id == reader,
    )  # fmt: skip


def _told(session: Session, monday: date, rows: Sequence[Row]) -> tuple[Told, ...]:
    """Rows of a roster file in words, in order of time."""
    runs = {number_of(row["class"]) for row in rows}
    wanted = select(ClassRun, Site).join(Site, col(Site.id) == ClassRun.site_id).where(col(ClassRun.id).in_(runs))
    places = {run.id: (run, site) for run, site in session.exec(wanted)}
    parts = {s.part: s for s in session.exec(select(DaySegment))}
    slots = {s.number: s for s in session.exec(select(DaySlot))}
    found = []
    for row in rows:
        weekday, _, at = (row.get("segment") or row["slot"]).partition("-")
        when = slots[int(at)] if "slot" in row else parts[at]
        run, site = places[number_of(row["class"])]
        course = session.get_one(Course, number_of(row["course"])).name if "slot" in row else ""
        day = monday + timedelta(days=int(weekday) - 1)
        found.append(
            Told(day, when.starts_at, when.ends_at, run.name, site.name, site.address, row.get("role", ""), course)
        )
    return tuple(sorted(found, key=lambda t: (t.day, t.starts)))
