"""Rounds: what the office may do to them, when they are open, and finding a class run in one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

import pytest
from sqlalchemy import Engine, event
from sqlmodel import Session, select
from town import YEAR, a_round, draft, family, make_town, office, told

from registry import clock
from registry.accounts.tables import Role
from registry.db import make_engine, session_scope
from registry.enrolment.round_classes import ClassInput, classes_of, set_classes, whole_season
from registry.enrolment.rounds import (
    Phase,
    RoundInput,
    announce_round,
    cancel_round,
    change_round,
    commitment_of,
    create_round,
    phase,
    public_round,
    public_rounds,
)
from registry.enrolment.search import ClassRow, Wanted, classes, grade_in, search
from registry.enrolment.sending import submit
from registry.enrolment.tables import ClassDay, EnrolmentRound, PriorityGroup
from registry.errors import Invalid, RegistryError
from registry.programme import ClassRun, Site

OPENS, CLOSES = datetime(2026, 6, 1, 1, tzinfo=UTC), datetime(2026, 6, 5, 10, tzinfo=UTC)
GIVEN = RoundInput(season=YEAR, name="第一轮", mode="lottery", opens_at=OPENS, closes_at=CLOSES)
SECOND = timedelta(seconds=1)


def code(act: Callable[[], object]) -> str:
    with pytest.raises(RegistryError) as caught:
        act()
    return caught.value.code


def test_a_round_opens_and_closes_to_the_second() -> None:
    its = EnrolmentRound(season=YEAR, number=1, name="", mode="lottery", opens_at=OPENS, closes_at=CLOSES)
    assert phase(its, OPENS) is Phase.DRAFT
    its.announced_at = OPENS - timedelta(days=9)
    assert [phase(its, OPENS - SECOND), phase(its, OPENS)] == [Phase.ANNOUNCED, Phase.OPEN]
    assert [phase(its, CLOSES - SECOND), phase(its, CLOSES)] == [Phase.OPEN, Phase.CLOSED]
    its.frozen_at = CLOSES + SECOND
    assert phase(its, CLOSES + SECOND) is Phase.FROZEN
    its.published_at = CLOSES + 2 * SECOND
    assert phase(its, CLOSES + 2 * SECOND) is Phase.PUBLISHED
    its.cancelled_at = CLOSES
    assert phase(its, CLOSES) is Phase.CANCELLED


def test_every_problem_of_a_round_is_named_at_its_field(session: Session) -> None:
    make_town(session)
    boss = office(session)
    bad = RoundInput(
        season=YEAR, name=" ", mode="auction", opens_at=CLOSES, closes_at=CLOSES, confirm_by=OPENS, offer_hours=0,
        most_wishes=99, most_seats=0, order="by-name", families="apart", waitlist_length=-1,
        notes_zh="长" * 50_000, seed_event="x" * 201,
    )  # fmt: skip
    with pytest.raises(Invalid) as caught:
        create_round(session, boss, bad)
    assert sorted((p.field, p.code) for p in caught.value.problems) == [
        ("closes_at", "must_be_later"), ("confirm_by", "must_be_later"), ("families", "choose_one"),
        ("mode", "choose_one"), ("most_seats", "out_of_range"), ("most_wishes", "out_of_range"), ("name", "needed"),
        ("notes_zh", "too_long"), ("offer_hours", "out_of_range"), ("order", "choose_one"),
        ("seed_event", "too_long"), ("waitlist_length", "out_of_range"),
    ]  # fmt: skip
    assert code(lambda: create_round(session, boss, replace(GIVEN, season=1999))) == "season_unknown"
    assert session.exec(select(EnrolmentRound)).all() == []


def test_only_the_office_makes_rounds(session: Session) -> None:
    runs = make_town(session)
    its = a_round(session, runs)
    for actor in (office(session, Role.AUDITOR), office(session, Role.SITE_COORDINATOR, 1), family(session)[0]):
        for act in (
            lambda a: create_round(session, a, GIVEN),
            lambda a: change_round(session, a, its.id or 0, GIVEN),
            lambda a: announce_round(session, a, its.id or 0),
            lambda a: cancel_round(session, a, its.id or 0),
            lambda a: set_classes(session, a, its.id or 0, []),
        ):
            assert code(lambda a=actor, act=act: act(a)) == "not_allowed"  # type: ignore[misc]


def test_a_round_is_announced_with_a_commitment_and_stays_as_it_was_told(session: Session) -> None:
    runs = make_town(session)
    boss, now = office(session), clock.now()
    given = replace(GIVEN, opens_at=now + timedelta(days=1), closes_at=now + timedelta(days=2))
    its = create_round(session, boss, given)
    its = change_round(session, boss, its.id or 0, replace(given, name=" 第一轮 ", most_wishes=3))
    assert (its.number, its.name, its.most_wishes, public_rounds(session)) == (1, "第一轮", 3, [])
    assert code(lambda: public_round(session, its.id or 0)) == "round_unknown"
    assert code(lambda: announce_round(session, boss, its.id or 0)) == "round_without_classes"
    set_classes(session, boss, its.id or 0, whole_season(session, YEAR))
    announce_round(session, boss, its.id or 0)
    assert its.seed_secret is not None
    assert (its.seed_commitment, len(its.seed_secret)) == (commitment_of(its.seed_secret), 64)
    assert public_rounds(session) == [its]
    for act in (
        lambda: change_round(session, boss, its.id or 0, given),
        lambda: announce_round(session, boss, its.id or 0),
        lambda: set_classes(session, boss, its.id or 0, []),
    ):
        assert code(act) == "round_announced"
    assert create_round(session, boss, given).number == 2
    assert len(classes_of(session, its.id or 0)) == len(runs)


def test_a_public_event_takes_the_place_of_a_secret(session: Session) -> None:
    runs = make_town(session)
    its = a_round(session, runs, seed_event="双色球 2026066 期开奖号码")
    assert (its.seed_event, its.seed_secret, its.seed_commitment) == ("双色球 2026066 期开奖号码", None, None)
    assert a_round(session, runs, mode="first_come").seed_commitment is None


def test_a_round_that_would_be_over_is_not_announced(session: Session) -> None:
    runs = make_town(session)
    boss = office(session)
    its = create_round(
        session, boss, replace(GIVEN, opens_at=OPENS - timedelta(days=999), closes_at=OPENS - timedelta(days=998))
    )
    set_classes(session, boss, its.id or 0, [ClassInput(runs[0], 5, 0)])
    assert code(lambda: announce_round(session, boss, its.id or 0)) == "round_over"


def test_a_round_called_off_tells_those_who_applied(session: Session) -> None:
    runs = make_town(session)
    its = a_round(session, runs)
    actor, mine = draft(session, its, runs[:1])
    draft(session, its, runs[:1])
    submit(session, actor, mine.number, "key-of-form")
    for _ in range(2):
        cancel_round(session, office(session), its.id or 0)
    assert (phase(its, clock.now()), told(session)) == (Phase.CANCELLED, ["received", "round_cancelled"])


def test_counters_follow_the_round_that_gives_most(session: Session) -> None:
    runs = make_town(session, places=30)
    boss = office(session)

    def counters() -> set[int]:
        return set(session.exec(select(ClassDay.places).where(ClassDay.class_run_id == runs[0])))

    a_round(session, runs, places=20)
    assert counters() == {20}
    second = create_round(session, boss, GIVEN)
    set_classes(session, boss, second.id or 0, [ClassInput(runs[0], 30, 15)])
    assert counters() == {30}
    wrong = [ClassInput(runs[0], 31, 0), ClassInput(10**30, 1, 0), *[ClassInput(runs[1], 1, 0)] * 2]
    with pytest.raises(Invalid) as caught:
        set_classes(session, boss, second.id or 0, wrong)
    assert [p.code for p in caught.value.problems] == ["places_beyond_capacity", "class_unknown", "class_twice"]
    assert [(c.class_run_id, c.places, c.min_to_open) for c in classes_of(session, second.id or 0)] == [
        (runs[0], 30, 15)
    ]


def test_a_new_database_knows_the_usual_groups(session: Session) -> None:
    assert {(group.name_zh, group.tier) for group in session.exec(select(PriorityGroup))} == {
        ("困境儿童", 0), ("留守儿童", 0), ("困难职工子女", 1), ("双职工家庭", 1),
        ("一线、新就业群体子女", 1), ("随迁子女", 1),
    }  # fmt: skip


def test_the_grade_is_that_of_the_school_year_that_ends() -> None:
    # School entry in September 2024: grade 1 ends in summer 2025, grade 2 in summer 2026.
    assert [grade_in(YEAR, entry) for entry in (2026, 2025, 2024, 2020)] == [0, 1, 2, 6]


def ids(rows: list[ClassRow]) -> list[int]:
    return [row.id for row in rows]


def test_class_runs_are_found_as_a_family_looks_for_them(session: Session) -> None:
    runs = make_town(session)
    east, west, second, older = runs
    its = a_round(session, runs)

    def found(**wanted: object) -> list[int]:
        return sorted(ids(search(session, its, Wanted(**wanted))))  # type: ignore[arg-type]

    assert found() == sorted(runs)
    assert found(subdistrict="西镇") == [west]
    assert found(lunch=True) == found(nap=True) == [east, second]  # the older class has no noon care
    assert found(grade=3) == [older]
    assert found(grade=0) == []
    assert found(until=time(17, 30)) == [east, second]
    assert found(until=time(17, 31)) == []
    assert found(from_=time(8, 30)) == sorted(runs)
    assert found(from_=time(8, 0)) == []
    assert found(words="西镇") == [west]
    assert found(words="'; DROP TABLE child; --") == []
    # 0.05 degrees of longitude at 29.55° north are 4.84 km.
    near = search(session, its, Wanted(near="西镇", grade=1))
    assert [(row.id, row.km) for row in near] == [(west, 0.0), (east, 4.84), (second, 4.84)]
    here = search(session, its, Wanted(here=(106.45, 29.55), grade=1, within_km=1))
    assert [(row.id, row.km) for row in here] == [(east, 0.0), (second, 0.0)]
    assert sorted(ids(search(session, its, Wanted(near="没有的街道")))) == sorted(runs)


def test_applicants_are_counted_once_sent(session: Session) -> None:
    runs = make_town(session)
    its = a_round(session, runs, places=7)
    for wishes in ([runs[0], runs[1]], [runs[1]], [runs[1], runs[0]]):
        actor, mine = draft(session, its, wishes)
        submit(session, actor, mine.number, f"key-{mine.number}")
    draft(session, its, [runs[0]])
    counts = {row.id: (row.places, row.free, row.applied, row.first) for row in classes(session, its)}
    assert counts == {runs[0]: (7, 7, 2, 1), runs[1]: (7, 7, 3, 2), runs[2]: (7, 7, 0, 0), runs[3]: (7, 7, 0, 0)}


def test_what_a_family_reads_of_a_class_run(session: Session) -> None:
    runs = make_town(session)
    its = a_round(session, runs[:1])
    [row] = classes(session, its)
    assert (row.site, row.opens, row.closes, row.has_lunch, row.has_nap, row.parts) == (
        "东街少年宫", time(8, 30), time(17, 30), True, True, ("am", "noon", "pm"),
    )  # fmt: skip


@contextmanager
def counted(engine: Engine) -> Iterator[list[str]]:
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        seen.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    yield seen
    event.remove(engine, "before_cursor_execute", note)


def test_more_class_runs_take_no_more_questions(database_url: str) -> None:
    engine, asked = make_engine(database_url), []
    with session_scope(engine) as session:
        runs = make_town(session)
        few, many = a_round(session, runs[:1]).id, None
        site = session.exec(select(Site)).first()
        assert site is not None
        more = [
            ClassRun(site_id=site.id or 0, term_id=1, name=f"{i}班", grade_low=1, grade_high=6, capacity=30,
                     min_to_open=0, confirmed=0, parts=["am"])
            for i in range(40)
        ]  # fmt: skip
        session.add_all(more)
        session.flush()
        many = a_round(session, [run.id or 0 for run in more]).id
    for round_id, rows in ((few, 1), (many, 40)):
        with session_scope(engine) as session:
            its = session.get_one(EnrolmentRound, round_id)
            with counted(engine) as seen:
                assert len(search(session, its, Wanted(near="东街街道"))) == rows
            asked.append(len(seen))
    assert asked == [5, 5]
    engine.dispose()
