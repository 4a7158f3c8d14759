"""Duties and visits as a min-cost flow: exact for the staffing of all classes at given prices of its arcs."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from scheduler.roster.choices import Cell
from scheduler.roster.problem import Problem, Roster

SAFETY, PROGRAMME, QUALITY = 200_000, 2_000, 10  # price of a missing place, of an open slot, of a point of quality


@dataclass(frozen=True)
class Arc:
    """One way to use a volunteer's segment: on duty at a class (leading it or not), or on a visit to it."""

    volunteer: str
    class_run: str
    segment: str
    door: str  # "lead", "assistant" or "visit"


class Network:
    """Arcs as arrays for the min-cost flow. Node 0 gives, node 1 takes; the rest are made as they are met."""

    def __init__(self, problem: Problem, arcs: list[Arc], cells: set[Cell], kept: Roster) -> None:
        self.problem, self.arcs, self.cells, self.kept = problem, arcs, cells, kept
        self.nodes: dict[Any, int] = {"source": 0, "sink": 1}
        self.tails: list[int] = []
        self.heads: list[int] = []
        self.capacity: list[int] = []
        self.price: list[int] = []
        for a in arcs:
            self._add((a.volunteer, a.segment), (a.door, a.class_run, a.segment), 1, 0)
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
        for v, s in sorted({(a.volunteer, a.segment) for a in self.arcs}):
            self._add(v, (v, s), 1, 0)
        busy = self._busy()
        for name in sorted({a.volunteer for a in self.arcs}):
            person = self.problem.volunteer[name]
            taken = len(busy[name])
            half, liked, most = -(-person.preferred_segments // 2), person.preferred_segments, person.max_segments
            steps = ((half, -w.idle), (liked, 0), (most, w.overload))
            before = taken
            for upto, points in steps:
                if min(upto, most) > before:
                    self._add("source", name, min(upto, most) - before, QUALITY * points)
                    before = min(upto, most)
        self.supply = sum(v.max_segments for v in self.problem.volunteers) + 1
        self._add("source", "sink", self.supply, 0)

    def _busy(self) -> dict[str, set[str]]:
        """The segments in which each volunteer is engaged already."""
        busy: dict[str, set[str]] = defaultdict(set)
        for d in self.kept.duties:
            busy[d.volunteer].add(d.segment)
        for x in self.kept.lessons:
            busy[x.instructor].add(self.problem.slot[x.slot].segment)
        return busy

    def _add_places(self) -> None:
        adults, leads = self._held()
        for c, s in sorted({(a.class_run, a.segment) for a in self.arcs}):
            run = self.problem.class_run[c]
            least, need = self.problem.policy.min_adults, self.problem.need(run)
            slots = sum(self.problem.slot[t].segment == s for t in run.slots)
            if (c, s) in self.cells:
                here = adults[c, s]
                for upto, worth in ((min(least, need), 2 * SAFETY), (need, SAFETY)):
                    if upto > here:
                        self._add((c, s), "sink", upto - here, -worth)
                        here = upto
                self._add(("assistant", c, s), (c, s), need, 0)
                self._add(("lead", c, s), (c, s), 0 if (c, s) in leads else 1, -SAFETY)
            self._add(("visit", c, s), "sink", slots, 0)

    def _held(self) -> tuple[dict[Cell, int], set[Cell]]:
        adults: dict[Cell, int] = defaultdict(int)
        leads = set()
        for d in self.kept.duties:
            adults[d.class_run, d.segment] += self.problem.volunteer[d.volunteer].adult
            if d.role == "lead":
                leads.add((d.class_run, d.segment))
        return adults, leads

    def flow(self, price: list[float], closed: list[bool]) -> list[Arc]:
        """The arcs that a cheapest flow uses at these prices, none of them closed."""
        import numpy as np
        from ortools.graph.python.min_cost_flow import SimpleMinCostFlow

        count = len(self.arcs)
        capacity, cost = np.array(self.capacity, dtype=np.int64), np.array(self.price, dtype=np.int64)
        capacity[:count] = 1 - np.asarray(closed, dtype=np.int64)
        cost[:count] = np.rint(np.asarray(price)).astype(np.int64)
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
        return [self.arcs[i] for i in np.nonzero(flows)[0]]

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
