"""What the office and a coordinator see of applications, and claims decided on site."""

from __future__ import annotations

import pytest
from seasons import CLOSED, SmallSeason
from sqlalchemy import Engine, event
from sqlmodel import Session, select

from registry.accounts.permissions import Actor, Held
from registry.accounts.tables import Role
from registry.db import session_scope
from registry.enrolment.claims import decide_claim, groups
from registry.enrolment.lists import Asked, applications
from registry.enrolment.tables import Application, ApplicationEvent
from registry.errors import Conflict, Invalid, NotAllowed, NotFound
from registry.programme import Site


def coordinator(season: SmallSeason, site: Site) -> Actor:
    return Actor(season.office.account_id, "c", (Held(Role.SITE_COORDINATOR, site_id=site.id),))


def elsewhere(season: SmallSeason) -> Site:
    return season.add(Site(name="乙点位", subdistrict="二街", longitude=106.6, latitude=29.6))


def test_the_list_is_filtered_paged_and_masked(session: Session) -> None:
    season = SmallSeason(session)
    one, two = season.class_run(3, name="一班"), season.class_run(3, name="二班")
    first = season.apply(season.child(name="阿卜杜热西提"), one, two, group_code="test_first", group_status="claimed")
    second = season.apply(season.child(name="李𬱖"), two, status="withdrawn")
    numbers = {"all": [first.number, second.number], "first": [first.number], "second": [second.number], "none": []}
    number = season.round.id or 0
    for asked, expected in [
        (Asked(number), "all"),
        (Asked(number, status="withdrawn"), "second"),
        (Asked(number, claim="claimed"), "first"),
        (Asked(number, class_run_id=one.id), "first"),
        (Asked(number, site_id=season.site.id), "all"),
        (Asked(number, text=second.number.lower()), "second"),
        (Asked(number, text="阿卜杜热西提"), "first"),
        (Asked(number, text="阿卜杜"), "none"),
        (Asked(number, text="%"), "none"),
        (Asked(number, text="' OR 1=1 --"), "none"),
    ]:
        found = applications(session, season.office, asked, limit=10)
        assert ([line.number for line in found.lines], found.total) == (numbers[expected], len(numbers[expected]))
    line = applications(session, season.office, Asked(number), limit=1).lines[0]
    assert (line.child, line.wishes) == ("阿*提", ((one.id, "甲点位 一班"), (two.id, "甲点位 二班")))
    page = applications(session, season.office, Asked(number), limit=1, offset=1)
    assert ([line.number for line in page.lines], page.total) == ([second.number], 2)


def test_a_coordinator_sees_those_who_wish_for_the_site(session: Session) -> None:
    season = SmallSeason(session)
    own = season.apply(season.child(), season.class_run(3))
    other = elsewhere(season)
    number = season.round.id or 0
    seen = applications(session, coordinator(season, season.site), Asked(number), limit=10)
    assert [line.number for line in seen.lines] == [own.number]
    assert applications(session, coordinator(season, other), Asked(number), limit=10).total == 0
    with pytest.raises(NotAllowed):
        applications(session, Actor(1, "g", (Held(Role.GUARDIAN),), guardian_id=1), Asked(number), limit=10)


def test_a_list_takes_as_many_queries_for_three_as_for_one(engine: Engine) -> None:
    statements: list[str] = []
    event.listen(engine, "before_cursor_execute", lambda *call: statements.append(call[2]))
    counts = []
    with session_scope(engine) as session:
        season = SmallSeason(session)
        run = season.class_run(9)
    for total in (1, 3):
        with session_scope(engine) as session:
            season.session = session
            while applications(session, season.office, Asked(season.round.id or 0), limit=1).total < total:
                season.apply(season.child(), run)
        statements.clear()
        with session_scope(engine) as session:
            found = applications(session, season.office, Asked(season.round.id or 0), limit=10)
        assert len(found.lines) == total
        counts.append(len([text for text in statements if text.startswith("SELECT")]))
    assert counts == [4, 4]


def test_a_claim_is_decided_by_name_and_day(session: Session) -> None:
    season = SmallSeason(session)
    made = season.apply(season.child(), season.class_run(3), group_code="test_first", group_status="claimed")
    done = decide_claim(session, coordinator(season, season.site), made.number, is_true=True, seen_by=" 王 老师 ")
    assert (done.group_status, done.group_verified_by, done.version) == ("verified", "王 老师", 2)
    assert done.group_verified_on is not None
    decide_claim(session, season.office, made.number, is_true=False, seen_by="李科")
    assert [(e.code, e.facts) for e in session.exec(select(ApplicationEvent).order_by(ApplicationEvent.id))] == [  # type: ignore[arg-type]
        ("claim_verified", {"by": "王 老师"}),
        ("claim_refused", {"by": "李科"}),
    ]
    assert session.get_one(Application, made.id).group_status == "refused"


def test_a_claim_is_not_decided_by_strangers_or_after_freezing(session: Session) -> None:
    season = SmallSeason(session)
    made = season.apply(season.child(), season.class_run(3), group_code="test_first", group_status="claimed")
    plain = season.apply(season.child(), season.class_run(3))
    with pytest.raises(NotAllowed):
        decide_claim(session, coordinator(season, elsewhere(season)), made.number, is_true=True, seen_by="王")
    with pytest.raises(NotFound, match="application_unknown"):
        decide_claim(session, season.office, "NOBODY", is_true=True, seen_by="王")
    with pytest.raises(Conflict, match="claim_missing"):
        decide_claim(session, season.office, plain.number, is_true=True, seen_by="王")
    for name, code in (("  ", "needed"), ("王" * 50_000, "too_long")):
        with pytest.raises(Invalid) as refused:
            decide_claim(session, season.office, made.number, is_true=True, seen_by=name)
        assert [(p.field, p.code) for p in refused.value.problems] == [("seen_by", code)]
    season.round.frozen_at = CLOSED
    with pytest.raises(Conflict, match="round_frozen"):
        decide_claim(session, season.office, made.number, is_true=True, seen_by="王")
    assert made.group_status == "claimed"


def test_groups_are_listed_the_first_served_first(session: Session) -> None:
    season = SmallSeason(session)
    assert [group.code for group in groups(session) if group.code.startswith("test_")] == ["test_first"]
    assert season.office.has(Role.DISTRICT_OFFICE)
