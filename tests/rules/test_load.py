"""Load: the segments in which a volunteer is engaged, by a duty or any lesson, number at most `max_segments`."""

import pytest
from factories import Entry, broken, duty, lesson, pins, problem, roster, said, volunteer
from twins import both

from scheduler import check
from scheduler.roster.rules import load

WEEK = problem(volunteers=[volunteer("v1", max_segments=2), volunteer("v2", max_segments=0)])


@pytest.mark.parametrize(
    "given",
    [
        [duty("v1", s="1-am"), duty("v1", s="1-pm")],
        [duty("v1", s="1-am"), lesson("v1", t="1-am-1"), lesson("v1", t="1-am-2"), duty("v1", s="1-pm")],
        [lesson("v1", t="1-am-1"), lesson("v1", t="1-am-2"), lesson("v1", t="1-pm-1")],  # visits: two segments
    ],
)
def test_two_segments(given: list[Entry]) -> None:
    assert both(load, WEEK, *given) == []


@pytest.mark.parametrize(
    "given",
    [
        [duty("v1", s="1-am"), duty("v1", s="1-pm"), duty("v1", s="2-am")],
        [duty("v1", s="1-am"), duty("v1", s="1-pm"), lesson("v1", t="2-am-1")],
        [lesson("v1", t="1-am-1"), lesson("v1", t="1-pm-1"), lesson("v1", "c2", t="2-am-1")],
    ],
)
def test_three_segments(given: list[Entry]) -> None:
    assert both(load, WEEK, *given) == [set(given)]
    assert said(load.violations(WEEK, roster(*given)))[0][1] == {"volunteer": "v1", "segments": 3, "max_segments": 2}


def test_nobody_is_engaged_at_a_maximum_of_none() -> None:
    assert both(load, WEEK, lesson("v2")) == [{lesson("v2")}]


def test_a_waiving_pin_comes_on_top_of_a_full_week() -> None:
    pinned, full = duty("v1", s="2-am"), [duty("v1", s="1-am"), duty("v1", s="1-pm")]
    week = problem(volunteers=[volunteer("v1", max_segments=2)], pins=pins(pinned, waives=("load",)))
    assert both(load, week, pinned, *full) == []
    assert broken(check(week, roster(pinned, *full)).overridden) == [{pinned, *full}]
    assert both(load, week, pinned, *full, duty("v1", s="1-noon")) == [{*full, duty("v1", s="1-noon")}]


def test_what_stands_beside_a_waiving_pin_counts() -> None:
    """The pin is a lesson in 1-am. A duty in 1-am is no part of it: with two more segments that makes three."""
    pinned, others = lesson("v1"), [duty("v1", s="1-am"), duty("v1", s="1-pm"), duty("v1", s="2-am")]
    week = problem(volunteers=[volunteer("v1", max_segments=2)], pins=pins(pinned, waives=("load",)))
    assert both(load, week, pinned, *others) == [set(others)]
    assert both(load, week, pinned, *others[1:]) == []
