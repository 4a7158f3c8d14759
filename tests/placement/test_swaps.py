"""The exchange pass: what it leaves has no exchange that a certificate is verified for, and is never worse."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import pytest
from small_problems import tiny

from scheduler import Malformed
from scheduler.placement.certificate import certify, event, faults, freeze, read_frozen
from scheduler.placement.check import check, level_values
from scheduler.placement.problem import REQUIRE, Problem
from scheduler.placement.result import Level, Place, Placed, Placement, Result
from scheduler.placement.solve import solve
from scheduler.placement.swaps import Swaps
from scheduler.placement.waitlists import waitlists

DATA = Path(__file__).parent.parent / "data"
EVENT = event("the numbers of the lottery of 20 June")
Json = dict[str, Any]


def poor(problem: Problem, seed: int) -> frozenset[Place]:
    """A placement that breaks no rule and is not the best: some of a random one's children."""
    r = random.Random(seed)
    swaps = Swaps(problem, [])
    kept = [Place(c.id, name, swaps.option[c.id][name].rank) for c in problem.children for name in c.keep]
    found = set(kept)
    for _ in range(200):
        child = r.choice(problem.children)
        if not problem.options[child.id]:
            continue
        rank, name = r.choice(problem.options[child.id])
        if not check(problem, bare(problem, frozenset({*found, Place(child.id, name, rank)}))):
            found.add(Place(child.id, name, rank))
    return frozenset(found)


def bare(problem: Problem, places: frozenset[Place]) -> Placed:
    placement = Placement(places)
    return Placed(placement, waitlists(problem, placement))


def stated(problem: Problem, places: frozenset[Place]) -> Placed:
    placement = Placement(places)
    levels = tuple(Level(name, value, value + 1) for name, value in level_values(problem, placement).items())
    result = Result(
        "feasible" if levels else "optimal", problem.policy.order, levels, "feasible", problem.policy.seed, 0
    )
    return Placed(placement, waitlists(problem, placement), result)


def test_no_exchange_is_left_and_nothing_is_worse() -> None:
    made = before_had = 0
    for seed in range(250):
        try:
            frozen = read_frozen(freeze(tiny(seed), EVENT))
        except Malformed:  # some of what is kept at random is unsound
            continue
        problem = frozen.problem("v")
        places = poor(problem, seed)
        if check(problem, bare(problem, places)):  # what is kept alone breaks a rule of families
            assert problem.policy.families == REQUIRE
            continue
        before_had += bool(faults(certify(frozen, "v", stated(problem, places))))
        swaps = Swaps(problem, places)
        made += swaps.run().made
        after = frozenset(swaps.places())
        assert (seed, faults(certify(frozen, "v", stated(problem, after)))) == (seed, [])
        values = level_values(problem, Placement(after))
        assert {name: swaps.values()[name] for name in values} == values
        assert list(values.values()) >= list(level_values(problem, Placement(places)).values())
    assert before_had > 40
    assert made >= 60


def test_on_the_best_placement_there_is_nothing_to_exchange() -> None:
    for seed in range(60):
        try:
            problem = read_frozen(freeze(tiny(seed), EVENT)).problem("v")
            best = solve(problem, seconds=20, workers=1).placement
        except Malformed:
            continue
        assert (seed, Swaps(problem, best.places).run()) == (seed, (0, 0))


def test_the_same_placement_becomes_the_same() -> None:
    data: Json = json.loads((DATA / "placement-600.json").read_text())
    problem = read_frozen(freeze(data, EVENT)).problem("v")
    found = []
    for turned in (False, True):
        places = sorted(poor(problem, 1), reverse=turned)
        swaps = Swaps(problem, places)
        swaps.run()
        found.append(sorted(swaps.places()))
    assert found[0] == found[1]


def test_who_was_not_asked_when_it_was_stopped_is_counted() -> None:
    data: Json = json.loads((DATA / "placement-600.json").read_text())
    problem = read_frozen(freeze(data, EVENT)).problem("v")
    swaps = Swaps(problem, poor(problem, 1))
    assert swaps.run(lambda: True) == (0, len(problem.children))
    assert swaps.run().unasked == 0


@pytest.mark.parametrize("name", ["placement-600.json"])
def test_a_result_that_is_not_proven_gets_a_certificate(name: str) -> None:
    data: Json = json.loads((DATA / name).read_text())
    frozen = read_frozen(freeze(data, EVENT))
    problem = frozen.problem("03 07")
    placed = solve(problem, seconds=0.5, workers=1)
    assert placed.result is not None
    assert placed.result.draw == "feasible"
    assert check(problem, placed) == ()
    assert faults(certify(frozen, "03 07", placed)) == []
