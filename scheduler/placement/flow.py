"""The simple case as a min-cost flow: one place a child, one capacity a class run. Every level is proven.

Levels are maximised one after the other, a few in one flow where whole numbers allow it. Nothing is added between
two flows: node prices are read off the flow just found, and what they prove to be the same in every best solution is
fixed (complementary slackness). What is left is exactly the set of all best solutions, the *optimal face*.

Nodes are the class runs, then `none` (no place) and `free` (the places nobody takes). A child is an arc from where it
is to where it may go: all of what follows happens on a few hundred nodes, however many children there are.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from scheduler.placement.levels import Key, place_levels
from scheduler.placement.problem import INDEPENDENT, Problem
from scheduler.placement.result import Level

Array = Any
"""A numpy array; its length and meaning stand beside each use."""

MOST_COST = 10**12
"""Costs times nodes must fit into 64 bits, at a hundred thousand nodes too."""


def is_flow(problem: Problem) -> bool:
    """Whether a flow tells the whole truth but for minimums: one seat, one binding weekday a run, no families."""
    if problem.policy.families != INDEPENDENT and problem.families:
        return False
    if any(problem.most_places(c) > 1 for c in problem.children):
        return False
    common: dict[str, set[int]] = {}
    for child in problem.children:
        for option in problem.options[child.id]:
            days = common.setdefault(option.class_run, set(child.weekdays))
            days &= set(child.weekdays)
    # A day on which all who may come do come has the most children of all days: it alone can bind.
    return all(common.values())


class Face:
    """All solutions that are still best: which child may go where, and one solution among them.

    `child`, `node`, `rank`: one entry an arc, a child and where it may be; rank −1 means no place. `alive`: whether
    the arc is in any best solution. `chosen`: for each child the arc of the solution in hand. `low`, `high`: how many
    children a run may have; equal where all best solutions fill it alike.
    """

    def __init__(self, problem: Problem, least: dict[str, int] | None = None) -> None:
        self.problem = problem
        index = {c.id: i for i, c in enumerate(problem.classes)}
        self.runs = len(index)
        self.none, self.free = self.runs, self.runs + 1
        arcs: list[tuple[int, int, int]] = []
        for i, child in enumerate(problem.children):
            options = [o for o in problem.options[child.id] if not child.keep or o.class_run in child.keep]
            arcs += [(i, index[o.class_run], o.rank) for o in options]
            arcs += [] if child.keep else [(i, self.none, -1)]
        table = np.array(arcs, dtype=np.int64).reshape(-1, 3)
        self.child, self.node, self.rank = table[:, 0], table[:, 1], table[:, 2]
        self.tier = np.array([c.tier for c in problem.children], dtype=np.int64)[self.child]
        self.high = np.array([c.capacity for c in problem.classes], dtype=np.int64)
        self.low = np.array([(least or {}).get(c.id, 0) for c in problem.classes], dtype=np.int64)
        self.alive = np.ones(len(table), dtype=bool)
        self.chosen = np.zeros(len(problem.children), dtype=np.int64)

    def gain(self, key: Key) -> Array:
        """What each arc adds to a level: 0 or 1."""
        counts = self.rank >= 0 if key.rank == 0 else self.rank == key.rank
        return (counts & (self.tier == key.tier)).astype(np.int64)

    def open_arcs(self) -> Array:
        """The living arcs of children that have more than one."""
        many = np.bincount(self.child[self.alive], minlength=len(self.chosen)) > 1
        return np.nonzero(self.alive & many[self.child])[0]

    def maximise(self, cost: Array) -> None:
        """Find a solution of least cost, and fix what is the same in all such solutions."""
        arcs = self.open_arcs()
        self.chosen[self.child[self.alive]] = np.nonzero(self.alive)[0]  # right for those with one arc only
        fixed = np.bincount(self.node[self._settled(arcs)], minlength=self.runs + 2)[: self.runs]
        low, high = np.maximum(0, self.low - fixed), self.high - fixed
        flow = _flow(self, arcs, cost[arcs], low, high)
        self.chosen[self.child[arcs[flow]]] = arcs[flow]
        self._fix(arcs, cost, low, high)

    def _settled(self, arcs: Array) -> Array:
        """The arcs of children that have no choice any more."""
        is_open = np.zeros(len(self.chosen), dtype=bool)
        is_open[self.child[arcs]] = True
        return self.chosen[~is_open]

    def _fix(self, arcs: Array, cost: Array, low: Array, high: Array) -> None:
        """Remove arcs with a reduced cost; a run keeps its number where one place more or less has a price."""
        here = self.chosen[self.child[arcs]]
        used = np.bincount(self.node[np.unique(here)], minlength=self.runs + 2)
        tail, head, extra = self.node[here], self.node[arcs], cost[arcs] - cost[here]
        price = _prices(self, tail, head, extra, used, low, high)
        dead = extra + price[tail] - price[head] > 0
        if price[self.free] < price[self.none]:
            dead |= head == self.none
        self.alive[arcs[dead]] = False
        is_firm = price[: self.runs] != price[self.free]
        total = np.bincount(self.node[self.chosen], minlength=self.runs + 2)[: self.runs]
        self.low[is_firm] = self.high[is_firm] = total[is_firm]


def _flow(face: Face, arcs: Array, cost: Array, low: Array, high: Array) -> Array:
    """Which of these arcs the cheapest flow takes. Children give one unit each, runs take `low` to `high`.

    Raises:
        Unfillable: the children do not suffice for what the runs need at least.
    """
    from ortools.graph.python import min_cost_flow

    children, at = np.unique(face.child[arcs], return_inverse=True)
    n, runs = len(children), face.runs
    solver = min_cost_flow.SimpleMinCostFlow()
    ones = np.ones(len(arcs), dtype=np.int64)
    taken = solver.add_arcs_with_capacity_and_unit_cost(at, n + face.node[arcs], ones, cost)
    loose = np.append(np.nonzero(low < high)[0], face.none)
    most = np.append((high - low)[low < high], n)
    solver.add_arcs_with_capacity_and_unit_cost(
        n + loose, np.full(len(loose), n + face.free), most, np.zeros(len(loose), dtype=np.int64)
    )
    if low.sum() > n:
        raise Unfillable
    supplies = np.concatenate([np.ones(n, dtype=np.int64), -low, [0], [low.sum() - n]])
    solver.set_nodes_supplies(np.arange(n + runs + 2), supplies)
    if solver.solve() != solver.OPTIMAL:
        raise Unfillable
    return solver.flows(taken) > 0


class Unfillable(ValueError):
    """No flow fills every run as far as it must be filled."""


def _prices(face: Face, tail: Array, head: Array, extra: Array, used: Array, low: Array, high: Array) -> Array:
    """Node prices that no arc of the residual graph undercuts: shortest distances, as no cycle of it is negative."""
    spare = np.nonzero((low < high) & (used[: face.runs] < high))[0]
    busy = np.nonzero((low < high) & (used[: face.runs] > low))[0]
    out = np.append(spare, face.none)
    back = np.append(busy, [face.none] if used[face.none] else [])
    tails = np.concatenate([tail, out, np.full(len(back), face.free)])
    heads = np.concatenate([head, np.full(len(out), face.free), back]).astype(np.int64)
    costs = np.concatenate([extra, np.zeros(len(out) + len(back), dtype=np.int64)])
    order = np.lexsort((costs, tails, heads))
    tails, heads, costs = tails[order], heads[order], costs[order]
    first = np.append(True, (heads[1:] != heads[:-1]) | (tails[1:] != tails[:-1]))
    tails, heads, costs = tails[first], heads[first], costs[first]
    starts = np.nonzero(np.append(True, heads[1:] != heads[:-1]))[0]
    price = np.zeros(face.runs + 2, dtype=np.int64)
    while True:
        best = np.minimum.reduceat(price[tails] + costs, starts)
        lower = np.minimum(price[heads[starts]], best)
        if np.array_equal(lower, price[heads[starts]]):
            return price
        price[heads[starts]] = lower


def maximise_levels(face: Face, on_level: Callable[[list[Level]], bool]) -> list[Level]:
    """Maximise all levels in their order; `on_level` hears of those found, and stops by answering False.

    Every level found is proven. The face holds a solution in any case after the first flow.
    """
    found: list[Level] = []
    keys = place_levels(face.problem)
    while len(found) < len(keys):
        some, cost = _together(face, keys[len(found) :])
        face.maximise(cost)
        for key in some:
            value = int(face.gain(key)[face.chosen].sum())
            found.append(Level(key.name, value, value))
        if not on_level(found):
            break
    return found


def _together(face: Face, keys: list[Key]) -> tuple[list[Key], Array]:
    """As many levels as fit into one flow, and its cost: each level weighs more than all behind it together."""
    arcs = face.open_arcs()
    some: list[Key] = []
    gains: list[Array] = []
    most: list[int] = []
    for key in keys:
        gain = face.gain(key)
        count = int(np.bincount(face.child[arcs], gain[arcs], minlength=1).astype(bool).sum()) + 1
        if some and int(np.prod([*most, count], dtype=object)) > MOST_COST:
            break
        some.append(key)
        gains.append(gain)
        most.append(count)
    cost = np.zeros(len(face.child), dtype=np.int64)
    weight = 1
    for gain, count in zip(reversed(gains), reversed(most), strict=True):
        cost -= weight * gain
        weight *= count
    return some, cost
