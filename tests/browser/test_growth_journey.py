"""How a handbook comes about, in a real browser: the child is signed in, a note with a photo is written on a phone, the
lead reviews it, makes the book and releases it, the parent reads it on a phone and answers.

With `QINGZAI_PICTURES=folder` every step leaves a picture there, to be looked at.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from open_class import OpenClass
from PIL import Image
from served import served
from sqlmodel import select

from api.access import SESSION_COOKIE
from api.settings import Settings
from registry.books.tables import GuardianReply
from registry.db import session_scope
from registry.growth.tables import Observation

pytestmark = pytest.mark.browser
SEEN = "纸桥塌了两次，第三次把纸折成波浪，桥站住了"


@pytest.fixture
def opened(sqlite_url: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[OpenClass]:
    monkeypatch.setenv("QINGZAI_PHOTOS", str(tmp_path / "photos"))
    made = OpenClass(sqlite_url, monkeypatch)
    with served(Settings(sqlite_url)) as address:
        made.address = address
        yield made
    made.engine.dispose()


class Reader:
    """A phone of somebody; every page is looked at."""

    pictures = 0

    def __init__(self, browser: Any, opened: OpenClass, token: str, width: int = 390) -> None:
        context = browser.new_context(viewport={"width": width, "height": 844})
        context.set_default_timeout(60_000)
        for name, value in ((SESSION_COOKIE, token), ("lang", "zh")):
            context.add_cookies([{"name": name, "value": value, "url": opened.address}])
        self.page, self.address, self.width = context.new_page(), opened.address, width

    def go(self, path: str) -> None:
        answer = self.page.goto(self.address + path)
        assert answer.status == 200, (path, answer.status)
        self.look()

    def tap(self, name: str, role: str = "button") -> None:
        self.page.get_by_role(role, name=name, exact=True).first.click()
        self.page.wait_for_load_state()
        self.look()

    def look(self) -> None:
        assert self.page.evaluate("document.documentElement.scrollWidth") <= self.width, self.page.url
        if folder := os.environ.get("QINGZAI_PICTURES"):
            Reader.pictures += 1
            self.page.screenshot(path=f"{folder}/growth-{Reader.pictures:02d}.png", full_page=True)

    def says(self, text: str) -> bool:
        return bool(self.page.get_by_text(text).first.is_visible())


def a_photo(folder: Path) -> Path:
    """As a phone takes it, turned by its tag, with a place in it."""
    made = Image.new("RGB", (1600, 1200), (240, 200, 120))
    tags = Image.Exif()
    tags[0x0112], tags[0x010F] = 6, "Phone"
    made.save(folder / "photo.jpg", exif=tags)
    return folder / "photo.jpg"


def note_written(phone: Reader, opened: OpenClass, photo: Path) -> None:
    phone.go(f"/attendance/{opened.run}/{opened.day}")
    phone.page.locator(f"#child-{opened.child}").get_by_role("button", name="签到", exact=True).click()
    phone.page.locator(f"#child-{opened.child}").get_by_text("接走 …").wait_for()
    phone.go(f"/notes/classes/{opened.run}/{opened.day}")
    phone.page.locator(f'#note input[name="children"][value="{opened.child}"]').check()
    phone.page.get_by_label("2. 看到了什么").fill(SEEN)
    phone.page.locator('#note input[name="domain"]').nth(1).check()
    phone.page.locator("#photo").set_input_files(photo)
    phone.look()
    phone.tap("交给班主任")
    phone.page.get_by_text("交给班主任了。").wait_for()


def test_from_sign_in_to_the_parents_reply(opened: OpenClass, browser: Any, tmp_path: Path) -> None:
    lead = Reader(browser, opened, opened.token)
    note_written(lead, opened, a_photo(tmp_path))
    with session_scope(opened.engine) as session:
        [note] = session.exec(select(Observation)).all()
        assert (note.seen, note.day) == (SEEN, opened.day)

    desk = Reader(browser, opened, opened.token, 1440)
    desk.go(f"/notes/review/{opened.run}")
    desk.tap("发布")
    desk.go(f"/notes/coverage/{opened.run}")
    desk.go(f"/books/{opened.run}")
    desk.go(f"/books/{opened.run}/{opened.child}")
    desk.go(f"/books/{opened.run}/{opened.child}/preview")
    assert desk.says(SEEN)
    desk.go(f"/books/{opened.run}/{opened.child}")
    desk.tap("发给家长")

    parent = Reader(browser, opened, opened.parent)
    parent.go("/family")
    parent.tap("成长手册和回忆录", "link")
    parent.tap("成长手册", "link")
    assert parent.says(SEEN)
    parent.page.get_by_label("您的话").fill("他回家又折了一座桥，谢谢老师！")
    parent.tap("发给老师")
    with session_scope(opened.engine) as session:
        assert [reply.said for reply in session.exec(select(GuardianReply))] == ["他回家又折了一座桥，谢谢老师！"]
    book = f"/family/children/{opened.child}/books/{opened.run}/handbook"
    pdf = parent.page.request.get(f"{opened.address}{book}/book.pdf")
    assert pdf.body()[:5] == b"%PDF-"
    desk.go(f"/books/{opened.run}/{opened.child}/preview")
    assert desk.says("他回家又折了一座桥")

    stranger = Reader(browser, opened, opened.token)  # the lead is nobody's parent here
    answer = stranger.page.goto(opened.address + book)
    assert answer.status == 404
