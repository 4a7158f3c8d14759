"""A weekly roster from a problem: a first roster, a search that never gets worse, and bounds beside it."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from scheduler.result import Cost, PinError, Progress, Result, Solved
from scheduler.roster.check import check, cost, pin_errors
from scheduler.roster.choices import Cell, Choices, choices_in, lesson_key, split
from scheduler.roster.grid import fits
from scheduler.roster.problem import Duty, Problem, Roster
from scheduler.roster.proofs import SMALL, Job
from scheduler.roster.prove import Prover
from scheduler.roster.search import Search
from scheduler.roster.start import opening, pinned

if TYPE_CHECKING:
    from scheduler.roster.grid.team import Team

OPENING_SHARE = 0.2  # of the time given, at most
OPENING_SECONDS = 4.0  # the same for a large week, where flows go on with it in several processes
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
    on_open: Callable[[Callable[[], Roster]], None] | None = None,
) -> Solved:
    """The best roster found in `seconds`, or in `deterministic` steps of the search.

    With `sites`, only those sites' cells are free; everything else stays as in `start`, else `published`.
    `stop` ends the search early with the best so far. `on_open` is told once there is a roster, with a function that
    answers the best so far and may be called from any thread. Raises PinError before anything is solved.
    """
    if errors := pin_errors(problem):
        raise PinError(errors)
    run = _Run(problem, workers, seed, on_progress, stop or threading.Event(), on_open)
    return run.solve(seconds, deterministic, sites, start)


class _Run:
    def __init__(
        self,
        problem: Problem,
        workers: int,
        seed: int,
        on_progress: Callable[[Progress], None] | None,
        stop: threading.Event,
        on_open: Callable[[Callable[[], Roster]], None] | None = None,
    ) -> None:
        self.problem, self.workers, self.seed, self.on_open = problem, workers, seed, on_open
        self.on_progress, self.stop = on_progress, stop
        self.began = time.monotonic()
        self.choices = Choices(problem)
        self._telling = threading.Lock()
        self.search: Search | Team

    def solve(self, seconds: float, units: float | None, sites: frozenset[str] | None, start: Roster | None) -> Solved:
        """Open, search, prove, and say what came of it."""
        cells, scoped = self._cells(sites), sites is not None
        job = Job(self.problem, cells, self.seed, self.began + seconds - time.monotonic(), scoped)
        self.prover = Prover(job, self._offer, lambda: self._tell("bound"))
        try:
            if units is not None:
                self._by_units(units, cells, start, scoped)
            elif choices_in(self.choices, cells) > SMALL and fits(self.choices):
                self._as_a_team(seconds, cells, start, scoped)
            else:
                self._by_time(seconds, cells, start, scoped)
        finally:
            self.prover.halt()
        return self._solved()

    def _as_a_team(self, seconds: float, cells: Cells, start: Roster | None, scoped: bool) -> None:
        """A large week: a short opening, then processes that search; the prover gets ready meanwhile."""
        from scheduler.roster.grid.team import Team

        self.open_until = self.began + min(OPENING_SECONDS, OPENING_SHARE * seconds)
        if not scoped:
            self.prover.start()
        first = self._first(cells, start, scoped=scoped)
        self.search = Team(
            self.choices, first, cells, pinned(self.problem), seed=self.seed, workers=self.workers, stop=self.stop
        )
        self._begin(first)
        self.search.run(self.began + seconds - time.monotonic(), self._on_better, self._is_proven)

    def _by_time(self, seconds: float, cells: Cells, start: Roster | None, scoped: bool) -> None:
        """A small or a scoped week, or one that arrays cannot hold: search and prove at the same time."""
        self.open_until = self.began + OPENING_SHARE * seconds
        self.search = self._searching(cells, start, scoped)
        self._begin(self.search.roster)
        self.search.run(self.began + seconds - time.monotonic(), self._on_better, self._is_proven)

    def _begin(self, first: Roster) -> None:
        """Tell of the first roster, and let the prover go on from it."""
        self._tell("start")
        if self.on_open:
            self.on_open(self.search.peek)
        self.prover.start(first)
        self.prover.tell(self.search.cost)

    def _by_units(self, units: float, cells: Cells, start: Roster | None, scoped: bool) -> None:
        """Steps first, bounds after them, so that neither depends on how fast the machine is."""
        self.open_until = self.began + 3600.0
        self.prover.job = replace(self.prover.job, counted=True)
        search = self.search = self._searching(cells, start, scoped)
        self._tell("start")
        search.run_units(units, self._on_better, lambda _: False)
        if not self.stop.is_set():
            self.prover.start(search.roster)
            self.prover.wait(self.stop)

    def _searching(self, cells: Cells, start: Roster | None, scoped: bool) -> Search:
        first = self._first(cells, start, scoped=scoped)
        return Search(self.choices, first, cells, seed=self.seed, workers=self.workers, stop=self.stop)

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
        if isinstance(self.search, Search):
            self.search.offered = roster

    def _is_proven(self, found: Cost) -> bool:
        return found == self._bound(found)

    def _tell(self, phase: str) -> None:
        if self.on_progress:
            now = time.monotonic() - self.began
            with self._telling:
                found = self.search.cost
                self.on_progress(Progress(now, phase, found, self._bound(found)))

    def _bound(self, found: Cost) -> Cost:
        """Bounds never exceed the cost they are shown beside."""
        proven = self.prover.best(found).values()
        return Cost(*(min(p.value, c) for p, c in zip(proven, found, strict=True)))

    def _solved(self) -> Solved:
        roster = self.search.roster
        found = cost(self.problem, roster)
        bound = self._bound(found)
        status = "optimal" if found == bound else "feasible"
        self._tell("end")
        took = round(time.monotonic() - self.began, 2)
        failures = tuple(f for f in (self.prover.failure, getattr(self.search, "failure", None)) if f)
        proofs = {level: proven.proof for level, proven in self.prover.best(found).items()}
        return Solved(roster, Result(status, found, bound, took, self.seed, self.workers, proofs, failures))
