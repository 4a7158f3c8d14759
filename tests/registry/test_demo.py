"""The made-up district: as large as a real one, always the same, and with work for a solver that can succeed."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, select

from registry import tables
from registry.attendance.figures import class_attendance
from registry.attendance.roll import roll, unaccounted
from registry.attendance.tables import AttendanceDay
from registry.db import make_engine, session_scope
from registry.demo import MONDAY, is_made_up, make_district, words
from registry.demo.attendance import make_attendance
from registry.demo.children import class_with_children
from registry.engine.rosters import Problem, read_problem
from registry.errors import Conflict
from registry.families.classes import children_of_class
from registry.people import Volunteer
from registry.programme import ClassRun, Course, Room, Site, Term
from registry.rostering.build import problem_for_week, volunteers_without_home
from scheduler.roster.problem import Volunteer as Person


@pytest.fixture
def demo(made_up: Engine) -> Iterator[Session]:
    """A session on the made-up district, for reading."""
    with session_scope(made_up) as opened:
        yield opened


@pytest.fixture
def empty(sqlite_url: str) -> Iterator[Session]:
    """A session on an empty database."""
    engine = make_engine(sqlite_url)
    with session_scope(engine) as opened:
        yield opened
    engine.dispose()


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


def hands(problem: Problem, *, remote: bool) -> tuple[int, int]:
    """Segments of adults that the remote town's sites need, or the others, and those that people there can give."""
    sites = [s for s in problem.sites if (words.REMOTE in (s.name or "")) == remote]
    ids = {s.id for s in sites}

    def reaches(v: Person) -> bool:
        return any(math.dist((v.x_km, v.y_km), (s.x_km, s.y_km)) <= v.reach_km for s in sites)

    carers = [v for v in problem.volunteers if v.cleared and v.adult and v.roles & {"lead", "assistant"} and reaches(v)]
    need = sum(problem.need(c) * len(c.segments) for c in problem.classes if c.site in ids)
    return need, sum(min(v.max_segments, len(v.available)) for v in carers)


def test_there_are_hands_enough_but_for_the_remote_town(demo: Session) -> None:
    """Elsewhere there is a good reserve (no proof, but a district short of people at first sight teaches nothing).
    In the remote town counting alone proves that some places stay open."""
    problem = read_problem(problem_for_week(demo, MONDAY))
    need, given = hands(problem, remote=False)
    assert given > 1.2 * need
    need, given = hands(problem, remote=True)
    assert 0.6 * need < given < need


def test_nobody_reaches_the_remote_town_from_elsewhere(demo: Session) -> None:
    problem = read_problem(problem_for_week(demo, MONDAY))
    remote = [s for s in problem.sites if words.REMOTE in (s.name or "")]
    away = [v for v in demo.exec(select(Volunteer)) if v.home_subdistrict != words.REMOTE]
    people = [problem.volunteer[f"v{v.id}"] for v in away]
    nearest = min(math.dist((v.x_km, v.y_km), (s.x_km, s.y_km)) - v.reach_km for v in people for s in remote)
    assert nearest > 0


def test_the_same_seed_makes_the_same_district(empty: Session, demo: Session) -> None:
    make_district(empty, seed=1)
    assert contents(empty) == contents(demo)


def test_another_seed_makes_another_district(empty: Session, demo: Session) -> None:
    make_district(empty, seed=2)
    first, other = (s.exec(select(Volunteer).order_by("id")).first() for s in (demo, empty))
    assert first is not None
    assert other is not None
    assert (first.phone, first.name) != (other.phone, other.name)
    assert first.phone == other.phone


def test_a_district_is_not_made_twice(empty: Session) -> None:
    make_district(empty)
    before = contents(empty)
    with pytest.raises(Conflict) as caught:
        make_district(empty)
    assert caught.value.code == "not_empty"
    assert contents(empty) == before


def test_a_made_up_district_can_be_told_from_a_real_one(demo: Session, empty: Session) -> None:
    assert (is_made_up(demo), is_made_up(empty)) == (True, False)


def test_the_class_of_the_sample_has_days_and_its_volunteers_hours(empty: Session) -> None:
    """Nine days of each child, all over; the first child came on three of them, below the floor."""
    make_district(empty)
    run = class_with_children(empty) or 0
    children = [child.id or 0 for child in children_of_class(empty, run)]
    assert make_attendance(empty) > 2 * len(children) * 5
    assert make_attendance(empty) == 0
    found = class_attendance(empty, run, children)
    assert [found[children[0]].attended, found[children[0]].is_below_floor] == [3, True]
    assert all(one.attended + one.excused == 9 for one in found.values())
    days = empty.exec(select(AttendanceDay)).all()
    assert (len(days), all(day.closed_at for day in days)) == (9, True)
    assert [len(unaccounted(roll(empty, run, day.day))) for day in days] == [0] * 9
