"""The published lottery: its numbers, and equal chances for equal children."""

from __future__ import annotations

import math
import random
from dataclasses import replace

import pytest

from scheduler.placement.problem import Child, ClassRun, Policy, Problem
from scheduler.placement.solve import solve

RUN = ClassRun("c", "s", 1, (1, 6), 10)
EQUAL = tuple(Child(f"a{i:02}", 2, 0, ("c",)) for i in range(20))
"""Twenty equal children for ten places."""

SEEDS = 21_000
"""A bias of 0.02 on a chance of 1/2 is found with power 0.95 at a threshold of LIMIT:
((4.06 + 1.645) / 0.02)² · 1/4 = 20,341 draws."""

LIMIT = 4.06
"""Standard deviations; 20 children together exceed it by chance once in a thousand times."""


def drawn(seed: int) -> list[str]:
    """Who comes first in the order of the draw: ten of the twenty."""
    return list(Problem((RUN,), EQUAL, Policy(f"season {seed}")).draw_order[:10])


def deviations(wins: dict[str, int], draws: int) -> list[float]:
    return [abs(n - draws / 2) / math.sqrt(draws / 4) for n in wins.values()]


def test_the_numbers_are_the_published_ones() -> None:
    # printf s/a1 | sha256sum
    lottery = Problem((RUN,), (Child("a1", 2, 0, ("c",)),), Policy("s")).lottery
    assert {name: f"{number:064x}" for name, number in lottery.items()} == {
        "a1": "2884f23c6f1d4f33a20f94117fbec78257cfd50db12e38a4889b3dc253cab3d4"
    }


def test_text_is_not_normalised() -> None:
    composed, decomposed = "\u00e9", "e\u0301"
    problem = Problem((RUN,), tuple(Child(n, 2, 0, ("c",)) for n in (composed, decomposed)), Policy("种子"))
    assert problem.lottery[composed] != problem.lottery[decomposed]


def test_equal_children_have_equal_chances() -> None:
    wins = {child.id: 0 for child in EQUAL}
    for seed in range(SEEDS):
        for name in drawn(seed):
            wins[name] += 1
    assert max(deviations(wins, SEEDS)) < LIMIT


def test_a_bias_of_two_points_would_be_found() -> None:
    """The same figure over outcomes of which one child wins 52 in 100: found in at least 95 of 100 trials."""
    r = random.Random(7)
    found = 0
    for _ in range(200):
        wins = sum(r.getrandbits(1000).bit_count() for _ in range(SEEDS // 1000))
        extra = sum(r.random() < 0.04 for _ in range(SEEDS - wins))  # 1/2 + 0.04 · 1/2 = 0.52
        found += deviations({"a": wins + extra}, SEEDS)[0] > LIMIT
    assert found >= 185


@pytest.mark.parametrize("seed", range(60))
def test_the_solver_places_whom_the_lottery_draws(seed: int) -> None:
    problem = Problem((RUN,), EQUAL, Policy(f"season {seed}"))
    assert sorted(p.child for p in solve(problem).placement.places) == sorted(drawn(seed))


@pytest.mark.parametrize("seed", range(20))
def test_the_general_case_draws_the_same(seed: int) -> None:
    """A second seat that nobody can have makes the problem general and changes nothing else."""
    other = ClassRun("z", "s", 2, (1, 6), 0)
    children = tuple(replace(c, choices=("c", "z"), seats=2) for c in EQUAL)
    problem = Problem((RUN, other), children, Policy(f"season {seed}"))
    placed = solve(problem, workers=1)
    assert placed.result is not None
    assert placed.result.draw == "proven"
    assert sorted(p.child for p in placed.placement.places) == sorted(drawn(seed))


def test_a_lower_number_never_waits_behind_a_higher() -> None:
    problem = Problem((RUN,), EQUAL, Policy("s"))
    numbers = [problem.lottery[name] for name in solve(problem).waitlists["c"]]
    assert numbers == sorted(numbers)
    assert len(numbers) == 10
