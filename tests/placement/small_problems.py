"""Tiny problems by chance, with every feature, and larger ones that are random too."""

from __future__ import annotations

import random
from typing import Any

Json = dict[str, Any]
WEEKS = ([1, 2, 3, 4, 5], [1, 2, 3, 4, 5], [1, 2], [2, 3], [1, 3], [4, 5])


def tiny(seed: int) -> Json:
    """A problem small enough to look at all its placements. Some of what is kept may be unsound."""
    r = random.Random(seed)
    classes = [_class(r, i) for i in range(r.randint(1, 5))]
    children = [_child(r, i, classes) for i in range(r.randint(2, 6))]
    for child in r.sample(children, r.choice((0, 0, 0, 1, 2))):
        child["keep"] = [r.choice(classes)["id"]]
    return {
        "format": "qingzai.placement-problem/1",
        "classes": classes,
        "children": children,
        "policy": {
            "seed": f"season {seed}",
            "families": r.choice(("independent", "prefer-together", "together-or-none")),
            "order": r.choice(("served-first", "tier-first")),
        },
    }


def plain(seed: int) -> Json:
    """One seat, whole weeks, no families, no minimums."""
    problem = tiny(seed)
    for child in problem["children"]:
        child.update(seats=1, weekdays=[1, 2, 3, 4, 5], family=None, keep=None)
    for run in problem["classes"]:
        run["min_to_open"] = 0
    return problem


def _class(r: random.Random, i: int) -> Json:
    return {
        "id": f"c{i}",
        "site": f"s{r.randint(0, 1)}",
        "term": r.randint(1, 3),
        "grades": r.choice(([1, 3], [1, 6], [2, 4], [4, 6])),
        "capacity": r.choice((1, 1, 2, 2, 3)),
        "min_to_open": r.choice((0, 0, 1, 2, 2, 3)),
    }


def _child(r: random.Random, i: int, classes: list[Json]) -> Json:
    names = [c["id"] for c in classes]
    fitting = [g for c in classes for g in range(c["grades"][0], c["grades"][1] + 1)]
    return {
        "id": f"a{i}",
        "grade": r.choice(fitting),
        "tier": r.choice((0, 0, 1, 2)),
        "choices": r.sample(names, r.randint(1, min(4, len(names)))),
        "seats": r.choice((1, 1, 2, 3)),
        "weekdays": r.choice(WEEKS),
        "family": r.choice((None, "f0", "f1")),
        "keep": None,
    }
