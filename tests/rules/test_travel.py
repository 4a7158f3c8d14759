"""Travel: engagements of a day at different sites leave a gap of ⌈fixed + per_km · distance⌉ minutes."""

from typing import Any

import pytest
from factories import (
    Entry,
    broken,
    class_run,
    duty,
    lesson,
    pins,
    policy,
    problem,
    roster,
    said,
    segment,
    site,
    slot,
    volunteer,
)
from twins import both

from scheduler import Problem, check
from scheduler.roster.rules import travel


def week(**changes: Any) -> Problem:
    """Two sites 5 km apart: 10 + 4 · 5 = 30 minutes. Segment a ends at 10:00, b begins at 10:30."""
    segments = [segment("1-a", "08:00", "10:00"), segment("1-b", "10:30", "12:00"), segment("2-b", "10:30", "12:00")]
    slots = [slot("1-a-1", "08:00", "08:40"), slot("1-a-2", "09:20", "10:00"), slot("1-b-1", "11:00", "11:40")]
    have = {"segments": ["1-a", "1-b", "2-b"], "slots": ["1-a-1", "1-a-2", "1-b-1"]}
    everyone = [volunteer(v, available=["1-a", "1-b", "2-b"]) for v in ("v1", "v2")]
    return problem(
        **{
            "segments": segments,
            "slots": slots,
            "classes": [class_run("c1", "s1", **have), class_run("c2", "s2", **have), class_run("c3", "s1", **have)],
            "volunteers": everyone,
            **changes,
        }
    )


TWO = (duty("v1", "c1", "1-a"), duty("v1", "c2", "1-b"))


@pytest.mark.parametrize(
    ("fixed", "per_km", "minutes"),
    [
        (10, 4, 30),
        (9.9, 4, 30),
        (10, 4.0000000001, 30),  # 10 + 20.0000000005: less 1e-9 no more than 30
        (10.1, 4, 31),  # rounded up
        (11, 4, 31),
        (30, 0, 30),
        (0, 6.2, 31),
        (0, 0, 0),
    ],
)
def test_a_gap_of_exactly_30_minutes(fixed: float, per_km: float, minutes: int) -> None:
    some = week(policy=policy(travel_minutes_fixed=fixed, travel_minutes_per_km=per_km))
    assert some.travel_minutes("s1", "s2") == minutes
    assert both(travel, some, *TWO) == ([set(TWO)] if minutes > 30 else [])


def test_the_figures() -> None:
    some = week(policy=policy(travel_minutes_fixed=11))
    assert said(travel.violations(some, roster(*TWO))) == [(set(TWO), {"volunteer": "v1", "gap": 30, "minutes": 31})]


FAR = week(sites=[site("s1"), site("s2", 6, 8)])
"""10 km apart: 10 + 40 = 50 minutes."""


@pytest.mark.parametrize(
    ("pair", "kept"),
    [
        (TWO, False),  # 30 minutes
        ((duty("v1", "c1", "1-a"), duty("v2", "c2", "1-b")), True),  # two people
        ((duty("v1", "c1", "1-a"), duty("v1", "c3", "1-b")), True),  # two classes of one site
        ((duty("v1", "c1", "1-a"), duty("v1", "c2", "2-b")), True),  # two days
        ((lesson("v1", "c1", "1-a-1"), duty("v1", "c2", "1-b")), True),  # a visit's hours are its slot's: 110 minutes
        ((lesson("v1", "c1", "1-a-2"), duty("v1", "c2", "1-b")), False),  # 30 minutes
        ((lesson("v1", "c1", "1-a-1"), lesson("v1", "c2", "1-a-2")), False),  # 40 minutes, within one segment
        ((duty("v1", "c1", "1-a"), lesson("v1", "c2", "1-b-1")), True),  # 60 minutes
    ],
)
def test_engagements(pair: tuple[Entry, Entry], kept: bool) -> None:
    assert both(travel, FAR, *pair) == ([] if kept else [set(pair)])


def test_a_lesson_beside_a_duty_is_part_of_it() -> None:
    """The duty ends at 10:00, the lesson within it at 8:40: what counts is the duty, and it is named once."""
    given: list[Entry] = [*TWO, lesson("v1", "c1", "1-a-2")]
    assert both(travel, FAR, *given) == [set(TWO)]


@pytest.mark.parametrize(("fixed", "kept"), [(0, True), (31, False)])
def test_two_sites_at_one_place_are_two_sites(fixed: int, kept: bool) -> None:
    some = week(sites=[site("s1"), site("s2")], policy=policy(travel_minutes_fixed=fixed))
    assert both(travel, some, *TWO) == ([] if kept else [set(TWO)])


def test_one_waiving_pin_is_enough_for_the_pair() -> None:
    some = week(sites=[site("s1"), site("s2", 6, 8)], pins=pins(TWO[0], waives=("travel",)))
    assert both(travel, some, *TWO) == []
    assert broken(check(some, roster(*TWO)).overridden) == [set(TWO)]


def test_a_lesson_beside_a_waived_duty_does_not_become_a_visit() -> None:
    """Without the pinned duty the lesson from 9:20 to 10:00 would be a visit; with it, it is part of what is waived."""
    some = week(sites=[site("s1"), site("s2", 6, 8)], pins=pins(TWO[0], waives=("travel",)))
    assert both(travel, some, *TWO, lesson("v1", "c1", "1-a-2")) == []
