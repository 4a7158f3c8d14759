"""Safety: Σ max(0, need − adults) + max(0, min_adults − adults) + 1 without a lead, over class × segment."""

import pytest
from factories import class_run, duty, policy, problem, volunteer
from twins import price

from scheduler import Problem
from scheduler.roster.rules import safety


def one_segment(children: int, min_adults: int = 2, per_adult: int = 10) -> Problem:
    """One class in one segment, five people."""
    return problem(
        classes=[class_run("c1", children=children, segments=["1-am"], slots=[])],
        volunteers=[volunteer(f"v{i}") for i in range(5)],
        policy=policy(min_adults=min_adults, children_per_adult=per_adult),
    )


@pytest.mark.parametrize(
    ("children", "min_adults", "per_adult", "need"),
    [
        (25, 2, 10, 3),
        (20, 2, 10, 2),
        (21, 2, 10, 3),
        (0, 2, 10, 2),
        (0, 0, 10, 0),
        (1, 0, 10, 1),
        (30, 5, 10, 5),
        (7, 1, 1, 7),
    ],
)
def test_the_need(children: int, min_adults: int, per_adult: int, need: int) -> None:
    """Nobody there: the need, the minimum and the lead are all missing."""
    week = one_segment(children, min_adults, per_adult)
    assert week.need(week.classes[0]) == need
    assert price(safety, week) == need + min_adults + 1


@pytest.mark.parametrize(
    ("adults", "lead", "cost"),
    [
        (0, False, 3 + 2 + 1),
        (1, False, 2 + 1 + 1),
        (1, True, 2 + 1),
        (2, True, 1),
        (3, False, 1),
        (3, True, 0),
        (4, True, 0),  # more than needed earns nothing
    ],
)
def test_25_children(adults: int, lead: bool, cost: int) -> None:
    """Three adults are needed, two at the least."""
    given = [duty(f"v{i}", role="lead" if lead and i == 0 else "assistant") for i in range(adults)]
    assert price(safety, one_segment(25), *given) == cost


def test_each_class_and_segment_by_itself() -> None:
    """Two classes of 10 children, four segments each: 8 · 5 = 40; an assistant for c1 in 1-am saves 2."""
    assert price(safety, problem(), duty("v1"), duty("v2", "c2", "2-am", "lead")) == 40 - 2 - 3
