"""Waitlists of a round that places families together or not at all: nobody is parted by an offer."""

from __future__ import annotations

import pytest
from places import line
from sqlmodel import Session, select
from town import a_round, family, make_town

from registry import clock
from registry.accounts.permissions import Actor
from registry.enrolment import waitlists
from registry.enrolment.applications import begin
from registry.enrolment.hands import give, settle
from registry.enrolment.offers import decline, fill
from registry.enrolment.places import take
from registry.enrolment.tables import Application, ClassDay, EnrolmentRound, Place
from registry.enrolment.wishes import set_wishes

# The town: class run 0 at the east site and 1 at the west in the first term, 2 at the east in the second, all for
# grades 1 and 2.


@pytest.fixture(name="drawn")
def a_drawn_round(session: Session) -> tuple[Session, EnrolmentRound, list[int]]:
    """A round that was drawn, without any place given yet, and its class runs of two places each."""
    runs = make_town(session)[:3]
    return session, a_round(session, runs, places=2, families="together-or-none"), runs


def enter(session: Session, its: EnrolmentRound, wishes: list[int], *names: str) -> tuple[Actor, list[Application]]:
    """A family whose children all wait for these class runs, as if the draw had gone against them."""
    actor, children = family(session, *names)
    made = []
    for child in children:
        application = begin(session, actor, its.id or 0, child.id or 0)
        set_wishes(session, actor, application.number, wishes, None)
        application.status, application.together = "eligible", True
        session.add(application)
        session.flush()
        for rank, run in enumerate(wishes, start=1):
            waitlists.join(session, application, run, rank, 20)
        settle(session, application)
        made.append(application)
    return actor, made


def put(session: Session, application: Application, run: int, rank: int) -> Place:
    """A place as the draw gave it."""
    assert take(session, run, application.weekdays)
    entry = waitlists.entry_of(session, application.id or 0, run)
    if entry is not None:
        waitlists.mark(session, entry, waitlists.PLACED)
    place = give(session, application, run, rank, "draw", clock.now(), None)
    settle(session, application)
    return place


def leave_free(session: Session, run: int, places: int) -> None:
    """So many places of a class run are free on each day."""
    for day in session.exec(select(ClassDay).where(ClassDay.class_run_id == run)):
        day.taken = day.places - places
        session.add(day)
    session.flush()


def lines(session: Session, several: list[Application]) -> list[str]:
    return [line(session, one)[0] for one in several]


def test_one_free_place_goes_past_two_children_to_the_next_family(
    drawn: tuple[Session, EnrolmentRound, list[int]],
) -> None:
    session, its, runs = drawn
    leave_free(session, runs[0], 1)
    _, twins = enter(session, its, [runs[0]], "张一诺", "张一鸣")
    _, [single] = enter(session, its, [runs[0]], "王小满")
    assert fill(session, runs[0]) == 1
    assert (lines(session, twins), lines(session, [single])) == (["waitlisted", "waitlisted"], ["offered"])
    assert waitlists.standings(session, twins[0])[0].position == 1  # they keep their turn


def test_two_free_places_are_offered_to_both_children(drawn: tuple[Session, EnrolmentRound, list[int]]) -> None:
    session, its, runs = drawn
    _, twins = enter(session, its, [runs[0]], "张一诺", "张一鸣")
    assert fill(session, runs[0]) == 1
    assert lines(session, twins) == ["offered", "offered"]


def test_a_sibling_follows_where_the_other_has_a_place_and_nowhere_else(
    drawn: tuple[Session, EnrolmentRound, list[int]],
) -> None:
    session, its, runs = drawn
    _, twins = enter(session, its, [runs[0], runs[1]], "张一诺", "张一鸣")
    put(session, twins[0], runs[1], 2)
    assert fill(session, runs[0]) == 0  # the better wish of either would part them
    assert fill(session, runs[1]) == 1
    assert lines(session, twins) == ["confirmed", "offered"]


def test_who_gives_a_place_back_lets_the_other_go(drawn: tuple[Session, EnrolmentRound, list[int]]) -> None:
    session, its, runs = drawn
    actor, twins = enter(session, its, [runs[0], runs[1]], "张一诺", "张一鸣")
    places = [put(session, twin, runs[1], 2) for twin in twins]
    leave_free(session, runs[0], 1)
    assert fill(session, runs[0]) == 0
    decline(session, actor, places[0].id or 0)
    assert fill(session, runs[0]) == 1
    assert lines(session, twins) == ["waitlisted", "offered"]


def test_a_family_that_need_not_stay_together_is_asked_one_by_one(
    drawn: tuple[Session, EnrolmentRound, list[int]],
) -> None:
    session, its, runs = drawn
    leave_free(session, runs[0], 1)
    _, twins = enter(session, its, [runs[0]], "张一诺", "张一鸣")
    its.families = "prefer-together"
    session.add(its)
    session.flush()
    assert fill(session, runs[0]) == 1
    assert lines(session, twins) == ["offered", "waitlisted"]
