"""A draw from closing to notice: frozen, seeded, run, published; again in a second round; and what is refused."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from seasons import CLOSED, LONG_AGO, SmallSeason
from sqlalchemy import Engine
from sqlmodel import Session, col, select

from registry.accounts.permissions import Actor, Held
from registry.accounts.tables import OutboxMessage, Role
from registry.db import session_scope, sessions
from registry.engine.placements import read_reason
from registry.enrolment.draws import (
    freeze_round,
    outlook,
    queue_draw,
    run_draw,
)
from registry.enrolment.frozen import class_key, problem_of_round
from registry.enrolment.publish import effect, publish_draw
from registry.enrolment.tables import (
    Application,
    ApplicationEvent,
    ClassDay,
    Draw,
    EnrolmentRound,
    Place,
    PublicNotice,
    WaitlistEntry,
)
from registry.errors import Conflict, NotAllowed, Refused
from registry.programme import Season
from registry.tasks.kinds import KINDS
from registry.tasks.queue import open_task, waiting
from registry.tasks.work import perform


def run_whole(engine: Engine, actor: Actor, round_id: int, event_value: str = "") -> Draw:
    """Freeze, seed, solve and publish."""
    with session_scope(engine) as session:
        number = freeze_round(session, actor, round_id).id or 0
        queue_draw(session, actor, number, event_value)
    run_draw(sessions(engine), number, seconds=20, workers=1)
    with session_scope(engine) as session:
        return publish_draw(session, actor, number)


def test_a_draw_from_closing_to_notice(engine: Engine) -> None:
    with session_scope(engine) as session:
        season = SmallSeason(session)
        small, large = season.class_run(1, name="小班"), season.class_run(2, name="大班")
        first = season.apply(season.child(), small, group_code="test_first", group_status="verified")
        claims = season.apply(season.child(), small, group_code="test_first", group_status="claimed")
        both = season.apply(season.child(), small, large)
        season.apply(season.child(), large, status="draft")
        before = outlook(session, season.office, season.round.id or 0)
    assert (before.applications, before.unsent, before.verified, before.unverified) == (3, 1, 1, 1)
    assert (before.classes, before.places, before.obstacles) == (2, 3, ())

    drawn = run_whole(engine, season.office, season.round.id or 0)

    with session_scope(engine) as session:
        held = {(p.application_id, p.class_run_id, p.rank, p.status) for p in session.exec(select(Place))}
        # One place in the small class: it goes to the verified tier 0. The other who only wants it stays without.
        assert held == {(first.id, small.id, 1, "offered"), (both.id, large.id, 2, "offered")}
        waits = [(w.application_id, w.class_run_id, w.position, w.rank) for w in session.exec(select(WaitlistEntry))]
        assert sorted(waits) == sorted([(claims.id, small.id, 1, 1), (both.id, small.id, 2, 1)])
        status = {a.id: a.status for a in session.exec(select(Application)) if a.submitted_at and a.status != "draft"}
        assert status == {first.id: "placed", claims.id: "waitlisted", both.id: "placed"}
        told = {e.application_id: e.code for e in session.exec(select(ApplicationEvent))}
        assert told == {first.id: "draw_placed", claims.id: "draw_waitlisted", both.id: "draw_placed"}
        assert sorted(m.code for m in session.exec(select(OutboxMessage))) == [
            "draw_placed", "draw_placed", "draw_waitlisted",
        ]  # fmt: skip
        taken = {(d.class_run_id, d.weekday): d.taken for d in session.exec(select(ClassDay))}
        assert taken == {(run.id, day): 1 for run in (small, large) for day in range(1, 6)}
        assert session.exec(select(PublicNotice)).one().rows == [
            {"name": "张*丰", "class": "甲点位 大班", "number": both.number},
            {"name": "张*丰", "class": "甲点位 小班", "number": first.number},
        ]
        assert session.get_one(Season, 2026).draw_seed == drawn.seed
        reason = read_reason((drawn.reasons_json or {})[claims.draw_name])
        assert (reason.code, [(w.class_run, w.code) for w in reason.unmet]) == (
            "no_place", [(class_key(small.id or 0), "better_claims")],
        )  # fmt: skip


def test_what_publishing_will_do_is_told_before(engine: Engine) -> None:
    with session_scope(engine) as session:
        season = SmallSeason(session)
        run, closed = season.class_run(1), season.class_run(5, least=3)
        season.apply(season.child(), run)
        season.apply(season.child(), run, closed)
        number = freeze_round(session, season.office, season.round.id or 0).id or 0
        queue_draw(session, season.office, number)
    run_draw(sessions(engine), number, seconds=20, workers=1)
    with session_scope(engine) as session:
        told = effect(session, season.office, number)
    assert (told.placed, told.first_wish, told.waiting, told.without) == (1, 1, 1, 0)
    assert (told.classes_open, told.classes_closed, told.is_proven) == (1, 1, True)
    assert {value for name, value in told.level_of.items() if name.startswith("placed.")} == {(1, 1)}


def test_a_second_round_keeps_places_and_lottery_numbers(engine: Engine) -> None:
    with session_scope(engine) as session:
        season = SmallSeason(session)
        run = season.class_run(2, name="甲班")
        lucky, other = season.child(), season.child()
        season.apply(lucky, run)
        waiting = season.apply(season.child(), run)
        session.add(
            WaitlistEntry(
                class_run_id=run.id or 0, application_id=waiting.id or 0, rank=1, position=4, changed_at=CLOSED
            )
        )
        waiting.status = "waitlisted"
    first = run_whole(engine, season.office, season.round.id or 0)
    with session_scope(engine) as session:
        season.session = session
        again = season.add(
            EnrolmentRound(
                season=2026, number=2, name="第二轮", mode="lottery", opens_at=LONG_AGO, closes_at=CLOSED,
                confirm_by=datetime(2100, 1, 1, tzinfo=UTC),
            )
        )  # fmt: skip
        season.offer(again, run, 2)
        season.apply(other, run, round_=again)
        third = season.apply(season.child(), run, round_=again)
        second = season.apply(lucky, run, round_=again)
    drawn = run_whole(engine, season.office, again.id or 0)
    with session_scope(engine) as session:
        lines = {line["id"]: line for line in drawn.problem_json["frozen"]["children"]}
        name = session.exec(
            select(Application.draw_name).where(Application.child_id == lucky.id).order_by(col(Application.id))
        ).first()
        assert lines[name or ""]["keep"] == [class_key(run.id or 0)]
        assert second.draw_name not in lines
        assert drawn.seed == first.seed
        reasons = [drawn.reasons_json or {}, first.reasons_json or {}]
        assert reasons[0][name]["number"] == reasons[1][name]["number"]
        owners = session.exec(select(Application.child_id).join(Place, col(Place.application_id) == Application.id))
        assert len(set(owners.all()) & {lucky.id}) == 1
        assert session.exec(select(Place)).all().__len__() == 2
        assert {d.taken for d in session.exec(select(ClassDay))} == {2}
        assert session.get_one(Application, third.id).status in {"placed", "waitlisted"}
        # Whoever waits since the first round stays ahead of those who join in the second.
        entries = session.exec(select(WaitlistEntry).order_by(col(WaitlistEntry.position))).all()
        assert [(e.application_id == waiting.id, e.position) for e in entries] == [(True, 4), (False, 5)]


def test_siblings_who_share_a_guardian_are_one_family(session: Session) -> None:
    season = SmallSeason(session)
    run, mother = season.class_run(5), season.guardian()
    elder, younger, alone = season.child(mother), season.child(mother), season.child()
    parted = season.child(mother)
    numbers = [season.apply(child, run).draw_name for child in (elder, younger, alone)]
    season.apply(parted, run, together=False)
    children = problem_of_round(session, season.round)["children"]
    families = {line["id"]: line["family"] for line in children}
    assert [families[number] for number in numbers] == [f"f-{min(numbers[:2])}", f"f-{min(numbers[:2])}", None]
    assert len([f for f in families.values() if f is not None]) == 2


def test_an_event_gives_the_seed_once(engine: Engine) -> None:
    with session_scope(engine) as session:
        season = SmallSeason(session)
        season.round.seed_secret, season.round.seed_event = None, "福彩双色球 2026060 期"
        season.apply(season.child(), season.class_run(1))
        number = freeze_round(session, season.office, season.round.id or 0).id or 0
        with pytest.raises(Refused, match="seed_needed"):
            queue_draw(session, season.office, number)
        assert queue_draw(session, season.office, number, "01 02 03 04 05 06 07").seed == "01 02 03 04 05 06 07"
        with pytest.raises(Conflict, match="draw_running"):
            queue_draw(session, season.office, number, "another")
    assert run_draw(sessions(engine), number, seconds=20, workers=1).status == "done"
    with session_scope(engine) as session, pytest.raises(Conflict, match="seed_known"):
        queue_draw(session, season.office, number, "another")


def test_a_draw_that_was_interrupted_is_run_again(engine: Engine) -> None:
    with session_scope(engine) as session:
        season = SmallSeason(session)
        season.apply(season.child(), season.class_run(1))
        drawn = freeze_round(session, season.office, season.round.id or 0)
        queue_draw(session, season.office, drawn.id or 0)
        drawn.status = "solving"
        task = open_task(session, "draw", str(drawn.id))
        assert task is not None
        task.status, task.holder, task.lease_until = "running", "somebody who died", LONG_AGO
    with session_scope(engine) as session:
        assert waiting(session) == [task.id]
    assert perform(sessions(engine, is_writing=True), KINDS, task.id or 0, "another")
    with session_scope(engine) as session:
        assert (session.get_one(Draw, drawn.id).status, waiting(session)) == ("done", [])
    with pytest.raises(Conflict, match="draw_not_queued"):
        run_draw(sessions(engine), drawn.id or 0)


def test_a_draw_is_published_once(engine: Engine) -> None:
    with session_scope(engine) as session:
        season = SmallSeason(session)
        season.apply(season.child(), season.class_run(1))
    drawn = run_whole(engine, season.office, season.round.id or 0)
    with session_scope(engine) as session, pytest.raises(Conflict, match="draw_published"):
        publish_draw(session, season.office, drawn.id or 0)
    with session_scope(engine) as session:
        assert len(session.exec(select(Place)).all()) == 1


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"closes_at": datetime(2100, 1, 1, tzinfo=UTC)}, "round_still_open"),
        ({"mode": "first_come"}, "round_without_draw"),
        ({"cancelled_at": CLOSED}, "round_cancelled"),
        ({"seed_secret": None}, "no_seed_source"),
    ],
)
def test_what_stands_against_a_draw_is_told(session: Session, change: dict[str, object], code: str) -> None:
    season = SmallSeason(session)
    season.apply(season.child(), season.class_run(1))
    for name, value in change.items():
        setattr(season.round, name, value)
    session.flush()
    assert outlook(session, season.office, season.round.id or 0).obstacles == (code,)
    with pytest.raises(Refused, match=code):
        freeze_round(session, season.office, season.round.id or 0)


def test_a_coordinator_runs_no_draw(session: Session) -> None:
    season = SmallSeason(session)
    season.apply(season.child(), season.class_run(1))
    coordinator = Actor(season.office.account_id, "c", (Held(Role.SITE_COORDINATOR, site_id=season.site.id),))
    with pytest.raises(NotAllowed, match="not_allowed"):
        freeze_round(session, coordinator, season.round.id or 0)
