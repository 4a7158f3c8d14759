"""The pages in a real browser, on a phone and on a desktop: nothing cut off, nothing refused, the way through works."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

pytestmark = pytest.mark.browser
PATHS = ("", "/classes", "/classes/c1", "/volunteers", "/volunteers/v1", "/sites", "/sites/s1", "/nothing")


@pytest.fixture(scope="module")
def address(week_url: str) -> Iterator[str]:
    """The application behind a real server on a free port."""
    import uvicorn

    from api.app import create_app
    from api.commands.serve import listen
    from api.settings import Settings

    listening = listen("127.0.0.1", 0, tries=1)
    server = uvicorn.Server(uvicorn.Config(create_app(Settings(week_url)), log_level="warning"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
    thread.start()
    yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    server.should_exit = True
    thread.join()
    listening.close()


@pytest.fixture(scope="module")
def browser() -> Iterator[object]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        yield opened
        opened.close()


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("width", [390, 1440])
def test_no_page_is_wider_than_the_screen(browser: object, address: str, width: int, language: str) -> None:
    page = browser.new_page(viewport={"width": width, "height": 800})  # type: ignore[attr-defined]
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    too_wide = []
    for path in PATHS:
        page.goto(f"{address}/weeks/2026-07-06{path}?lang={language}")
        if page.evaluate("document.documentElement.scrollWidth") > width:
            too_wide.append(path)
    page.close()
    assert too_wide == []
    # The last path does not exist: the browser says so, and nothing else.
    assert ["404" in text for text in complaints] == [True]


def test_a_coordinator_finds_a_class_from_the_first_page(browser: object, address: str) -> None:
    page = browser.new_page(viewport={"width": 390, "height": 800})  # type: ignore[attr-defined]
    page.goto(address)
    page.get_by_role("link", name="东街少年宫 · 1-2年级班").first.click()
    assert page.url.endswith("/classes/c1")
    assert page.get_by_role("heading", level=1).inner_text() == "东街少年宫 · 1-2年级班"
    page.get_by_role("link", name="English").click()
    assert page.get_by_role("heading", name="What is still open").is_visible()
    page.close()
