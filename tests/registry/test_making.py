"""Making a week: what is queued, that a site's solve moves nobody else, how it ends, and onto the board."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from sqlmodel import Session, select
from town import office
from workbooks import SmallWorkbook

from registry.accounts.permissions import Actor
from registry.accounts.tables import Role
from registry.board.boards import board_of, open_board, the_board
from registry.board.edits import edit, edits_of, undo
from registry.board.positions import Positions
from registry.board.steps import Wanted
from registry.db import Sessions, make_engine, sessions
from registry.duties.publish import publish
from registry.engine.rosters import costed
from registry.errors import Conflict, Invalid, NotAllowed, NotFound
from registry.exchange import import_workbook
from registry.making.boarding import put_on_board
from registry.making.live import live
from registry.making.queueing import again, make_week, stop
from registry.making.weeks import attempt, choice, weeks_to_make
from registry.people import Volunteer
from registry.programme import Site
from registry.rostering.drafts import draft
from registry.rostering.tables import RosterDraft
from registry.tasks.kinds import KINDS
from registry.tasks.leases import take
from registry.tasks.queue import open_task, waiting
from registry.tasks.tables import Task
from registry.tasks.work import perform

MONDAY = date(2026, 7, 6)
SECONDS = 0.5
Entries = set[tuple[Any, ...]]


@pytest.fixture
def opened(sqlite_url: str, small: SmallWorkbook, monkeypatch: pytest.MonkeyPatch) -> Iterator[Sessions]:
    """A district in June, of two sites with a class each and people at both. What is asked of both databases is asked
    in `test_tasks.py` and of the workers."""
    monkeypatch.setattr("registry.clock.today", lambda: date(2026, 6, 20))
    monkeypatch.setattr("registry.making.queueing.LEAST", SECONDS)
    monkeypatch.setattr("registry.making.solving.LEAST_SECONDS", SECONDS)
    small.repeat("班次", 点位="西镇少年宫", 班名="西镇班", 托管时段="上午", 午餐午休="否")
    small.repeat("志愿者", 2, 姓名="西老师", 手机号="13800001003", 常住镇街="西镇", 希望点位="西镇少年宫")
    small.repeat("志愿者", 3, 姓名="西同学", 手机号="13800001004", 常住镇街="西镇")
    engine = make_engine(sqlite_url)
    made = sessions(engine, is_writing=True)
    with made() as session:
        import_workbook(session, small.write())
    yield made
    engine.dispose()


def actors(session: Session) -> tuple[Actor, Actor, int, int]:
    """The office, the coordinator of the eastern site, and the numbers of both sites."""
    east, west = session.exec(select(Site.id).order_by(Site.id)).all()
    return office(session), office(session, Role.SITE_COORDINATOR, east), east or 0, west or 0


def work(opened: Sessions) -> None:
    """Do everything that waits."""
    with opened() as session:
        numbers = waiting(session)
    for number in numbers:
        assert perform(opened, KINDS, number, "a worker")


def entries(roster: dict[str, Any] | None, site_of: dict[str, str], site: int) -> Entries:
    """The entries of a site."""
    assert roster is not None
    return {
        tuple(sorted(e.items(), key=str)) for e in (*roster["duties"], *roster["lessons"])
        if site_of[e["class"]] == f"s{site}"
    }  # fmt: skip


def sites_of(row: RosterDraft) -> dict[str, str]:
    return {c["id"]: c["site"] for c in row.problem_json["classes"]}


def made(opened: Sessions, actor: Actor, *sites: int) -> int:
    """A finished draft."""
    with opened() as session:
        number = make_week(session, actor, MONDAY, sites, SECONDS)[0].draft.id or 0
    work(opened)
    return number


def test_a_district_is_made_and_told(opened: Sessions) -> None:
    with opened() as session:
        boss, _, _, _ = actors(session)
        queued, is_new = make_week(session, boss, MONDAY, (), SECONDS)
        assert (queued.state, is_new, queued.ahead) == ("queued", True, 0)
        assert make_week(session, boss, MONDAY, (), 30)[1] is False  # the same waits already
    work(opened)
    with opened() as session:
        found = attempt(session, boss, queued.draft.id or 0)
        now = live(found)
        assert (found.state, found.is_open, found.by, now.is_taken_over) == ("done", False, boss.name, False)
        assert [level.name for level in now.levels] == ["safety", "programme", "quality"]
        assert all(level.bound <= level.cost and level.costs[-1][1] == level.cost for level in now.levels)
        assert make_week(session, boss, MONDAY, (), SECONDS)[1] is True


def test_a_site_is_made_and_nobody_else_moves(opened: Sessions) -> None:
    """The western site stands as the board has it, though a solve of everything would fill it."""
    with opened() as session:
        boss, coordinator, east, west = actors(session)
    first = made(opened, boss)
    with opened() as session:
        full, site_of = draft(session, first).roster_json, sites_of(draft(session, first))
        assert entries(full, site_of, west) and entries(full, site_of, east)
        open_board(session, MONDAY)
        one = next(d for d in full["duties"] if site_of[d["class"]] == f"s{west}")
        edit(session, Positions(), boss, MONDAY, Wanted("remove", one), seen=0)
        standing = the_board(session, MONDAY).roster_json
    again_made = made(opened, coordinator, east)
    with opened() as session:
        row = draft(session, again_made)
        assert row.scope_json == [f"s{east}"]
        assert entries(row.roster_json, site_of, west) == entries(standing, site_of, west)
        assert len(entries(row.roster_json, site_of, east)) > 0


def test_a_coordinator_makes_the_own_site_alone(opened: Sessions) -> None:
    with opened() as session:
        boss, coordinator, east, west = actors(session)
        for others in ((), (west,), (east, west)):
            with pytest.raises(NotAllowed):
                make_week(session, coordinator, MONDAY, others, SECONDS)
        number = make_week(session, boss, MONDAY, (west,), SECONDS)[0].draft.id or 0
        for deed in (stop, again):
            with pytest.raises(NotAllowed):
                deed(session, coordinator, number)
        seen = choice(session, coordinator, MONDAY)
        assert ([n for n, _ in seen.sites], seen.may_make_all, len(seen.attempts)) == ([east], False, 1)
        assert [week for week, _ in weeks_to_make(session, coordinator)] == [MONDAY, date(2026, 7, 13)]


def test_what_is_asked_wrongly_stores_nothing(opened: Sessions) -> None:
    with opened() as session:
        boss = actors(session)[0]
        for seconds in (0.4, 3601):
            with pytest.raises(Invalid):
                make_week(session, boss, MONDAY, (), seconds)
        with pytest.raises(NotFound, match="site_missing"):
            make_week(session, boss, MONDAY, (999,), SECONDS)
        with pytest.raises(NotFound, match="draft_unknown"):
            attempt(session, boss, 99)
        assert (session.exec(select(RosterDraft)).all(), session.exec(select(Task)).all()) == ([], [])


def test_what_nobody_has_begun_ends_when_it_is_stopped(opened: Sessions) -> None:
    with opened() as session:
        boss = actors(session)[0]
        number = make_week(session, boss, MONDAY, (), 60)[0].draft.id or 0
        ended = stop(session, boss, number)
        assert (ended.state, ended.draft.failure_json) == ("failed", {"code": "stopped_early", "facts": {}})
        assert waiting(session) == []
        with pytest.raises(Conflict, match="draft_ended"):
            stop(session, boss, number)
        with pytest.raises(Conflict, match="draft_not_done"):
            put_on_board(session, Positions(), boss, number)
        assert again(session, boss, number)[0].state == "queued"


def test_a_stop_keeps_the_best_so_far(opened: Sessions) -> None:
    """It was asked for while somebody had it who then died: whoever takes it over has a roster, and is done."""
    with opened() as session:
        boss = actors(session)[0]
        number = make_week(session, boss, MONDAY, (), 600)[0].draft.id or 0
        task = session.exec(select(Task)).one()
    assert take(opened, task.id or 0, "one who dies") is not None
    with opened() as session:
        assert stop(session, boss, number).state == "stopping"
        row = session.get_one(Task, task.id)
        row.status, row.holder = "queued", None
    work(opened)
    with opened() as session:
        found = attempt(session, boss, number)
        assert (found.state, live(found).is_taken_over, live(found).seconds < 60) == ("done", True, True)
        assert found.draft.result_json is not None


def test_whoever_takes_over_goes_on_from_what_was_kept(opened: Sessions) -> None:
    with opened() as session:
        boss = actors(session)[0]
    first = made(opened, boss)
    with opened() as session:
        best = draft(session, first).roster_json or {}
        number = make_week(session, boss, MONDAY, (), 600)[0].draft.id or 0
        task = open_task(session, "roster", f"{MONDAY}/district")
        assert task is not None
        task.checkpoint_json = {"roster": {k: v for k, v in best.items() if k != "result"}, "spent": 599.0}
        task.progress_json = {"history": [{"seconds": 1.0, "cost": {"safety": 9, "programme": 9, "quality": 9},
                                           "bound": {"safety": 0, "programme": 0, "quality": 0}}]}  # fmt: skip
    work(opened)
    with opened() as session:
        found = attempt(session, boss, number)
        assert found.draft.result_json is not None
        assert found.draft.result_json["cost"] == best["result"]["cost"]
        assert live(found).levels[0].costs[0] == (1.0, 9)  # the history of the one before is still there


def test_a_draft_goes_onto_the_board_as_one_change(opened: Sessions) -> None:
    boards = Positions()
    with opened() as session:
        boss, coordinator, _, _ = actors(session)
        empty = open_board(session, MONDAY).roster_json
    number = made(opened, boss)
    with opened() as session:
        with pytest.raises(NotAllowed):
            put_on_board(session, boards, coordinator, number)
        done = put_on_board(session, boards, boss, number)
        full = draft(session, number).roster_json or {}
        assert (done.added, done.removed) == (len(full["duties"]) + len(full["lessons"]), 0)
        board = the_board(session, MONDAY)
        assert ([e.kind for e in edits_of(session, board)], board.revision) == (["draft"], 1)
        assert put_on_board(session, boards, boss, number).added == 0  # nothing new, no change
        undo(session, boards, boss, MONDAY)
        assert the_board(session, MONDAY).roster_json == empty


def test_what_is_pinned_on_the_board_stays_there(opened: Sessions) -> None:
    """Pinned after the draft was made, and elsewhere than the draft has it: the draft's own entries give way."""
    boards = Positions()
    with opened() as session:
        boss = actors(session)[0]
        open_board(session, MONDAY)
    number = made(opened, boss)
    with opened() as session:
        full = draft(session, number).roster_json or {}
        one = next(d for d in full["duties"] if d["role"] == "lead")
        mine = {**one, "role": "assistant"}
        edit(session, boards, boss, MONDAY, Wanted("add", mine), seen=0)
        edit(session, boards, boss, MONDAY, Wanted("pin", mine), seen=1)
        put_on_board(session, boards, boss, number)
        board = the_board(session, MONDAY)
        where = mine["volunteer"], mine["segment"]
        assert [d for d in board.roster_json["duties"] if (d["volunteer"], d["segment"]) == where] == [mine]
        assert boards.of(board).report.violations == ()
    fresh = made(opened, boss)
    with opened() as session:
        assert mine in (draft(session, fresh).roster_json or {})["duties"]


def test_days_that_are_over_stay_as_they_are(opened: Sessions, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is Tuesday, and on Monday somebody was missing: neither a solve nor the board invents who was there."""
    with opened() as session:
        boss = actors(session)[0]
    number = made(opened, boss)
    with opened() as session:
        row = draft(session, number)
        roster = row.roster_json or {}
        monday = [d for d in roster["duties"] if d["segment"].startswith("1-")]
        assert len(monday) > 1
        roster = {**roster, "duties": [d for d in roster["duties"] if d != monday[0]]}
        publish(session, MONDAY, row.problem_json, costed(row.problem_json, roster, 1), seed=1)
    monkeypatch.setattr("registry.clock.today", lambda: date(2026, 7, 7))
    later = made(opened, boss)
    with opened() as session:
        stands = [d for d in (draft(session, later).roster_json or {})["duties"] if d["segment"].startswith("1-")]
        put_on_board(session, Positions(), boss, later)
        board = board_of(session, MONDAY)
        assert board is not None
        shown = [d for d in board.roster_json["duties"] if d["segment"].startswith("1-")]
    assert sorted(map(str, shown)) == sorted(map(str, monday[1:]))
    assert all(d in stands for d in monday[1:])


def test_a_draft_with_somebody_who_left_meanwhile_does_not_bring_them_back(opened: Sessions) -> None:
    """The board knew them too: it takes today's data, and is without them."""
    boards = Positions()
    with opened() as session:
        boss = actors(session)[0]
    number = made(opened, boss)
    with opened() as session:
        open_board(session, MONDAY)
        gone = (draft(session, number).roster_json or {})["duties"][0]["volunteer"]
        person = session.get_one(Volunteer, int(gone[1:]))
        person.preferred_segments = person.max_segments = 0
        later = made_of(session, boss)
    work(opened)
    with opened() as session:
        put_on_board(session, boards, boss, later)
        board = the_board(session, MONDAY)
        assert gone not in {d["volunteer"] for d in board.roster_json["duties"]}
        assert next(v for v in board.problem_json["volunteers"] if v["id"] == gone)["max_segments"] == 0
        assert boards.of(board).report.violations == ()


def made_of(session: Session, actor: Actor) -> int:
    return make_week(session, actor, MONDAY, (), SECONDS)[0].draft.id or 0
