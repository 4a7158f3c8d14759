"""Heat: no outdoor course on a weekday in `heat_days`."""

from factories import course, lesson, problem
from twins import both

from scheduler.roster.rules import heat

WEEK = problem(courses=[course("k1", outdoor=True), course("k2")], heat_days=[1, 1])


def test_outdoors_on_a_heat_day() -> None:
    assert both(heat, WEEK, lesson("v1")) == [{lesson("v1")}]


def test_indoors_or_on_another_day() -> None:
    assert both(heat, WEEK, lesson("v1", k="k2"), lesson("v1", t="2-am-1")) == []


def test_without_heat() -> None:
    assert both(heat, problem(courses=[course("k1", outdoor=True), course("k2")]), lesson("v1")) == []
