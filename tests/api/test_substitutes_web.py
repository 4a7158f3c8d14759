"""Substitutes in a browser without scripts: the coordinator asks, the volunteer answers on the phone."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from asking import TestClient
from published import BEFORE, LI, MONDAY, PHONES, WANG, district, signed_in, usual
from sqlmodel import select
from town import office
from visits import HERE
from workbooks import SmallWorkbook

from api.access import SESSION_COOKIE
from api.app import create_app
from api.deadlines import Deadlines
from api.settings import Settings
from api.speak.messages import message
from registry import clock
from registry.accounts.sessions import sign_in
from registry.accounts.tables import Account, OutboxMessage
from registry.db import make_engine, session_scope
from registry.substitutes.tables import SubstituteAsk

PAGE, API = f"/board/{MONDAY}/substitutes", f"/api/v1/boards/{MONDAY}/substitutes"


class Browsers:
    """A published Monday, and browsers of those who use it."""

    def __init__(self, url: str, small: SmallWorkbook) -> None:
        self.engine = make_engine(url)
        with session_scope(self.engine) as session:
            district(session, small)
            usual(session)
        self.app = create_app(Settings(url))

    def office(self) -> TestClient:
        with session_scope(self.engine) as session:
            account = office(session).account_id
        return self._browser(account)

    def volunteer(self, name: str) -> TestClient:
        with session_scope(self.engine) as session:
            account = signed_in(session, name).account_id
        return self._browser(account)

    def _browser(self, account_id: int) -> TestClient:
        with session_scope(self.engine) as session:
            token = sign_in(session, session.get_one(Account, account_id), device="", address="")
        made = TestClient(self.app, headers=HERE, follow_redirects=True)
        made.cookies.set(SESSION_COOKIE, token)
        return made


@pytest.fixture
def browsers(sqlite_url: str, small: SmallWorkbook, monkeypatch: pytest.MonkeyPatch) -> Iterator[Browsers]:
    """On the Friday before."""
    monkeypatch.setattr(clock, "now", lambda: BEFORE)
    monkeypatch.setattr(clock, "today", BEFORE.date)
    made = Browsers(sqlite_url, small)
    yield made
    made.app.state.engine.dispose()
    made.engine.dispose()


def test_from_who_cannot_come_to_who_comes_instead(browsers: Browsers) -> None:
    boss = browsers.office()
    found = boss.get(PAGE, params={"q": LI}).text
    rows = re.findall(r'name="place" value="([^"]+)"', found)
    places = [row.replace("&#34;", '"') for row in rows]
    (who,) = set(re.findall(r'name="volunteer" value="(v\d+)"', found))
    assert len(places) == 2
    ranked = boss.get(f"{PAGE}/new", params={"place": places, "volunteer": who})
    assert (ranked.status_code, WANG in ranked.text, "没有这个岗位或课程的资格" in ranked.text) == (200, True, True)
    people = re.findall(r'name="person" value="(v\d+)" checked', ranked.text)
    asked = boss.post(PAGE, data={"place": places, "volunteer": who, "person": people, "minutes": "30"})
    assert (asked.status_code, "等回答" in asked.text, "http-equiv" in asked.text) == (200, True, True)
    twice = boss.post(PAGE, data={"place": places, "volunteer": who, "minutes": "30"})
    assert (twice.status_code, "已经在找人了" in twice.text) == (422, True)

    wang = browsers.volunteer(WANG)
    shown = wang.get("/duties/asked").text
    assert ("您能来顶班吗？" in shown, "东街少年宫" in shown, "12:30" in shown) == (True, True, True)
    assert not any(phone in shown for name, phone in PHONES.items() if name != WANG)
    (ask,) = re.findall(r'action="(/duties/asked/\d+)"', shown)
    done = wang.post(ask, data={"accepts": "true"})
    assert (str(done.url.path), "东街少年宫" in done.text) == ("/duties", True)
    assert "已经不用回答了" in wang.post(ask, data={"accepts": "true"}).text
    page = boss.get(str(asked.url.path)).text
    assert ("找到了" in page, "自己在网页上回答" in page, "第 2 版" in page) == (True, True, True)


def test_no_is_noted_and_the_interface_tells_how_it_stands(browsers: Browsers) -> None:
    boss, wang = browsers.office(), browsers.volunteer(WANG)
    row = {"class": "c1", "segment": "1-pm", "role": "lead"}
    ranked = boss.post(f"{API}/candidates", json={"places": [row]}).json()
    assert [c["name"] for c in ranked if not c["rules"]] == [WANG]
    made = boss.post(API, json={"places": [row], "minutes": 15}).json()
    (asked,) = wang.get("/api/v1/duties/asked").json()
    assert asked["places"][0]["row"] == row
    no = wang.post(f"/duties/asked/{asked['id']}", data={"accepts": "false"})
    assert "已经去问下一位" in no.text
    seen = boss.get(f"{API}/{made['id']}").json()
    assert (seen["status"], [a["status"] for a in seen["asks"]]) == ("exhausted", ["declined"])
    assert boss.post(f"{API}/{made['id']}/stop").status_code == 409
    assert boss.post(API, json={"places": [row], "minutes": 0}).json()["error"]["code"] == "substitute_minutes"
    assert boss.get(f"{PAGE}/new").status_code == 422
    assert boss.get(f"{PAGE}/new", params={"place": "{"}).status_code == 422


def test_the_deadline_is_kept_in_the_background(
    browsers: Browsers, sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    boss = browsers.office()
    boss.post(API, json={"places": [{"class": "c1", "segment": "1-pm", "role": "lead"}], "minutes": 15})
    later = BEFORE.replace(hour=13)
    monkeypatch.setattr(clock, "now", lambda: later)
    monkeypatch.setattr("api.deadlines.LOOKS_EVERY", 0.01)
    keeper = Deadlines(sqlite_url)
    keeper.start()
    for _ in range(1000):
        with session_scope(browsers.engine) as session:
            if session.exec(select(SubstituteAsk.status)).all() == ["lapsed"]:
                break
    keeper.stop()
    with session_scope(browsers.engine) as session:
        assert session.exec(select(SubstituteAsk.status)).all() == ["lapsed"]
        codes = session.exec(select(OutboxMessage.code)).all()
    assert codes.count("substitute_asked") == 1
    assert "没有回答" in boss.get(PAGE + "/1").text


def test_the_link_of_the_message_is_enough_once_and_for_that_alone(browsers: Browsers) -> None:
    boss = browsers.office()
    boss.post(API, json={"places": [{"class": "c1", "segment": "1-pm", "role": "lead"}], "minutes": 15})
    with session_scope(browsers.engine) as session:
        facts = next(m.facts for m in session.exec(select(OutboxMessage)) if m.code == "substitute_asked")
    said = message("substitute_asked", facts, "zh", "https://example.org")
    assert f"点这里回复（不用登录）：https://example.org/d/ask/{facts['stand_in']}" in said
    page = f"/d/ask/{facts['stand_in']}"
    somebody = TestClient(browsers.app, headers=HERE)
    shown = somebody.get(page)
    assert (shown.status_code, shown.headers["Cache-Control"], "我来" in shown.text) == (200, "no-store", True)
    assert not any(phone in shown.text for phone in PHONES.values())
    assert somebody.get(f"/api/v1/duty-links{page[2:]}").json()["status"] == "asked"
    assert "已经给您排上了" in somebody.post(page, data={"accepts": "true"}).text
    assert somebody.post(page, data={"accepts": "false"}).status_code == 409
    assert somebody.get(page[:-3] + "AAA").status_code == 422
    assert somebody.get(f"/d/{facts['stand_in']}").status_code == 422
    assert "用短信里的链接回答" in boss.get(f"{PAGE}/1").text


def test_who_cannot_come_is_first_on_the_list_and_nobody_asks_them(browsers: Browsers) -> None:
    boss, li = browsers.office(), browsers.volunteer(LI)
    day = MONDAY.isoformat()
    li.post("/api/v1/duties/absent", json={"parts": [{"day": day, "part": "am"}], "reason": "ill"})
    page = boss.get(PAGE).text
    assert "说了来不了、还没有人顶上的" in page
    assert page.index(LI) < page.index("现在空着的位置")
    lead = {"places": [{"class": "c2", "segment": "1-am", "role": "lead"}]}
    rules = {c["name"]: c["rules"] for c in boss.post(f"{API}/candidates", json=lead).json()}
    assert (rules[LI], rules[WANG]) == (["availability"], [])
    assert "1-2年级班" in li.get("/duties").text
