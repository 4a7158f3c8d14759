"""The cheapest fix of a place is one change: it does what was found, on the board or in a what-if; it can be undone."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from places import code
from solved import solved_draft
from sqlalchemy import Engine
from sqlmodel import Session
from town import office
from workbooks import SmallWorkbook

from registry import clock
from registry.accounts.permissions import Actor
from registry.board import desk
from registry.board.boards import open_board, the_board
from registry.board.edits import edits_of
from registry.board.fixes import DATA, OVER, Fix, see_fixes
from registry.board.positions import Positions
from registry.board.steps import Wanted
from registry.db import session_scope, sessions
from registry.engine.rosters import cost_parts
from registry.exchange import import_workbook

MONDAY = date(2026, 7, 6)


class Gap:
    """The small week, of which the office has taken a duty off the board."""

    def __init__(self, session: Session) -> None:
        self.session, self.positions, self.actor = session, Positions(), office(session)
        self.duty: dict[str, Any] = open_board(session, MONDAY).roster_json["duties"][0]
        self.do(Wanted("remove", self.duty))

    @property
    def revision(self) -> int:
        return the_board(self.session, MONDAY).revision

    def view(self, actor: Actor | None = None) -> desk.BoardView:
        return desk.see_board(self.session, self.positions, actor or self.actor, MONDAY)

    def do(self, wanted: Wanted, **more: Any) -> None:
        desk.change(self.session, self.positions, self.actor, MONDAY, wanted, seen=self.revision, **more)

    def fixes(self) -> list[Fix]:
        found = see_fixes(self.view(), self.duty["class"], self.duty["segment"])
        assert [len(want.changes) for want in found.answer.wants] == [len(ways) for ways in found.fixes]
        return [way for ways in found.fixes for way in ways]


@pytest.fixture(name="gap")
def week_with_a_gap(engine: Engine, small: SmallWorkbook, monkeypatch: pytest.MonkeyPatch) -> Iterator[Gap]:
    monkeypatch.setattr(clock, "today", lambda: date(2026, 7, 1))
    small.change("期次", 结束日期="2026.7.6")
    with session_scope(engine) as session:
        import_workbook(session, small.write())
    solved_draft(sessions(engine), MONDAY)
    with session_scope(engine, is_writing=True) as session:
        yield Gap(session)


def adults(gap: Gap) -> int:
    roster = gap.view().position.roster
    return sum(d.segment == gap.duty["segment"] for d in roster.duties_in.get(gap.duty["class"], ()))


def test_a_fix_fills_the_place_and_is_one_change(gap: Gap) -> None:
    before, ways = adults(gap), gap.fixes()
    wanted = ways[0].wanted
    assert (ways[0].outcome, ways[0].rules) == ("works", ()) and wanted is not None
    gap.do(wanted)
    assert adults(gap) == before + 1
    position = gap.view().position
    assert position.report.violations == () and position.parts == cost_parts(position.problem, position.roster)
    made = edits_of(gap.session, the_board(gap.session, MONDAY))[0]
    assert (made.kind, made.revision, len(made.change_json["added"])) == ("fix", 2, len(wanted.come))
    desk.take_back(gap.session, gap.positions, gap.actor, MONDAY)
    assert adults(gap) == before


def test_a_fix_is_tried_first(gap: Gap) -> None:
    before = adults(gap)
    wanted = gap.fixes()[0].wanted
    assert wanted is not None
    gap.do(wanted, in_trial=True)
    assert (adults(gap), gap.revision) == (before + 1, 1)
    gap.positions = Positions()  # Another process reads what was stacked.
    assert adults(gap) == before + 1
    desk.take_back(gap.session, gap.positions, gap.actor, MONDAY)
    assert (adults(gap), gap.revision) == (before, 1)


def test_what_is_gone_or_nothing_is_no_fix(gap: Gap) -> None:
    assert code(lambda: gap.do(Wanted("fix", {}, gone=(gap.duty,)))) == "entry_gone"
    assert code(lambda: gap.do(Wanted("fix", {}))) == "nothing_changes"
    assert code(lambda: gap.do(Wanted("fix", {}, come=({"volunteer": "v1"},)))) == "entry_malformed"
    assert gap.revision == 1


def test_what_cannot_be_done_here_says_why(gap: Gap, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "today", lambda: date(2026, 7, 7))
    assert {(way.outcome, way.wanted) for way in gap.fixes()} <= {(OVER, None), (DATA, None)}
    monkeypatch.setattr(clock, "today", lambda: date(2026, 7, 1))
    board = the_board(gap.session, MONDAY)
    idle = [{**v, "available": []} for v in board.problem_json["volunteers"]]
    board.problem_json, board.revision = {**board.problem_json, "volunteers": idle}, 2
    gap.session.add(board)
    gap.session.flush()
    assert {way.outcome for way in gap.fixes()} == {DATA}  # Somebody would have to have time.
