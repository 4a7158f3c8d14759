"""In which ways a day of a volunteer may be filled: blocks of segments spent at one site, and sets of such blocks."""

from __future__ import annotations

import itertools
import math
from typing import Any

from scheduler.roster.problem import Problem, Segment

MOST_IN_PATTERN = 4


def patterns_by_day(problem: Problem, segments: list[Segment], column: dict[str, int]) -> list[Any]:
    """For each weekday: blocks of segments spent at one site, and patterns (blocks, segments with visits alone)."""
    close = math.ceil(problem.policy.travel_minutes_fixed - 1e-9)
    days = []
    for _, group in itertools.groupby(segments, key=lambda s: s.weekday):
        day = list(group)
        gaps = [b.start - a.end for a, b in itertools.pairwise(day)]
        if len(day) > MOST_IN_PATTERN or any(gap < 0 for gap in gaps):
            # Each segment by itself, as if the others of the day did not matter.
            for s in day:
                days.append(([[column[s.id]]], [((0,), ()), ((), (column[s.id],))]))
            continue
        days.append(_patterns([column[s.id] for s in day], [gap < close for gap in gaps]))
    return days


def _patterns(day: list[int], is_bound: list[bool]) -> tuple[list[list[int]], list[Any]]:
    blocks: dict[tuple[int, ...], int] = {}
    patterns = []
    for kinds in itertools.product("-dv", repeat=len(day)):
        runs: list[list[int]] = []
        for i, kind in enumerate(kinds):
            if kind == "d":
                if i and kinds[i - 1] == "d" and is_bound[i - 1]:
                    runs[-1].append(day[i])
                else:
                    runs.append([day[i]])
        if any(kind != "-" for kind in kinds):
            at = tuple(blocks.setdefault(tuple(run), len(blocks)) for run in runs)
            patterns.append((at, tuple(day[i] for i, kind in enumerate(kinds) if kind == "v")))
    return [list(b) for b in blocks], patterns
