"""A real district's workbook: the exact counts of its import, by sheet and by kind of problem."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, SQLModel, col, func, select

from registry import tables
from registry.db import make_engine, migrate, session_scope
from registry.exchange import ImportProblem, ImportReport, SheetCount, import_workbook
from registry.people import (
    Ban,
    ClearanceCheck,
    PreferredSite,
    TeachableCourse,
    Volunteer,
    VolunteerAvailability,
)
from registry.programme import ClassRun, Course, Room, Site, Term

DISTRICT = Path(__file__).parents[1] / "data" / "district-2026.xlsx"


def rows(session: Session, model: type[SQLModel]) -> int:
    """How many rows a table has."""
    return session.exec(select(func.count()).select_from(model)).one()


def volunteer(session: Session, name: str) -> Volunteer:
    """The only volunteer of that name."""
    return session.exec(select(Volunteer).where(Volunteer.name == name)).one()


@pytest.fixture
def stored(district: Engine) -> Iterator[Session]:
    """A session on the imported district."""
    with session_scope(district) as opened:
        yield opened


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> ImportReport:
    """The report of a first import."""
    url = f"sqlite:///{tmp_path_factory.mktemp('report') / 'qingzai.db'}"
    migrate(url)
    engine = make_engine(url)
    with session_scope(engine) as opened:
        made = import_workbook(opened, DISTRICT)
    engine.dispose()
    return made


def test_every_row_is_accounted_for(report: ImportReport) -> None:
    assert report.counts == (
        SheetCount("点位", read=72, new=72, changed=0, unchanged=0, skipped=0),
        SheetCount("班次", read=352, new=352, changed=0, unchanged=0, skipped=0),
        SheetCount("期次", read=4, new=4, changed=0, unchanged=0, skipped=0),
        SheetCount("课程库", read=94, new=94, changed=0, unchanged=0, skipped=0),
        SheetCount("志愿者", read=701, new=700, changed=0, unchanged=0, skipped=1),
    )


def test_every_problem_is_reported(report: ImportReport) -> None:
    assert report.by_code() == {
        "preferred_site_too_far": 131,
        "ban_interpreted": 95,
        "preferred_over_available": 48,
        "below_minimum": 40,
        "minor": 35,
        "name_spaces_removed": 26,
        "clearance_missing": 18,
        "clearance_expired": 17,
        "digits_full_width": 12,
        "phone_missing": 8,
        "minor_lead_removed": 4,
        "course_unknown": 3,
        "minor_lead_until_adult": 2,
        "preferred_site_banned": 2,
        "duplicate_row": 1,
    }
    assert report.by_severity() == {"error": 0, "warning": 95, "note": 347}


def test_a_problem_names_its_place(report: ImportReport) -> None:
    found = {(p.sheet, p.row, p.code): p for p in report.problems}
    assert found["志愿者", 63, "clearance_expired"] == ImportProblem(
        "志愿者", 63, "从业查询日期", "2025.5.20", "warning", "clearance_expired", {"earliest": "2025-08-28"}
    )
    assert found["志愿者", 304, "duplicate_row"] == ImportProblem(
        "志愿者", 304, "", "", "warning", "duplicate_row", {"first_row": 16, "differs_in": []}
    )
    assert found["班次", 4, "digits_full_width"] == ImportProblem(
        "班次", 4, "已确认人数", "２１", "note", "digits_full_width", {"read_as": 21}
    )


def test_the_tables_hold_the_workbook(stored: Session) -> None:
    models = (
        Site, Room, Term, Course, ClassRun, Volunteer, VolunteerAvailability,
        TeachableCourse, PreferredSite, ClearanceCheck, Ban,
    )  # fmt: skip
    assert {m.__tablename__: rows(stored, m) for m in models} == {
        "site": 72, "room": 138, "term": 4, "course": 94, "class_run": 352, "volunteer": 700,
        "volunteer_availability": 7366, "teachable_course": 682, "preferred_site": 206,
        "clearance_check": 682, "ban": 256,
    }  # fmt: skip


def test_four_ways_to_write_a_date(stored: Session) -> None:
    found = stored.exec(select(Term).order_by(col(Term.starts_on))).all()
    assert [(t.name, t.starts_on, t.ends_on) for t in found] == [
        ("第一期", date(2026, 7, 6), date(2026, 7, 17)),
        ("第二期", date(2026, 7, 20), date(2026, 7, 31)),
        ("第三期", date(2026, 8, 3), date(2026, 8, 14)),
        ("第四期", date(2026, 8, 17), date(2026, 8, 28)),
    ]


def test_one_volunteer_in_full(stored: Session) -> None:
    person = volunteer(stored, "司马晨曦")
    taught = select(Course.name).join(TeachableCourse).where(TeachableCourse.volunteer_id == person.id)
    times = select(VolunteerAvailability).where(VolunteerAvailability.volunteer_id == person.id)
    assert (person.born_on, person.phone, person.kind) == (date(1972, 6, 1), "13475075551", "expert")
    assert (person.is_lead, person.is_assistant, person.is_instructor) == (False, False, True)
    assert (person.max_segments, person.preferred_segments, person.reach_km) == (6, 2, 3.0)
    assert set(stored.exec(taught)) == {"跳绳", "泥塑", "整理与收纳", "编织", "室内定向"}
    assert {(t.weekday, t.part) for t in stored.exec(times)} == {
        (1, "am"), (1, "noon"), (2, "am"), (2, "noon"), (2, "pm"),
        (3, "am"), (3, "noon"), (3, "pm"), (4, "noon"), (4, "pm"),
    }  # fmt: skip


def test_importing_again_changes_nothing(stored: Session, report: ImportReport, district_workbook: Path) -> None:
    before = {m.__tablename__: stored.exec(select(m)).all() for m in tables.ALL}
    again = import_workbook(stored, district_workbook)
    assert [(c.new, c.changed, c.unchanged, c.skipped) for c in again.counts] == [
        (0, 0, 72, 0), (0, 0, 352, 0), (0, 0, 4, 0), (0, 0, 94, 0), (0, 0, 700, 1),
    ]  # fmt: skip
    assert again.problems == report.problems
    assert [list(found) for found in (stored.dirty, stored.new, stored.deleted)] == [[], [], []]
    assert {m.__tablename__: stored.exec(select(m)).all() for m in tables.ALL} == before


def test_a_dry_run_reports_the_same_and_stores_nothing(
    session: Session, report: ImportReport, district_workbook: Path
) -> None:
    trial = import_workbook(session, district_workbook, dry_run=True)
    assert [rows(session, m) for m in (Site, Term, Course, ClassRun, Volunteer, Ban)] == [0] * 6
    assert (trial.dry_run, report.dry_run) == (True, False)
    assert (trial.counts, trial.problems) == (report.counts, report.problems)


def test_remarks_become_bans_of_every_site_there(stored: Session) -> None:
    refused = (
        select(Site.subdistrict, Ban.reason, Ban.source)
        .join(Ban, col(Ban.site_id) == col(Site.id))
        .join(Volunteer, col(Volunteer.id) == col(Ban.volunteer_id))
        .where(Volunteer.phone == "18163271486")
    )
    assert stored.exec(refused).all() == [("双碑街道", "不愿去双碑街道", "workbook")] * 3


def test_minors_do_not_lead(stored: Session) -> None:
    leads = select(Volunteer.name).where(Volunteer.is_lead, col(Volunteer.born_on) >= date(2008, 8, 1))
    assert stored.exec(leads).all() == []
