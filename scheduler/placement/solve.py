"""A placement from a problem: as a flow where that tells the whole truth, in general otherwise."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator

import numpy as np

from scheduler.placement import draw as simple
from scheduler.placement import turns
from scheduler.placement.clock import Clock
from scheduler.placement.flow import Face, is_flow, maximise_levels
from scheduler.placement.general import LARGE, climb_all, current, improve_all, sketch_all
from scheduler.placement.levels import FAMILIES, place_levels
from scheduler.placement.model import Array, Model
from scheduler.placement.part import Contradiction, Part, split
from scheduler.placement.problem import PREFER, Problem
from scheduler.placement.result import FEASIBLE, OPTIMAL, PROVEN, Level, News, Place, Placed, Placement, Result
from scheduler.placement.start import first_solution, flow_seats, improved, risky_runs
from scheduler.placement.swaps import Swaps
from scheduler.placement.waitlists import waitlists
from scheduler.result import Malformed

RESERVE = 0.15
"""The share of the time that the families and the draw may count on."""

MOST_BEGIN = 0.3
"""No more of the time than this goes into a better first solution: a hundred thousand children would take all of it."""

EXCHANGE_SECONDS = 0.0005
"""What a child takes, about, when exchanges are looked for: so much time is reserved for it."""

MOST_EXCHANGE = 0.4
"""No more of the time than this is reserved for it."""

LONGEST_EXCHANGE = 60.0
"""Seconds that exchanges may go beyond the time asked for, or as long again where that was longer. A certificate needs
them done; they mostly fit into what is reserved, and few huge class runs would take hours."""

Tell = Callable[[News], None]


def solve(
    problem: Problem,
    *,
    seconds: float = 60,
    workers: int = 2,
    on_progress: Tell | None = None,
    stop: threading.Event | None = None,
) -> Placed:
    """The best placement found in so many seconds, with what is proven of it.

    Raises:
        Malformed: nothing keeps all places that must be kept (`keeps_impossible`).
        TimeoutError: time was up, or `stop` set, before there was any placement.
    """
    work = _Work(problem, seconds, workers, on_progress, stop or threading.Event())
    try:
        return work.run()
    except Contradiction:
        raise Malformed("children", "keeps_impossible") from None


class _Work:
    """One run: its clock, whom it tells, and how far it is."""

    def __init__(
        self, problem: Problem, seconds: float, workers: int, tell: Tell | None, stop: threading.Event
    ) -> None:
        self.problem, self.workers, self.tell = problem, workers, tell
        self.began = time.monotonic()
        self.until = self.began + seconds
        ready = self.until - min(EXCHANGE_SECONDS * len(problem.children), seconds * MOST_EXCHANGE)
        self.levels_clock = Clock(ready - seconds * RESERVE, stop)
        self.first_clock = Clock(self.began + seconds * MOST_BEGIN, stop)
        self.clock = Clock(ready, stop)
        self.exchange_clock = Clock(self.until + max(seconds, LONGEST_EXCHANGE), stop)
        self.keys = place_levels(problem)
        self.unasked = 0

    def run(self) -> Placed:
        """Solve, and put everything together."""
        self._news("start", 0, 1)
        found = self._as_flow() if is_flow(self.problem) else None
        places, levels, is_drawn = found or self._in_general()
        is_optimal = all(level.value == level.bound for level in levels)
        if not (is_drawn and is_optimal):
            places, levels = self._exchanged(places, levels)
            is_optimal = all(level.value == level.bound for level in levels)
        placement = Placement(frozenset(places))
        lists = waitlists(self.problem, placement)
        asked = len(self.problem.children) if self.unasked else 1
        self._news("end", asked - self.unasked, asked, tuple(levels))
        result = Result(
            status=OPTIMAL if is_optimal else FEASIBLE,
            order=self.problem.policy.order,
            levels=tuple(levels),
            draw=PROVEN if is_drawn and is_optimal else FEASIBLE,
            seed=self.problem.policy.seed,
            seconds=round(time.monotonic() - self.began, 2),
        )
        return Placed(placement, lists, result, self.problem.ignored, self.problem.without_wish)

    def _exchanged(self, places: list[Place], levels: list[Level]) -> tuple[list[Place], list[Level]]:
        """No exchange of one for one is left, unless it takes far too long or somebody interrupts: then `unasked`
        children were not asked, or not again after a change. A bound stays one, as it holds for all that is no worse
        at the levels before."""
        self._news("exchange", 0, 1)
        swaps = Swaps(self.problem, places)
        self.unasked = swaps.run(lambda: self.exchange_clock.left <= 0).unasked
        values = swaps.values()
        return swaps.places(), [Level(x.name, values[x.name], max(x.bound, values[x.name])) for x in levels]

    def _news(self, phase: str, done: int, total: int, levels: tuple[Level, ...] = ()) -> None:
        if self.tell:
            self.tell(News(time.monotonic() - self.began, phase, done, total, levels))

    # The simple case -------------------------------------------------------------------------------------------

    def _as_flow(self) -> tuple[list[Place], list[Level], bool] | None:
        """Exact; None where the flow leaves a run below its minimum, so that it is not the answer."""
        face = Face(self.problem)

        def on_level(found: list[Level]) -> bool:
            self._news("levels", len(found), len(self.keys), tuple(found))
            return self.clock.left > 0

        levels = maximise_levels(face, on_level)
        is_drawn = len(levels) == len(self.keys) and simple.draw(face, self._may_draw)
        places = self._face_places(face)
        if _short(self.problem, places):
            return None
        return places, [*levels, *self._unproven(places, len(levels)), *self._no_families(places)], is_drawn

    def _may_draw(self, done: int, total: int) -> bool:
        self._news("draw", done, total)
        return self.clock.left > 0

    def _face_places(self, face: Face) -> list[Place]:
        found = []
        for child, arc in zip(self.problem.children, face.chosen.tolist(), strict=True):
            if face.rank[arc] >= 0:
                run = self.problem.classes[int(face.node[arc])]
                found.append(Place(child.id, run.id, int(face.rank[arc])))
        return found

    def _unproven(self, places: list[Place], known: int) -> list[Level]:
        """Levels that were not reached in time: what they are, and how many could count at most."""
        tier = {c.id: c.tier for c in self.problem.children}
        values: Counter[tuple[int, int]] = Counter()
        most: Counter[tuple[int, int]] = Counter()
        for place in places:
            values[tier[place.child], 0] += 1
            values[tier[place.child], place.rank] += place.rank > 0
        for child in self.problem.children:
            options = self.problem.options[child.id]
            most[child.tier, 0] += bool(options)
            for option in options:
                most[child.tier, option.rank] += option.rank > 0
        return [
            Level(k.name, values[k.tier, k.rank], max(values[k.tier, k.rank], most[k.tier, k.rank]))
            for k in self.keys[known:]
        ]

    def _no_families(self, places: list[Place]) -> list[Level]:
        """A flow is asked only where there is no family of two: the level is there, and nothing can count."""
        return [Level(FAMILIES, 0, 0)] if self.problem.policy.families == PREFER else []

    # The general case ------------------------------------------------------------------------------------------

    def _in_general(self) -> tuple[list[Place], list[Level], bool]:
        model, x = self._first()
        wishful = set(model.wishful_rows)
        rows = [r for r in range(len(model.rows.low)) if r not in wishful]
        parts = _with_best(split(model, rows), x)
        gains = [model.gain(key) for key in self.keys]
        base = [int(np.dot(gain, model.lower)) for gain in gains]
        sketch_all(parts, gains, self.levels_clock, self.workers)
        self._improve(model, parts, gains)
        improve_all(parts, gains, self.levels_clock, self.workers)
        self._levels_done, self._levels_total = 0, len(parts) * len(gains)
        settled = climb_all(parts, gains, self.levels_clock, self.workers, self._on_level)
        x = _give_back(model, parts)
        bounds = [n + sum(s.bounds[i] for s in settled) for i, n in enumerate(base)]
        levels = [
            Level(key.name, value := int(np.dot(gain, x)), max(value, bound))
            for key, gain, bound in zip(self.keys, gains, bounds, strict=True)
        ]
        if self.problem.policy.families == PREFER:
            x, families = self._families(model, x)
            levels.append(families)
        x, is_drawn = self._draw(model, x)
        return self._places(model, x), levels, is_drawn

    def _improve(self, model: Model, parts: list[Part], gains: list[Array]) -> None:
        """Chains of moves and a flow for those who come all week, on what the parts begin with."""
        if any(part.best is None for part in parts) or not any(len(part.columns) > LARGE for part in parts):
            return
        x = improved(model, current(model, parts), self._is_time)
        for part in parts:
            own, mine = [gain[part.columns] for gain in gains], x[part.columns]
            better = [int(np.dot(g, mine)) for g in own] > [int(np.dot(g, part.best)) for g in own]
            if better and part.allows(mine):
                part.best = mine

    def _first(self) -> tuple[Model, Array | None]:
        """The model, and a first solution where a quick look finds one."""
        seats = flow_seats(self.problem, set(), self._may_begin)
        model = Model(self.problem, risky_runs(self.problem, seats))
        return model, first_solution(model, seats, self._may_begin)

    def _may_begin(self) -> bool:
        """Whether the first solution may still be made better before anything else is."""
        return self.first_clock.left > 0

    def _is_time(self) -> bool:
        return self.levels_clock.left > 0

    def _on_level(self) -> None:
        self._levels_done += 1
        self._news("levels", self._levels_done, self._levels_total)

    def _families(self, model: Model, x: Array) -> tuple[Array, Level]:
        """The most families together that cost nobody anything: all levels before are fixed in the model by now."""
        gain = np.zeros(model.size, dtype=np.int64)
        gain[list(model.points)] = 1
        parts = _with_best(split(model, list(range(len(model.rows.low)))), x)
        base = int(np.dot(gain, model.lower))
        settled = climb_all(parts, [gain], self.clock, self.workers, lambda: self._news("families", 0, 1))
        x = _give_back(model, parts)
        value = int(np.dot(gain, x))
        return x, Level(FAMILIES, value, max(value, base + sum(s.bounds[0] for s in settled)))

    def _draw(self, model: Model, x: Array) -> tuple[Array, bool]:
        parts = _with_best(split(model, list(range(len(model.rows.low)))), x)
        is_proven = turns.draw(model, parts, self.clock, self.workers, lambda i, n: self._news("draw", i, n))
        return current(model, parts), is_proven

    def _places(self, model: Model, x: Array) -> list[Place]:
        taken = np.nonzero((x > 0) & (model.child >= 0))[0].tolist()
        children, classes = self.problem.children, self.problem.classes
        return [
            Place(children[int(model.child[j])].id, classes[int(model.run[j])].id, int(model.rank[j])) for j in taken
        ]


def _with_best(parts: Iterator[Part], x: Array | None) -> list[Part]:
    """Parts, each with its share of the solution in hand."""
    found = []
    for part in parts:
        part.best = None if x is None else x[part.columns]
        found.append(part)
    return found


def _give_back(model: Model, parts: list[Part]) -> Array:
    """The whole solution, once the parts have told the model what they know."""
    x = current(model, parts)
    for part in parts:
        part.give_back()
    return x


def _short(problem: Problem, places: list[Place]) -> bool:
    """Whether a run has some children, too few to open."""
    counts = Counter(p.class_run for p in places)
    least = {c.id: c.min_to_open for c in problem.classes}
    return any(n < least[name] and name not in problem.kept_runs for name, n in counts.items())
