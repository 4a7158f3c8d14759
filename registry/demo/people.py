"""The made-up volunteers: students, teachers, experts, cadres, parents, medical staff and pupils."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from sqlmodel import Session

from registry.demo import words
from registry.demo.programme import FIRST_DAYS, person_name, phone
from registry.people import (
    FROM_WORKBOOK,
    Ban,
    ClearanceCheck,
    PreferredSite,
    TeachableCourse,
    Volunteer,
    VolunteerAvailability,
)
from registry.programme import PARTS, Course, Site


@dataclass(frozen=True)
class Group:
    """So many volunteers of one kind, `cleared` of them with a valid check, born in these years.

    `lead` and `teach` are the shares of those who lead and who also give courses; `carer` says whether they
    look after classes at all.
    """

    kind: str
    count: int
    cleared: int
    born: tuple[int, int]
    lead: float
    teach: float
    carer: bool
    organisations: tuple[str, ...] = ("",)


GROUPS = (
    Group("university_student", 290, 232, (2003, 2007), 0.35, 0.35, True, words.UNIVERSITIES),
    Group("teacher", 120, 100, (1968, 2000), 0.9, 0.5, True, words.SCHOOLS),
    Group("community_cadre", 70, 60, (1966, 2000), 0.5, 0.1, True),
    Group("parent", 40, 28, (1980, 1994), 0.1, 0.2, True),
    Group("expert", 115, 95, (1958, 1996), 0, 1, False),
    Group("medical_staff", 45, 40, (1970, 1998), 0, 1, False),
    Group("pupil", 20, 15, (2009, 2011), 0, 0, True, ("书院中学", "春晖中学")),
)
"""700 in all, of whom 570 are cleared: 435 look after classes and 135 only give courses."""

REMOTE_PEOPLE = 16
"""So many live in the remote town, fewer than its classes need: gaps that no roster can close."""

CARER_LOADS = (6, 8, 10, 10, 12, 15)
INSTRUCTOR_LOADS = (6, 8, 8, 10, 12)
MEDICAL_COURSES = ("safety",)


def make_volunteers(session: Session, random: Random, sites: Sequence[Site], courses: Sequence[Course]) -> None:
    """All groups, in an order that tells nothing of them."""
    people = [(group, number < group.cleared) for group in GROUPS for number in range(group.count)]
    random.shuffle(people)
    made = [_volunteer(random, group, number) for number, (group, _) in enumerate(people, start=1)]
    session.add_all(made)
    session.flush()
    for volunteer, (group, cleared) in zip(made, people, strict=True):
        session.add_all(_availability(random, volunteer))
        session.add_all(_courses(random, volunteer, group, courses))
        session.add_all(_check(random, volunteer, cleared=cleared))
        session.add_all(_wishes(random, volunteer, sites))
    session.flush()


def _volunteer(random: Random, group: Group, number: int) -> Volunteer:
    most = random.choice(CARER_LOADS if group.carer else INSTRUCTOR_LOADS)
    is_lead = group.carer and random.random() < group.lead
    return Volunteer(
        name=person_name(random),
        sex=random.choice(("female", "male")),
        born_on=date(random.randint(*group.born), random.randint(1, 12), 1),
        phone=phone(number),
        kind=group.kind,
        organisation=random.choice(group.organisations),
        is_lead=is_lead,
        is_assistant=group.carer and not is_lead,
        is_instructor=random.random() < group.teach,
        max_segments=most,
        preferred_segments=max(2, most - random.choice((0, 2, 2, 4))),
        home_subdistrict=_home(random, number),
        reach_km=random.choice((4.0, 5.0, 6.0, 8.0, 10.0)),
        remark=random.choice(("", "", "", "有急救证", "会手语")),
    )


def _home(random: Random, number: int) -> str:
    """The first few live in the remote town, all others anywhere else."""
    if number <= REMOTE_PEOPLE:
        return words.REMOTE
    return random.choice([name for name in words.SUBDISTRICTS if name != words.REMOTE])


def _availability(random: Random, volunteer: Volunteer) -> list[VolunteerAvailability]:
    """Whole days for some, single parts of days for others; always a little more than they may be asked for."""
    parts = [(weekday, part) for weekday in range(1, 6) for part in PARTS]
    if random.random() < 0.6:
        days = sorted(random.sample(range(1, 6), min(5, -(-volunteer.max_segments // 3) + 1)))
        chosen = [pair for pair in parts if pair[0] in days]
    else:
        chosen = sorted(random.sample(parts, min(15, volunteer.max_segments + 2)), key=parts.index)
    return [VolunteerAvailability(volunteer_id=volunteer.id or 0, weekday=d, part=p) for d, p in chosen]


def _courses(random: Random, volunteer: Volunteer, group: Group, courses: Sequence[Course]) -> list[TeachableCourse]:
    """A few courses for a carer, more for an expert; safety for the medical staff."""
    if not volunteer.is_instructor:
        return []
    known = [c for c in courses if group.kind != "medical_staff" or c.domain in MEDICAL_COURSES]
    count = random.randint(1, 4) if group.carer else random.randint(3, 7)
    chosen = random.sample([c.id or 0 for c in known], count)
    return [TeachableCourse(volunteer_id=volunteer.id or 0, course_id=course) for course in sorted(chosen)]


def _check(random: Random, volunteer: Volunteer, *, cleared: bool) -> list[ClearanceCheck]:
    """A check in June; without one an old check, or none yet."""
    if cleared:
        day = FIRST_DAYS[0] - timedelta(days=random.randint(5, 35))
    elif random.random() < 0.3:
        day = FIRST_DAYS[0] - timedelta(days=random.randint(400, 460))
    else:
        return []
    return [ClearanceCheck(volunteer_id=volunteer.id or 0, checked_on=day, source=FROM_WORKBOOK)]


def _wishes(random: Random, volunteer: Volunteer, sites: Sequence[Site]) -> list[PreferredSite | Ban]:
    """Some name a site near home; a few will not go to some sub-district."""
    made: list[PreferredSite | Ban] = []
    near = [s for s in sites if s.subdistrict == volunteer.home_subdistrict]
    if random.random() < 0.3:
        made.append(PreferredSite(volunteer_id=volunteer.id or 0, site_id=random.choice(near).id or 0))
    if random.random() < 0.06:
        refused = random.choice([s for s in words.SUBDISTRICTS if s != volunteer.home_subdistrict])
        volunteer.remark = f"不愿去{refused}"
        bans = [s.id for s in sites if s.subdistrict == refused]
        made += [
            Ban(volunteer_id=volunteer.id or 0, site_id=id_, reason=volunteer.remark, source=FROM_WORKBOOK)
            for id_ in bans
        ]
    return made
