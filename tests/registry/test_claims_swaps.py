"""Open places that are taken, by two at once too; swaps that are offered, answered, and judged again when accepted."""

from __future__ import annotations

from collections.abc import Iterator
from threading import Barrier, Thread

import pytest
from places import code
from published import (
    BEFORE,
    LI,
    MONDAY,
    PHONES,
    WANG,
    ZHANG,
    ZHAO,
    district,
    duty,
    now_rostered,
    number,
    put,
    signed_in,
    told,
    usual,
)
from sqlalchemy import Engine
from sqlmodel import Session, select
from workbooks import SmallWorkbook

from registry import clock
from registry.accounts.tables import OutboxMessage
from registry.db import session_scope
from registry.duties.amend import amend
from registry.duties.answers import answer_absent, open_absences
from registry.duties.places import claim, open_places
from registry.duties.swap_rules import able_colleagues, returns_of
from registry.duties.swap_view import own_swaps, swap_of_link
from registry.duties.swaps import answer_swap, answer_swap_by_link, offer_swap, withdraw_swap
from registry.duties.tables import RosterVersion
from registry.errors import Conflict, RegistryError
from registry.people import ClearanceCheck

SEGMENTS = [(MONDAY, "am"), (MONDAY, "noon")]


@pytest.fixture(name="week")
def published_week(engine: Engine, small: SmallWorkbook, monkeypatch: pytest.MonkeyPatch) -> Iterator[Session]:
    monkeypatch.setattr(clock, "now", lambda: BEFORE)
    with session_scope(engine, is_writing=True) as session:
        district(session, small)
        usual(session)
        yield session


def duties_open(session: Session, name: str) -> set[tuple[str, str, str]]:
    found = open_places(session, signed_in(session, name), MONDAY).places
    return {(p.entry["class"], p.entry["segment"], p.entry["role"]) for p in found if "segment" in p.entry}


def test_what_is_open_is_what_the_rules_permit(week: Session) -> None:
    assert duties_open(week, WANG) == {("c1", "1-pm", "lead"), ("c2", "1-am", "lead")}
    assert duties_open(week, ZHAO) == {("c1", "1-pm", "assistant"), ("c2", "1-am", "assistant")}
    assert duties_open(week, ZHANG) == set()  # with the first class all day already
    answer_absent(week, signed_in(week, LI), SEGMENTS, "ill")
    assert ("c1", "1-am", "lead") in duties_open(week, WANG)
    assert all(p.instead_of_somebody for p in open_places(week, signed_in(week, WANG), MONDAY).places
               if p.entry.get("segment") in ("1-am", "1-noon") and p.class_run == "1-2年级班")  # fmt: skip


def test_a_place_taken_is_the_next_version_and_the_coordinator_hears(week: Session) -> None:
    answer_absent(week, signed_in(week, LI), SEGMENTS[:1], "ill")
    row = duty(week, WANG, "1-am", "lead")
    made = claim(week, signed_in(week, WANG), MONDAY, row)
    assert made.number == 2
    assert {(WANG, "1", "am", "lead"), (LI, "1", "noon", "lead")} <= now_rostered(week)
    assert (LI, "1", "am", "lead") not in now_rostered(week)
    assert open_absences(week, MONDAY) == []
    assert [c for _, c in told(week)] == ["duty_absent", "duty_claimed"]
    assert code(lambda: claim(week, signed_in(week, ZHAO), MONDAY, row)) == "place_taken"


def test_nobody_takes_what_the_rules_forbid(week: Session) -> None:
    checks = week.exec(select(ClearanceCheck).where(ClearanceCheck.volunteer_id == number(week, ZHAO))).all()
    me = signed_in(week, ZHAO)
    lead = duty(week, ZHAO, "1-pm", "lead")
    assert code(lambda: claim(week, me, MONDAY, lead)) == "place_taken"  # he is no lead
    assert code(lambda: claim(week, me, MONDAY, {**lead, "class": "c9"})) == "entry_malformed"
    for check in checks:
        week.delete(check)
    week.flush()
    assert code(lambda: open_places(week, me, MONDAY)) == "not_cleared"
    assert code(lambda: claim(week, me, MONDAY, duty(week, ZHAO, "1-am", "assistant", run=2))) == "not_cleared"
    assert [v.number for v in week.exec(select(RosterVersion))] == [1]


def test_a_claim_in_somebody_elses_name_is_the_actors_own(week: Session) -> None:
    claim(week, signed_in(week, ZHAO), MONDAY, duty(week, WANG, "1-am", "assistant", run=2))
    assert {who for who, run, *_ in now_rostered(week) if run == "2"} == {ZHAO}


def test_of_two_who_take_a_place_at_once_one_has_it_and_the_other_is_told(
    engine: Engine, small: SmallWorkbook, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clock, "now", lambda: BEFORE)
    with session_scope(engine, is_writing=True) as session:
        district(session, small)
        put(session, [duty(session, LI, "1-am", "lead"), duty(session, ZHANG, "1-am", "assistant")])
        answer_absent(session, signed_in(session, ZHANG), SEGMENTS[:1], "ill")
        actors = [signed_in(session, name) for name in (WANG, ZHAO)]
        row = duty(session, ZHAO, "1-am", "assistant")
    start, said = Barrier(2), []

    def take(which: int) -> None:
        start.wait()
        try:
            with session_scope(engine, is_writing=True) as session:
                claim(session, actors[which], MONDAY, row)
            said.append("taken")
        except RegistryError as error:
            said.append(error.code)

    threads = [Thread(target=take, args=(n,)) for n in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(said) == ["place_taken", "taken"]
    with session_scope(engine) as session:
        assert len([1 for who, run, part, _ in now_rostered(session) if (run, part) == ("1", "am")]) == 2
        assert [v.number for v in session.exec(select(RosterVersion).order_by("number"))] == [1, 2]


def offered(week: Session, **more: object) -> int:
    """李 offers 王 the morning."""
    made = offer_swap(week, signed_in(week, LI), MONDAY, 1, ["am"], number(week, WANG), **more)  # type: ignore[arg-type]
    return made.id or 0


def test_only_the_able_are_offered_anything(week: Session) -> None:
    me = signed_in(week, LI)
    assert [c.name for c in able_colleagues(week, me, MONDAY, 1, ["am"])] == [WANG]  # a lead, free, near enough
    assert code(lambda: able_colleagues(week, me, MONDAY, 2, ["am"])) == "nothing_that_day"
    assert code(lambda: offer_swap(week, me, MONDAY, 1, ["am"], number(week, ZHAO))) == "rules_against"
    assert code(lambda: offer_swap(week, me, MONDAY, 1, ["am"], 999)) == "colleague_unknown"
    assert code(lambda: offer_swap(week, me, MONDAY, 1, ["am"], number(week, LI))) == "colleague_unknown"


def test_a_swap_counts_once_the_other_accepts(week: Session) -> None:
    its = offered(week)
    assert code(lambda: offered(week)) == "swap_offered"
    assert (LI, "1", "am", "lead") in now_rostered(week)
    [seen] = own_swaps(week, signed_in(week, WANG))
    assert (seen.giver, seen.taker, [t.class_run for t in seen.give], seen.take) == (LI, WANG, ["1-2年级班"], ())
    assert code(lambda: answer_swap(week, signed_in(week, ZHAO), its, accepts=True)) == "swap_unknown"
    assert code(lambda: answer_swap(week, signed_in(week, LI), its, accepts=True)) == "swap_unknown"
    for _ in range(2):  # a double tap
        assert answer_swap(week, signed_in(week, WANG), its, accepts=True).status == "accepted"
    assert {(WANG, "1", "am", "lead"), (LI, "1", "noon", "lead")} <= now_rostered(week)
    assert (LI, "1", "am", "lead") not in now_rostered(week)
    assert code(lambda: answer_swap(week, signed_in(week, WANG), its, accepts=False)) == "swap_over"
    assert told(week) == [(PHONES[WANG], "duty_swap_offered"), (PHONES[LI], "duty_swap_accepted")]


def test_one_duty_is_swapped_for_another(week: Session) -> None:
    put(week, [
        duty(week, LI, "1-am", "lead"), duty(week, WANG, "1-noon", "lead"), duty(week, ZHANG, "1-am", "assistant"),
    ])  # fmt: skip
    backs = returns_of(week, signed_in(week, LI), MONDAY, 1, ["am"], number(week, WANG))
    assert [(held.part, run) for held, run in backs] == [("noon", 1)]
    its = offered(week, back=(MONDAY, "noon", 1))
    answer_swap(week, signed_in(week, WANG), its, accepts=True)
    assert {(WANG, "1", "am", "lead"), (LI, "1", "noon", "lead")} <= now_rostered(week)
    assert {(WANG, "1", "noon", "lead"), (LI, "1", "am", "lead")} & now_rostered(week) == set()


def test_a_swap_is_judged_again_when_the_roster_has_changed(week: Session) -> None:
    its = offered(week)
    amend(week, MONDAY, remove=[], add=[duty(week, WANG, "1-am", "lead", run=2)])
    before = now_rostered(week)
    assert code(lambda: answer_swap(week, signed_in(week, WANG), its, accepts=True)) == "rules_against"
    assert now_rostered(week) == before
    withdraw_swap(week, signed_in(week, LI), its)
    amend(week, MONDAY, remove=[duty(week, WANG, "1-am", "lead", run=2)], add=[])
    again = offer_swap(week, signed_in(week, LI), MONDAY, 1, ["noon"], number(week, WANG)).id or 0
    amend(week, MONDAY, remove=[duty(week, LI, "1-noon", "lead")], add=[])
    assert code(lambda: answer_swap(week, signed_in(week, WANG), again, accepts=True)) == "entry_gone"


def test_a_swap_is_declined_or_taken_back(week: Session) -> None:
    its = offered(week)
    assert code(lambda: withdraw_swap(week, signed_in(week, WANG), its)) == "swap_unknown"
    assert withdraw_swap(week, signed_in(week, LI), its).status == "withdrawn"
    with pytest.raises(Conflict):
        answer_swap(week, signed_in(week, WANG), its, accepts=True)
    second = offered(week)
    assert answer_swap(week, signed_in(week, WANG), second, accepts=False).status == "declined"
    assert (LI, "1", "am", "lead") in now_rostered(week)
    assert own_swaps(week, signed_in(week, LI)) == []


def test_a_swap_is_answered_by_link_until_it_is_over(week: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    offered(week)
    token = week.exec(select(OutboxMessage)).one().facts["swap"]
    assert swap_of_link(week, token).status == "offered"
    assert code(lambda: swap_of_link(week, token[:-4] + "AAAA")) == "link_wrong"
    with monkeypatch.context() as later:
        later.setattr(clock, "now", lambda: BEFORE.replace(day=4, hour=12, minute=1))
        assert code(lambda: answer_swap_by_link(week, token, accepts=True)) == "link_expired"
    assert answer_swap_by_link(week, token, accepts=True).status == "accepted"
    assert (WANG, "1", "am", "lead") in now_rostered(week)
