"""Availability: every duty's segment and every lesson's segment is one the volunteer is available in."""

from factories import Entry, duty, lesson, problem, volunteer
from twins import both

from scheduler.roster.rules import availability

WEEK = problem(volunteers=[volunteer("v1", available=["1-am"]), volunteer("v2", available=[])])


def test_within() -> None:
    assert both(availability, WEEK, duty("v1"), lesson("v1")) == []


def test_a_duty_and_a_visit_outside() -> None:
    given: list[Entry] = [duty("v1", s="1-pm"), lesson("v1", t="1-pm-1"), lesson("v1", t="1-am-2")]
    assert both(availability, WEEK, *given) == [{given[0]}, {given[1]}]


def test_the_same_hours_on_another_day() -> None:
    given = duty("v1", s="2-am")
    assert both(availability, WEEK, given) == [{given}]


def test_never_available() -> None:
    given = lesson("v2")
    assert both(availability, WEEK, given) == [{given}]
