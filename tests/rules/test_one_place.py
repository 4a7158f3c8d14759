"""One place: no two engagements of a volunteer overlap; in a segment with a duty, lessons are for that class alone."""

import pytest
from factories import Entry, broken, class_run, duty, facts, lesson, problem, roster, segment, site, slot, volunteer
from twins import both

from scheduler.roster.rules import one_place

CROSSING = problem(
    segments=[segment("1-a", "08:00", "10:00"), segment("1-b", "09:00", "11:00"), segment("1-c", "11:00", "12:00")],
    slots=[
        slot("1-a-1", "08:00", "08:30"),
        slot("1-a-2", "08:20", "08:50"),
        slot("1-a-3", "08:50", "09:20"),
        slot("1-b-1", "09:20", "09:50"),
        slot("1-b-2", "10:00", "10:30"),
    ],
    classes=[class_run(c, segments=["1-a", "1-b", "1-c"], slots=["1-a-1", "1-a-2", "1-a-3"]) for c in ("c1", "c2")],
    volunteers=[volunteer("v1", available=["1-a"]), volunteer("v2", available=["1-a"])],
)
"""Segments a and b overlap from 9 to 10; c begins when b ends."""


@pytest.mark.parametrize(
    "pair",
    [
        (duty("v1", "c1", "1-a"), duty("v2", "c1", "1-a")),  # two people
        (duty("v1", "c1", "1-b"), duty("v1", "c2", "1-c")),  # one ends when the other begins
        (duty("v1", "c1", "1-a"), lesson("v1", "c1", "1-a-1")),  # a lesson for the class in hand
        (lesson("v1", "c1", "1-a-1"), lesson("v1", "c2", "1-a-3")),  # two visits, one after the other
        (lesson("v1", "c1", "1-a-2"), lesson("v1", "c2", "1-a-3")),  # the second begins when the first ends
        (duty("v1", "c1", "1-a"), lesson("v1", "c1", "1-b-2")),  # a visit after the duty has ended
        (duty("v1", "c1", "1-b"), lesson("v1", "c2", "1-a-1")),  # a visit before the duty begins
    ],
)
def test_both_can_be_kept(pair: tuple[Entry, Entry]) -> None:
    assert both(one_place, CROSSING, *pair) == []


@pytest.mark.parametrize(
    "pair",
    [
        (duty("v1", "c1", "1-a"), duty("v1", "c2", "1-a")),  # two classes at once, at one site or two
        (duty("v1", "c1", "1-a"), duty("v1", "c1", "1-b")),  # overlapping segments, even of one class
        (duty("v1", "c1", "1-a"), lesson("v1", "c2", "1-a-1")),  # another class while on duty
        (duty("v1", "c1", "1-a"), lesson("v1", "c1", "1-b-1")),  # not a lesson of that segment: a visit
        (duty("v1", "c1", "1-b"), lesson("v1", "c2", "1-a-3")),  # a visit of 1-a that reaches into 1-b
        (lesson("v1", "c1", "1-a-1"), lesson("v1", "c2", "1-a-1")),  # one slot
        (lesson("v1", "c1", "1-a-1"), lesson("v1", "c2", "1-a-2")),  # overlapping slots
        (lesson("v1", "c1", "1-a-1", "k1"), lesson("v1", "c1", "1-a-1", "k2")),  # two courses at once
    ],
)
def test_they_overlap(pair: tuple[Entry, Entry]) -> None:
    assert both(one_place, CROSSING, *pair) == [set(pair)]


def test_two_overlapping_lessons_beside_one_duty() -> None:
    given: list[Entry] = [duty("v1", "c1", "1-a"), lesson("v1", "c1", "1-a-1"), lesson("v1", "c1", "1-a-2")]
    assert both(one_place, CROSSING, *given) == [set(given[1:])]


def test_one_class_in_two_roles() -> None:
    """The model cannot even say this: it has one variable for the duty."""
    two = [duty("v1", role="lead"), duty("v1", role="assistant")]

    assert broken(one_place.violations(problem(), roster(*two))) == [set(two)]


def test_the_site_makes_no_difference() -> None:
    week = problem(sites=[site("s1"), site("s2")], classes=[class_run("c1", "s1"), class_run("c2", "s1")])
    pair = duty("v1", "c1"), duty("v1", "c2")
    assert both(one_place, week, *pair) == [set(pair)]


def test_the_same_hours_on_two_days() -> None:
    assert both(one_place, problem(**facts()), duty("v1", "c1", "1-am"), duty("v1", "c2", "2-am")) == []
