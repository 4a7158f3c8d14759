"""Continuity: weight · number of distinct (volunteer, class) with a duty."""

from factories import duty, lesson, policy, problem
from twins import price

from scheduler.roster.rules import continuity

WEEK = problem(policy=policy({"continuity": 5}))


def test_faces_that_a_class_sees() -> None:
    """v1 with c1 (twice) and c2, v2 with c1: 3 · 5 = 15. A lesson is no duty."""
    given = [duty("v1"), duty("v1", s="1-pm", role="lead"), duty("v1", "c2", "2-am"), duty("v2")]
    assert price(continuity, WEEK, *given, lesson("v2", "c2", "1-pm-1")) == 15


def test_nobody() -> None:
    assert price(continuity, WEEK) == 0
