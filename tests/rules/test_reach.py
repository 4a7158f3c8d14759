"""Reach: the distance home → site, less 1e-9, is at most `reach_km`."""

import pytest
from factories import broken, class_run, duty, lesson, pins, problem, roster, site, volunteer
from twins import both

from scheduler import check
from scheduler.roster.rules import reach


@pytest.mark.parametrize(
    ("reach_km", "near"),
    [(5, True), (5 - 1e-10, True), (5 - 1e-9, True), (5 - 1e-8, False), (4.9, False), (0, False)],
)
def test_site_2_is_5_km_away(reach_km: float, near: bool) -> None:
    """Home (0, 0), site (3, 4): √(9 + 16) = 5."""
    week = problem(volunteers=[volunteer("v1", reach_km=reach_km)])
    for given in (duty("v1", "c2"), lesson("v1", "c2")):
        assert both(reach, week, given) == ([] if near else [{given}])


def test_rounding_of_the_coordinates_is_forgiven() -> None:
    """0.1 + 0.2 is 0.30000000000000004 in double precision."""
    week = problem(sites=[site("s1", 0.1 + 0.2)], classes=[class_run("c1")], volunteers=[volunteer("v1", reach_km=0.3)])
    assert both(reach, week, duty("v1")) == []


def test_next_door_with_no_reach() -> None:
    week = problem(volunteers=[volunteer("v1", reach_km=0)])
    assert both(reach, week, duty("v1", "c1")) == []


def test_a_waiving_pin_is_overridden_and_opens_nothing_else() -> None:
    pinned, other = duty("v1", "c2", "1-am"), duty("v1", "c2", "1-noon")
    week = problem(volunteers=[volunteer("v1", reach_km=1)], pins=pins(pinned, waives=("reach",)))
    assert both(reach, week, pinned) == []
    assert both(reach, week, pinned, other) == [{other}]

    assert broken(check(week, roster(pinned, other)).overridden) == [{pinned}]
