"""What a board offers: places that hold what they promise, lessons, conflicts that stand, overrides, what-if."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from itertools import product
from typing import Any

import pytest
from factories import class_run, course, problem, room, site, volunteer
from solved import solved_draft
from sqlalchemy import Engine
from sqlmodel import Session
from town import office
from workbooks import SmallWorkbook

from registry import clock
from registry.accounts.permissions import Actor
from registry.board import desk
from registry.board.boards import open_board
from registry.board.edits import edit, undo
from registry.board.fill import levels, who_can_teach
from registry.board.places import VIEWS, places
from registry.board.positions import Positions
from registry.board.records import clashes
from registry.board.steps import Wanted, step_for
from registry.board.tray import tray_of
from registry.board.trials import apply_trial, begin_trial, drop_trial, stack, trial_of, unstack
from registry.board.views import sheet_of
from registry.db import Sessions, sessions
from registry.engine.boards import Lesson, Position, Roster, write_entry
from registry.engine.rosters import cost_parts
from registry.errors import Conflict, NotFound, Refused
from registry.exchange import import_workbook
from scheduler import check

MONDAY = date(2026, 7, 6)


@pytest.fixture(name="opened")
def board_of_the_small_week(engine: Engine, small: SmallWorkbook, monkeypatch: pytest.MonkeyPatch) -> Sessions:
    """The small district with its solved Monday, on a day before it."""
    monkeypatch.setattr(clock, "today", lambda: date(2026, 7, 1))
    small.change("期次", 结束日期="2026.7.6")
    made = sessions(engine)
    with made() as session:
        import_workbook(session, small.write())
    solved_draft(made, MONDAY)
    return made


class Desk:
    """Somebody of the office at the board."""

    def __init__(self, session: Session) -> None:
        self.session, self.positions = session, Positions()
        self.actor: Actor = office(session)
        self.board = open_board(session, MONDAY)

    @property
    def position(self) -> Position:
        return Positions().of(self.board)

    def rows(self, kind: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.board.roster_json[kind]
        return found

    def do(self, wanted: Wanted, **more: Any) -> Any:
        return edit(self.session, self.positions, self.actor, MONDAY, wanted, seen=self.board.revision, **more)

    def engaged(self, volunteer: str) -> int:
        """In how many segments somebody is."""
        roster, slot = self.position.roster, self.position.problem.slot
        lessons = {slot[x.slot].segment for x in roster.lessons_of.get(volunteer, ())}
        return len(lessons | {d.segment for d in roster.duties_of.get(volunteer, ())})

    def limit(self, volunteer: str, **facts: Any) -> None:
        """Change what the board's problem says of somebody."""
        rows = [{**v, **facts} if v["id"] == volunteer else v for v in self.board.problem_json["volunteers"]]
        self.board.problem_json = {**self.board.problem_json, "volunteers": rows}
        self.session.add(self.board)
        self.session.flush()
        self.positions = Positions()


def broken(position: Position) -> set[tuple[str, frozenset[object]]]:
    """All that the whole rulebook says of a position."""
    return {(v.rule, frozenset(v.subject)) for v in check(position.problem, position.roster).violations}


def hold_what_they_say(position: Position, sources: Iterable[dict[str, Any]]) -> tuple[set[str], set[str]]:
    """Each place that is offered to these in any arrangement is judged by the whole rulebook; outcomes and kinds."""
    outcomes, kinds, before = set[str](), set[str](), broken(position)
    parts = cost_parts(position.problem, position.roster)
    for by, source in product(VIEWS, sources):
        site = position.problem.class_run[source["class"]].site
        for place in places(position, source, site, by):
            kinds.add(place.wanted.kind)
            outcomes.add(place.outcome)
            if place.outcome != "taken":
                after = position.moved(step_for(position, place.wanted))
                assert (place.outcome == "works") == (broken(after) <= before)
                rise = {n: v - parts[n] for n, v in cost_parts(after.problem, after.roster).items()}
                assert place.cost == levels(rise)
    return outcomes, kinds


def test_every_place_that_is_offered_does_what_was_said_of_it(opened: Sessions) -> None:
    with opened() as session:
        at = Desk(session)
        gone = at.rows("duties")[0]
        at.do(Wanted("remove", gone))
        outcomes, kinds = hold_what_they_say(at.position, (gone, *at.rows("duties")[:3], *at.rows("lessons")[:3]))
    assert (outcomes >= {"works", "conflict", "taken"}, kinds) == (True, {"add", "move", "swap"})


def lessons_week() -> Position:
    """A site with two rooms for dancing: c1 dances first and reads later, c2 dances at the same hour as c1 reads."""
    week = problem(
        sites=[site("s1", 0, 0, room("r1"), room("r2"))], classes=[class_run("c1"), class_run("c2")],
        courses=[course("k1", room_kind="dance"), course("k2")], volunteers=[volunteer("v1"), volunteer("v2")],
    )  # fmt: skip
    lessons = (
        Lesson("c1", "1-am-1", "k1", "v1", "r1"), Lesson("c1", "1-am-2", "k2", "v1", None),
        Lesson("c2", "1-am-2", "k1", "v2", "r1"),
    )  # fmt: skip
    return Position(week, Roster(frozenset(), frozenset(lessons)))


def test_a_lesson_moves_by_slot_course_and_room_and_finds_a_room_that_is_free() -> None:
    position = lessons_week()
    rows = [write_entry(x) for x in sorted(position.roster.lessons, key=repr)]
    outcomes, kinds = hold_what_they_say(position, rows)
    assert (outcomes >= {"works", "reason"}, kinds) == (True, {"move", "exchange"})
    dance, read, other = rows
    into = {p.zone: p.wanted for p in places(position, dance, "s1", "class")}
    assert into["slot|c2|1-am-1"].to["room"] == "r1"
    step = step_for(position, Wanted("exchange", dance, other=read))
    assert step.added.lessons == {  # r1 is taken by c2 in the second slot.
        Lesson("c1", "1-am-2", "k1", "v1", "r2"), Lesson("c1", "1-am-1", "k2", "v1", None)
    }  # fmt: skip
    by_course = {p.zone: p.wanted.to for p in places(position, read, "s1", "course")}
    assert (by_course["course|k1|1-am"]["course"], by_course["course|k1|1-am"]["room"]) == ("k1", "r2")
    by_room = {p.zone: p.wanted.to["room"] for p in places(position, other, "s1", "room") if p.wanted.kind == "move"}
    assert by_room["room|r2|1-am"] == "r2"
    with pytest.raises(Refused) as uneven:
        step_for(position, Wanted("exchange", dance, other={"volunteer": "v1"}))
    assert uneven.value.code == "entry_malformed"


def test_who_can_teach_names_a_course_that_the_class_may_have(opened: Sessions) -> None:
    with opened() as session:
        at = Desk(session)
        lesson = at.rows("lessons")[0]
        at.do(Wanted("remove", lesson))
        people = who_can_teach(at.position, lesson["class"], lesson["slot"])
        free = [p for p in people if not p.rules]
        assert lesson["instructor"] in {p.volunteer for p in free}
        entry = next(p for p in free if p.volunteer == lesson["instructor"]).entry
        assert entry.class_run == lesson["class"]
        at.do(Wanted("add", lesson))
        others = who_can_teach(at.position, lesson["class"], lesson["slot"])
        assert lesson["instructor"] not in {p.volunteer for p in others}


def test_a_conflict_stands_when_told_to_is_listed_and_costs_what_the_rulebook_says(opened: Sessions) -> None:
    with opened() as session:
        at = Desk(session)
        duty = at.rows("duties")[0]
        at.do(Wanted("remove", duty))
        at.limit(duty["volunteer"], available=[])
        with pytest.raises(Refused) as asked:
            at.do(Wanted("add", duty))
        at.do(Wanted("add", duty), let_stand=True)
        found = [c for c in clashes(at.position) if not c.is_overridden and len(c.entries) == 1]
        assert (asked.value.code, asked.value.facts) == ("conflict_stands", {"rules": ["availability"]})
        assert ("availability", False) in {(c.violation.rule, c.can_override) for c in found}
        assert at.positions.of(at.board).parts == cost_parts(at.position.problem, at.position.roster)


def test_a_conflict_that_allows_it_is_overridden_with_a_reason_later(opened: Sessions) -> None:
    with opened() as session:
        at = Desk(session)
        teaching = {x["instructor"] for x in at.rows("lessons")}
        duty = next(d for d in at.rows("duties") if d["volunteer"] not in teaching)
        at.do(Wanted("remove", duty))
        at.limit(duty["volunteer"], max_segments=at.engaged(duty["volunteer"]))
        at.do(Wanted("add", duty), let_stand=True)
        assert at.board.problem_json.get("pins", {}).get("duties", []) == []
        with pytest.raises(Refused) as reason:
            at.do(Wanted("override", duty))
        made = at.do(Wanted("override", duty), reason="本人愿意")
        assert (reason.value.code, made.waived, made.reason) == ("reason_needed", "load", "本人愿意")
        assert at.board.problem_json["pins"]["duties"] == [{**duty, "waives": ["load"]}]
        assert [c.violation.rule for c in clashes(at.position) if c.is_overridden] == ["load"]
        with pytest.raises(Refused) as nothing:
            at.do(Wanted("override", duty), reason="再来一次")
        assert nothing.value.code == "nothing_changes"


def test_a_what_if_changes_nothing_until_it_is_applied(opened: Sessions) -> None:
    with opened() as session:
        at = Desk(session)
        one, two = at.rows("duties")[0], next(d for d in at.rows("duties") if d != at.rows("duties")[0])
        before, parts = at.board.roster_json, at.position.parts
        begin_trial(session, at.actor, MONDAY)
        stack(session, at.positions, at.actor, MONDAY, Wanted("remove", one))
        told = stack(session, at.positions, at.actor, MONDAY, Wanted("remove", two))
        assert (at.board.roster_json, at.board.revision) == (before, 0)
        view = desk.see_board(session, at.positions, at.actor, MONDAY)
        assert {row.rule: row.change for row in view.costs if row.change} == told.cost
        assert told.cost["safety"] > 0
        unstack(session, at.positions, at.actor, MONDAY)
        again = stack(session, at.positions, at.actor, MONDAY, Wanted("remove", two))
        assert again.cost == told.cost
        made = apply_trial(session, at.positions, at.actor, MONDAY, seen=0)
        assert ([e.kind for e in made], at.board.revision) == (["remove", "remove"], 2)
        assert trial_of(session, at.actor, at.board) is None
        rise = {name: n - parts[name] for name, n in at.position.parts.items() if n != parts[name]}
        assert rise == told.cost


def test_a_what_if_says_where_it_does_not_fit_any_more_and_applies_all_or_nothing(opened: Sessions) -> None:
    with opened() as session:
        at, other = Desk(session), office(session)
        one, two = at.rows("duties")[:2]
        begin_trial(session, at.actor, MONDAY)
        stack(session, at.positions, at.actor, MONDAY, Wanted("pin", one))
        stack(session, at.positions, at.actor, MONDAY, Wanted("remove", two))
        edit(session, at.positions, other, MONDAY, Wanted("remove", two), seen=0)
        view = desk.see_board(session, at.positions, at.actor, MONDAY)
        assert view.trial is not None and view.trial.stuck is not None
        assert (len(view.trial.changes), view.trial.stuck.code) == (1, "entry_gone")
        for seen in (0, 1):
            with pytest.raises(Conflict), session.begin_nested():
                apply_trial(session, at.positions, at.actor, MONDAY, seen=seen)
        session.refresh(at.board)
        assert at.board.revision == 1
        drop_trial(session, at.actor, MONDAY)
        with pytest.raises(NotFound) as gone:
            drop_trial(session, at.actor, MONDAY)
        assert gone.value.code == "trial_unknown"


def test_the_grid_shows_everything_once_in_each_arrangement(opened: Sessions) -> None:
    with opened() as session:
        at = Desk(session)
        problem = at.position.problem
        for site in problem.site:
            runs = {c.id for c in problem.classes if c.site == site}
            duties = sum(d["class"] in runs for d in at.rows("duties"))
            lessons = sum(x["class"] in runs for x in at.rows("lessons"))
            rooms = sum(x["class"] in runs and x["room"] is not None for x in at.rows("lessons"))
            wanted = {"class": duties + lessons, "course": lessons, "room": rooms}
            for by, n in wanted.items():
                sheet = sheet_of(at.position, site, by, {})
                boxes = [b for g in sheet.groups for row in g.rows for b in row.boxes if b is not None]
                assert (by, sum(len(b.pieces) for b in boxes)) == (by, n)
        with pytest.raises(NotFound) as unknown:
            sheet_of(at.position, next(iter(problem.site)), "weather", {})
    assert unknown.value.code == "view_unknown"


def test_who_is_taken_off_for_good_lies_in_the_tray_and_can_be_put_back(opened: Sessions) -> None:
    with opened() as session:
        at = Desk(session)
        duty = at.rows("duties")[0]
        site = at.position.problem.class_run[duty["class"]].site
        assert duty["volunteer"] not in {s.volunteer for s in tray_of(at.position, site)}
        mine = [d for d in at.rows("duties") if d["volunteer"] == duty["volunteer"]]
        mine += [x for x in at.rows("lessons") if x["instructor"] == duty["volunteer"]]
        for row in mine:
            at.do(Wanted("remove", row))
        assert duty["volunteer"] in {s.volunteer for s in tray_of(at.position, site)}
        into = {p.zone: p for p in places(at.position, {"volunteer": duty["volunteer"]}, site, "class")}
        back = into[f"cell|{duty['class']}|{duty['segment']}"]
        assert (back.outcome, back.wanted.kind, back.cost[0] < 0) == ("works", "add", True)
        at.do(back.wanted)
        assert any((d["volunteer"], d["segment"]) == (duty["volunteer"], duty["segment"]) for d in at.rows("duties"))


def test_history_tells_who_did_what_and_what_was_taken_back(opened: Sessions) -> None:
    with opened() as session:
        at = Desk(session)
        at.do(Wanted("pin", at.rows("duties")[0]))
        undo(session, at.positions, at.actor, MONDAY)
        view = desk.see_board(session, at.positions, at.actor, MONDAY)
        told = [(d.edit.kind, d.author, d.is_undone, d.edit.undoes) for d in view.edits]
    assert told == [("undo", "办公室", False, 1), ("pin", "办公室", True, None)]
