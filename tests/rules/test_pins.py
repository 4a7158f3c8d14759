"""Pins: every pin is in the roster as it stands; it keeps what it does not waive; all faults are told at once."""

from dataclasses import replace
from typing import Any

import pytest
from factories import broken, class_run, course, duty, lesson, pins, problem, room, roster, site, together, volunteer
from twins import both

from scheduler import check, pin_errors
from scheduler.roster.rules import pins as rule

LEAD, LESSON = duty("v1", role="lead"), lesson("v2", t="1-am-2")
WEEK = problem(pins=pins(LEAD, LESSON))


def test_as_they_stand() -> None:
    assert both(rule, WEEK, LEAD, LESSON, duty("v2", s="1-pm")) == []


@pytest.mark.parametrize(
    "given",
    [
        replace(LEAD, role="assistant"),
        replace(LEAD, segment="1-pm"),
        replace(LEAD, class_run="c2"),
        replace(LEAD, volunteer="v2"),
    ],
)
def test_another_duty_instead(given: Any) -> None:
    assert both(rule, WEEK, given, LESSON) == [{LEAD}]


@pytest.mark.parametrize("change", [{"course": "k2"}, {"slot": "1-am-1"}, {"instructor": "v1"}, {"class_run": "c2"}])
def test_another_lesson_instead(change: dict[str, str]) -> None:
    assert both(rule, WEEK, LEAD, replace(LESSON, **change)) == [{LESSON}]


def test_nothing() -> None:
    assert both(rule, WEEK) == [{LEAD}, {LESSON}]


def test_pins_that_break_rules_alone_or_together_are_told_all_at_once() -> None:
    """v1 in two places; v2 is not cleared; v3 banned from c2, whose site is out of their reach as well."""
    week = problem(
        volunteers=[volunteer("v1"), volunteer("v2", cleared=False), volunteer("v3", reach_km=1)],
        bans=[{"volunteer": "v3", "class": "c2"}],
        pins=pins(duty("v1", "c1"), duty("v1", "c2"), duty("v2", "c1", "1-pm"), duty("v3", "c2", "2-am")),
    )
    assert [(v.rule, len(v.subject)) for v in pin_errors(week)] == [
        ("bans", 1),
        ("clearance", 1),
        ("one_place", 2),
        ("reach", 1),
    ]


def test_each_rule_is_told_of_a_pin_alone() -> None:
    """One pin each that breaks one rule; nothing is waived, so each is an error."""
    entry = lesson("v1", "c2", "1-am-1", "k1", None)
    plain: dict[str, Any] = {"pins": pins(entry)}
    assert pin_errors(problem(**plain)) == ()
    wrongs: list[tuple[dict[str, Any], str]] = [
        ({"volunteers": [volunteer("v1", cleared=False)]}, "clearance"),
        ({"volunteers": [volunteer("v1", adult=False)]}, "adulthood"),
        ({"volunteers": [volunteer("v1", available=["1-pm"])]}, "availability"),
        ({"volunteers": [volunteer("v1", reach_km=4.9)]}, "reach"),
        ({"volunteers": [volunteer("v1", max_segments=0)]}, "load"),
        ({"volunteers": [volunteer("v1", roles=["lead"])]}, "roles"),
        ({"classes": [class_run("c2", "s2", slots=[])]}, "lesson"),
        ({"courses": [course("k1", room_kind="dance"), course("k2")]}, "room"),
        ({"courses": [course("k1", outdoor=True), course("k2")], "heat_days": [1]}, "heat"),
        ({"bans": [{"volunteer": "v1", "site": "s2"}]}, "bans"),
    ]
    for wrong, name in wrongs:
        assert [v.rule for v in pin_errors(problem(**plain, **wrong))] == [name]


@pytest.mark.parametrize("rule_name", ["reach", "load", "roles", "travel", "lesson"])
def test_what_may_be_waived_is_overridden(rule_name: str) -> None:
    """Two pins that break all five waivable rules; waiving four leaves the fifth."""
    entries = [lesson("v1", "c1", "1-am-1"), lesson("v1", "c2", "1-am-2")]
    wrong = volunteer("v1", reach_km=1, max_segments=0, roles=[])
    every = {"reach", "load", "roles", "travel", "lesson"}
    some: dict[str, Any] = {
        "volunteers": [wrong],
        "sites": [site("s1", 0, 0, room("r1")), site("s2", 30, 40)],
        "classes": [class_run("c1", "s1", slots=["1-am-2"]), class_run("c2", "s2")],
    }
    waived = problem(**some, pins=pins(*entries, waives=tuple(every)))
    report = check(waived, roster(*entries))
    assert (report.violations, {v.rule for v in report.overridden}) == ((), every)
    left = problem(**some, pins=pins(*entries, waives=tuple(every - {rule_name})))
    assert {v.rule for v in pin_errors(left)} == {rule_name}
    assert {v.rule for v in check(left, roster(*entries)).overridden} == every - {rule_name}


def test_a_waiver_is_the_pins_own() -> None:
    far = [duty("v1", "c2", "1-am"), duty("v1", "c2", "2-am")]
    week = problem(
        volunteers=[volunteer("v1", reach_km=1)], pins=together(pins(far[0], waives=("reach",)), pins(far[1]))
    )
    assert broken(pin_errors(week)) == [{far[1]}]
