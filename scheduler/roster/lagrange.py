"""A bound on safety at any size: prices on every missing place, and each volunteer's best week against them.

With a price λ ∈ [0, 1] on each of the three shortages of a site and segment (need, minimum, lead),

    Σ λ · wanted − Σ_v max over v's weeks of Σ prices earned   ≤   least safety cost,

because dropping the cover rows into the objective is a relaxation for every λ ≥ 0, and λ ≤ 1 makes idle
shortage free. A volunteer's best week is exact: per weekday the best sum for each number of segments (a run of
back-to-back segments stays at one site), then a knapsack over weekdays with `max_segments`. Prices climb by
subgradient steps (Held, Wolfe and Crowder 1974). All volunteers are priced at once.
"""

from __future__ import annotations

import itertools
import math
import time
from typing import Any

from scheduler.roster.choices import Choices
from scheduler.roster.problem import Problem

NEVER = -1e9
MOST_IN_PATTERN = 4


class Prices:
    """The relaxation of one problem as arrays: P pairs (volunteer, site), S segments, V volunteers."""

    def __init__(self, choices: Choices) -> None:
        import numpy as np

        self.problem = choices.problem
        self.segments = [s.id for s in self.problem.segments]
        self.sites = [s.id for s in self.problem.sites]
        duty, lead = _open_pairs(choices)
        pairs = sorted(duty)
        people = sorted({v for v, _ in pairs})
        self.volunteers = people
        row = {v: i for i, v in enumerate(people)}
        column = {s: i for i, s in enumerate(self.segments)}
        site = {s: i for i, s in enumerate(self.sites)}
        self.site_of = np.array([site[a] for _, a in pairs], dtype=np.int64)
        self.person_of = np.array([row[v] for v, _ in pairs], dtype=np.int64)
        self.first = np.searchsorted(self.person_of, np.arange(len(people)))
        self.may = np.zeros((len(pairs), len(column)), dtype=bool)
        self.may_lead = np.zeros_like(self.may)
        for i, pair in enumerate(pairs):
            self.may[i, [column[s] for s in duty[pair]]] = True
            self.may_lead[i, [column[s] for s in lead.get(pair, ())]] = True
        self.capacity = np.array([_capacity(choices, v, len(column)) for v in people], dtype=np.int64)
        self.wanted = _wanted(self.problem, site, column)
        self.days = [_blocks(self.problem, day, column) for day in self.problem.weekdays]

    def best_weeks(self, prices: Any) -> tuple[Any, Any]:
        """Value of each volunteer's best week (V), and what those weeks cover (3, sites, S)."""
        import numpy as np

        need, least, lead = prices
        worth = (need + least)[self.site_of] + np.where(self.may_lead, lead[self.site_of], 0.0)
        worth = np.where(self.may, worth, NEVER)
        tables = [self._day(worth, blocks, patterns) for blocks, patterns in self.days]
        return self._week(tables)

    def _day(self, worth: Any, blocks: list[list[int]], patterns: list[tuple[int, ...]]) -> Any:
        """Best value by pattern, and the pair that earns each block: (V, patterns), (V, blocks)."""
        import numpy as np

        count = len(self.volunteers)
        value, pair = np.zeros((count, len(blocks))), np.zeros((count, len(blocks)), dtype=np.int64)
        for b, block in enumerate(blocks):
            sums = worth[:, block].sum(axis=1)
            order = np.lexsort((-sums, self.person_of))
            pair[:, b] = order[self.first]
            value[:, b] = sums[pair[:, b]]
        totals = np.stack([value[:, list(p)].sum(axis=1) for p in patterns], axis=1)
        return totals, pair, blocks, patterns

    def _week(self, tables: list[Any]) -> tuple[Any, Any]:
        import numpy as np

        count, size = len(self.volunteers), int(self.capacity.max(initial=0)) + 1
        load = np.where(np.arange(size)[None, :] <= self.capacity[:, None], 0.0, NEVER)
        best = np.where(np.arange(size)[None, :] == 0, 0.0, NEVER) * np.ones((count, 1))
        steps = []
        for totals, _, blocks, patterns in tables:
            weights = [sum(len(blocks[b]) for b in p) for p in patterns]
            new, chosen = best.copy(), np.full((count, size), -1, dtype=np.int64)
            for k, weight in enumerate(weights):
                if weight < size:
                    candidate = best[:, : size - weight] + totals[:, k : k + 1]
                    better = candidate > new[:, weight:]
                    new[:, weight:] = np.where(better, candidate, new[:, weight:])
                    chosen[:, weight:] = np.where(better, k, chosen[:, weight:])
            steps.append((chosen, weights))
            best = new
        best = best + load
        return best.max(axis=1), self._cover(best.argmax(axis=1), steps, tables)

    def _cover(self, size: Any, steps: list[Any], tables: list[Any]) -> Any:
        import numpy as np

        cover = np.zeros_like(self.wanted)
        rows = np.arange(len(self.volunteers))
        for (chosen, weights), (_, pair, blocks, patterns) in zip(reversed(steps), reversed(tables), strict=True):
            pick = chosen[rows, size]
            for k, pattern in enumerate(patterns):
                who = rows[pick == k]
                for b in pattern:
                    pairs = pair[who, b]
                    for s in blocks[b]:
                        np.add.at(cover[0], (self.site_of[pairs], s), 1)
                        np.add.at(cover[2], (self.site_of[pairs], s), self.may_lead[pairs, s])
            size = size - np.where(pick >= 0, np.array([*weights, 0])[pick], 0)
        cover[1] = cover[0]
        return cover


STARTS = (
    (0.5, 0.5, 0.5),
    (0.0, 0.0, 1.0),
    (0.0, 1.0, 1.0),
    (1.0, 1.0, 1.0),
    (0.0, 1.0, 0.0),
    (0.1, 0.3, 0.9),
)


def safety_bound(choices: Choices, target: int, seconds: float, steps: int = 400) -> int:
    """A proven lower bound on safety over all rosters; `target` is a cost already reached.

    Prices are per site and segment: they climb much faster than those of `worth`, which are per class, and end lower
    where classes of one site differ. Uniform prices are tried first: where one kind of person is short everywhere they
    are nearly best. From the best of them, deflected subgradient steps.
    """
    import numpy as np

    if choices.waived.get("travel"):  # Whose way is waived may be at two sites within one run of segments.
        return 0
    relaxation = Prices(choices)
    if not relaxation.volunteers:
        return int(relaxation.wanted.sum())
    end = time.monotonic() + seconds
    tried = [_Point(relaxation, np.where(relaxation.wanted > 0, np.array(k)[:, None, None], 0.0)) for k in STARTS]
    point = max(tried, key=lambda p: p.bound)
    best, scale, stale, direction = point.bound, 0.3, 0, point.slope
    for _ in range(steps):
        if best > target - 1 + 1e-6 or time.monotonic() > end:
            break
        direction = 0.9 * direction + 0.1 * point.slope
        step = np.where((direction > 0) & (point.prices >= 1), 0.0, direction)
        step = np.where((step < 0) & (point.prices <= 0), 0.0, step)
        if not (norm := float((step**2).sum())):
            break
        move = scale * (max(target, best + 1) - point.bound) / norm
        point = _Point(relaxation, np.clip(point.prices + move * step, 0.0, 1.0))
        stale = 0 if point.bound > best + 1e-3 else stale + 1
        best = max(best, point.bound)
        if stale >= 15:
            scale, stale = scale * 0.7, 0
    return max(0, math.ceil(best - 1e-6 * (1 + abs(best))))


class _Point:
    """Prices, the bound they prove, and the shortage that tells which way to go."""

    def __init__(self, relaxation: Prices, prices: Any) -> None:
        values, cover = relaxation.best_weeks(prices)
        self.prices, self.slope = prices, relaxation.wanted - cover
        self.bound = float((prices * relaxation.wanted).sum() - values.sum())


def _open_pairs(choices: Choices) -> tuple[dict[tuple[str, str], set[str]], dict[tuple[str, str], set[str]]]:
    duty: dict[tuple[str, str], set[str]] = {}
    lead: dict[tuple[str, str], set[str]] = {}
    for (c, s), who in choices.duty.items():
        site = choices.problem.class_run[c].site
        for v, may_lead in who.items():
            if choices.problem.volunteer[v].adult:
                duty.setdefault((v, site), set()).add(s)
                if may_lead:
                    lead.setdefault((v, site), set()).add(s)
    return duty, lead


def _capacity(choices: Choices, v: str, segments: int) -> int:
    """Segments a volunteer may serve; no limit for one whose pins waive a rule."""
    for entries in choices.waived.values():
        if any(getattr(e, "volunteer", None) == v or getattr(e, "instructor", None) == v for e in entries):
            return segments
    return min(segments, choices.problem.volunteer[v].max_segments)


def _wanted(problem: Problem, site: dict[str, int], column: dict[str, int]) -> Any:
    import numpy as np

    wanted = np.zeros((3, len(site), len(column)))
    for c in problem.classes:
        for s in c.segments:
            at = (slice(None), site[c.site], column[s])
            wanted[at] += np.array([problem.need(c), problem.policy.min_adults, 1.0])
    return wanted


def _blocks(problem: Problem, day: int, column: dict[str, int]) -> tuple[list[list[int]], list[tuple[int, ...]]]:
    """Runs of back-to-back segments, and the patterns of a day as sets of such runs."""
    segments = sorted((s for s in problem.segments if s.weekday == day), key=lambda s: (s.start, s.end))
    blocks: list[list[int]] = []
    spans: list[tuple[int, int]] = []
    close = math.ceil(problem.policy.travel_minutes_fixed - 1e-9)
    bound_to_next = [b.start - a.end < close for a, b in itertools.pairwise(segments)]
    for i in range(len(segments)):
        for j in range(i, len(segments)):
            if all(bound_to_next[i:j]) and (j == i or len(segments) <= MOST_IN_PATTERN):
                blocks.append([column[s.id] for s in segments[i : j + 1]])
                spans.append((i, j))
    if len(segments) > MOST_IN_PATTERN:
        return blocks, [(b,) for b in range(len(blocks))]
    patterns = []
    for n in range(1, len(blocks) + 1):
        for pick in itertools.combinations(range(len(blocks)), n):
            pairs = itertools.pairwise(spans[b] for b in pick)
            if all(a[1] < b[0] and not (a[1] + 1 == b[0] and bound_to_next[a[1]]) for a, b in pairs):
                patterns.append(pick)
    return blocks, patterns
