"""Whole ways of families and of the office, in a real browser as wide as a phone: each step leads on to the next.

With `QINGZAI_PICTURES=folder` every step leaves a picture there, to be looked at.
"""

from __future__ import annotations

import json
import os
import re
import threading
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import col, select
from town import a_round, family, make_town, move, office

from api.access import SESSION_COOKIE
from registry import clock
from registry.accounts.permissions import Actor
from registry.accounts.sessions import sign_in
from registry.accounts.tables import Account, LoginSession
from registry.db import make_engine, session_scope
from registry.enrolment.applications import begin
from registry.enrolment.draws import draw_of_round, freeze_round, queue_draw
from registry.enrolment.publish import publish_draw
from registry.enrolment.sending import submit
from registry.enrolment.tables import Application, ApplicationEvent, EnrolmentRound, PriorityGroup
from registry.enrolment.wishes import set_wishes

pytestmark = pytest.mark.browser
WIDTH = 390
PHONE = "13912345678"


class Town:
    """A town behind a real server, with its outbox in a file and its draws in a process of their own."""

    def __init__(self, url: str, folder: Path) -> None:
        self.engine, self.outbox, self.url = make_engine(url), folder / "outbox.jsonl", url
        self.address = ""
        with session_scope(self.engine, is_writing=True) as session:
            self.runs = make_town(session, places=1)
            session.add(PriorityGroup(code="low_income", name_zh="低保家庭", name_en="Low income", tier=0))

    def round(self, mode: str, places: int = 1) -> int:
        """A round that is open."""
        with session_scope(self.engine, is_writing=True) as session:
            made = a_round(session, self.runs, places=places, mode=mode, families="prefer-together")
            made.confirm_by = clock.now() + timedelta(days=3) if mode == "lottery" else None
            return made.id or 0

    def family(self, name: str) -> tuple[Actor, int, str]:
        """A family that is signed in, its child, and its token."""
        with session_scope(self.engine, is_writing=True) as session:
            actor, [child] = family(session, name)
            account = session.get_one(Account, actor.account_id)
            return actor, child.id or 0, sign_in(session, account, device="phone", address="")

    def office(self) -> tuple[Actor, str]:
        """The district office, and its token."""
        with session_scope(self.engine, is_writing=True) as session:
            actor = office(session)
            account = session.get_one(Account, actor.account_id)
            return actor, sign_in(session, account, device="office", address="")

    def sent(self, round_id: int, name: str, wishes: list[int], group: str | None = None) -> tuple[str, str]:
        """The number of an application that a family sent, and the family's token."""
        actor, child, token = self.family(name)
        with session_scope(self.engine, is_writing=True) as session:
            number = begin(session, actor, round_id, child).number
            mine = set_wishes(session, actor, number, wishes, None)
            if group:
                mine.group_code, mine.group_status = group, "claimed"
            submit(session, actor, number, f"key-{number}")
        return number, token

    def applications(self) -> list[tuple[str, str]]:
        """Number and state of every application."""
        with session_scope(self.engine, is_writing=True) as session:
            rows = session.exec(select(Application).order_by(col(Application.id)))
            return [(row.number, row.status) for row in rows]

    def close(self, round_id: int) -> None:
        """Let the round's time be over."""
        with session_scope(self.engine, is_writing=True) as session:
            its = session.get_one(EnrolmentRound, round_id)
            move(session, its, closes_at=clock.now() - timedelta(seconds=1))

    def code(self) -> str:
        """The code in the newest message to the phone."""
        for _ in range(100):
            lines = self.outbox.read_text("utf-8").splitlines() if self.outbox.exists() else []
            mine = [json.loads(line)["text"] for line in lines if json.loads(line)["phone"] == PHONE]
            if mine and (found := re.search(r"\b\d{6}\b|(?<!\d)\d{6}(?!\d)", mine[-1])):
                return found[0]
            time.sleep(0.1)
        raise AssertionError("no message came")


@pytest.fixture
def town(sqlite_url: str, tmp_path: Path) -> Iterator[Town]:
    import uvicorn

    from api.app import create_app
    from api.commands.serve import listen
    from api.settings import Settings

    made = Town(sqlite_url, tmp_path)
    app = create_app(Settings(sqlite_url, runs_jobs=True, sender=f"file:{made.outbox}"))
    listening = listen("127.0.0.1", 0, tries=1)
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
    thread.start()
    made.address = f"http://127.0.0.1:{listening.getsockname()[1]}"
    yield made
    server.should_exit = True
    thread.join()
    listening.close()
    made.engine.dispose()


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        yield opened
        opened.close()


class Phone:
    """A browser as wide as a phone. Every page is checked: no wider than the screen; one heading; no raw code."""

    def __init__(
        self, browser: Any, town: Town, token: str = "", language: str = "zh", *, scripts: bool = True
    ) -> None:
        self.context = browser.new_context(viewport={"width": WIDTH, "height": 844}, java_script_enabled=scripts)
        self.context.set_default_timeout(30_000)
        self.page, self.town, self.language = self.context.new_page(), town, language
        self.steps, self.fields, self.pictures, self.scripts = 0, 0, 0, scripts
        cookies = {"lang": language} | ({SESSION_COOKIE: token} if token else {})
        self.context.add_cookies([{"name": n, "value": v, "url": town.address} for n, v in cookies.items()])

    def go(self, path: str) -> None:
        self.page.goto(f"{self.town.address}{path}")
        self.look()

    def tap(self, name: str, role: str = "button", nth: int = 0) -> None:
        """Tap what bears this name; the page that comes is looked at."""
        self.page.get_by_role(role, name=name).nth(nth).click()
        self.steps += 1
        self.page.wait_for_load_state()
        self.look()

    def fill(self, label: str, value: str) -> None:
        self.page.get_by_label(label, exact=False).first.fill(value)
        self.fields += 1

    def choose(self, name: str, value: str) -> None:
        """Tick a radio or box by its field and value."""
        self.page.locator(f'input[name="{name}"][value="{value}"]').check()
        self.steps += 1

    def look(self) -> None:
        """Keep a picture where wanted; make sure that nothing is cut off."""
        folder = os.environ.get("QINGZAI_PICTURES")
        if folder:
            test = os.environ["PYTEST_CURRENT_TEST"].split("::")[1].split(" ")[0]
            self.pictures += 1
            self.page.screenshot(path=f"{folder}/{test}-{self.pictures:02d}.png", full_page=True)
        if self.scripts:
            assert self.page.evaluate("document.documentElement.scrollWidth") <= WIDTH, self.page.url
        assert self.page.get_by_role("heading", level=1).count() == 1, self.page.url

    def says(self, text: str) -> bool:
        return self.page.get_by_text(text).first.is_visible()

    @property
    def path(self) -> str:
        return str(self.page.url).removeprefix(self.town.address)

    def number(self) -> str:
        return str(self.page.locator(".number").inner_text()).replace(" ", "")


def enter_child(phone: Phone, name: str, *, first: bool) -> None:
    """The form of a child, then the consents item by item, then whom to call."""
    phone.fill("孩子姓名", name)
    phone.choose("sex", "female")
    phone.fill("出生日期", "20190301")
    phone.page.locator("#entry_year").select_option("2025")
    phone.fields += 1
    phone.choose("relation", "grandmother")
    if first:
        phone.fill("您自己的姓名", "刘桂兰")
    phone.tap("保存，下一步")
    assert phone.path.split("?")[0].endswith("/consents")
    for item in phone.page.locator("fieldset[id]").all():
        item.locator('input[value="yes"]').check()
        phone.steps += 1
    phone.tap("保存")


def from_first_visit_to_child(phone: Phone) -> None:
    """A grandmother comes for the first time, signs in, enters a child and answers what she is asked about it."""
    phone.go("/")
    phone.tap("报名", "link")
    phone.tap("看规则和班次", "link")
    phone.tap("登录，开始报名", "link")
    phone.fill("手机号", PHONE)
    phone.tap("发送验证码")
    phone.fill("6 位验证码", phone.town.code())
    phone.tap("登录")
    phone.tap("添加孩子", "link")
    enter_child(phone, "刘小雨", first=True)
    phone.fill("姓名", "刘大山")
    phone.fill("手机号", "13900001111")
    phone.choose("relation", "grandfather")
    phone.tap("保存")


def choose_and_send(phone: Phone) -> None:
    """Two wishes, a look over them, and off."""
    phone.tap("加入志愿")
    phone.tap("加入志愿")
    phone.tap("选好了，下一步", "link")


@pytest.mark.parametrize("scripts", [True, False])
def test_from_the_first_visit_to_the_receipt(browser: Any, town: Town, scripts: bool) -> None:
    round_id = town.round("lottery")
    phone = Phone(browser, town, scripts=scripts)
    from_first_visit_to_child(phone)
    assert phone.path == f"/enrol/rounds/{round_id}"
    phone.tap("报名", nth=0)
    choose_and_send(phone)
    review = phone.path
    form = phone.page.content()
    if scripts:
        phone.page.get_by_role("button", name="提交报名").dblclick()
        phone.page.wait_for_load_state()
        phone.look()
    else:
        phone.tap("提交报名")
    number = phone.number()
    assert phone.path == f"/enrol/applications/{number}/receipt"
    assert town.applications() == [(number, "submitted")]
    # The answer was lost: the same form is sent once more.
    key = re.search(r'name="request_key" value="([^"]+)"', form)
    assert key is not None
    again = phone.page.request.post(
        f"{town.address}{review.removesuffix('/review')}/submit", headers={"Origin": town.address},
        form={"request_key": key[1], "version": "0", "weekdays": "1", "seats": "1"},
    )  # fmt: skip
    assert (again.url.removeprefix(town.address), town.applications()) == (phone.path, [(number, "submitted")])
    with session_scope(town.engine) as session:
        sent = select(ApplicationEvent).where(ApplicationEvent.code == "sent")
        assert len(session.exec(sent).all()) == 1
    one = (phone.steps, phone.fields)
    # The second child: from the receipt on, with the first one's wishes copied.
    phone.tap("添加孩子", "link")
    enter_child(phone, "刘小雪", first=False)
    phone.tap("以后再填", "link")
    phone.tap("报名", nth=0)
    phone.tap("照抄刘小雨的志愿")
    phone.tap("选好了，下一步", "link")
    phone.tap("提交报名")
    assert [state for _, state in town.applications()] == ["submitted"] * 2
    # Taps and fields: what five minutes have to do for.
    assert all(n <= most for n, most in zip((*one, phone.steps, phone.fields), (23, 8, 39, 11), strict=True))


def test_from_the_draw_to_the_confirmation_and_on_to_the_next(browser: Any, town: Town) -> None:
    """Two families, one place: one is drawn and declines, the other is offered the place and confirms."""
    round_id, run = town.round("lottery"), town.runs[0]
    sent = dict(town.sent(round_id, name, [run]) for name in ("刘小雨", "张一诺"))
    town.close(round_id)
    boss, _ = town.office()
    with session_scope(town.engine, is_writing=True) as session:
        freeze_round(session, boss, round_id)
        queue_draw(session, boss, draw_of_round(session, round_id).id or 0)  # type: ignore[union-attr]
    for _ in range(300):  # The server's own runner draws.
        with session_scope(town.engine, is_writing=True) as session:
            drawn = draw_of_round(session, round_id)
            if drawn is not None and drawn.status == "done":
                publish_draw(session, boss, drawn.id or 0)
                break
        time.sleep(0.2)
    states = dict(town.applications())
    assert sorted(states.values()) == ["placed", "waitlisted"]
    lucky = next(number for number, state in states.items() if state == "placed")
    waiting = next(number for number in sent if number != lucky)

    first, second = (Phone(browser, town, sent[number]) for number in (lucky, waiting))
    second.go(f"/enrol/applications/{waiting}")
    assert second.page.locator(".status .first").inner_text().startswith("候补第 1 位，共 1 位")
    assert second.page.locator("li p.quiet").first.inner_text() != ""
    first.go("/enrol")
    first.tap("刘小雨" if first.says("刘小雨") else "张一诺", "link")
    assert first.page.locator(".status .first").inner_text().startswith("有位子：东街少年宫 1-2年级班")
    first.tap("不要了", "link")
    first.tap("不要这个位子")
    assert "没有要" in first.page.locator(".status .first").inner_text()
    second.go(f"/enrol/applications/{waiting}")
    assert "候补轮到了" in second.page.locator(".status .first").inner_text()
    second.tap("确认，要这个位子")
    assert second.page.locator(".status .first").inner_text().startswith("已确认：东街少年宫 1-2年级班")
    assert dict(town.applications()) == {lucky: "eligible", waiting: "confirmed"}


def test_in_english_from_the_round_to_the_receipt(browser: Any, town: Town) -> None:
    round_id = town.round("first_come")
    _, child, token = town.family("Lin Yi")
    phone = Phone(browser, town, token, "en")
    phone.go("/enrol")
    phone.page.get_by_role("link", name="rules").first.click()
    phone.look()
    phone.page.locator('form[action$="/start"] button').first.click()
    phone.look()
    phone.page.locator('button[value="add"]').first.click()
    phone.look()
    phone.page.locator('a[href$="/review"]').first.click()
    phone.look()
    phone.page.locator('form[action$="/submit"] button').click()
    phone.page.wait_for_url("**/receipt")
    phone.look()
    number = phone.number()
    assert town.applications() == [(number, "confirmed")]
    assert phone.page.locator(".receipt p b").first.inner_text().startswith("Confirmed: ")
    assert (round_id, child) == (1, 1)
