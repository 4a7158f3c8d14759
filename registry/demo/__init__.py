"""A made-up district, believable and always the same for the same seed. Nobody in it exists."""

from __future__ import annotations

from datetime import date
from random import Random

from sqlmodel import Session, select

from registry.demo.enrolment import make_season
from registry.demo.people import make_volunteers
from registry.demo.programme import make_class_runs, make_courses, make_sites, make_terms
from registry.errors import Conflict
from registry.people import Volunteer
from registry.programme import MADE_UP, Setting, Site, is_made_up

__all__ = ["MONDAY", "is_made_up", "make_district"]

MONDAY = date(2026, 7, 13)
"""The week that the sample solves and shows: the second of the first term."""


def make_district(session: Session, seed: int = 1) -> None:
    """Fill an empty database with a district as large as DOMAIN.md tells.

    72 sites in 24 sub-districts, four terms of ten working days in July and August 2026, 88 class runs in each,
    100 courses, 700 volunteers of whom 570 may be with children, a round of enrolment that is open, a family with a
    draft. The caller's unit of work commits.

    Raises:
        Conflict: `not_empty`, where there are sites or volunteers already.
    """
    if session.exec(select(Site).limit(1)).first() or session.exec(select(Volunteer).limit(1)).first():
        raise Conflict("not_empty")
    random = Random(seed)
    sites = make_sites(session, random)
    terms = make_terms(session)
    make_class_runs(session, random, sites, terms)
    courses = make_courses(session)
    make_volunteers(session, random, sites, courses)
    make_season(session, random, sites)
    session.add(Setting(key=MADE_UP, value={"seed": seed}))
    session.flush()
