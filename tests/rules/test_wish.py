"""Wish: weight · distinct (volunteer, site) engaged where `preferred_sites` is not empty and lacks the site."""

from factories import Entry, duty, lesson, policy, problem, volunteer
from twins import price

from scheduler.roster.rules import wish

WEEK = problem(
    volunteers=[
        volunteer("v1", preferred_sites=["s1"]),
        volunteer("v2"),
        volunteer("v3", preferred_sites=["s1", "s2"]),
    ],
    policy=policy({"wish": 3}),
)


def test_sites_passed_over() -> None:
    """v1 would rather be at s1: s2 counts once, however often."""
    given: list[Entry] = [duty("v1", "c2"), lesson("v1", "c2", "2-am-1"), duty("v1", "c1", "1-pm")]
    assert price(wish, WEEK, *given) == 3


def test_a_visit_alone_counts() -> None:
    assert price(wish, WEEK, lesson("v1", "c2")) == 3


def test_whoever_prefers_none_or_both() -> None:
    assert price(wish, WEEK, duty("v2", "c2"), duty("v3", "c1"), duty("v3", "c2", "2-am")) == 0
