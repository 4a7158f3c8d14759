"""`check` notices: every rule, and a change of any field of a result file."""

from __future__ import annotations

import copy
import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from small_problems import tiny

from scheduler import Malformed
from scheduler.placement.check import check
from scheduler.placement.files import read_placement, read_problem, write_placement
from scheduler.placement.problem import Problem
from scheduler.placement.solve import solve

DATA = Path(__file__).parent.parent / "data"
Json = dict[str, Any]
Way = tuple[str | int, ...]

CANNOT_TELL = {("result", "seconds"), ("result", "draw")}
"""How long it took, and that a draw was proven though it says it was not: no placement shows these."""


def run(name: str, **changes: Any) -> Json:
    usual = {"site": "s1", "term": 1, "grades": [1, 6], "capacity": 2, "min_to_open": 0}
    return {"id": name, **usual, **changes}


def child(name: str, *choices: str, **changes: Any) -> Json:
    return {"id": name, "grade": 2, "tier": 0, "choices": list(choices), **changes}


def problem(classes: list[Json], children: list[Json], **policy: Any) -> Problem:
    return read_problem(
        {
            "format": "qingzai.placement-problem/1",
            "classes": classes,
            "children": children,
            "policy": {"seed": "s", **policy},
        }
    )


def faults(of: Problem, *places: tuple[str, str, int]) -> list[str]:
    """The hard rules that these places break; the waitlists are left to their own tests."""
    data = {
        "format": "qingzai.placement/1",
        "places": [{"child": c, "class": k, "rank": r} for c, k, r in places],
        "waitlists": {},
    }
    found = check(of, read_placement(data, of))
    return sorted({fault.rule for fault in found if not fault.rule.startswith("waitlist")})


BROKEN = [
    (problem([run("c1"), run("c2")], [child("a", "c1")]), [("a", "c2", 1)], "not_wished"),
    (problem([run("c1"), run("c2")], [child("a", "c2", "c1")]), [("a", "c1", 1)], "rank"),
    (problem([run("c1", grades=[3, 4]), run("c2")], [child("a", "c1", "c2")]), [("a", "c1", 1)], "grade"),
    (problem([run("c1", capacity=1)], [child(n, "c1") for n in "ab"]), [("a", "c1", 1), ("b", "c1", 1)], "capacity"),
    (problem([run("c1"), run("c2")], [child("a", "c1", "c2", seats=2)]), [("a", "c1", 1), ("a", "c2", 2)], "terms"),
    (problem([run("c1"), run("c2", term=2)], [child("a", "c1", "c2")]), [("a", "c1", 1), ("a", "c2", 2)], "seats"),
    (problem([run("c1"), run("c2")], [child("a", "c1", keep=["c2"])]), [], "keep"),
    (problem([run("c1", min_to_open=2)], [child("a", "c1"), child("b", "c1")]), [("a", "c1", 1)], "minimum"),
    (
        problem(
            [run("c1"), run("c2", site="s2")],
            [child("a", "c1", family="f"), child("b", "c2", family="f")],
            families="together-or-none",
        ),
        [("a", "c1", 1), ("b", "c2", 1)],
        "families",
    ),
    (
        problem([run("c1")], [child(n, "c1", family="f") for n in "ab"], families="together-or-none"),
        [("a", "c1", 1)],
        "families",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("of", "places", "rule"), BROKEN, ids=[rule for *_, rule in BROKEN])
def test_a_broken_rule(of: Problem, places: list[tuple[str, str, int]], rule: str) -> None:
    assert faults(of, *places) == [rule]


def test_capacity_holds_on_each_weekday_separately() -> None:
    of = problem([run("c1", capacity=1)], [child("a", "c1", weekdays=[1, 2]), child("b", "c1", weekdays=[3])])
    assert faults(of, ("a", "c1", 1), ("b", "c1", 1)) == []


def test_a_run_with_a_kept_child_is_open_whatever_its_number() -> None:
    of = problem([run("c1", min_to_open=9)], [child("a", "c1", keep=["c1"])])
    assert faults(of, ("a", "c1", 1)) == []


def ways(data: Any, way: Way = ()) -> Iterator[Way]:
    """The ways to all numbers and texts of a file."""
    inner = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    if not inner:
        if not isinstance(data, dict | list):
            yield way
        return
    for key, value in inner:
        yield from ways(value, (*way, key))


def changed(data: Json, way: Way, other: list[str]) -> Json:
    """The same file with another value there."""
    spoilt = copy.deepcopy(data)
    here: Any = spoilt
    for key in way[:-1]:
        here = here[key]
    value = here[way[-1]]
    here[way[-1]] = value + 1 if isinstance(value, int | float) else next(name for name in other if name != value)
    return spoilt


def is_noticed(of: Problem, data: Json) -> bool:
    try:
        return bool(check(of, read_placement(data, of)))
    except Malformed:
        return True


@pytest.mark.parametrize("seed", [3, 5, 8, 13, 21, 34])
def test_any_change_of_a_small_result_is_noticed(seed: int) -> None:
    of = read_problem(tiny(seed))
    data: Any = write_placement(solve(of))
    assert check(of, read_placement(data, of)) == ()
    names = [*of.child, *of.class_run, "feasible", "optimal", "tier-first", "served-first"]
    for way in ways(data):
        kept = [n for n in names if type(n) is str]
        if way not in CANNOT_TELL:
            assert is_noticed(of, changed(data, way, kept)), way


@pytest.fixture(scope="module")
def six_hundred() -> tuple[Problem, Json]:
    of = read_problem(json.loads((DATA / "placement-600.json").read_text()))
    data: Any = write_placement(solve(of, seconds=120))
    return of, data


def test_any_change_of_a_large_result_is_noticed(six_hundred: tuple[Problem, Json]) -> None:
    of, data = six_hundred
    some = random.Random(1).sample([w for w in ways(data) if w not in CANNOT_TELL], 150)
    names = [*list(of.child)[:5], *list(of.class_run)[:5]]
    assert [way for way in some if not is_noticed(of, changed(data, way, names))] == []


def test_a_lost_or_doubled_entry_is_noticed(six_hundred: tuple[Problem, Json]) -> None:
    of, data = six_hundred
    longest = max(data["waitlists"], key=lambda name: len(data["waitlists"][name]))
    for spoil in (
        lambda d: d["places"].pop(),
        lambda d: d["places"].append(d["places"][0]),
        lambda d: d["waitlists"].popitem(),
        lambda d: d["waitlists"][longest].pop(),
        lambda d: d["waitlists"][longest].reverse(),
        lambda d: d["result"]["levels"].pop(),
        lambda d: d["result"]["levels"].reverse(),
    ):
        spoilt = copy.deepcopy(data)
        spoil(spoilt)
        assert is_noticed(of, spoilt)
