"""Overload: weight · Σ over volunteers of max(0, segments engaged − preferred_segments)."""

from factories import Entry, duty, lesson, policy, problem, volunteer
from twins import price

from scheduler.roster.rules import overload

WEEK = problem(
    volunteers=[volunteer("v1", preferred_segments=1), volunteer("v2", preferred_segments=3)],
    policy=policy({"overload": 2}),
)


def test_segments_beyond_the_preferred() -> None:
    """v1 in three segments, one of them a visit: 2 · (3 − 1) = 4. v2 in two of three."""
    given: list[Entry] = [
        duty("v1"),
        lesson("v1"),
        duty("v1", s="1-noon"),
        lesson("v1", t="2-am-1"),
        duty("v2"),
        duty("v2", s="2-am"),
    ]
    assert price(overload, WEEK, *given) == 4


def test_exactly_the_preferred() -> None:
    assert price(overload, WEEK, duty("v1"), lesson("v1"), lesson("v1", t="1-am-2")) == 0
