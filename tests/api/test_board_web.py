"""The board in a browser without scripts and over the interface: a change, a refusal with its reason, an override."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta

import pytest
from asking import TestClient
from board_routes import DUTY, WEEK, a_board
from everybody import COORDINATOR, ELSEWHERE, World

from api.app import create_app
from api.deps import SESSION_COOKIE
from api.settings import Settings
from registry import clock
from registry.board.boards import the_board
from registry.db import make_engine, session_scope
from registry.duties.answer_tables import Absence

API, PAGE = f"/api/v1/boards/{WEEK}", f"/board/{WEEK}"


@pytest.fixture
def world(sqlite_url: str) -> Iterator[World]:
    engine = make_engine(sqlite_url)
    made = World(engine)
    a_board(made, COORDINATOR)
    yield made
    engine.dispose()


@pytest.fixture
def web(world: World, sqlite_url: str) -> Iterator[TestClient]:
    """The site's coordinator in a browser."""
    app = create_app(Settings(sqlite_url))
    with TestClient(app, headers={"Origin": "http://testserver"}, follow_redirects=False) as opened:
        opened.cookies.set(SESSION_COOKIE, world.cookies[COORDINATOR])
        yield opened


def limit(world: World, **facts: object) -> None:
    """Change what the board's problem says of v1. The board is a new one for whoever has kept it."""
    with session_scope(world.engine) as session:
        board = the_board(session, WEEK)
        rows = [{**v, **facts} if v["id"] == "v1" else v for v in board.problem_json["volunteers"]]
        board.problem_json, board.changed_at = (
            {**board.problem_json, "volunteers": rows},
            board.changed_at.replace(microsecond=(board.changed_at.microsecond + 1) % 1_000_000),
        )


def test_a_change_is_told_before_it_is_made_and_can_be_undone(web: TestClient) -> None:
    change = {"kind": "add", "entry": DUTY, "revision": 0}
    told = web.post(f"{API}/effect", json=change).json()
    made = web.post(f"{API}/edits", json=change).json()
    assert told | {"revision": 1} == made
    assert (made["revision"], made["safety"] < 0, made["rules"]) == (1, True, [])
    assert web.get(API).json()["revision"] == 1
    assert web.post(f"{API}/undo").json()["safety"] == -made["safety"]


def test_a_rule_is_overridden_with_a_written_reason_on_the_page(web: TestClient, world: World) -> None:
    limit(world, max_segments=0)
    form = {"kind": "add", "entry": '{"volunteer": "v1", "class": "c1", "segment": "1-am", "role": "lead"}',
            "revision": "0"}  # fmt: skip
    page = f"{PAGE}/sites/s1"
    asked = web.post(f"{page}/edits", data=form)
    assert (asked.status_code, "这样会违反：时段已排满。要放宽，请写明理由" in asked.text) == (422, True)
    assert web.post(f"{page}/edits", data={**form, "reason": "本人同意加班"}).status_code == 303
    shown = web.get(page, params={"lang": "en"}).text
    assert "has as many segments as they accept · overridden" in shown
    edits = web.get(API).json()["edits"]
    assert [(e["waived"], e["reason"]) for e in edits] == [("load", "本人同意加班")]


def test_a_rule_that_allows_no_override_stands(web: TestClient, world: World) -> None:
    limit(world, cleared=False)
    answer = web.post(f"{API}/edits", json={"kind": "add", "entry": DUTY, "revision": 0, "reason": "很急"})
    assert (answer.status_code, answer.json()["error"]["code"]) == (422, "rules_stand")
    where = web.post(f"{API}/sites/s1/targets", json=DUTY).json()
    assert where and all(("clearance" in p["rules"], p["outcome"]) == (True, "never") for p in where)


def test_the_coordinator_of_another_site_is_refused(web: TestClient, world: World) -> None:
    web.cookies.set(SESSION_COOKIE, world.cookies[ELSEWHERE])
    assert web.post(f"{API}/edits", json={"kind": "add", "entry": DUTY, "revision": 0}).status_code == 403
    assert web.get(f"{PAGE}/sites/s1").status_code == 403


def test_a_what_if_is_stacked_seen_and_applied_on_the_page_and_in_the_interface(web: TestClient) -> None:
    site, form = f"{PAGE}/sites/s1", {"kind": "add", "entry": json.dumps(DUTY), "revision": "0"}
    assert web.post(f"{PAGE}/trial", data={"do": "begin", "back": site}).headers["location"] == site
    assert web.post(f"{site}/edits", data=form).status_code == 303
    told = web.get(f"{API}/trial").json()
    assert (len(told["changes"]), told["safety"] < 0, told["stuck"]) == (1, True, None)
    page = web.get(site).text
    assert "正在试排" in page and "照此改动" in page
    assert web.get(API).json()["revision"] == 0
    [made] = web.post(f"{API}/trial/apply", json={"revision": 0}).json()
    assert (made["revision"], made["safety"]) == (1, told["safety"])
    assert web.get(f"{API}/trial").json()["error"]["code"] == "trial_unknown"


def test_a_conflict_is_asked_about_stands_and_is_listed(web: TestClient, world: World) -> None:
    limit(world, available=[])
    site, form = f"{PAGE}/sites/s1", {"kind": "add", "entry": json.dumps(DUTY), "revision": "0"}
    asked = web.post(f"{site}/edits", data=form)
    assert (asked.status_code, "先这样放着，标为冲突" in asked.text) == (422, True)
    assert web.post(f"{site}/edits", data={**form, "let_stand": "1"}).status_code == 303
    [found] = web.get(f"{API}/conflicts").json()
    assert (found["rule"], found["entries"], found["can_override"]) == ("availability", [DUTY], False)
    [done] = web.get(f"{API}/history").json()
    assert (done["kind"], done["is_undone"], done["cost_json"]["safety"] < 0) == ("add", False, True)


@pytest.mark.parametrize("wrong", ["{", '"x"', "[]", "7"])
def test_nonsense_in_place_of_an_entry_is_told(web: TestClient, wrong: str) -> None:
    assert web.get(f"{PAGE}/sites/s1/moves", params={"entry": wrong}).status_code == 422
    assert web.post(f"{PAGE}/sites/s1/edits", data={"kind": "add", "entry": wrong, "revision": "0"}).status_code == 422
    assert web.get(f"{API}/sites/s1/by/weather").status_code == 404
    assert web.get(API).json()["revision"] == 0


def test_the_cheapest_fix_is_a_button(web: TestClient) -> None:
    """On the page and in the interface, on the board and in a what-if, with a reason where one is needed."""
    place = f"{PAGE}/sites/s1/cells/c1/1-am/fix"
    page = web.get(place).text
    assert page.count('name="kind" value="fix"') == page.count('name="trial" value="1"') > 0
    [want, *_] = web.get(f"{API}/classes/c1/segments/1-am/fix").json()["wants"]
    ways = [way for way in want["fixes"] if way["outcome"] == "works"]
    assert (len(want["fixes"]), ways[0]["rules"]) == (len(want["changes"]), [])
    change = ways[0]["change"]
    told = web.post(f"{API}/effect", json={**change, "revision": 0}).json()
    assert (told["outcome"], told["safety"] < 0) == ("works", True)
    form = {"kind": "fix", "gone": json.dumps(change["gone"]), "come": json.dumps(change["come"]), "revision": "0"}
    assert web.post(f"{PAGE}/sites/s1/edits", data={**form, "trial": "1"}).status_code == 303
    assert (web.get(f"{API}/trial").json()["safety"], web.get(API).json()["revision"]) == (told["safety"], 0)
    web.post(f"{API}/trial/drop")
    assert web.post(f"{PAGE}/sites/s1/edits", data=form).status_code == 303
    [done] = web.get(f"{API}/history").json()
    assert (done["kind"], done["change_json"]["added"]) == ("fix", change["come"])
    again = web.post(f"{PAGE}/sites/s1/edits", data={**form, "revision": "1"})
    assert (again.status_code, "已经" in again.text) == (422, True)


def test_who_has_said_that_they_cannot_come_is_marked_on_the_board(world: World, web: TestClient) -> None:
    site, form = f"{PAGE}/sites/s1", {"kind": "add", "entry": json.dumps(DUTY), "revision": "0"}
    assert web.post(f"{site}/edits", data=form).status_code == 303
    assert "说了来不了" not in web.get(site).text
    weekday, part = DUTY["segment"].split("-")
    with session_scope(world.engine) as session:
        session.add(
            Absence(
                volunteer_id=int(DUTY["volunteer"][1:]), day=WEEK + timedelta(days=int(weekday) - 1), part=part,
                reason="ill", source="page", reported_at=clock.now(),
            )
        )  # fmt: skip
    page = web.get(site).text
    assert page.count("来不了</span>") == 1
    assert "说了来不了" in page
    assert f'href="{PAGE}/repairs"' in page
