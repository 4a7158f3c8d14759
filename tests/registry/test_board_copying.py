"""Last week copied onto a board: what holds comes, what does not is told with why, as one edit that can be undone."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from published import LI, MONDAY, WANG, ZHANG, district, duty, lesson, number, put
from sqlalchemy import Engine
from sqlmodel import Session, select
from town import office
from workbooks import SmallWorkbook

from registry import clock
from registry.accounts.tables import Role
from registry.board.boards import board_of, open_board
from registry.board.copying import Copy, copy_week, see_copy
from registry.board.edits import undo
from registry.board.positions import Positions
from registry.db import Sessions, sessions
from registry.errors import Conflict, NotFound, Refused
from registry.people import Volunteer, VolunteerAvailability
from registry.programme import ClassRun, Term

NEXT = MONDAY + timedelta(days=7)


@pytest.fixture(name="opened")
def two_weeks(engine: Engine, small: SmallWorkbook, monkeypatch: pytest.MonkeyPatch) -> Sessions:
    """The small week, published, in a term that goes on for another week."""
    monkeypatch.setattr(clock, "today", lambda: date(2026, 7, 1))
    made = sessions(engine)
    with made() as session:
        district(session, small)
        put(session, [
            duty(session, LI, "1-am", "lead"), duty(session, ZHANG, "1-am", "assistant"),
            duty(session, ZHANG, "1-pm", "assistant"), lesson(session, LI, "1-1"),
            duty(session, WANG, "1-am", "lead", run=2),
        ])  # fmt: skip
        for term in session.exec(select(Term)):
            term.ends_on = NEXT
            session.add(term)
    return made


def left_out(found: Copy) -> list[tuple[str, str, tuple[str, ...]]]:
    return sorted((f.name, f.told.kind, f.rules) for f in found.left_out)


def test_everything_that_still_holds_is_copied_as_one_edit_that_can_be_taken_back(opened: Sessions) -> None:
    positions = Positions()
    with opened() as session:
        boss = office(session)
        found = see_copy(session, boss, NEXT)
        assert (len(found.entries), found.left_out, found.version, found.revision) == (5, (), 1, None)
        made = copy_week(session, positions, boss, NEXT, MONDAY, seen=None)
        board = open_board(session, NEXT)
        assert (made.kind, board.revision, len(board.roster_json["duties"]), len(board.roster_json["lessons"])) == (
            "copy", 1, 4, 1,
        )  # fmt: skip
        assert positions.of(board).report.violations == ()
        with pytest.raises(Conflict, match="board_not_empty"):
            see_copy(session, boss, NEXT)
        undo(session, positions, boss, NEXT)
        assert open_board(session, NEXT).roster_json["duties"] == []


def test_what_cannot_be_copied_is_told_with_the_reason(opened: Sessions) -> None:
    with opened() as session:
        who = session.exec(select(Volunteer.id).where(Volunteer.name == ZHANG)).one()
        session.delete(session.get_one(VolunteerAvailability, (who, 1, "pm")))
        session.get_one(ClassRun, 2).confirmed = 0
        session.flush()
        found = see_copy(session, office(session), NEXT)
        assert left_out(found) == sorted([(ZHANG, "duty", ("availability",)), (WANG, "duty", ("class_gone",))])
        assert len(found.entries) == 3


def test_a_class_of_another_term_is_found_by_its_site_and_name(opened: Sessions) -> None:
    with opened() as session:
        old = session.get_one(ClassRun, 1)
        term = session.get_one(Term, old.term_id)
        later = Term(**{**term.model_dump(exclude={"id"}), "name": "第二期", "starts_on": NEXT, "ends_on": NEXT})
        term.ends_on = MONDAY
        session.add_all([term, later])
        session.flush()
        new = ClassRun(**{**old.model_dump(exclude={"id"}), "term_id": later.id})
        session.add(new)
        session.flush()
        found = see_copy(session, office(session), NEXT)
        assert {row["class"] for row in found.entries} == {f"c{new.id}"}
        assert left_out(found) == [(WANG, "duty", ("class_gone",))]


def test_a_coordinator_copies_the_own_site_alone(opened: Sessions) -> None:
    with opened() as session:
        site = session.get_one(ClassRun, 2).site_id
        here = office(session, Role.SITE_COORDINATOR, site)
        found = see_copy(session, here, NEXT)
        runs = {f"c{run.id}" for run in session.exec(select(ClassRun).where(ClassRun.site_id == site))}
        assert {row["class"] for row in found.entries} == runs & {"c1", "c2"}
        assert number(session, WANG)


def test_what_makes_no_sense_is_refused_and_leaves_no_board(opened: Sessions) -> None:
    with opened() as session:
        boss = office(session)
        with pytest.raises(Refused, match="source_later"):
            see_copy(session, boss, MONDAY, NEXT)
        with pytest.raises(NotFound, match="nothing_to_copy"):
            see_copy(session, boss, NEXT + timedelta(days=7), NEXT)
        with pytest.raises(Conflict, match="board_moved_on"):
            copy_week(session, Positions(), boss, NEXT, MONDAY, seen=3)
        assert board_of(session, NEXT) is None
        assert isinstance(session, Session)
