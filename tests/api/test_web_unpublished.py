"""Only what is published is for everybody: drafts and older versions are for staff, on pages and in the interface."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient
from published import LI, MONDAY, WANG, ZHANG, duty, put
from published_web import Published
from sqlmodel import Session, select
from town import office
from visits import HERE
from workbooks import SmallWorkbook

from api.app import create_app
from api.settings import Settings
from registry import clock
from registry.db import make_engine, session_scope
from registry.engine.rosters import costed
from registry.exchange import import_workbook
from registry.programme import Term
from registry.rostering.build import problem_for_week
from registry.rostering.tables import RosterDraft

WEEK, NEXT = MONDAY.isoformat(), (MONDAY + timedelta(days=7)).isoformat()
BELOW = ("", "/classes", "/classes/c1", "/classes/c1/why?segment=1-am", "/volunteers", "/volunteers/v1", "/sites")
API = ("", "/gaps", "/classes", "/classes/c1", "/district.pdf", "/week.xlsx", "/volunteers/v1/why")


def draft(session: Session, monday: date, *rows: dict[str, Any], scope: list[str] | None = None) -> int:
    """A finished draft with these duties."""
    problem, now = problem_for_week(session, monday), clock.now()
    roster = costed(problem, {"format": "qingzai.roster/1", "duties": list(rows), "lessons": []}, 1)
    made = RosterDraft(
        week=monday, status="done", seed=1, workers=1, seconds=1, version="x", problem_json=problem, roster_json=roster,
        result_json=roster["result"], scope_json=scope, created_at=now, started_at=now, finished_at=now,
    )  # fmt: skip
    session.add(made)
    session.flush()
    return made.id or 0


@pytest.fixture
def place(week: Published) -> Published:
    """Two versions of the first week, and a draft of it; of the second week only a draft."""
    with session_scope(week.engine, is_writing=True) as session:
        session.exec(select(Term)).one().ends_on = date(2026, 7, 17)
        put(session, [duty(session, LI, "1-am", "lead")])
        draft(session, MONDAY, duty(session, WANG, "1-am", "lead"))
        last = draft(session, MONDAY + timedelta(days=7), duty(session, ZHANG, "1-am", "assistant"))
        session.get_one(RosterDraft, last).finished_at = clock.now() + timedelta(minutes=1)
    week.office()  # From the first account of staff on, drafts are not for everybody.
    return week


def came(browser: TestClient, path: str) -> int:
    return browser.get(path, follow_redirects=False).status_code


def test_nobody_but_staff_reads_a_draft_or_an_older_version(place: Published) -> None:
    public, volunteer = place.stranger(), place.volunteer(LI)
    staff = [place.coordinator("东街少年宫"), place.office()]
    for of in (f"{WEEK}~draft", f"{WEEK}~d1", f"{WEEK}~v1", f"{NEXT}~draft"):
        for start, below in (("/weeks", BELOW), ("/api/v1/weeks", API)):
            paths = [f"{start}/{of}{rest}" for rest in below]
            to_sign_in = 303 if start == "/weeks" else 401
            assert [came(public, path) for path in paths] == [to_sign_in] * len(paths)
            assert [came(volunteer, path) for path in paths] == [403] * len(paths)
        assert [came(one, f"/weeks/{of}") for one in staff] == [200, 200]
    for rest in ("", "/problem", "/roster"):
        path = f"/api/v1/drafts/1{rest}"
        assert [came(one, path) for one in (public, volunteer, *staff)] == [401, 403, 200, 200]


def test_of_a_week_without_a_version_the_public_is_told_that_it_is_not_published(place: Published) -> None:
    public, boss = place.stranger(), place.office()
    nothing = (MONDAY + timedelta(days=70)).isoformat()
    told = [public.get(f"/api/v1/weeks/{week}") for week in (NEXT, nothing)]
    assert [(a.status_code, a.json()["error"]["code"]) for a in told] == [(404, "week_unpublished")] * 2
    page = public.get(f"/weeks/{NEXT}")
    assert (page.status_code, "这一周的排班还没有发布" in page.text, "张*学" in page.text) == (404, True, False)
    assert f"/sign-in?next=%2Fweeks%2F{NEXT}" in page.text
    assert "is not published yet" in public.get(f"/weeks/{NEXT}?lang=en").text
    seen = boss.get(f"/weeks/{NEXT}")
    assert (seen.status_code, "只有工作人员看得见" in seen.text) == (200, True)
    assert seen.headers["cache-control"] == "no-store"


def test_lists_of_weeks_name_drafts_to_staff_alone(place: Published) -> None:
    def listed(browser: TestClient) -> list[tuple[str, str]]:
        return [(w["week"], w["draft"]["kind"]) for w in browser.get("/api/v1/weeks").json()["items"]]

    public, boss = place.stranger(), place.office()
    assert listed(public) == [(WEEK, "version")]
    assert listed(boss) == [(WEEK, "version"), (NEXT, "draft")]
    links = [f'href="/weeks/{NEXT}"' in one.get(f"/weeks/{WEEK}").text for one in (public, boss)]
    assert links == [False, True]
    firsts = [one.get("/", follow_redirects=False).headers["location"] for one in (public, boss)]
    assert firsts == [f"/weeks/{WEEK}", f"/weeks/{NEXT}"]


def test_the_public_is_given_no_commands_and_staff_are_given_pages(place: Published) -> None:
    public, boss = place.stranger().get(f"/weeks/{WEEK}").text, place.office().get(f"/weeks/{WEEK}").text
    assert ("qingzai roster" in public, "接下来" in public, f"/make/{WEEK}" in public) == (False, False, False)
    assert ("qingzai roster" in boss, "接下来" in boss, f"/board/{WEEK}" in boss) == (False, True, True)


def test_a_draft_of_one_site_does_not_stand_in_for_the_week(place: Published) -> None:
    with session_scope(place.engine, is_writing=True) as session:
        part = draft(session, MONDAY + timedelta(days=7), scope=["s1"])
    boss = place.office()
    shown = [boss.get(f"/api/v1/weeks/{NEXT}{of}").json()["draft"]["id"] for of in ("", "~draft", f"~d{part}")]
    assert shown == [part - 1, part - 1, part]
    assert boss.get(f"/api/v1/weeks/{WEEK}~d{part}").status_code == 404  # another week's


def test_on_a_machine_where_nobody_signs_in_the_own_roster_is_shown(sqlite_url: str, small: SmallWorkbook) -> None:
    engine = make_engine(sqlite_url)
    with session_scope(engine, is_writing=True) as session:
        import_workbook(session, small.write())
        draft(session, MONDAY)
    app = create_app(Settings(sqlite_url))
    text = TestClient(app, headers=HERE).get("/").text
    assert ("草稿" in text, "qingzai roster make" in text, "只有工作人员看得见" in text) == (True, True, False)
    for made in (engine, app.state.engine):
        made.dispose()


def test_without_anything_published_the_first_page_of_the_public_gives_no_commands(
    sqlite_url: str, small: SmallWorkbook
) -> None:
    engine = make_engine(sqlite_url)
    with session_scope(engine, is_writing=True) as session:
        import_workbook(session, small.write())
        draft(session, MONDAY)
        office(session)
    app = create_app(Settings(sqlite_url))
    page = TestClient(app, headers=HERE).get("/")
    told = ("还没有发布的一周" in page.text, "qingzai" in page.text.replace("qingzai.", ""), "草稿" in page.text)
    assert (page.url.path, *told) == ("/", True, False, False)
    for made in (engine, app.state.engine):
        made.dispose()
