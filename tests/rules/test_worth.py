"""Bounds by prices (scheduler.roster.worth), held against the exact optimum of the rulebook's model on small weeks."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from chance import case
from ortools.sat.python import cp_model

from scheduler import Problem
from scheduler.roster.choices import Choices
from scheduler.roster.grid import fits
from scheduler.roster.lagrange import safety_bound
from scheduler.roster.model import whole
from scheduler.roster.worth.levels import Levels
from scheduler.roster.worth.market import Market
from scheduler.roster.worth.prospect import Prospect

FITTING = [seed for seed in range(150) if fits(Choices(case(seed).week))][:60]
LEVELS = ("safety", "programme", "quality")


@cache
def optimum(seed: int) -> dict[str, int]:
    """The least safety, the least programme with it, and the least quality with both, by the rulebook's model."""
    model = whole(case(seed).week)
    found: dict[str, int] = {}
    for level in LEVELS:
        model.cp.minimize(model.expression({level: 1}))
        solver = cp_model.CpSolver()
        solver.parameters.num_workers = 1
        assert solver.solve(model.cp) == cp_model.OPTIMAL
        found[level] = round(solver.objective_value)
        model.cp.add(model.expression({level: 1}) <= found[level])
    return found


def proven(week: Problem, least: dict[str, int]) -> dict[str, int]:
    """What the climbs prove in so many steps, with the least costs as caps."""
    best = dict.fromkeys(LEVELS, 0)
    levels = Levels(Choices(week), counted=True)
    levels.prove_safety(least["safety"], 0, lambda value, caps: best.update(safety=value))
    for level in LEVELS[1:]:
        caps = {better: least[better] for better in LEVELS[: LEVELS.index(level)]}
        levels.prove(level, caps, least[level] + 5, 0, lambda value, _, level=level: best.update({level: value}))
    return best


def test_what_is_proven_holds_and_is_little_less_than_the_least_cost() -> None:
    least, found = dict.fromkeys(LEVELS, 0), dict.fromkeys(LEVELS, 0)
    for seed in FITTING[::3]:
        most = optimum(seed)
        bounds = proven(case(seed).week, most)
        for level in LEVELS:
            assert bounds[level] <= most[level], (seed, level)
            least[level] += most[level]
            found[level] += bounds[level]
    assert found["safety"] >= 0.9 * least["safety"] > 0
    assert found["programme"] >= 0.8 * least["programme"] > 0
    assert found["quality"] >= 0.6 * least["quality"] > 0


def test_quick_prices_of_a_site_never_prove_too_much() -> None:
    """Where somebody's way is waived they prove nothing; elsewhere nearly all of it."""
    total, found = 0, 0
    for seed in FITTING:
        most, choices = optimum(seed)["safety"], Choices(case(seed).week)
        bound = safety_bound(choices, most, seconds=1e9, steps=120)
        assert bound <= most, seed
        assert not (choices.waived.get("travel") and bound), seed
        total, found = total + most, found + bound
    assert found >= 0.7 * total > 0


@pytest.mark.parametrize("level", LEVELS[1:])
@pytest.mark.parametrize("seed", FITTING)
def test_every_set_of_prices_proves_a_bound(seed: int, level: str) -> None:
    """Prices by chance, over their whole boxes: nothing may be proven that is not so."""
    best, r = optimum(seed), np.random.default_rng(seed)
    caps = {better: best[better] for better in LEVELS[: LEVELS.index(level)]}
    prospect = Prospect(Market(Choices(case(seed).week)), level, caps)
    for _ in range(8):
        weights = {other: float(r.choice((0.0, 1.0, 3.0, 8.0))) for other in LEVELS} | {level: 1.0}
        high = np.minimum(prospect.high(weights), 9.0)
        x = np.clip(high * r.uniform(-0.2, 1.3, prospect.size), np.maximum(prospect.low, -1.0), high)
        assert prospect.look(x, weights)[0] <= best[level] + 1e-9
