"""When a volunteer can come, how much, where, with which courses: they say so themselves, and the solver reads it.

What is published already stays: whoever cannot come there any more says so for each part (`answers.py`).
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

from sqlmodel import Session, col, delete, select

from registry import clock
from registry.accounts.permissions import Action, Actor, require
from registry.db import take_turns
from registry.duties.answer_tables import CourseOffer
from registry.duties.answers import Held, Part, held_parts, volunteer_of
from registry.duties.dates import WORKING_DAYS, parts_by_hour, told_dates
from registry.duties.moment import moment
from registry.errors import Conflict, FieldProblem, Invalid, NotFound
from registry.people import PreferredSite, TeachableCourse, Volunteer, VolunteerAvailability
from registry.programme import Course, DaySegment, Setting, Site, setting

MOST_SEGMENTS, MOST_SITES = 15, 10
LOOKS_AHEAD = timedelta(days=60)
LONGEST_BRING = 200


@dataclass(frozen=True, slots=True)
class Wishes:
    """What a volunteer wishes. `courses` are confirmed, `offered` wait for the office, `refused` it did not confirm."""

    available: frozenset[tuple[int, str]]
    most: int
    preferred: int
    sites: frozenset[int]
    courses: frozenset[int]
    offered: frozenset[int] = frozenset()
    refused: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class WishesView:
    """The wishes, what can be chosen, until when, and what of the published weeks lies outside of them."""

    wishes: Wishes
    parts: tuple[str, ...]
    sites: tuple[Site, ...]
    courses: tuple[Course, ...]
    until: date | None
    is_closed: bool
    outside: tuple[Held, ...]


def see_wishes(session: Session, actor: Actor) -> WishesView:
    """The actor's wishes.

    Raises:
        NotAllowed: for who is no volunteer.
    """
    who = volunteer_of(actor)
    wishes, until = _wishes(session, who), _until(session)
    return WishesView(
        wishes, parts_by_hour(session),
        tuple(session.exec(select(Site).order_by(col(Site.name)))),
        tuple(session.exec(select(Course).order_by(col(Course.name)))),
        until, _is_closed(session, until), tuple(_outside(session, who, wishes.available)),
    )  # fmt: skip


def _wishes(session: Session, who: int) -> Wishes:
    person = session.get_one(Volunteer, who)
    times = session.exec(select(VolunteerAvailability).where(VolunteerAvailability.volunteer_id == who))
    sites = session.exec(select(PreferredSite.site_id).where(PreferredSite.volunteer_id == who))
    courses = frozenset(session.exec(select(TeachableCourse.course_id).where(TeachableCourse.volunteer_id == who)))
    offers = {o.course_id: o.answer for o in session.exec(select(CourseOffer).where(CourseOffer.volunteer_id == who))}
    return Wishes(
        frozenset((t.weekday, t.part) for t in times), person.max_segments, person.preferred_segments,
        frozenset(sites), courses, frozenset(c for c, answer in offers.items() if not answer) - courses,
        frozenset(c for c, answer in offers.items() if answer == "no") - courses,
    )  # fmt: skip


def _outside(session: Session, who: int, available: Collection[tuple[int, str]]) -> list[Held]:
    """Published parts of days to come at which the volunteer says not to have time; a date that was told counts more
    than its weekday."""
    now = moment(session)
    held = held_parts(session, who, now.date(), now.date() + LOOKS_AHEAD)
    told = told_dates(session, who, now.date())
    return [
        h for (day, part), h in held.items()
        if not told.get((day, part), (day.isoweekday(), part) in available) and h.ends_at > now
    ]  # fmt: skip


def _until(session: Session) -> date | None:
    found = setting(session, "volunteering")["wishes_until"]
    return date.fromisoformat(found) if found else None


def _is_closed(session: Session, until: date | None) -> bool:
    return until is not None and moment(session).date() > until


def change_wishes(session: Session, actor: Actor, wanted: Wishes) -> list[Part]:
    """Put the actor's wishes in place of what was; answers the published parts of days that lie outside of them now.

    A course that is new among `courses` waits until the office confirms it; one that is left out goes at once.

    Raises:
        NotAllowed: for who is no volunteer.
        Conflict: `wishes_closed`, the day is over until which the office takes wishes.
        Invalid: `choose_one` at `available`, `courses`; `out_of_range` at `most` and `preferred`;
            `too_many_sites` at `sites`.
    """
    who = volunteer_of(actor)
    take_turns(session, f"wishes {who}")
    if _is_closed(session, until := _until(session)):
        raise Conflict("wishes_closed", until=until.isoformat() if until else "")
    _check(session, wanted)
    person = session.get_one(Volunteer, who)
    person.max_segments, person.preferred_segments = wanted.most, wanted.preferred
    session.add(person)
    for table in (VolunteerAvailability, PreferredSite):
        session.exec(delete(table).where(col(table.volunteer_id) == who))
    session.add_all(
        VolunteerAvailability(volunteer_id=who, weekday=day, part=part) for day, part in sorted(wanted.available)
    )
    session.add_all(PreferredSite(volunteer_id=who, site_id=site) for site in sorted(wanted.sites))
    session.flush()
    _change_courses(session, who, wanted.courses)
    return [(h.day, h.part) for h in _outside(session, who, wanted.available)]


def _check(session: Session, wanted: Wishes) -> None:
    problems = []
    known = {s.part for s in session.exec(select(DaySegment))}
    if any(day not in WORKING_DAYS or part not in known for day, part in wanted.available):
        problems.append(FieldProblem("available", "choose_one"))
    if not 0 <= wanted.most <= MOST_SEGMENTS:
        problems.append(FieldProblem("most", "out_of_range", {"low": 0, "high": MOST_SEGMENTS}))
    high = wanted.most if 0 <= wanted.most <= MOST_SEGMENTS else MOST_SEGMENTS
    if not 0 <= wanted.preferred <= high:
        problems.append(FieldProblem("preferred", "out_of_range", {"low": 0, "high": high}))
    sites = set(session.exec(select(Site.id).where(col(Site.id).in_(wanted.sites))))
    if len(wanted.sites) > MOST_SITES or sites != set(wanted.sites):
        problems.append(FieldProblem("sites", "too_many_sites", {"limit": MOST_SITES}))
    if set(session.exec(select(Course.id).where(col(Course.id).in_(wanted.courses)))) != set(wanted.courses):
        problems.append(FieldProblem("courses", "choose_one"))
    if problems:
        raise Invalid(*problems)


def _change_courses(session: Session, who: int, wanted: Collection[int]) -> None:
    """Confirmed courses that stay are left alone, those left out go, new ones wait."""
    now = _wishes(session, who)
    for course in now.courses - set(wanted):
        session.delete(session.get_one(TeachableCourse, (who, course)))
    for course in now.offered - set(wanted):
        session.delete(session.get_one(CourseOffer, (who, course)))
    for course in set(wanted) - now.courses - now.offered:
        known = session.get(CourseOffer, (who, course)) or CourseOffer(
            volunteer_id=who, course_id=course, made_at=clock.now()
        )
        known.answer, known.made_at, known.answered_at, known.answered_by_id = "", clock.now(), None, None
        session.add(known)
    session.flush()


def offered_courses(session: Session, actor: Actor) -> list[tuple[CourseOffer, Volunteer, Course]]:
    """The courses that volunteers say they can give and that nobody has confirmed yet, the oldest first.

    Raises:
        NotAllowed: for who does not manage the programme.
    """
    require(actor, Action.MANAGE_PROGRAMME)
    wanted = (
        select(CourseOffer, Volunteer, Course)
        .join(Volunteer, col(Volunteer.id) == CourseOffer.volunteer_id)
        .join(Course, col(Course.id) == CourseOffer.course_id)
        .where(CourseOffer.answer == "")
        .order_by(col(CourseOffer.made_at), col(CourseOffer.volunteer_id), col(CourseOffer.course_id))
    )
    return list(session.exec(wanted).all())


def decide_course(session: Session, actor: Actor, volunteer_id: int, course_id: int, *, is_confirmed: bool) -> None:
    """Confirm a course that a volunteer offers, or not. From then on the solver knows of it.

    Raises:
        NotAllowed: for who does not manage the programme. NotFound: `offer_unknown`, there is none that waits.
    """
    require(actor, Action.MANAGE_PROGRAMME)
    take_turns(session, f"wishes {volunteer_id}")
    found = session.get(CourseOffer, (volunteer_id, course_id))
    if found is None or found.answer:
        raise NotFound("offer_unknown", volunteer=volunteer_id, course=course_id)
    found.answer, found.answered_at = "yes" if is_confirmed else "no", clock.now()
    found.answered_by_id = actor.account_id
    session.add(found)
    if is_confirmed:
        person = session.get_one(Volunteer, volunteer_id)
        person.is_instructor = True
        session.add(person)
        if session.get(TeachableCourse, (volunteer_id, course_id)) is None:
            session.add(TeachableCourse(volunteer_id=volunteer_id, course_id=course_id))
    session.flush()


@dataclass(frozen=True, slots=True)
class Rules:
    """What the district has set for volunteers."""

    bring: str
    reminder_hour: int
    swap_hours: int
    wishes_until: date | None


def rules_of(session: Session) -> Rules:
    """What is set."""
    found = setting(session, "volunteering")
    return Rules(found["bring"], found["reminder_hour"], found["swap_hours"], _until(session))


def set_rules(session: Session, actor: Actor, rules: Rules) -> None:
    """Set it.

    Raises:
        NotAllowed: for who does not manage the programme.
        Invalid: `too_long` at `bring`; `out_of_range` at `reminder_hour` (8 to 21) and `swap_hours` (1 to 72).
    """
    require(actor, Action.MANAGE_PROGRAMME)
    problems = [
        FieldProblem(name, "out_of_range", {"low": least, "high": most})
        for name, value, least, most in (
            ("reminder_hour", rules.reminder_hour, 8, 21), ("swap_hours", rules.swap_hours, 1, 72),
        )
        if not least <= value <= most
    ]  # fmt: skip
    if len(rules.bring) > LONGEST_BRING:
        problems.append(FieldProblem("bring", "too_long", {"limit": LONGEST_BRING, "length": len(rules.bring)}))
    if problems:
        raise Invalid(*problems)
    stored = session.get(Setting, "volunteering") or Setting(key="volunteering", value={})
    until = rules.wishes_until.isoformat() if rules.wishes_until else None
    stored.value = {
        "bring": rules.bring.strip(), "reminder_hour": rules.reminder_hour, "swap_hours": rules.swap_hours,
        "wishes_until": until,
    }  # fmt: skip
    session.add(stored)
    session.flush()
