"""Data change underneath a board: it says so, tells what would fall away, and nothing is lost without being told."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from published import LI, MONDAY, WANG, ZHANG, district, duty, number, put
from sqlalchemy import Engine
from sqlmodel import Session, select
from town import office
from workbooks import SmallWorkbook

from registry import clock
from registry.accounts.tables import Role
from registry.board.boards import open_board
from registry.board.edits import edit, edits_of, undo
from registry.board.notices import Notice, news_of, see_notice, settle
from registry.board.positions import Positions
from registry.board.steps import Wanted
from registry.db import Sessions, sessions
from registry.errors import Conflict, NotAllowed, Refused
from registry.people import Ban, ClearanceCheck, Volunteer, VolunteerAvailability
from registry.programme import ClassRun


@pytest.fixture(name="opened")
def a_board(engine: Engine, small: SmallWorkbook, monkeypatch: pytest.MonkeyPatch) -> Sessions:
    """The small week, published and on the board, on a day before it. 王 leads the second class."""
    monkeypatch.setattr(clock, "today", lambda: date(2026, 7, 1))
    made = sessions(engine)
    with made() as session:
        district(session, small)
        put(session, [
            duty(session, LI, "1-am", "lead"), duty(session, LI, "1-noon", "lead"),
            *(duty(session, ZHANG, f"1-{part}", "assistant") for part in ("am", "noon", "pm")),
            duty(session, WANG, "1-am", "lead", run=2),
        ])  # fmt: skip
        open_board(session, MONDAY)
    return made


def told(session: Session) -> Notice:
    return see_notice(session, office(session), MONDAY)


def whats(found: Notice) -> list[tuple[str, str, str]]:
    return [(c.kind, c.name, c.what) for c in found.changes]


def falling(found: Notice) -> list[tuple[str, str, tuple[str, ...]]]:
    return sorted((f.name, f.told.starts, f.rules) for f in found.falls)


def person(session: Session, name: str) -> Volunteer:
    return session.exec(select(Volunteer).where(Volunteer.name == name)).one()


def take(session: Session, way: str = "take") -> object:
    found = told(session)
    return settle(session, office(session), MONDAY, way, digest=found.digest, seen=found.revision)


def not_cleared(session: Session) -> None:
    who = person(session, LI).id
    for check in session.exec(select(ClearanceCheck).where(ClearanceCheck.volunteer_id == who)):
        session.delete(check)


def no_afternoon(session: Session) -> None:
    session.delete(session.get_one(VolunteerAvailability, (person(session, ZHANG).id, 1, "pm")))


def closed(session: Session) -> None:
    session.get_one(ClassRun, 2).confirmed = 0


def renamed(session: Session) -> None:
    session.get_one(ClassRun, 1).name = "小海豚班"


def more_children(session: Session) -> None:
    session.get_one(ClassRun, 1).confirmed = 29


def banned(session: Session) -> None:
    session.add(Ban(volunteer_id=number(session, WANG), class_run_id=2, reason="x"))


def fewer_hours(session: Session) -> None:
    run = session.get_one(ClassRun, 1)
    run.parts = [part for part in run.parts if part != "noon"]


def test_nothing_has_changed(opened: Sessions) -> None:
    with opened() as session:
        assert told(session).changes == ()
        with pytest.raises(Refused, match="data_same"):
            take(session)


@pytest.mark.parametrize(
    ("happens", "what", "falls"),
    [
        (not_cleared, [("volunteer", LI, "not_cleared")],
         [(LI, "08:30", ("clearance",)), (LI, "12:00", ("clearance",))]),
        (no_afternoon, [("volunteer", ZHANG, "times")], [(ZHANG, "14:30", ("availability",))]),
        (closed, [("class", "3-4年级班", "gone")], [(WANG, "08:30", ("duty",))]),
        (renamed, [("class", "1-2年级班", "renamed")], []),
        (more_children, [("class", "1-2年级班", "children")], []),
        (banned, [("ban", WANG, "ban_new")], [(WANG, "08:30", ("bans",))]),
        (fewer_hours, [("class", "1-2年级班", "hours")], [(ZHANG, "12:00", ("duty",)), (LI, "12:00", ("duty",))]),
    ],
)  # fmt: skip
def test_a_change_is_told_with_what_would_fall_away_and_taken_with_the_rest_kept(
    opened: Sessions, happens: Callable[[Session], None], what: list[object], falls: list[object]
) -> None:
    with opened() as session:
        happens(session)
        session.flush()
        found = told(session)
        assert (whats(found), falling(found)) == (what, falls)
        before = open_board(session, MONDAY).roster_json["duties"]
        made = take(session)
        board = open_board(session, MONDAY)
        assert len(before) - len(board.roster_json["duties"]) == len(falls)
        assert made == edits_of(session, board)[0]
        assert len(edits_of(session, board)[0].change_json["removed"]) == len(falls)
        assert (told(session).changes, board.revision) == ((), 1)
        assert Positions().of(board).report.violations == ()


def test_opening_what_is_affected_takes_out_what_would_still_fit(opened: Sessions) -> None:
    with opened() as session:
        more_children(session)
        session.flush()
        found = told(session)
        assert (falling(found), len(found.affected)) == ([], 5)
        take(session, "open")
        [left] = open_board(session, MONDAY).roster_json["duties"]
        assert left["class"] == "c2"


def test_what_is_kept_is_silent_until_the_data_change_again(opened: Sessions) -> None:
    with opened() as session:
        renamed(session)
        session.flush()
        assert told(session).is_kept is False
        assert take(session, "keep") is None
        assert (told(session).is_kept, open_board(session, MONDAY).revision) == (True, 0)
        more_children(session)
        session.flush()
        assert told(session).is_kept is False


def test_a_change_made_meanwhile_is_not_overrun(opened: Sessions) -> None:
    positions = Positions()
    with opened() as session:
        no_afternoon(session)
        session.flush()
        found, boss = told(session), office(session)
        gone = duty(session, ZHANG, "1-noon", "assistant")
        edit(session, positions, boss, MONDAY, Wanted("remove", gone), seen=0)
        with pytest.raises(Conflict, match="data_moved_on"):
            settle(session, boss, MONDAY, "take", digest=found.digest, seen=found.revision)
        renamed(session)
        session.flush()
        with pytest.raises(Conflict, match="data_moved_on"):
            settle(session, boss, MONDAY, "take", digest=found.digest, seen=1)


def test_older_edits_can_still_be_taken_back_when_somebody_is_gone_but_not_the_taking_over(opened: Sessions) -> None:
    positions = Positions()
    with opened() as session:
        boss = office(session)
        edit(session, positions, boss, MONDAY, Wanted("remove", duty(session, ZHANG, "1-pm", "assistant")), seen=0)
        closed(session)
        session.flush()
        take(session)
        undo(session, positions, boss, MONDAY)
        board = open_board(session, MONDAY)
        assert duty(session, ZHANG, "1-pm", "assistant") in board.roster_json["duties"]
        with pytest.raises(Refused, match="nothing_to_undo"):
            undo(session, positions, boss, MONDAY)


def test_a_coordinator_takes_new_data_but_nothing_from_somebody_elses_class(opened: Sessions) -> None:
    with opened() as session:
        elsewhere = office(session, Role.SITE_COORDINATOR, 1)
        closed(session)
        session.flush()
        found = see_notice(session, elsewhere, MONDAY)
        assert (found.may_settle, found.falls, found.changes) == (False, (), ())
        assert news_of(session, elsewhere, open_board(session, MONDAY)).changes == ()
        assert told(session).may_settle
        with pytest.raises(NotAllowed):
            settle(session, elsewhere, MONDAY, "take", digest=found.digest, seen=0)
    with opened() as session:
        assert open_board(session, MONDAY).revision == 0
