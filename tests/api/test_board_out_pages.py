"""What goes out of a board and comes onto it, through the pages: prints, the workbook, last week."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
import xlsxwriter
from asking import TestClient
from httpx2 import Response
from published import LI, MONDAY, WANG, ZHANG, ZHAO, number
from published_web import Published
from python_calamine import CalamineWorkbook
from sqlmodel import select

from api.downloads import XLSX
from api.prints import aside
from registry.board.boards import board_of
from registry.db import session_scope
from registry.programme import ClassRun, Site, Term

WEEK, NEXT = MONDAY.isoformat(), (MONDAY + timedelta(days=7)).isoformat()
PAGE, API = f"/board/{WEEK}", f"/api/v1/boards/{WEEK}"
DUTIES = "值班名单"


@pytest.fixture
def desk(week: Published) -> Iterator[TestClient]:
    """The office at the board of the published week, the week after which is in the same term."""
    with session_scope(week.engine, is_writing=True) as session:
        for term in session.exec(select(Term)):
            term.ends_on = MONDAY + timedelta(days=7)
            session.add(term)
    with week.office() as opened:
        assert opened.post(PAGE).status_code == 200
        yield opened


def site_of(week: Published, run: int) -> tuple[str, str]:
    """The number and the name of a class's site."""
    with session_scope(week.engine) as session:
        found = session.get_one(Site, session.get_one(ClassRun, run).site_id)
        return f"s{found.id}", found.name


def duties_on(week: Published, monday: str = WEEK) -> set[tuple[str, str, str]]:
    """Who has which segment in which class on the board."""
    with session_scope(week.engine) as session:
        names = {f"v{number(session, name)}": name for name in (LI, ZHANG, WANG, ZHAO)}
        board = board_of(session, MONDAY if monday == WEEK else MONDAY + timedelta(days=7))
        rows = board.roster_json["duties"] if board else []
        return {(names[row["volunteer"]], row["class"], row["segment"]) for row in rows}


def instead(data: bytes, old: str, new: str) -> bytes:
    """The workbook with another person in the first row of the duties that names `old`."""
    source, made, left = CalamineWorkbook.from_filelike(BytesIO(data)), BytesIO(), [1]
    with xlsxwriter.Workbook(made, {"strings_to_formulas": False}) as target:
        for name in source.sheet_names:
            sheet = target.add_worksheet(name)
            for row, cells in enumerate(source.get_sheet_by_name(name).to_python(skip_empty_area=False)):
                for column, cell in enumerate(cells):
                    here = name == DUTIES and left and str(cell) == old
                    sheet.write(row, column, new if here else cell)
                    if here:
                        left.pop()
    assert not left
    return made.getvalue()


def relieved(week: Published, desk: TestClient) -> bytes:
    """The board's workbook, in which 赵 has taken the first duty of 张."""
    answer = desk.get(f"{PAGE}/book/week.xlsx")
    assert (answer.status_code, answer.headers["content-type"]) == (200, XLSX)
    with session_scope(week.engine) as session:
        old, new = (f"{name} [v{number(session, name)}]" for name in (ZHANG, ZHAO))
    return instead(answer.content, old, new)


def handed_in(browser: TestClient, data: bytes) -> Response:
    return browser.post(f"{PAGE}/book", data={"do": "try"}, files={"file": ("week.xlsx", data, XLSX)})


def kept(page: str) -> dict[str, Any]:
    """The form that does what the preview told."""
    fields = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', page))
    return {"do": "enter", "book": fields["book"], "revision": fields["revision"]}


def pages(pdf: bytes) -> int:
    return len(re.findall(rb"/Type\s*/Page\b", pdf))


@pytest.mark.parametrize("of", ["board", "published"])
@pytest.mark.parametrize("what", ["doors", "plans", "cards"])
def test_every_print_that_the_page_links_to_is_a_pdf(desk: TestClient, what: str, of: str) -> None:
    links = re.findall(rf'href="([^"]*/{what}\.pdf\?of={of}[^"]*)"', desk.get(f"{PAGE}/prints").text)
    assert links
    answer = desk.get(links[0].replace("&amp;", "&"))
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/pdf")
    assert answer.content.startswith(b"%PDF-") and answer.headers["cache-control"] == "no-store"
    assert f"{WEEK}-{what}-{of}" in answer.headers["content-disposition"]


def test_a_print_of_one_site_and_day_says_so_in_its_name(desk: TestClient, week: Published) -> None:
    site, _ = site_of(week, 1)
    told = desk.get(f"{API}/prints/doors.pdf", params={"site": site, "day": 1}).headers["content-disposition"]
    assert "-doors-board-1" in told


def test_a_long_print_is_made_by_another_process(desk: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    here = desk.get(f"{API}/prints/doors.pdf").content
    monkeypatch.setattr(aside, "AT_A_TIME", 1)
    ran, run = [], subprocess.run

    def watched(command: list[str], **given: Any) -> subprocess.CompletedProcess[bytes]:
        ran.append(command[-1])
        return run(command, **given)

    monkeypatch.setattr(subprocess, "run", watched)
    apart = desk.get(f"{API}/prints/doors.pdf")
    assert (apart.status_code, apart.headers["content-type"], ran) == (200, "application/pdf", ["door"])
    assert pages(apart.content) == pages(here) == 2


def test_prints_and_the_workbook_are_for_those_who_roster(desk: TestClient, week: Published) -> None:
    paths = (f"{PAGE}/prints", f"{API}/prints/plans.pdf", f"{PAGE}/book", f"{PAGE}/book/week.xlsx")
    volunteer, stranger = week.volunteer(LI), week.stranger()
    assert [volunteer.get(path).status_code for path in paths] == [403] * len(paths)
    assert stranger.get(f"{API}/prints/plans.pdf").status_code == 401


def test_the_coordinator_of_another_site_prints_the_own_one_alone(desk: TestClient, week: Published) -> None:
    (first, first_name), (second, second_name) = site_of(week, 1), site_of(week, 2)
    there = week.coordinator(second_name)
    shown = there.get(f"{PAGE}/prints").text
    assert (second_name in shown, first_name in shown) == (True, False)
    status = [there.get(f"{API}/prints/plans.pdf", params={"site": site}).status_code for site in (first, second)]
    assert status == [404, 200]


def test_an_edited_cell_is_told_done_and_taken_back(desk: TestClient, week: Published) -> None:
    before = duties_on(week)
    told = handed_in(desk, relieved(week, desk))
    assert (told.status_code, "可以这样改" in told.text, "1 处改动" in told.text) == (200, True, True)
    assert duties_on(week) == before
    assert desk.post(f"{PAGE}/book", data=kept(told.text)).status_code == 200
    assert (before - duties_on(week), duties_on(week) - before) == ({(ZHANG, "c1", "1-am")}, {(ZHAO, "c1", "1-am")})
    assert desk.post(f"{API}/undo").status_code == 200
    assert duties_on(week) == before


def test_what_was_looked_at_before_somebody_elses_change_is_refused(desk: TestClient, week: Published) -> None:
    data = relieved(week, desk)
    form = kept(handed_in(desk, data).text)
    with session_scope(week.engine) as session:
        entry = {"volunteer": f"v{number(session, ZHANG)}", "class": "c1", "segment": "1-am", "role": "assistant"}
    assert desk.post(f"{API}/edits", json={"kind": "remove", "entry": entry, "revision": 0}).status_code == 200
    between = duties_on(week)
    assert desk.post(f"{PAGE}/book", data=form).status_code == 422
    again = handed_in(desk, data)
    assert ("导出以后别人改过" in again.text, 'value="enter"' in again.text) == (True, False)
    assert duties_on(week) == between


def test_a_cell_of_somebody_elses_site_is_not_done(desk: TestClient, week: Published) -> None:
    data, there = relieved(week, desk), week.coordinator(site_of(week, 2)[1])
    told = handed_in(there, data)
    assert ("不是您管的点位" in told.text, 'value="enter"' in told.text) == (True, False)


@pytest.mark.parametrize("data", [b"", b"x", b"PK\x03\x04"])
def test_a_file_that_is_no_workbook_is_told_on_the_page(desk: TestClient, data: bytes) -> None:
    answer = handed_in(desk, data)
    assert (answer.status_code, 'role="alert"' in answer.text) == (422, True)


def test_a_wrong_file_is_refused_by_its_own_name(desk: TestClient) -> None:
    wrong = {"file": ("C:\\名单\\a.pdf", b"%PDF-1.7 ...", "application/pdf")}
    page = desk.post(f"{PAGE}/book", data={"do": "try"}, files=wrong)
    [said] = re.findall(r'role="alert">([^<]*)', page.text)
    assert (page.status_code, "a.pdf" in said, "week.xlsx" in said, "C:" in said) == (422, True, False, False)
    error = desk.post(f"{API}/book", files=wrong).json()["error"]
    assert (error["code"], error["facts"]["file"]) == ("not_xlsx", "a.pdf")


def test_the_workbook_of_a_board_says_to_hand_it_back_on_the_page(desk: TestClient) -> None:
    book = CalamineWorkbook.from_filelike(BytesIO(desk.get(f"{PAGE}/book/week.xlsx").content))
    said = "".join(str(cell) for row in book.get_sheet_by_index(0).to_python() for cell in row)
    assert ("交回来" in said, "qingzai roster" in said) == (True, False)


def test_last_week_is_copied_by_the_page_and_taken_back(desk: TestClient, week: Published) -> None:
    page = f"/board/{NEXT}/copy"
    told = desk.get(page).text
    assert ("5 条可以抄过来" in told, duties_on(week, NEXT)) == (True, set())
    assert desk.post(page, data={"from": WEEK, "revision": ""}).status_code == 200
    assert duties_on(week, NEXT) == duties_on(week)
    assert desk.post(page, data={"from": WEEK, "revision": "1"}).status_code == 409
    assert desk.post(f"/api/v1/boards/{NEXT}/undo").status_code == 200
    assert duties_on(week, NEXT) == set()


def test_the_coordinator_of_another_site_copies_none_of_this_one(desk: TestClient, week: Published) -> None:
    there = week.coordinator(site_of(week, 2)[1])
    assert "0 条可以抄过来" in there.get(f"/board/{NEXT}/copy").text
