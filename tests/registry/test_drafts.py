"""A draft's way: queued with its problem, solved, checked again, recorded; or failed with a reason."""

from __future__ import annotations

import threading
from datetime import date
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlmodel import select
from workbooks import SmallWorkbook

from registry.db import Sessions, sessions
from registry.engine.rosters import solve_problem, verify
from registry.errors import NotFound, Refused, SolveFailed
from registry.exchange import import_workbook
from registry.rostering.drafts import draft, latest_done, make_draft, queue_draft, solve_draft, weeks_done
from registry.rostering.tables import RosterDraft
from scheduler import Progress, check, cost, read_problem, read_roster

MONDAY = date(2026, 7, 6)


@pytest.fixture
def opened(engine: Engine, small: SmallWorkbook) -> Sessions:
    """Sessions on a database that holds the small district, whose class is there on one Monday only."""
    small.change("期次", 结束日期="2026.7.6")
    made = sessions(engine)
    with made() as session:
        import_workbook(session, small.write())
    return made


def test_a_draft_is_solved_checked_and_recorded(opened: Sessions) -> None:
    news: list[Progress] = []
    made = make_draft(opened, MONDAY, seconds=5, workers=1, seed=7, on_progress=news.append)
    with opened() as session:
        stored = draft(session, made.id or 0)
    assert (stored.status, stored.week, stored.seed, stored.workers) == ("done", MONDAY, 7, 1)
    assert stored.failure_json is None
    assert stored.started_at and stored.finished_at
    assert stored.created_at <= stored.started_at <= stored.finished_at
    assert stored.roster_json is not None
    problem = read_problem(stored.problem_json)
    roster = read_roster(stored.roster_json, problem)
    assert check(problem, roster).violations == ()
    # Two carers for 20 children: at best both are there in the morning and at noon, the student alone in the
    # afternoon. Short of two adults by one and of the need of two by one, and without a lead: 3.
    assert cost(problem, roster).safety == 3
    assert stored.result_json == stored.roster_json["result"]
    assert stored.result_json["cost"] == cost(problem, roster)._asdict()
    assert news != []


def test_the_snapshot_outlives_changes_of_the_tables(opened: Sessions, small: SmallWorkbook) -> None:
    with opened() as session:
        number = queue_draft(session, MONDAY, seconds=5, workers=1, seed=1)
    with opened() as session:
        import_workbook(session, small.change("班次", 已确认人数=30).write())
    done = solve_draft(opened, number)
    assert (done.status, done.problem_json["classes"][0]["children"]) == ("done", 20)


def test_the_newest_finished_draft_is_shown(opened: Sessions) -> None:
    with opened() as session:
        assert (latest_done(session), weeks_done(session)) == (None, [])
    ids = [make_draft(opened, MONDAY, seconds=2, workers=1).id for _ in range(2)]
    with opened() as session:
        queue_draft(session, MONDAY, seconds=2, workers=1, seed=1)
        newest = latest_done(session, MONDAY)
        assert newest is not None
        assert newest.id == ids[1]
        assert latest_done(session) == newest
        assert latest_done(session, date(2026, 7, 13)) is None
        assert weeks_done(session) == [MONDAY]


def test_a_week_without_classes_leaves_no_draft(opened: Sessions) -> None:
    with pytest.raises(Refused):
        make_draft(opened, date(2026, 7, 13), seconds=1, workers=1)
    with opened() as session:
        assert session.exec(select(RosterDraft)).all() == []


def spoilt(opened: Sessions, **changes: Any) -> int:
    """A queued draft whose problem was changed afterwards; its number."""
    with opened() as session:
        number = queue_draft(session, MONDAY, seconds=2, workers=1, seed=1)
        queued = draft(session, number)
        queued.problem_json = {**queued.problem_json, **changes}
    return number


def test_a_malformed_problem_fails_with_its_place(opened: Sessions) -> None:
    failed = solve_draft(opened, spoilt(opened, heat_days=[9]))
    assert (failed.status, failed.roster_json) == ("failed", None)
    assert failed.failure_json is not None
    assert (failed.failure_json["code"], failed.failure_json["facts"]["place"]) == ("problem_malformed", "heat_days[0]")


def test_contradicting_pins_fail_with_every_breach(opened: Sessions) -> None:
    duties = [{"volunteer": "v1", "class": "c1", "segment": "1-pm", "role": "lead"}]
    failed = solve_draft(opened, spoilt(opened, pins={"duties": duties, "lessons": []}))
    assert failed.failure_json is not None
    assert failed.failure_json["code"] == "pins_broken"
    assert [v["rule"] for v in failed.failure_json["facts"]["violations"]] == ["availability"]


def test_what_nobody_expects_is_recorded_and_raised_again(opened: Sessions) -> None:
    with opened() as session:
        number = queue_draft(session, MONDAY, seconds=2, workers=1, seed=1)

    def burst(_news: Progress) -> None:
        raise ZeroDivisionError("no news")

    with pytest.raises(ZeroDivisionError):
        solve_draft(opened, number, on_progress=burst)
    with opened() as session:
        failed = draft(session, number)
    facts = {"error": "ZeroDivisionError", "text": "no news"}
    assert (failed.status, failed.failure_json) == ("failed", {"code": "crashed", "facts": facts})


def test_a_stopped_solver_still_leaves_its_best(opened: Sessions) -> None:
    stop = threading.Event()
    stop.set()
    assert make_draft(opened, MONDAY, seconds=60, workers=1, stop=stop).status == "done"


def test_a_roster_that_breaks_a_rule_or_lies_about_its_cost_is_not_stored(opened: Sessions) -> None:
    with opened() as session:
        problem = draft(session, queue_draft(session, MONDAY, seconds=2, workers=1, seed=1)).problem_json
    roster = solve_problem(problem, seconds=2, workers=1, seed=1)
    verify(problem, roster)
    duty = {"volunteer": "v1", "class": "c1", "segment": "1-pm", "role": "assistant"}
    with pytest.raises(SolveFailed) as broken:
        verify(problem, {**roster, "duties": [*roster["duties"], duty]})
    assert broken.value.code == "roster_broken"
    with pytest.raises(SolveFailed) as wrong:
        verify(problem, {**roster, "duties": []})
    assert wrong.value.code == "cost_wrong"


def test_an_unknown_draft(opened: Sessions) -> None:
    with opened() as session, pytest.raises(NotFound) as caught:
        draft(session, 99)
    assert (caught.value.code, caught.value.facts) == ("draft_unknown", {"draft": 99})
