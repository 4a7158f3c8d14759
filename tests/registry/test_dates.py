"""What volunteers say for dates: the problem of that week alone is made with it, and the board shows it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from places import code
from published import BEFORE, MONDAY, ZHANG, district, number, signed_in, usual
from sqlalchemy import Engine
from sqlmodel import Session, select
from town import office
from workbooks import SmallWorkbook

from registry import clock
from registry.board.boards import open_board
from registry.board.desk import see_board, see_sheet
from registry.board.positions import Positions
from registry.db import session_scope
from registry.duties.dates import Told, say_dates, see_dates, unsay_date
from registry.duties.wishes import see_wishes
from registry.errors import Invalid
from registry.people import DatedAvailability
from registry.rostering.build import problem_for_week

ALL = ["1-am", "1-noon", "1-pm"]


@pytest.fixture(name="week")
def published_week(engine: Engine, small: SmallWorkbook, monkeypatch: pytest.MonkeyPatch) -> Iterator[Session]:
    monkeypatch.setattr(clock, "now", lambda: BEFORE)
    with session_scope(engine, is_writing=True) as session:
        district(session, small)
        usual(session)
        yield session


def available(session: Session, monday: date = MONDAY) -> list[str]:
    who = f"v{number(session, ZHANG)}"
    return list(next(v for v in problem_for_week(session, monday)["volunteers"] if v["id"] == who)["available"])


def test_a_date_counts_for_its_week_and_until_it_is_taken_back(week: Session) -> None:
    me = signed_in(week, ZHANG)
    assert available(week) == ALL
    assert say_dates(week, me, MONDAY, None, ["am", "pm"], comes=False) == 2
    assert available(week) == ["1-noon"]
    assert say_dates(week, me, MONDAY, None, ["pm"], comes=True) == 1  # said again, otherwise
    assert available(week) == ["1-noon", "1-pm"]
    assert see_dates(week, me).told == (Told(MONDAY, ("am",), ("pm",), ("am",)),)
    unsay_date(week, me, MONDAY)
    assert (available(week), see_dates(week, me).told) == (ALL, ())
    assert code(lambda: unsay_date(week, me, MONDAY)) == "date_unknown"


def test_what_is_published_on_such_a_day_is_told_beside_the_wishes(week: Session) -> None:
    me, boss = signed_in(week, ZHANG), office(week)
    before = [(h.day, h.part) for h in see_wishes(week, me).outside]
    say_dates(week, me, MONDAY, None, ["noon"], comes=False)
    assert [(h.day, h.part) for h in see_wishes(week, me).outside] == [*before, (MONDAY, "noon")]
    assert code(lambda: see_dates(week, boss)) == "volunteer_needed"


def test_days_from_one_to_another_leave_weekends_out(week: Session) -> None:
    me = signed_in(week, ZHANG)
    friday = BEFORE.date()
    assert say_dates(week, me, friday, MONDAY, ["am"], comes=False) == 2
    assert [t.day for t in see_dates(week, me).told] == [friday, MONDAY]


@pytest.mark.parametrize(
    ("first", "last", "parts", "wrong"),
    [
        (None, None, ["am"], [("first", "date_malformed")]),
        (BEFORE.date() - timedelta(days=1), None, ["am"], [("first", "date_past")]),
        (MONDAY, MONDAY - timedelta(days=1), ["am"], [("last", "ends_before")]),
        (MONDAY, MONDAY + timedelta(days=31), ["am"], [("last", "too_many_days")]),
        (date(2027, 7, 6), None, ["am"], [("first", "date_far")]),
        (date(2026, 7, 4), date(2026, 7, 5), ["am"], [("last", "no_working_day")]),
        (MONDAY, None, ["am", "night"], [("parts", "choose_one")]),
        (None, None, [], [("first", "date_malformed"), ("parts", "choose_one")]),
    ],
)
def test_dates_that_cannot_be_are_refused_whole(
    week: Session, first: date | None, last: date | None, parts: list[str], wrong: list[tuple[str, str]]
) -> None:
    with pytest.raises(Invalid) as refused:
        say_dates(week, signed_in(week, ZHANG), first, last, parts, comes=False)
    assert [(p.field, p.code) for p in refused.value.problems] == wrong
    assert week.exec(select(DatedAvailability)).all() == []


def test_the_board_shows_what_was_said_beside_who_is_there(week: Session) -> None:
    board = open_board(week, MONDAY)
    site = board.problem_json["classes"][0]["site"]
    say_dates(week, signed_in(week, ZHANG), MONDAY, None, ["am"], comes=False)
    view = see_board(week, Positions(), office(week), MONDAY)
    who = f"v{number(week, ZHANG)}"
    [group] = [g for g in see_sheet(view, site, "volunteer").groups if g.id == who]
    boxes = {b.segment: b for row in group.rows for b in row.boxes if b}
    assert [(s, boxes[s].said, len(boxes[s].pieces)) for s in ALL] == [
        ("1-am", False, 1), ("1-noon", None, 1), ("1-pm", None, 1),
    ]  # fmt: skip
