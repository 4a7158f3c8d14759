"""What was worked out is kept as long as every row that was read for it is the same, whoever changes it and how."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine, text
from sqlmodel import Session, select
from workbooks import SmallWorkbook

from registry.board.unchanged import Unchanged
from registry.db import session_scope
from registry.exchange import import_workbook
from registry.people import Volunteer
from registry.programme import Room, Setting, Site, setting


class Counted:
    """Works something out of some rows, and counts how often."""

    def __init__(self) -> None:
        self.times = 0

    def __call__(self, session: Session) -> list[object]:
        self.times += 1
        people = [(v.name, v.reach_km, v.max_segments) for v in session.exec(select(Volunteer).order_by("id"))]
        if people[0][0] == "两个":  # What is asked next depends on what was answered.
            people += [(room.kind, 0.0, room.capacity) for room in session.exec(select(Room).order_by("id"))]
        return [*people, setting(session, "clearance_months")]


@pytest.fixture(name="session")
def small_district(engine: Engine, small: SmallWorkbook) -> Iterator[Session]:
    with session_scope(engine, is_writing=True) as session:
        import_workbook(session, small.write())
        session.flush()
        yield session


def look(session: Session, kept: Unchanged, make: Counted) -> bool:
    """Whether it is worked out anew; what comes of it is right in either case."""
    before = make.times
    found = kept.of(session, "week", make)
    is_anew = make.times > before
    assert found == Counted()(session)
    return is_anew


def test_the_same_rows_are_not_worked_with_twice(session: Session) -> None:
    kept, make = Unchanged(), Counted()
    assert [look(session, kept, make) for _ in range(3)] == [True, False, False]
    session.execute(text("UPDATE site SET address = 'elsewhere'"))  # Nothing was asked of it.
    assert not look(session, kept, make)


def test_every_way_of_changing_a_row_is_noticed(session: Session) -> None:
    kept, make = Unchanged(), Counted()
    look(session, kept, make)
    for statement in (
        "UPDATE volunteer SET reach_km = 4.25 WHERE id = 1",
        "UPDATE volunteer SET name = '' WHERE id = 2",
        "DELETE FROM teachable_course",
        "DELETE FROM volunteer_availability",
        "DELETE FROM preferred_site",
        "DELETE FROM clearance_check",
        "DELETE FROM volunteer WHERE id = 2",
    ):
        session.execute(text(statement))
        session.expire_all()
        assert look(session, kept, make) == ("volunteer " in statement), statement
        assert not look(session, kept, make)
    session.add(Setting(key="clearance_months", value=7))
    session.flush()
    assert look(session, kept, make)


def test_other_questions_are_asked_where_the_rows_lead_to_them(session: Session) -> None:
    kept, make = Unchanged(), Counted()
    look(session, kept, make)
    session.execute(text("UPDATE volunteer SET name = '两个' WHERE id = 1"))
    session.expire_all()
    assert look(session, kept, make)
    look(session, kept, make)  # The new questions are known by now.
    assert not look(session, kept, make)
    session.execute(text("UPDATE room SET capacity = 3"))
    session.expire_all()
    assert look(session, kept, make)


def test_nothing_is_no_text(session: Session) -> None:
    """A column without a value and one with an empty text are two things."""
    kept, seen = Unchanged(), []

    def make(fresh: Session) -> list[str]:
        seen.append(1)
        return [site.coordinator_phone or "-" for site in fresh.exec(select(Site))]

    first = session.exec(select(Site)).first()
    assert first is not None
    for phone, times in (("", 2), ("1", 3), ("1", 3)):
        first.coordinator_phone = phone
        session.add(first)
        session.flush()
        kept.of(session, 1, make)
        assert len(seen) == times
