"""On which dates a volunteer can come, or cannot, whatever they wish for every week; the next problem is made with it.

What is published already stays, as with wishes; and unlike wishes, dates may be told at any time.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from sqlmodel import Session, col, delete, select

from registry.accounts.permissions import Actor
from registry.db import take_turns
from registry.duties.answers import Part, held_parts, volunteer_of
from registry.duties.moment import moment
from registry.errors import FieldProblem, Invalid, NotFound
from registry.people import DatedAvailability
from registry.programme import PARTS, DaySegment

WORKING_DAYS = range(1, 6)
LONGEST = 31
"""Days that may be told at once."""
AHEAD = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class Told:
    """What was told for a day: the parts in which the volunteer cannot come, those in which they can, and of the former
    those that a published week gives them all the same."""

    day: date
    away: tuple[str, ...]
    comes: tuple[str, ...]
    published: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DatesView:
    """What was told for days to come, the parts of a day, and the first and the last day that can be told."""

    told: tuple[Told, ...]
    parts: tuple[str, ...]
    first: date
    last: date


def see_dates(session: Session, actor: Actor) -> DatesView:
    """What the actor has told.

    Raises:
        NotAllowed: for who is no volunteer.
    """
    who, first = volunteer_of(actor), moment(session).date()
    parts = parts_by_hour(session)
    rows: dict[date, dict[str, bool]] = {}
    for (day, part), comes in told_dates(session, who, first).items():
        rows.setdefault(day, {})[part] = comes
    held = held_parts(session, who, first, max(rows, default=first))
    told = tuple(_told(day, said, parts, held) for day, said in rows.items())
    return DatesView(told, parts, first, first + AHEAD)


def told_dates(session: Session, who: int, first: date) -> dict[Part, bool]:
    """What a volunteer told for days from the first on: whether they can come, by part of the day."""
    mine = select(DatedAvailability).where(DatedAvailability.volunteer_id == who, DatedAvailability.day >= first)
    return {(row.day, row.part): row.comes for row in session.exec(mine.order_by(col(DatedAvailability.day)))}


def _told(day: date, said: dict[str, bool], parts: Iterable[str], held: Collection[Part]) -> Told:
    away = tuple(part for part in parts if said.get(part) is False)
    published = tuple(part for part in away if (day, part) in held)
    return Told(day, away, tuple(part for part in parts if said.get(part)), published)


def say_dates(
    session: Session, actor: Actor, first: date | None, last: date | None, parts: Collection[str], *, comes: bool
) -> int:
    """The actor can come from one day to another, or cannot, in these parts of each working day between; no last day is
    the first alone. What was told for them before is replaced. Answers for how many parts of days it was told.

    Raises:
        NotAllowed: for who is no volunteer.
        Invalid: `date_malformed`, `date_past`, `date_far` at `first`; `ends_before`, `too_many_days`, `no_working_day`
            at `last`; `choose_one` at `parts`.
    """
    who = volunteer_of(actor)
    days = _days(session, first, last, parts)
    take_turns(session, f"wishes {who}")
    for day in days:
        for part in sorted(set(parts)):
            row = session.get(DatedAvailability, (who, day, part)) or DatedAvailability(
                volunteer_id=who, day=day, part=part, comes=comes
            )
            row.comes = comes
            session.add(row)
    session.flush()
    return len(days) * len(set(parts))


def _days(session: Session, first: date | None, last: date | None, parts: Collection[str]) -> list[date]:
    problems, today = [], moment(session).date()
    end = last or first
    if first is None or end is None:
        problems.append(FieldProblem("first", "date_malformed"))
    elif first < today:
        problems.append(FieldProblem("first", "date_past"))
    elif end > today + AHEAD:
        problems.append(FieldProblem("first", "date_far", {"last": (today + AHEAD).isoformat()}))
    elif end < first:
        problems.append(FieldProblem("last", "ends_before"))
    elif (end - first).days >= LONGEST:
        problems.append(FieldProblem("last", "too_many_days", {"limit": LONGEST}))
    if not parts or not set(parts) <= set(parts_by_hour(session)):
        problems.append(FieldProblem("parts", "choose_one"))
    if problems or first is None or end is None:
        raise Invalid(*problems)
    span = [first + timedelta(days=n) for n in range((end - first).days + 1)]
    working = [day for day in span if day.isoweekday() in WORKING_DAYS]
    if not working:
        raise Invalid(FieldProblem("last", "no_working_day"))
    return working


def unsay_date(session: Session, actor: Actor, day: date) -> None:
    """What the actor told for a day is as if it had never been told: the wishes for every week hold again.

    Raises:
        NotAllowed: for who is no volunteer. NotFound: `date_unknown`, nothing was told for it.
    """
    who = volunteer_of(actor)
    take_turns(session, f"wishes {who}")
    mine = (DatedAvailability.volunteer_id == who, DatedAvailability.day == day)
    if session.exec(select(DatedAvailability.part).where(*mine).limit(1)).first() is None:
        raise NotFound("date_unknown", day=day.isoformat())
    session.exec(delete(DatedAvailability).where(*mine))  # type: ignore[arg-type]
    session.flush()


def dates_of_week(session: Session, monday: date) -> dict[tuple[str, str], bool]:
    """What everybody told for the days of a week: by volunteer and segment of a problem, whether they can come."""
    within = col(DatedAvailability.day).between(monday, monday + timedelta(days=6))
    rows = session.exec(select(DatedAvailability).where(within))
    return {(f"v{row.volunteer_id}", f"{row.day.isoweekday()}-{row.part}"): row.comes for row in rows}


def parts_by_hour(session: Session) -> tuple[str, ...]:
    """The parts of a day in their order."""
    known = {s.part: s.starts_at for s in session.exec(select(DaySegment))}
    return tuple(sorted(known, key=lambda part: known[part])) or PARTS
