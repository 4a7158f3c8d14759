"""Clearance: whoever is not cleared appears nowhere."""

from factories import Entry, duty, lesson, problem, volunteer
from twins import both

from scheduler.roster.rules import clearance

WEEK = problem(volunteers=[volunteer("v1", cleared=False), volunteer("v2")])


def test_every_entry_of_somebody_not_cleared() -> None:
    given: list[Entry] = [duty("v1"), lesson("v1", t="1-pm-1"), duty("v2"), lesson("v2", t="1-am-2")]
    assert both(clearance, WEEK, *given) == [{given[0]}, {given[1]}]


def test_everybody_else() -> None:
    assert both(clearance, WEEK, duty("v2"), lesson("v2")) == []
