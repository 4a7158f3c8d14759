"""Absences in a week, each repaired by itself: `python tests/bench/repairs.py WEEK ROSTER [FIRST-LAST] [SECONDS]`.

`1-25` repairs the first 25 of 50 absences drawn by a seed, `other` what else may happen to a week. One line of a
Markdown table for each: who is away (duties, lessons), seconds by the clock and of the processor, the levels, which of
them are proven.
"""

from __future__ import annotations

import itertools
import json
import os
import random
import statistics
import sys
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from scheduler import Problem, RepairCost, RepairResult, measure_repair, read_problem, repair
from scheduler.roster.repair.damage import assess
from scheduler.roster.repair.scene import Scene

HEAD = "| away | duties, lessons | s | CPU s | safety lost → left | programme lost → left | people | changes | status |"


@dataclass(frozen=True)
class Row:
    """One absence repaired."""

    volunteer: str
    duties: int
    lessons: int
    seconds: float
    cpu: float
    lost: tuple[int, int]
    floor: tuple[int, int]
    result: RepairResult

    def __str__(self) -> str:
        cost, bound = self.result.cost, self.result.bound
        levels = [_told(cost, bound, level) for level in ("people", "changes")]
        left = [value - floor for value, floor in zip(cost[:2], self.floor, strict=True)]
        lost = [f"{a} → {b}" for a, b in zip(self.lost, left, strict=True)]
        cells = [self.volunteer, f"{self.duties}, {self.lessons}", f"{self.seconds:.1f}", f"{self.cpu:.1f}"]
        return "| " + " | ".join([*cells, *lost, *levels, self.result.status]) + " |"


def _told(cost: RepairCost, bound: RepairCost, level: str) -> str:
    value, least = getattr(cost, level), getattr(bound, level)
    return f"**{value}**" if value == least else f"{value} (≥ {least})"


def absent(problem: Problem, volunteer: str) -> Problem:
    """The same week, with one volunteer away all of it."""
    people = (replace(v, available=frozenset()) if v.id == volunteer else v for v in problem.volunteers)
    return replace(problem, volunteers=tuple(people))


def absences(problem: Problem, n: int, seed: int = 1) -> Iterator[tuple[str, Problem]]:
    """`n` absences of people who are engaged, drawn by a seed."""
    published = problem.published
    assert published is not None
    for v in random.Random(seed).sample(sorted(published.people), n):
        yield v, absent(problem, v)


def other(problem: Problem, seed: int = 1) -> Iterator[tuple[str, Problem]]:
    """A heat day, a class that closes, three absent at once, an absence on Wednesday, one of one day only."""
    published, r = problem.published, random.Random(seed)
    assert published is not None
    hot = next(day for day in problem.weekdays if day not in problem.heat_days)
    yield f"heat on day {hot}", replace(problem, heat_days=problem.heat_days | {hot})
    gone = r.choice(problem.classes).id
    yield f"{gone} closed", replace(problem, classes=tuple(c for c in problem.classes if c.id != gone))
    a, b, c, d, e = r.sample(sorted(published.people), 5)
    yield f"{a}, {b}, {c} away", absent(absent(absent(problem, a), b), c)
    wednesday = next(s.id for s in problem.segments if s.weekday == 3)
    yield f"{d} away from day 3", replace(absent(problem, d), frozen_before=wednesday)
    day = min(problem.segment[s].weekday for s in (x.segment for x in published.duties_of[e]))
    today = {s.id for s in problem.segments if s.weekday == day}
    people = (replace(v, available=v.available - today) if v.id == e else v for v in problem.volunteers)
    yield f"{e} away on day {day}", replace(problem, volunteers=tuple(people))


def measured(weeks: Iterable[tuple[str, Problem]], seconds: float) -> Iterator[Row]:
    """Repair each week; every roster is checked, and its levels are counted again."""
    for name, week in weeks:
        began, cpu = time.monotonic(), _processor()
        found = repair(week, seconds=seconds)
        took, used = time.monotonic() - began, _processor() - cpu
        report, levels = measure_repair(week, found.roster)
        assert (report.violations, levels) == ((), found.result.cost)
        gone = assess(week).gone
        yield Row(name, len(gone.duties), len(gone.lessons), took, used, _lost(week), week.published_cost, found.result)


def _processor() -> float:
    """Seconds of the processor that this process and those it has ended have taken."""
    now = os.times()
    return now.user + now.system + now.children_user + now.children_system


def _lost(week: Problem) -> tuple[int, int]:
    """Safety and programme that are missing beyond the published roster's before anything is mended."""
    scene = Scene(assess(week))
    return tuple(max(0, scene.found[x] - scene.floor[x]) for x in ("safety", "programme"))  # type: ignore[return-value]


def summary(rows: list[Row]) -> str:
    """Medians and shares."""
    n = len(rows)
    mended = sum(r.result.cost[:2] == r.floor for r in rows)
    people = sum(r.result.cost.people == r.result.bound.people for r in rows)
    changes = sum(r.result.cost.changes == r.result.bound.changes for r in rows)
    optimal = sum(r.result.status == "optimal" for r in rows)
    return (
        f"{n} absences: nothing is missing afterwards in {mended}; fewest people proven in {people}, "
        f"fewest changes in {changes}, all five levels in {optimal}; "
        f"median {statistics.median(r.seconds for r in rows):.1f} s by the clock, "
        f"{statistics.median(r.cpu for r in rows):.1f} s of the processor"
    )


def week_with(problem: Path, roster: Path) -> Problem:
    """A problem file with a roster file as its published roster."""
    data: dict[str, Any] = json.loads(problem.read_text(encoding="utf-8"))
    data["published"] = json.loads(roster.read_text(encoding="utf-8"))
    return read_problem(data)


def main(problem: str, roster: str, which: str = "1-50", seconds: str = "5") -> None:
    """Print the table while it grows."""
    week = week_with(Path(problem), Path(roster))
    chosen = other(week)
    if which != "other":
        first, last = map(int, which.split("-"))
        chosen = itertools.islice(absences(week, 50), first - 1, last)
    print(HEAD, "|" + "---|" * 9, sep="\n", flush=True)
    rows = []
    for row in measured(chosen, float(seconds)):
        rows.append(row)
        print(row, flush=True)
    print("", summary(rows), sep="\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
