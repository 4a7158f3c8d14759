"""A published week kept in memory: brought up to date it is what reading it anew would be; an amendment is another."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from places import code
from published import BEFORE, LI, MONDAY, WANG, ZHANG, ZHAO, district, duty, number, usual
from sqlalchemy import Engine
from sqlmodel import Session, select
from workbooks import SmallWorkbook

from registry import clock
from registry.db import session_scope
from registry.duties.amend import amend, in_force
from registry.duties.known_weeks import week_in_force
from registry.duties.renew import renew
from registry.duties.swap_rules import Table, handed
from registry.engine.boards import Problem
from registry.engine.rosters import read
from registry.people import Ban, Volunteer, VolunteerAvailability


@pytest.fixture(name="week")
def published_week(engine: Engine, small: SmallWorkbook, monkeypatch: pytest.MonkeyPatch) -> Iterator[Session]:
    monkeypatch.setattr(clock, "now", lambda: BEFORE)
    with session_scope(engine, is_writing=True) as session:
        district(session, small)
        usual(session)
        yield session


def read_whole(session: Session, volunteers: list[int]) -> Problem:
    """The renewed week by reading all of it."""
    version = in_force(session, MONDAY)
    return read(renew(session, MONDAY, version.problem_json, version.roster_json, volunteers))


def change_everybody(session: Session) -> list[int]:
    """李 has little time, 王 is banned from a class, 赵 moved away, and there is somebody new. Their rows."""
    away = select(VolunteerAvailability).where(VolunteerAvailability.volunteer_id == number(session, LI))
    for row in session.exec(away):
        session.delete(row)
    session.add(Ban(volunteer_id=number(session, WANG), class_run_id=2, reason=""))
    zhao = session.get_one(Volunteer, number(session, ZHAO))
    zhao.reach_km = 0.5
    new = Volunteer(**{**zhao.model_dump(exclude={"id"}), "name": "新来的", "phone": "13900000099"})
    session.add_all([zhao, new])
    session.flush()
    return [number(session, name) for name in (LI, WANG, ZHAO, "新来的")]


def test_the_week_of_today_is_what_reading_it_anew_says(week: Session) -> None:
    known = week_in_force(week, MONDAY)
    everybody = change_everybody(week)
    for some in ([], everybody[:1], everybody[1:2], everybody):
        position = known.today(week, some)
        assert position.problem == read_whole(week, some)
        assert position.roster == known.position.roster
    assert known.position.problem == read(in_force(week, MONDAY).problem_json)  # What is kept is as it was.


def test_what_is_kept_is_found_by_its_content(week: Session) -> None:
    known = week_in_force(week, MONDAY)
    assert week_in_force(week, MONDAY) is known
    amend(week, MONDAY, remove=[duty(week, ZHANG, "1-pm", "assistant")], add=[])
    after = week_in_force(week, MONDAY)
    assert len(known.position.roster.duties) - len(after.position.roster.duties) == 1
    assert code(lambda: week_in_force(week, date(2026, 7, 13))) == "week_not_published"


def test_nobody_is_left_out_who_could_take_a_stay(week: Session) -> None:
    """Those who are not asked closely are those whom the rules keep away anyway."""
    table, give = Table(week, week_in_force(week, MONDAY)), [duty(week, LI, "1-am", "lead")]
    me, kept_away = f"v{number(week, LI)}", set[str]()
    for v in table.problem.volunteers:
        if v.id != me and not table.may_have(give, v.id):
            kept_away.add(v.name)
            assert table.against(give, [], me, v.id), handed(give, v.id)
    assert kept_away == {ZHANG, ZHAO}  # They do not lead.
