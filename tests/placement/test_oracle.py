"""The solver against looking at all placements: every level and the draw, on problems with every feature."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import pytest
from oracle import best
from small_problems import plain, tiny

from scheduler import Malformed
from scheduler.placement.check import check, level_values
from scheduler.placement.files import read_placement, read_problem, write_placement
from scheduler.placement.solve import solve

DATA = Path(__file__).parent.parent / "data"
Json = dict[str, Any]


def agrees(data: Json) -> bool:
    """Whether the solver proves the very placement that the oracle finds. False where the file is no problem."""
    try:
        problem = read_problem(data)
    except Malformed:
        return False
    wanted = best(data)
    if wanted is None:
        with pytest.raises(Malformed) as caught:
            solve(problem, seconds=30, workers=1)
        assert caught.value.code == "keeps_impossible"
        return True
    placed = solve(problem, seconds=30, workers=1)
    assert {(p.child, p.class_run, p.rank) for p in placed.placement.places} == wanted[0]
    assert placed.result is not None
    assert (placed.result.status, placed.result.draw) == ("optimal", "proven")
    assert sum(level.value for level in placed.result.levels) == sum(wanted[1])
    assert check(problem, placed) == ()
    return True


@pytest.mark.parametrize("block", range(10))
def test_every_feature(block: int) -> None:
    done = [agrees(tiny(seed)) for seed in range(40 * block, 40 * block + 40)]
    assert sum(done) >= 25  # the others keep what they cannot keep


@pytest.mark.parametrize("block", range(4))
def test_the_simple_case(block: int) -> None:
    assert all(agrees(plain(seed)) for seed in range(100 * block, 100 * block + 100))


@pytest.mark.parametrize("name", ["placement-small-11", "placement-small-12"])
def test_examples_with_a_known_best(name: str) -> None:
    data = json.loads((DATA / f"{name}.json").read_text())
    problem = read_problem(data)
    known = read_placement(json.loads((DATA / f"{name}.best.json").read_text()), problem)
    placed = solve(problem)
    assert (placed.placement, dict(placed.waitlists)) == (known.placement, dict(known.waitlists))
    assert agrees(data)


@pytest.fixture(scope="module")
def six_hundred() -> Json:
    data: Json = json.loads((DATA / "placement-600.json").read_text())
    return data


def test_six_hundred_children_are_proven_and_row_order_changes_nothing(six_hundred: Json) -> None:
    written = []
    for seed in (None, 1):
        data = json.loads(json.dumps(six_hundred))
        if seed is not None:
            random.Random(seed).shuffle(data["children"])
            random.Random(seed).shuffle(data["classes"])
        problem = read_problem(data)
        placed = solve(problem, seconds=120)
        assert placed.result is not None
        assert (placed.result.status, placed.result.draw) == ("optimal", "proven")
        assert check(problem, placed) == ()
        file: Any = write_placement(placed)
        del file["result"]["seconds"]
        written.append(file)
    assert written[0] == written[1]
    # Computed by an independent model of the same contract (served-first, prefer-together).
    values = level_values(problem, placed.placement)
    assert [values[f"placed.{tier}"] for tier in (0, 1, 2)] == [63, 183, 170]


@pytest.mark.parametrize("seed", range(30))
def test_row_order_changes_nothing(seed: int) -> None:
    data = plain(seed)
    straight = solve(read_problem(data)).placement
    for rows in (data["children"], data["classes"]):
        random.Random(seed).shuffle(rows)
    assert solve(read_problem(data)).placement == straight
