"""Travel cost: weight · Σ over distinct (volunteer, weekday, site) of ⌈km less 1e-9⌉."""

import pytest
from factories import Entry, class_run, duty, lesson, policy, problem, site, volunteer
from twins import price

from scheduler.roster.rules import travel_cost

WEEK = problem(policy=policy({"travel": 2}))
"""s1 is at home, s2 5 km away."""


def test_once_a_weekday_and_site() -> None:
    """v1 at s2 on Monday (twice) and Tuesday, v2 on Monday: 2 · 5 · 3 = 30; s1 is next door."""
    given: list[Entry] = [
        duty("v1", "c2"),
        duty("v1", "c2", "1-noon"),
        lesson("v1", "c2", "2-am-1"),
        lesson("v2", "c2", "1-am-2"),
    ]
    assert price(travel_cost, WEEK, *given, duty("v1", "c1", "1-pm")) == 30


def test_two_classes_of_one_site() -> None:
    week = problem(classes=[class_run("c1", "s2"), class_run("c2", "s2")], policy=policy({"travel": 2}))
    assert price(travel_cost, week, duty("v1", "c1"), duty("v1", "c2", "1-noon")) == 10


@pytest.mark.parametrize(("x_km", "km"), [(0, 0), (1e-9, 0), (0.1, 1), (5, 5), (5 + 1e-10, 5), (5.001, 6), (-2, 2)])
def test_rounded_up(x_km: float, km: int) -> None:
    week = problem(sites=[site("s1", x_km), site("s2")], policy=policy({"travel": 1}))
    assert price(travel_cost, week, duty("v1", "c1")) == km


def test_from_each_ones_own_home() -> None:
    week = problem(volunteers=[volunteer("v1", x_km=3, y_km=4), volunteer("v2")], policy=policy({"travel": 1}))
    assert price(travel_cost, week, duty("v1", "c2"), duty("v2", "c1"), lesson("v1", "c1", "2-am-1")) == 5
