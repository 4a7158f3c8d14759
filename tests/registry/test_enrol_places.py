"""Places at once, waitlists and offers: nothing is oversold, everybody's turn comes, every step is told."""

from __future__ import annotations

from datetime import timedelta

import pytest
from places import code, line, offer, sent, taken
from sqlalchemy import Engine
from sqlmodel import Session, select
from town import a_round, draft, family, make_town, move, office, told

from registry import clock
from registry.accounts.tables import Role
from registry.db import session_scope, sessions
from registry.enrolment.applications import Details
from registry.enrolment.decisions import approve, reject
from registry.enrolment.events import history
from registry.enrolment.offers import confirm, decline, expire_offers, fill, withdraw
from registry.enrolment.status import status_of
from registry.enrolment.tables import Application, Place, RoundClass, WaitlistEntry
from registry.enrolment.waitlists import standings
from registry.errors import Invalid, NotFound


def test_first_come_gives_the_best_wish_with_room_and_waits_for_the_better_ones(session: Session) -> None:
    runs = make_town(session)
    its = a_round(session, runs, places=1, mode="first_come")
    _, first = sent(session, its, [runs[0], runs[1]])
    _, second = sent(session, its, [runs[0], runs[1]])
    _, third = sent(session, its, [runs[0], runs[1]])
    assert [line(session, a) for a in (first, second, third)] == [
        ("confirmed", runs[0]), ("confirmed", runs[1]), ("waitlisted", 2),
    ]  # fmt: skip
    assert [a.status for a in (first, second, third)] == ["confirmed", "confirmed", "waitlisted"]
    assert (taken(session, runs[0]), taken(session, runs[1])) == ([1] * 5, [1] * 5)
    entries = [(e.class_run_id, e.application_id, e.position) for e in session.exec(select(WaitlistEntry))]
    assert entries == [(runs[0], second.id, 1), (runs[0], third.id, 2), (runs[1], third.id, 1)]
    assert told(session) == ["placed_for_good", "placed_for_good", "on_waitlist"]


def test_part_weeks_share_a_place(session: Session) -> None:
    runs = make_town(session)
    its = a_round(session, runs, places=1, mode="first_come")
    _, early = sent(session, its, [runs[0]], Details(weekdays=(1, 2)))
    _, whole = sent(session, its, [runs[0]])
    _, late = sent(session, its, [runs[0]], Details(weekdays=(3, 4, 5)))
    assert [a.status for a in (early, whole, late)] == ["confirmed", "waitlisted", "confirmed"]
    assert taken(session, runs[0]) == [1] * 5


def test_seats_are_in_different_terms(session: Session) -> None:
    runs = make_town(session)
    its = a_round(session, runs, mode="first_come", most_seats=2)
    _, mine = sent(session, its, runs[:3], Details(seats=2))
    held = session.exec(select(Place.class_run_id).where(Place.application_id == mine.id)).all()
    assert (held, session.exec(select(WaitlistEntry)).all()) == ([runs[0], runs[2]], [])


def test_a_full_waitlist_is_said(session: Session) -> None:
    runs = make_town(session)
    its = a_round(session, runs, places=1, mode="first_come", waitlist_length=1)
    for _ in range(2):
        sent(session, its, [runs[0]])
    _, third = sent(session, its, [runs[0]])
    assert (third.status, line(session, third)[0]) == ("eligible", "not_placed")
    assert [event.code for event in history(session, third)] == ["waitlist_full", "sent", "begun"]
    assert told(session)[-1] == "no_place"


def test_a_place_given_back_is_offered_to_the_next_who_confirms(session: Session) -> None:
    runs = make_town(session)
    its = a_round(session, runs, places=1, mode="first_come", offer_hours=24)
    owner, first = sent(session, its, [runs[0]])
    next_one, second = sent(session, its, [runs[0], runs[1]])
    _, third = sent(session, its, [runs[0]])
    decline(session, owner, offer(session, first, "confirmed").id or 0)
    assert (line(session, first)[0], first.status) == ("given_back", "eligible")
    assert line(session, second) == ("offered", runs[0])
    offered = offer(session, second)
    assert offered.answer_by is not None
    assert timedelta(hours=23, minutes=59) < offered.answer_by - clock.now() <= timedelta(hours=24)
    assert standings(session, third)[0].position == 1
    assert [position for _, position in standings(session, third)[0].history] == [2, 1]
    for _ in range(2):
        confirm(session, next_one, offered.id or 0)
    # The place in the other class is left for the better one, and is free again.
    assert (line(session, second), taken(session, runs[0]), taken(session, runs[1])) == (
        ("confirmed", runs[0]), [1] * 5, [0] * 5,
    )  # fmt: skip
    assert [event.code for event in history(session, second)][:3] == ["left_for_better", "confirmed", "offered"]
    assert told(session).count("offered") == 1


def test_an_offer_declined_goes_on_and_is_not_made_again(session: Session) -> None:
    runs = make_town(session)
    its = a_round(session, runs, places=1, mode="first_come")
    owner, first = sent(session, its, [runs[0]])
    second_actor, second = sent(session, its, [runs[0]])
    third_actor, third = sent(session, its, [runs[0]])
    withdraw(session, owner, first.number)
    for _ in range(2):
        decline(
            session,
            second_actor,
            offer(session, second, "offered" if second.status == "placed" else "declined").id or 0,
        )
    assert (line(session, second)[0], line(session, third)) == ("declined", ("offered", runs[0]))
    decline(session, third_actor, offer(session, third).id or 0)
    assert (taken(session, runs[0]), fill(session, runs[0])) == ([0] * 5, 0)
    assert code(lambda: confirm(session, second_actor, offer(session, second, "declined").id or 0)) == "offer_gone"


def test_an_offer_that_nobody_answers_expires_and_goes_on(engine: Engine) -> None:
    with session_scope(engine) as session:
        runs = make_town(session)
        its = a_round(session, runs, places=1, mode="first_come")
        owner, first = sent(session, its, [runs[0]])
        slow, second = sent(session, its, [runs[0]])
        _, third = sent(session, its, [runs[0]])
        withdraw(session, owner, first.number)
        until = offer(session, second).answer_by
    assert until is not None
    assert expire_offers(sessions(engine), until - timedelta(microseconds=1)) == 0
    assert expire_offers(sessions(engine), until) == 1
    assert expire_offers(sessions(engine), until) == 0
    with session_scope(engine) as session:
        second, third = (session.get_one(Application, a.id) for a in (second, third))
        assert (line(session, second)[0], line(session, third)) == ("expired", ("offered", runs[0]))
        assert taken(session, runs[0]) == [1] * 5
        assert told(session)[-2:] == ["offered", "expired"]
        late = offer(session, second, "expired").id or 0
        assert code(lambda: confirm(session, slow, late)) == "offer_expired"


def test_the_deadline_holds_although_no_job_has_run(session: Session) -> None:
    runs = make_town(session)
    its = a_round(session, runs, places=1, mode="first_come")
    owner, first = sent(session, its, [runs[0]])
    slow, second = sent(session, its, [runs[0]])
    withdraw(session, owner, first.number)
    place = offer(session, second)
    place.answer_by = clock.now()
    session.add(place)
    session.flush()
    assert line(session, second)[0] == "offer_over"
    assert code(lambda: confirm(session, slow, place.id or 0)) == "offer_expired"
    assert code(lambda: decline(session, slow, place.id or 0)) == "offer_expired"


def test_who_holds_something_better_is_passed_over(session: Session) -> None:
    runs = make_town(session)
    its = a_round(session, runs, places=1, mode="first_come")
    owner, first = sent(session, its, [runs[1]])
    _, second = sent(session, its, [runs[0], runs[1]])
    _, third = sent(session, its, [runs[1]])
    session.add(WaitlistEntry(class_run_id=runs[1], application_id=second.id or 0, rank=2, position=0,
                              changed_at=clock.now()))  # fmt: skip
    withdraw(session, owner, first.number)
    assert (line(session, second), line(session, third)) == (("confirmed", runs[0]), ("offered", runs[1]))


def test_nobody_is_offered_a_place_whose_leaving_would_close_another_class(session: Session) -> None:
    runs = make_town(session)
    its = a_round(session, runs, places=1, mode="first_come")
    owner, first = sent(session, its, [runs[0]])
    _, second = sent(session, its, [runs[0], runs[1]])
    _, third = sent(session, its, [runs[0]])
    session.get_one(RoundClass, (its.id, runs[1])).min_to_open = 1
    withdraw(session, owner, first.number)
    assert (line(session, second), line(session, third)) == (("confirmed", runs[1]), ("offered", runs[0]))
    assert standings(session, second)[0].position == 1


def test_an_offer_is_answered_by_its_family_alone(session: Session) -> None:
    runs = make_town(session)
    its = a_round(session, runs, places=1, mode="first_come")
    _, mine = sent(session, its, [runs[0]])
    stranger, _ = family(session)
    place = offer(session, mine, "confirmed").id or 0
    for actor in (stranger, office(session), office(session, Role.SITE_COORDINATOR, 1)):
        for act in (confirm, decline):
            assert code(lambda a=actor, act=act: act(session, a, place)) == "offer_unknown"  # type: ignore[misc]
    assert code(lambda: confirm(session, stranger, 10**30)) == "offer_unknown"
    assert offer(session, mine, "confirmed").id == place


def test_places_are_confirmed_where_the_round_says_until_when(session: Session) -> None:
    runs = make_town(session)
    until = clock.now() + timedelta(days=3)
    its = a_round(session, runs, places=1, mode="first_come", confirm_by=until)
    actor, mine = sent(session, its, [runs[0]])
    assert (line(session, mine), mine.status, offer(session, mine).answer_by) == (("placed", runs[0]), "placed", until)
    confirm(session, actor, offer(session, mine).id or 0)
    assert (line(session, mine)[0], mine.status) == ("confirmed", "confirmed")


def test_the_office_approves_or_refuses_with_a_reason(session: Session) -> None:
    runs = make_town(session)
    its = a_round(session, runs, places=1, mode="approval")
    boss, east, west = (
        office(session),
        office(session, Role.SITE_COORDINATOR, 1),
        office(session, Role.SITE_COORDINATOR, 2),
    )
    mine, other, third = (sent(session, its, [runs[0], runs[1]])[1] for _ in range(3))
    assert line(session, mine)[0] == "received"
    move(session, its, closes_at=clock.now())
    assert line(session, mine)[0] == "in_review"
    assert code(lambda: approve(session, west, mine.number, runs[0])) == "not_allowed"
    approve(session, east, mine.number, runs[0])
    assert line(session, mine) == ("confirmed", runs[0])
    approve(session, boss, other.number, runs[0])
    assert line(session, other) == ("waitlisted", 1)
    assert code(lambda: approve(session, boss, mine.number, runs[1])) == "already_decided"
    assert code(lambda: approve(session, boss, other.number, runs[2])) == "wish_unknown"
    assert code(lambda: reject(session, boss, mine.number, "满了")) == "already_decided"
    for reason in ("", " ", "长" * 50_000):
        with pytest.raises(Invalid):
            reject(session, boss, third.number, reason)
    reject(session, boss, third.number, "不在本区就读")
    found = status_of(session, third, clock.now())
    assert (found.code, found.facts) == ("rejected", {"because": "不在本区就读"})
    assert told(session)[-1] == "rejected"


def test_what_is_not_sent_cannot_be_decided(session: Session) -> None:
    runs = make_town(session)
    its = a_round(session, runs, mode="approval")
    _, mine = draft(session, its, runs[:1])
    boss = office(session)
    assert code(lambda: approve(session, boss, mine.number, runs[0])) == "already_decided"
    assert code(lambda: reject(session, boss, mine.number, "x")) == "already_decided"
    stranger, _ = family(session)
    with pytest.raises(NotFound):
        approve(session, stranger, mine.number, runs[0])


def test_after_its_term_no_place_is_offered(session: Session) -> None:
    from registry.programme import ClassRun, Term

    runs = make_town(session)
    its = a_round(session, runs, places=1, mode="first_come")
    owner, first = sent(session, its, [runs[0]])
    _, second = sent(session, its, [runs[0]])
    term = session.get_one(Term, session.get_one(ClassRun, runs[0]).term_id)
    term.starts_on, term.ends_on = clock.today() - timedelta(days=9), clock.today() - timedelta(days=1)
    withdraw(session, owner, first.number)
    assert (line(session, second), taken(session, runs[0])) == (("waitlisted", 1), [0] * 5)
