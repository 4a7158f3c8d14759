"""Random absences in a week, each repaired by itself. `python tests/bench/repairs.py WEEK ROSTER [N] [SECONDS]`.

One line of a Markdown table for each: who is away (duties, lessons), seconds by the clock and of the processor, the
levels, which of them are proven.
"""

from __future__ import annotations

import json
import random
import statistics
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from scheduler import Problem, RepairCost, RepairResult, measure_repair, read_problem, repair

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


def measured(problem: Problem, n: int, seconds: float, seed: int = 1) -> Iterator[Row]:
    """Repair `n` absences of people who are engaged, drawn by a seed."""
    published = problem.published
    assert published is not None
    for volunteer in random.Random(seed).sample(sorted(published.people), n):
        week = absent(problem, volunteer)
        began, cpu = time.monotonic(), time.process_time()
        found = repair(week, seconds=seconds)
        took, used = time.monotonic() - began, time.process_time() - cpu
        report, levels = measure_repair(week, found.roster)
        assert (report.violations, levels) == ((), found.result.cost)
        duties, lessons = published.duties_of.get(volunteer, ()), published.lessons_of.get(volunteer, ())
        yield Row(volunteer, len(duties), len(lessons), took, used, _lost(week), problem.published_cost, found.result)


def _lost(week: Problem) -> tuple[int, int]:
    """Safety and programme that are missing beyond the published roster's before anything is mended."""
    from scheduler.roster.repair.damage import assess
    from scheduler.roster.repair.scene import Scene

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


def main(problem: str, roster: str, n: str = "50", seconds: str = "5") -> None:
    """Print the table while it grows."""
    print(HEAD, "|" + "---|" * 9, sep="\n", flush=True)
    rows = []
    for row in measured(week_with(Path(problem), Path(roster)), int(n), float(seconds)):
        rows.append(row)
        print(row, flush=True)
    print("", summary(rows), sep="\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
