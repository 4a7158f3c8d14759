"""Leads: weight · Σ over classes of max(0, distinct leads − 1)."""

from factories import duty, policy, problem, volunteer
from twins import price

from scheduler.roster.rules import leads

WEEK = problem(volunteers=[volunteer(f"v{i}") for i in range(1, 4)], policy=policy({"lead": 10}))


def test_distinct_leads_of_a_class() -> None:
    """c1 is led by v1 (twice), v2 and v3: two too many. c2 by v1 alone."""
    given = [
        duty("v1", role="lead"),
        duty("v1", s="1-noon", role="lead"),
        duty("v2", s="1-pm", role="lead"),
        duty("v3", s="2-am", role="lead"),
        duty("v1", "c2", "2-am", role="lead"),
    ]
    assert price(leads, WEEK, *given) == 20


def test_none_is_as_good_as_one_here() -> None:
    assert price(leads, WEEK) == price(leads, WEEK, duty("v1", role="lead"), duty("v2")) == 0
