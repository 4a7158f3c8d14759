"""One lead: at most one lead per class and segment."""

from factories import duty, problem
from twins import both

from scheduler.roster.rules import one_lead

WEEK = problem()


def test_two_leads() -> None:
    two = [duty("v1", role="lead"), duty("v2", role="lead")]
    assert both(one_lead, WEEK, *two) == [set(two)]


def test_one_here_one_there_and_an_assistant() -> None:
    given = [duty("v1", role="lead"), duty("v2"), duty("v2", "c2", role="lead"), duty("v2", s="1-pm", role="lead")]
    assert both(one_lead, WEEK, *given) == []


def test_nobody_leads() -> None:
    """That is not forbidden: it costs one point of safety."""
    assert both(one_lead, WEEK, duty("v1"), duty("v2")) == []
