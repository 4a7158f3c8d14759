"""The board of a week: opened, changed by hand under the rules, overridden with a reason, undone, by two people."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from solved import solved_draft
from sqlalchemy import Engine
from sqlmodel import Session, select
from town import office
from workbooks import SmallWorkbook

from registry import clock
from registry.accounts.tables import Role
from registry.board.boards import board_of, open_board
from registry.board.edits import edit, edits_of, undo
from registry.board.fill import who_can_fill
from registry.board.grid import site_gaps, site_lines
from registry.board.places import places
from registry.board.positions import Positions
from registry.board.steps import Wanted
from registry.db import Sessions, sessions
from registry.engine.rosters import cost_parts
from registry.errors import Conflict, NotAllowed, Refused
from registry.exchange import import_workbook
from registry.programme import Site

MONDAY = date(2026, 7, 6)


@pytest.fixture(name="opened")
def solved_week(engine: Engine, small: SmallWorkbook, monkeypatch: pytest.MonkeyPatch) -> Sessions:
    """The small district with its solved Monday, on a day before it."""
    monkeypatch.setattr(clock, "today", lambda: date(2026, 7, 1))
    small.change("期次", 结束日期="2026.7.6")
    made = sessions(engine)
    with made() as session:
        import_workbook(session, small.write())
    solved_draft(made, MONDAY)
    return made


def first_duty(session: Session) -> dict[str, Any]:
    """A duty that stands on the board."""
    found: dict[str, Any] = open_board(session, MONDAY).roster_json["duties"][0]
    return found


def test_a_board_begins_as_the_newest_draft_and_there_is_one_a_week(opened: Sessions) -> None:
    with opened() as session:
        made = open_board(session, MONDAY)
        assert "result" not in made.roster_json and made.roster_json["duties"]
        assert open_board(session, MONDAY) == made == board_of(session, MONDAY)
        assert made.revision == 0


def test_an_edit_is_stored_with_its_cost_and_can_be_taken_back(opened: Sessions) -> None:
    positions = Positions()
    with opened() as session:
        actor, duty = office(session), first_duty(session)
        before = open_board(session, MONDAY).roster_json
        parts = positions.of(open_board(session, MONDAY)).parts
        made = edit(session, positions, actor, MONDAY, Wanted("remove", duty), seen=0)
        assert duty not in open_board(session, MONDAY).roster_json["duties"]
        now = Positions().of(open_board(session, MONDAY))
        whole = cost_parts(now.problem, now.roster)
        assert {n: whole[n] - parts[n] for n in whole if whole[n] != parts[n]} == made.cost_json
        assert made.cost_json["safety"] > 0
        assert positions.of(open_board(session, MONDAY)).parts == whole
        back = undo(session, positions, actor, MONDAY)
        after = open_board(session, MONDAY).roster_json
        assert (back.undoes, back.revision, len(edits_of(session, open_board(session, MONDAY)))) == (1, 2, 2)
        assert sorted(map(str, after["duties"])) == sorted(map(str, before["duties"]))
        with pytest.raises(Refused) as nothing:
            undo(session, positions, actor, MONDAY)
    assert nothing.value.code == "nothing_to_undo"


def test_nobody_is_put_where_they_are_already(opened: Sessions) -> None:
    with opened() as session:
        board = open_board(session, MONDAY)
        position, actor = Positions().of(board), office(session)
        one, two = next(
            (a, b) for a in board.roster_json["duties"] for b in board.roster_json["duties"]
            if a["volunteer"] == b["volunteer"] and a["segment"] < b["segment"]
        )  # fmt: skip
        to = {"class": two["class"], "segment": two["segment"]}
        with pytest.raises(Refused) as there:
            edit(session, Positions(), actor, MONDAY, Wanted("move", one, to), seen=0)
        site = position.problem.class_run[one["class"]].site
        found = {p.zone: p for p in places(position, one, site, "class")}
        assert (there.value.code, board.revision) == ("already_here", 0)
        assert found[f"cell|{two['class']}|{two['segment']}"].outcome == "taken"
        assert f"cell|{one['class']}|{one['segment']}" not in found


def test_two_people_lose_nothing(opened: Sessions) -> None:
    """What one has not seen of the other's changes is done where it is about something else, and told where not."""
    positions = Positions()
    with opened() as session:
        one, two = office(session), office(session)
        duty, *others = open_board(session, MONDAY).roster_json["duties"]
        elsewhere = next(d for d in others if d["volunteer"] != duty["volunteer"] and d["segment"] != duty["segment"])
        edit(session, positions, one, MONDAY, Wanted("pin", duty), seen=0)
        assert edit(session, positions, two, MONDAY, Wanted("pin", elsewhere), seen=0).revision == 2
        with pytest.raises(Conflict) as met:
            edit(session, positions, two, MONDAY, Wanted("remove", duty), seen=0)
        assert (met.value.code, met.value.facts["by"], met.value.facts["revision"]) == ("board_changed", "办公室", 1)
        edit(session, positions, two, MONDAY, Wanted("remove", duty), seen=2)
        with pytest.raises(Conflict) as gone:
            undo(session, positions, one, MONDAY)
        assert gone.value.code == "undo_depends"


def limit(session: Session, volunteer: str, **facts: Any) -> None:
    """Change what the board's problem says of somebody."""
    board = open_board(session, MONDAY)
    rows = [{**v, **facts} if v["id"] == volunteer else v for v in board.problem_json["volunteers"]]
    board.problem_json = {**board.problem_json, "volunteers": rows}
    session.add(board)
    session.flush()


def test_a_rule_that_may_be_waived_asks_for_a_reason_and_others_stand(opened: Sessions) -> None:
    positions = Positions()
    with opened() as session:
        actor, duty = office(session), first_duty(session)
        edit(session, positions, actor, MONDAY, Wanted("remove", duty), seen=0)
        limit(session, duty["volunteer"], max_segments=0)
        positions = Positions()  # The problem was changed behind the board's back.
        with pytest.raises(Refused) as asked:
            edit(session, positions, actor, MONDAY, Wanted("add", duty), seen=1)
        assert (asked.value.code, asked.value.facts) == ("reason_needed", {"rules": ["load"]})
        made = edit(session, positions, actor, MONDAY, Wanted("add", duty), seen=1, reason="家里人开车送")
        assert (made.waived, made.reason) == ("load", "家里人开车送")
        assert open_board(session, MONDAY).problem_json["pins"]["duties"] == [{**duty, "waives": ["load"]}]
        edit(session, positions, actor, MONDAY, Wanted("remove", duty), seen=2)
        limit(session, duty["volunteer"], cleared=False)
        with pytest.raises(Refused) as stands:
            edit(session, Positions(), actor, MONDAY, Wanted("add", duty), seen=3, reason="很急")
    assert stands.value.code == "rules_stand" and "clearance" in stands.value.facts["rules"]  # type: ignore[operator]


def test_days_that_are_over_stay(opened: Sessions, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "today", lambda: date(2026, 7, 7))
    with opened() as session, pytest.raises(Refused) as over:
        edit(session, Positions(), office(session), MONDAY, Wanted("remove", first_duty(session)), seen=0)
    assert (over.value.code, over.value.facts) == ("day_over", {"day": "2026-07-06"})


def test_a_coordinator_changes_the_own_sites_alone(opened: Sessions) -> None:
    with opened() as session:
        here = session.exec(select(Site.id)).first()
        elsewhere = Site(name="别处", subdistrict="某街", longitude=106.5, latitude=29.5)
        session.add(elsewhere)
        session.flush()
        duty = first_duty(session)
        stranger = office(session, Role.SITE_COORDINATOR, elsewhere.id)
        with pytest.raises(NotAllowed):
            edit(session, Positions(), stranger, MONDAY, Wanted("remove", duty), seen=0)
        own = office(session, Role.SITE_COORDINATOR, here)
        assert edit(session, Positions(), own, MONDAY, Wanted("remove", duty), seen=0).revision == 1


def test_who_can_fill_a_place_that_became_open(opened: Sessions) -> None:
    positions = Positions()
    with opened() as session:
        actor, duty = office(session), first_duty(session)
        edit(session, positions, actor, MONDAY, Wanted("remove", duty), seen=0)
        position = positions.of(open_board(session, MONDAY))
        people = {p.volunteer: p for p in who_can_fill(position, duty["class"], duty["segment"])}
        found = people[duty["volunteer"]]
        assert (found.rules, found.cost is not None and found.cost[0] < 0) == ((), True)
        run = position.problem.class_run[duty["class"]]
        line = next(x for x in site_lines(position, run.site, {}) if x.class_run == run.id)
        cell = next(c for c in line.cells if c is not None and c.segment == duty["segment"])
        there = [d for d in position.roster.duties if (d.class_run, d.segment) == (run.id, duty["segment"])]
        assert (len(cell.people), cell.level) == (len(there), "red")
        assert site_gaps(position)[0].missing > 0
