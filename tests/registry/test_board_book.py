"""The board's workbook edited and brought back: moves are judged as drags are, nobody's change is overrun."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from published import LI, MONDAY, WANG, ZHANG, ZHAO, district, duty, number, put
from sqlalchemy import Engine
from sqlmodel import Session
from town import office
from workbooks import SmallWorkbook

from api.prints.sheets import Edition
from api.prints.workbook import workbook
from registry import clock
from registry.accounts.permissions import Actor
from registry.accounts.tables import Role
from registry.board.boards import open_board
from registry.board.book_moves import Brought, bring_book, see_book
from registry.board.edits import edit, undo
from registry.board.positions import Positions
from registry.board.printing import sites_in_book, week_to_print
from registry.board.steps import Wanted
from registry.db import Sessions, sessions
from registry.errors import Conflict, Refused
from registry.exchange.sheets import open_workbook
from registry.rostering.week_store import WeekStore

Rows = list[dict[str, Any]]


@pytest.fixture(name="opened")
def a_board(engine: Engine, small: SmallWorkbook, monkeypatch: pytest.MonkeyPatch) -> Sessions:
    """The small week on the board, on a day before it."""
    monkeypatch.setattr(clock, "today", lambda: date(2026, 7, 1))
    made = sessions(engine)
    with made() as session:
        district(session, small)
        put(session, [
            duty(session, LI, "1-am", "lead"), duty(session, ZHANG, "1-am", "assistant"),
            duty(session, WANG, "1-am", "lead", run=2),
        ])  # fmt: skip
        open_board(session, MONDAY)
    return made


def edited(session: Session, folder: Path, change: Callable[[Rows], Rows], actor: Actor | None = None) -> Path:
    """Somebody's workbook of the board as it is now, else the office's, with its list of duties changed."""
    boss = actor or office(session)
    week = week_to_print(session, WeekStore(full_names=True), boss, MONDAY, is_board=True)
    board = open_board(session, MONDAY)
    roster = {**week.roster_json, "duties": change(list(board.roster_json["duties"]))}
    store = WeekStore(full_names=True)
    other = store.made(week.draft, board.problem_json, lambda: roster | {"result": week.roster_json["result"]})
    path = folder / "week.xlsx"
    made = Edition("a4", "zh", datetime(2026, 7, 1, tzinfo=UTC))
    path.write_bytes(workbook(other, made, sites_in_book(week, boss)))
    return path


def outcomes(found: Brought) -> list[tuple[list[str], list[str], str, tuple[str, ...]]]:
    return sorted(([n for n, _ in m.gone], [n for n, _ in m.come], m.outcome, m.rules) for m in found.moves)


def test_the_workbook_of_a_board_that_nobody_edited_changes_nothing(opened: Sessions, tmp_path: Path) -> None:
    with opened() as session:
        path = edited(session, tmp_path, lambda rows: rows)
        found = see_book(session, Positions(), office(session), MONDAY, path)
        assert (found.moves, found.problems, found.made_of, found.revision) == ((), (), 0, 0)
        with pytest.raises(Refused, match="nothing_changes"):
            bring_book(session, Positions(), office(session), MONDAY, path, seen=0)


def test_what_works_is_one_edit_and_what_breaks_a_rule_is_not_done(opened: Sessions, tmp_path: Path) -> None:
    positions = Positions()
    with opened() as session:
        boss = office(session)
        second_lead = duty(session, WANG, "1-noon", "lead"), duty(session, LI, "1-noon", "lead")

        def change(rows: Rows) -> Rows:
            kept = [row for row in rows if row["volunteer"] != duty(session, ZHANG, "1-am", "assistant")["volunteer"]]
            return [*kept, duty(session, ZHAO, "1-am", "assistant"), *second_lead]

        path = edited(session, tmp_path, change)
        found = see_book(session, positions, boss, MONDAY, path)
        told = [(gone, sorted(come), outcome) for gone, come, outcome, _ in outcomes(found)]
        assert told == [([], sorted([WANG, LI]), "conflict"), ([ZHANG], [ZHAO], "works")]
        assert [("one_lead" in move.rules) for move in found.moves if move.outcome != "works"] == [True]
        made = bring_book(session, positions, boss, MONDAY, path, seen=0)
        board = open_board(session, MONDAY)
        assert (made.kind, board.revision) == ("book", 1)
        assert duty(session, ZHAO, "1-am", "assistant") in board.roster_json["duties"]
        assert not {str(row) for row in second_lead} & {str(row) for row in board.roster_json["duties"]}
        undo(session, positions, boss, MONDAY)
        assert duty(session, ZHANG, "1-am", "assistant") in open_board(session, MONDAY).roster_json["duties"]


def test_what_somebody_changed_since_the_export_stays(opened: Sessions, tmp_path: Path) -> None:
    positions = Positions()
    with opened() as session:
        boss = office(session)
        path = edited(session, tmp_path, lambda rows: [row for row in rows if row["class"] != "c1"])
        edit(session, positions, boss, MONDAY, Wanted("remove", duty(session, ZHANG, "1-am", "assistant")), seen=0)
        found = see_book(session, positions, boss, MONDAY, path)
        assert (found.made_of, found.revision) == (0, 1)
        assert {row[2] for row in outcomes(found)} == {"stale"}
        with pytest.raises(Refused, match="nothing_changes"):
            bring_book(session, positions, boss, MONDAY, path, seen=1)
        with pytest.raises(Conflict, match="board_moved_on"):
            bring_book(session, positions, boss, MONDAY, path, seen=0)


def far_from_the_first(session: Session) -> Actor:
    """The coordinator of the first class's site; 王 and 赵 live out of its reach."""
    board = open_board(session, MONDAY)
    far = {f"v{number(session, name)}" for name in (WANG, ZHAO)}
    people = [{**v, "reach_km": 1.0, "x_km": 900.0} if v["id"] in far else v for v in board.problem_json["volunteers"]]
    board.problem_json = {**board.problem_json, "volunteers": people}
    session.add(board)
    session.flush()
    [site] = {c["site"] for c in board.problem_json["classes"] if c["id"] == "c1"}
    return office(session, Role.SITE_COORDINATOR, int(site[1:]))


def words_in(path: Path) -> set[str]:
    """Of the people and classes, those that a workbook names in any cell of any sheet."""
    with open_workbook(path) as source:
        cells = repr([source.get_sheet_by_name(name).to_python() for name in source.sheet_names])
    return {word for word in (LI, ZHANG, WANG, ZHAO, "1-2年级班", "3-4年级班", "西镇少年宫") if word in cells}


def test_a_coordinator_takes_the_own_site_alone(opened: Sessions, tmp_path: Path) -> None:
    with opened() as session:
        mine = far_from_the_first(session)
        assert words_in(edited(session, tmp_path, lambda rows: rows, mine)) == {LI, ZHANG, "1-2年级班"}
        assert len(words_in(edited(session, tmp_path, lambda rows: rows))) == 7


def test_what_is_not_in_the_book_of_a_site_stays(opened: Sessions, tmp_path: Path) -> None:
    """It comes back in as judged moves, whoever brings it, and takes nothing away from other sites."""
    positions = Positions()
    with opened() as session:
        mine, gone = far_from_the_first(session), duty(session, ZHANG, "1-am", "assistant")
        path = edited(session, tmp_path, lambda rows: [row for row in rows if row != gone], mine)
        for reader in (mine, office(session)):
            found = see_book(session, positions, reader, MONDAY, path)
            assert (outcomes(found), found.problems) == ([([ZHANG], [], "works", ())], ())
        bring_book(session, positions, mine, MONDAY, path, seen=0)
        left = open_board(session, MONDAY).roster_json["duties"]
        assert gone not in left and duty(session, WANG, "1-am", "lead", run=2) in left
        path = edited(session, tmp_path, lambda rows: rows, mine)
        edit(session, positions, office(session), MONDAY, Wanted("add", gone), seen=1)
        assert see_book(session, positions, mine, MONDAY, path).moves == ()
