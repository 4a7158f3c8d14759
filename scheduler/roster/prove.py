"""Bounds while the search runs: a relaxation of the week, and for small weeks CP-SAT on the whole model."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from scheduler.result import Cost
from scheduler.roster.bound import Relaxation, lower, relax
from scheduler.roster.choices import Choices
from scheduler.roster.lagrange import safety_bound
from scheduler.roster.model import LEVELS, build
from scheduler.roster.problem import Roster

SMALL = 12_000  # permitted choices up to which the whole model is worth solving
MIDDLING = 60_000  # and up to which the whole week is relaxed at once


class Prover(threading.Thread):
    """Raises `bound` level by level. What it knows is valid at any moment for the cost at that moment."""

    def __init__(
        self,
        choices: Choices,
        cells: tuple[set[tuple[str, str]], set[tuple[str, str]]],
        current: Callable[[], Cost],
        offer: Callable[[Roster], None],
        *,
        end: float,
        seed: int,
        stop: threading.Event,
    ) -> None:
        super().__init__(name="prover", daemon=True)
        self.choices, self.problem, self.cells = choices, choices.problem, cells
        self.current, self.offer, self.end, self.seed, self.stop = current, offer, end, seed, stop
        self.values = dict.fromkeys(LEVELS, 0)
        self.proofs: dict[str, str] = dict.fromkeys(LEVELS, "trivial")
        self.failure: BaseException | None = None
        self._solver: object | None = None

    @property
    def bound(self) -> Cost:
        """The bounds so far."""
        return Cost(*(self.values[level] for level in LEVELS))

    def run(self) -> None:
        """Relaxation first, because it is quick at any size; then the exact model if the week is small."""
        try:
            self.prove_relaxation()
            if self._size() <= SMALL:
                self._exact()
        except BaseException as failure:
            self.failure = failure

    def halt(self) -> None:
        """Ask the solver in hand to stop."""
        if (solver := self._solver) is not None:
            solver.stop_search()  # type: ignore[attr-defined]

    def _left(self) -> float:
        return 0.0 if self.stop.is_set() else self.end - time.monotonic()

    def _size(self) -> int:
        duties = sum(len(self.choices.duty.get(cell, ())) for cell in self.cells[0])
        return duties + sum(len(self.choices.lesson.get(cell, ())) for cell in self.cells[1])

    def _caps(self, level: str) -> dict[str, int]:
        cost = self.current()._asdict()
        return {better: cost[better] for better in LEVELS[: LEVELS.index(level)]}

    def _raise(self, level: str, value: int, proof: str) -> None:
        if value > self.values[level]:
            self.values[level], self.proofs[level] = value, proof

    def prove_relaxation(self) -> None:
        """Bounds of all levels: safety by prices, the others by linear relaxations as large as time allows."""
        reached = self.current().safety
        self._raise("safety", safety_bound(self.choices, reached, min(10.0, self._left())), "prices")
        if self._size() <= MIDDLING:
            relaxation = relax(self.problem, self.choices)
            for level in LEVELS if self.values["safety"] < self.current().safety else LEVELS[1:]:
                self._lower(relaxation, level, self._caps(level))
        else:
            self._lower(relax(self.problem, self.choices, frozenset({"programme"})), "programme", {})

    def _lower(self, relaxation: Relaxation, level: str, caps: dict[str, int]) -> None:
        if (left := self._left()) > 0.05:
            self._raise(level, lower(relaxation, level, caps, left), "relaxation")

    def _exact(self) -> None:
        """Level by level on the whole model; every level is capped by the best cost known."""
        from ortools.sat.python import cp_model

        model = build(self.choices, Roster(), *self.cells)
        for level in LEVELS:
            if self._left() <= 0.05 or self.stop.is_set():
                return
            model.cp.minimize(model.expression({level: 1}))
            solver = cp_model.CpSolver()
            solver.parameters.num_workers = 1
            solver.parameters.linearization_level = 2
            solver.parameters.random_seed = self.seed
            solver.parameters.max_time_in_seconds = self._left()
            self._solver = solver
            status = solver.solve(model.cp)
            self._solver = None
            if status in (cp_model.OPTIMAL, cp_model.FEASIBLE):
                self.offer(model.read(lambda x, s=solver: s.boolean_value(x)))  # type: ignore[misc]
                self._raise(level, round(solver.best_objective_bound), "whole model")
            if status != cp_model.OPTIMAL:
                return
            model.cp.add(model.expression({level: 1}) <= round(solver.objective_value))
