"""The pages of applications on paper: looked at first, entered then, with the reasons in a copy; and as JSON."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from asking import TestClient
from httpx2 import Response
from paperforms import one, written
from python_calamine import CalamineWorkbook
from visits import Visit, hidden

from registry.accounts.tables import Role
from registry.db import session_scope
from registry.enrolment.tables import Application, EnrolmentRound
from registry.programme import ClassRun

OUT = ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",)


def workbook(visit: Visit, its: int, tmp_path: Path, *changes: dict[str, object]) -> bytes:
    """A workbook with a form for each of these changes."""
    with session_scope(visit.engine) as session:
        a_round = session.get_one(EnrolmentRound, its)
        forms = [one(session, a_round, visit.runs[0], **change) for change in changes]
    return written(tmp_path, *forms).read_bytes()


def hand_in(browser: TestClient, its: int, data: bytes, do: str = "try") -> Response:
    return browser.post(f"/office/rounds/{its}/paper", data={"do": do}, files={"file": ("表.xlsx", data)})


def test_it_is_looked_at_first_and_entered_from_the_same_page(visit: Visit, tmp_path: Path) -> None:
    its, office = visit.round(), visit.office()
    assert "/paper" in office.get(f"/office/rounds/{its}").text
    data = workbook(visit, its, tmp_path, {}, {"孩子姓名": "王一诺", "出生日期": "2018年"})
    page = hand_in(office, its, data)
    assert (page.status_code, visit.rows(Application)) == (200, [])
    assert ("录入 1 份" in page.text, "读不出日期" in page.text, "李𬱖" in page.text) == (True, True, False)
    kept = {"book": hidden(page, "book"), "name": hidden(page, "name")}
    done = office.post(f"/office/rounds/{its}/paper", data={"do": "enter", **kept})
    assert ("已录入" in done.text, len(visit.rows(Application))) == (True, 1)
    copy = office.post(f"/office/rounds/{its}/paper", data={"do": "copy", **kept})
    rows = CalamineWorkbook.from_filelike(BytesIO(copy.content)).get_sheet_by_name("报名表").to_python()
    assert "读不出日期" in str(rows[2][-1])


def test_what_is_no_workbook_is_told_and_nothing_is_stored(visit: Visit, tmp_path: Path) -> None:
    its, office = visit.round(), visit.office()
    bomb = BytesIO()
    with ZipFile(bomb, "w", ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"<a/>")
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * 301_000_000)
    for data, said in (
        (b"no workbook", "不是 .xlsx"),
        (bomb.getvalue(), "太大"),
        (b"0" * (5 * 1024 * 1024 + 1), "5 MB"),
    ):
        page = hand_in(office, its, data)
        assert (page.status_code, said in page.text) == (422, True)
    nothing = office.post(f"/office/rounds/{its}/paper", data={"do": "enter", "book": "!!", "name": "x"})
    assert (nothing.status_code, visit.rows(Application)) == (422, [])


def test_script_in_a_cell_is_shown_as_text(visit: Visit, tmp_path: Path) -> None:
    its, office = visit.round(), visit.office()
    page = hand_in(office, its, workbook(visit, its, tmp_path, {"第一志愿": "<script>alert(1)</script>"}))
    assert ("<script>alert" in page.text, "&lt;script&gt;" in page.text) == (False, True)


@pytest.mark.parametrize(("dry_run", "stored"), [("true", 0), ("false", 1)])
def test_the_interface_does_the_same(visit: Visit, tmp_path: Path, dry_run: str, stored: int) -> None:
    its, office = visit.round(), visit.office()
    data = workbook(visit, its, tmp_path, {}, {"孩子姓名": "王一诺", "监护人手机": "1"})
    path = f"/api/v1/office/rounds/{its}/paper?dry_run={dry_run}"
    told = office.post(path, files={"file": ("x.xlsx", data)}).json()
    assert (told["new"], told["unchanged"], told["skipped"], len(visit.rows(Application))) == (1, 0, 1, stored)
    assert [(p["row"], p["column"], p["code"]) for p in told["problems"]] == [(3, "监护人手机", "phone_invalid")]
    template = office.get(f"/api/v1/office/rounds/{its}/paper.xlsx")
    assert template.headers["content-type"] in OUT
    assert office.post(path).json()["error"]["code"] == "input_invalid"


def test_a_coordinator_of_another_site_enters_nothing_here(visit: Visit, tmp_path: Path) -> None:
    its = visit.round()
    with session_scope(visit.engine) as session:
        west = session.get_one(ClassRun, visit.runs[1]).site_id
    there = visit.staff(Role.SITE_COORDINATOR, west)
    page = hand_in(there, its, workbook(visit, its, tmp_path, {}), "enter")
    assert ("志愿里没有您负责的托管点" in page.text, visit.rows(Application)) == (True, [])
