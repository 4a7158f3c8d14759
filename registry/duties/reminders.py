"""The evening before: one message to everybody who has anything tomorrow, once, with a link to say yes or no."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from sqlmodel import Session, col, select

from registry import clock
from registry.accounts.outbox import post
from registry.accounts.tables import Account
from registry.clock import SHANGHAI
from registry.db import Sessions, take_turns
from registry.duties.answer_tables import DutyReminder, VolunteerChoice
from registry.duties.by_link import answer_link
from registry.duties.mine import Stay, stays_of
from registry.duties.tables import RosteredDuty, RosteredLesson
from registry.duties.wishes import rules_of
from registry.people import Volunteer
from registry.programme import setting

AT_ONCE = 50
"""So many people a unit of work, so that nobody waits long for the database."""
LATEST = time(21, 30)
"""Nobody is reminded later in the evening than this: a server that was down does not wake people."""


def remind(sessions: Sessions) -> int:
    """Put down the reminders that are due, each once; answers how many.

    `sessions` opens units of work that write.
    """
    now = clock.now().astimezone(SHANGHAI)
    with sessions() as session:
        hour = int(setting(session, "volunteering")["reminder_hour"])
    if not time(hour) <= now.time() <= LATEST:
        return 0
    tomorrow, posted = now.date() + timedelta(days=1), 0
    while True:
        with sessions() as session:
            waiting = _waiting(session, tomorrow)
            posted += sum(_remind(session, person, tomorrow, now) for person in waiting)
        if len(waiting) < AT_ONCE:
            return posted


def _waiting(session: Session, day: date) -> list[Volunteer]:
    """Some of those with anything on a day who were not reminded of it and have not said that they need no reminder."""
    take_turns(session, "reminders")
    there = select(RosteredDuty.volunteer_id).where(RosteredDuty.day == day)
    lessons = select(RosteredLesson.volunteer_id).where(RosteredLesson.day == day)
    done = select(DutyReminder.volunteer_id).where(DutyReminder.day == day)
    unwilling = select(VolunteerChoice.volunteer_id).where(col(VolunteerChoice.is_reminded).is_(False))
    who = col(Volunteer.id)
    wanted = select(Volunteer).where(
        who.in_(there) | who.in_(lessons), who.not_in(done), who.not_in(unwilling), col(Volunteer.phone).is_not(None)
    )
    return list(session.exec(wanted.order_by(who).limit(AT_ONCE)))


def _remind(session: Session, person: Volunteer, day: date, now: datetime) -> int:
    number = person.id or 0
    session.add(DutyReminder(volunteer_id=number, day=day, posted_at=now))
    stays = [s for s in stays_of(session, number, day, day) if s.state != "absent"]
    if stays:
        account = session.exec(select(Account.language).where(Account.volunteer_id == number)).first()
        token = answer_link(session, number, day, day)
        bring = rules_of(session).bring
        facts = {"day": day.isoformat(), "stays": [_told(s) for s in stays], "bring": bring, "answer": token}
        post(session, person.phone or "", "duty_reminder", facts, account or "zh")
    session.flush()
    return bool(stays)


def _told(stay: Stay) -> dict[str, str]:
    """A stay in few words; the sentence is made where it is sent."""
    return {
        "starts": stay.starts.strftime("%H:%M"), "ends": stay.ends.strftime("%H:%M"), "site": stay.site,
        "class_run": stay.class_run,
    }  # fmt: skip
