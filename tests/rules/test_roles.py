"""Roles: a lead needs `lead`, an assistant `assistant` or `lead`, a lesson `instructor` and the course."""

import pytest
from factories import Entry, duty, lesson, pins, problem, volunteer
from twins import both

from scheduler.roster.rules import roles

LEAD, ASSISTANT, LESSON = duty("v1", role="lead"), duty("v1"), lesson("v1")


@pytest.mark.parametrize(
    ("has", "may"),
    [
        ([], []),
        (["lead"], [LEAD, ASSISTANT]),
        (["assistant"], [ASSISTANT]),
        (["instructor"], [LESSON]),
        (["assistant", "instructor"], [ASSISTANT, LESSON]),
        (["lead", "assistant", "instructor"], [LEAD, ASSISTANT, LESSON]),
    ],
)
def test_who_may_do_what(has: list[str], may: list[Entry]) -> None:
    week = problem(volunteers=[volunteer("v1", roles=has)])
    assert [x for x in (LEAD, ASSISTANT, LESSON) if both(roles, week, x) == []] == may


def test_an_instructor_teaches_only_what_they_know() -> None:
    week = problem(volunteers=[volunteer("v1", courses=["k2"])])
    assert both(roles, week, lesson("v1", k="k1")) == [{lesson("v1", k="k1")}]
    assert both(roles, week, lesson("v1", k="k2")) == []


def test_knowing_a_course_is_not_enough() -> None:
    week = problem(volunteers=[volunteer("v1", roles=["lead"], courses=["k1"])])
    assert both(roles, week, LESSON) == [{LESSON}]


def test_a_waiving_pin() -> None:
    week = problem(volunteers=[volunteer("v1", roles=[])], pins=pins(LEAD, LESSON, waives=("roles",)))
    assert both(roles, week, LEAD, LESSON) == []
    assert both(roles, week, LEAD, LESSON, lesson("v1", t="1-am-2")) == [{lesson("v1", t="1-am-2")}]
