"""The door of the scheduler: what other floors may use. Nothing here loads the solver until `solve` is called."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TYPE_CHECKING

from scheduler.files import (
    load_json,
    read_problem,
    read_repair_cost,
    read_result,
    read_roster,
    write_problem,
    write_roster,
)
from scheduler.result import (
    Cost,
    Malformed,
    PinError,
    Progress,
    RepairCost,
    Repaired,
    RepairResult,
    Result,
    Solved,
    Violation,
)
from scheduler.roster.check import Report, check, cost, cost_parts, pin_errors
from scheduler.roster.problem import Duty, Lesson, Problem, Roster
from scheduler.roster.repair.measure import measure_repair

if TYPE_CHECKING:
    from scheduler.roster.standby import Day

__all__ = [
    "Cost",
    "Duty",
    "Lesson",
    "Malformed",
    "PinError",
    "Problem",
    "Progress",
    "RepairCost",
    "RepairResult",
    "Repaired",
    "Report",
    "Result",
    "Roster",
    "Solved",
    "Violation",
    "check",
    "cost",
    "cost_parts",
    "load_json",
    "measure_repair",
    "pin_errors",
    "read_problem",
    "read_repair_cost",
    "read_result",
    "read_roster",
    "repair",
    "solve",
    "standbys",
    "write_problem",
    "write_roster",
]


def solve(
    problem: Problem,
    *,
    seconds: float = 60,
    workers: int = 2,
    seed: int = 1,
    deterministic: float | None = None,
    sites: frozenset[str] | None = None,
    start: Roster | None = None,
    on_progress: Callable[[Progress], None] | None = None,
    stop: threading.Event | None = None,
    on_open: Callable[[Callable[[], Roster]], None] | None = None,
) -> Solved:
    """The best weekly roster found; see `scheduler.roster.solve.solve`, which this loads with the solver."""
    from scheduler.roster.solve import solve as run

    return run(
        problem,
        seconds=seconds,
        workers=workers,
        seed=seed,
        deterministic=deterministic,
        sites=sites,
        start=start,
        on_progress=on_progress,
        stop=stop,
        on_open=on_open,
    )


def repair(
    problem: Problem,
    *,
    seconds: float = 5,
    workers: int = 2,
    seed: int = 1,
    on_progress: Callable[[Progress], None] | None = None,
    stop: threading.Event | None = None,
) -> Repaired:
    """The published roster mended; see `scheduler.roster.repair.work.repair`, which this loads with the solver."""
    from scheduler.roster.repair.work import repair as run

    return run(problem, seconds=seconds, workers=workers, seed=seed, on_progress=on_progress, stop=stop)


def standbys(problem: Problem, roster: Roster, *, seconds: float = 60) -> tuple[Day, ...]:
    """Stand-bys of each weekday; see `scheduler.roster.standby.standbys`, which this loads with the solver."""
    from scheduler.roster.standby import standbys as run

    return run(problem, roster, seconds=seconds)
