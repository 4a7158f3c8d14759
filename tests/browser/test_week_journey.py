"""A week as its people go through it, in a real browser: made by the engine, changed by mouse and finger, overridden
with a reason, published; a volunteer says yes on a phone without signing in, then falls ill; repaired, published again.
And the board by keyboard alone.

With `QINGZAI_PICTURES=folder` every step leaves a picture there, to be looked at.
"""

from __future__ import annotations

import json
import os
import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from published import MONDAY, PHONES, WANG, district
from served import served
from sqlmodel import col, select
from town import office
from workbooks import SmallWorkbook

from api.access import SESSION_COOKIE
from api.settings import Settings
from registry.accounts.sessions import sign_in
from registry.accounts.tables import Account
from registry.board.boards import open_board
from registry.board.tables import BoardEdit
from registry.db import make_engine, session_scope, sessions
from registry.duties.tables import RosteredDuty, RosterVersion
from registry.people import Volunteer
from registry.programme import MADE_UP, Setting
from registry.rostering.drafts import make_draft

pytestmark = pytest.mark.browser
WEEK, ELSEWHERE = MONDAY.isoformat(), "https://qingzai.example"
BOARD = f"/board/{WEEK}/sites/s1"


class Week:
    """A small district whose summer is never over, behind a real server, with its messages in a file."""

    def __init__(self, url: str, folder: Path) -> None:
        self.engine, self.outbox, self.address, self.pictures = make_engine(url), folder / "outbox.jsonl", "", 0
        with session_scope(self.engine, is_writing=True) as session:
            district(session, SmallWorkbook(folder / "small.xlsx"))
            session.add(Setting(key=MADE_UP, value={"seed": 1}))
            account = session.get_one(Account, office(session).account_id)
            self.token = sign_in(session, account, device="office", address="")

    def edits(self) -> list[tuple[str, str]]:
        """Kind and reason of each edit of the board."""
        with session_scope(self.engine) as session:
            return [(e.kind, e.reason) for e in session.exec(select(BoardEdit).order_by(col(BoardEdit.revision)))]

    def versions(self) -> int:
        with session_scope(self.engine) as session:
            return len(session.exec(select(RosterVersion.id)).all())

    def duties_of(self, name: str) -> int:
        """How many duties of the version in force are somebody's."""
        with session_scope(self.engine) as session:
            who = session.exec(select(Volunteer.id).where(Volunteer.name == name)).one()
            return len(session.exec(select(RosteredDuty.id).where(RosteredDuty.volunteer_id == who)).all())

    def link(self, phone: str) -> str:
        """The address of the link in the newest message to a phone, on the test's server."""
        for _ in range(150):
            lines = self.outbox.read_text("utf-8").splitlines() if self.outbox.exists() else []
            texts = [json.loads(line)["text"] for line in lines if json.loads(line)["phone"] == phone]
            if texts and (found := re.search(rf"{ELSEWHERE}(/d/\S+)", texts[-1])):
                return self.address + found[1]
            time.sleep(0.1)
        raise AssertionError(lines)

    def open(self, browser: Any, *, width: int = 1440, signed: bool = True, **context: Any) -> Any:
        """A page of a browser of one's own."""
        made = browser.new_context(viewport={"width": width, "height": 900}, **context)
        made.set_default_timeout(60_000)
        made.add_cookies([{"name": "lang", "value": "zh", "url": self.address}])
        if signed:
            made.add_cookies([{"name": SESSION_COOKIE, "value": self.token, "url": self.address}])
        return made.new_page()

    def look(self, page: Any) -> None:
        """Keep a picture where wanted."""
        if folder := os.environ.get("QINGZAI_PICTURES"):
            self.pictures += 1
            page.screenshot(path=f"{folder}/week-{self.pictures:02d}.png", full_page=True)


@pytest.fixture
def week(sqlite_url: str, tmp_path: Path) -> Iterator[Week]:
    made = Week(sqlite_url, tmp_path)
    settings = Settings(sqlite_url, runs_jobs=True, sender=f"file:{made.outbox}", address=ELSEWHERE)
    with served(settings) as address:
        made.address = address
        yield made
    made.engine.dispose()


FIND = """async ([kind, outcome]) => {
  const grid = document.querySelector("[data-board]");
  for (const item of grid.querySelectorAll("[data-entry]")) {
    const answer = await fetch(grid.dataset.targets, {
      method: "POST", headers: {"Content-Type": "application/json"}, body: item.dataset.entry});
    for (const place of await answer.json())
      if (place.outcome === outcome && place.zone.startsWith(kind)
        && grid.querySelector(`[data-zone="${CSS.escape(place.zone)}"]`))
        return [item.dataset.entry, place.zone];
  }
  return null;
}"""
"""A piece and a zone on this page where it would come out as wanted."""


def piece(page: Any, entry: str) -> Any:
    return page.locator("[data-board] [data-entry]").and_(page.locator(f"[data-entry='{entry}']")).first


def middle(box: dict[str, float]) -> tuple[float, float]:
    return box["x"] + box["width"] / 2, box["y"] + min(box["height"] / 2, 24)


def drag_by_mouse(page: Any, kind: str, outcome: str) -> None:
    """Drag some piece to where it comes out so; while it is carried, the place says so."""
    entry, zone = page.evaluate(FIND, [kind, outcome])
    item, place = piece(page, entry), page.locator(f"[data-zone='{zone}']").first
    item.scroll_into_view_if_needed()
    page.mouse.move(*middle(item.bounding_box()))
    page.mouse.down()
    page.mouse.move(*middle(place.bounding_box()), steps=8)
    page.locator(f"[data-zone='{zone}'][data-outcome='{outcome}']").first.wait_for()
    page.mouse.move(*middle(place.bounding_box()))
    page.mouse.up()


def drag_by_finger(page: Any, kind: str, outcome: str) -> None:
    """The same by a long press of a finger."""
    entry, zone = page.evaluate(FIND, [kind, outcome])
    item, place = piece(page, entry), page.locator(f"[data-zone='{zone}']").first
    item.scroll_into_view_if_needed()
    finger = page.context.new_cdp_session(page)

    def touch(what: str, at: tuple[float, float] | None) -> None:
        points = [] if at is None else [{"x": at[0], "y": at[1]}]
        finger.send("Input.dispatchTouchEvent", {"type": what, "touchPoints": points})

    touch("touchStart", middle(item.bounding_box()))
    page.locator("[data-board].carrying").wait_for()
    page.locator(f"[data-zone='{zone}'][data-outcome='{outcome}']").first.wait_for()
    for _ in range(3):
        touch("touchMove", middle(place.bounding_box()))
    touch("touchEnd", None)


def wait_for_edits(week: Week, count: int) -> list[tuple[str, str]]:
    for _ in range(100):
        if len(found := week.edits()) >= count:
            return found
        time.sleep(0.1)
    raise AssertionError(week.edits())


def made_by_the_engine(week: Week, page: Any) -> None:
    page.goto(f"{week.address}/make/{WEEK}")
    page.get_by_label("算多久").select_option(index=0)
    week.look(page)
    page.get_by_role("button", name="开始排").click()
    week.look(page)
    page.get_by_role("button", name="放到排班台上打开").wait_for(timeout=120_000)
    week.look(page)
    page.get_by_role("button", name="放到排班台上打开").click()
    page.wait_for_url(f"**/board/{WEEK}**")
    week.look(page)


def published(week: Week, page: Any, version: int) -> None:
    page.goto(f"{week.address}/office/rosters/{WEEK}")
    week.look(page)
    page.locator("#board").get_by_role("button", name="发布，通知").click()
    page.wait_for_load_state()
    assert week.versions() == version


def test_a_week_is_made_changed_published_answered_and_repaired(week: Week, browser: Any) -> None:
    page = week.open(browser)
    made_by_the_engine(week, page)
    before = len(week.edits())
    page.goto(week.address + BOARD)
    drag_by_mouse(page, "slot", "works")
    assert len(wait_for_edits(week, before + 1)) == before + 1

    phone = week.open(browser, width=390, has_touch=True, is_mobile=True)
    phone.goto(week.address + BOARD)
    drag_by_finger(phone, "", "works")
    wait_for_edits(week, before + 2)
    week.look(phone)

    page.goto(week.address + BOARD)
    drag_by_mouse(page, "", "reason")  # against a rule that a written reason may set aside
    page.get_by_role("alert").get_by_label("理由").fill("家长都同意，当天有人陪")
    week.look(page)
    page.get_by_role("alert").get_by_role("button", name="写明理由").click()
    assert wait_for_edits(week, before + 3)[-1][1] == "家长都同意，当天有人陪"
    week.look(page)
    published(week, page, 1)

    volunteer = week.open(browser, width=390, signed=False)
    volunteer.goto(week.link(PHONES[WANG]))
    week.look(volunteer)
    volunteer.get_by_role("button", name="我来").click()
    assert volunteer.get_by_text("已记下：您会来").is_visible()
    volunteer.get_by_text("来不了 …").click()
    volunteer.get_by_label("为什么").select_option(index=0)
    volunteer.get_by_role("button", name="告诉负责人我来不了").click()
    assert volunteer.get_by_text("已告诉点位负责人").is_visible()
    week.look(volunteer)

    page.goto(f"{week.address}/board/{WEEK}/repairs?q={WANG}")
    week.look(page)
    page.get_by_role("button", name="计算修补方案").first.click()
    page.get_by_role("button", name="采用到排班台").wait_for(timeout=90_000)
    week.look(page)
    page.get_by_role("button", name="采用到排班台").click()
    page.get_by_text("已经在排班台上了").wait_for()
    published(week, page, 2)
    assert week.duties_of(WANG) == 0


def test_the_board_is_worked_by_keyboard_alone(week: Week, browser: Any) -> None:
    make_draft(sessions(week.engine, is_writing=True), MONDAY, seconds=2, workers=1)
    with session_scope(week.engine, is_writing=True) as session:
        open_board(session, MONDAY)
    page = week.open(browser)
    page.goto(week.address + BOARD)
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.matches('[data-stop]')"):
            break
    assert page.evaluate("document.activeElement.matches('[data-stop]')")
    for _ in range(12):  # by arrows to a piece
        if page.evaluate("Boolean(document.activeElement.dataset.entry)"):
            break
        page.keyboard.press("ArrowDown")
    page.keyboard.press("p")
    assert wait_for_edits(week, 1)[-1][0] == "pin"
    assert page.locator("[data-stop].pinned:focus").count() == 1  # one goes on where one was
    page.keyboard.press("p")
    assert wait_for_edits(week, 2)[-1][0] == "unpin"
    page.keyboard.press("m")
    page.locator("dialog[open]").wait_for()
    assert page.evaluate("document.querySelector('dialog').contains(document.activeElement)")
    week.look(page)
    page.keyboard.press("Escape")
    page.keyboard.press("Delete")  # nobody takes the place: the conflict may stand until the week is published
    page.wait_for_function("document.querySelector('[data-alert]') || document.querySelector('[data-last]')")
    wait_for_edits(week, 3)
    page.keyboard.press("u")
    assert wait_for_edits(week, 4)[-1][0] == "undo"
    week.look(page)
