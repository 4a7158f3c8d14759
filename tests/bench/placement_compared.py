"""The placement engine beside the mechanisms of the field, on the same children.

    python tests/bench/placement_compared.py [INSTANCE ...] [--seeds 1 2 3]   # measures, adds to the figures
    python tests/bench/placement_compared.py --report                         # makes the report of what is there

One instance and seed at a time, everything in one process. The figures are kept in
`tests/bench/results/placement-compared.json` by instance and seed; the report beside it is made from them alone.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import sys
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE), str(HERE.parent.parent)]

from children import children  # noqa: E402 - the paths come first, so that the file runs as a script
from compared_report import report  # noqa: E402
from fairness import better_by_cycles, envious  # noqa: E402
from mechanisms import (  # noqa: E402
    Mechanism,
    by_own_lottery,
    by_priority,
    by_tier_and_arrival,
    closing,
    deferred_acceptance,
    deferred_acceptance_many,
    first_come,
    serial_dictatorship,
)
from roster import machine  # noqa: E402

from scheduler.placement.files import read_problem  # noqa: E402
from scheduler.placement.problem import Problem  # noqa: E402
from scheduler.placement.result import Placement  # noqa: E402
from scheduler.placement.rules import RULES, is_together  # noqa: E402
from scheduler.placement.solve import solve  # noqa: E402

RESULTS = HERE / "results" / "placement-compared.json"
INSTANCES: dict[str, tuple[int, bool, float]] = {
    "simple-1000": (1_000, True, 10),
    "simple-10000": (10_000, True, 10),
    "everything-1000": (1_000, False, 30),
    "everything-10000": (10_000, False, 60),
}
"""How many children, whether one seat and whole weeks are all there is, and the engine's seconds."""
MECHANISMS: dict[str, Mechanism] = {
    "acceptance": deferred_acceptance,
    "acceptance-many": deferred_acceptance_many,
    "dictatorship": serial_dictatorship,
    "first-come": first_come,
}
ORDERS = {"acceptance-many": by_own_lottery, "first-come": by_tier_and_arrival}
"""By what envy is judged where it is not the season's lottery: each mechanism by the numbers that it knows itself."""
ASKED = 40
"""So many children, of those with a lesser wish than their first, are asked what a shorter list would give them."""

Json = dict[str, Any]


def measured(problem: Problem, seconds: float, *, is_simple: bool) -> Json:
    """Every contender on one problem: what it came to, and the seconds it took."""
    load, rows = os.getloadavg()[0], [_ours(problem, seconds)]
    for mechanism, run in MECHANISMS.items():
        placement, took = _timed(lambda run=run: run(problem, frozenset()))  # type: ignore[misc]
        rows.append(_row(problem, placement, mechanism, took))
        if not is_simple:
            (placement, closed), took = _timed(lambda run=run: closing(run, problem))  # type: ignore[misc]
            rows.append(_row(problem, placement, f"{mechanism}-closing", took) | {"closed": closed})
    return {
        "children": len(problem.children),
        "tiers": {str(t): sum(c.tier == t for c in problem.children) for t in problem.tiers},
        "families": len(problem.families),
        "class_runs": len(problem.classes),
        "places": sum(c.capacity for c in problem.classes),
        "load_before": round(load, 1),
        "rows": rows,
    }


def _timed(work: Callable[[], Any]) -> tuple[Any, Json]:
    wall, before = time.perf_counter(), sum(os.times()[:4])
    found = work()
    took = {
        "seconds": round(time.perf_counter() - wall, 2),
        "processor_seconds": round(sum(os.times()[:4]) - before, 2),
    }
    return found, took


def _ours(problem: Problem, seconds: float) -> Json:
    placed, took = _timed(lambda: solve(problem, seconds=seconds, workers=2))
    levels = placed.result.levels
    proven = sum(x.value == x.bound for x in levels)
    most = sum(x.bound for x in levels if x.name.startswith("placed."))
    row = _row(problem, placed.placement, "engine", took)
    return row | {"levels": len(levels), "proven": proven, "draw": placed.result.draw, "served_at_most": most}


def _row(problem: Problem, placement: Placement, mechanism: str, took: Json) -> Json:
    """The figures of one placement."""
    order = next((made for name, made in ORDERS.items() if mechanism.startswith(name)), by_priority)
    envy = envious(problem, placement, order(problem))
    broken = {f.rule for rule in RULES for f in rule(problem, placement)} - {"minimum"}
    assert not broken, broken
    firsts = {child: places[0].rank for child, places in placement.of_child.items()}
    small = {name for name, kids in placement.in_run.items() if len(kids) < problem.class_run[name].min_to_open}
    return {
        "mechanism": mechanism,
        **took,
        "served": len(firsts),
        "tiers": {str(t): sum(problem.child[c].tier == t for c in firsts) for t in problem.tiers},
        "ranks": {str(r): k for r, k in sorted(Counter(firsts.values()).items())},
        "second_places": len(placement.places) - len(firsts),
        "together": sum(is_together(problem, placement, list(kids)) for kids in problem.families.values()),
        "opened": len(placement.in_run),
        "small": len(small),
        "lost": sum(all(p.class_run in small for p in places) for places in placement.of_child.values()),
        "envy_tier": envy["tier"],
        "envy_lottery": envy["lottery"],
        "wasted": envy["wasted"],
        "exchanges": better_by_cycles(problem, placement),
    }


def shorter_lists(problem: Problem, seed: int, seconds: float, asked: int = ASKED) -> Json:
    """Who gains by naming its favourite alone, everybody else being honest: by the engine and deferred acceptance."""
    found: Json = {"asked": asked}
    ways: dict[str, Callable[[Problem], Placement]] = {
        "engine": lambda p: solve(p, seconds=seconds, workers=2).placement,
        "acceptance": deferred_acceptance,
    }
    for name, way in ways.items():
        honest = way(problem).of_child
        lesser = [c for c in problem.children if c.id in honest and honest[c.id][0].rank > 1]
        outcomes = Counter[str]()
        for child in random.Random(seed).sample(lesser, min(asked, len(lesser))):
            told = replace(child, choices=child.choices[:1])
            short = replace(problem, children=tuple(told if c is child else c for c in problem.children))
            outcomes["gained" if child.id in way(short).of_child else "lost"] += 1
        found[name] = {"gained": outcomes["gained"], "lost": outcomes["lost"]}
    return found


def kept(known: Json, kind: str, new: Json) -> Json:
    """The figures with these among them, in the place of older ones of the same instance and seed."""
    rows = {(x["instance"], x["seed"]): x for x in [*known.get(kind, []), new]}
    return {**known, kind: [rows[key] for key in sorted(rows)]}


def one(name: str, seed: int) -> tuple[str, Json]:
    """One measurement: what kind it is, and its figures."""
    is_lists = name == "lists"
    n, is_simple, seconds = INSTANCES["simple-1000" if is_lists else name]
    problem = read_problem(children(n, seed, simple=is_simple))
    found = shorter_lists(problem, seed, seconds) if is_lists else measured(problem, seconds, is_simple=is_simple)
    return ("lists" if is_lists else "runs"), {"instance": name, "seed": seed, **found}


def main(arguments: list[str]) -> None:
    """The command line of this script."""
    parser = argparse.ArgumentParser(description="The placement engine beside the mechanisms of the field.")
    parser.add_argument("instances", nargs="*", help=f"of {', '.join([*INSTANCES, 'lists'])}; all where none is named")
    parser.add_argument("--seeds", nargs="+", type=int, default=[1, 2, 3])
    parser.add_argument("--report", action="store_true", help="measure nothing, make the report anew")
    asked = parser.parse_args(arguments)
    known: Json = json.loads(RESULTS.read_text(encoding="utf-8")) if RESULTS.exists() else {}
    for name in [] if asked.report else asked.instances or [*INSTANCES, "lists"]:
        for seed in asked.seeds:
            known = kept(known, *one(name, seed)) | {"machine": machine()}
            RESULTS.write_text(json.dumps(known, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
            print(name, seed, flush=True)
    RESULTS.with_suffix(".md").write_text(report(known), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
