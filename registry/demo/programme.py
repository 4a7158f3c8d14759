"""The made-up programme: sites and rooms, terms, class runs, courses."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date, timedelta
from random import Random

from sqlmodel import Session

from registry.demo import words
from registry.programme import DEFAULT_SETTINGS, ClassRun, Course, Room, Site, Term

MIDDLE = (106.45, 29.58)
"""Longitude and latitude of the made-up district's middle."""

TOWN_KM, REMOTE_KM = 11.0, 26.0
"""How far from the middle the sub-districts lie, and how far the remote town does: further than anybody's reach."""

SITES_A_SUBDISTRICT = 3
SECOND_CLASSES = 16
"""So many of the 72 sites have a second class."""

GRADE_BANDS = ((1, 2), (3, 4), (5, 6))
FIRST_DAYS = (date(2026, 7, 6), date(2026, 7, 20), date(2026, 8, 3), date(2026, 8, 17))


def phone(number: int) -> str:
    """One of a row of numbers that are easily told from real ones."""
    return f"154{number:08d}"


def person_name(random: Random) -> str:
    """A name put together by chance; now and then one that is hard on software."""
    if random.random() < 0.01:
        return random.choice(words.RARE_NAMES)
    return random.choice(words.SURNAMES) + random.choice(words.GIVEN_NAMES)


def make_sites(session: Session, random: Random) -> list[Site]:
    """72 sites in groups of three, each with up to three special rooms; one group far from the others."""
    sites: list[Site] = []
    communities = random.sample(words.COMMUNITIES, len(words.SUBDISTRICTS) * SITES_A_SUBDISTRICT)
    for subdistrict in words.SUBDISTRICTS:
        middle = _away(random, MIDDLE, REMOTE_KM) if subdistrict == words.REMOTE else _near(random, MIDDLE, TOWN_KM)
        for _ in range(SITES_A_SUBDISTRICT):
            sites.append(_site(random, subdistrict, communities[len(sites)], _near(random, middle, 1.5)))
    session.add_all(sites)
    session.flush()
    for site in sites:
        kinds = random.sample(words.ROOM_KINDS, random.choice((0, 1, 1, 2, 2, 3)))
        session.add_all(Room(site_id=site.id or 0, kind=k, capacity=random.choice((30, 35, 40))) for k in sorted(kinds))
    session.flush()
    return sites


def _site(random: Random, subdistrict: str, community: str, place: tuple[float, float]) -> Site:
    return Site(
        name=f"{subdistrict}{community}社区微型少年宫",
        subdistrict=subdistrict,
        address=f"{subdistrict}{community}{random.choice(words.STREETS)}{random.randrange(1, 300)}号",
        longitude=round(place[0], 5),
        latitude=round(place[1], 5),
        coordinator_name=person_name(random),
        coordinator_phone=phone(90000 + random.randrange(10000)),
        remark=random.choice(("", "", "有午休床位", "有电梯", "附近有停车场")),
    )


def _near(random: Random, middle: tuple[float, float], km: float) -> tuple[float, float]:
    """A place within `km` of another, evenly spread over the circle."""
    return _away(random, middle, km * math.sqrt(random.random()))


def _away(random: Random, middle: tuple[float, float], distance: float) -> tuple[float, float]:
    """A place so many kilometres from another, in any direction."""
    angle = random.random() * math.tau
    east = distance * math.cos(angle) / (111.3 * math.cos(math.radians(middle[1])))
    return middle[0] + east, middle[1] + distance * math.sin(angle) / 111.3


def make_terms(session: Session) -> list[Term]:
    """Four terms of two working weeks."""
    made = [
        Term(year=first.year, name=f"第{number}期", starts_on=first, ends_on=first + timedelta(days=11))
        for number, first in zip("一二三四", FIRST_DAYS, strict=True)
    ]
    session.add_all(made)
    session.flush()
    return made


def make_class_runs(session: Session, random: Random, sites: Sequence[Site], terms: Sequence[Term]) -> None:
    """88 class runs in each term: one at every site, a second at some. Most care all day."""
    for term in terms:
        second = set(random.sample(range(len(sites)), SECOND_CLASSES))
        for index, site in enumerate(sites):
            for low, high in sorted(random.sample(GRADE_BANDS, 2 if index in second else 1)):
                session.add(_class_run(random, site, term, (low, high)))
    session.flush()


def _class_run(random: Random, site: Site, term: Term, grades: tuple[int, int]) -> ClassRun:
    day = ["am", "pm"] if random.random() < 0.8 else ["am"]
    noon = ["noon"] if random.random() < 0.92 else []
    return ClassRun(
        site_id=site.id or 0,
        term_id=term.id or 0,
        name=f"{grades[0]}-{grades[1]}年级班",
        grade_low=grades[0],
        grade_high=grades[1],
        capacity=DEFAULT_SETTINGS["class_capacity"],
        min_to_open=DEFAULT_SETTINGS["min_to_open"],
        confirmed=random.choice((14, *range(15, 31))),
        parts=sorted(day + noon),
    )


def make_courses(session: Session) -> list[Course]:
    """The library: 100 courses of five domains and safety."""
    made = []
    for line in words.COURSES.splitlines():
        domain, names, grades, room, outdoor, fallback = (line.split("|") + [""] * 3)[:6]
        low, high = (int(grade) for grade in grades.split("-"))
        made += [
            Course(
                name=name,
                domain=domain,
                grade_low=low,
                grade_high=high,
                room_kind=room or None,
                outdoor=bool(outdoor),
                indoor_fallback=fallback or None,
            )
            for name in names.split()
        ]
    session.add_all(made)
    session.flush()
    return made
