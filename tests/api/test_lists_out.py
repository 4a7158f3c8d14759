"""The office's lists as files: headers and cells in the reader's language, whole and masked; results from the pages."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from io import BytesIO, StringIO

from asking import TestClient
from python_calamine import CalamineWorkbook
from seasons import CLOSED, SmallSeason
from sqlmodel import Session, select
from visits import Visit, choose, send

from api.prints import office_lists
from registry.accounts.tables import Role
from registry.db import session_scope
from registry.enrolment.lists import Asked, applications
from registry.enrolment.results import ResultLine
from registry.enrolment.tables import Place
from registry.privacy.bulk_exports import PlacedChild
from registry.programme import Site

LINES = [
    ResultLine("甲点位", "第一期", "一班", "张*丰", "123456788", "offered", None),
    ResultLine("=1+1", "第一期", "一班", "@*丰", "223456780", "waiting", 3),
]


def sheet(data: bytes) -> Sequence[Sequence[object]]:
    return CalamineWorkbook.from_filelike(BytesIO(data)).get_sheet_by_index(0).to_python()


def test_results_are_the_same_in_both_kinds_of_file() -> None:
    header = ["托管点", "期次", "班次", "姓名（打码）", "报名号", "结果", "候补第几位"]
    first = ["甲点位", "第一期", "一班", "张*丰", "123456788", "待确认", ""]
    assert sheet(office_lists.results(LINES, "xlsx", "zh")) == [
        header, first, ["=1+1", "第一期", "一班", "@*丰", "223456780", "候补", "3"],
    ]  # fmt: skip
    data = office_lists.results(LINES, "csv", "zh")
    assert data.startswith(b"\xef\xbb\xbf")
    assert list(csv.reader(StringIO(data.decode("utf-8-sig")))) == [
        header, first, ["'=1+1", "第一期", "一班", "'@*丰", "223456780", "候补", "3"],
    ]  # fmt: skip
    english = list(csv.reader(StringIO(office_lists.results(LINES, "csv", "en").decode("utf-8-sig"))))
    assert (english[0][0], english[1][5], english[2][5]) == ("Site", "to be confirmed", "waitlist")


def test_the_list_of_applications_says_what_the_screen_says(session: Session) -> None:
    season = SmallSeason(session)
    run = season.class_run(3, name="一班")
    made = season.apply(season.child(name="=SUM(A1)"), run, group_code="test_first", group_status="claimed")
    season.add(
        Place(application_id=made.id or 0, class_run_id=run.id or 0, rank=1, source="draw", status="offered",
              offered_at=CLOSED)
    )  # fmt: skip
    lines = applications(session, season.office, Asked(season.round.id or 0), limit=9).lines
    assert sheet(office_lists.applications(lines, "xlsx", "zh"))[1] == [
        made.number, "=*)", "2024", "已提交", "待核实", "", "2026年5月1日 08:00", "甲点位 一班", "甲点位 一班",
    ]  # fmt: skip
    [_, row] = csv.reader(StringIO(office_lists.applications(lines, "csv", "en").decode("utf-8-sig")))
    assert row[1] == "'=*)"


def test_the_list_with_whole_names_warns_and_keeps_phones_as_text() -> None:
    child = PlacedChild("第一期", "一班", "李𬱖", "female", 2024, "刘桂兰", "013800138000", "123456788", "offered")
    told = sheet(office_lists.placed([child], "xlsx", "zh"))
    assert told[1] == ["第一期", "一班", "李𬱖", "女", "2024", "刘桂兰", "013800138000", "123456788", "待确认"]
    assert "不要转发" in str(told[3][0])
    odd = PlacedChild("t", "c", "n", "unknown", 2024, "g", "1", "2", "confirmed")
    assert sheet(office_lists.placed([odd], "xlsx", "en"))[1][3] == "unknown"


def rows_of(browser: TestClient, path: str) -> list[list[str]]:
    answer = browser.get(path)
    assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-store")
    return list(csv.reader(StringIO(answer.content.decode("utf-8-sig"))))


def test_results_are_saved_from_the_page_of_the_round(visit: Visit) -> None:
    its, office = visit.round(mode="first_come"), visit.office()
    assert "results.xlsx" not in office.get(f"/office/rounds/{its}").text
    _, [child], browser = visit.family("欧阳明月")
    number = choose(browser, its, child.id or 0, visit.runs[0])
    send(browser, number)
    page = office.get(f"/office/rounds/{its}").text
    with session_scope(visit.engine) as session:
        sites = dict(session.exec(select(Site.name, Site.id)).all())
        status = session.exec(select(Place.status)).one()
    said = {"offered": "待确认", "confirmed": "已确认"}[status]
    path = f"/office/rounds/{its}/results"
    assert [f"{path}.{kind}?site={sites['东街少年宫']}" in page for kind in ("xlsx", "csv")] == [True, True]
    row = ["东街少年宫", "第一期", "1-2年级班", "欧*月", number, said, ""]
    assert rows_of(office, f"{path}.csv")[1:] == [row]
    assert rows_of(office, f"{path}.csv?site={sites['西镇少年宫']}")[1:] == []
    book = office.get(f"{path}.xlsx")
    assert sheet(book.content)[1:] == [row]
    assert "欧阳明月" not in page + book.text
    west = visit.staff(Role.SITE_COORDINATOR, sites["西镇少年宫"])
    assert rows_of(west, f"{path}.csv")[1:] == []
    refused = [west.get(f"{path}.{kind}?site={sites['东街少年宫']}").status_code for kind in ("csv", "xlsx")]
    assert (refused, office.get(f"{path}.csv?site=x").status_code) == ([403, 403], 422)
    assert office.get(f"/api/v1/office/rounds/{its}/results").json() == {
        "items": [
            {
                "site": row[0], "term": row[1], "class_run": row[2], "name": row[3], "number": number,
                "status": status, "position": None,
            }
        ]
    }  # fmt: skip
