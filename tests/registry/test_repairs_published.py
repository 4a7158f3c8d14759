"""A repaired week is published, and the stand-bys of what is published."""

from __future__ import annotations

from datetime import timedelta

import pytest
from mended import MONDAY, asked, entries, on, somebody, work_out
from sqlalchemy import Engine
from town import office
from workbooks import SmallWorkbook

from registry import clock
from registry.board.boards import open_board, the_board
from registry.board.edits import undo
from registry.board.notices import news_of
from registry.board.positions import Positions
from registry.db import Sessions, sessions
from registry.duties.publish import publish, version_in_force
from registry.duties.releases import publish_board
from registry.engine.rosters import costed, read_problem, read_roster
from registry.errors import NotFound
from registry.exchange import import_workbook
from registry.repairs.causes import ABSENT, Cause
from registry.repairs.deciding import accept_repair
from registry.repairs.standby import ask_standbys, see_standbys
from registry.rostering.drafts import make_draft
from registry.tasks.queue import waiting


@pytest.fixture(name="stored")
def week_of_the_tables(engine: Engine, small: SmallWorkbook, monkeypatch: pytest.MonkeyPatch) -> Sessions:
    """The small district's Monday, which can be published, with its board."""
    monkeypatch.setattr(clock, "today", lambda: MONDAY - timedelta(days=5))
    small.change("期次", 开始日期="2026.7.13", 结束日期="2026.7.13")
    made = sessions(engine)
    with made() as session:
        import_workbook(session, small.write())
    make_draft(made, MONDAY, seconds=1, workers=1)
    with made() as session:
        open_board(session, MONDAY)
    return made


def test_the_repaired_board_is_published_and_the_repair_can_be_taken_back(stored: Sessions) -> None:
    opened = stored
    with opened() as session:
        who, board = somebody(session), the_board(session, MONDAY)
        before, problem = entries(board.roster_json), board.problem_json
        first = costed(board.problem_json, board.roster_json, 1)
        publish(session, MONDAY, board.problem_json, first, seed=1)
    number, boss = asked(opened, Cause(ABSENT, (1,), who))
    positions = Positions()
    with opened() as session:
        accept_repair(session, positions, boss, MONDAY, number)
        made = publish_board(session, boss, MONDAY, 1)
        assert (made.number, version_in_force(session, MONDAY)) == (2, made)
        assert who not in {d["volunteer"] for d in made.roster_json["duties"]}
        undo(session, positions, boss, MONDAY)
        board = the_board(session, MONDAY)
        assert (entries(board.roster_json), board.problem_json) == (before, problem)
        assert positions.of(board).report.violations == ()
        assert positions.of(board).parts == Positions().of(board).parts
        assert news_of(session, boss, board).changes == ()


def test_the_stand_bys_of_the_version_in_force(stored: Sessions) -> None:
    opened = stored
    with opened() as session:
        boss, board = office(session), the_board(session, MONDAY)
        with pytest.raises(NotFound) as none:
            ask_standbys(session, boss, MONDAY)
        publish(session, MONDAY, board.problem_json, costed(board.problem_json, board.roster_json, 1), seed=1)
        assert see_standbys(session, boss, MONDAY).status is None
        number = ask_standbys(session, boss, MONDAY).id or 0
        assert ask_standbys(session, boss, MONDAY).id == number
        assert len(waiting(session)) == 1
    work_out(opened)
    with opened() as session:
        seen = see_standbys(session, boss, MONDAY)
        version = version_in_force(session, MONDAY)
        assert (seen.version, seen.status, [d.day.isoweekday() for d in seen.days]) == (1, "done", [1])
        assert version is not None
        roster = read_roster(version.roster_json, read_problem(version.problem_json))
        for day in seen.days:
            engaged = {d.volunteer for d in roster.duties if on(day.day.isoweekday(), d.segment)}
            engaged |= {x.instructor for x in roster.lessons if on(day.day.isoweekday(), x.slot)}
            assert day.harmless + day.covered + len(day.uncovered) == len(engaged)
            assert not {v for v, _ in day.ready} & engaged
    assert none.value.code == "week_unpublished"
