"""The contenders of the benchmark. Each is run in a process of its own, so that its memory is its own.

`python tests/bench/contenders.py engine PROBLEM OUT --seconds 60 --workers 2` solves one problem file, has the roster
checked, and writes what happened as JSON. A trace is a list of `{"seconds", "cost", "bound"}`; costs and bounds are
[safety, programme, quality] or null, seconds count from the moment the problem was read.
"""

from __future__ import annotations

import argparse
import json
import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from javamodel import run_timefold

from scheduler import Cost, Problem, Progress, Roster, check, cost, load_json, read_problem, solve

Trace = list[dict[str, Any]]
Answer = tuple[Roster | None, Trace, dict[str, Any]]

BETWEEN_SOLUTIONS = 0.5  # seconds: solutions that follow each other more quickly are not kept
ROUNDING = 0.01  # taken off a bound of the solver's before it is rounded up


def engine(problem: Problem, seconds: float, workers: int, seed: int) -> Answer:
    """This engine, as `qingzai roster solve` runs it."""
    trace: Trace = []

    def note(news: Progress) -> None:
        trace.append(moment(news.seconds, news.cost, news.bound))

    solved = solve(problem, seconds=seconds, workers=workers, seed=seed, on_progress=note)
    result = solved.result
    trace.append(moment(result.seconds, result.cost, result.bound))
    return solved.roster, trace, {"proofs": dict(result.proofs), "failures": list(result.failures)}


def monolith(problem: Problem, seconds: float, workers: int, seed: int) -> Answer:
    """One CP-SAT model of everything, its levels weighted so that none can outweigh a better one; no hints."""
    from ortools.sat.python import cp_model

    from scheduler.roster.model import whole

    began = time.monotonic()
    model = whole(problem)
    weights = level_weights(problem)
    model.cp.minimize(model.expression(weights))
    built = time.monotonic() - began
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = workers
    solver.parameters.random_seed = seed
    solver.parameters.max_time_in_seconds = max(0.1, seconds - built)
    log = _Log(began)
    solver.best_bound_callback = log.bound
    status = solver.solve(model.cp, log.callback())
    log.bound(solver.best_objective_bound)
    if status in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        log.solution(solver.response_proto.solution, last=True)
    roster, trace = log.told(problem, model, weights)
    facts = {"built": round(built, 2), "variables": len(model.cp.proto.variables), "status": solver.status_name(status)}
    return roster, trace, facts


class _Log:
    """What a CP-SAT solver told and when; solutions are kept as bits and costed when it is over."""

    def __init__(self, began: float) -> None:
        self.began, self.events, self.kept_at = began, [], -BETWEEN_SOLUTIONS

    def _now(self) -> float:
        return time.monotonic() - self.began

    def bound(self, value: float) -> None:
        """A better bound of the weighted sum."""
        self.events.append((self._now(), value, None))

    def solution(self, values: Any, *, last: bool = False) -> None:
        """A better solution, unless one was kept a moment ago."""
        import numpy as np

        now = self._now()
        if last or now - self.kept_at >= BETWEEN_SOLUTIONS:
            self.kept_at = now
            bits = np.packbits(np.fromiter(values, np.int64, len(values)) == 1)
            self.events.append((now, None, bits))

    def callback(self) -> Any:
        """The object that CP-SAT calls for each solution."""
        from ortools.sat.python import cp_model

        log = self

        class Callback(cp_model.CpSolverSolutionCallback):
            def on_solution_callback(self) -> None:
                log.solution(self.response_proto.solution)

        return Callback()

    def told(self, problem: Problem, model: Any, weights: dict[str, int]) -> tuple[Roster | None, Trace]:
        """The best roster, and costs and bounds over time."""
        import numpy as np

        best: tuple[Cost, Roster] | None = None
        proven, trace = 0.0, []
        for at, value, bits in self.events:
            if bits is not None:
                ones = np.unpackbits(bits)
                roster = model.read(lambda x, ones=ones: bool(ones[x.index]))
                best = min(filter(None, (best, (cost(problem, roster), roster))), key=lambda pair: pair[0])
            elif value is not None:
                proven = max(proven, value)
            found = best[0] if best else None
            trace.append(moment(at, found, level_bounds(proven, weights, found)))
        return (best[1] if best else None), trace


def moment(seconds: float, found: Cost | None, bound: Cost | None) -> dict[str, Any]:
    """One entry of a trace."""
    return {"seconds": round(seconds, 2), "cost": found and list(found), "bound": bound and list(bound)}


def level_weights(problem: Problem) -> dict[str, int]:
    """Weights with which no sum of a lower level reaches one point of a higher: its most in any roster, and one."""
    minimums = sum(sum(problem.minimums(c).values()) for c in problem.classes)
    lessons = sum(len(c.slots) for c in problem.classes)
    programme = _most_quality(problem, lessons) + 1
    return {"safety": programme * (lessons + minimums + 1), "programme": programme, "quality": 1}


def _most_quality(problem: Problem, lessons: int) -> int:
    w = problem.policy.weights
    per_segment = max([1, *(len(slots) for slots in problem.slots_in.values())])
    total = 10 * w.interest * lessons
    for v in problem.volunteers:
        # Each engagement may be another class at another site on another day; there is one per segment or slot.
        engagements = v.max_segments * per_segment
        total += engagements * (w.travel * (int(v.reach_km) + 1) + w.continuity + w.lead + w.wish)
        total += w.overload * v.max_segments + w.idle * (v.preferred_segments + 1)
    return total


def level_bounds(proven: float, weights: dict[str, int], found: Cost | None) -> Cost:
    """What a bound of the weighted sum says of each level, given the cost of the levels above it."""
    left, bounds = int(-(-(proven - ROUNDING) // 1)), []
    for i, (level, lower) in enumerate(zip(Cost._fields, ("programme", "quality", None), strict=True)):
        # Of what is left, the lower levels account for at most one point of this level less one.
        most_below = weights[level] - 1 if lower else 0
        bound = max(0, -(-(left - most_below) // weights[level]))
        bounds.append(bound if found is None else min(bound, found[i]))
        left -= weights[level] * found[i] if found else left
    return Cost(*bounds)


def timefold(problem: Problem, seconds: float, workers: int, seed: int) -> Answer:
    """Timefold's local search as it comes. It knows no bounds, and more than one thread only in a paid edition."""
    roster, told = run_timefold(problem, seconds, seed)
    return roster, [moment(at, found, None) for at, found in told], {}


CONTENDERS: dict[str, Callable[[Problem, float, int, int], Answer]] = {
    "engine": engine,
    "monolith": monolith,
    "timefold": timefold,
}


def run(contender: str, problem: Problem, seconds: float, workers: int, seed: int) -> dict[str, Any]:
    """Let a contender solve a problem, and have its roster checked by the rulebook."""
    began = time.monotonic()
    roster, trace, facts = CONTENDERS[contender](problem, seconds, workers, seed)
    took = round(time.monotonic() - began, 2)
    answer: dict[str, Any] = {"trace": trace, "facts": facts, "took": took, "violations": None, "cost": None}
    if roster is not None:
        answer["violations"] = len(check(problem, roster).violations)
        answer["cost"] = list(cost(problem, roster))
    return answer


def main() -> None:
    """One contender on one problem file."""
    parser = argparse.ArgumentParser(description="One contender of the benchmark on one problem file.")
    parser.add_argument("contender", choices=sorted(CONTENDERS))
    parser.add_argument("problem", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--core", type=int, help="stay on this core")
    given = parser.parse_args()
    if given.core is not None:
        os.sched_setaffinity(0, {given.core})
    problem = read_problem(load_json(given.problem.read_text(encoding="utf-8")))
    answer = run(given.contender, problem, given.seconds, given.workers, given.seed)
    given.out.write_text(json.dumps(answer), encoding="utf-8")


if __name__ == "__main__":
    main()
