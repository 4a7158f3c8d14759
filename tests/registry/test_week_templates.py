"""A week kept under a name: what of it begins another week, what does not and why, who sees and removes it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from places import code
from published import LI, MONDAY, PHONES, WANG, ZHANG, district, duty, lesson, put
from sqlalchemy import Engine
from sqlmodel import Session, select
from town import office
from workbooks import SmallWorkbook

from registry import clock
from registry.accounts.tables import Role
from registry.board.boards import open_board
from registry.board.copying import copy_week, see_copy
from registry.board.edits import undo
from registry.board.positions import Positions
from registry.board.tables import WeekTemplate
from registry.board.templates import PUBLISHED, keep_week, remove_template, see_keepable, see_templates
from registry.db import Sessions, sessions
from registry.errors import Invalid
from registry.people import Volunteer, VolunteerAvailability
from registry.programme import ClassRun, Term

LATER = MONDAY + timedelta(days=14)


@pytest.fixture(name="opened")
def three_weeks(engine: Engine, small: SmallWorkbook, monkeypatch: pytest.MonkeyPatch) -> Sessions:
    """The small week, published, in a term that goes on for another two."""
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
            term.ends_on = LATER
            session.add(term)
    return made


def sites(session: Session) -> list[str]:
    return [f"s{session.get_one(ClassRun, run).site_id}" for run in (1, 2)]


def test_a_week_begins_from_a_template_as_one_edit_that_can_be_taken_back(opened: Sessions) -> None:
    positions = Positions()
    with opened() as session:
        boss = office(session)
        kept = keep_week(session, boss, MONDAY, " 常规周 ", kind=PUBLISHED)
        found = see_copy(session, boss, LATER, template=kept.id)
        assert (len(found.entries), found.left_out, found.version, found.template, found.source) == (
            5, (), None, (kept.id, "常规周"), MONDAY,
        )  # fmt: skip
        copy_week(session, positions, boss, LATER, None, seen=None, template=kept.id)
        board = open_board(session, LATER)
        assert (board.revision, len(board.roster_json["duties"]), len(board.roster_json["lessons"])) == (1, 4, 1)
        assert positions.of(board).report.violations == ()
        undo(session, positions, boss, LATER)
        assert open_board(session, LATER).roster_json["duties"] == []


def test_what_holds_no_more_is_told_for_the_days_of_the_new_week(opened: Sessions) -> None:
    with opened() as session:
        boss = office(session)
        kept = keep_week(session, boss, MONDAY, "常规周", kind=PUBLISHED)
        who = session.exec(select(Volunteer.id).where(Volunteer.name == ZHANG)).one()
        session.delete(session.get_one(VolunteerAvailability, (who, 1, "pm")))
        session.get_one(ClassRun, 2).confirmed = 0
        session.flush()
        found = see_copy(session, boss, LATER, template=kept.id)
        assert sorted((f.name, f.told.day, f.rules) for f in found.left_out) == sorted([
            (ZHANG, LATER, ("availability",)), (WANG, LATER, ("class_gone",)),
        ])  # fmt: skip


def test_a_template_keeps_the_pattern_and_nothing_else_about_people(opened: Sessions) -> None:
    with opened() as session:
        kept = keep_week(session, office(session), MONDAY, "常规周", kind=PUBLISHED)
        assert {frozenset(v) for v in kept.problem_json["volunteers"]} == {frozenset({"id", "name"})}
        assert len(kept.problem_json["volunteers"]) == 3
        assert [phone for phone in PHONES.values() if phone in repr(kept.problem_json)] == []


def test_coordinators_keep_see_and_remove_what_is_of_their_own_sites(opened: Sessions) -> None:
    with opened() as session:
        boss, (first, second) = office(session), sites(session)
        here = office(session, Role.SITE_COORDINATOR, int(first[1:]))
        there = office(session, Role.SITE_COORDINATOR, int(second[1:]))
        everything = keep_week(session, boss, MONDAY, "全区", kind=PUBLISHED).id or 0
        own = keep_week(session, here, MONDAY, "我们的", kind=PUBLISHED).id or 0
        assert [(k.name, k.duties, k.lessons, k.may_remove) for k in see_templates(session, here)] == [
            ("全区", 3, 1, False), ("我们的", 3, 1, True),
        ]  # fmt: skip
        assert [(k.name, k.duties) for k in see_templates(session, there)] == [("全区", 1)]
        assert {row["class"] for row in see_copy(session, there, LATER, template=everything).entries} == {"c2"}
        assert code(lambda: see_copy(session, there, LATER, template=own)) == "template_unknown"
        assert code(lambda: remove_template(session, here, everything)) == "not_allowed"
        assert code(lambda: keep_week(session, here, MONDAY, "x", kind=PUBLISHED, sites=[second])) == "not_allowed"
        remove_template(session, here, own)
        assert [k.name for k in see_templates(session, boss)] == ["全区"]


def test_what_cannot_be_kept_is_refused_and_nothing_is(opened: Sessions) -> None:
    with opened() as session:
        boss = office(session)
        assert code(lambda: see_keepable(session, boss, LATER)) == "nothing_to_keep"
        open_board(session, LATER)
        assert code(lambda: keep_week(session, boss, LATER, "空")) == "template_empty"
        for name, kind, some, field in (
            ("", PUBLISHED, [], "name"), ("长" * 41, PUBLISHED, [], "name"), ("好", "draft", [], "kind"),
            ("好", PUBLISHED, ["s9"], "sites"),
        ):  # fmt: skip
            with pytest.raises(Invalid) as wrong:
                keep_week(session, boss, MONDAY, name, kind=kind, sites=some)
            assert [p.field for p in wrong.value.problems] == [field]
        assert session.exec(select(WeekTemplate)).all() == []
        keep_week(session, boss, MONDAY, "常规周", kind=PUBLISHED)
        with pytest.raises(Invalid):
            keep_week(session, boss, MONDAY, "常规周", kind=PUBLISHED)
