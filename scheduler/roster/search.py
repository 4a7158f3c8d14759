"""Large-neighbourhood search: free some cells, solve them exactly, keep what is no worse. Never gets worse.

Several solvers of one worker each run on different neighbourhoods of the same roster. Where something that a result
touches (a volunteer, a class, a room) was changed in the meantime, it is checked against the rules before it is
merged.
"""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass

from scheduler.result import Cost
from scheduler.roster.check import check, cost
from scheduler.roster.choices import Cell, Choices, split
from scheduler.roster.model import Model, build
from scheduler.roster.neighbourhood import Chooser, Neighbourhood
from scheduler.roster.problem import Roster

STEP_SECONDS = 1.2
STEP_UNITS = 1.0  # deterministic time of one step


@dataclass
class Step:
    """One neighbourhood under way."""

    near: Neighbourhood
    base: Roster
    version: int


@dataclass
class Outcome:
    """What a step found: the entries in its cells, or None where nothing came of it."""

    inside: Roster | None
    proven: bool
    seconds: float


class Search:
    """The roster in hand, and the steps that improve it."""

    def __init__(
        self,
        choices: Choices,
        roster: Roster,
        cells: tuple[set[Cell], set[Cell]],
        *,
        seed: int,
        workers: int,
        stop: threading.Event,
    ) -> None:
        self.choices, self.problem = choices, choices.problem
        self.roster, self.cost = roster, cost(choices.problem, roster)
        self.chooser = Chooser(choices, *cells, seed)
        self.seed, self.workers, self.stop = seed, workers, stop
        self.version, self.steps = 0, 0
        self.changed_at: dict[str, int] = {}
        self.offered: Roster | None = None
        self._active: set[object] = set()
        self._lock = threading.Lock()

    def peek(self) -> Roster:
        """The best roster so far, while the search goes on; from any thread."""
        return self.roster

    def run(self, seconds: float, on_better: Callable[[], None], good_enough: Callable[[Cost], bool]) -> None:
        """Improve until the time is over, somebody stops it, or the cost is good enough."""
        end = time.monotonic() + seconds
        with ThreadPoolExecutor(self.workers) as pool:
            running: dict[Future[Outcome], Step] = {}
            while not self._is_over(end, good_enough):
                while len(running) < self.workers:
                    step = self._next()
                    running[pool.submit(self._solve, step, end - time.monotonic(), None)] = step
                if self._take_offer():
                    on_better()
                done, _ = wait(running, timeout=0.05, return_when=FIRST_COMPLETED)
                for future in done:
                    if self._merge(running.pop(future), future.result()):
                        on_better()
            self._halt()
            for future, step in running.items():
                if self._merge(step, future.result()):
                    on_better()

    def run_units(self, units: float, on_better: Callable[[], None], good_enough: Callable[[Cost], bool]) -> None:
        """The same counted in steps, in rounds of `workers`: equal input gives an equal roster."""
        with ThreadPoolExecutor(self.workers) as pool:
            while units > 0 and not self._is_over(None, good_enough):
                steps = [self._next() for _ in range(min(self.workers, max(1, int(units))))]
                units -= len(steps)
                futures = [pool.submit(self._solve, step, None, STEP_UNITS) for step in steps]
                while wait(futures, timeout=0.05).not_done:
                    if self.stop.is_set():
                        self._halt()
                for step, future in zip(steps, futures, strict=True):
                    if self._merge(step, future.result()):
                        on_better()

    def _take_offer(self) -> bool:
        """A whole roster found elsewhere replaces ours if it is better; steps under way then count as stale."""
        roster, self.offered = self.offered, None
        if roster is None or (value := cost(self.problem, roster)) >= self.cost:
            return False
        old = Roster(self.roster.duties ^ roster.duties, self.roster.lessons ^ roster.lessons)
        self.changed_at.update(dict.fromkeys(_touched(old), self.version))
        self.roster, self.cost, self.version = roster, value, self.version + 1
        return True

    def _is_over(self, end: float | None, good_enough: Callable[[Cost], bool]) -> bool:
        late = end is not None and time.monotonic() >= end
        return late or self.stop.is_set() or good_enough(self.cost)

    def _next(self) -> Step:
        return Step(self.chooser.draw(self.roster), self.roster, self.version)

    def _halt(self) -> None:
        with self._lock:
            for solver in self._active:
                solver.stop_search()  # type: ignore[attr-defined]

    def _solve(self, step: Step, left: float | None, units: float | None) -> Outcome:
        began = time.monotonic()
        near = step.near
        kept, inside = split(step.base, near.duty_cells, near.lesson_cells, near.people)
        model = build(self.choices, kept, set(near.duty_cells), set(near.lesson_cells), people=near.people)
        self.steps += 1
        found, proven = self._minimise(model, inside, left, units)
        return Outcome(found, proven, time.monotonic() - began)

    def _minimise(
        self, model: Model, inside: Roster, left: float | None, units: float | None
    ) -> tuple[Roster | None, bool]:
        from ortools.sat.python import cp_model

        model.hint(inside)
        model.cp.minimize(model.expression(level_weights(model)))
        solver = cp_model.CpSolver()
        solver.parameters.num_workers = 1
        solver.parameters.linearization_level = 2
        solver.parameters.cp_model_probing_level = solver.parameters.symmetry_level = 0
        solver.parameters.random_seed = self.seed + self.steps if units is None else self.seed
        if units is not None:
            solver.parameters.max_deterministic_time = units
        if left is not None:
            solver.parameters.max_time_in_seconds = max(0.05, min(STEP_SECONDS, left))
        with self._lock:
            if self.stop.is_set():
                return None, False
            self._active.add(solver)
        try:
            status = solver.solve(model.cp)
        finally:
            with self._lock:
                self._active.discard(solver)
        if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
            return None, False
        return model.read(solver.boolean_value), status == cp_model.OPTIMAL

    def _merge(self, step: Step, outcome: Outcome) -> bool:
        before = self.cost
        gained = outcome.inside is not None and self._take(step, outcome.inside)
        self.chooser.learn(step.near, _worth(before, self.cost), outcome.seconds, proven=outcome.proven)
        return gained

    def _take(self, step: Step, inside: Roster) -> bool:
        """Put a step's entries in place of those it began with, unless that breaks or costs something."""
        near = step.near
        _, before = split(step.base, near.duty_cells, near.lesson_cells, near.people)
        out = Roster(before.duties - inside.duties, before.lessons - inside.lessons)
        new = Roster(inside.duties - before.duties, inside.lessons - before.lessons)
        touched = _touched(out) | _touched(new)
        if not touched or not (out.duties <= self.roster.duties and out.lessons <= self.roster.lessons):
            return False
        roster = Roster(self.roster.duties - out.duties | new.duties, self.roster.lessons - out.lessons | new.lessons)
        if any(self.changed_at.get(x, -1) >= step.version for x in touched) and not self._is_sound(roster, touched):
            return False
        return self._accept(roster, touched)

    def _accept(self, roster: Roster, touched: set[str]) -> bool:
        value = cost(self.problem, roster)
        if value > self.cost:
            return False
        better = value < self.cost
        self.changed_at.update(dict.fromkeys(touched, self.version))
        self.roster, self.cost, self.version = roster, value, self.version + 1
        return better

    def _is_sound(self, roster: Roster, touched: set[str]) -> bool:
        """Whether no rule is broken by entries that share a volunteer, a class or a room with what was touched.

        Every rule but `pins`, which no step can break, looks at entries that share one of the three.
        """
        part = Roster(
            frozenset(d for d in roster.duties if "v/" + d.volunteer in touched or "c/" + d.class_run in touched),
            frozenset(
                x
                for x in roster.lessons
                if "v/" + x.instructor in touched or "c/" + x.class_run in touched or f"r/{x.room}" in touched
            ),
        )
        return all(v.rule == "pins" for v in check(self.problem, part).violations)


def _worth(before: Cost, after: Cost) -> float:
    """What an improvement is worth when kinds of neighbourhoods are compared: better levels weigh more."""
    if not after < before:
        return 0.0
    gains = [b - a for b, a in zip(before, after, strict=True)]
    return math.log2(2.0 + max(0, 1000 * gains[0] + 30 * gains[1] + gains[2]))


def level_weights(model: Model) -> dict[str, int]:
    """Weights under which no quality is worth a programme place, and no programme a safety point."""
    most = {level: _most(model, level) for level in ("programme", "quality")}
    programme = most["quality"] + 1
    return {"safety": programme * (most["programme"] + 1), "programme": programme, "quality": 1}


def _most(model: Model, level: str) -> int:
    if level == "programme":
        return 2 * len(model.lesson_cells) + 20 * len({c for c, _ in model.lesson_cells})
    w = model.problem.policy.weights
    each = w.continuity + w.lead + w.overload + w.wish + 20 * w.travel
    people = len(model.duty_cells) * 4 + len(model.lesson_cells)
    return people * each + 10 * w.interest * len(model.lesson_cells) + w.idle * 15 * 20


def _touched(part: Roster) -> set[str]:
    keys = set()
    for d in part.duties:
        keys |= {"v/" + d.volunteer, "c/" + d.class_run}
    for x in part.lessons:
        keys |= {"v/" + x.instructor, "c/" + x.class_run, f"r/{x.room}"}
    return keys - {"r/None"}
