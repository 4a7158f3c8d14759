"""Adulthood: a minor is never lead, never gives a visit, and does not count as an adult."""

import pytest
from factories import duty, lesson, problem, volunteer
from twins import both, price

from scheduler.roster.rules import adulthood, safety

WEEK = problem(volunteers=[volunteer("v1", adult=False), volunteer("v2")])


@pytest.mark.parametrize(("role", "broken"), [("lead", True), ("assistant", False)])
def test_a_minor_assists(role: str, broken: bool) -> None:
    given = duty("v1", role=role)
    assert both(adulthood, WEEK, given) == ([{given}] if broken else [])


def test_a_visit() -> None:
    visit = lesson("v1")
    assert both(adulthood, WEEK, visit) == [{visit}]


def test_a_lesson_beside_the_minors_own_duty_is_no_visit() -> None:
    assert both(adulthood, WEEK, duty("v1"), lesson("v1")) == []


def test_a_duty_in_another_segment_does_not_go_with_it() -> None:
    visit = lesson("v1")
    assert both(adulthood, WEEK, duty("v1", s="1-pm"), visit) == [{visit}]


def test_an_adults_duty_does_not_go_with_it() -> None:
    visit = lesson("v1")
    assert both(adulthood, WEEK, duty("v2"), visit) == [{visit}]


def test_minors_do_not_count_as_adults() -> None:
    """c1 and c2 have four segments each and want 2 adults and a lead: nobody there costs 8 · (2 + 2 + 1) = 40."""
    assert price(safety, WEEK) == 40
    assert price(safety, WEEK, duty("v1")) == 40
    assert price(safety, WEEK, duty("v2")) == 38
