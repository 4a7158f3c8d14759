"""Duty: a duty is in a segment of its class."""

from factories import class_run, duty, problem
from twins import both

from scheduler.roster.rules import duty as rule

WEEK = problem(classes=[class_run("c1", segments=["1-am"], slots=[]), class_run("c2")])


def test_in_a_segment_of_the_class() -> None:
    assert both(rule, WEEK, duty("v1"), duty("v1", "c2", "1-pm")) == []


def test_while_the_class_is_not_there() -> None:
    given = duty("v1", "c1", "1-pm")
    assert both(rule, WEEK, given) == [{given}]
