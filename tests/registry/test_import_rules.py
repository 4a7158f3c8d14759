"""What the import does: identity, repeats, all or nothing, wrong files, and what ends up in the tables."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from sqlalchemy import Engine
from sqlmodel import Session, SQLModel, col, func, select
from workbooks import SmallWorkbook

from registry.db import session_scope
from registry.errors import WorkbookRefused
from registry.exchange import ImportReport, import_workbook
from registry.people import Ban, ClearanceCheck, PreferredSite, Volunteer
from registry.programme import ClassRun, Room, Setting, Site, Term

Import = Callable[[SmallWorkbook], ImportReport]


def codes(report: ImportReport) -> list[tuple[str, int, str]]:
    """Sheet, row and code of every problem."""
    return [(p.sheet, p.row, p.code) for p in report.problems]


def outcomes(report: ImportReport, sheet: str) -> dict[str, int]:
    """What became of the rows of a sheet."""
    count = next(c for c in report.counts if c.sheet == sheet)
    found = {"new": count.new, "changed": count.changed, "unchanged": count.unchanged, "skipped": count.skipped}
    return {outcome: number for outcome, number in found.items() if number}


def size(session: Session, model: type[SQLModel]) -> int:
    """How many rows a table has."""
    return session.exec(select(func.count()).select_from(model)).one()


def first_volunteer(session: Session) -> Volunteer:
    """The volunteer of row 2."""
    return session.exec(select(Volunteer).where(Volunteer.phone == "13800001001")).one()


def refusal(session: Session, path: Path) -> tuple[str, dict[str, Any]]:
    """Why a file is refused; nothing may have been stored."""
    with pytest.raises(WorkbookRefused) as caught:
        import_workbook(session, path)
    assert [size(session, m) for m in (Site, Term, ClassRun, Volunteer)] == [0] * 4
    return caught.value.code, dict(caught.value.facts)


def test_a_file_that_is_no_workbook(session: Session, tmp_path: Path) -> None:
    text = tmp_path / "list.xlsx"
    text.write_text("姓名,电话")
    assert refusal(session, text) == ("not_xlsx", {"file": "list.xlsx"})
    assert refusal(session, tmp_path / "nothing.xlsx") == ("file_missing", {"file": "nothing.xlsx"})


def test_a_missing_sheet(session: Session, small: SmallWorkbook) -> None:
    del small.sheets["期次"], small.sheets["课程库"]
    missing = [("期次", None), ("课程库", None)]
    facts = {"sheet": "期次", "column": None, "missing": missing}
    assert refusal(session, small.write()) == ("sheet_missing", facts)


def test_a_missing_column(session: Session, small: SmallWorkbook) -> None:
    small.rename("志愿者", 姓名=None, 周一上午=None, 周一中午=None, 周一下午=None)
    missing = [("志愿者", "姓名"), ("志愿者", "周一上午")]
    facts = {"sheet": "志愿者", "column": "姓名", "missing": missing}
    assert refusal(session, small.write()) == ("column_missing", facts)


def test_an_empty_sheet_lacks_its_columns(session: Session, tmp_path: Path) -> None:
    path = tmp_path / "empty.xlsx"
    with xlsxwriter.Workbook(path) as workbook:
        for name in ("点位", "班次", "期次", "课程库", "志愿者"):
            workbook.add_worksheet(name)
    code, facts = refusal(session, path)
    assert (code, facts["sheet"], facts["column"]) == ("column_missing", "点位", "点位名称")


def test_no_sound_term_leaves_nothing_to_judge_by(session: Session, small: SmallWorkbook) -> None:
    path = small.change("期次", 开始日期="七月").write()
    assert refusal(session, path) == ("no_terms", {"sheet": "期次", "column": "开始日期"})


def test_headers_go_by_other_names_below_titles(small: SmallWorkbook, imported: Import) -> None:
    small.titles["志愿者"] = ["志愿者报名汇总", "请勿改动表头；姓名必填"]
    small.rename("志愿者", 姓名="志愿者姓名 *", 手机号="联系电话", 周一上午="星期一上午", 常住镇街="居住镇街")
    small.rename("点位", **{"功能室（容量）": "功能室(可容纳人数)"})
    report = imported(small)
    assert codes(report) == []
    assert outcomes(report, "志愿者") == {"new": 2}


def test_a_column_nobody_reads_is_named(small: SmallWorkbook, imported: Import) -> None:
    report = imported(small.change("期次", 民族="汉"))
    assert codes(report) == [("期次", 1, "column_ignored")]
    assert report.problems[0].column == "民族"


def test_rows_are_found_again_by_their_identity(session: Session, small: SmallWorkbook, imported: Import) -> None:
    imported(small)
    small.change("点位", **{"点位名称": "东街 少年宫", "地址": "东街9号", "功能室（容量）": "舞蹈室（40）、电脑室(20)"})
    small.change("志愿者", 可授课程="足球", 周一下午="√", 身份="专家", 从业查询日期=date(2026, 6, 2))
    small.change("班次", 已确认人数=25)
    report = imported(small)
    assert outcomes(report, "点位") == {"changed": 1, "unchanged": 1}
    assert outcomes(report, "志愿者") == {"changed": 1, "unchanged": 1}
    assert outcomes(report, "班次") == {"changed": 1}
    assert [size(session, m) for m in (Site, ClassRun, Volunteer)] == [2, 1, 2]
    rooms = session.exec(select(Room.kind, Room.capacity).order_by(col(Room.capacity))).all()
    assert rooms == [("电脑室", 20), ("舞蹈室", 40)]
    checks = select(ClearanceCheck.checked_on).where(ClearanceCheck.volunteer_id == first_volunteer(session).id)
    assert session.exec(checks).all() == [date(2026, 6, 2)]


def test_importing_again_leaves_what_the_office_entered(
    session: Session, small: SmallWorkbook, imported: Import
) -> None:
    imported(small)
    person, site = first_volunteer(session), session.exec(select(Site)).first()
    assert person.id and site and site.id
    session.add(Ban(volunteer_id=person.id, site_id=site.id, reason="亲属"))
    session.add(ClearanceCheck(volunteer_id=person.id, checked_on=date(2026, 5, 1)))
    session.flush()
    report = imported(small)
    assert outcomes(report, "志愿者") == {"unchanged": 2}
    assert (size(session, Ban), size(session, ClearanceCheck)) == (1, 3)


def test_a_repeated_row_is_skipped_and_says_what_differs(small: SmallWorkbook, imported: Import) -> None:
    small.repeat("志愿者", 序号=9, 身份="专家").repeat("点位", 地址="别处").repeat("课程库").repeat("班次", 班额=20)
    report = imported(small)
    found = [(p.sheet, p.row, p.code, p.severity, dict(p.facts)) for p in report.problems]
    assert found == [
        ("点位", 4, "duplicate_row", "warning", {"first_row": 2, "differs_in": ["地址"]}),
        ("班次", 3, "duplicate_row", "warning", {"first_row": 2, "differs_in": ["班额"]}),
        ("课程库", 5, "duplicate_row", "warning", {"first_row": 2, "differs_in": []}),
        ("志愿者", 4, "duplicate_row", "warning", {"first_row": 2, "differs_in": ["身份"]}),
    ]
    assert outcomes(report, "志愿者") == {"new": 2, "skipped": 1}


def test_without_a_phone_birth_sex_and_kind_tell_people_apart(
    session: Session, small: SmallWorkbook, imported: Import
) -> None:
    small.change("志愿者", 手机号="").repeat("志愿者").repeat("志愿者", 出生年月="1991.3")
    report = imported(small)
    assert [c for c in codes(report) if c[2] == "duplicate_row"] == [("志愿者", 4, "duplicate_row")]
    assert outcomes(report, "志愿者") == {"new": 3, "skipped": 1}
    assert outcomes(imported(small), "志愿者") == {"unchanged": 3, "skipped": 1}


def test_a_phone_that_comes_later_is_added_and_not_taken_away(
    session: Session, small: SmallWorkbook, imported: Import
) -> None:
    imported(small.change("志愿者", 手机号=""))
    assert outcomes(imported(small.change("志愿者", 手机号=13800001001)), "志愿者") == {"changed": 1, "unchanged": 1}
    assert outcomes(imported(small.change("志愿者", 手机号="")), "志愿者") == {"unchanged": 2}
    assert first_volunteer(session).name == "李老师"


def test_two_people_of_one_name_have_two_phones(small: SmallWorkbook, imported: Import) -> None:
    report = imported(small.repeat("志愿者", 手机号="13800001009"))
    assert (codes(report), outcomes(report, "志愿者")) == ([], {"new": 3})


def test_a_refused_subdistrict_bans_all_its_sites(session: Session, small: SmallWorkbook, imported: Import) -> None:
    small.repeat("点位", 点位名称="西镇二社区少年宫", 所属镇街="西镇").change(
        "志愿者", 备注="会手语；不愿去西镇、东街少年宫"
    )
    report = imported(small)
    facts = [(p.code, p.facts.get("place"), p.facts.get("sites")) for p in report.problems]
    assert facts == [
        ("ban_interpreted", "西镇", 2), ("ban_interpreted", "东街少年宫", 1), ("preferred_site_banned", None, None),
    ]  # fmt: skip
    assert size(session, Ban) == 3
    assert {b.reason for b in session.exec(select(Ban))} == {"会手语；不愿去西镇、东街少年宫"}


def test_a_minor_keeps_everything_but_the_lead(session: Session, small: SmallWorkbook, imported: Import) -> None:
    imported(small.change("志愿者", 出生年月="2009.7", 岗位="班主任/授课"))
    person = first_volunteer(session)
    assert (person.is_lead, person.is_assistant, person.is_instructor) == (False, True, True)


def test_who_comes_of_age_in_the_season_keeps_the_lead_for_later(
    session: Session, small: SmallWorkbook, imported: Import
) -> None:
    small.change("期次", 结束日期="2026年8月7日").change("志愿者", 出生年月="2008.7")
    report = imported(small)
    assert [(p.code, dict(p.facts)) for p in report.problems] == [
        ("minor_lead_until_adult", {"adult_from": "2026-08-01"})
    ]
    assert first_volunteer(session).is_lead


def test_the_district_decides_when_a_check_is_too_old(session: Session, small: SmallWorkbook, imported: Import) -> None:
    small.change("志愿者", 从业查询日期="2026-01-10")
    assert codes(imported(small)) == []
    session.add(Setting(key="clearance_months", value=6))
    session.flush()
    assert codes(imported(small)) == [("志愿者", 2, "clearance_expired")]


def test_terms_cannot_end_before_they_start(small: SmallWorkbook, imported: Import) -> None:
    report = imported(small.repeat("期次", 期次="第二期", 开始日期="2026.8.14", 结束日期="2026.8.3"))
    assert [(p.row, p.column, p.code, dict(p.facts)) for p in report.problems] == [
        (3, "结束日期", "dates_reversed", {"starts_on": "2026-08-14"})
    ]


def test_excel_dates_are_dates(session: Session, small: SmallWorkbook, imported: Import) -> None:
    imported(small.change("期次", 开始日期=datetime(2026, 7, 6), 结束日期=date(2026, 7, 17)))
    term = session.exec(select(Term)).one()
    assert (term.year, term.starts_on, term.ends_on) == (2026, date(2026, 7, 6), date(2026, 7, 17))


def test_a_site_far_from_all_others_is_doubted(small: SmallWorkbook, imported: Import) -> None:
    small.repeat("点位", 点位名称="南街少年宫").repeat("点位", 点位名称="远方少年宫", 所属镇街="远方", 经度=107.45)
    assert codes(imported(small)) == [("点位", 5, "coordinates_far_off")]


def test_somebody_who_reaches_no_site_is_reported(small: SmallWorkbook, imported: Import) -> None:
    small.repeat("点位", 点位名称="东街北少年宫", 纬度=29.65).change(
        "志愿者", **{"可接受距离（公里）": 1, "希望点位": ""}
    )
    report = imported(small)
    assert [(p.row, p.column, p.code, dict(p.facts)) for p in report.problems] == [
        (2, "可接受距离（公里）", "out_of_reach", {"nearest_km": 5.6})
    ]


def test_care_becomes_parts_of_the_day(session: Session, small: SmallWorkbook, imported: Import) -> None:
    for name, care, noon in [("甲", "全天", "否"), ("乙", "上午", "是"), ("丙", "上午", "否"), ("丁", "下午", "是")]:
        small.repeat("班次", 班名=name, 托管时段=care, 午餐午休=noon)
    imported(small)
    assert {c.name: c.parts for c in session.exec(select(ClassRun))} == {
        "1-2年级班": ["am", "noon", "pm"], "甲": ["am", "pm"], "乙": ["am", "noon"], "丙": ["am"],
        "丁": ["noon", "pm"],
    }  # fmt: skip


def test_all_or_nothing(engine: Engine, small: SmallWorkbook) -> None:
    """A nonsensical setting breaks the import when all sheets but the last are stored: they are gone again,
    even where the caller goes on and commits."""
    path = small.write()
    with session_scope(engine) as session:
        session.add(Setting(key="clearance_months", value="twelve"))
        session.flush()
        with pytest.raises(TypeError):
            import_workbook(session, path)
    with session_scope(engine) as session:
        assert [size(session, m) for m in (Site, Term, ClassRun, Volunteer, PreferredSite)] == [0] * 5
        assert size(session, Setting) == 1
