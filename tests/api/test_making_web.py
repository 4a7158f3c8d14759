"""Making a week in a browser without scripts and over the interface; its progress is told while somebody works."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from asking import TestClient
from sqlmodel import Session, select
from town import office
from workbooks import SmallWorkbook

from api.access import SESSION_COOKIE
from api.app import create_app
from api.settings import Settings
from api.speak.language import Language
from api.speak.web import refusal
from registry.accounts.sessions import sign_in
from registry.accounts.tables import Account, Role
from registry.board.boards import the_board
from registry.db import Sessions, make_engine, sessions
from registry.exchange import import_workbook
from registry.programme import Site
from registry.rostering.tables import RosterDraft
from registry.tasks.kinds import KINDS
from registry.tasks.leases import renew, take
from registry.tasks.queue import waiting
from registry.tasks.tables import Task
from registry.tasks.work import perform

API, PAGE = "/api/v1/making", "/make"
WEEK = date(2026, 7, 6)
COSTS = [{"safety": 9, "programme": 40, "quality": 900}, {"safety": 2, "programme": 30, "quality": 950}]
BOUND = {"safety": 1, "programme": 30, "quality": 0}


@dataclass
class Desk:
    """A browser and the database behind it."""

    web: TestClient
    opened: Sessions
    cookies: dict[Role, str]
    site: int

    def be(self, role: Role) -> None:
        self.web.cookies.clear()
        self.web.cookies.set(SESSION_COOKIE, self.cookies[role])

    def task(self) -> Task:
        with self.opened() as session:
            return session.exec(select(Task)).one()

    def work(self) -> None:
        """Do what waits, with no more time than it takes."""
        with self.opened() as session:
            for draft in session.exec(select(RosterDraft).where(RosterDraft.status == "queued")):
                draft.seconds = 0.5
            numbers = waiting(session)
        assert [perform(self.opened, KINDS, number, "a worker") for number in numbers] == [True] * len(numbers)

    def solving(self, costs: list[dict[str, int]]) -> None:
        """Somebody works on it and has told this."""
        number = self.task().id or 0
        take(self.opened, number, "a worker")
        points = [{"seconds": n + 1.0, "cost": cost, "bound": BOUND} for n, cost in enumerate(costs)]
        told = {**points[-1], "phase": "fill", "of": 60.0, "history": points}
        renew(self.opened, number, "a worker", told)


@pytest.fixture
def desk(sqlite_url: str, small: SmallWorkbook, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    """The small district in June."""
    monkeypatch.setattr("registry.making.solving.LEAST_SECONDS", 0.5)
    engine = make_engine(sqlite_url)
    opened = sessions(engine, is_writing=True)
    with opened() as session:
        import_workbook(session, small.write())
        east = session.exec(select(Site.id).order_by(Site.id)).first() or 0
        cookies = {role: _signed_in(session, role, east) for role in (Role.DISTRICT_OFFICE, Role.SITE_COORDINATOR)}
    app = create_app(Settings(sqlite_url))
    with TestClient(app, headers={"Origin": "http://testserver"}, follow_redirects=False) as web:
        made = Desk(web, opened, cookies, east)
        made.be(Role.DISTRICT_OFFICE)
        monkeypatch.setattr("registry.clock.today", lambda: date(2026, 6, 20))
        yield made
    engine.dispose()


def _signed_in(session: Session, role: Role, site: int) -> str:
    actor = office(session, role, site if role == Role.SITE_COORDINATOR else None)
    return sign_in(session, session.get_one(Account, actor.account_id), device="", address="")


def test_a_week_is_made_watched_and_opened_on_the_board(desk: Desk) -> None:
    assert f'href="{PAGE}/{WEEK}"' in desk.web.get(PAGE).text
    begun = desk.web.post(f"{PAGE}/{WEEK}", data={"site": "", "seconds": "60"})
    page = begun.headers["location"]
    assert (begun.status_code, page) == (303, f"{PAGE}/drafts/1")
    assert "马上开始" in desk.web.get(page).text
    desk.solving(COSTS)
    shown = desk.web.get(page, params={"lang": "en"}).text
    assert "About 58 seconds left." in shown
    assert '<noscript><meta http-equiv="refresh" content="3"></noscript>' in shown
    assert re.findall(r'class="first">(\d+) <small>([^<]*)<', shown) == [
        ("2", "gaps · cannot go below 1"), ("30", "gaps · proven: cannot be fewer"), ("950", "points · no bound yet")
    ]  # fmt: skip
    assert "From 9 down to 2; the bound from 1 up to 1" in shown
    with desk.opened() as session:
        session.get_one(Task, 1).status = "queued"
    desk.work()
    done = desk.web.get(page).text
    assert ("refresh" in done, "Open on the board" in done) == (False, True)
    assert desk.web.post(f"{page}/board").headers["location"] == f"/board/{WEEK}"
    with desk.opened() as session:
        assert len(the_board(session, WEEK).roster_json["duties"]) > 0


def test_that_nobody_begins_is_told(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("registry.making.live.TOO_LONG", 3600)
    desk.web.post(f"{PAGE}/{WEEK}", data={"site": "", "seconds": "60"})
    assert desk.web.get(f"{API}/drafts/1").json()["is_stuck"] is False
    with desk.opened() as session:
        session.get_one(Task, 1).queued_at -= timedelta(seconds=3601)
    assert desk.web.get(f"{API}/drafts/1").json()["is_stuck"] is True
    assert "请管理员看看 serve 或 worker 是不是在运行" in desk.web.get(f"{PAGE}/drafts/1").text


def test_the_chart_falls_in_steps(desk: Desk) -> None:
    """The highest cost, 9, is at the top (4), the lowest bound, 1, at the bottom (56); 2 seconds are 240 wide."""
    desk.web.post(f"{PAGE}/{WEEK}", data={"site": "", "seconds": "60"})
    desk.solving(COSTS)
    lines = re.findall(r'<polyline class="(\w+)" points="([^"]+)"', desk.web.get(f"{PAGE}/drafts/1").text)
    assert lines[:2] == [
        ("bound", "120.0,56.0 240.0,56.0 240.0,56.0"),
        ("cost", "120.0,4.0 240.0,4.0 240.0,49.5 240.0,49.5"),
    ]


def test_without_a_bound_none_is_drawn(desk: Desk) -> None:
    """Nothing is proven of safety yet; the programme costs nothing, which none can undercut."""
    desk.web.post(f"{PAGE}/{WEEK}", data={"site": "", "seconds": "60"})
    nothing = {"safety": 0, "programme": 0, "quality": 0}
    point = {"seconds": 1.0, "cost": {**nothing, "safety": 9, "quality": 900}, "bound": nothing}
    take(desk.opened, desk.task().id or 0, "a worker")
    renew(desk.opened, desk.task().id or 0, "a worker", {**point, "phase": "fill", "of": 60.0, "history": [point]})
    page = desk.web.get(f"{PAGE}/drafts/1").text
    assert re.findall(r'<polyline class="(\w+)"', page) == ["cost", "bound", "cost", "cost"]
    assert page.count("9 降到 9；下限还没有算出") == 1


def test_the_stop_button_says_that_it_was_heard(desk: Desk) -> None:
    desk.web.post(f"{PAGE}/{WEEK}", data={"site": "", "seconds": "60"})
    desk.solving(COSTS)
    before = re.search(r"<button class=\"second\"[^>]*>[^<]*", desk.web.get(f"{PAGE}/drafts/1").text)
    assert desk.web.post(f"{PAGE}/drafts/1/stop").status_code == 303
    after = re.search(r"<button class=\"second\"[^>]*>[^<]*", desk.web.get(f"{PAGE}/drafts/1").text)
    assert before and after
    assert before[0].endswith("停下，用目前最好的") and "disabled" not in before[0]
    assert after[0].endswith(" disabled>正在停下……")


def test_the_interface_tells_the_same(desk: Desk) -> None:
    queued = desk.web.post(f"{API}/{WEEK}", json={"seconds": 60})
    again = desk.web.post(f"{API}/{WEEK}", json={"seconds": 5})
    assert (queued.status_code, again.status_code, queued.json()["draft"], again.json()["draft"]) == (202, 200, 1, 1)
    desk.solving(COSTS)
    told = desk.web.get(f"{API}/drafts/1").json()
    assert {k: told[k] for k in ("state", "is_open", "seconds", "left", "attempts", "phase")} == {
        "state": "solving", "is_open": True, "seconds": 2.0, "left": 58, "attempts": 1, "phase": "fill"
    }  # fmt: skip
    assert told["levels"][0] == {
        "name": "safety", "cost": 2, "bound": 1, "is_proven": False, "costs": [[1.0, 9], [2.0, 2], [2.0, 2]],
        "bounds": [[1.0, 1], [2.0, 1], [2.0, 1]],
    }  # fmt: skip
    assert desk.web.post(f"{API}/drafts/1/stop").json()["state"] == "stopping"
    assert desk.task().stop_asked_at is not None
    assert desk.web.post(f"{API}/drafts/1/board").json()["error"]["code"] == "draft_not_done"
    week = desk.web.get(f"{API}/{WEEK}").json()
    assert (week["may_make_all"], [s["draft"] for s in week["solves"]]) == (True, [1])


def test_stop_and_again_on_the_page(desk: Desk) -> None:
    desk.web.post(f"{PAGE}/{WEEK}", data={"site": str(desk.site), "seconds": "60"})
    desk.web.post(f"{PAGE}/drafts/1/stop")
    assert "还没有开始就停下了，所以没有班表" in desk.web.get(f"{PAGE}/drafts/1").text
    assert desk.web.post(f"{PAGE}/drafts/1/stop").status_code == 303  # it has ended: nothing to do
    assert desk.web.post(f"{PAGE}/drafts/1/again").headers["location"] == f"{PAGE}/drafts/2"
    with desk.opened() as session:
        assert session.get_one(RosterDraft, 2).scope_json == [f"s{desk.site}"]


def test_a_coordinator_has_the_own_site_to_choose(desk: Desk) -> None:
    desk.be(Role.SITE_COORDINATOR)
    page = desk.web.get(f"{PAGE}/{WEEK}").text
    assert re.findall(r'<option value="(\d*)"', page.partition('name="seconds"')[0]) == [str(desk.site)]
    assert desk.web.post(f"{PAGE}/{WEEK}", data={"site": "", "seconds": "60"}).status_code == 403
    assert desk.web.post(f"{API}/{WEEK}", json={"sites": [desk.site + 1]}).status_code == 403
    assert desk.web.post(f"{API}/{WEEK}", json={"sites": [desk.site]}).status_code == 202


@pytest.mark.parametrize(
    ("form", "status", "said"),
    [
        ({"site": "", "seconds": "1"}, 422, "秒数应为 5 到 3600"),
        ({"site": "", "seconds": "x"}, 422, "秒数应为 5 到 3600"),
        ({"site": "999", "seconds": "60"}, 404, "没有这个点位"),
        ({"site": "x", "seconds": "60"}, 404, "没有这个点位"),
    ],
)
def test_what_is_filled_in_wrongly_is_told(desk: Desk, form: dict[str, str], status: int, said: str) -> None:
    answer = desk.web.post(f"{PAGE}/{WEEK}", data=form)
    assert (answer.status_code, said in answer.text) == (status, True)
    with desk.opened() as session:
        assert session.exec(select(Task)).all() == []


def test_a_week_without_classes_says_so(desk: Desk) -> None:
    empty = "2026-08-03"
    assert "这一周没有您可以排的" in desk.web.get(f"{PAGE}/{empty}").text
    refused: dict[str, Any] = desk.web.post(f"{API}/{empty}", json={}).json()
    assert refused["error"]["code"] == "week_empty"
    assert refused["error"]["message"].startswith("2026-08-03 这一周没有一个有学生的班。已有期次：")
    said = "2026-08-03 这一周没有一个有学生的班"
    assert said in desk.web.post(f"{PAGE}/{empty}", data={"site": "", "seconds": "60"}).text


@pytest.mark.parametrize("language", ["zh", "en"])
def test_whatever_keeps_a_week_from_being_rostered_has_a_sentence(language: Language) -> None:
    facts = {"week": "2026-08-03", "terms": [("一期", "2026-07-13", "2026-07-17")], "classes": ["c1"]}
    for code in ("week_empty", "no_class_runs", "no_volunteers", "class_without_slots", "week_not_monday"):
        said = refusal(code, {**facts, "day": "2026-08-04", "monday": "2026-08-03"}, language)
        assert not said.startswith(code) and "--week" not in said, said


def test_the_script_asks_the_address_that_the_page_names(desk: Desk) -> None:
    """The page works without it; it needs these three names."""
    desk.web.post(f"{PAGE}/{WEEK}", data={"site": "", "seconds": "60"})
    page = desk.web.get(f"{PAGE}/drafts/1").text
    script = (Path(__file__).parents[2] / "api" / "static" / "make.js").read_text(encoding="utf-8")
    assert f'id="live" data-open data-api="{API}/drafts/1"' in page
    assert all(name in script for name in ("live", "dataset.api", "#stop button"))
