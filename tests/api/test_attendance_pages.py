"""Attendance in the browser without scripts and as JSON, from sign-in to the family's card; the sheet on paper."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

import pytest
from asking import TestClient
from rolls import Roll
from sqlmodel import Session

from api.access import SESSION_COOKIE
from api.app import create_app
from api.settings import Settings
from registry.accounts.permissions import Actor
from registry.accounts.sessions import sign_in
from registry.accounts.tables import Account
from registry.attendance.roll import roll
from registry.attendance.states import State
from registry.db import make_engine, session_scope


class Desk:
    """A class of today behind the application, and browsers of those who look after it."""

    def __init__(self, url: str, patch: pytest.MonkeyPatch) -> None:
        self.engine = make_engine(url)
        with session_scope(self.engine, is_writing=True) as session:
            there = Roll(session, patch)
            self.roll, self.run, self.day, self.child = there, there.run, there.day, there.child
            self.helper = there.volunteer()
            self.tokens = {
                name: self._token(session, actor)
                for name, actor in (("lead", there.lead), ("helper", self.helper), ("site", there.coordinator),
                                    ("parent", there.home.parent))
            }  # fmt: skip
        self.guardian, self.site = there.guardian, there.site
        self.app = create_app(Settings(url))
        self.here = f"/attendance/{self.run}/{self.day}"

    def _token(self, session: Session, actor: Actor) -> str:
        return sign_in(session, session.get_one(Account, actor.account_id), device="", address="")

    def browser(self, who: str) -> TestClient:
        opened = TestClient(self.app, headers={"Origin": "http://testserver"})
        opened.cookies.set(SESSION_COOKIE, self.tokens[who])
        return opened

    def state(self) -> State:
        with session_scope(self.engine) as session:
            return roll(session, self.run, self.day)[0].state


@pytest.fixture
def desk(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    made = Desk(sqlite_url, monkeypatch)
    yield made
    made.app.state.engine.dispose()
    made.engine.dispose()


def mark_of(page: str, mark: str) -> dict[str, str]:
    """The hidden fields of the first form with that mark."""
    form = re.search(rf'<form class="(?:form )?mark"[^>]*data-mark="{mark}".*?</form>', page, re.S)
    assert form is not None, page
    return dict(re.findall(r'name="(\w+)" value="([^"]*)"', form.group(0)))


def test_a_day_without_scripts(desk: Desk) -> None:
    lead, parent = desk.browser("lead"), desk.browser("parent")
    page = lead.get(desk.here).text
    assert "李𬱖" in page and "对花生严重过敏" in page and "赵六" in page
    assert "赵六" not in desk.browser("helper").get(desk.here).text
    lead.post(f"{desk.here}/marks", data=mark_of(page, "check_in"))
    page = lead.get(desk.here).text
    assert desk.state() is State.PRESENT
    assert lead.post(f"{desk.here}/close").status_code == 409
    assert lead.post(f"{desk.here}/heads", data={"counted": "2", "key": "h"}).status_code == 200
    assert "对不上" in lead.get(desk.here).text
    lead.post(f"{desk.here}/marks", data={**mark_of(page, "collected"), "collector": desk.guardian})
    assert desk.state() is State.COLLECTED
    assert "09:00 到" in (told := parent.get(f"/family/children/{desk.child}/today").text) and "刘桂兰" in told
    assert "09:00 离开" in parent.get("/family").text
    assert "这一天已经结束" in lead.post(f"{desk.here}/close").text
    site = desk.browser("site").get(f"/attendance/sites/{desk.site}/{desk.day}").text
    assert "到过 1 人，1 人次" in site


def test_a_family_gives_a_code_that_is_told_once(desk: Desk) -> None:
    parent, lead = desk.browser("parent"), desk.browser("lead")
    address = f"/family/children/{desk.child}/today"
    said = parent.post(
        f"{address}/collectors", data={"name": "孙叔叔", "relation": "friend", "day": str(desk.day)}
    ).text
    code = re.search(r'<p class="code"><b>(\d{6})</b>', said)
    assert code is not None and code.group(1) not in parent.get(address).text
    lead.post(f"{desk.here}/marks", data=mark_of(lead.get(desk.here).text, "check_in"))
    page = lead.get(desk.here).text
    reference = re.search(r'value="(delegation:\d+)"', page)
    assert reference is not None
    wrong = {**mark_of(page, "collected"), "collector": reference.group(1), "code": "x"}
    assert "还可以试 4 次" in lead.post(f"{desk.here}/marks", data=wrong).text
    lead.post(f"{desk.here}/marks", data={**wrong, "code": code.group(1)})
    assert desk.state() is State.COLLECTED


def test_an_absence_is_reported_and_withdrawn(desk: Desk) -> None:
    parent = desk.browser("parent")
    report = {"class_run_id": str(desk.run), "day": str(desk.day), "mark": "absent"}
    parent.post(f"/family/children/{desk.child}/today/report", data=report)
    assert desk.state() is State.ABSENT
    assert "家长说的" in desk.browser("lead").get(desk.here).text
    parent.post(f"/family/children/{desk.child}/today/report", data={**report, "mark": "coming"})
    assert desk.state() is State.EXPECTED


def test_a_sheet_on_paper_is_entered_whole_or_not(desk: Desk) -> None:
    lead, n = desk.browser("lead"), desk.child
    desk.roll.at(18)
    wrong = lead.post(f"{desk.here}/sheet", data={f"came-{n}": "8:31", f"left-{n}": "17:12"})
    assert (wrong.status_code, desk.state()) == (422, State.EXPECTED)
    assert "请选谁接走的" in wrong.text
    sound = {f"came-{n}": "8:31", f"left-{n}": "17:12", f"collector-{n}": desk.guardian}
    assert lead.post(f"{desk.here}/sheet", data=sound).status_code == 200
    assert lead.post(f"{desk.here}/sheet", data=sound).status_code == 200
    assert desk.state() is State.COLLECTED
    told = desk.browser("parent").get(f"/api/v1/children/{n}/today").json()
    assert [(one["arrived_at"][11:16], one["left_at"][11:16]) for one in told] == [("00:31", "09:12")]


def test_the_printed_sheet_is_a_pdf(desk: Desk) -> None:
    for language in ("zh", "en"):
        made = desk.browser("lead").get(f"{desk.here}/sheet.pdf", params={"lang": language})
        assert made.content.startswith(b"%PDF")


def test_phones_are_shown_after_closing_and_looks_are_kept(desk: Desk) -> None:
    lead = desk.browser("lead")
    lead.post(f"{desk.here}/marks", data=mark_of(lead.get(desk.here).text, "check_in"))
    assert lead.post(f"{desk.here}/waiting").status_code == 409
    desk.roll.at(17, 46)
    assert "没有人接" in lead.get(desk.here).text
    assert "13911112222" in lead.post(f"{desk.here}/waiting").text


def test_the_interface_takes_a_mark_once(desk: Desk) -> None:
    helper, address = desk.browser("helper"), f"/api/v1{desk.here}/marks"
    body = {"child_id": desk.child, "mark": "check_in", "key": "one"}
    assert [helper.post(address, json=body).json()["is_new"] for _ in range(2)] == [True, False]
    refused = helper.post(address, json={"child_id": desk.child, "mark": "collected", "key": "two"})
    assert refused.status_code == 422
    day = helper.get(f"/api/v1{desk.here}").json()
    assert (day["unaccounted"], day["children"][0]["state"], day["children"][0]["forbidden"]) == (1, "present", [])


def test_volunteers_sign_themselves_in_and_out(desk: Desk) -> None:
    helper, site = desk.browser("helper"), desk.browser("site")
    helper.post("/attendance/service/in", data={"site_id": str(desk.site), "key": "s"})
    desk.roll.at(12, 20)
    assert "今年已记 3.5 小时" in helper.post("/attendance/service/out").text
    where = f"/attendance/sites/{desk.site}/{desk.day}"
    stay = re.search(rf"{where}/stays/(\d+)", site.get(where).text)
    assert stay is not None
    assert site.post(f"{where}/stays/{stay.group(1)}", data={"came": "09:00", "left": "12:50"}).status_code == 422
    site.post(f"{where}/stays/{stay.group(1)}", data={"came": "09:00", "left": "12:50", "reason": "忘了签退"})
    assert "今年已记 4.0 小时" in helper.get("/attendance").text
    hours = helper.get("/api/v1/service", params={"first": str(desk.day), "last": str(date.max)}).json()
    assert hours["hours"] == 4.0
