"""Lesson: one a slot, in a slot of the class, of its grades; a course once a weekday and so many times a week."""

import pytest
from factories import broken, class_run, course, facts, lesson, pins, policy, problem, roster, said
from twins import both

from scheduler import check, pin_errors
from scheduler.roster.rules import lesson as rule


def test_two_lessons_in_one_slot() -> None:
    two = [lesson("v1", k="k1"), lesson("v2", k="k2")]
    assert both(rule, problem(), *two) == [set(two)]


def test_a_lesson_each_for_two_classes() -> None:
    assert both(rule, problem(), lesson("v1", "c1"), lesson("v2", "c2")) == []


def test_a_slot_that_the_class_has_not() -> None:
    week = problem(classes=[class_run("c1", slots=["1-am-1"])])
    assert both(rule, week, lesson("v1", t="1-am-2")) == [{lesson("v1", t="1-am-2")}]


@pytest.mark.parametrize(
    ("of_course", "of_class", "fits"),
    [
        ([1, 6], [1, 2], True),
        ([1, 2], [1, 2], True),
        ([2, 6], [1, 2], False),
        ([1, 2], [2, 3], False),
        ([3, 3], [3, 3], True),
        ([4, 6], [1, 2], False),
    ],
)
def test_the_grades_of_the_class_lie_within_the_courses(of_course: list[int], of_class: list[int], fits: bool) -> None:
    week = problem(courses=[course("k1", grades=of_course), course("k2")], classes=[class_run("c1", grades=of_class)])
    assert both(rule, week, lesson("v1")) == ([] if fits else [{lesson("v1")}])


def test_a_course_once_a_weekday() -> None:
    two = [lesson("v1", t="1-am-1"), lesson("v2", t="1-pm-1")]
    assert both(rule, problem(), *two) == [set(two)]
    assert both(rule, problem(), two[0], lesson("v2", t="1-pm-1", k="k2")) == []
    assert both(rule, problem(), two[0], lesson("v2", "c2", t="1-pm-1")) == []


@pytest.mark.parametrize(("most", "kept"), [(2, True), (1, False), (0, False)])
def test_a_course_so_many_times_a_week(most: int, kept: bool) -> None:
    two = [lesson("v1", t="1-am-1"), lesson("v1", t="2-am-1")]
    week = problem(policy=policy(max_lessons_per_course=most))
    assert both(rule, week, *two) == ([] if kept else [set(two)])


def test_the_figures() -> None:
    two = [lesson("v1", t="1-am-1"), lesson("v1", t="2-am-1")]
    week = problem(policy=policy(max_lessons_per_course=1))
    facts_of = {"class": "c1", "per": "week", "lessons": 2, "most": 1}
    assert said(rule.violations(week, roster(*two))) == [(set(two), facts_of)]


def test_a_waiving_pin_stands_beside_what_fits_without_it() -> None:
    """The same course on the same day, and a second lesson in its slot: both breaches are the pin's."""
    pinned, others = lesson("v1", t="1-am-1", k="k1"), [lesson("v2", t="1-pm-1", k="k1"), lesson("v2", k="k2")]
    week = problem(pins=pins(pinned, waives=("lesson",)))
    assert both(rule, week, pinned, *others) == []
    assert broken(check(week, roster(pinned, *others)).overridden) == [{pinned, others[1]}, {pinned, others[0]}]
    assert both(rule, week, pinned, *others, lesson("v1", t="1-am-2", k="k1")) == [
        {others[0], lesson("v1", t="1-am-2", k="k1")}
    ]


def test_two_pins_in_one_slot_need_one_that_waives() -> None:
    two = [lesson("v1", k="k1"), lesson("v2", k="k2")]
    both_pinned = pins(*two)
    assert broken(pin_errors(problem(pins=both_pinned))) == [set(two)]
    both_pinned["lessons"][0]["waives"] = ["lesson"]
    week = problem(**facts(pins=both_pinned))
    assert pin_errors(week) == ()
    assert both(rule, week, *two) == []
