"""Coming or not: from the own page and by the link of a message; forged, expired, foreign, replayed, tapped twice."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
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
    number,
    put,
    signed_in,
    told,
    usual,
)
from sqlalchemy import Engine
from sqlmodel import Session, select
from town import office
from workbooks import SmallWorkbook

from registry import clock
from registry.accounts.tables import Role
from registry.clock import SHANGHAI
from registry.db import session_scope
from registry.duties.amend import amend
from registry.duties.answer_tables import Absence, DutyAnswer
from registry.duties.answers import (
    absent_for,
    answer_absent,
    answer_coming,
    open_absences,
    withdraw_absence,
)
from registry.duties.by_link import absent_by_link, answer_link, confirm_by_link, see_link
from registry.duties.days import classes_on
from registry.duties.desk import see_answers
from registry.duties.links import Link, make_link
from registry.duties.mine import next_stay, own_week
from registry.errors import Conflict, Invalid, NotAllowed, NotFound, Refused
from registry.people import Volunteer
from registry.programme import Site

COORDINATOR = "13800000001"
ALL_DAY = [(MONDAY, "am"), (MONDAY, "noon"), (MONDAY, "pm")]


@pytest.fixture(name="week")
def published_week(engine: Engine, small: SmallWorkbook, monkeypatch: pytest.MonkeyPatch) -> Iterator[Session]:
    monkeypatch.setattr(clock, "now", lambda: BEFORE)
    with session_scope(engine, is_writing=True) as session:
        district(session, small)
        usual(session)
        yield session


def token_of(session: Session, name: str) -> str:
    return answer_link(session, number(session, name), MONDAY, MONDAY)


def test_yes_holds_until_the_day_changes(week: Session) -> None:
    me = signed_in(week, ZHANG)
    assert [answer_coming(week, me, MONDAY) for _ in range(2)] == [1, 0]
    assert [s.state for s in own_week(week, me, MONDAY).stays] == ["confirmed"]
    amend(week, MONDAY, remove=[duty(week, ZHANG, "1-pm", "assistant")], add=[])
    assert [s.state for s in own_week(week, me, MONDAY).stays] == [""]
    with pytest.raises(NotFound):
        answer_coming(week, signed_in(week, ZHAO), MONDAY)
    with pytest.raises(NotAllowed):
        answer_coming(week, office(week), MONDAY)


def test_no_is_told_to_the_coordinator_and_leaves_the_published_week(week: Session) -> None:
    me = signed_in(week, LI)
    made = answer_absent(week, me, [(MONDAY, "am")], "ill", "发烧，明天去医院")
    assert [a.part for a in answer_absent(week, me, [(MONDAY, "am")], "ill")] == []  # a second tap
    [found] = open_absences(week, MONDAY)
    assert (found.absence, found.name, [d.part for d in found.held.duties]) == (made[0], LI, ["am"])
    assert told(week) == [(COORDINATOR, "duty_absent")]
    stays = own_week(week, me, MONDAY).stays
    assert [(s.parts, s.state) for s in stays] == [(("am",), "absent"), (("noon",), "")]
    coming = next_stay(week, me)
    assert coming is not None and coming.parts == ("noon",)
    beside = own_week(week, signed_in(week, ZHANG), MONDAY).stays[0]
    assert beside.others == (LI,)  # still there at noon
    answer_absent(week, me, [(MONDAY, "noon")], "ill")
    assert own_week(week, signed_in(week, ZHANG), MONDAY).stays[0].others == ()
    assert classes_on(week, number(week, LI), MONDAY) == frozenset()


def test_what_cannot_be_is_refused_whole(week: Session) -> None:
    me = signed_in(week, LI)
    for parts, reason, error in (
        ([], "ill", Invalid), ([(MONDAY, "am")], "x", Invalid), ([(MONDAY, "am"), (MONDAY, "pm")], "ill", NotFound),
    ):  # fmt: skip
        with pytest.raises(error):
            answer_absent(week, me, parts, reason)
    assert (week.exec(select(Absence)).all(), told(week)) == ([], [])


def test_somebody_can_come_after_all_until_the_place_is_taken(week: Session) -> None:
    me = signed_in(week, ZHANG)
    first, second, _ = answer_absent(week, me, ALL_DAY, "study")
    withdraw_absence(week, me, first.id or 0)
    assert [a.absence.part for a in open_absences(week, MONDAY)] == ["noon", "pm"]
    gone = duty(week, ZHANG, "1-noon", "assistant")
    amend(week, MONDAY, remove=[gone], add=[{**gone, "volunteer": f"v{number(week, ZHAO)}"}])
    with pytest.raises(Conflict):
        withdraw_absence(week, me, second.id or 0)
    with pytest.raises(NotFound):
        withdraw_absence(week, signed_in(week, LI), second.id or 0)
    assert [a.absence.part for a in open_absences(week, MONDAY)] == ["pm"]
    assert [code for _, code in told(week)] == ["duty_absent", "duty_back"]


def test_a_link_says_yes_once_and_again_without_harm(week: Session) -> None:
    token = token_of(week, ZHANG)
    assert (see_link(week, token).state, week.exec(select(DutyAnswer)).all()) == ("open", [])  # looking changes nothing
    confirm_by_link(week, token)
    confirm_by_link(week, token)
    assert len(week.exec(select(DutyAnswer)).all()) == 1
    assert see_link(week, token).state == "confirmed"
    absent_by_link(week, token, [(MONDAY, "pm")], "ill")  # whoever falls ill has the same message at hand
    assert [a.absence.part for a in open_absences(week, MONDAY)] == ["pm"]


def test_a_link_that_said_no_cannot_be_replayed(week: Session) -> None:
    token, me = token_of(week, ZHANG), signed_in(week, ZHANG)
    absent_by_link(week, token, [], "ill")
    assert len(open_absences(week, MONDAY)) == 3
    for one in open_absences(week, MONDAY):
        withdraw_absence(week, me, one.absence.id or 0)
    for again in (lambda: absent_by_link(week, token, [], "ill"), lambda: confirm_by_link(week, token)):
        with pytest.raises(Conflict) as used:
            again()
        assert used.value.code == "link_used"
    assert (open_absences(week, MONDAY), see_link(week, token).state) == ([], "absent")


def test_a_link_is_good_for_one_purpose_one_person_and_one_roster(week: Session) -> None:
    mine, others = token_of(week, ZHANG), token_of(week, LI)
    swap = make_link(Link("swap", number(week, ZHANG), MONDAY, MONDAY, BEFORE + timedelta(days=9), bytes(6)))
    with pytest.raises(Refused) as purpose:
        confirm_by_link(week, swap)
    with pytest.raises(Refused) as parts:
        absent_by_link(week, others, [(MONDAY, "pm")], "ill")  # 张's part by 李's link
    amend(week, MONDAY, remove=[duty(week, ZHANG, "1-pm", "assistant")], add=[])
    assert (see_link(week, mine).state, see_link(week, others).state) == ("outdated", "open")
    with pytest.raises(Conflict) as changed:
        confirm_by_link(week, mine)
    with pytest.raises(Conflict):
        absent_by_link(week, mine, [], "ill")
    assert (purpose.value.code, parts.value.code, changed.value.code) == ("link_wrong", "link_wrong", "link_outdated")
    assert (week.exec(select(DutyAnswer)).all(), week.exec(select(Absence)).all()) == ([], [])


def test_a_link_dies_with_the_telephone_that_it_was_sent_to(week: Session) -> None:
    token = token_of(week, ZHANG)
    person = week.exec(select(Volunteer).where(Volunteer.name == ZHANG)).one()
    person.phone = "13900009999"
    week.add(person)
    week.flush()
    assert see_link(week, token).state == "outdated"


def test_forged_tokens_are_worth_nothing(week: Session) -> None:
    token = token_of(week, ZHANG)
    raw = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))
    changed = [raw[:n] + bytes([raw[n] ^ 1]) + raw[n + 1 :] for n in range(len(raw))]
    bad = [base64.urlsafe_b64encode(one).decode().rstrip("=") for one in changed]
    bad += ["", "x", token[:-4], token + "AAAA", "é" * 40, "A" * 5000, base64.urlsafe_b64encode(bytes(40)).decode()]
    for one in bad:
        with pytest.raises(Refused) as wrong:
            confirm_by_link(week, one)
        assert wrong.value.code == "link_wrong"
    assert week.exec(select(DutyAnswer)).all() == []


def test_a_link_is_over_with_its_day(week: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    token = token_of(week, ZHANG)
    monkeypatch.setattr(clock, "now", lambda: datetime(2026, 7, 7, 0, 0, 1, tzinfo=SHANGHAI))
    with pytest.raises(Refused) as over:
        absent_by_link(week, token, [], "ill")
    past = make_link(Link("answer", 1, MONDAY, MONDAY, BEFORE - timedelta(days=9), bytes(6)))
    with pytest.raises(Refused):
        see_link(week, past)
    assert over.value.code == "link_expired"


def test_the_coordinator_sees_who_is_away_and_who_is_silent(week: Session) -> None:
    here, there = (week.exec(select(Site.id).where(Site.name == n)).one() for n in ("东街少年宫", "西镇少年宫"))
    boss, elsewhere = office(week, Role.SITE_COORDINATOR, here), office(week, Role.SITE_COORDINATOR, there)
    answer_coming(week, signed_in(week, ZHANG), MONDAY)
    [before] = see_answers(week, boss, MONDAY).days
    assert (before.expected, before.confirmed, [s.name for s in before.silent]) == (2, 1, [LI])
    answer_absent(week, signed_in(week, LI), [(MONDAY, "am")], "transport")
    [day] = see_answers(week, boss, MONDAY).days
    [away] = day.missing
    assert (away.name, away.part, away.reason, away.phone) == (LI, "am", "transport", PHONES[LI])
    assert [(s.name, s.parts) for s in day.silent] == [(LI, ("noon",))]
    assert see_answers(week, elsewhere, MONDAY).days == ()
    with pytest.raises(NotAllowed):
        see_answers(week, elsewhere, MONDAY, here)
    with pytest.raises(NotAllowed):
        see_answers(week, signed_in(week, LI), MONDAY)


def test_a_coordinator_writes_down_what_was_telephoned(week: Session) -> None:
    put(week, [duty(week, LI, "1-am", "lead"), duty(week, WANG, "1-am", "lead", run=2)])
    here = week.exec(select(Site.id).where(Site.name == "东街少年宫")).one()
    boss = office(week, Role.SITE_COORDINATOR, here)
    [made] = absent_for(week, boss, number(week, LI), [(MONDAY, "am")], "ill", "电话")
    assert (made.source, made.reported_by_id) == ("desk", boss.account_id)
    with pytest.raises(NotAllowed):
        absent_for(week, boss, number(week, WANG), [(MONDAY, "am")], "ill")
    with pytest.raises(NotAllowed):
        absent_for(week, signed_in(week, WANG), number(week, LI), [(MONDAY, "am")], "ill")
