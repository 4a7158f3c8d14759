"""What time it is for volunteers."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from sqlmodel import Session, func, select

from registry import clock
from registry.clock import SHANGHAI
from registry.duties.tables import RosterVersion
from registry.programme import is_made_up

MORNING = time(7, 0)


def moment(session: Session) -> datetime:
    """Now, in Shanghai. In the made-up district, whose summer may be over, it is the morning of its last published
    week for ever, so that there is something to look at."""
    now = clock.now().astimezone(SHANGHAI)
    if not is_made_up(session):
        return now
    week = session.exec(select(func.max(RosterVersion.week))).one()
    is_over = week is not None and now.date() > week + timedelta(days=4)
    return datetime.combine(week, MORNING, SHANGHAI) if is_over else now


def monday_of(day: date) -> date:
    """The Monday of a day's week."""
    return day - timedelta(days=day.isoweekday() - 1)
