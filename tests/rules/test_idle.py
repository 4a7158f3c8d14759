"""Idle: weight · Σ over cleared volunteers with any availability of max(0, ⌈preferred / 2⌉ − segments engaged)."""

import pytest
from factories import duty, lesson, policy, problem, volunteer
from twins import price

from scheduler.roster.rules import idle


@pytest.mark.parametrize(("preferred", "half"), [(0, 0), (1, 1), (2, 1), (3, 2), (4, 2), (5, 3)])
def test_half_the_preference_rounded_up(preferred: int, half: int) -> None:
    week = problem(volunteers=[volunteer("v1", preferred_segments=preferred)], policy=policy({"idle": 7}))
    assert price(idle, week) == 7 * half
    assert price(idle, week, duty("v1"), lesson("v1")) == 7 * max(0, half - 1)
    assert price(idle, week, duty("v1"), lesson("v1", "c2", "1-pm-1")) == 7 * max(0, half - 2)


def test_who_counts() -> None:
    """Minors do; whoever is not cleared, or never available, does not."""
    week = problem(
        volunteers=[
            volunteer("v1", preferred_segments=4, adult=False),
            volunteer("v2", preferred_segments=4, cleared=False),
            volunteer("v3", preferred_segments=4, available=[]),
            volunteer("v4", preferred_segments=4, roles=[], reach_km=0, x_km=9),
        ],
        policy=policy({"idle": 1}),
    )
    assert price(idle, week) == 2 + 2
