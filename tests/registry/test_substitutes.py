"""Substitutes are asked one after the other: yes, no, no answer, too late, stopped, and what has changed meanwhile."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from mended import coordinator
from published import (
    BEFORE,
    LI,
    MONDAY,
    WANG,
    ZHANG,
    ZHAO,
    district,
    duty,
    now_rostered,
    number,
    signed_in,
    told,
    usual,
)
from sqlalchemy import Engine
from sqlmodel import Session, select
from town import office
from workbooks import SmallWorkbook

from registry import clock
from registry.board.boards import open_board, the_board
from registry.db import Sessions, sessions
from registry.duties.amend import amend
from registry.duties.publish import version_in_force
from registry.errors import Conflict, NotAllowed, NotFound, Refused
from registry.programme import Site
from registry.substitutes.answering import answer_for, answer_own
from registry.substitutes.searching import begin_search, find_search, move_on, stop_search
from registry.substitutes.tables import SubstituteAsk, SubstituteSearch
from registry.substitutes.views import asked_of, open_groups, searches_of, see_candidates, see_search

AM, NOON = ({"class": "c1", "segment": f"1-{part}", "role": "lead"} for part in ("am", "noon"))


class Watch:
    """A clock that a test sets."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = BEFORE
        monkeypatch.setattr(clock, "now", self.look)
        monkeypatch.setattr(clock, "today", lambda: self.look().date())

    def look(self) -> datetime:
        return self.now

    def later(self, **delta: float) -> datetime:
        self.now += timedelta(**delta)
        return self.now


@pytest.fixture
def watch(monkeypatch: pytest.MonkeyPatch) -> Watch:
    """It is the Friday before."""
    return Watch(monkeypatch)


@pytest.fixture(name="week")
def published_week(engine: Engine, small: SmallWorkbook, watch: Watch) -> Iterator[Sessions]:
    """李 leads the first class on Monday morning and at noon; 王 could, and 赵 could assist."""
    made = sessions(engine)
    with made() as session:
        district(session, small)
        usual(session)
    yield made


def begin(session: Session, **options: Any) -> SubstituteSearch:
    """Somebody is looked for instead of 李, 王 first, then 赵 where asked for."""
    rows = options.pop("rows", [AM, NOON])
    return begin_search(session, office(session), MONDAY, rows, instead_of=f"v{number(session, LI)}", **options)


def asks(session: Session, search: SubstituteSearch) -> list[str]:
    wanted = select(SubstituteAsk).where(SubstituteAsk.search_id == search.id)
    return [a.status for a in sorted(session.exec(wanted), key=lambda a: a.rank)]


def newest_ask(session: Session, status: str = "asked") -> int:
    return next(a.id or 0 for a in session.exec(select(SubstituteAsk)) if a.status == status)


def assistants(session: Session) -> SubstituteSearch:
    """Somebody is looked for who assists instead of 张 in the afternoon: 赵, then 王."""
    row = {"class": "c1", "segment": "1-pm", "role": "assistant"}
    people = [f"v{number(session, name)}" for name in (ZHAO, WANG)]
    return begin_search(session, office(session), MONDAY, [row], people, instead_of=f"v{number(session, ZHANG)}")


def test_whoever_accepts_is_rostered_at_once_and_those_affected_are_told(week: Sessions) -> None:
    with week() as session:
        search = begin(session)
        assert (asks(session, search)[0], told(session)[-1]) == ("asked", ("13800001003", "substitute_asked"))
        me = signed_in(session, WANG)
        (asked,) = asked_of(session, me)
        assert ([p.row for p in asked.places], asked.class_run, asked.site) == ([AM, NOON], "1-2年级班", "东街少年宫")
        taken = answer_own(session, me, asked.id, accepts=True)
        assert (taken.status, search.status, search.version) == ("accepted", "filled", 2)
        rows = now_rostered(session)
        assert {(WANG, "1", part, "lead") for part in ("am", "noon")} <= rows
        assert not any(name == LI for name, *_ in rows)
        assert {("13800001001", "duties_changed"), ("13800001003", "duties_changed")} <= set(told(session))
        assert "13800001002" not in {phone for phone, _ in told(session)}
        assert asked_of(session, me) == ()
        with pytest.raises(Conflict):
            answer_own(session, me, asked.id, accepts=False)


def test_declining_and_letting_the_deadline_pass_hand_the_turn_on(week: Sessions, watch: Watch) -> None:
    with week() as session:
        search = assistants(session)
        number_of_search = search.id or 0
        me = signed_in(session, ZHAO)
        answer_own(session, me, asked_of(session, me)[0].id, accepts=False)
        assert asks(session, search) == ["declined", "asked"]
        assert asked_of(session, me) == ()
    assert move_on(week) == 0
    watch.later(minutes=59)
    assert move_on(week) == 0
    watch.later(minutes=2)
    assert move_on(week) == 1
    with week() as session:
        ended = session.get_one(SubstituteSearch, number_of_search)
        assert (asks(session, ended), ended.status, ended.ended_at) == (["declined", "lapsed"], "exhausted", watch.now)
        late = signed_in(session, WANG)
        with pytest.raises(Conflict) as over:
            answer_own(session, late, newest_ask(session, "lapsed"), accepts=True)
        version = version_in_force(session, MONDAY)
        assert (over.value.code, version and version.number) == ("ask_over", 1)


def test_an_answer_after_the_deadline_is_none_even_before_the_turn_moves_on(week: Sessions, watch: Watch) -> None:
    with week() as session:
        begin(session, minutes=5)
        me = signed_in(session, WANG)
        ask = asked_of(session, me)[0].id
        watch.later(minutes=5)
        assert asked_of(session, me) == ()
        with pytest.raises(Conflict):
            answer_own(session, me, ask, accepts=True)


def test_nobody_is_asked_beyond_the_beginning(week: Sessions, watch: Watch) -> None:
    with week() as session:
        watch.now = datetime(2026, 7, 6, 8, 0, tzinfo=BEFORE.tzinfo)
        search = begin(session, minutes=600)
        until = session.get_one(SubstituteAsk, newest_ask(session)).answer_by
        assert until == datetime(2026, 7, 6, 8, 30, tzinfo=BEFORE.tzinfo)
        watch.later(minutes=31)
    assert move_on(week) == 1
    with week() as session:
        assert session.get_one(SubstituteSearch, search.id).status == "exhausted"
        with pytest.raises(Refused) as late:
            begin(session)
        assert late.value.code == "substitute_begun"


def test_a_search_is_stopped_and_whoever_was_asked_is_told(week: Sessions) -> None:
    with week() as session:
        search = assistants(session)
        with pytest.raises(Conflict) as running:
            assistants(session)
        stop_search(session, office(session), search.id or 0)
        assert (running.value.code, search.status, asks(session, search)) == (
            "substitute_running", "stopped", ["spared", "spared"],
        )  # fmt: skip
        assert told(session)[-1] == ("13800001004", "substitute_spared")
        with pytest.raises(Conflict):
            stop_search(session, office(session), search.id or 0)
        assert assistants(session).status == "open"


def test_what_has_changed_meanwhile_ends_the_search(week: Sessions) -> None:
    with week() as session:
        search = begin(session, rows=[AM])
        me = signed_in(session, WANG)
        ask = asked_of(session, me)[0].id
        amend(session, MONDAY, remove=[duty(session, LI, "1-am", "lead")], add=[])
        assert answer_own(session, me, ask, accepts=True).status == "passed"
        assert search.status == "outdated"
        assert (WANG, "1", "am", "lead") not in now_rostered(session)


def test_whom_the_rules_no_longer_allow_is_passed_over(week: Sessions) -> None:
    with week() as session:
        search = assistants(session)
        amend(session, MONDAY, remove=[], add=[duty(session, WANG, "1-pm", "lead")])
        me = signed_in(session, ZHAO)
        answer_own(session, me, asked_of(session, me)[0].id, accepts=False)
        assert (asks(session, search), search.status) == (["declined", "passed"], "exhausted")


def test_nobody_is_asked_for_two_places_of_a_day_at_once(week: Sessions, watch: Watch) -> None:
    with week() as session:
        first, zhao = assistants(session), f"v{number(session, ZHAO)}"
        row = {"class": "c2", "segment": "1-am", "role": "assistant"}
        other = begin_search(session, office(session), MONDAY, [row], [zhao])
        assert (other.status, asks(session, other)) == ("open", ["waiting"])
        stop_search(session, office(session), first.id or 0)
    assert move_on(week) == 0
    with week() as session:
        assert asks(session, session.get_one(SubstituteSearch, other.id)) == ["asked"]


def test_an_open_place_is_filled_and_what_is_said_by_phone_counts(week: Sessions) -> None:
    with week() as session:
        boss = office(session)
        groups = open_groups(session, boss, MONDAY)
        assert {(g.class_run, p.row["segment"], p.row["role"]) for g in groups for p in g.places} >= {
            ("c1", "1-pm", "lead"), ("c2", "1-am", "lead"),
        }  # fmt: skip
        row = {"class": "c1", "segment": "1-pm", "role": "lead"}
        _, candidates = see_candidates(session, boss, MONDAY, [row], None)
        free = [c.name for c in candidates if not c.rules]
        assert free == [WANG]
        search = begin_search(session, boss, MONDAY, [row])
        answer_for(session, boss, search.id or 0, newest_ask(session), accepts=True)
        assert (search.status, (WANG, "1", "pm", "lead") in now_rostered(session)) == ("filled", True)
        seen = see_search(session, boss, search.id or 0)
        assert [(a.name, a.status, a.source) for a in seen.asks if a.status == "accepted"] == [
            (WANG, "accepted", "desk")
        ]


def test_a_coordinator_of_other_sites_and_other_volunteers_see_nothing_of_it(week: Sessions) -> None:
    with week() as session:
        search, ask = begin(session), newest_ask(session)
        first, other = sorted(n or 0 for n in session.exec(select(Site.id)))[:2]
        mine, elsewhere = coordinator(session, first), coordinator(session, other)
        assert ([s.search.id for s in searches_of(session, mine, MONDAY)], searches_of(session, elsewhere, MONDAY)) == (
            [search.id], [],
        )  # fmt: skip
        for way in (find_search, see_search, stop_search):
            with pytest.raises(NotAllowed):
                way(session, elsewhere, search.id or 0)
        with pytest.raises(NotAllowed):
            see_candidates(session, elsewhere, MONDAY, [AM], None)
        with pytest.raises(NotAllowed):
            begin_search(session, elsewhere, MONDAY, [AM], instead_of=f"v{number(session, LI)}")
        assert open_groups(session, elsewhere, MONDAY, LI) == ()
        with pytest.raises(NotFound):
            answer_own(session, signed_in(session, ZHAO), ask, accepts=True)
        with pytest.raises(NotAllowed):
            asked_of(session, office(session))


def test_what_makes_no_sense_is_refused(week: Sessions) -> None:
    with week() as session:
        wrong: list[tuple[dict[str, Any], str]] = [
            ({"rows": []}, "substitute_places"), ({"rows": [AM, AM]}, "substitute_places"),
            ({"minutes": 1}, "substitute_minutes"), ({"people": [f"v{number(session, ZHAO)}"]}, "substitute_not_free"),
            ({"rows": [{"class": "c1", "segment": "9-am", "role": "lead"}]}, "entry_malformed"),
            ({"rows": [{"class": "c1", "segment": "1-pm", "role": "lead"}]}, "entry_gone"),
        ]  # fmt: skip
        for options, code in wrong:
            with pytest.raises((Refused, Conflict)) as refused:
                begin(session, **options)
            assert refused.value.code == code
        assert session.exec(select(SubstituteSearch)).all() == []


def test_the_board_follows_an_answer(week: Sessions) -> None:
    with week() as session:
        open_board(session, MONDAY)
        begin(session)
        me = signed_in(session, WANG)
        answer_own(session, me, asked_of(session, me)[0].id, accepts=True)
        board = the_board(session, MONDAY)
        leads = {d["volunteer"] for d in board.roster_json["duties"] if d["role"] == "lead"}
        assert leads == {f"v{number(session, WANG)}"}
