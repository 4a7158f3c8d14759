"""Whole ways of families and of the office, in a real browser as wide as a phone: each step leads on to the next.

With `QINGZAI_PICTURES=folder` every step leaves a picture there, to be looked at.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from phones import PHONE, Phone, Town
from served import served
from sqlmodel import select

from api.settings import Settings
from registry.db import session_scope
from registry.enrolment.draws import draw_of_round, freeze_round, queue_draw
from registry.enrolment.publish import publish_draw
from registry.enrolment.tables import ApplicationEvent

pytestmark = pytest.mark.browser


@pytest.fixture
def town(sqlite_url: str, tmp_path: Path) -> Iterator[Town]:
    made = Town(sqlite_url, tmp_path)
    with served(Settings(sqlite_url, runs_jobs=True, sender=f"file:{made.outbox}")) as address:
        made.address = address
        yield made
    made.engine.dispose()


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
        phone.page.wait_for_url("**/receipt")
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


def test_a_coordinator_verifies_a_claim_and_the_family_sees_it(browser: Any, town: Town) -> None:
    """At the door of the site: the receipt number is typed, the papers are looked at, and the claim holds."""
    round_id = town.round("lottery")
    number, family_token = town.sent(round_id, "刘小雨", [town.runs[0]], group="low_income")
    phone = Phone(browser, town, town.coordinator())
    phone.go("/office/applications")
    phone.page.locator('input[name="number"]').first.fill(number)
    phone.page.locator('input[name="number"]').first.press("Enter")
    phone.page.wait_for_url(f"**/office/applications/{number}*")
    phone.look()
    phone.choose("answer", "yes")
    phone.page.locator('input[name="seen_by"]').fill("王一")
    phone.page.locator('form[action$="/claim"] button').first.click()
    phone.page.wait_for_load_state()
    phone.look()
    assert town.claim(number) == ("verified", "王一")
    at_home = Phone(browser, town, family_token)
    at_home.go(f"/enrol/applications/{number}")
    assert at_home.says("优先资格已现场核实")
