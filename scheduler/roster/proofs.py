"""Proving bounds in a process of its own: what is proven for which size of week, and how.

The parent (`scheduler.roster.prove`) sends a job and, as the search gets on, the best cost; this process answers with
bounds and now and then with a whole roster. It shares no memory with the search, takes a core of its own, and can be
killed at any moment. Every bound holds for all rosters that are no worse than the best cost at every better level.
"""

from __future__ import annotations

import os
import pickle
import signal
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, BinaryIO

from scheduler.result import Cost
from scheduler.roster.bound import Relaxation, lower, lower_integer, relax
from scheduler.roster.check import cost
from scheduler.roster.choices import Cell, Choices, choices_in, split
from scheduler.roster.grid import fits
from scheduler.roster.lagrange import safety_bound
from scheduler.roster.model import LEVELS, build
from scheduler.roster.problem import Problem, Roster

SMALL = 3_000  # permitted choices up to which integer programmes and the whole model are worth a try
MIDDLING = 60_000  # and up to which the whole week is relaxed at once
SITES_SECONDS = 10.0  # most time for the quick prices on safety, per site and segment
SAFETY_SHARE = 0.3  # of the time, at most, for prices on safety
ENOUGH = 5  # missing places of a large week between bound and cost that are not worth the time
TOWN_PROGRAMME, TOWN_QUALITY = 0.15, 0.3  # the same for the levels of a town
PROGRAMME_SHARE = 0.4  # of the time, at most, for prices on the programme of a large week
YIELDING = 3  # how far the process steps back for the search while it proves the quality of a large week
INTEGER_SECONDS = 20.0  # most time for one integer programme before the next thing is tried
PROGRAMME_SECONDS = 8.0  # most time for the search that proves the programme
EXACT_UNITS = 10.0  # deterministic time of the whole model, a level, where the work is counted


@dataclass(frozen=True)
class Job:
    """What is to be proven: the free cells and the time.

    `scoped` says that entries outside the cells are kept, so that relaxations of the whole week prove nothing.
    `counted` asks for the same proofs however fast the machine is. The roster follows once there is one.
    """

    problem: Problem
    cells: tuple[set[Cell], set[Cell]]
    seed: int
    seconds: float
    scoped: bool = False
    counted: bool = False


@dataclass(frozen=True)
class Proven:
    """A level costs at least `value` in every roster that costs at most `caps` at the levels named there."""

    level: str
    value: int
    proof: str
    caps: dict[str, int]

    def holds_for(self, found: Cost) -> bool:
        """Whether all rosters that are no worse than this cost at every better level lie within the caps."""
        return all(getattr(found, level) <= cap for level, cap in self.caps.items())


Say = Callable[[str, Any], None]


class Proofs:
    """One job: raises the bounds as far as the time allows. `say` is told of every bound and roster."""

    def __init__(self, job: Job, say: Say) -> None:
        self.job, self.say = job, say
        self.problem, self.choices = job.problem, Choices(job.problem)
        self.end = time.monotonic() + job.seconds
        self.proven: list[Proven] = []

    def run(self, base: Roster, current: Callable[[], Cost]) -> None:
        """Everything that is worth trying for a week of this size, cheapest first."""
        self.base, self.current = base, current
        if self.job.scoped:
            self._exact()
            return
        size = choices_in(self.choices, self.job.cells)
        self._by_prices(size > MIDDLING)
        if size > MIDDLING:
            return
        if not self.job.counted:
            self._search_programme(min(PROGRAMME_SECONDS, 0.25 * self._left()))
        relaxation = relax(self.problem, self.choices)
        tried = self._descend(relaxation, {}, lower, "relaxation")
        if size > SMALL and fits(self.choices) and not self.job.counted:
            self._climb("programme", TOWN_PROGRAMME * self.job.seconds)
            self._climb("quality", TOWN_QUALITY * self.job.seconds)
        if size <= SMALL and not self.job.counted:
            self._descend(relaxation, {}, self._integer, "integer relaxation")
        if size <= SMALL:
            self._exact()
        pause = 0.2
        while not self.job.counted and self._left() > pause:
            time.sleep(pause)
            began = time.monotonic()
            self._descend(relaxation, tried, lower, "relaxation")
            # The caps fall all the time; a quarter of a core is enough to follow them.
            pause = max(0.2, 3 * (time.monotonic() - began))

    def _by_prices(self, large: bool) -> None:
        """Safety at any size; the rest as well where the relaxation of the whole week would take too long."""
        from scheduler.roster.worth.levels import Levels

        began = time.monotonic()
        if large and not self.job.counted:
            quick = safety_bound(self.choices, self.current().safety, min(SITES_SECONDS, self._left()))
            self._prove("safety", quick, "prices", {})
        spent = time.monotonic() - began
        levels = self.levels = Levels(self.choices, counted=self.job.counted)
        levels.prove_safety(
            self.current().safety,
            max(0.1, SAFETY_SHARE * self.job.seconds - spent),
            lambda value, _: self._prove("safety", value, "prices", {}),
            enough=ENOUGH if large else 0,
        )
        if large and fits(self.choices):
            self._climb("programme", PROGRAMME_SHARE * self.job.seconds)
            if hasattr(os, "nice") and not self.job.counted:
                os.nice(YIELDING)  # A better roster is worth more than a better bound, where both want the core.
            self._climb("quality", self._left())

    def _climb(self, level: str, seconds: float) -> None:
        """Prices on a level under caps that fall while the search gets on."""
        caps, cost = self._caps(level), self.current()._asdict()[level]

        def hear(value: int, held: dict[str, int]) -> None:
            self._prove(level, value, "prices", held)
            caps.update(self._caps(level))  # What is proven next may rely on what was found meanwhile.

        self.levels.prove(level, caps, cost, min(seconds, self._left()), hear)

    def _left(self) -> float:
        return 3600.0 if self.job.counted else self.end - time.monotonic()

    def _caps(self, level: str) -> dict[str, int]:
        found = self.current()._asdict()
        return {better: found[better] for better in LEVELS[: LEVELS.index(level)]}

    def _prove(self, level: str, value: int, proof: str, caps: dict[str, int]) -> None:
        if value > 0:
            self.proven.append(Proven(level, value, proof, caps))
            self.say("bound", (level, value, proof, caps))

    def _value(self, level: str) -> int:
        """The best bound of a level that holds for the cost of this moment."""
        found = self.current()
        return max((p.value for p in self.proven if p.level == level and p.holds_for(found)), default=0)

    def _descend(
        self,
        relaxation: Relaxation,
        tried: dict[str, dict[str, int]],
        prove: Callable[[Relaxation, str, dict[str, int], float], int],
        proof: str,
    ) -> dict[str, dict[str, int]]:
        """Level by level, where the bound is below the cost and the caps have moved since the last try."""
        for level in LEVELS:
            caps = self._caps(level)
            if self._value(level) < self.current()._asdict()[level] and tried.get(level) != caps:
                tried[level] = caps
                self._lower(relaxation, level, caps, prove, proof)
        return tried

    def _lower(
        self,
        relaxation: Relaxation,
        level: str,
        caps: dict[str, int],
        prove: Callable[[Relaxation, str, dict[str, int], float], int],
        proof: str,
    ) -> None:
        if (left := self._left()) > 0.05:
            self._prove(level, prove(relaxation, level, caps, left), proof, caps)

    @staticmethod
    def _integer(relaxation: Relaxation, level: str, caps: dict[str, int], left: float) -> int:
        return lower_integer(relaxation, level, caps, min(INTEGER_SECONDS, 0.9 * left))

    def _search_programme(self, seconds: float) -> None:
        """What a search led by the relaxation with cuts proves of the programme, quality left out of the model.

        Seldom solved to its end, but a bound is there within seconds, in some runs above the relaxation's.
        """
        from ortools.sat.python import cp_model

        kept, inside = split(self.base, *self.job.cells)
        caps = self._caps("programme")
        model = build(self.choices, kept, *self.job.cells, levels=("safety", "programme"))
        model.hint(inside)
        model.cp.add(model.expression({"safety": 1}) <= caps["safety"])
        model.cp.minimize(model.expression({"programme": 1}))
        solver = cp_model.CpSolver()
        parameters = solver.parameters
        parameters.num_workers, parameters.linearization_level, parameters.random_seed = 1, 2, self.job.seed
        parameters.cp_model_probing_level = parameters.symmetry_level = 0
        parameters.search_branching = type(parameters.search_branching).LP_SEARCH
        parameters.max_time_in_seconds = seconds
        solver.best_bound_callback = lambda bound: self._prove("programme", round(bound), "search", caps)
        solver.solve(model.cp)

    def _exact(self) -> None:
        """Level by level on the whole model around the kept entries; each level is held once it is solved."""
        from ortools.sat.python import cp_model

        kept, inside = split(self.base, *self.job.cells)
        model = build(self.choices, kept, *self.job.cells)
        outside = self._outside(model, inside)
        caps: dict[str, int] = {}
        for level in LEVELS:
            if self._left() <= 0.05:
                return
            model.cp.minimize(model.expression({level: 1}))
            solver = cp_model.CpSolver()
            solver.parameters.num_workers, solver.parameters.linearization_level = 1, 2
            solver.parameters.random_seed = self.job.seed
            if self.job.counted:
                solver.parameters.max_deterministic_time = EXACT_UNITS
            else:
                solver.parameters.max_time_in_seconds = self._left()
            status = solver.solve(model.cp)
            if status in (cp_model.OPTIMAL, cp_model.FEASIBLE):
                part = model.read(solver.boolean_value)
                self.say("roster", Roster(kept.duties | part.duties, kept.lessons | part.lessons))
                bound = round(solver.best_objective_bound) + outside[level]
                self._prove(level, bound, "whole model", dict(caps))
            if status != cp_model.OPTIMAL:
                return
            caps[level] = round(solver.objective_value) + outside[level]
            model.cp.add(model.expression({level: 1}) <= round(solver.objective_value))

    def _outside(self, model: Any, inside: Roster) -> dict[str, int]:
        """What the kept entries cost beside the model, by level: the same for every roster that keeps them."""
        values = model.values(inside)
        whole = cost(self.problem, self.base)._asdict()
        return {
            level: whole[level]
            - sum(k * (x if isinstance(x, int) else values[x.index][1]) for k, x in model.terms[level])
            for level in LEVELS
        }


def _listen(pipe: BinaryIO, best: list[Cost]) -> None:
    """Keep the best cost up to date; when the parent is gone, so are we."""
    while True:
        try:
            best[0] = pickle.load(pipe)
        except (EOFError, OSError, pickle.UnpicklingError):
            os._exit(0)


def main() -> None:
    """Read a job, a roster and costs from standard input, answer on standard output; nothing else may write there."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    job: Job = pickle.load(sys.stdin.buffer)

    def say(kind: str, what: Any) -> None:
        pickle.dump((kind, what), answers)
        answers.flush()

    try:
        proofs = Proofs(job, say)
        base: Roster = pickle.load(sys.stdin.buffer)
        best = [cost(job.problem, base)]
        threading.Thread(target=_listen, args=(sys.stdin.buffer, best), daemon=True).start()
        proofs.run(base, lambda: best[0])
        say("done", None)
    except EOFError:
        os._exit(0)  # The parent is gone.
    except Exception as failure:
        say("failed", f"{type(failure).__name__}: {failure}")
    answers.close()
    os._exit(0)


if __name__ == "__main__":
    main()
