"""Why, on the pages and in the interface: the same facts, in two languages, and nobody in them who is not cleared.

The small workbook's week has one class of 20 children and two carers, there on Monday only; both are cleared. Their
week is stored once more with a third one, who has time all week and no background check.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from asking import TestClient
from sqlmodel import select

from api.app import create_app
from api.settings import Settings
from registry.db import make_engine, session_scope
from registry.rostering.tables import RosterDraft

WEEK = "/weeks/2026-07-06"
API = "/api/v1/weeks/2026-07-06"
SECRET = ("李老师", "张同学", "王一", "赵不明", "v-unclear", "13800001001", "13800001002", "东街1号")


@pytest.fixture(scope="module")
def web(week_url: str) -> Iterator[TestClient]:
    """The week as it was made, and a newer one with somebody who is not cleared; the first is put back."""
    engine = make_engine(week_url)
    with session_scope(engine) as session:
        session.add(_with_somebody_uncleared(session.exec(select(RosterDraft)).one()))
    with TestClient(create_app(Settings(week_url))) as client:
        yield client
    with session_scope(engine) as session:
        session.delete(session.exec(select(RosterDraft).where(RosterDraft.seed == 99)).one())
    engine.dispose()


def _with_somebody_uncleared(draft: RosterDraft) -> RosterDraft:
    problem: dict[str, Any] = draft.problem_json
    one = problem["volunteers"][0]
    everything = {
        "available": [s["id"] for s in problem["segments"]],
        "roles": ["lead", "assistant", "instructor"],
        "courses": [k["id"] for k in problem["courses"]],
        "max_segments": 15,
        "reach_km": 99,
    }
    another = {**one, **everything, "id": "v-unclear", "name": "赵不明", "cleared": False, "adult": True}
    facts = draft.model_dump(exclude={"id", "seed", "problem_json"})
    return RosterDraft(**facts, seed=99, problem_json={**problem, "volunteers": [*problem["volunteers"], another]})


def asked_of(link: str) -> str:
    """The path of the interface for a link of a page: `…/c1/why?slot=1-1&volunteer=v1` asks about a slot and v1."""
    path, _, query = link.partition("?")
    place = [part.replace("=", "s/", 1) for part in query.split("&") if part]
    return "/api/v1" + "/".join([path.removesuffix("/why"), *place, "why"])


def places(web: TestClient) -> list[str]:
    """The question about each gap of the class, as the pages link to it."""
    page = web.get(WEEK + "/classes/c1").text
    return sorted(set(re.findall(rf'href="({WEEK}/classes/c1/why\?[^"]+)"', page)))


def test_every_gap_and_card_of_a_class_leads_to_its_why(web: TestClient) -> None:
    asked = {link.partition("?")[2].partition("=")[0] for link in places(web)}
    cells = web.get(API + "/classes/c1").json()["cells"]
    segments = {f"segment={cell['segment']}" for cell in cells}
    slots = {f"slot={line['slot']}" for cell in cells for line in cell["lessons"]}
    found = {link.partition("?")[2] for link in places(web)}
    assert asked == {"segment", "slot", "domain"}
    assert segments | slots <= found


@pytest.mark.parametrize("language", ["zh", "en"])
def test_no_explanation_tells_who_somebody_is(web: TestClient, language: str) -> None:
    for link in (*places(web), f"{WEEK}/volunteers/v1/why?"):
        for path in (f"{link}&lang={language}", f"{asked_of(link)}?lang={language}"):
            answer = web.get(path)
            assert (answer.status_code, [secret for secret in SECRET if secret in answer.text]) == (200, [])


def test_that_a_background_check_would_help_is_told_and_not_whose(web: TestClient) -> None:
    answer = web.get(API + "/classes/c1/segments/2-am/why", params={"lang": "en"}).json()
    lead = answer["wants"][0]
    assert (lead["kind"], lead["excluded_first"]["clearance"]) == ("lead", 1)
    change = next(c for c in lead["changes"] if c["kind"] == "clearance")
    assert change["parts"] == [{"kind": "clearance", "volunteer": None}]
    assert [d["volunteer"] for d in change["added"]["duties"]] == [""]
    assert "v-unclear" not in [c["volunteer"] for c in lead["nearest"]]
    assert any("A volunteer gets a background check" in text for text in answer["said"])


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("zh", "看过 3 名志愿者；每人只算在第一个原因下："),
        ("en", "Of 3 volunteers, each counted under the first reason:"),
    ],
)
def test_a_page_says_what_the_interface_says(web: TestClient, language: str, said: str) -> None:
    params = {"segment": "2-am", "lang": language}
    spoken = web.get(API + "/classes/c1/segments/2-am/why", params={"lang": language}).json()["said"]
    page = web.get(WEEK + "/classes/c1/why", params=params).text
    assert said in spoken
    assert said in page
    assert spoken[0] in page


def test_why_somebody_is_there(web: TestClient) -> None:
    duty = web.get(API + "/classes/c1").json()["cells"][0]["people"][0]
    answer = web.get(f"{API}/classes/c1/segments/1-am/volunteers/{duty['id']}/why").json()
    assert [held["entry"]["volunteer"] for held in answer["held"]] == [duty["id"]]
    assert answer["held"][0]["cost_without"]["safety"] > 0
    page = web.get(WEEK + "/classes/c1/why", params={"segment": "1-am", "volunteer": duty["id"], "lang": "en"}).text
    assert f"Why {duty['name']}, or why not" in page


def test_why_somebody_gives_no_lesson_of_a_domain(web: TestClient) -> None:
    params = {"domain": "aesthetic", "volunteer": "v1", "lang": "en"}
    answer = web.get(API + "/classes/c1/domains/aesthetic/volunteers/v1/why").json()
    assert (answer["place"]["kind"], len(answer["candidacies"]) > 0) == ("domain", True)
    assert web.get(WEEK + "/classes/c1/why", params=params).status_code == 200


def test_somebody_can_be_looked_for(web: TestClient) -> None:
    page = web.get(WEEK + "/classes/c1/why", params={"segment": "2-am", "q": "v1"}).text
    assert f'href="{WEEK}/classes/c1/why?segment=2-am&amp;volunteer=v1"' in page
    nobody = web.get(WEEK + "/classes/c1/why", params={"segment": "2-am", "q": "v-unclear", "lang": "en"}).text
    assert ("Nobody was found." in nobody, "volunteer=v-unclear" in nobody) == (True, False)


def test_a_persons_week(web: TestClient) -> None:
    answer = web.get(API + "/volunteers/v1/why", params={"lang": "en"}).json()
    assert answer["person"]["engaged"] == len(
        {held["entry"].get("segment") for held in answer["person"]["held"]} - {None}
    )
    card = web.get(WEEK + "/volunteers/v1").text
    assert f'href="{WEEK}/volunteers/v1/why#d1-c1"' in card
    assert 'id="d1-c1"' in web.get(WEEK + "/volunteers/v1/why").text


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("/classes/c1/why?segment=9-am", 404, "place_unknown"),
        ("/classes/c1/why?domain=sport", 404, "place_unknown"),
        ("/classes/c9/why?segment=1-am", 404, "class_unknown"),
        ("/classes/c1/why?segment=1-am&volunteer=v9", 404, "volunteer_unknown"),
        ("/classes/c1/why?segment=1-am&volunteer=v-unclear", 404, "volunteer_unknown"),
        ("/volunteers/v-unclear/why?", 404, "volunteer_unknown"),
    ],
)
def test_what_is_not_there_is_said_in_the_one_shape(web: TestClient, path: str, status: int, code: str) -> None:
    answer = web.get(asked_of(WEEK + path))
    assert (answer.status_code, answer.json()["error"]["code"]) == (status, code)
    page = web.get(WEEK + path)
    assert (page.status_code, page.headers["content-type"]) == (status, "text/html; charset=utf-8")


@pytest.mark.parametrize("query", ["", "?segment=1-am&slot=1-1", "?volunteer=v1"])
def test_a_page_about_no_place_says_what_to_ask(web: TestClient, query: str) -> None:
    page = web.get(f"{WEEK}/classes/c1/why{query}", headers={"cookie": "lang=en"})
    assert (page.status_code, "one of segment, slot and domain" in page.text) == (422, True)
