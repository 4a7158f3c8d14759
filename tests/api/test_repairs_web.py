"""Repairs in a browser without scripts and over the interface: reported, worked out, looked at, taken, undone."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from asking import TestClient
from board_routes import WEEK, a_board
from everybody import COORDINATOR, OFFICE, World
from longwork import wait_for
from mended import work_out

from api.app import create_app
from api.deps import SESSION_COOKIE
from api.jobs import Runner
from api.settings import Settings
from registry.board.boards import the_board
from registry.db import make_engine, session_scope, sessions

API, PAGE = f"/api/v1/boards/{WEEK}/repairs", f"/board/{WEEK}/repairs"
LEAD = {"volunteer": "v1", "class": "c1", "segment": "1-am", "role": "lead"}


@pytest.fixture
def world(sqlite_url: str) -> Iterator[World]:
    """The board of the small week with the site's own class alone, which v1 leads on Monday morning."""
    engine = make_engine(sqlite_url)
    made = World(engine)
    a_board(made, COORDINATOR)
    with session_scope(engine) as session:
        board = the_board(session, WEEK)
        own = [c for c in board.problem_json["classes"] if c["id"] == "c1"]
        board.problem_json = {**board.problem_json, "classes": own}
        board.roster_json = {**board.roster_json, "duties": [LEAD]}
    yield made
    engine.dispose()


@pytest.fixture
def web(world: World, sqlite_url: str) -> Iterator[TestClient]:
    """The site's coordinator in a browser."""
    app = create_app(Settings(sqlite_url))
    with TestClient(app, headers={"Origin": "http://testserver"}) as opened:
        opened.cookies.set(SESSION_COOKIE, world.cookies[COORDINATOR])
        yield opened


def test_an_absence_becomes_a_change_on_the_board(web: TestClient, world: World) -> None:
    found = web.get(PAGE, params={"q": "v1"}).text
    names = re.findall(r'name="of" value="(v\d+)"', found)
    assert names == ["v1"]
    waiting = web.post(PAGE, data={"kind": "absent", "of": "v1", "first": "1", "last": "2"})
    assert (waiting.status_code, 'http-equiv="refresh"' in waiting.text, "排队中" in waiting.text) == (200, True, True)
    work_out(sessions(world.engine))
    page = str(waiting.url.path)
    shown = web.get(page).text
    assert ("来不了）" in shown, "已证明不能更少" in shown, "http-equiv" in shown) == (True, True, False)
    taken = web.post(f"{page}/accept")
    assert (taken.status_code, "已经在排班台上了" in taken.text) == (200, True)
    with session_scope(world.engine) as session:
        board = the_board(session, WEEK)
        assert (board.revision, LEAD in board.roster_json["duties"]) == (1, False)
    assert "这个方案已经有人处理过了" in web.post(f"{page}/accept").text
    web.post(f"/api/v1/boards/{WEEK}/undo")
    with session_scope(world.engine) as session:
        board = the_board(session, WEEK)
        me = next(v for v in board.problem_json["volunteers"] if v["id"] == "v1")
        assert (LEAD in board.roster_json["duties"], "1-am" in me["available"]) == (True, True)
    again = web.get(page).text
    assert ("等您决定" in again, "采用到排班台" in again) == (True, True)
    assert "已经在排班台上了" in web.post(f"{page}/accept").text


def test_what_makes_no_sense_is_said_beside_the_form(web: TestClient) -> None:
    turned = web.post(PAGE, data={"kind": "absent", "of": "v1", "first": "2", "last": "1"})
    assert (turned.status_code, "先后不要颠倒" in turned.text) == (422, True)
    nobody = web.post(API, json={"causes": [{"kind": "closed", "of": "c99", "first": 1, "last": 1}]})
    assert nobody.status_code == 403
    assert web.post(API, json={"causes": []}).status_code == 422
    assert web.get(f"{API}/999").json()["error"]["code"] == "repair_unknown"


def test_the_interface_tells_the_same_and_a_queued_one_is_put_aside(web: TestClient, world: World) -> None:
    absent = {"causes": [{"kind": "absent", "of": "v1", "first": 1, "last": 1}]}
    number = web.post(API, json=absent).json()["id"]
    assert web.post(f"{API}/{number}/stop").json()["status"] == "dropped"
    number = web.post(API, json=absent).json()["id"]
    work_out(sessions(world.engine))
    seen = web.get(f"{API}/{number}").json()
    away = next(p for p in seen["people"] if p["volunteer"] == "v1")
    assert (away["is_disturbed"], [line["why"] for line in away["gone"]]) == (False, ["away"])
    assert seen["progress"]["cost"]["people"] >= seen["levels"][2]["bound"]
    assert [level["name"] for level in seen["levels"]] == ["safety", "programme", "people", "changes", "quality"]
    assert [(one["id"], one["status"]) for one in web.get(API).json()] == [(number, "done"), (number - 1, "dropped")]
    assert web.post(f"{API}/{number}/stop").status_code == 409
    done = web.post(f"{API}/{number}/accept").json()
    assert done.get("status") == "accepted", done


def test_heat_is_the_offices_to_report_and_another_process_works_it_out(
    web: TestClient, world: World, sqlite_url: str
) -> None:
    heat = {"causes": [{"kind": "heat", "first": 1, "last": 1}]}
    assert ("高温预警" in web.get(PAGE).text, web.post(API, json=heat).status_code) == (False, 403)
    web.cookies.set(SESSION_COOKIE, world.cookies[OFFICE])
    assert "高温预警" in web.get(PAGE).text
    number = web.post(API, json=heat).json()["id"]
    runner = Runner(sqlite_url)
    runner.start()
    wait_for(lambda: web.get(f"{API}/{number}").json()["status"] not in ("queued", "solving"))
    runner.stop()
    assert web.get(f"{API}/{number}").json()["status"] == "done"
    assert "等您决定" in web.get(f"{PAGE}/{number}", params={"lang": "zh"}).text
