"""Seeded placement problems of any size, in the shape of the example files.

`python tests/bench/children.py 10000 1 [simple] > children.json`: with "simple" everybody wants one seat for whole
weeks, and there are no families and no minimums.
"""

from __future__ import annotations

import json
import math
import random
import sys
from typing import Any

GRADES = ((1, 2), (3, 4), (5, 6))
WHOLE = [1, 2, 3, 4, 5]


def children(n: int, seed: int, *, simple: bool = False) -> dict[str, Any]:
    """A problem of `n` children, about n/28.5 class runs and a twentieth fewer places than children."""
    r = random.Random(seed)
    runs = max(3, round(n / 28.5))
    side = math.sqrt(runs / 350) * 20
    sites = [(r.uniform(0, side), r.uniform(0, side), r.uniform(0.7, 1.4)) for _ in range(max(1, round(runs / 4.9)))]
    classes = [_class(r, i, len(sites), simple) for i in range(runs)]
    by_grade = {band: [c for c in classes if c["grades"] == list(band)] for band in GRADES}
    made = _families(r, [_child(r, i, sites, by_grade, side, simple) for i in range(n)], simple)
    return {
        "format": "qingzai.placement-problem/1",
        "classes": classes,
        "children": made,
        "policy": {"seed": f"bench {seed}", "families": "independent" if simple else "prefer-together"},
    }


def _class(r: random.Random, i: int, sites: int, simple: bool) -> dict[str, Any]:
    return {
        "id": f"c{i:05}",
        "site": f"s{i % sites:04}",
        "term": i // sites % 4 + 1,
        "grades": list(GRADES[i % 3]),
        "capacity": r.choice((20, 25, 28, 30, 30)),
        "min_to_open": 0 if simple else r.choice((10, 12, 15, 15)),
    }


def _child(
    r: random.Random,
    i: int,
    sites: list[tuple[float, float, float]],
    by_grade: dict[tuple[int, int], list[dict[str, Any]]],
    side: float,
    simple: bool,
) -> dict[str, Any]:
    x, y, grade = r.uniform(0, side), r.uniform(0, side), r.randint(1, 6)
    band = by_grade[GRADES[(grade - 1) // 2]]
    near = band if len(band) < 200 else [c for c in band if _is_near(sites[int(c["site"][1:])], x, y)] or band
    liked = sorted(near, key=lambda c: _dislike(r, sites[int(c["site"][1:])], x, y))
    is_part = not simple and r.random() < 0.1
    return {
        "id": f"a{i:06}",
        "grade": grade,
        "tier": r.choices((0, 1, 2), (1, 3, 6))[0],
        "choices": [c["id"] for c in liked[: 5 if simple else r.choice((3, 3, 4, 5, 5))]],
        "seats": 2 if not simple and r.random() < 0.2 else 1,
        "weekdays": sorted(r.sample(WHOLE, r.choice((2, 3)))) if is_part else WHOLE,
        "family": None,
        "keep": None,
    }


def _is_near(site: tuple[float, float, float], x: float, y: float) -> bool:
    return abs(site[0] - x) < 6 and abs(site[1] - y) < 6


def _dislike(r: random.Random, site: tuple[float, float, float], x: float, y: float) -> float:
    return (math.hypot(site[0] - x, site[1] - y) + 1) / site[2] * r.uniform(0.5, 2)


def _families(r: random.Random, made: list[dict[str, Any]], simple: bool) -> list[dict[str, Any]]:
    """Put 15 % of the children into families of two or three, who wish alike where their grades allow."""
    i = family = 0
    while not simple and i + 3 < len(made):
        size = r.choice((2, 2, 2, 3)) if r.random() < 0.075 else 1
        for child in made[i : i + size] if size > 1 else ():
            child["family"] = f"f{family:05}"
            if (child["grade"] - 1) // 2 == (made[i]["grade"] - 1) // 2:
                shared = made[i]["choices"]
                child["choices"] = (shared + [c for c in child["choices"] if c not in shared])[: len(child["choices"])]
        family += size > 1
        i += size
    return made


if __name__ == "__main__":
    json.dump(children(int(sys.argv[1]), int(sys.argv[2]), simple="simple" in sys.argv), sys.stdout, indent=1)
