"""Notes on a phone: a photo shrunk there, the check while typing, and what waits where there is no network."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from notebook import Notebook, jpeg
from served import served
from sqlmodel import select

from api.access import SESSION_COOKIE
from api.settings import Settings
from registry import clock
from registry.accounts.sessions import sign_in
from registry.accounts.tables import Account
from registry.db import make_engine, session_scope
from registry.duties.tables import RosteredDuty
from registry.growth.tables import Observation, Photo, PhotoChild
from registry.programme import ClassRun, DayOff, Term

pytestmark = pytest.mark.browser


class OpenNotes:
    """A class that meets today by the real clock, with somebody on duty there."""

    def __init__(self, url: str, patch: pytest.MonkeyPatch) -> None:
        self.engine = make_engine(url)
        today = clock.today()
        with session_scope(self.engine, is_writing=True) as session:
            with patch.context() as frozen:
                there = Notebook(session, frozen).with_helper()
                self.other = there.another("王小明")
                there.answer_photos(self.other, is_given=False)
            term = session.get_one(Term, session.get_one(ClassRun, there.run).term_id)
            term.starts_on, term.ends_on = today - timedelta(days=1), today + timedelta(days=1)
            session.add_all([term, DayOff(day=today, is_worked=True, name="x")])
            for duty in session.exec(select(RosteredDuty)):
                duty.day = today
            self.token = sign_in(session, session.get_one(Account, there.helper.account_id), device="", address="")
            self.run, self.child = there.run, there.child
        self.path, self.address = f"/notes/classes/{there.run}/{today}", ""

    def stored(self) -> list[tuple[str, list[str], bool]]:
        """Every note: its words, what the check found, whether it has a photo."""
        with session_scope(self.engine) as session:
            notes = session.exec(select(Observation).order_by("id"))
            return [(note.seen, note.warnings, note.photo_id is not None) for note in notes]


@pytest.fixture
def opened(sqlite_url: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[OpenNotes]:
    monkeypatch.setenv("QINGZAI_PHOTOS", str(tmp_path / "photos"))
    made = OpenNotes(sqlite_url, monkeypatch)
    with served(Settings(sqlite_url)) as address:
        made.address = address
        yield made
    made.engine.dispose()


def open_page(opened: OpenNotes, browser: Any) -> tuple[Any, Any]:
    context = browser.new_context(viewport={"width": 390, "height": 844})
    context.set_default_timeout(30_000)
    context.add_cookies([{"name": SESSION_COOKIE, "value": opened.token, "url": opened.address}])
    page = context.new_page()
    page.goto(opened.address + opened.path)
    return context, page


def write(page: Any, child: int, words: str, photo: bytes | None = None) -> None:
    page.locator(f'input[name="children"][value="{child}"]').check()
    page.locator("#seen").fill(words)
    page.locator('input[name="domain"][value="intellect"]').check()
    if photo:
        page.locator("#photo").set_input_files({"name": "a.jpg", "mimeType": "image/jpeg", "buffer": photo})
    page.get_by_role("button", name="交给班主任").click()


def test_a_note_with_its_photo_waits_for_the_network_and_is_stored_once(opened: OpenNotes, browser: Any) -> None:
    context, page = open_page(opened, browser)
    context.set_offline(True)
    write(page, opened.child, "纸桥站住了", jpeg(2400, 1800))
    page.get_by_text("先存在手机里").wait_for()
    assert (opened.stored(), page.locator("#seen").input_value()) == ([], "")
    context.set_offline(False)
    page.locator("#queue.green").wait_for()
    page.reload()
    page.wait_for_timeout(500)
    assert opened.stored() == [("纸桥站住了", [], True)]
    with session_scope(opened.engine) as session:
        photo = session.exec(select(Photo)).one()
        tied = session.exec(select(PhotoChild.child_id)).all()
        assert (photo.width, photo.height, tied) == (1600, 1200, [opened.child])


def test_what_the_check_finds_is_shown_and_may_be_sent_all_the_same(opened: OpenNotes, browser: Any) -> None:
    _, page = open_page(opened, browser)
    write(page, opened.child, "他今天有点懒")
    page.locator("#findings").wait_for()
    assert ("“懒”" in page.locator("#findings").inner_text(), opened.stored()) == (True, [])
    page.get_by_role("button", name="就这样交").click()
    page.get_by_text("交给班主任了").wait_for()
    assert opened.stored() == [("他今天有点懒", ["label"], False)]


def test_a_photo_that_may_not_be_kept_is_told_and_the_words_go_without_it(opened: OpenNotes, browser: Any) -> None:
    _, page = open_page(opened, browser)
    write(page, opened.other, "搭好了塔", jpeg())
    page.locator("#queue li").wait_for()
    assert "王小明 的家长没有同意拍照" in page.locator("#queue").inner_text()
    page.get_by_role("button", name="不带照片交").click()
    page.locator("#queue li").wait_for(state="detached")
    assert opened.stored() == [("搭好了塔", [], False)]


def test_what_is_half_written_is_still_there(opened: OpenNotes, browser: Any) -> None:
    _, page = open_page(opened, browser)
    page.get_by_text("或者选一句").click()
    page.locator('input[name="phrase"][value="tidies"]').check()
    page.locator(f'input[name="children"][value="{opened.child}"]').check()
    page.reload()
    assert page.locator("#seen").input_value() == "活动后收拾好自己的桌面"
    assert page.locator('input[name="domain"][value="labour"]').is_checked()
    assert page.locator(f'input[name="children"][value="{opened.child}"]').is_checked()
