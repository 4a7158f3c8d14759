"""Marks on a phone whose network comes and goes: they wait, are shown as not sent, and are noted once."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from open_class import OpenClass
from served import served

from api.access import SESSION_COOKIE
from api.settings import Settings

pytestmark = pytest.mark.browser


@pytest.fixture
def opened(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[OpenClass]:
    made = OpenClass(sqlite_url, monkeypatch)
    with served(Settings(sqlite_url)) as address:
        made.address = address
        yield made
    made.engine.dispose()


def test_marks_wait_for_the_network_and_are_noted_once(opened: OpenClass, browser: Any) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 844})
    context.set_default_timeout(30_000)
    context.add_cookies([{"name": SESSION_COOKIE, "value": opened.token, "url": opened.address}])
    page = context.new_page()
    page.goto(f"{opened.address}/attendance/{opened.run}/{opened.day}")
    child = page.locator(f"#child-{opened.child}")
    context.set_offline(True)
    child.get_by_role("button", name="签到", exact=True).click()
    page.locator("#queue").wait_for()
    assert "1 条记录还没有发出" in page.locator("#queue").inner_text()
    assert "还没有发出" in child.locator(".unsent").inner_text()
    assert opened.kinds() == []
    context.set_offline(False)
    child.get_by_text("接走 …").wait_for()
    assert opened.kinds() == ["check_in"]
    assert page.locator("#queue").is_hidden()
    mark = page.evaluate("localStorage.length && Object.values(localStorage)[0]")
    assert mark in (0, "[]")


def test_what_is_refused_stays_on_the_phone_with_its_reason(opened: OpenClass, browser: Any) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 844})
    context.set_default_timeout(30_000)
    context.add_cookies([{"name": SESSION_COOKIE, "value": opened.token, "url": opened.address}])
    first, second = context.new_page(), context.new_page()
    for page in (first, second):
        page.goto(f"{opened.address}/attendance/{opened.run}/{opened.day}")
    first.locator(f"#child-{opened.child}").get_by_role("button", name="请假", exact=True).click()
    first.locator(f"#child-{opened.child}").locator(".state", has_text="请假").wait_for()
    second.locator(f"#child-{opened.child}").get_by_role("button", name="签到", exact=True).click()
    second.locator(f"#child-{opened.child}").get_by_text("接走 …").wait_for()
    first.locator(f"#child-{opened.child} summary").click()
    first.locator(f"#child-{opened.child}").get_by_role("button", name="会晚到", exact=True).click()
    first.get_by_text("没有记上：").wait_for()
    assert opened.kinds() == ["absent", "check_in"]
    first.get_by_role("button", name="知道了").click()
    first.locator("#queue").wait_for(state="hidden")
