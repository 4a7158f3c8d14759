"""One week's problem from the tables: exactly the format, exactly the rules of the domain."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from sqlalchemy import Engine, event
from sqlmodel import Session, select
from workbooks import SmallWorkbook

from registry.db import make_engine, session_scope
from registry.errors import Refused
from registry.exchange import ImportReport, import_workbook
from registry.people import (
    Ban,
    Volunteer,
    adult_from,
    is_adult,
    is_clearance_valid,
    is_old_enough,
    months_before,
)
from registry.programme import ClassRun, DaySlot, Setting
from registry.rostering.build import problem_for_week, volunteers_without_home
from scheduler import read_problem

Import = Callable[[SmallWorkbook], ImportReport]
MONDAY = date(2026, 7, 6)


def person(problem: dict[str, Any], name: str = "李老师") -> dict[str, Any]:
    """The volunteer of that name."""
    [found] = [v for v in problem["volunteers"] if v["name"] == name]
    return dict(found)


def test_a_small_week_in_full(session: Session, small: SmallWorkbook, imported: Import) -> None:
    small.change("期次", 结束日期="2026.7.6").change("志愿者", 备注="不愿去西镇").change("班次", 托管时段="上午")
    imported(small)
    problem = problem_for_week(session, MONDAY)
    assert {k: problem[k] for k in ("format", "week", "pins", "heat_days", "published")} == {
        "format": "qingzai.roster-problem/1", "week": "2026-07-06", "pins": {"duties": [], "lessons": []},
        "heat_days": [], "published": None,
    }  # fmt: skip
    assert problem["segments"] == [
        {"id": "1-am", "weekday": 1, "start": "08:30", "end": "12:00"},
        {"id": "1-noon", "weekday": 1, "start": "12:00", "end": "14:30"},
        {"id": "1-pm", "weekday": 1, "start": "14:30", "end": "17:30"},
    ]
    assert problem["slots"] == [
        {"id": "1-1", "segment": "1-am", "start": "10:50", "end": "11:40"},
        {"id": "1-2", "segment": "1-pm", "start": "14:30", "end": "15:20"},
        {"id": "1-3", "segment": "1-pm", "start": "15:45", "end": "16:35"},
        {"id": "1-4", "segment": "1-pm", "start": "16:40", "end": "17:10"},
    ]
    assert problem["classes"] == [
        {"id": "c1", "name": "1-2年级班", "site": "s1", "grades": [1, 2], "children": 20,
         "segments": ["1-am", "1-noon"], "slots": ["1-1"]}
    ]  # fmt: skip
    assert problem["courses"][0] == {
        "id": "k1", "name": "中国舞", "domain": "aesthetic", "grades": [1, 4], "room_kind": "舞蹈室", "outdoor": False,
    }  # fmt: skip
    assert problem["bans"] == [{"volunteer": "v1", "site": "s2"}]
    # Two sites, 0.05° of longitude apart at 29.55° N: 6371.0088 · 0.05 · π/180 · cos 29.55° = 4.836572 km.
    assert problem["sites"] == [
        {"id": "s1", "name": "东街少年宫", "x_km": 2.418286, "y_km": 0.0,
         "rooms": [{"id": "r1", "kind": "舞蹈室", "capacity": 30}]},
        {"id": "s2", "name": "西镇少年宫", "x_km": -2.418286, "y_km": 0.0, "rooms": []},
    ]  # fmt: skip
    assert person(problem) == {
        "id": "v1", "name": "李老师", "roles": ["lead", "instructor"], "courses": ["k1", "k2"],
        "available": ["1-am", "1-noon"], "max_segments": 2, "preferred_segments": 2, "x_km": 2.418286, "y_km": 0.0,
        "reach_km": 3.0, "preferred_sites": ["s1"], "adult": True, "cleared": True,
    }  # fmt: skip


def test_the_scheduler_reads_the_week_of_a_real_district(district: Engine) -> None:
    with session_scope(district) as session:
        problem, again = (problem_for_week(session, date(2026, 7, 13)) for _ in range(2))
    assert problem == again
    read = read_problem(problem)
    assert [len(x) for x in (read.segments, read.slots, read.sites, read.classes, read.courses)] == [15, 20, 72, 88, 94]
    assert (len(read.volunteers), len(read.bans)) == (700, 256)
    assert sum(v.cleared for v in read.volunteers) == 665
    assert sum(not v.adult for v in read.volunteers) == 41
    assert [v.id for v in read.volunteers if not v.adult and "lead" in v.roles] == []


def test_who_comes_of_age_leads_from_then_on(session: Session, small: SmallWorkbook, imported: Import) -> None:
    small.change("期次", 结束日期="2026年8月28日").change("志愿者", 出生年月="2008.7", 岗位="班主任")
    imported(small.change("志愿者", 可授课程=""))
    july, august = (person(problem_for_week(session, day)) for day in (date(2026, 7, 27), date(2026, 8, 3)))
    assert (july["adult"], july["roles"]) == (False, ["assistant"])
    assert (august["adult"], august["roles"]) == (True, ["lead"])


def test_adulthood_is_judged_on_the_monday() -> None:
    born = date(2008, 7, 1)
    assert adult_from(born) == date(2026, 8, 1)
    assert [is_adult(born, day) for day in (date(2026, 7, 31), date(2026, 8, 1))] == [False, True]
    assert adult_from(date(2008, 12, 1)) == date(2027, 1, 1)
    assert [is_old_enough(date(2012, 6, 1), day) for day in (date(2026, 6, 30), date(2026, 7, 1))] == [False, True]


@pytest.mark.parametrize(
    ("checked", "counts"),
    [
        (date(2025, 7, 9), False), (date(2025, 7, 10), True), (date(2026, 7, 6), True), (date(2026, 7, 7), False),
    ],
)  # fmt: skip
def test_a_check_counts_for_twelve_months_to_the_last_day(checked: date, counts: bool) -> None:
    assert is_clearance_valid(checked, MONDAY, date(2026, 7, 10), 12) is counts


def test_months_before_a_day_that_the_month_lacks() -> None:
    assert months_before(date(2026, 3, 31), 1) == date(2026, 2, 28)
    assert months_before(date(2024, 2, 29), 12) == date(2023, 2, 28)
    assert months_before(date(2026, 1, 15), 12) == date(2025, 1, 15)


def test_clearance_is_judged_for_the_days_rostered(session: Session, small: SmallWorkbook, imported: Import) -> None:
    imported(small.change("志愿者", 从业查询日期="2025-07-12"))
    weeks = (MONDAY, date(2026, 7, 13))
    assert [person(problem_for_week(session, week))["cleared"] for week in weeks] == [True, False]


def test_only_the_days_of_the_term_are_rostered(session: Session, small: SmallWorkbook, imported: Import) -> None:
    imported(small.change("期次", 开始日期="2026.7.8", 结束日期="2026.7.9"))
    problem = problem_for_week(session, MONDAY)
    assert [s["id"] for s in problem["segments"]] == ["3-am", "3-noon", "3-pm", "4-am", "4-noon", "4-pm"]
    assert problem["classes"][0]["segments"] == [s["id"] for s in problem["segments"]]
    assert person(problem)["available"] == []


def test_two_terms_in_one_week_keep_their_own_days(session: Session, small: SmallWorkbook, imported: Import) -> None:
    small.change("期次", 结束日期="2026.7.7").repeat("期次", 期次="第二期", 开始日期="2026.7.8", 结束日期="2026.7.17")
    imported(small.repeat("班次", 期次="第二期"))
    classes = problem_for_week(session, MONDAY)["classes"]
    days = [sorted({s[0] for s in c["segments"]}) for c in classes]
    assert days == [["1", "2"], ["3", "4", "5"]]


def test_a_class_without_children_does_not_run(session: Session, small: SmallWorkbook, imported: Import) -> None:
    imported(small.repeat("班次", 班名="空班", 已确认人数=0))
    assert [c["name"] for c in problem_for_week(session, MONDAY)["classes"]] == ["1-2年级班"]


def test_without_a_home_nobody_reaches_anything(session: Session, small: SmallWorkbook, imported: Import) -> None:
    del small.sheets["点位"][1]  # one site only: it lies in the middle of the plane
    imported(small)
    problem = problem_for_week(session, MONDAY)
    lost = person(problem, "张同学")
    assert (lost["x_km"], lost["y_km"], lost["reach_km"]) == (-1.0, 0.0, 0.0)
    assert (problem["sites"][0]["x_km"], problem["sites"][0]["y_km"]) == (0.0, 0.0)
    assert [v.name for v in volunteers_without_home(session)] == ["张同学"]


def test_bans_of_classes_of_other_weeks_stay_out(session: Session, small: SmallWorkbook, imported: Import) -> None:
    small.repeat("期次", 期次="第二期", 开始日期="2026.7.20", 结束日期="2026.7.31").repeat("班次", 期次="第二期")
    imported(small)
    first, second = session.exec(select(ClassRun).order_by("id")).all()
    volunteer = session.exec(select(Volunteer).order_by("id")).first()
    assert volunteer
    for class_run in (first, second):
        session.add(Ban(volunteer_id=volunteer.id or 0, class_run_id=class_run.id))
    session.flush()
    assert problem_for_week(session, MONDAY)["bans"] == [{"volunteer": "v1", "class": f"c{first.id}"}]


def test_the_day_and_the_policy_are_data(session: Session, small: SmallWorkbook, imported: Import) -> None:
    imported(small)
    for slot in session.exec(select(DaySlot).where(DaySlot.number > 2)):
        session.delete(slot)
    session.add(Setting(key="roster_policy", value={"children_per_adult": 6}))
    session.flush()
    problem = problem_for_week(session, MONDAY)
    assert [s["id"] for s in problem["slots"] if s["id"].startswith("1")] == ["1-1", "1-2"]
    assert (problem["policy"]["children_per_adult"], problem["policy"]["min_adults"]) == (6, 2)


def test_a_week_begins_on_monday(session: Session) -> None:
    with pytest.raises(Refused) as caught:
        problem_for_week(session, date(2026, 7, 8))
    facts = {"day": "2026-07-08", "monday": "2026-07-06"}
    assert (caught.value.code, caught.value.facts) == ("week_not_monday", facts)


def test_a_week_without_classes_lists_the_terms(session: Session, small: SmallWorkbook, imported: Import) -> None:
    imported(small)
    with pytest.raises(Refused) as caught:
        problem_for_week(session, date(2026, 7, 20))
    facts = {"week": "2026-07-20", "terms": [("第一期", "2026-07-06", "2026-07-17")]}
    assert (caught.value.code, caught.value.facts) == ("week_empty", facts)


def test_the_number_of_queries_does_not_grow_with_the_week(
    sqlite_url: str, small: SmallWorkbook, district: Engine
) -> None:
    engine = make_engine(sqlite_url)
    with session_scope(engine) as session:
        import_workbook(session, small.write())
    assert queries(engine) == queries(district) == 17
    engine.dispose()


def queries(engine: Engine) -> int:
    """How many queries a week's problem takes."""
    asked: list[str] = []

    def listen(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if statement.startswith("SELECT"):
            asked.append(statement)

    event.listen(engine, "before_cursor_execute", listen)
    with session_scope(engine) as session:
        problem_for_week(session, MONDAY)
    event.remove(engine, "before_cursor_execute", listen)
    return len(asked)
