"""A weekly roster from a problem: a first roster, a search that never gets worse, and bounds beside it."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import replace

from scheduler.result import Cost, PinError, Progress, Result, Solved
from scheduler.roster.check import check, cost, pin_errors
from scheduler.roster.choices import Cell, Choices, lesson_key, split
from scheduler.roster.problem import Duty, Problem, Roster
from scheduler.roster.proofs import Job
from scheduler.roster.prove import Prover
from scheduler.roster.search import Search
from scheduler.roster.start import opening, pinned

OPENING_SHARE = 0.2  # of the time given, at most
Cells = tuple[set[Cell], set[Cell]]


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
) -> Solved:
    """The best roster found in `seconds`, or in `deterministic` steps of the search.

    With `sites`, only those sites' cells are free; everything else stays as in `start`, else `published`.
    `stop` ends the search early with the best so far. Raises PinError before anything is solved.
    """
    if errors := pin_errors(problem):
        raise PinError(errors)
    run = _Run(problem, workers, seed, on_progress, stop or threading.Event())
    return run.solve(seconds, deterministic, sites, start)


class _Run:
    def __init__(
        self,
        problem: Problem,
        workers: int,
        seed: int,
        on_progress: Callable[[Progress], None] | None,
        stop: threading.Event,
    ) -> None:
        self.problem, self.workers, self.seed = problem, workers, seed
        self.on_progress, self.stop = on_progress, stop
        self.began = time.monotonic()
        self.choices = Choices(problem)
        self._telling = threading.Lock()

    def solve(self, seconds: float, units: float | None, sites: frozenset[str] | None, start: Roster | None) -> Solved:
        """Open, search, prove, and say what came of it."""
        cells = self._cells(sites)
        self.open_until = self.began + (OPENING_SHARE * seconds if units is None else 3600.0)
        self.search = Search(
            self.choices,
            self._first(cells, start, scoped=sites is not None),
            cells,
            seed=self.seed,
            workers=self.workers,
            stop=self.stop,
        )
        job = Job(
            self.problem,
            cells,
            self.search.roster,
            self.seed,
            seconds=self.began + seconds - time.monotonic(),
            scoped=sites is not None,
            counted=units is not None,
        )
        self.prover = Prover(job, self._offer, lambda: self._tell("bound"))
        self._tell("start")
        try:
            if units is None:
                self._by_time(self.began + seconds)
            else:
                self._by_units(units)
        finally:
            self.prover.halt()
        return self._solved()

    def _by_time(self, end: float) -> None:
        """Search and prove at the same time."""
        self.prover.start()
        self.search.run(end - time.monotonic(), self._on_better, self._is_proven)

    def _by_units(self, units: float) -> None:
        """Steps first, bounds after them, so that neither depends on how fast the machine is."""
        self.search.run_units(units, self._on_better, lambda _: False)
        self.prover.job = replace(self.prover.job, base=self.search.roster)
        if not self.stop.is_set():
            self.prover.start()
            self.prover.wait(self.stop)

    def _on_better(self) -> None:
        self.prover.tell(self.search.cost)
        self._tell("search")

    def _cells(self, sites: frozenset[str] | None) -> Cells:
        free = {c.id for c in self.problem.classes if sites is None or c.site in sites}
        duty = {cell for cell in self.choices.duty_cells if cell[0] in free}
        return duty, {cell for cell in self.choices.lesson_cells if cell[0] in free}

    def _first(self, cells: Cells, start: Roster | None, *, scoped: bool) -> Roster:
        """Kept entries, what is sound of the start, the pins, and an opening around them."""
        given = start or (self.problem.published if scoped else None) or Roster()
        kept, inside = split(given, *cells)
        pins = split(pinned(self.problem), *cells)[1]
        usable = Roster(
            frozenset(d for d in inside.duties if self._may_duty(d)),
            frozenset(x for x in inside.lessons if lesson_key(x) in self.choices.lesson.get((x.class_run, x.slot), [])),
        )
        base = Roster(kept.duties | usable.duties | pins.duties, kept.lessons | usable.lessons | pins.lessons)
        base = self._sound(base, kept, pins)
        if inside.duties:
            return base
        # The flow and the quick timetable know most rules, not all: the search takes what it begins with on trust.
        return self._sound(opening(self.choices, base, cells, self._may_open), kept, pins)

    def _may_open(self, _: int) -> bool:
        """Whether the opening may take another round."""
        return not self.stop.is_set() and time.monotonic() < self.open_until

    def _may_duty(self, d: Duty) -> bool:
        lead = self.choices.duty.get((d.class_run, d.segment), {}).get(d.volunteer)
        return lead is not None and (lead or d.role == "assistant")

    def _sound(self, roster: Roster, kept: Roster, pins: Roster) -> Roster:
        """Drop entries until no rule is broken by those that are free to go."""
        firm = kept.duties | kept.lessons | pins.duties | pins.lessons
        while True:
            guilty = {e for v in check(self.problem, roster).violations for e in v.subject if e not in firm}
            if not guilty:
                return roster
            roster = Roster(roster.duties - guilty, roster.lessons - guilty)

    def _offer(self, roster: Roster) -> None:
        """A whole roster from the prover; taken at the search's next merge if it is better."""
        self.search.offered = roster

    def _is_proven(self, found: Cost) -> bool:
        return found == self.prover.bound

    def _tell(self, phase: str) -> None:
        if self.on_progress:
            now = time.monotonic() - self.began
            with self._telling:
                self.on_progress(Progress(now, phase, self.search.cost, self._bound()))

    def _bound(self) -> Cost:
        """Bounds never exceed the cost they are shown beside."""
        return Cost(*(min(b, c) for b, c in zip(self.prover.bound, self.search.cost, strict=True)))

    def _solved(self) -> Solved:
        if self.prover.failure:
            raise RuntimeError(f"the proving process failed: {self.prover.failure}")
        roster, bound = self.search.roster, self._bound()
        found = cost(self.problem, roster)
        status = "optimal" if found == bound else "feasible"
        self._tell("end")
        took = round(time.monotonic() - self.began, 2)
        return Solved(roster, Result(status, found, bound, took, self.seed, self.workers, dict(self.prover.proofs)))
