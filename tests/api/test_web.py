"""The pages of a week and the same as JSON: what is told, in two languages, and what never is.

The small workbook's week has one class of 20 children and two carers, there on Monday only. Wanted are two adults and
a lead in 15 segments: 30 places. The teacher comes on Monday morning and midday, the student all Monday: 5 places.
So 25 adults are missing, each below the minimum of two, hence twice 25, and 13 segments have no lead: 63.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from asking import TestClient
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po
from sqlmodel import select

from api.app import create_app
from api.settings import Settings
from api.speak.weeks import weekdays
from registry.db import make_engine, session_scope
from registry.rostering.tables import RosterDraft

WEEK = "/weeks/2026-07-06"
API = "/api/v1/weeks/2026-07-06"
PAGES = ("", "/classes", "/classes/c1", "/volunteers", "/volunteers/v1", "/sites", "/sites/s1", "/sites/s2")
SECRET = ("李老师", "张同学", "王一", "13800001001", "13800001002", "13800000001", "东街1号")
ROOT = Path(__file__).parent.parent.parent


@pytest.fixture(scope="module")
def web(week_url: str) -> Iterator[TestClient]:
    with TestClient(create_app(Settings(week_url))) as client:
        yield client


@pytest.fixture
def nothing_made(sqlite_url: str) -> Iterator[TestClient]:
    with TestClient(create_app(Settings(sqlite_url))) as client:
        yield client


def test_the_first_page_leads_to_the_newest_week(web: TestClient) -> None:
    answer = web.get("/")
    assert (answer.status_code, answer.url.path) == (200, WEEK)


@pytest.fixture
def failed_proof(week_url: str, tmp_path: Path) -> Iterator[TestClient]:
    """The same week, of which a proof failed when it was made."""
    path = tmp_path / "failed.db"
    shutil.copy(week_url.removeprefix("sqlite:///"), path)
    engine = make_engine(url := f"sqlite:///{path}")
    with session_scope(engine) as session:
        [draft] = session.exec(select(RosterDraft))
        roster = draft.roster_json or {}
        draft.roster_json = {**roster, "result": {**roster["result"], "failures": ["MemoryError: <b>"]}}
    engine.dispose()
    with TestClient(create_app(Settings(url))) as client:
        yield client


def test_a_proof_that_failed_is_told(web: TestClient, failed_proof: TestClient) -> None:
    assert web.get(API).json()["failures"] == []
    assert failed_proof.get(API).json()["failures"] == ["MemoryError: <b>"]
    told = "<code>MemoryError: &lt;b&gt;</code>"
    assert [text.count(told) for text in (web.get(WEEK).text, failed_proof.get(WEEK).text)] == [0, 1]
    assert "A proof broke off" in failed_proof.get(f"{WEEK}?lang=en").text


def test_without_a_week_the_first_page_says_what_to_do(nothing_made: TestClient) -> None:
    text = nothing_made.get("/").text
    assert [command in text for command in ("qingzai import", "qingzai roster make --week", "qingzai demo")] == [
        True
    ] * 3


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("zh", "还缺 25 人次，其中 25 人次低于“至少 2 名大人”的底线，13 个时段没有班主任。"),
        (
            "en",
            "25 places for adults are open, 25 of them below the minimum of 2 adults, "
            "13 parts of the day have no lead.",
        ),
    ],
)
def test_gaps_and_bounds_are_told_in_plain_words(web: TestClient, language: str, said: str) -> None:
    """How near the bounds come depends on the machine, that they are bounds does not."""
    levels = web.get(API, params={"lang": language}).json()["levels"]
    assert levels[0]["said"][0] == said
    assert [(found["name"], found["bound"] <= found["cost"]) for found in levels[:2]] == [
        ("safety", True), ("programme", True)
    ]  # fmt: skip
    assert levels[0]["cost"] == 63
    page = web.get(WEEK, params={"lang": language}).text
    told = [sentence for found in levels for sentence in found["said"]]
    assert len(told) >= 3 and [sentence for sentence in told if sentence not in page] == []


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("path", PAGES)
def test_no_page_tells_who_somebody_is(web: TestClient, path: str, language: str) -> None:
    answer = web.get(WEEK + path, params={"lang": language})
    assert (answer.status_code, [secret for secret in SECRET if secret in answer.text]) == (200, [])


@pytest.mark.parametrize(
    "path", ["", "/gaps", "/classes", "/classes/c1", "/volunteers", "/volunteers/v1", "/sites", "/sites/s1"]
)
def test_no_json_tells_it_either(web: TestClient, path: str) -> None:
    answer = web.get(API + path)
    assert (answer.status_code, [secret for secret in SECRET if secret in answer.text]) == (200, [])


def test_names_are_masked_and_not_left_out(web: TestClient) -> None:
    assert [item["name"] for item in web.get(API + "/volunteers").json()["items"]] == ["张*学", "李*师"]
    assert "李*师" in web.get(WEEK + "/classes/c1").text


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("/api/v1/weeks/2026-07-13", 404, "week_without_draft"),
        ("/api/v1/weeks/abc", 422, "week_malformed"),
        (API + "/classes/c9", 404, "class_unknown"),
        (API + "/classes?limit=x", 422, "input_malformed"),
        ("/api/v1/nothing", 404, "page_unknown"),
    ],
)
def test_every_error_has_one_shape(web: TestClient, path: str, status: int, code: str) -> None:
    answer = web.get(path)
    error = answer.json()["error"]
    assert (answer.status_code, error["code"], set(error)) == (status, code, {"code", "message", "facts"})


def test_an_error_of_a_page_is_a_page(web: TestClient) -> None:
    answer = web.get("/weeks/2026-07-13", params={"lang": "en"})
    assert (answer.status_code, answer.headers["content-type"]) == (404, "text/html; charset=utf-8")
    assert "qingzai roster make --week 2026-07-13" in answer.text


@pytest.mark.parametrize(
    ("path", "language", "said"),
    [
        (WEEK + "/classes?page=x", "zh", "请求里有 1 处写得不对：query.page：应为整数。"),
        (WEEK + "/classes?page=0", "en", "The request is wrong in one place: query.page: should be at least 1."),
        (WEEK + "/volunteers?load=much&page=x", "en",
         "The request is wrong in 2 places: query.load: should be &#39;unused&#39;, &#39;light&#39;, &#39;fit&#39;, "
         "&#39;over&#39; or &#39;away&#39;, query.page: should be a whole number."),
        ("/weeks/2026-07-07", "en", "2026-07-07 is not a Monday. That week begins on 2026-07-06."),
        ("/nothing", "zh", "没有这个页面：/nothing。"),
        ("/nothing", "en", "There is no such page: /nothing."),
    ],
)  # fmt: skip
def test_an_error_page_says_what_is_wrong(web: TestClient, path: str, language: str, said: str) -> None:
    text = web.get(path, headers={"cookie": f"lang={language}"}).text
    assert re.findall('<p class="card amber">(.*?)</p>', text) == [said]


@pytest.mark.parametrize(
    ("path", "chinese", "english"),
    [
        ("", "2026年7月6日(周一)起的一周 · 青仔", "Week from Mon 6 Jul 2026 · Qingzai"),
        ("/classes", "按班 · 7月6日起 · 青仔", "Classes · From 6 Jul · Qingzai"),
        ("/volunteers/v1", "李*师 · 7月6日起 · 青仔", "李*师 · From 6 Jul · Qingzai"),
        ("/nothing", "没有找到 · 青仔", "Not found · Qingzai"),
    ],
)
def test_a_title_names_the_page_and_the_week(web: TestClient, path: str, chinese: str, english: str) -> None:
    found = [
        re.findall("<title>(.*?)</title>", web.get(WEEK + path, params={"lang": language}).text)
        for language in ("zh", "en")
    ]
    assert found == [[chinese], [english]]


def test_the_switch_of_language_keeps_the_page_and_what_was_asked(web: TestClient) -> None:
    text = web.get(WEEK + "/volunteers", params={"q": "李", "role": "lead", "load": "", "lang": "zh"}).text
    assert re.findall('<a href="([^"]*)" lang="en"', text) == ["?q=%E6%9D%8E&amp;role=lead&amp;lang=en"]
    assert 'value="lead" selected' in text


@pytest.mark.parametrize(
    ("days", "chinese", "english"),
    [
        ((1,), "周一", "Mon"),
        ((1, 2), "周一、周二", "Mon, Tue"),
        ((1, 2, 3, 4, 5), "周一至周五", "Mon–Fri"),
        ((1, 3, 4), "周一、周三、周四", "Mon, Wed, Thu"),
    ],
)
def test_weekdays_in_words(days: tuple[int, ...], chinese: str, english: str) -> None:
    assert (weekdays(days, "zh"), weekdays(days, "en")) == (chinese, english)


def test_hints_call_the_program_as_it_was_called(web: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QINGZAI_COMMAND", "python3 run.py")
    text = web.get("/weeks/2026-07-13", params={"lang": "en"}).text
    assert "or run python3 run.py roster make --week 2026-07-13." in text


def test_nothing_is_loaded_from_elsewhere(web: TestClient) -> None:
    policy = web.get(WEEK).headers["content-security-policy"]
    assert policy.split("; ")[:3] == ["default-src 'none'", "style-src 'self'", "img-src 'self'"]


def test_the_interface_describes_itself(web: TestClient) -> None:
    described = web.get("/api/v1/openapi.json").json()["paths"]
    of_weeks = {path for path in described if path.startswith("/api/v1/weeks")}
    assert {path for path in of_weeks if path.endswith("{week}")} == {"/api/v1/weeks/{week}"}


def test_every_text_of_the_pages_has_its_english() -> None:
    """Chinese is the source; a text without a translation would stand in Chinese on an English page."""
    found = extract_from_dir(ROOT / "templates", method_map=[("**.html", "jinja2.ext:babel_extract")])
    texts = {message[0] if isinstance(message, tuple) else message for _, _, message, _, _ in found}
    with (ROOT / "api" / "locales" / "en" / "messages.po").open("rb") as file:
        english = read_po(file, locale="en")
    known = {m.id[0] if isinstance(m.id, tuple) else m.id for m in english if m.id and all(_forms(m.string))}
    assert len(texts) > 30
    assert texts - known == set()


def _forms(said: object) -> tuple[object, ...]:
    return tuple(said) if isinstance(said, (tuple, list)) else (said,)
