"""Who cannot come stands on the board and on the page of repairs, without scripts, and over the interface."""

from __future__ import annotations

import pytest
from mended import work_out
from published import BEFORE, LI, MONDAY, ZHANG, signed_in
from published_web import Published
from workbooks import SmallWorkbook

from registry import clock
from registry.board.boards import open_board
from registry.db import session_scope, sessions
from registry.duties.answers import answer_absent

BOARD, API = f"/board/{MONDAY}", f"/api/v1/boards/{MONDAY}/repairs/answers"


@pytest.fixture
def week(sqlite_url: str, small: SmallWorkbook, monkeypatch: pytest.MonkeyPatch) -> Published:
    """It is the Friday before. 李 cannot come at noon, 张 not in the afternoon; the board is open."""
    monkeypatch.setattr(clock, "now", lambda: BEFORE)
    monkeypatch.setattr(clock, "today", BEFORE.date)
    made = Published(sqlite_url, small)
    with session_scope(made.engine, is_writing=True) as session:
        open_board(session, MONDAY)
        answer_absent(session, signed_in(session, LI), [(MONDAY, "noon")], "ill")
        answer_absent(session, signed_in(session, ZHANG), [(MONDAY, "pm")], "study")
    return made


def test_the_board_says_how_many_wait_and_one_tap_has_them_mended(week: Published) -> None:
    web = week.office()
    assert "2 人说来不了，还没有处理。" in web.get(BOARD).text
    page = web.get(f"{BOARD}/repairs").text
    assert (page.count("还没有处理"), "一起计算修补方案（2 人）" in page) == (2, True)
    waiting = web.post(f"{BOARD}/repairs/answers")
    assert (waiting.status_code, "周一 中午" in waiting.text, "周一 下午" in waiting.text) == (200, True, True)
    assert web.get(f"{BOARD}/repairs").text.count("有修补方案等决定") == 2
    assert "还没有处理" not in web.get(BOARD).text
    again = web.post(f"{BOARD}/repairs/answers")
    assert (again.status_code, "没有要修补的" in again.text) == (422, True)
    work_out(sessions(week.engine, is_writing=True))
    web.post(f"{waiting.url.path}/accept")
    assert web.get(f"{BOARD}/repairs").text.count("排班台上已处理，等发布") == 2
    said = web.get(f"{BOARD}/repairs", params={"lang": "en"}).text
    assert (said.count("settled on the board, to be published"), "2 people" in said) == (2, True)


def test_the_interface_tells_the_same_and_mends_one(week: Published) -> None:
    web = week.office()
    found = web.get(API).json()
    assert [(row["name"], row["parts"], row["state"]) for row in found] == [
        (LI, [[MONDAY.isoformat(), "noon"]], "open"), (ZHANG, [[MONDAY.isoformat(), "pm"]], "open"),
    ]  # fmt: skip
    made = web.post(API, json={"volunteers": [found[1]["volunteer"]]})
    assert (made.status_code, [cause["name"] for cause in made.json()["causes"]]) == (202, [ZHANG])
    assert {row["name"]: (row["state"], row["repair"]) for row in web.get(API).json()} == {
        LI: ("open", None), ZHANG: ("mending", made.json()["id"]),
    }  # fmt: skip
    refused = web.post(API, json={"volunteers": ["v999"]})
    assert (refused.status_code, refused.json()["error"]["code"]) == (409, "nothing_to_mend")
