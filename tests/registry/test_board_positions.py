"""Two processes on one board: what the other has done is judged as a change, and is the same as reading it anew."""

from __future__ import annotations

from datetime import date

import pytest
from solved import solved_draft
from sqlalchemy import Engine
from sqlmodel import Session
from town import office
from workbooks import SmallWorkbook

from registry import clock
from registry.board.boards import newest_board, open_board
from registry.board.edits import edit, undo
from registry.board.positions import Positions
from registry.board.steps import Wanted
from registry.db import Sessions, sessions
from registry.engine import boards as engine_boards
from registry.engine.boards import Position, Violation
from registry.exchange import import_workbook

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


def known(position: Position) -> tuple[object, ...]:
    """All that is known of a position, in no order."""

    def told(found: tuple[Violation, ...]) -> set[tuple[str, frozenset[object], str]]:
        return {(v.rule, frozenset(v.subject), repr(sorted(v.facts.items()))) for v in found}

    report = position.report
    return position.roster, position.pins, dict(position.parts), told(report.violations), told(report.overridden)


def differ_nowhere(session: Session, other: Positions) -> Position:
    """What the other process knows now; it is what one knows that reads the board for the first time."""
    board = open_board(session, MONDAY)
    seen = other.of(board)
    assert known(seen) == known(Positions().of(board))
    return seen


def test_another_process_follows_each_change(opened: Sessions) -> None:
    mine, other = Positions(), Positions()
    with opened() as session:
        actor, first = office(session), differ_nowhere(session, other)
        duty, two = open_board(session, MONDAY).roster_json["duties"][:2]
        edit(session, mine, actor, MONDAY, Wanted("remove", duty), seen=0)
        assert len(differ_nowhere(session, other).roster.duties) == len(first.roster.duties) - 1
        edit(session, mine, actor, MONDAY, Wanted("pin", two), seen=1)
        assert len(differ_nowhere(session, other).pins) == 1
        edit(session, mine, actor, MONDAY, Wanted("remove", two), seen=2)  # Its pin goes with it.
        assert differ_nowhere(session, other).pins == {}
        undo(session, mine, actor, MONDAY)
        now = differ_nowhere(session, other)
        assert (len(now.roster.duties), len(now.pins)) == (len(first.roster.duties) - 1, 1)
        assert now.problem.volunteers is first.problem.volunteers  # Followed, not read again.


def test_whoever_has_seen_too_little_judges_the_week_anew(opened: Sessions, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine_boards, "FEW", 1)
    mine, other = Positions(), Positions()
    with opened() as session:
        differ_nowhere(session, other)
        for n in (0, 1):
            one = open_board(session, MONDAY).roster_json["duties"][0]
            edit(session, mine, office(session), MONDAY, Wanted("remove", one), seen=n)
        differ_nowhere(session, other)


def test_other_data_underneath_are_read_again(opened: Sessions) -> None:
    other = Positions()
    with opened() as session:
        before = differ_nowhere(session, other)
        board = open_board(session, MONDAY)
        nobody = [{**v, "max_segments": 0} for v in board.problem_json["volunteers"]]
        board.problem_json, board.revision = {**board.problem_json, "volunteers": nobody}, 1
        session.add(board)
        session.flush()
        after = differ_nowhere(session, other)
    assert (before.report.violations, {v.rule for v in after.report.violations}) == ((), {"load"})


def test_the_newest_board_is_known_before_anybody_asks(opened: Sessions) -> None:
    positions = Positions()
    with opened() as session:
        assert newest_board(session) is None
        board = open_board(session, MONDAY)
        found = newest_board(session)
        assert found == board
        positions.read_ahead(board)
        position = positions.of(board)
        assert {"report", "parts"} <= vars(position).keys()
