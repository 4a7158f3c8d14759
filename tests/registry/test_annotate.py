"""The annotated copy: everything in its place, reasons beside the rows, nothing that runs."""

from __future__ import annotations

import re
from pathlib import Path
from zipfile import ZipFile

import pytest
from python_calamine import CalamineWorkbook
from sqlmodel import Session
from workbooks import SmallWorkbook

from registry.errors import Refused
from registry.exchange import ImportProblem, ImportReport, annotated_copy, import_workbook


def speak(problem: ImportProblem) -> str:
    """A sentence good enough for a test."""
    return f"<{problem.code}>"


def sheet(path: Path, name: str) -> list[list[object]]:
    """All cells of a sheet."""
    return CalamineWorkbook.from_path(path).get_sheet_by_name(name).to_python(skip_empty_area=False)  # type: ignore[return-value]


def copied(session: Session, small: SmallWorkbook) -> tuple[ImportReport, Path]:
    """The report and the annotated copy."""
    report, out = import_workbook(session, small.write()), small.path.with_name("copy.xlsx")
    annotated_copy(small.path, report, out, speak)
    return report, out


def test_reasons_stand_beside_the_rows(session: Session, small: SmallWorkbook) -> None:
    small.titles["志愿者"] = ["志愿者报名汇总"]
    small.change("志愿者", 3, 手机号="", 从业查询日期="六月")
    _, out = copied(session, small)
    before, after = sheet(small.path, "志愿者"), sheet(out, "志愿者")
    assert [row[:-1] for row in after] == before
    assert [row[-1] for row in after] == ["", "问题与处理", "", "<phone_missing>\n<date_unreadable>"]


def test_all_sheets_are_there_behind_a_summary(session: Session, small: SmallWorkbook) -> None:
    small.change("班次", 已确认人数=14).change("志愿者", 3, 出生年月="2015.1")
    _, out = copied(session, small)
    names = CalamineWorkbook.from_path(out).sheet_names
    assert names == ["问题汇总", "点位", "班次", "期次", "课程库", "志愿者"]
    assert sheet(out, "问题汇总") == [
        ["工作表", "读取", "新增", "更新", "未变", "跳过"],
        ["点位", 2.0, 2.0, 0.0, 0.0, 0.0],
        ["班次", 1.0, 1.0, 0.0, 0.0, 0.0],
        ["期次", 1.0, 1.0, 0.0, 0.0, 0.0],
        ["课程库", 3.0, 3.0, 0.0, 0.0, 0.0],
        ["志愿者", 2.0, 1.0, 0.0, 0.0, 1.0],
        [""] * 6,
        ["错误 1", "警告 1", "提示 0", "", "", ""],
        ["工作表", "行", "列", "内容", "程度", "问题与处理"],
        ["志愿者", 3.0, "出生年月", "2015.1", "错误", "<too_young>"],
        ["班次", 2.0, "已确认人数", "14", "警告", "<below_minimum>"],
    ]


def test_a_problem_in_the_summary_leads_to_its_row(session: Session, small: SmallWorkbook) -> None:
    small.change("班次", 已确认人数=14).change("志愿者", 3, 出生年月="2015.1")
    _, out = copied(session, small)
    with ZipFile(out) as archive:
        summary = archive.read("xl/worksheets/sheet1.xml").decode()
    assert re.findall('<hyperlink ref="(B[0-9]+)" location="([^"]+)"', summary) == [
        ("B10", "'志愿者'!A3"), ("B11", "'班次'!A2"),
    ]  # fmt: skip


def test_a_copy_that_cannot_be_written_is_refused(session: Session, small: SmallWorkbook, tmp_path: Path) -> None:
    report, folder = import_workbook(session, small.change("班次", 已确认人数=14).write()), tmp_path / "copy.xlsx"
    folder.mkdir()
    with pytest.raises(Refused) as refused:
        annotated_copy(small.path, report, folder, speak)
    assert (refused.value.code, refused.value.facts) == (
        "copy_unwritable", {"file": str(folder), "reason": "Is a directory"},
    )  # fmt: skip


def test_the_copy_can_be_imported_and_annotated_again(session: Session, small: SmallWorkbook) -> None:
    small.change("志愿者", 3, 手机号="").change("班次", 已确认人数=14)
    report, out = copied(session, small)
    again = import_workbook(session, out)
    assert again.problems == report.problems
    third = out.with_name("third.xlsx")
    annotated_copy(out, again, third, speak)
    assert sheet(third, "志愿者") == sheet(out, "志愿者")


def test_a_text_that_looks_like_a_formula_stays_a_text(session: Session, small: SmallWorkbook) -> None:
    small.change("志愿者", 备注="=1+1", 单位_学校='=HYPERLINK("http://x.example")')
    _, out = copied(session, small)
    [_, row, _] = sheet(out, "志愿者")
    assert ("=1+1" in row, '=HYPERLINK("http://x.example")' in row) == (True, True)
    workbook = CalamineWorkbook.from_path(out)
    assert workbook.get_sheet_by_name("志愿者").to_python() == sheet(out, "志愿者")


def test_a_real_workbook_comes_back_whole(session: Session, district_workbook: Path, tmp_path: Path) -> None:
    report, out = import_workbook(session, district_workbook), tmp_path / "copy.xlsx"
    annotated_copy(district_workbook, report, out, speak)
    for name in ("点位", "班次", "期次", "课程库", "志愿者"):
        before, after = sheet(district_workbook, name), sheet(out, name)
        assert [row[: len(before[0])] for row in after] == before
    spoken = {row: text for row, text in enumerate((line[-1] for line in sheet(out, "志愿者")), 1) if text}
    rows = {p.row for p in report.problems if p.sheet == "志愿者"}
    assert set(spoken) == rows | {3}


def test_equal_reports_give_equal_files(session: Session, small: SmallWorkbook) -> None:
    report, out = copied(session, small)
    other = out.with_name("other.xlsx")
    annotated_copy(small.path, report, other, speak)
    assert other.read_bytes() == out.read_bytes()


def test_a_row_is_as_high_as_its_reasons_need(session: Session, small: SmallWorkbook) -> None:
    small.change("志愿者", 3, 手机号="", 从业查询日期="六月")
    report, out = import_workbook(session, small.write()), small.path.with_name("copy.xlsx")
    annotated_copy(small.path, report, out, lambda problem: "很长的理由，要写好几行才写得下。" * 6)
    with ZipFile(out) as parts:
        rows = re.findall(r"<row [^>]*>", parts.read("xl/worksheets/sheet6.xml").decode())
    heights = {}
    for row in rows:
        tall = re.search(r'ht="(\d+)"', row)
        heights[int(re.findall(r' r="(\d+)"', row)[0])] = int(tall[1]) if tall else 15
    # Two reasons of 16 · 6 Chinese characters each, in a column of 60: four lines of 29 characters each.
    reasons = sum(p.sheet == "志愿者" and p.row == 3 for p in report.problems)
    assert (heights[2], heights[3]) == (15, 15 * 4 * reasons)
