"""Which step comes next: a flow over a slot or a segment, or a part of the week as an integer programme.

Flows take a few milliseconds and are accepted as in simulated annealing; programmes take a fraction of a second and
are only taken if they make nothing worse. Which kind is drawn follows what each gained a second so far; the size of
each kind of programme grows while it is solved at once and shrinks when it is not.
"""

from __future__ import annotations

import math
import time
from dataclasses import dataclass

import numpy as np

from scheduler.result import Cost
from scheduler.roster.grid.facts import Array
from scheduler.roster.grid.flows import Flows, Taste
from scheduler.roster.grid.options import free
from scheduler.roster.grid.part import Part, Prices
from scheduler.roster.grid.state import Log, State

FILL, POLISH = "fill", "polish"
SWEEP = "sweep"
SWEEP_SECONDS = 0.15
STEP_SECONDS = 1.2
QUICK = 0.25  # seconds in which a programme should be proven before its kind may grow
SIZES = {
    "place": 1500.0, "day": 1500.0, "lessons": 2500.0, "duties": 2500.0, "people": 2000.0, "teachers": 2000.0
}  # fmt: skip
FIRST_RATE = {"fill": 300.0, "polish": 10.0}  # of a sweep, against 10 of any programme
LEAST, MOST = 300.0, 12_000.0  # permitted choices of a programme
SLOT_WORTH = 400  # an open slot against a point of quality: in a programme of this size far more than it can move
AROUND = 16  # classes in whose neighbourhood people are drawn together
FLOWS = {"slot": 0.3, "district": 0.1, "segment": 0.35, "day": 0.15, "lessons": 0.1}
WEIGHTS = {FILL: (1000, 100), POLISH: (100_000, 1000)}  # a missing place and an open slot against a point of quality


@dataclass(frozen=True)
class Order:
    """What the next burst is for: fill (safety and programme) or polish (quality); how hot; how long at most.

    It moves these people (V, bool) and only in `region` (C, bool), so that hands keep out of each other's way.
    """

    phase: str
    heat: float
    seconds: float
    region: Array
    people: Array


def key(phase: str, cost: Cost) -> tuple[int, ...]:
    """What must not grow in a phase: while filling, quality is left to the polish."""
    return tuple(cost[:2]) if phase == FILL else tuple(cost)


class Mover:
    """Improves one state, burst by burst."""

    def __init__(self, state: State, seed: int) -> None:
        self.state, self.facts = state, state.facts
        self.rng = np.random.default_rng(seed)
        self.flows = Flows(state, self.rng)
        self.size = dict(SIZES)
        self.took = dict.fromkeys((SWEEP, *SIZES), QUICK)
        self.rate = {phase: {SWEEP: first, **dict.fromkeys(SIZES, 10.0)} for phase, first in FIRST_RATE.items()}
        self._measure()

    def _measure(self) -> None:
        """How many choices each cell and each volunteer has."""
        f = self.facts
        self.duties_in = np.zeros((f.classes, f.segments), dtype=np.int64)
        self.taught_duties_in = np.zeros_like(self.duties_in)  # of people who teach
        self.lessons_in = np.zeros((f.classes, f.slots), dtype=np.int64)
        self.choices_of = np.zeros(f.people, dtype=np.int64)
        for table, options in ((self.duties_in, f.duties), (self.lessons_in, f.lessons)):
            for at, rows in enumerate(options):
                np.add.at(table[:, at], rows[1], 1)
                np.add.at(self.choices_of, rows[0], 1)
        for at, rows in enumerate(f.duties):
            np.add.at(self.taught_duties_in[:, at], rows[1], f.teaches[rows[0]])

    def burst(self, order: Order) -> bool:
        """Try something for a moment; whether anything changed. What makes the state worse is taken back."""
        began, before, x = time.monotonic(), self.state.cost, self.state
        self.region, self.people = order.region, order.people & ~self.facts.still
        self.flows.people = self.people
        kind = self._draw(order)
        x.log = log = []
        if kind == SWEEP:
            proven = False
            log = self._sweep(order)
        else:
            proven = self._solve_part(kind, order)
        x.log = None
        after = x.cost
        kept = key(order.phase, after) <= key(order.phase, before)
        if not kept:
            x.undo(log)
        self._learn(order.phase, kind, _worth(order.phase, before, after) if kept else 0.0, began, proven=proven)
        return kept and bool(log)

    def _draw(self, order: Order) -> str:
        rates = self.rate[order.phase]
        kinds = list(rates)
        odds = np.array([rates[k] for k in kinds])
        odds = odds**2
        slow = np.array([max(1.0, self.took[k] / QUICK) for k in kinds])
        odds = (
            odds + 0.03 * odds.sum() / slow + 1e-9
        )  # What gains nothing gets a small share of the time, not of the turns.
        return str(self.rng.choice(kinds, p=odds / odds.sum()))

    def _learn(self, phase: str, kind: str, worth: float, began: float, *, proven: bool) -> None:
        took = time.monotonic() - began
        self.took[kind] = 0.8 * self.took[kind] + 0.2 * took
        self.rate[phase][kind] = 0.85 * self.rate[phase][kind] + 0.15 * worth / max(took, 0.01)
        if kind != SWEEP:
            factor = (1.15 if took < QUICK else 1.03) if proven else 0.8
            self.size[kind] = min(max(self.size[kind] * factor, LEAST), MOST)

    def _center(self, *, lacking: bool) -> int:
        """A class of the region, one that lacks something if any does and that is asked for."""
        inside = np.nonzero(self.region)[0]
        short = self.state.lacking()[inside] if lacking else np.zeros(len(inside))
        if short.sum() > 0 and self.rng.random() < 0.7:
            return int(self.rng.choice(inside, p=short / short.sum()))
        return int(self.rng.choice(inside))

    def _near(self, c: int) -> Array:
        """The classes of the region, the nearest first."""
        near = self.facts.nearest[c]
        return near[self.region[near]]

    def _sweep(self, order: Order) -> Log:
        """Flows for a moment; answers with everything that was done and not taken back."""
        x = self.state
        done: Log = []
        end = time.monotonic() + min(SWEEP_SECONDS, order.seconds)
        heavy, light = WEIGHTS[order.phase]
        while time.monotonic() < end:
            before, x.log = x.cost, []
            self._flow(order)
            log, after = x.log, x.cost
            change = heavy * (after[0] - before[0]) + light * (after[1] - before[1]) + after[2] - before[2]
            if change <= 0 or self.rng.random() < math.exp(-change / order.heat):
                done += log
            else:
                x.undo(log)
        return done

    def _flow(self, order: Order) -> None:
        """One small step by flows around a class."""
        f, rng, flows = self.facts, self.rng, self.flows
        kind = str(rng.choice(list(FLOWS), p=list(FLOWS.values())))
        near = self._near(self._center(lacking=True))
        most = {"slot": 40, "district": 60, "segment": 15, "day": 8, "lessons": 6}[kind]
        count = int(rng.integers(1, min(len(near), most) + 1)) if kind != "district" else most
        classes = np.zeros(f.classes, dtype=bool)
        classes[near[:count]] = True
        noise = order.heat * float(rng.random())
        teach = float(rng.choice((0.0, 0.3, 0.6, 1.0)))
        if kind == "slot" and f.slots:
            for t in rng.permutation(f.slots)[: int(rng.integers(1, 4))].tolist():
                flows.slot(t, classes, noise)
        elif kind == "lessons":
            for t in range(f.slots):
                flows.free_slot(t, classes)
            for t in rng.permutation(f.slots).tolist():
                flows.slot(t, classes, noise)
        elif kind == "day":
            self._day(classes, teach, noise)
        else:
            s = int(rng.integers(f.segments))
            flows.segment(s, classes, Taste(teach=teach, noise=noise), lessons=bool(rng.random() < 0.7))

    def _day(self, classes: Array, teach: float, noise: float) -> None:
        """A whole weekday of some classes anew; what is paid once is at first spread over what will share it."""
        f, rng, flows = self.facts, self.rng, self.flows
        day = int(rng.integers(f.days))
        segments = np.nonzero(f.day_of_segment == day)[0]
        for s in segments.tolist():
            flows.free_segment(s, classes)
            for t in f.slots_in[s]:
                flows.free_slot(t, classes)
        taste = Taste(float(rng.choice((1, 0.7, 0.4))), float(rng.choice((1, 0.5, 0.33))), teach, noise)
        for s in rng.permutation(segments).tolist():
            flows.segment(s, classes, taste)
        if rng.random() < 0.5:
            for s in rng.permutation(segments).tolist():
                flows.segment(s, classes, Taste(teach=teach))

    def _solve_part(self, kind: str, order: Order) -> bool:
        """Free a part and solve it exactly; whether it is proven best. Without an answer the part is empty."""
        duty_cells, lesson_cells, people = self._some_people() if kind == "people" else self._cells(kind, order.phase)
        freed = free(self.state, duty_cells, lesson_cells, people)
        quality = order.phase == POLISH
        open_slot = SLOT_WORTH
        prices = Prices(open_slot * (2 * int(freed.lesson_cells.sum()) + 21), open_slot, quality)
        part = Part(self.state, freed, prices)
        if not part.size:
            return False
        seconds = max(0.05, min(STEP_SECONDS, order.seconds))
        found, proven = part.rows.solve(seconds, int(self.rng.integers(2**30)))
        if found is not None:
            part.apply(found)
        return proven

    def _cells(self, kind: str, phase: str) -> tuple[Array, Array, Array]:
        """Neighbouring classes: all week or a weekday, duties, lessons or both, of everybody or of those who teach."""
        f, rng = self.facts, self.rng
        duty_cells = np.zeros((f.classes, f.segments), dtype=bool)
        lesson_cells = np.zeros((f.classes, f.slots), dtype=bool)
        day = int(rng.integers(f.days))
        whole = kind != "day"
        segments = np.ones(f.segments, dtype=bool) if whole else f.day_of_segment == day
        slots = np.ones(f.slots, dtype=bool) if whole else f.day_of_slot == day
        size = 0
        for i, c in enumerate(self._near(self._center(lacking=phase == FILL)).tolist()):
            duties_in = self.taught_duties_in if kind == "teachers" else self.duties_in
            size += 0 if kind == "lessons" else int(duties_in[c, segments].sum())
            size += 0 if kind == "duties" else int(self.lessons_in[c, slots].sum())
            if i and size > self.size[kind]:
                break
            duty_cells[c] = segments & (kind != "lessons")
            lesson_cells[c] = slots & (kind != "duties")
        return duty_cells, lesson_cells, self.people & f.teaches if kind == "teachers" else self.people

    def _some_people(self) -> tuple[Array, Array, Array]:
        """Some people around a class wherever they may go, those who teach twice as likely."""
        f, rng = self.facts, self.rng
        near = self._near(self._center(lacking=True))[:AROUND]
        around = np.nonzero(f.serves[:, near].any(axis=1) & self.people)[0]
        weight = rng.random(len(around)) ** np.where(f.teaches[around], 0.5, 1.0)
        order = around[np.argsort(-weight)]
        count = int(np.searchsorted(np.cumsum(self.choices_of[order]), self.size["people"]))
        people = np.zeros(f.people, dtype=bool)
        people[order[: max(1, count)]] = True
        segments, slots = np.ones(f.segments, dtype=bool), np.ones(f.slots, dtype=bool)
        return np.outer(self.region, segments), np.outer(self.region, slots), people


def _worth(phase: str, before: Cost, after: Cost) -> float:
    """What a burst gained, in the phase's own coin."""
    if phase == FILL:
        return max(0.0, 5.0 * (before.safety - after.safety) + before.programme - after.programme)
    return max(0.0, 100.0 * (before.programme - after.programme) + before.quality - after.quality)
