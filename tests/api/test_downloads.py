"""Files of a week from the interface: what they are, that the pages lead to them, and that no whole name is in any."""

from __future__ import annotations

import re
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from urllib.parse import unquote

import pytest
from asking import TestClient
from icalendar import Calendar
from papers import pages
from pypdf import PdfReader
from python_calamine import CalamineWorkbook

from api.app import create_app
from api.settings import Settings
from registry.exchange.book_read import WeekBook

WEEK = "/weeks/2026-07-06"
API = f"/api/v1{WEEK}"
SECRET = ("李老师", "张同学", "王一", "13800001001", "东街1号")
PDFS = {
    "district.pdf": (1, False),
    "sites.pdf": (1, True),
    "sites/s1/timetable.pdf": (1, True),
    "sites/s2/timetable.pdf": (1, True),
    "doors.pdf": (5, False),
    "cards.pdf": (2, False),
    "sites/s1/cards.pdf": (2, False),
    "sites/s1/doors.pdf": (5, False),
    "classes/c1/doors.pdf": (5, False),
    "volunteers/v1/card.pdf": (1, False),
}
"""How many pages each has, and whether they lie on their side."""


@pytest.fixture(scope="module")
def web(week_url: str) -> Iterator[TestClient]:
    with TestClient(create_app(Settings(week_url))) as client:
        yield client


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("path", PDFS)
def test_a_pdf_has_masked_names_and_says_so(web: TestClient, path: str, language: str) -> None:
    answer = web.get(f"{API}/{path}", params={"lang": language})
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/pdf")
    found = PdfReader(BytesIO(answer.content)).pages
    assert (len(found), found[0].mediabox.width > found[0].mediabox.height) == PDFS[path]
    text = "".join(pages(answer.content))
    assert [secret for secret in SECRET if secret in text] == []
    assert {"zh": "姓名已打码", "en": "namesaremasked"}[language] in text
    assert ("李*师" in text) == (path not in {"district.pdf", "sites/s2/timetable.pdf"})


def test_the_paper_is_chosen(web: TestClient) -> None:
    page = PdfReader(BytesIO(web.get(f"{API}/sites/s1/timetable.pdf?paper=a3").content)).pages[0]
    assert (round(page.mediabox.width), round(page.mediabox.height)) == (1191, 842)
    assert web.get(f"{API}/sites/s1/timetable.pdf?paper=b5").status_code == 422


def test_a_file_is_saved_under_a_name_in_any_letters(web: TestClient) -> None:
    said = web.get(f"{API}/sites/s1/doors.pdf").headers["content-disposition"]
    plain, _, whole = said.partition("; filename*=UTF-8''")
    assert plain == 'attachment; filename="2026-07-06-doors.pdf"'
    assert unquote(whole) == "2026-07-06-东街少年宫-doors.pdf"


def test_the_calendar_of_a_volunteer_is_masked(web: TestClient) -> None:
    answer = web.get(f"{API}/volunteers/v1/week.ics")
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    events = Calendar.from_ical(answer.content).walk("VEVENT")
    assert {str(event["LOCATION"]) for event in events} == {"东街少年宫"}
    text = answer.text.replace("\r\n ", "")
    assert ([secret for secret in SECRET if secret in text], "李*师" in text) == ([], True)


def test_the_workbook_is_masked_and_can_be_read_back(web: TestClient, tmp_path: Path) -> None:
    answer = web.get(f"{API}/week.xlsx")
    path = tmp_path / "week.xlsx"
    path.write_bytes(answer.content)
    assert WeekBook(path).facts.week == "2026-07-06"
    source = CalamineWorkbook.from_path(path)
    text = "".join(str(source.get_sheet_by_name(name).to_python()) for name in source.sheet_names)
    assert ([secret for secret in SECRET if secret in text], "李*师 [v1]" in text) == ([], True)


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("sites/s9/timetable.pdf", "site_unknown"),
        ("sites/s9/doors.pdf", "site_unknown"),
        ("classes/c9/doors.pdf", "class_unknown"),
        ("volunteers/v9/card.pdf", "volunteer_unknown"),
        ("volunteers/v9/week.ics", "volunteer_unknown"),
    ],
)
def test_what_is_not_there_is_told_as_everywhere(web: TestClient, path: str, code: str) -> None:
    answer = web.get(f"{API}/{path}")
    assert (answer.status_code, answer.json()["error"]["code"]) == (404, code)


@pytest.mark.parametrize(
    ("page", "files"),
    [
        ("", {"district.pdf", "sites.pdf", "doors.pdf", "cards.pdf", "week.xlsx"}),
        ("/sites/s1", {f"sites/s1/{x}" for x in ("timetable.pdf", "timetable.pdf?paper=a3", "doors.pdf", "cards.pdf")}),
        ("/sites/s2", set()),
        ("/classes/c1", {"classes/c1/doors.pdf", "sites/s1/timetable.pdf"}),
        ("/volunteers/v1", {"volunteers/v1/card.pdf", "volunteers/v1/week.ics"}),
    ],
)
def test_the_pages_lead_to_the_files_and_every_link_works(web: TestClient, page: str, files: set[str]) -> None:
    found = set(re.findall(rf'href="{API}/([^"]+)" download', web.get(WEEK + page).text))
    assert found == files
    assert [web.get(f"{API}/{path}").status_code for path in found] == [200] * len(files)


@pytest.mark.parametrize("path", [WEEK, API, f"{WEEK}/classes/c1/why?segment=1-am", f"{API}/week.xlsx"])
def test_head_answers_like_get_without_the_body(web: TestClient, path: str) -> None:
    head, get = web.head(path), web.get(path)
    assert (head.status_code, head.content, get.status_code) == (200, b"", 200)
    wanted = ("content-type", "cache-control", "content-disposition", "content-security-policy")
    assert [head.headers.get(name) for name in wanted] == [get.headers.get(name) for name in wanted]


def test_head_of_what_is_not_there(web: TestClient) -> None:
    answer = web.head("/weeks/2026-07-06/classes/nothing")
    assert (answer.status_code, answer.content) == (404, b"")


def test_the_interface_describes_its_files(web: TestClient) -> None:
    described = web.get("/api/v1/openapi.json").json()["paths"]
    files = {p: r["get"]["responses"]["200"] for p, r in described.items() if "." in p.rpartition("/")[2]}
    assert [path for path, answer in files.items() if not answer.get("content")] == []
    kinds = {p: list(answer["content"]) for p, answer in files.items() if p.startswith("/api/v1/weeks/")}
    assert {path.rpartition("/")[2]: kind for path, kind in kinds.items()} == {
        "district.pdf": ["application/pdf"],
        "sites.pdf": ["application/pdf"],
        "timetable.pdf": ["application/pdf"],
        "doors.pdf": ["application/pdf"],
        "card.pdf": ["application/pdf"],
        "cards.pdf": ["application/pdf"],
        "week.ics": ["text/calendar"],
        "week.xlsx": ["application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"],
    }
