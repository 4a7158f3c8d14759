"""A published week: its versions, the rows of the one in force, and what is asked of a day."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from solved import solved_draft
from sqlalchemy import Engine
from sqlmodel import Session, col, select
from town import office
from workbooks import SmallWorkbook

from registry import clock
from registry.accounts.permissions import actor_of
from registry.accounts.tables import Account, OutboxMessage, Role
from registry.board.boards import open_board
from registry.db import Sessions, sessions
from registry.duties.answer_tables import Absence
from registry.duties.days import class_duties, class_lessons, classes_on, duties_of, lessons_of
from registry.duties.difference import difference
from registry.duties.mine import next_stay, own_week
from registry.duties.outlook import outlook, weeks_to_publish
from registry.duties.publish import number_of, publish, version_in_force, version_of
from registry.duties.releases import (
    compare,
    publish_board,
    publish_draft,
    roll_back,
)
from registry.duties.tables import RosteredDuty, RosteredLesson, RosterVersion
from registry.errors import Conflict, NotAllowed, NotFound, Refused, SolveFailed
from registry.exchange import import_workbook
from registry.people import Volunteer
from registry.rostering.tables import RosterDraft
from scheduler import Cost, cost, read_problem, read_roster

MONDAY = date(2026, 7, 6)


@pytest.fixture(name="week")
def solved_week(engine: Engine, small: SmallWorkbook) -> tuple[Sessions, RosterDraft]:
    """Sessions on the small district, and its solved Monday."""
    small.change("期次", 结束日期="2026.7.6")
    made = sessions(engine)
    with made() as session:
        import_workbook(session, small.write())
    return made, solved_draft(made, MONDAY)


def put(session: Session, draft: RosterDraft, **more: Any) -> RosterVersion:
    """The draft's roster as the next version."""
    assert draft.roster_json is not None
    return publish(session, MONDAY, draft.problem_json, draft.roster_json, seed=draft.seed, **more)


def test_a_published_week_has_a_row_for_each_entry(week: tuple[Sessions, RosterDraft]) -> None:
    opened, draft = week
    roster = draft.roster_json
    assert roster is not None
    with opened() as session:
        made = put(session, draft, note="第一版")
        told = {
            (f"v{d.volunteer_id}", f"c{d.class_run_id}", f"{d.day.isoweekday()}-{d.part}", d.role)
            for d in session.exec(select(RosteredDuty))
        }
        given = {
            (f"v{x.volunteer_id}", f"c{x.class_run_id}", f"{x.day.isoweekday()}-{x.slot}", f"k{x.course_id}")
            for x in session.exec(select(RosteredLesson))
        }
        assert (made.number, made.note, made.seed, version_in_force(session, MONDAY)) == (1, "第一版", draft.seed, made)
    assert told == {(d["volunteer"], d["class"], d["segment"], d["role"]) for d in roster["duties"]} != set()
    assert given == {(x["instructor"], x["class"], x["slot"], x["course"]) for x in roster["lessons"]}


def test_a_later_version_replaces_the_rows_and_keeps_the_versions(week: tuple[Sessions, RosterDraft]) -> None:
    opened, draft = week
    with opened() as session:
        first = put(session, draft)
        rows = len(session.exec(select(RosteredDuty)).all())
        second = put(session, draft, restores=1)
        assert (first.number, second.number, second.restores) == (1, 2, 1)
        assert {d.version_id for d in session.exec(select(RosteredDuty))} == {second.id}
        assert len(session.exec(select(RosteredDuty)).all()) == rows
        assert version_in_force(session, MONDAY) == second
        assert version_of(session, MONDAY, 1) == first
        with pytest.raises(NotFound) as unknown:
            version_of(session, MONDAY, 3)
    assert unknown.value.code == "version_unknown"


def test_what_breaks_a_rule_or_begins_on_a_tuesday_is_not_published(week: tuple[Sessions, RosterDraft]) -> None:
    opened, draft = week
    assert draft.roster_json is not None
    twice = [{**d, "role": "lead"} for d in draft.roster_json["duties"]]
    broken = {**draft.roster_json, "duties": twice}
    with opened() as session:
        with pytest.raises(SolveFailed) as refused:
            publish(session, MONDAY, draft.problem_json, broken, seed=1)
        with pytest.raises(Refused) as tuesday:
            publish(session, date(2026, 7, 7), draft.problem_json, draft.roster_json, seed=1)
        assert version_in_force(session, MONDAY) is None
    assert (refused.value.code, tuesday.value.code) == ("roster_broken", "week_not_monday")


def test_a_day_tells_who_is_with_whom(week: tuple[Sessions, RosterDraft]) -> None:
    opened, draft = week
    with opened() as session:
        put(session, draft)
        duty = session.exec(select(RosteredDuty)).first()
        assert duty is not None
        mine = duties_of(session, duty.volunteer_id, MONDAY, MONDAY)
        assert {d.day for d in mine} == {MONDAY}
        assert duty in mine
        assert mine == sorted(mine, key=lambda d: d.starts_at)
        assert duties_of(session, duty.volunteer_id, date(2026, 7, 7), date(2026, 7, 10)) == []
        assert classes_on(session, duty.volunteer_id, MONDAY) == {duty.class_run_id}
        assert classes_on(session, duty.volunteer_id, date(2026, 7, 7)) == set()
        assert duty in class_duties(session, duty.class_run_id, MONDAY)
        lessons = class_lessons(session, duty.class_run_id, MONDAY, MONDAY)
        assert {x.class_run_id for x in lessons} <= {duty.class_run_id}
        assert sorted(x.id or 0 for x in lessons) == sorted(
            x.id or 0 for v in {x.volunteer_id for x in lessons} for x in lessons_of(session, v, MONDAY, MONDAY)
        )


def other(roster: dict[str, Any]) -> dict[str, Any]:
    """The same without its first duty and that person's lessons, its cost not yet right."""
    gone = roster["duties"][0]
    return {**roster, "duties": roster["duties"][1:]} | {
        "lessons": [x for x in roster["lessons"] if x["instructor"] != gone["volunteer"]]
    }


def test_a_difference_tells_who_gets_and_loses_what(week: tuple[Sessions, RosterDraft]) -> None:
    _, draft = week
    assert draft.roster_json is not None
    first = difference(MONDAY, None, (draft.problem_json, draft.roster_json))
    assert (first.gone, first.new, first.kept) == (
        0, len(draft.roster_json["duties"]) + len(draft.roster_json["lessons"]), 0,
    )  # fmt: skip
    changed = other(draft.roster_json)
    gone = draft.roster_json["duties"][0]
    lost = difference(MONDAY, (draft.problem_json, draft.roster_json), (draft.problem_json, changed))
    assert (lost.new, [p.volunteer for p in lost.people], lost.people[0].new) == (0, [gone["volunteer"]], ())
    told = next(t for t in lost.people[0].gone if t.kind == "duty")
    assert (told.day, told.what, told.starts) == (MONDAY, gone["role"], "08:30")
    assert lost.kept + lost.gone == first.new
    same = difference(MONDAY, (draft.problem_json, draft.roster_json), (draft.problem_json, draft.roster_json))
    assert same.is_nothing


def test_the_office_publishes_what_it_looked_at_and_those_affected_hear_once(
    week: tuple[Sessions, RosterDraft],
) -> None:
    opened, draft = week
    with opened() as session:
        boss = office(session)
        seen = outlook(session, boss, MONDAY)
        assert (seen.draft, seen.versions, seen.changes is not None) == (draft.id, (), True)
        with pytest.raises(Conflict) as stale:
            publish_draft(session, boss, MONDAY, (draft.id or 0) + 1)
        made = publish_draft(session, boss, MONDAY, draft.id or 0, "第一版")
        messages = session.exec(select(OutboxMessage)).all()
        with_phone = {p.volunteer for p in seen.changes.people} if seen.changes else set()
        assert (made.published_by, [m.code for m in messages]) == (
            boss.account_id, ["duties_published"] * len(with_phone),
        )  # fmt: skip
        assert len({m.phone for m in messages}) == len(messages) > 0
        with pytest.raises(Conflict) as same:
            publish_draft(session, boss, MONDAY, draft.id or 0)
        assert (stale.value.code, same.value.code) == ("draft_not_newest", "nothing_to_publish")
        assert weeks_to_publish(session, boss) == [(MONDAY, 1, False)]
        after = outlook(session, boss, MONDAY)
        assert (after.is_old_draft, after.changes is not None and after.changes.is_nothing) == (True, True)
        with pytest.raises(NotAllowed):
            outlook(session, office(session, Role.SITE_COORDINATOR, 1), MONDAY)


def test_an_earlier_version_comes_back_as_the_next_and_only_those_affected_hear(
    week: tuple[Sessions, RosterDraft],
) -> None:
    opened, draft = week
    assert draft.roster_json is not None
    problem, fewer = read_problem(draft.problem_json), other(draft.roster_json)
    roster = read_roster(fewer, problem)
    fewer["result"] = {**fewer["result"], "cost": cost(problem, roster)._asdict(), "bound": Cost(0, 0, 0)._asdict()}
    with opened() as session:
        boss = office(session)
        put(session, draft)
        publish(session, MONDAY, draft.problem_json, fewer, seed=1)
        back = roll_back(session, boss, MONDAY, 1)
        changes = compare(session, boss, MONDAY, 2, 3)
        affected = {number_of(p.volunteer) for p in changes.people}
        phones = set(session.exec(select(Volunteer.phone).where(col(Volunteer.id).in_(affected))))
        messages = session.exec(select(OutboxMessage)).all()
        assert (back.number, back.restores, len(affected)) == (3, 1, 1)
        assert ([m.code for m in messages], {m.phone for m in messages}) == (["duties_changed"], phones)
        assert compare(session, boss, MONDAY, 1, 3).is_nothing
        with pytest.raises(Conflict):
            roll_back(session, boss, MONDAY, 1)


def test_a_volunteer_sees_the_own_published_week(week: tuple[Sessions, RosterDraft]) -> None:
    opened, draft = week
    assert draft.roster_json is not None
    with opened() as session:
        number = number_of(draft.roster_json["duties"][0]["volunteer"])
        account = Account(phone="13911112222", volunteer_id=number, created_at=clock.now())
        session.add(account)
        session.flush()
        actor = actor_of(session, account, clock.today())
        before = own_week(session, actor, MONDAY)
        put(session, draft)
        mine = own_week(session, actor, MONDAY)
        duties = [d for d in draft.roster_json["duties"] if d["volunteer"] == f"v{number}"]
        lessons = [x for x in draft.roster_json["lessons"] if x["instructor"] == f"v{number}"]
        assert (before.is_published, before.stays, mine.is_published) == (False, (), True)
        assert sum(len(s.lessons) for s in mine.stays) == len(lessons)
        hours = sum((at(s.ends) - at(s.starts)).total_seconds() for s in mine.stays if s.role) / 3600
        length = {"am": 3.5, "noon": 2.5, "pm": 3.0}
        assert hours == sum(length[d["segment"].partition("-")[2]] for d in duties)
        names = set(session.exec(select(Volunteer.name).where(Volunteer.id != number)))
        assert {name for s in mine.stays for name in s.others} <= names
        assert next_stay(session, actor) is None  # it is over, or not yet within reach
        with pytest.raises(NotAllowed) as nobody:
            own_week(session, office(session), MONDAY)
    assert nobody.value.code == "volunteer_needed"


def at(moment: time) -> datetime:
    return datetime.combine(MONDAY, moment)


def test_a_board_is_published_as_it_was_looked_at(week: tuple[Sessions, RosterDraft]) -> None:
    opened, draft = week
    with opened() as session:
        boss = office(session)
        put(session, draft)
        board = open_board(session, MONDAY, boss.account_id)
        with pytest.raises(Conflict) as same:
            publish_board(session, boss, MONDAY, board.revision)
        board.roster_json, board.revision = other(board.roster_json), 1
        session.add(board)
        session.flush()
        with pytest.raises(Conflict) as stale:
            publish_board(session, boss, MONDAY, 0)
        seen = outlook(session, boss, MONDAY)
        assert seen.board_changes is not None
        made = publish_board(session, boss, MONDAY, 1, "少一个人")
        assert (same.value.code, stale.value.code) == ("nothing_to_publish", "board_moved_on")
        assert (made.number, made.note, seen.board, len(seen.board_changes.people)) == (2, "少一个人", 1, 1)
        after = outlook(session, boss, MONDAY)
        assert after.board_changes is not None
        assert after.board_changes.is_nothing
        assert after.is_old_draft  # the draft would take back what was just published
        assert weeks_to_publish(session, boss) == [(MONDAY, 2, False)]
        problem = read_problem(made.problem_json)
        assert made.roster_json["result"]["cost"] == cost(problem, read_roster(made.roster_json, problem))._asdict()
        assert [m.code for m in session.exec(select(OutboxMessage))] == ["duties_changed"]


def test_who_cannot_come_is_told_before_the_week_is_published(week: tuple[Sessions, RosterDraft]) -> None:
    opened, draft = week
    with opened() as session:
        boss = office(session)
        assert draft.roster_json is not None
        gone = draft.roster_json["duties"][0]
        weekday, part = gone["segment"].split("-")
        day = MONDAY + timedelta(days=int(weekday) - 1)
        session.add(
            Absence(
                volunteer_id=number_of(gone["volunteer"]),
                day=day,
                part=part,
                reason="ill",
                source="page",
                reported_at=datetime(2026, 7, 1, tzinfo=UTC),
            )
        )
        session.flush()
        [*found] = outlook(session, boss, MONDAY).absent
        assert {(told.day, told.kind) for _, told in found} >= {(day, "duty")}
        assert len({name for name, _ in found}) == 1
