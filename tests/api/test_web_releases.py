"""What everybody is shown of a week once it is published, and what the office is told of a roster with faults."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from asking import TestClient
from published import LI, MONDAY, WANG, ZHANG, district, duty, number, usual
from sqlalchemy import Engine
from sqlmodel import Session
from town import office
from visits import HERE
from workbooks import SmallWorkbook

from api.access import SESSION_COOKIE
from api.app import create_app
from api.settings import Settings
from registry import clock
from registry.accounts.sessions import sign_in
from registry.accounts.tables import Account
from registry.board.boards import open_board
from registry.db import make_engine, session_scope
from registry.duties.publish import version_in_force
from registry.engine.rosters import costed
from registry.people import VolunteerAvailability
from registry.programme import ClassRun
from registry.rostering.build import problem_for_week
from registry.rostering.tables import RosterDraft

WEEK = MONDAY.isoformat()
PAGE = f"/office/rosters/{WEEK}"


class Place:
    """The small published week, with browsers on it."""

    def __init__(self, url: str, small: SmallWorkbook) -> None:
        self.engine: Engine = make_engine(url)
        with session_scope(self.engine) as session:
            district(session, small)
            usual(session)
        self.app = create_app(Settings(url))
        self.web = TestClient(self.app, headers=HERE)

    def boss(self) -> TestClient:
        with session_scope(self.engine) as session:
            token = sign_in(session, session.get_one(Account, office(session).account_id), device="", address="")
        browser = TestClient(self.app, headers=HERE)
        browser.cookies.set(SESSION_COOKIE, token)
        return browser


@pytest.fixture
def place(sqlite_url: str, small: SmallWorkbook) -> Iterator[Place]:
    made = Place(sqlite_url, small)
    yield made
    made.app.state.engine.dispose()
    made.engine.dispose()


def draft(session: Session, *rows: dict[str, Any]) -> RosterDraft:
    """A finished draft with these duties, made after what is published."""
    problem = problem_for_week(session, MONDAY)
    roster = costed(problem, {"format": "qingzai.roster/1", "duties": list(rows), "lessons": []}, 1)
    now = clock.now()
    made = RosterDraft(
        week=MONDAY, status="done", seed=1, workers=1, seconds=1, version="x", problem_json=problem, roster_json=roster,
        result_json=roster["result"], created_at=now, started_at=now, finished_at=now,
    )  # fmt: skip
    session.add(made)
    session.flush()
    return made


def on_board(session: Session, change: Any) -> None:
    """Change the roster of the board, whatever the rules say."""
    board = open_board(session, MONDAY)
    roster = {**board.roster_json, "duties": list(board.roster_json["duties"])}
    change(roster["duties"])
    board.roster_json, board.revision = roster, board.revision + 1
    session.add(board)


def test_everybody_is_shown_what_is_published_not_what_was_made_since(place: Place) -> None:
    with session_scope(place.engine) as session:
        draft(session, duty(session, WANG, "1-am", "lead"))
        li, wang = f"v{number(session, LI)}", f"v{number(session, WANG)}"

    def leads(path: str) -> list[str]:
        cells = boss.get(f"/api/v1/weeks/{path}/classes/c1").json()["cells"]
        return [p["id"] for cell in cells for p in cell["people"] if p["is_lead"]]

    boss = place.boss()

    assert (leads(WEEK), leads(f"{WEEK}~draft"), leads(f"{WEEK}~v1")) == ([li, li], [wang], [li, li])
    told = [boss.get(f"/api/v1/weeks/{path}").json()["draft"] for path in (WEEK, f"{WEEK}~draft")]
    assert [(one["kind"], one["status"]) for one in told] == [("version", "published"), ("draft", "done")]
    page, other = place.web.get(f"/weeks/{WEEK}/classes").text, boss.get(f"/weeks/{WEEK}~draft/classes").text
    assert ("已发布的第 1 版" in page, "您在看" in page) == (True, False)
    assert (f"/weeks/{WEEK}~draft/classes/c1" in other, "您在看草稿 1，不一定是已发布的。" in other) == (True, True)
    for wrong in ("~v2", "~v", "~v1x", "~vv", "~board", "~d", "~d99", "~"):
        assert boss.get(f"/weeks/{WEEK}{wrong}").status_code == (200 if wrong == "~" else 404)
    assert place.web.get("/", follow_redirects=False).headers["location"] == f"/weeks/{WEEK}"


def test_the_sheets_of_a_published_week_say_which_version_they_are_of(place: Place) -> None:
    from io import BytesIO

    from pypdf import PdfReader

    pdf = place.web.get(f"/api/v1/weeks/{WEEK}/classes/c1/doors.pdf?lang=en").content
    assert "version 1, published" in PdfReader(BytesIO(pdf)).pages[0].extract_text()


def test_a_board_that_breaks_a_rule_is_not_published_and_its_faults_are_listed(place: Place) -> None:
    boss = place.boss()
    with session_scope(place.engine) as session:
        on_board(session, lambda duties: duties.append(duty(session, WANG, "1-am", "lead")))  # a second lead
    told = boss.get(f"/api/v1{PAGE}?lang=en").json()
    [fault] = told["board_faults"]
    assert (fault["rule"], sorted(e["name"] for e in fault["entries"])) == ("one_lead", sorted([LI, WANG]))
    boss.cookies.delete("lang")
    page = boss.get(PAGE).text
    assert ("还不能发布：1 处问题" in page, "已有班主任" in page, "publish-board" in page) == (True, True, False)
    refused = boss.post(f"{PAGE}/publish-board", data={"revision": "1"})
    assert (refused.status_code, "还不能发布：有 1 处问题（已有班主任）" in refused.text) == (422, True)
    said = boss.post(f"/api/v1{PAGE}/publish-board", json={"revision": 1})
    assert (said.status_code, said.json()["error"]["code"]) == (422, "roster_faulty")
    with session_scope(place.engine) as session:
        version = version_in_force(session, MONDAY)
        assert version is not None
        assert version.number == 1


def test_a_board_with_somebody_who_is_gone_is_not_published(place: Place) -> None:
    with session_scope(place.engine) as session:
        known = f"v{number(session, WANG)}"
        on_board(session, lambda duties: duties.append({**duty(session, WANG, "1-pm", "lead"), "volunteer": "v999"}))
        board = open_board(session, MONDAY)
        people = board.problem_json["volunteers"]
        erased = {**next(v for v in people if v["id"] == known), "id": "v999"}
        board.problem_json = {**board.problem_json, "volunteers": [*people, erased]}
        session.add(board)
    boss = place.boss()
    [fault] = boss.get(f"/api/v1{PAGE}").json()["board_faults"]
    assert (fault["rule"], fault["said"], fault["entries"][0]["name"]) == ("person_gone", "这个人已不在名单里", WANG)
    assert boss.post(f"{PAGE}/publish-board", data={"revision": "1"}).status_code == 422


def test_publishing_tells_the_levels_before_and_after_and_the_changes_class_by_class(place: Place) -> None:
    with session_scope(place.engine) as session:
        on_board(session, lambda duties: duties.append(duty(session, WANG, "1-pm", "lead")))
    boss = place.boss()
    told = boss.get(f"/api/v1{PAGE}").json()
    before, after = told["versions"][0]["cost"], told["board_cost"]
    assert after["safety"] - before["safety"] == -3  # a lead, an adult of the need, an adult of the least number
    [row] = told["board_changes"]["by_class"]
    assert (row["run"], row["gone"], [(e["name"], e["what"]) for e in row["new"]]) == ("c1", [], [(WANG, "lead")])
    page = boss.get(PAGE).text
    assert ("按班看" in page, "变好" in page) == (True, True)


def test_the_board_says_that_its_data_changed_and_the_page_settles_it(place: Place) -> None:
    boss = place.boss()
    boss.post(f"/board/{WEEK}")
    assert "排班台还不知道" not in boss.get(f"/board/{WEEK}").text
    with session_scope(place.engine) as session:
        session.get_one(ClassRun, 1).name = "小海豚班"
        gone = session.get_one(VolunteerAvailability, (number(session, ZHANG), 1, "pm"))
        session.delete(gone)
    assert "资料有 2 处变化，排班台还不知道" in boss.get(f"/board/{WEEK}").text
    told = boss.get(f"/api/v1/boards/{WEEK}/data?lang=en").json()
    assert [c["said"] for c in told["changes"]] == [
        "Class 东街少年宫 1-2年级班: is called “小海豚班” now", f"Volunteer {ZHANG}: times: less Mon afternoon",
    ]  # fmt: skip
    boss.cookies.delete("lang")
    page = boss.get(f"/board/{WEEK}/data").text
    assert ("改名为“小海豚班”" in page, "1 条安排不再合适" in page, "那时没有空" in page) == (True, True, True)
    form = {"way": "take", "digest": told["digest"], "revision": "0"}
    stale = boss.post(f"/board/{WEEK}/data", data={**form, "revision": "1"})
    assert (stale.status_code, "请再看一遍再决定" in stale.text) == (409, True)
    assert boss.post(f"/board/{WEEK}/data", data=form).status_code == 200
    left = boss.get(f"/api/v1/boards/{WEEK}/data").json()
    assert (left["changes"], left["revision"]) == ([], 1)


def test_a_draft_says_what_changed_since_it_was_made(place: Place) -> None:
    with session_scope(place.engine) as session:
        draft(session, duty(session, WANG, "1-am", "lead"))
        session.get_one(ClassRun, 1).confirmed = 29
    boss = place.boss()
    [one] = boss.get(f"/api/v1{PAGE}").json()["draft_underneath"]
    assert (one["kind"], one["what"]) == ("class", "children")
    assert "做好这份草稿以后，资料有 1 处变化" in boss.get(PAGE).text
