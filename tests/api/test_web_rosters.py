"""From a finished draft to the volunteer's phone: published, changed on the board, published again, gone back."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from asking import TestClient
from solved import solved_draft
from sqlalchemy import Engine
from sqlmodel import select
from town import office
from visits import HERE
from workbooks import SmallWorkbook

from api.access import SESSION_COOKIE
from api.app import create_app
from api.settings import Settings
from registry import clock
from registry.accounts.sessions import sign_in
from registry.accounts.tables import Account
from registry.board.tables import RosterBoard
from registry.db import make_engine, session_scope, sessions
from registry.exchange import import_workbook
from registry.rostering.tables import RosterDraft

WEEK = "2026-07-06"
PAGE = f"/office/rosters/{WEEK}"


class Week:
    """A small district with a solved Monday, and browsers on it."""

    def __init__(self, url: str, small: SmallWorkbook) -> None:
        self.engine: Engine = make_engine(url)
        small.change("期次", 结束日期="2026.7.6")
        with session_scope(self.engine) as session:
            import_workbook(session, small.write())
        self.draft: RosterDraft = solved_draft(sessions(self.engine), date(2026, 7, 6))
        self.app = create_app(Settings(url))

    def office(self) -> TestClient:
        with session_scope(self.engine) as session:
            account = session.get_one(Account, office(session).account_id)
        return self._browser(account)

    def volunteer(self, number: int) -> TestClient:
        with session_scope(self.engine) as session:
            account = Account(phone="13911112222", volunteer_id=number, created_at=clock.now())
            session.add(account)
            session.flush()
        return self._browser(account)

    def _browser(self, account: Account) -> TestClient:
        with session_scope(self.engine) as session:
            token = sign_in(session, account, device="", address="")
        browser = TestClient(self.app, headers=HERE, follow_redirects=True)
        browser.cookies.set(SESSION_COOKIE, token)
        return browser


@pytest.fixture
def week(sqlite_url: str, small: SmallWorkbook) -> Iterator[Week]:
    made = Week(sqlite_url, small)
    yield made
    made.app.state.engine.dispose()
    made.engine.dispose()


def test_a_draft_reaches_the_phone_of_the_volunteer(week: Week) -> None:
    boss = week.office()
    assert week.draft.roster_json is not None
    mine = week.volunteer(int(week.draft.roster_json["duties"][0]["volunteer"][1:]))
    assert "这一周的排班还没有发布" in mine.get(f"/duties?week={WEEK}").text
    assert "还没有发布" in boss.get("/office/rosters").text
    page = boss.get(PAGE)
    assert ("第一次发布" in page.text, "发布，通知" in page.text) == (True, True)
    done = boss.post(f"{PAGE}/publish", data={"draft": str(week.draft.id), "note": "<b>第一版</b>"})
    assert (done.status_code, "正在用" in done.text, "&lt;b&gt;第一版" in done.text) == (200, True, True)
    shown = mine.get(f"/duties?week={WEEK}").text
    assert ("08:30" in shown, "uri.amap.com" in shown) == (True, True)
    told = mine.get(f"/api/v1/duties?week={WEEK}").json()
    assert (told["week"], told["is_published"], told["stays"][0]["starts"]) == (WEEK, True, "08:30:00")
    assert "我的排班" in mine.get("/me").text


def test_the_board_is_opened_changed_and_published_and_a_version_comes_back(week: Week) -> None:
    boss = week.office()
    boss.post(f"{PAGE}/publish", data={"draft": str(week.draft.id)})
    assert "打开排班台" in boss.get("/board").text
    assert boss.post(f"/board/{WEEK}").status_code == 200
    assert week.draft.roster_json is not None
    gone = week.draft.roster_json["duties"][0]
    with session_scope(week.engine) as session:  # by hand: the week is over, and its board takes no change any more
        board = session.exec(select(RosterBoard)).one()
        kept = [x for x in board.roster_json["lessons"] if x["instructor"] != gone["volunteer"]]
        board.roster_json = {**board.roster_json, "duties": board.roster_json["duties"][1:], "lessons": kept}
        board.revision += 1
        session.add(board)
    told = boss.get(f"/api/v1{PAGE}").json()
    assert (told["board"], [p["volunteer"] for p in told["board_changes"]["people"]]) == (1, [gone["volunteer"]])
    assert "排班台和已发布的相比" in boss.get(PAGE).text
    stale = boss.post(f"{PAGE}/publish-board", data={"revision": "0"})
    assert (stale.status_code, "请再看一遍" in stale.text) == (409, True)
    assert boss.post(f"{PAGE}/publish-board", data={"revision": "1"}).status_code == 200
    assert "取消" in boss.get(f"{PAGE}/compare/1/2").text
    back = boss.post(f"/api/v1{PAGE}/restore", json={"version": 1}).json()
    assert back == {"week": WEEK, "version": 3}
    assert boss.post(f"/api/v1{PAGE}/restore", json={"version": 1}).status_code == 409
