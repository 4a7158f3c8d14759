"""Making a week in a real browser: it is watched without loading the page again, stopped, and opened on the board."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from longwork import ROOT
from served import served
from sqlmodel import select
from town import office

from api.access import SESSION_COOKIE
from api.settings import Settings
from registry import clock
from registry.accounts.sessions import sign_in
from registry.accounts.tables import Account
from registry.board.boards import the_board
from registry.db import make_engine, session_scope
from registry.programme import MADE_UP, Setting
from registry.rostering.tables import RosterDraft
from registry.tasks.queue import enqueue

pytestmark = pytest.mark.browser
WEEK = "2026-07-13"


@pytest.fixture
def desk(sqlite_url: str) -> Iterator[tuple[str, str]]:
    """A server with its runner, a town's solve of many minutes in its queue, and the token of the office."""
    engine = make_engine(sqlite_url)
    problem = json.loads((ROOT / "tests" / "data" / "town-week.json").read_text(encoding="utf-8"))
    with session_scope(engine) as session:
        session.add(Setting(key=MADE_UP, value={"seed": 1}))  # its week is never over
        actor = office(session)
        token = sign_in(session, session.get_one(Account, actor.account_id), device="", address="")
        made = RosterDraft(
            week=date.fromisoformat(WEEK), seed=1, workers=1, seconds=900, version="x", problem_json=problem,
            created_at=clock.now(), made_by=actor.account_id,
        )  # fmt: skip
        session.add(made)
        session.flush()
        enqueue(session, "roster", f"{WEEK}/district", {"draft": made.id})
    with served(Settings(sqlite_url, runs_jobs=True)) as address:
        yield address, token
    with session_scope(engine) as session:
        [done], board = session.exec(select(RosterDraft)).all(), the_board(session, date.fromisoformat(WEEK))
        assert (done.status, done.roster_json is not None) == ("done", True)
        assert board.roster_json == {k: v for k, v in (done.roster_json or {}).items() if k != "result"}
    engine.dispose()


def page_of(browser: Any, desk: tuple[str, str], *, width: int, scripts: bool) -> Any:
    """A page of the office."""
    address, token = desk
    context = browser.new_context(viewport={"width": width, "height": 900}, java_script_enabled=scripts)
    context.add_cookies([{"name": SESSION_COOKIE, "value": token, "url": address}])
    return context.new_page()


def test_a_solve_is_watched_stopped_and_opened_on_the_board(browser: Any, desk: tuple[str, str]) -> None:
    page, plain = page_of(browser, desk, width=390, scripts=True), page_of(browser, desk, width=390, scripts=False)
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(f"{desk[0]}/make/drafts/1")
    page.evaluate("window.isStillHere = true")
    page.wait_for_selector(".making .chart", timeout=60_000)
    page.focus("#stop button")
    before = page.locator("#state").inner_text()
    page.wait_for_function("text => document.getElementById('state').innerText !== text", arg=before)
    kept = page.evaluate("[window.isStillHere, document.activeElement.closest('form').id]")
    assert kept == [True, "stop"]  # the page was not loaded again, and nobody lost their place in it
    plain.goto(f"{desk[0]}/make/drafts/1")
    told = plain.locator("#state").inner_text()
    plain.wait_for_timeout(7_000)
    assert plain.locator("#state").inner_text() != told  # without scripts it loads itself again
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.click("#stop button")
    page.get_by_role("button", name="放到排班台上打开").click(timeout=60_000)
    page.wait_for_url(f"{desk[0]}/board/{WEEK}")
    assert errors == []
