"""The pages in a real browser, on a phone and on a desktop: nothing cut off, nothing refused, the way through works."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from served import served

from api.settings import Settings

pytestmark = pytest.mark.browser
PATHS = (
    *("", "/classes", "/classes/c1", "/classes/c1/why?segment=1-am", "/classes/c1/why?segment=2-am"),
    *("/volunteers", "/volunteers/v1", "/volunteers/v1/why", "/sites", "/sites/s1", "/nothing"),
)


def spoken(address: str, path: str, language: str) -> str:
    """The address of a page of the week in a language."""
    return f"{address}/weeks/2026-07-06{path}{'&' if '?' in path else '?'}lang={language}"


@pytest.fixture(scope="module")
def address(week_url: str) -> Iterator[str]:
    with served(Settings(week_url)) as opened:
        yield opened


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("width", [390, 1440])
def test_no_page_is_wider_than_the_screen(browser: object, address: str, width: int, language: str) -> None:
    page = browser.new_page(viewport={"width": width, "height": 800})  # type: ignore[attr-defined]
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    too_wide = []
    for path in PATHS:
        page.goto(spoken(address, path, language))
        if page.evaluate("document.documentElement.scrollWidth") > width:
            too_wide.append(path)
    page.close()
    assert too_wide == []
    # The last path does not exist: the browser says so, and nothing else.
    assert ["404" in text for text in complaints] == [True]


SMALLER = """least => {
  const small = [];
  for (const one of document.querySelectorAll("body *")) {
    const says = [...one.childNodes].some(part => part.nodeType === 3 && part.textContent.trim());
    if (says && one.offsetParent && parseFloat(getComputedStyle(one).fontSize) < least) small.push(one.outerHTML);
  }
  return small;
}"""
LOWER = """least => {
  const low = [];
  for (const one of document.querySelectorAll("a, button, select, summary, input:not([type=checkbox]), label.tick"))
    if (one.offsetParent && !one.matches(".skip") && one.offsetHeight < least) low.push(one.outerHTML);
  return low;
}"""


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize(("width", "script", "least"), [(390, SMALLER, 16), (1440, SMALLER, 14), (390, LOWER, 40)])
def test_texts_and_targets_are_large_enough(
    browser: object, address: str, width: int, script: str, least: int, language: str
) -> None:
    """On a phone, read by grandparents, nothing is below 16 px, and a finger hits every link."""
    page = browser.new_page(viewport={"width": width, "height": 800})  # type: ignore[attr-defined]
    found = {}
    for path in PATHS:
        page.goto(spoken(address, path, language))
        assert page.evaluate(script, 1000) != []
        found[path] = page.evaluate(script, least)
    page.close()
    assert {path: texts for path, texts in found.items() if texts} == {}


def test_the_keyboard_leads_past_the_head_of_the_page(browser: object, address: str) -> None:
    page = browser.new_page(viewport={"width": 1440, "height": 800})  # type: ignore[attr-defined]
    page.goto(f"{address}/weeks/2026-07-06/classes")
    page.keyboard.press("Tab")
    skip = page.locator(":focus")
    assert (skip.inner_text(), skip.bounding_box()["x"] >= 0) == ("跳到正文", True)
    assert skip.evaluate("one => getComputedStyle(one).outlineStyle") == "solid"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.locator(":focus").get_attribute("name") == "q"
    page.close()


def test_a_class_prints_on_one_sheet(browser: object, address: str) -> None:
    """A4 across, without what only a screen needs."""
    page = browser.new_page()  # type: ignore[attr-defined]
    page.goto(f"{address}/weeks/2026-07-06/classes/c1")
    printed = page.pdf(prefer_css_page_size=True)
    assert len(re.findall(rb"/Type\s*/Page\b", printed)) == 1
    [(width, height)] = set(re.findall(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", printed))
    assert (round(float(width)), round(float(height))) == (842, 595)
    page.emulate_media(media="print")
    assert [page.locator(name).is_visible() for name in (".top", ".tabs", "main", "footer")] == [
        False, False, True, True,
    ]  # fmt: skip
    page.close()


def test_a_coordinator_finds_a_class_from_the_first_page(browser: object, address: str) -> None:
    page = browser.new_page(viewport={"width": 390, "height": 800})  # type: ignore[attr-defined]
    page.goto(address)
    page.get_by_role("link", name="东街少年宫 · 1-2年级班").first.click()
    assert page.url.endswith("/classes/c1")
    assert page.get_by_role("heading", level=1).inner_text() == "东街少年宫 · 1-2年级班"
    page.get_by_role("link", name="English").click()
    assert page.get_by_role("heading", name="What is still open").is_visible()
    page.close()


def test_behind_a_gap_stands_why_without_javascript(browser: object, address: str) -> None:
    page = browser.new_context(java_script_enabled=False).new_page()  # type: ignore[attr-defined]
    page.goto(f"{address}/weeks/2026-07-06/classes/c1?lang=en")
    page.get_by_role("link", name="Why?").first.click()
    assert page.get_by_role("heading", level=1).inner_text() == "Why"
    assert page.get_by_role("heading", name="This would fill it").first.is_visible()
    page.close()
