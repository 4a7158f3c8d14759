"""A first roster in a second or two: duties as a min-cost flow, solved a few times with prices that learn.

A volunteer is a source of at most `max_segments` units; each unit passes (volunteer, segment), then a class in that
segment, then one of its places. The places of a class are convex (two adults are worth more than the third), so the
flow is exact for safety but for three things that it does not see, and that the rounds put right:

- what is paid once, not per segment (a way, a site, a new face): its price is spread over the segments that used
  it in the round before ("dynamic slope scaling", Kim and Pardalos 1999);
- two sites too close in time: the volunteer keeps the better of the two on that day for all later rounds;
- lessons: somebody on duty who can teach that class is worth the slots they could give there, and those who teach
  may be left off duty to visit instead.
"""

from __future__ import annotations

import itertools
from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from scheduler.roster.choices import Cell, Choices
from scheduler.roster.problem import Duty, Problem, Roster

SAFETY, PROGRAMME, QUALITY = 200_000, 2_000, 10  # price of a missing place, of an open slot, of a point of quality
ROUNDS = 14


@dataclass(frozen=True)
class Arc:
    """One way to use a volunteer's segment: on duty at a class (as its lead or teacher), or on a visit to it."""

    volunteer: str
    class_run: str
    segment: str
    door: str  # "lead", "teacher", "assistant" or "visit"


class Opening:
    """The network of one problem around the kept entries, and the prices of its arcs."""

    def __init__(self, choices: Choices, kept: Roster, cells: set[Cell]) -> None:
        self.choices, self.problem, self.cells, self.kept = choices, choices.problem, cells, kept
        self.day = {s.id: s.weekday for s in self.problem.segments}
        self.site = {c.id: c.site for c in self.problem.classes}
        self.busy: dict[str, set[tuple[str, str]]] = defaultdict(set)  # volunteer → (segment, site) that stay
        self._note_kept()
        self.slots = self._teachable()
        self.arcs = self._list_arcs()
        self.home: dict[tuple[str, int], str] = {}  # the site a volunteer must keep to on a weekday

    def _note_kept(self) -> None:
        for d in self.kept.duties:
            self.busy[d.volunteer].add((d.segment, self.site[d.class_run]))
        for x in self.kept.lessons:
            self.busy[x.instructor].add((self.problem.slot[x.slot].segment, self.site[x.class_run]))

    def _teachable(self) -> dict[tuple[str, str, str], int]:
        """How many slots of a class each instructor could give in a segment: a course once a day."""
        slots: dict[tuple[str, str, str], set[str]] = defaultdict(set)
        courses: dict[tuple[str, str, str], set[str]] = defaultdict(set)
        for (c, t), keys in self.choices.lesson.items():
            for key in keys:
                at = (key[3], c, self.problem.slot[t].segment)
                slots[at].add(t)
                courses[at].add(key[2])
        return {at: min(len(slots[at]), len(courses[at])) for at in slots}

    def _list_arcs(self) -> list[Arc]:
        arcs = []
        for c, s in sorted(self.cells):
            for v, may_lead in self.choices.duty.get((c, s), {}).items():
                if self._is_free(v, s, self.site[c]) and self.problem.volunteer[v].adult:
                    arcs.append(Arc(v, c, s, "assistant"))
                    if may_lead:
                        arcs.append(Arc(v, c, s, "lead"))
                    if (v, c, s) in self.slots:
                        arcs.append(Arc(v, c, s, "teacher"))
        for v, c, s in sorted(self.slots):
            if self.problem.volunteer[v].adult and self._is_free(v, s, self.site[c]):
                arcs.append(Arc(v, c, s, "visit"))
        return arcs

    def _is_free(self, v: str, s: str, site: str) -> bool:
        return all(s != other and not self._clash(s, site, other, there) for other, there in self.busy[v])

    def _clash(self, a: str, here: str, b: str, there: str) -> bool:
        """Whether two segments cannot both be served, at these two sites."""
        first, second = sorted((self.problem.segment[a], self.problem.segment[b]), key=lambda s: (s.start, s.end))
        if first.weekday != second.weekday:
            return False
        wait = self.problem.travel_minutes(here, there) if here != there else 0
        return second.start < first.end + wait

    def solve(self, rounds: int = ROUNDS) -> list[Duty]:
        """Duties for the free cells that break no rule; the best of all rounds by the price of what stays open."""
        if not self.arcs:
            return []
        network = _Network(self)
        price = [QUALITY * self._first_price(a) for a in self.arcs]
        best: tuple[int, list[Arc]] | None = None
        for _ in range(rounds):
            used = network.flow(price)
            sound = self._without_clashes(used)
            value = network.worth(sound)
            if best is None or value > best[0]:
                best = (value, sound)
            price = self._learn(price, sound)
            network.close([self._is_closed(a) for a in self.arcs])
        assert best is not None
        return [Duty(a.volunteer, a.class_run, a.segment, _role(a)) for a in best[1] if a.door != "visit"]

    def _first_price(self, a: Arc) -> float:
        """As if two segments shared a way, and a week's worth of segments a class."""
        w, v = self.problem.policy.weights, self.problem.volunteer[a.volunteer]
        far = w.travel * self.problem.km(v.id, self.site[a.class_run]) / 2
        return far + self._fixed(a) / 5

    def _fixed(self, a: Arc) -> int:
        """What the first segment of a volunteer at a class costs, once a week."""
        w, v = self.problem.policy.weights, self.problem.volunteer[a.volunteer]
        passed = w.wish if v.preferred_sites and self.site[a.class_run] not in v.preferred_sites else 0
        return passed + (0 if a.door == "visit" else w.continuity) + (w.lead if a.door == "lead" else 0)

    def _learn(self, price: list[float], used: list[Arc]) -> list[float]:
        """Spread what is paid once over the segments that shared it in this round."""
        weekly: dict[tuple[str, str], int] = defaultdict(int)
        daily: dict[tuple[str, int, str], int] = defaultdict(int)
        for a in used:
            weekly[a.volunteer, a.class_run] += 1
            daily[a.volunteer, self.day[a.segment], self.site[a.class_run]] += 1
        return [0.5 * old + 0.5 * QUALITY * self._spread(a, weekly, daily) for old, a in zip(price, self.arcs, strict=True)]

    def _spread(
        self, a: Arc, weekly: dict[tuple[str, str], int], daily: dict[tuple[str, int, str], int]
    ) -> float:
        way = self.problem.policy.weights.travel * self.problem.km(a.volunteer, self.site[a.class_run])
        today = daily.get((a.volunteer, self.day[a.segment], self.site[a.class_run]), 0)
        week = weekly.get((a.volunteer, a.class_run), 0)
        return way / max(1, today) + self._fixed(a) / max(1, week)

    def _without_clashes(self, used: list[Arc]) -> list[Arc]:
        """Where two engagements of a weekday clash, the site with more of them stays, now and in later rounds."""
        by_day: dict[tuple[str, int], list[Arc]] = defaultdict(list)
        for a in used:
            by_day[a.volunteer, self.day[a.segment]].append(a)
        sound = []
        for key, arcs in by_day.items():
            if any(self._arcs_clash(a, b) for a, b in itertools.combinations(arcs, 2)):
                self.home[key] = self._better_site(arcs)
                arcs = self._first_fitting([a for a in arcs if self.site[a.class_run] == self.home[key]])
            sound += arcs
        return sound

    def _arcs_clash(self, a: Arc, b: Arc) -> bool:
        return self._clash(a.segment, self.site[a.class_run], b.segment, self.site[b.class_run])

    def _better_site(self, arcs: list[Arc]) -> str:
        worth: dict[str, int] = defaultdict(int)
        for a in arcs:
            worth[self.site[a.class_run]] += {"lead": 3, "visit": 1}.get(a.door, 2)
        return max(sorted(worth), key=lambda site: worth[site])

    def _first_fitting(self, arcs: list[Arc]) -> list[Arc]:
        kept: list[Arc] = []
        for a in arcs:
            if not any(self._arcs_clash(a, b) for b in kept):
                kept.append(a)
        return kept

    def _is_closed(self, a: Arc) -> bool:
        home = self.home.get((a.volunteer, self.day[a.segment]))
        return home is not None and home != self.site[a.class_run]


class _Network:
    """Arcs as arrays for the min-cost flow. Node 0 gives, node 1 takes; the rest are made as they are met."""

    def __init__(self, opening: Opening) -> None:
        import numpy as np

        self.opening, self.problem = opening, opening.problem
        self.nodes: dict[Any, int] = {"source": 0, "sink": 1}
        self.tails: list[int] = []
        self.heads: list[int] = []
        self.capacity: list[int] = []
        self.price: list[int] = []
        for a in opening.arcs:
            self._add((a.volunteer, a.segment), (a.door, a.class_run, a.segment), 1, 0)
        self.open = np.ones(len(opening.arcs), dtype=np.int64)
        self._add_people()
        self._add_places()

    def _node(self, name: Any) -> int:
        return self.nodes.setdefault(name, len(self.nodes))

    def _add(self, tail: Any, head: Any, capacity: int, price: int) -> None:
        self.tails.append(self._node(tail))
        self.heads.append(self._node(head))
        self.capacity.append(capacity)
        self.price.append(price)

    def _add_people(self) -> None:
        w = self.problem.policy.weights
        for v, s in sorted({(a.volunteer, a.segment) for a in self.opening.arcs}):
            self._add(v, (v, s), 1, 0)
        for name in sorted({a.volunteer for a in self.opening.arcs}):
            v = self.problem.volunteer[name]
            taken = len({s for s, _ in self.opening.busy[name]})
            steps = ((-(-v.preferred_segments // 2), -w.idle), (v.preferred_segments, 0), (v.max_segments, w.overload))
            before = taken
            for upto, points in steps:
                if upto > before:
                    self._add("source", name, min(upto, v.max_segments) - before, QUALITY * points)
                    before = upto
        self.supply = sum(v.max_segments for v in self.problem.volunteers) + 1
        self._add("source", "sink", self.supply, 0)

    def _add_places(self) -> None:
        adults, leads = self._held()
        for c, s in sorted({(a.class_run, a.segment) for a in self.opening.arcs}):
            run = self.problem.class_run[c]
            least, need = self.problem.policy.min_adults, self.problem.need(run)
            slots = sum(self.problem.slot[t].segment == s for t in run.slots)
            if (c, s) in self.opening.cells:
                here = adults[c, s]
                for upto, worth in ((min(least, need), 2 * SAFETY), (need, SAFETY)):
                    if upto > here:
                        self._add((c, s), "sink", upto - here, -worth)
                        here = upto
                self._add(("assistant", c, s), (c, s), need, 0)
                self._add(("lead", c, s), (c, s), 0 if (c, s) in leads else 1, -SAFETY)
                self._add(("teacher", c, s), (c, s), 1, -PROGRAMME * slots)
            self._add(("visit", c, s), "sink", 1, -PROGRAMME * slots * 3 // 4)

    def _held(self) -> tuple[dict[Cell, int], set[Cell]]:
        adults: dict[Cell, int] = defaultdict(int)
        leads = set()
        for d in self.opening.kept.duties:
            adults[d.class_run, d.segment] += self.problem.volunteer[d.volunteer].adult
            if d.role == "lead":
                leads.add((d.class_run, d.segment))
        return adults, leads

    def close(self, closed: list[bool]) -> None:
        """Take arcs out of the next flows."""
        import numpy as np

        self.open = 1 - np.asarray(closed, dtype=np.int64)

    def flow(self, price: list[float]) -> list[Arc]:
        """The arcs that a cheapest flow uses at these prices."""
        import numpy as np
        from ortools.graph.python.min_cost_flow import SimpleMinCostFlow

        count = len(self.opening.arcs)
        capacity, cost = np.array(self.capacity, dtype=np.int64), np.array(self.price, dtype=np.int64)
        capacity[:count], cost[:count] = self.open, np.rint(np.asarray(price)).astype(np.int64)
        solver = SimpleMinCostFlow()
        every = solver.add_arcs_with_capacity_and_unit_cost(
            np.array(self.tails, dtype=np.int32), np.array(self.heads, dtype=np.int32), capacity, cost
        )
        supplies = np.zeros(len(self.nodes), dtype=np.int64)
        supplies[0], supplies[1] = self.supply, -self.supply
        solver.set_nodes_supplies(np.arange(len(self.nodes)), supplies)
        if solver.solve() != solver.OPTIMAL:
            return []
        flows = solver.flows(every)[:count]
        return [self.opening.arcs[i] for i in np.nonzero(flows)[0]]

    def worth(self, used: list[Arc]) -> int:
        """The price of all places that these arcs fill."""
        filled: dict[int, int] = defaultdict(int)
        for a in used:
            door = self.nodes[a.door, a.class_run, a.segment]
            filled[door] += 1
            if a.door != "visit":
                filled[self.nodes[a.class_run, a.segment]] += 1
        total = 0
        for tail, capacity, price in zip(self.tails, self.capacity, self.price, strict=True):
            if price < 0 and tail in filled:
                taken = min(filled[tail], capacity)
                filled[tail] -= taken
                total -= price * taken
        return total


def _role(a: Arc) -> str:
    return "lead" if a.door == "lead" else "assistant"


def opening(choices: Choices, kept: Roster, duty_cells: set[Cell]) -> Roster:
    """A first roster around the kept entries: more duties in the cells, lessons as kept."""
    return Roster(kept.duties | frozenset(Opening(choices, kept, duty_cells).solve()), kept.lessons)


def pinned(problem: Problem) -> Roster:
    """The pins alone."""
    return Roster(frozenset(d for d, _ in problem.pins.duties), frozenset(x for x, _ in problem.pins.lessons))
