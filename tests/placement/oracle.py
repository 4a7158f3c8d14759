"""The best placement of a tiny problem by looking at all of them, straight from the contract's words.

It reads the file's JSON values and shares no code with the product, not even the lottery.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator
from itertools import combinations
from typing import Any

Json = dict[str, Any]
Held = tuple[tuple[int, str], ...]
"""A child's places: (rank, class), the first place first."""

NONE = -10_000
"""Worse than any rank, in lists where higher is better."""


def best(problem: Json) -> tuple[set[tuple[str, str, int]], list[int]] | None:
    """The places (child, class, rank) and the values of all levels; None where what is kept cannot stand."""
    children = sorted(problem["children"], key=lambda c: c["id"])
    found: tuple[Any, dict[str, Held]] | None = None
    for placement in _placements(problem, children):
        if not _is_allowed(problem, children, placement):
            continue
        key = (_levels(problem, children, placement), _draw(problem, children, placement))
        if found is None or key > found[0]:
            found = key, dict(placement)
    if found is None:
        return None
    (levels, _), held = found
    return {(child, name, rank) for child, places in held.items() for rank, name in places}, levels


def _placements(problem: Json, children: list[Json]) -> Iterator[dict[str, Held]]:
    """Everything that keeps grades, seats, terms, wishes, keeps and capacities."""
    runs = {c["id"]: c for c in problem["classes"]}
    sets = [list(_sets(runs, child)) for child in children]
    load: Counter[tuple[str, int]] = Counter()
    placement: dict[str, Held] = {}

    def extend(i: int) -> Iterator[dict[str, Held]]:
        if i == len(children):
            yield placement
            return
        for held in sets[i]:
            days = [(name, day) for _, name in held for day in children[i]["weekdays"]]
            if all(load[d] < runs[d[0]]["capacity"] for d in days):
                load.update(days)
                placement[children[i]["id"]] = held
                yield from extend(i + 1)
                load.subtract(days)

    yield from extend(0)


def _sets(runs: dict[str, Json], child: Json) -> Iterator[Held]:
    keep = set(child["keep"] or ())
    options = [
        (rank, name)
        for rank, name in enumerate(child["choices"], start=1)
        if runs[name]["grades"][0] <= child["grade"] <= runs[name]["grades"][1]
    ]
    options += [(0, name) for name in keep if name not in child["choices"]]
    for size in range(child["seats"] + 1):
        for held in combinations(sorted(options), size):
            names = {name for _, name in held}
            if keep <= names and len({runs[name]["term"] for name in names}) == size:
                yield held


def _is_allowed(problem: Json, children: list[Json], placement: dict[str, Held]) -> bool:
    kept = {name for child in children for name in child["keep"] or ()}
    counts = Counter(name for held in placement.values() for _, name in held)
    runs = {c["id"]: c for c in problem["classes"]}
    if any(n < runs[name]["min_to_open"] for name, n in counts.items() if n and name not in kept):
        return False
    if problem["policy"]["families"] != "together-or-none":
        return True
    for members in _families(children):
        placed = [placement[child] for child in members if placement[child]]
        if placed and (len(placed) < len(members) or not _is_together(runs, placed)):
            return False
    return True


def _families(children: list[Json]) -> list[list[str]]:
    found: dict[str, list[str]] = {}
    for child in children:
        if child["family"]:
            found.setdefault(child["family"], []).append(child["id"])
    return [members for members in found.values() if len(members) > 1]


def _is_together(runs: dict[str, Json], held: list[Held]) -> bool:
    firsts = [runs[places[0][1]] for places in held]
    return len({(run["site"], run["term"]) for run in firsts}) == 1


def _levels(problem: Json, children: list[Json], placement: dict[str, Held]) -> list[int]:
    tiers = sorted({c["tier"] for c in children})
    seats = max(c["seats"] for c in children)
    count: Counter[tuple[int, int]] = Counter()
    profile: Counter[tuple[int, int, int]] = Counter()
    for child in children:
        for seat, (rank, _) in enumerate(placement[child["id"]], start=1):
            count[seat, child["tier"]] += 1
            profile[seat, child["tier"], rank] += 1
    levels = []
    for seat in range(1, seats + 1):
        ranks = {t: [profile[seat, t, rank] for rank in range(1, 6)] for t in tiers}
        if seat == 1 and problem["policy"]["order"] == "tier-first":
            levels += [n for t in tiers for n in (count[seat, t], *ranks[t])]
        else:
            levels += [count[seat, t] for t in tiers] + [n for t in tiers for n in ranks[t]]
    if problem["policy"]["families"] == "prefer-together":
        runs = {c["id"]: c for c in problem["classes"]}
        together = [
            all(placement[child] for child in members) and _is_together(runs, [placement[c] for c in members])
            for members in _families(children)
        ]
        levels.append(sum(together))
    return levels


def _draw(problem: Json, children: list[Json], placement: dict[str, Held]) -> list[list[int]]:
    def number(child: Json) -> str:
        return hashlib.sha256((problem["policy"]["seed"] + "/" + child["id"]).encode("utf-8")).hexdigest()

    order = sorted(children, key=lambda c: (c["tier"], number(c)))
    most = max(c["seats"] for c in children)
    lists = ([-rank for rank, _ in placement[c["id"]]] for c in order)
    return [ranks + [NONE] * (most - len(ranks)) for ranks in lists]
