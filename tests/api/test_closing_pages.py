"""Closing the day in the browser without scripts and as JSON: refused with the list, then closed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from io import BytesIO

import pytest
from asking import TestClient
from pypdf import PdfReader
from rolls import Roll
from sqlmodel import Session, select

from api.app import create_app
from api.deps import SESSION_COOKIE
from api.settings import Settings
from registry import clock
from registry.accounts.sessions import sign_in
from registry.accounts.tables import Account
from registry.attendance.service import sign_in_service, sign_out_service
from registry.db import make_engine, session_scope
from registry.duties.tables import RosterVersion
from registry.families.tables import Child
from registry.privacy.tables import AccessLog
from registry.programme import ClassRun, Term


class Closing:
    """A child who is here and a volunteer who has signed in; the browser of the site's coordinator."""

    def __init__(self, url: str, patch: pytest.MonkeyPatch) -> None:
        self.engine = make_engine(url)
        with session_scope(self.engine, is_writing=True) as session:
            there = Roll(session, patch)
            there.mark("check_in")
            self.helper = there.volunteer()
            sign_in_service(session, self.helper, there.site, "in")
            account = session.get_one(Account, there.coordinator.account_id)
            token = sign_in(session, account, device="", address="")
            self.roll, self.day, self.guardian = there, there.day, there.guardian
            self.where = f"/board/{there.day}/closing/{there.site}/{there.day}"
        self.app = create_app(Settings(url))
        self.browser = TestClient(self.app, headers={"Origin": "http://testserver"})
        self.browser.cookies.set(SESSION_COOKIE, token)

    def settle(self) -> None:
        """The child goes home, and the volunteer."""
        self.roll.at(12, 20)
        with session_scope(self.engine, is_writing=True) as session:
            self.roll.session = session
            self.roll.mark("collected", collector=self.guardian)
            sign_out_service(session, self.helper)


def publish_nothing(session: Session, monday: date) -> None:
    """A published week in which nobody has anything."""
    roster = {"format": "qingzai.roster/1", "duties": [], "lessons": []}
    session.add(
        RosterVersion(
            week=monday, number=1, seed=1, problem_json={}, roster_json=roster, software="x", published_at=clock.now()
        )
    )  # fmt: skip


@pytest.fixture
def closing(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Closing]:
    made = Closing(sqlite_url, monkeypatch)
    yield made
    made.app.state.engine.dispose()
    made.engine.dispose()


def test_a_day_is_refused_with_the_list_then_closed(closing: Closing) -> None:
    browser, week = closing.browser, f"/board/{closing.day}/closing"
    assert f'href="{week}"' in browser.get("/attendance").text
    assert "2 处没完" in browser.get(week).text
    refused = browser.post(closing.where)
    assert refused.status_code == 409
    for said in (
        "没有着落（1 个班），不能结束",
        "1 个孩子没有着落",
        "还没有签退",
        f"/attendance/{closing.roll.run}/{closing.day}",
    ):
        assert said in refused.text
    closing.settle()
    done = browser.post(closing.where)
    assert (done.status_code, "所有班都结束了" in done.text, "共 3.5 小时" in done.text) == (200, True, True)
    assert "已结束" in browser.get(week).text
    assert "Not every day of this week is closed." in browser.get(week, params={"lang": "en"}).text
    elsewhere = closing.where.replace(f"/{closing.day}/closing", f"/{closing.day + timedelta(days=7)}/closing")
    assert browser.get(elsewhere).status_code == 404


def test_the_interface_closes_as_the_page_does(closing: Closing) -> None:
    where, browser = f"/api/v1/boards/{closing.day}/closing", closing.browser
    [first, *_] = browser.get(where).json()["days"]
    assert (first["is_closed"], [one["is_open"] for one in first["people"]]) == (False, [True])
    assert sum(one["unaccounted"] for one in first["classes"]) == 1
    a_day = f"{where}/{closing.roll.site}/{closing.day}"
    assert browser.post(a_day, json={}).json()["error"]["code"] == "site_unaccounted"
    closing.settle()
    assert browser.post(a_day, json={}).json() == {"n": 2}
    assert browser.get(a_day).json()["is_closed"] is True


def test_whom_to_call_is_printed_and_each_time_is_kept(closing: Closing) -> None:
    where = f"/attendance/classes/{closing.roll.run}/contacts.pdf"
    for path in (where, f"/api/v1{where}"):
        answer = closing.browser.get(path)
        assert (answer.status_code, answer.content[:5]) == (200, b"%PDF-")
    text = PdfReader(BytesIO(answer.content)).pages[0].extract_text()
    with session_scope(closing.engine) as session:
        name = session.get_one(Child, closing.roll.child).name
        looks = session.exec(select(AccessLog).where(AccessLog.action == "attendance.phones")).all()
    assert name in text
    assert "刘桂兰" in text
    assert "1 / 1" in text
    assert [(one.subject_id, one.reason) for one in looks] == [(closing.roll.child, "contacts_printed")] * 2


def test_sheets_of_a_published_week_are_printed_before_its_days(closing: Closing) -> None:
    browser, later = closing.browser, closing.day + timedelta(days=7)
    address = f"/api/v1/attendance/sites/{closing.roll.site}/weeks/{later}/sheets.pdf"
    assert browser.get(address).json()["error"]["code"] == "week_not_published"
    with session_scope(closing.engine, is_writing=True) as session:
        session.get_one(Term, session.get_one(ClassRun, closing.roll.run).term_id).ends_on = later + timedelta(days=1)
        publish_nothing(session, later)
    week = PdfReader(BytesIO(browser.get(address).content))
    assert [f"{n} / {len(week.pages)}" in page.extract_text() for n, page in enumerate(week.pages, 1)] == [True] * 4
    [day] = PdfReader(BytesIO(browser.get(address, params={"day": 2, "class_run": closing.roll.run}).content)).pages
    with session_scope(closing.engine) as session:
        name = session.get_one(Child, closing.roll.child).name
        looks = session.exec(select(AccessLog).where(AccessLog.action == "attendance.sheets")).all()
    assert name in day.extract_text()
    assert {(one.subject_id, one.reason) for one in looks} == {(closing.roll.child, "sheets_printed")}
    assert browser.get(address, params={"day": 5}).json()["error"]["code"] == "no_sheets"
    assert address in browser.get(f"/board/{later}/closing").text
    assert f"{address}?day=2" in browser.get(f"/board/{later}/closing/{closing.roll.site}/{later + timedelta(1)}").text
