"""A small change to a published week: the next version at once, whole or not at all, on the board as well."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from published import BEFORE, LI, MONDAY, WANG, ZHANG, ZHAO, district, duty, lesson, now_rostered, number, usual
from sqlalchemy import Engine
from sqlmodel import Session, select
from workbooks import SmallWorkbook

from registry import clock
from registry.board.boards import open_board
from registry.board.edits import edits_of
from registry.db import session_scope
from registry.duties.amend import amend
from registry.duties.publish import version_in_force
from registry.errors import Conflict, NotFound, SolveFailed
from registry.people import VolunteerAvailability


@pytest.fixture(name="week")
def published_week(engine: Engine, small: SmallWorkbook, monkeypatch: pytest.MonkeyPatch) -> Iterator[Session]:
    monkeypatch.setattr(clock, "now", lambda: BEFORE)
    with session_scope(engine, is_writing=True) as session:
        district(session, small)
        usual(session)
        yield session


def test_entries_go_and_come_as_the_next_version(week: Session) -> None:
    gone, come = duty(week, ZHANG, "1-am", "assistant"), duty(week, ZHAO, "1-am", "assistant")
    made = amend(week, MONDAY, remove=[gone], add=[come, lesson(week, LI, "1-1")], note="换人")
    assert (made.number, made.note, version_in_force(week, MONDAY)) == (2, "换人", made)
    rows = now_rostered(week)
    assert (ZHAO, "1", "am", "assistant") in rows
    assert (ZHANG, "1", "am", "assistant") not in rows
    assert (LI, "1", "1", "3") in rows
    assert len(rows) == 6


def test_what_is_gone_or_breaks_a_rule_changes_nothing(week: Session) -> None:
    before = now_rostered(week)
    with pytest.raises(Conflict) as gone:
        amend(week, MONDAY, remove=[duty(week, ZHAO, "1-am", "assistant")], add=[])
    with pytest.raises(Conflict) as there:
        amend(week, MONDAY, remove=[], add=[duty(week, ZHANG, "1-pm", "assistant")])
    with pytest.raises(SolveFailed) as broken:
        amend(week, MONDAY, remove=[], add=[duty(week, ZHANG, "1-am", "assistant", run=2)])
    with pytest.raises(NotFound) as other:
        amend(week, date(2026, 7, 13), remove=[], add=[])
    codes = (gone.value.code, there.value.code, broken.value.code, other.value.code)
    assert codes == ("entry_gone", "entry_gone", "roster_broken", "week_not_published")
    assert now_rostered(week) == before


def test_a_volunteer_is_taken_as_they_are_today(week: Session) -> None:
    """李 had no time in the afternoon when the week was published, and is full with two parts of the day."""
    person = number(week, LI)
    week.add(VolunteerAvailability(volunteer_id=person, weekday=1, part="pm"))
    week.flush()
    add = [duty(week, LI, "1-pm", "lead")]
    with pytest.raises(SolveFailed):
        amend(week, MONDAY, remove=[], add=add)
    gone = [duty(week, LI, "1-noon", "lead")]
    amend(week, MONDAY, remove=gone, add=add, renewed=[person])
    assert (LI, "1", "pm", "lead") in now_rostered(week)


def test_what_was_right_when_it_was_published_stays_so(week: Session) -> None:
    person = number(week, LI)
    for row in week.exec(select(VolunteerAvailability).where(VolunteerAvailability.volunteer_id == person)):
        week.delete(row)
    week.flush()
    made = amend(week, MONDAY, remove=[], add=[duty(week, WANG, "1-pm", "lead")], renewed=[person])
    available = next(v["available"] for v in made.problem_json["volunteers"] if v["id"] == f"v{person}")
    assert available == ["1-am", "1-noon"]


def test_the_board_follows_where_it_can(week: Session) -> None:
    board = open_board(week, MONDAY)
    gone, come = duty(week, ZHANG, "1-am", "assistant"), duty(week, ZHAO, "1-am", "assistant")
    amend(week, MONDAY, remove=[gone], add=[come])
    week.refresh(board)
    assert come in board.roster_json["duties"]
    assert gone not in board.roster_json["duties"]
    assert (board.revision, [e.kind for e in edits_of(week, board)]) == (1, ["amend"])
    kept = [d for d in board.roster_json["duties"] if d != come]
    board.roster_json = {**board.roster_json, "duties": [*kept, duty(week, ZHAO, "1-am", "assistant", run=2)]}
    week.add(board)
    week.flush()
    amend(week, MONDAY, remove=[come], add=[gone])
    week.refresh(board)
    assert duty(week, ZHAO, "1-am", "assistant", run=2) in board.roster_json["duties"]  # theirs stands
    assert gone in board.roster_json["duties"]
