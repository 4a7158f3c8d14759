"""A published week: its versions, the rows of the one in force, and what is asked of a day."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, select
from workbooks import SmallWorkbook

from registry.db import Sessions, sessions
from registry.duties.days import class_duties, class_lessons, classes_on, duties_of, lessons_of
from registry.duties.publish import publish, version_in_force, version_of
from registry.duties.tables import RosteredDuty, RosteredLesson, RosterVersion
from registry.errors import NotFound, Refused, SolveFailed
from registry.exchange import import_workbook
from registry.rostering.drafts import make_draft
from registry.rostering.tables import RosterDraft

MONDAY = date(2026, 7, 6)


@pytest.fixture(name="week")
def solved_week(engine: Engine, small: SmallWorkbook) -> tuple[Sessions, RosterDraft]:
    """Sessions on the small district, and its solved Monday."""
    small.change("期次", 结束日期="2026.7.6")
    made = sessions(engine)
    with made() as session:
        import_workbook(session, small.write())
    return made, make_draft(made, MONDAY, seconds=2, workers=1)


def put(session: Session, draft: RosterDraft, **more: Any) -> RosterVersion:
    """The draft's roster as the next version."""
    assert draft.roster_json is not None
    return publish(session, MONDAY, draft.problem_json, draft.roster_json, seed=draft.seed, **more)


def test_a_published_week_has_a_row_for_each_entry(week: tuple[Sessions, RosterDraft]) -> None:
    opened, draft = week
    roster = draft.roster_json
    assert roster is not None
    with opened() as session:
        made = put(session, draft, note="第一版")
        told = {
            (f"v{d.volunteer_id}", f"c{d.class_run_id}", f"{d.day.isoweekday()}-{d.part}", d.role)
            for d in session.exec(select(RosteredDuty))
        }
        given = {
            (f"v{x.volunteer_id}", f"c{x.class_run_id}", f"{x.day.isoweekday()}-{x.slot}", f"k{x.course_id}")
            for x in session.exec(select(RosteredLesson))
        }
        assert (made.number, made.note, made.seed, version_in_force(session, MONDAY)) == (1, "第一版", draft.seed, made)
    assert told == {(d["volunteer"], d["class"], d["segment"], d["role"]) for d in roster["duties"]} != set()
    assert given == {(x["instructor"], x["class"], x["slot"], x["course"]) for x in roster["lessons"]}


def test_a_later_version_replaces_the_rows_and_keeps_the_versions(week: tuple[Sessions, RosterDraft]) -> None:
    opened, draft = week
    with opened() as session:
        first = put(session, draft)
        rows = len(session.exec(select(RosteredDuty)).all())
        second = put(session, draft, restores=1)
        assert (first.number, second.number, second.restores) == (1, 2, 1)
        assert {d.version_id for d in session.exec(select(RosteredDuty))} == {second.id}
        assert len(session.exec(select(RosteredDuty)).all()) == rows
        assert version_in_force(session, MONDAY) == second
        assert version_of(session, MONDAY, 1) == first
        with pytest.raises(NotFound) as unknown:
            version_of(session, MONDAY, 3)
    assert unknown.value.code == "version_unknown"


def test_what_breaks_a_rule_or_begins_on_a_tuesday_is_not_published(week: tuple[Sessions, RosterDraft]) -> None:
    opened, draft = week
    assert draft.roster_json is not None
    twice = [{**d, "role": "lead"} for d in draft.roster_json["duties"]]
    broken = {**draft.roster_json, "duties": twice}
    with opened() as session:
        with pytest.raises(SolveFailed) as refused:
            publish(session, MONDAY, draft.problem_json, broken, seed=1)
        with pytest.raises(Refused) as tuesday:
            publish(session, date(2026, 7, 7), draft.problem_json, draft.roster_json, seed=1)
        assert version_in_force(session, MONDAY) is None
    assert (refused.value.code, tuesday.value.code) == ("roster_broken", "week_not_monday")


def test_a_day_tells_who_is_with_whom(week: tuple[Sessions, RosterDraft]) -> None:
    opened, draft = week
    with opened() as session:
        put(session, draft)
        duty = session.exec(select(RosteredDuty)).first()
        assert duty is not None
        mine = duties_of(session, duty.volunteer_id, MONDAY, MONDAY)
        assert {d.day for d in mine} == {MONDAY}
        assert duty in mine
        assert mine == sorted(mine, key=lambda d: d.starts_at)
        assert duties_of(session, duty.volunteer_id, date(2026, 7, 7), date(2026, 7, 10)) == []
        assert classes_on(session, duty.volunteer_id, MONDAY) == {duty.class_run_id}
        assert classes_on(session, duty.volunteer_id, date(2026, 7, 7)) == set()
        assert duty in class_duties(session, duty.class_run_id, MONDAY)
        lessons = class_lessons(session, duty.class_run_id, MONDAY, MONDAY)
        assert {x.class_run_id for x in lessons} <= {duty.class_run_id}
        assert sorted(x.id or 0 for x in lessons) == sorted(
            x.id or 0 for v in {x.volunteer_id for x in lessons} for x in lessons_of(session, v, MONDAY, MONDAY)
        )
