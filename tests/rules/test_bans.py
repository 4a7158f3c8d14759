"""Bans: no volunteer with a class, or at a site, that they are banned from."""

import pytest
from factories import Entry, class_run, duty, lesson, problem
from twins import both

from scheduler.roster.rules import bans

WEEK = problem(
    classes=[class_run("c1", "s1"), class_run("c2", "s2"), class_run("c3", "s2")],
    bans=[{"volunteer": "v1", "class": "c2"}, {"volunteer": "v2", "site": "s2"}],
)


@pytest.mark.parametrize("given", [duty("v1", "c2"), lesson("v1", "c2"), duty("v2", "c2"), lesson("v2", "c3")])
def test_a_banned_pair(given: Entry) -> None:
    assert both(bans, WEEK, given) == [{given}]


@pytest.mark.parametrize("given", [duty("v1", "c1"), duty("v1", "c3"), lesson("v1", "c3"), duty("v2", "c1")])
def test_any_other_pair(given: Entry) -> None:
    assert both(bans, WEEK, given) == []
