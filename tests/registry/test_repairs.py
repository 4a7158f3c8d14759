"""A week is repaired on its board: an absence, heat, a class that closes; taken, changed, or another asked for."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from factories import facts, volunteer
from mended import MONDAY, asked, coordinator, entries, on, solved_site, somebody, work_out
from sqlalchemy import Engine
from town import office

from registry import clock
from registry.board.boards import the_board
from registry.board.edits import edit, edits_of, undo
from registry.board.positions import Positions
from registry.board.steps import Wanted
from registry.board.tables import RosterBoard
from registry.db import Sessions, sessions
from registry.engine.repairs import Mended, mend
from registry.errors import Conflict, NotAllowed, NotFound, Refused
from registry.repairs import work
from registry.repairs.asking import ask_another, ask_repair, choices, repairs_of
from registry.repairs.causes import ABSENT, CLOSED, HEAT, Cause, with_cause, with_causes
from registry.repairs.deciding import RepairView, accept_repair, drop_repair, see_repair, stop_repair
from registry.repairs.showing import Short, short_places
from registry.repairs.tables import BoardRepair, State
from registry.tasks.kinds import KINDS
from registry.tasks.queue import waiting
from registry.tasks.tables import Task
from registry.tasks.work import perform


@pytest.fixture(name="opened")
def board_of_a_site(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> Sessions:
    """A board with that week, on a day before it."""
    monkeypatch.setattr(clock, "today", lambda: MONDAY - timedelta(days=5))
    problem, roster = solved_site()
    made, now = sessions(engine), clock.now()
    with made() as session:
        session.add(RosterBoard(week=MONDAY, problem_json=problem, opened_at=now, changed_at=now,
                                roster_json={k: v for k, v in roster.items() if k != "result"}))  # fmt: skip
    return made


def test_an_absence_is_mended_shown_as_a_difference_and_taken_as_one_edit(opened: Sessions) -> None:
    with opened() as session:
        who, before = somebody(session), the_board(session, MONDAY).roster_json
    number, boss = asked(opened, Cause(ABSENT, (1,), who))
    positions = Positions()
    with opened() as session:
        seen: RepairView = see_repair(session, boss, MONDAY, number)
        assert (seen.repair.status, seen.is_waiting, seen.foreign, seen.moved_on) == (State.DONE, False, (), False)
        changed = {p.volunteer for p in seen.people}
        away = next(p for p in seen.people if p.volunteer == who)
        assert {line.why for line in away.gone if line.told.day == MONDAY} == {"away"}
        assert not [line for line in away.new if line.told.day == MONDAY]
        assert any(away.name in line.others for p in seen.people for line in p.new if line.why == "instead")
        assert who in changed and who not in seen.disturbed and seen.disturbed == changed - {who}
        assert {level.name: level.cost for level in seen.levels}["people"] == len(seen.disturbed)
        assert all(level.bound <= level.cost for level in seen.levels)
        assert the_board(session, MONDAY).roster_json == before
        made = accept_repair(session, positions, boss, MONDAY, number)
        board = the_board(session, MONDAY)
        assert (made.kind, made.revision, board.revision) == ("repair", 1, 1)
        assert not any(d["volunteer"] == who and on(1, d["segment"]) for d in board.roster_json["duties"])
        me = next(v for v in board.problem_json["volunteers"] if v["id"] == who)
        assert not any(on(1, s) for s in me["available"])
        assert entries(board.roster_json) == entries(seen.repair.roster_json or {})
        position = Positions().of(board)
        assert (position.report.violations, positions.of(board).parts) == ((), position.parts)
        with pytest.raises(Conflict) as again:
            accept_repair(session, positions, boss, MONDAY, number)
        assert again.value.code == "repair_decided"
        assert edits_of(session, board)[0].cost_json == made.cost_json


def test_another_leaves_those_alone_who_are_named(opened: Sessions) -> None:
    with opened() as session:
        who = somebody(session)
    number, boss = asked(opened, Cause(ABSENT, (1,), who))
    with opened() as session:
        seen = see_repair(session, boss, MONDAY, number)
        assert seen.disturbed
        other = ask_another(session, boss, MONDAY, number)
        assert (other.another_of, len(other.without_json), other.seed) == (number, 1, 2)
        assert set(other.without_json) <= seen.disturbed
        second = other.id or 0
    work_out(opened)
    with opened() as session:
        again = see_repair(session, boss, MONDAY, second)
        assert again.repair.status == State.DONE
        assert not again.disturbed & set(again.repair.without_json)
        assert entries(again.repair.roster_json or {}) != entries(seen.repair.roster_json or {})
        third = ask_another(session, boss, MONDAY, second, seen.disturbed)
        assert set(third.without_json) == set(again.repair.without_json) | seen.disturbed
        with pytest.raises(Refused) as unknown:
            ask_another(session, boss, MONDAY, second, ["v999999"])
        with pytest.raises(Conflict) as unfinished:
            ask_another(session, boss, MONDAY, third.id or 0)
    assert (unknown.value.code, unfinished.value.code) == ("cause_of", "repair_unfinished")


def test_heat_and_a_closed_class_are_mended(opened: Sessions) -> None:
    with opened() as session:
        board = the_board(session, MONDAY)
        closed = board.roster_json["duties"][0]["class"]
    number, boss = asked(opened, Cause(HEAT, (1,)), Cause(CLOSED, (1, 2, 3, 4, 5), closed))
    with opened() as session:
        seen = see_repair(session, boss, MONDAY, number)
        assert seen.repair.status == State.DONE and seen.names[closed]
        accept_repair(session, Positions(), boss, MONDAY, number)
        board = the_board(session, MONDAY)
        assert board.problem_json["heat_days"] == [1]
        assert closed not in {row["class"] for kind in ("duties", "lessons") for row in board.roster_json[kind]}
        outdoor = {k["id"] for k in board.problem_json["courses"] if k["outdoor"]}
        assert not any(x["course"] in outdoor and on(1, x["slot"]) for x in board.roster_json["lessons"])


def test_what_is_undone_is_true_no_longer_and_can_be_taken_again(opened: Sessions) -> None:
    with opened() as session:
        board, who = the_board(session, MONDAY), somebody(session)
        run, before = board.roster_json["duties"][0]["class"], (board.problem_json, entries(board.roster_json))
    causes = (Cause(HEAT, (1,)), Cause(CLOSED, (2,), run), Cause(ABSENT, (1, 2), who))
    number, boss = asked(opened, *causes)
    positions = Positions()
    with opened() as session:
        accept_repair(session, positions, boss, MONDAY, number)
        after = the_board(session, MONDAY).problem_json
        assert after == with_causes(before[0], causes) != before[0]
        undo(session, positions, boss, MONDAY)
        board, seen = the_board(session, MONDAY), see_repair(session, boss, MONDAY, number)
        assert (board.problem_json, entries(board.roster_json)) == before
        assert positions.of(board).parts == Positions().of(board).parts
        done = edits_of(session, board)
        assert [sum(edit.cost_json.get(rule, 0) for edit in done) for rule in positions.of(board).parts] == [0] * len(
            positions.of(board).parts
        )
        assert (seen.repair.status, seen.repair.decided_by) == (State.DONE, None)
        accept_repair(session, positions, boss, MONDAY, number)
        assert the_board(session, MONDAY).problem_json == after


def test_undoing_one_repair_leaves_true_what_another_says(opened: Sessions) -> None:
    """The first says Monday and Tuesday, the second Tuesday and Wednesday: both undone one after the other."""
    with opened() as session:
        before, boss = the_board(session, MONDAY).problem_json, office(session)
        free = {v["id"]: {int(s[0]) for s in v["available"]} for v in before["volunteers"]}
        who = next(v for v, weekdays in free.items() if weekdays >= {1, 2, 3})
    positions, days = Positions(), []
    for on_days in ((1, 2), (2, 3)):
        number, _ = asked(opened, Cause(ABSENT, on_days, who))
        with opened() as session:
            accept_repair(session, positions, boss, MONDAY, number)
    with opened() as session:
        for _ in range(2):
            undo(session, positions, boss, MONDAY)
            me = next(v for v in the_board(session, MONDAY).problem_json["volunteers"] if v["id"] == who)
            days.append({int(s[0]) for s in me["available"]})
    assert days == [free[who] - {1, 2}, free[who]]


def test_a_board_that_moved_on_takes_a_repair_of_something_else_only(opened: Sessions) -> None:
    with opened() as session:
        who = somebody(session)
    number, boss = asked(opened, Cause(ABSENT, (1,), who))
    positions = Positions()
    with opened() as session:
        board = the_board(session, MONDAY)
        mine = next(d for d in board.roster_json["duties"] if d["volunteer"] == who and on(1, d["segment"]))
        other = next(d for d in board.roster_json["duties"] if d["volunteer"] != who)
        edit(session, positions, boss, MONDAY, Wanted("pin", mine), seen=0)
        assert see_repair(session, boss, MONDAY, number).moved_on
        with pytest.raises(Conflict) as met:
            accept_repair(session, positions, boss, MONDAY, number)
        assert met.value.code == "board_changed"
        undo(session, positions, boss, MONDAY)
        edit(session, positions, boss, MONDAY, Wanted("pin", mine), seen=2)
        with pytest.raises(Conflict):  # What was taken back counts for nothing, what stands does.
            accept_repair(session, positions, boss, MONDAY, number)
        again = ask_another(session, boss, MONDAY, number, [other["volunteer"]])
        assert again.revision == 3


def test_what_cannot_have_happened_is_refused(opened: Sessions, monkeypatch: pytest.MonkeyPatch) -> None:
    with opened() as session:
        boss, who = office(session), somebody(session)
        away = Cause(ABSENT, (1,), who)
        for cause, code in (
            (Cause("flood", (1,)), "not_allowed"), (Cause(ABSENT, (), who), "cause_days"),
            (Cause(ABSENT, (7,), who), "cause_days"), (Cause(ABSENT, (1,), "v99999"), "cause_of"),
        ):  # fmt: skip
            site = coordinator(session, 0) if code == "not_allowed" else boss
            with pytest.raises((Refused, NotAllowed)) as refused:
                ask_repair(session, site, MONDAY, [cause])
            assert refused.value.code == code
        monkeypatch.setattr(clock, "today", lambda: MONDAY + timedelta(days=1))
        with pytest.raises(Refused) as over:
            ask_repair(session, boss, MONDAY, [away])
        made = ask_repair(session, boss, MONDAY, [Cause(ABSENT, (2,), who)])
        assert made.problem_json["frozen_before"] == next(
            s["id"] for s in made.problem_json["segments"] if s["weekday"] == 2
        )
        assert choices(session, boss, MONDAY).days == (2, 3, 4, 5)
        monkeypatch.setattr(clock, "today", lambda: MONDAY + timedelta(days=5))
        with pytest.raises(Refused) as gone:
            ask_repair(session, boss, MONDAY, [away])
        with pytest.raises(NotFound):
            see_repair(session, boss, MONDAY, 999)
    assert (over.value.code, gone.value.code) == ("day_gone", "week_gone")


def test_a_coordinator_mends_the_own_site_and_the_office_the_rest(opened: Sessions) -> None:
    with opened() as session:
        who = somebody(session)
        mine, elsewhere = coordinator(session, 0), coordinator(session, 7)
        made = ask_repair(session, mine, MONDAY, [Cause(ABSENT, (1,), who)])
        assert [r.id for r in repairs_of(session, mine, MONDAY)] == [made.id]
        with pytest.raises(NotAllowed):
            ask_repair(session, elsewhere, MONDAY, [Cause(ABSENT, (1,), who)])
        with pytest.raises(NotAllowed):
            ask_repair(session, mine, MONDAY, [Cause(HEAT, (1,))])
        assert (choices(session, mine, MONDAY).may_report_heat, choices(session, elsewhere, MONDAY).classes) == (
            False, (),
        )  # fmt: skip
    work_out(opened)
    with opened() as session:
        assert repairs_of(session, elsewhere, MONDAY) == []
        for deciding in (see_repair, drop_repair, stop_repair, ask_another):
            with pytest.raises(NotAllowed):
                deciding(session, elsewhere, MONDAY, made.id or 0)
        with pytest.raises(NotAllowed):
            accept_repair(session, Positions(), elsewhere, MONDAY, made.id or 0)
        seen = see_repair(session, mine, MONDAY, made.id or 0)
        assert (the_board(session, MONDAY).revision, seen.repair.status, seen.may_decide) == (0, State.DONE, True)


def test_one_that_nobody_has_begun_is_not_worked_out_once_it_is_put_aside(opened: Sessions) -> None:
    with opened() as session:
        boss, who = office(session), somebody(session)
        numbers = [ask_repair(session, boss, MONDAY, [Cause(ABSENT, (1,), who)]).id or 0 for _ in range(2)]
        assert see_repair(session, boss, MONDAY, numbers[1]).ahead == 1
        drop_repair(session, boss, MONDAY, numbers[0])
        stop_repair(session, boss, MONDAY, numbers[1])  # without a best so far there is nothing to keep
        assert waiting(session) == []
        assert [session.get_one(BoardRepair, n).status for n in numbers] == [State.DROPPED, State.DROPPED]


def test_what_is_put_aside_while_it_is_worked_out_stays_so(opened: Sessions, monkeypatch: pytest.MonkeyPatch) -> None:
    """And whoever works on it is told to stop."""
    with opened() as session:
        boss, who = office(session), somebody(session)
        number = ask_repair(session, boss, MONDAY, [Cause(ABSENT, (1,), who)]).id or 0
        (task_id,) = waiting(session)
    told: list[bool] = []

    def meanwhile(*arguments: Any, **words: Any) -> Mended:
        with opened() as session:
            stop_repair(session, boss, MONDAY, number)
            assert see_repair(session, boss, MONDAY, number).is_stopping
            drop_repair(session, boss, MONDAY, number)
        told.append(words["stop"].wait(30))
        return mend(*arguments, **words)

    monkeypatch.setattr(work, "mend", meanwhile)
    assert perform(opened, KINDS, task_id, "a test")
    with opened() as session:
        left = session.get_one(BoardRepair, number)
        assert (told, left.status, left.roster_json) == ([True], State.DROPPED, None)
        assert (session.get_one(Task, task_id).status, waiting(session)) == ("done", [])


def test_a_repair_that_cannot_be_made_fails_with_its_task(opened: Sessions) -> None:
    with opened() as session:
        boss, who = office(session), somebody(session)
        made = ask_repair(session, boss, MONDAY, [Cause(ABSENT, (1,), who)])
        made.problem_json = {**made.problem_json, "segments": "none"}
    work_out(opened)
    with opened() as session:
        seen = see_repair(session, boss, MONDAY, made.id or 0)
        assert (seen.repair.status, (seen.repair.failure_json or {})["code"]) == (State.FAILED, "problem_malformed")


def test_a_cause_changes_the_problem_where_it_should_alone(opened: Sessions) -> None:
    with opened() as session:
        problem, who = the_board(session, MONDAY).problem_json, somebody(session)
        run = problem["classes"][0]["id"]
        away, shut = with_cause(problem, Cause(ABSENT, (1,), who)), with_cause(problem, Cause(CLOSED, (2,), run))
        assert [v for v in away["volunteers"] if v["id"] != who] == [v for v in problem["volunteers"] if v["id"] != who]
        closed = next(c for c in shut["classes"] if c["id"] == run)
        assert closed["segments"] and not any(on(2, s) for s in (*closed["segments"], *closed["slots"]))
        assert with_cause(away, Cause(ABSENT, (1,), who)) == away


def test_what_a_repair_leaves_missing_is_told_by_class() -> None:
    """A class that lost more than it may; what it had too much of, and what was missing before, is not told."""
    one, two, three = "v1", "v2", "v3"
    problem = facts(volunteers=[volunteer(v) for v in (one, two, three)])
    segment = problem["classes"][0]["segments"][0]

    def roster(*who: str) -> dict[str, Any]:
        roles = ["lead", *["assistant"] * (len(who) - 1)]
        duties = [
            {"volunteer": v, "class": "c1", "segment": segment, "role": role}
            for v, role in zip(who, roles[: len(who)], strict=True)
        ]
        return {"duties": duties, "lessons": []}

    problem["published"] = {**roster(one, two, three), "format": "qingzai.roster/1"}
    assert short_places(problem, roster(one, two)) == ()
    assert short_places(problem, roster(one)) == (Short("c1", segment, 1, lead=False, lessons=()),)
    assert short_places(problem, roster()) == (Short("c1", segment, 2, lead=True, lessons=()),)
