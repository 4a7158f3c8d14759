"""What the office sees of rounds and applications, and how a coordinator's figures keep to the own sites."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from seasons import SmallSeason
from sqlalchemy import Engine, event
from sqlmodel import Session, select

from registry import clock
from registry.accounts.permissions import Actor, Held
from registry.accounts.tables import Role
from registry.db import session_scope
from registry.enrolment import desk
from registry.enrolment.numbers import number_of, shown_number
from registry.enrolment.tables import Application, Place
from registry.errors import Conflict, Invalid, NotAllowed, NotFound
from registry.privacy import bulk_exports
from registry.privacy.tables import AccessLog
from registry.programme import ClassRun, Partner, Site, setting
from registry.programme_office import overview as programme
from registry.programme_office import (
    remove_day,
    save_day,
    save_partner,
    save_season,
    save_site_facts,
    set_collects_papers,
)


def coordinator(season: SmallSeason, site: Site) -> Actor:
    return Actor(season.account().id or 0, "c", (Held(Role.SITE_COORDINATOR, site_id=site.id),))


def another_office(season: SmallSeason) -> Actor:
    return Actor(season.account().id or 0, "second", (Held(Role.DISTRICT_OFFICE),))


def run_at(season: SmallSeason, site: Site) -> ClassRun:
    """A class run of the round at another site."""
    run = season.class_run(4)
    run.site_id = site.id or 0
    return season.add(run)


@pytest.fixture
def two_sites(session: Session) -> Iterator[tuple[SmallSeason, Site, Site]]:
    """Three applications for the first site, one of them claimed; one draft and one application for the second."""
    season = SmallSeason(session)
    other = season.add(Site(name="乙点位", subdistrict="二街", longitude=106.6, latitude=29.6))
    here, there = season.class_run(2), run_at(season, other)
    season.apply(season.child(), here, group_code="test_first", group_status="claimed")
    season.apply(season.child(), here, there)
    season.apply(season.child(), here)
    season.apply(season.child(), there)
    season.apply(season.child(), there, status="draft")
    yield season, season.site, other


def test_a_round_is_summed_up_for_the_office_and_for_a_site(two_sites: tuple[SmallSeason, Site, Site]) -> None:
    season, here, there = two_sites
    session, found = season.session, {}
    for who in (season.office, coordinator(season, here), coordinator(season, there)):
        (line,) = desk.round_lines(session, who)
        found[who.name, len(found)] = (line.classes, line.places, line.sent, line.drafts, line.unverified)
    assert list(found.values()) == [(2, 6, 4, 1, 1), (1, 2, 3, 0, 1), (1, 4, 2, 1, 0)]
    whole = desk.overview(session, season.office, season.round.id or 0)
    assert [(s.site, s.places, s.first, s.taken) for s in whole.sites] == [("甲点位", 2, 3, 0), ("乙点位", 4, 1, 0)]
    assert whole.by_status == {"submitted": 4, "draft": 1}
    part = desk.overview(session, coordinator(season, there), season.round.id or 0)
    assert ([s.site for s in part.sites], part.by_status) == (["乙点位"], {"submitted": 2, "draft": 1})


def test_the_next_step_follows_the_phase(two_sites: tuple[SmallSeason, Site, Site]) -> None:
    season, session = two_sites[0], two_sites[0].session

    def step() -> str:
        return desk.round_lines(session, season.office)[0].next_step

    steps = [step()]
    season.round.closes_at = clock.now() + timedelta(days=1)
    steps.append(step())
    season.round.announced_at = None
    steps.append(step())
    season.round.cancelled_at = clock.now()
    assert [*steps, step()] == ["draw", "verify", "announce", "see"]


def test_a_round_that_is_not_announced_is_the_offices_alone(two_sites: tuple[SmallSeason, Site, Site]) -> None:
    season, here, _ = two_sites
    season.round.announced_at = None
    season.session.flush()
    assert desk.round_lines(season.session, coordinator(season, here)) == []
    with pytest.raises(NotFound, match="round_unknown"):
        desk.overview(season.session, coordinator(season, here), season.round.id or 0)
    with pytest.raises(NotAllowed):
        desk.overview(season.session, Actor(1, "g", (Held(Role.GUARDIAN),), guardian_id=1), season.round.id or 0)


def test_an_application_at_the_desk_is_masked_and_kept_to_its_sites(session: Session) -> None:
    season = SmallSeason(session)
    other = season.add(Site(name="乙点位", subdistrict="二街", longitude=106.6, latitude=29.6))
    made = season.apply(season.child(name="欧阳小雨"), season.class_run(2, name="甲班"), number=number_of(12345678))
    it = desk.detail(session, coordinator(season, season.site), f" {shown_number(made.number)} ")
    assert (it.number, it.child, it.status.code, it.claim) == (made.number, "欧*雨", "in_draw", "none")
    assert [(w.rank, w.row.name, w.may_decide) for w in it.wishes] == [(1, "甲班", True)]
    assert (it.may_verify, it.may_decide) == (True, True)
    with pytest.raises(NotFound, match="application_unknown"):
        desk.detail(session, coordinator(season, other), made.number)
    with pytest.raises(NotFound, match="application_unknown"):
        desk.detail(session, season.office, "000000000")


def test_rounds_take_as_many_queries_for_three_as_for_one(engine: Engine) -> None:
    statements: list[str] = []
    event.listen(engine, "before_cursor_execute", lambda *call: statements.append(call[2]))
    with session_scope(engine) as session:
        season = SmallSeason(session)
        season.class_run(2)
    counts = []
    for total in (1, 3):
        with session_scope(engine) as session:
            for number in range(2, total + 1):
                fields = season.round.model_dump(exclude={"id"}) | {"number": number}
                session.add(type(season.round)(**fields))
        statements.clear()
        with session_scope(engine) as session:
            assert len(desk.round_lines(session, season.office)) == total
        counts.append(len([text for text in statements if text.startswith("SELECT")]))
    assert counts == [3, 3]


def placed_at(season: SmallSeason) -> Application:
    """A child with a confirmed place at the first site."""
    run = season.class_run(2, name="甲班")
    made = season.apply(season.child(name="欧阳小雨"), run, status="confirmed")
    now = clock.now()
    season.add(
        Place(
            application_id=made.id or 0,
            class_run_id=run.id or 0,
            rank=1,
            source="draw",
            status="confirmed",
            offered_at=now,
        )
    )
    return made


def test_a_whole_name_list_needs_two_people_and_is_taken_once(session: Session) -> None:
    season = SmallSeason(session)
    made, asker = placed_at(season), coordinator(season, season.site)
    asked = bulk_exports.ask_export(
        session, asker, round_id=season.round.id or 0, site_id=season.site.id or 0, reason=" 开班前打电话 "
    )
    number = asked.id or 0
    with pytest.raises(Conflict, match="export_not_approved"):
        bulk_exports.take_export(session, asker, number)
    with pytest.raises(NotAllowed):
        bulk_exports.approve_export(session, asker, number)
    bulk_exports.approve_export(session, season.office, number)
    with pytest.raises(NotAllowed, match="export_not_yours"):
        bulk_exports.take_export(session, season.office, number)
    rows = bulk_exports.take_export(session, asker, number)
    assert [(r.class_run, r.name, r.guardian, r.number, r.status) for r in rows] == [
        ("甲班", "欧阳小雨", "家长", made.number, "confirmed")
    ]
    with pytest.raises(Conflict, match="export_taken"):
        bulk_exports.take_export(session, asker, number)
    log = session.exec(select(AccessLog).order_by(AccessLog.id)).all()  # type: ignore[arg-type]
    assert [(e.action, e.subject, e.subject_id, e.reason) for e in log] == [
        ("bulk_export.ask", "bulk_export", number, "开班前打电话"),
        ("bulk_export.approve", "bulk_export", number, "开班前打电话"),
        ("bulk_export.take", "bulk_export", number, "开班前打电话"),
        ("bulk_export.take", "child", made.child_id, "开班前打电话"),
    ]


def test_nobody_approves_what_they_asked_for_and_old_approvals_end(session: Session) -> None:
    season = SmallSeason(session)
    where = {"round_id": season.round.id or 0, "site_id": season.site.id or 0}
    with pytest.raises(Invalid) as refused:
        bulk_exports.ask_export(session, season.office, reason="  ", **where)
    assert [(p.field, p.code) for p in refused.value.problems] == [("reason", "needed")]
    asked = bulk_exports.ask_export(session, season.office, reason="x", **where)
    with pytest.raises(Conflict, match="export_own"):
        bulk_exports.approve_export(session, season.office, asked.id or 0)
    done = bulk_exports.approve_export(session, another_office(season), asked.id or 0)
    done.approved_at = clock.now() - bulk_exports.GOOD_FOR
    with pytest.raises(Conflict, match="export_over"):
        bulk_exports.take_export(session, season.office, asked.id or 0)
    other = season.add(Site(name="乙点位", subdistrict="二街", longitude=106.6, latitude=29.6))
    with pytest.raises(NotAllowed):
        bulk_exports.ask_export(session, coordinator(season, other), reason="x", **where)
    assert [line.state for line in bulk_exports.exports(session, season.office)] == ["over"]
    assert bulk_exports.exports(session, coordinator(season, other)) == []


def test_the_office_keeps_the_programme(session: Session) -> None:
    season = SmallSeason(session)
    office = season.office
    save_season(session, office, 2027, " 2027  暑期 ")
    made = save_partner(
        session, office, name="某某公司", credit_code="91500000ma5u00000x", contact_phone="138 0013 8000"
    )
    assert (made.credit_code, made.contact_phone) == ("91500000MA5U00000X", "13800138000")
    for fields, where in (({"name": "某某公司"}, "partner_name"), ({"name": "乙", "credit_code": "1"}, "credit_code")):
        with pytest.raises(Invalid) as refused:
            save_partner(session, office, **fields)
        assert [p.field for p in refused.value.problems] == [where]
    assert len(session.exec(select(Partner)).all()) == 1
    save_site_facts(
        session, office, season.site.id or 0, serves_lunch=True, offers_nap=False, public_phone="023-65368888"
    )
    set_collects_papers(session, office, collects=True)
    day = season.term.starts_on
    save_day(session, office, day, "校庆", is_worked=False)
    found = programme(session, office)
    assert [(s.year, s.name) for s in found.seasons] == [(2027, "2027 暑期"), (2026, "2026 暑期")]
    assert [(s.serves_lunch, s.offers_nap, s.public_phone) for s in found.sites] == [(True, False, "023-65368888")]
    assert [d.name for d in found.days if d.day == day] == ["校庆"]
    assert (found.collects_papers, setting(session, "collects_papers")) == (True, True)
    remove_day(session, office, day)
    assert [d for d in programme(session, office).days if d.day == day] == []
    with pytest.raises(NotAllowed):
        programme(session, coordinator(season, season.site))
