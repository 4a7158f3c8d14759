"""The made-up district: as large as a real one, always the same, and with work for a solver that can succeed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, select

from registry import tables
from registry.db import make_engine, session_scope
from registry.demo import make_district
from registry.errors import Conflict
from registry.people import Volunteer
from registry.programme import ClassRun, Course, Room, Site, Term
from registry.rostering.build import problem_for_week, volunteers_without_home
from scheduler import read_problem

MONDAY = date(2026, 7, 13)


@pytest.fixture
def demo(engine: Engine) -> Iterator[Session]:
    """A session on the made-up district."""
    with session_scope(engine) as opened:
        make_district(opened)
        yield opened


def contents(session: Session) -> dict[str, list[str]]:
    """Everything that is stored, as text."""
    return {str(m.__tablename__): sorted(str(row) for row in session.exec(select(m))) for m in tables.ALL}


def test_it_is_as_large_as_a_district(demo: Session) -> None:
    counts = {m: len(demo.exec(select(m)).all()) for m in (Site, Term, ClassRun, Course, Volunteer)}
    assert counts == {Site: 72, Term: 4, ClassRun: 352, Course: 100, Volunteer: 700}
    assert len({s.name for s in demo.exec(select(Site))}) == 72
    assert Counter(v.kind for v in demo.exec(select(Volunteer))) == {
        "university_student": 290, "teacher": 120, "expert": 115, "community_cadre": 70, "medical_staff": 45,
        "parent": 40, "pupil": 20,
    }  # fmt: skip
    domains = Counter(c.domain for c in demo.exec(select(Course)))
    assert set(domains) == {"moral", "intellect", "physical", "aesthetic", "labour", "safety"}
    assert min(domains.values()) >= 10


def test_every_week_is_a_sound_problem(demo: Session) -> None:
    for term in demo.exec(select(Term)):
        problem = read_problem(problem_for_week(demo, term.starts_on))
        assert (len(problem.classes), sum(v.cleared for v in problem.volunteers)) == (88, 570)
    assert volunteers_without_home(demo) == []


def test_it_hangs_together(demo: Session) -> None:
    courses = {c.name: c for c in demo.exec(select(Course))}
    outdoor = [c for c in courses.values() if c.outdoor]
    assert len(outdoor) == 5
    assert [c.name for c in outdoor if courses[c.indoor_fallback or ""].outdoor] == []
    rooms = {room.kind for room in demo.exec(select(Room))}
    assert {c.room_kind for c in courses.values()} - {None} == rooms
    minors = [v for v in demo.exec(select(Volunteer)) if v.kind == "pupil"]
    assert [v for v in minors if v.is_lead or v.is_instructor] == []


def test_there_are_hands_enough(demo: Session) -> None:
    """Not a proof, but a made-up district that lacks people at first sight would teach nothing."""
    problem = read_problem(problem_for_week(demo, MONDAY))
    adults = [v for v in problem.volunteers if v.cleared and v.adult]
    carers = [v for v in adults if v.roles & {"lead", "assistant"}]
    wanted = sum(problem.need(c) * len(c.segments) for c in problem.classes)
    assert sum(v.max_segments for v in carers) > 1.2 * wanted
    led = sum(len(c.segments) for c in problem.classes)
    assert sum(v.max_segments for v in carers if "lead" in v.roles) > 1.2 * led


def test_the_same_seed_makes_the_same_district(sqlite_url: str, demo: Session) -> None:
    engine = make_engine(sqlite_url)
    with session_scope(engine) as session:
        if session.exec(select(Site)).first() is None:
            make_district(session, seed=1)
        assert contents(session) == contents(demo)
    engine.dispose()


def test_another_seed_makes_another_district(engine: Engine, sqlite_template: object) -> None:
    with session_scope(engine) as session:
        make_district(session, seed=2)
        first = session.exec(select(Site).order_by("id")).first()
    assert first is not None
    assert (first.subdistrict, first.name) == ("青禾街道", first.name)


def test_a_district_is_not_made_twice(demo: Session) -> None:
    with pytest.raises(Conflict) as caught:
        make_district(demo)
    assert caught.value.code == "not_empty"
