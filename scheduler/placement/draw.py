"""The draw on an optimal face of the simple case: each child in turn gets the best place that is still to be had.

A child may have a better place if and only if others can move round: from that place along arcs of the face to where
the child is now (or to a free place). Such a chain costs no level anything, as all arcs of the face are free of cost.
Who has had a turn does not move again. Where no chain leads back, none ever will: the nodes that can be reached are
cut off from the rest for good, so that at most one search for each node is in vain.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

from scheduler.placement.flow import Face


class Ring:
    """The class runs, `none` and `free`, and the children that may still move between them, by index."""

    def __init__(self, face: Face) -> None:
        self.face = face
        size = face.runs + 2
        self.at: dict[int, int] = {}
        self.ways: dict[int, list[int]] = {}
        self.arc: dict[tuple[int, int], int] = {}
        self.movers: dict[tuple[int, int], set[int]] = {}
        self.out = [0] * size
        self.within = [(1 << size) - 1] * size
        self.low, self.high = face.low.tolist(), face.high.tolist()
        self.used = [0] * size
        self._fill()

    def _fill(self) -> None:
        face = self.face
        for a in face.chosen.tolist():
            self.used[int(face.node[a])] += 1
        for arc in face.open_arcs().tolist():
            child, node = int(face.child[arc]), int(face.node[arc])
            self.ways.setdefault(child, []).append(node)
            self.arc[child, node] = arc
        for child in self.ways:
            self.at[child] = int(face.node[face.chosen[child]])
            self._add(child)
        for run in range(face.runs):
            self._link(run)
        self.out[face.free] |= 1 << face.none
        self.out[face.none] |= 1 << face.free

    def _link(self, run: int) -> None:
        """Arcs between a run and `free`: while it has a free place, and while it has more children than it must."""
        free = self.face.free
        out, back = self.used[run] < self.high[run], self.used[run] > self.low[run]
        self.out[run] = self.out[run] | 1 << free if out else self.out[run] & ~(1 << free)
        self.out[free] = self.out[free] | 1 << run if back else self.out[free] & ~(1 << run)

    def _add(self, child: int) -> None:
        here = self.at[child]
        for node in self.ways[child]:
            if node != here:
                self.movers.setdefault((here, node), set()).add(child)
                self.out[here] |= 1 << node

    def remove(self, child: int) -> None:
        """Take a child's arcs out: it has had its turn, or is about to move."""
        here = self.at[child]
        for node in self.ways[child]:
            if node != here:
                movers = self.movers[here, node]
                movers.discard(child)
                if not movers and not self._is_standing(here, node):
                    self.out[here] &= ~(1 << node)

    def _is_standing(self, tail: int, head: int) -> bool:
        """Whether an arc is there without anybody who moves: only those to and from `free`."""
        return self.face.free in (tail, head)

    def give(self, child: int, node: int) -> bool:
        """Give a child (whose arcs are out) this place if a chain leads back to where it is."""
        here = self.at[child]
        if not self.within[here] >> node & 1:
            return False
        chain = self._chain(node, here)
        if chain is None:
            return False
        for tail, head in pairwise(chain):
            self._step(tail, head)
        self.at[child] = node
        return True

    def _step(self, tail: int, head: int) -> None:
        free, none = self.face.free, self.face.none
        if free in (tail, head):
            run = tail if head == free else head
            if run != none:
                self.used[run] += -1 if tail == free else 1
                self._link(run)
            return
        mover = min(self.movers[tail, head])
        self.remove(mover)
        self.at[mover] = head
        self._add(mover)

    def _chain(self, start: int, goal: int) -> list[int] | None:
        """A shortest chain of nodes from start to goal. Without one, cut off what can be reached from start."""
        came: dict[int, int] = {start: start}
        seen, target, within = 1 << start, 1 << goal, self.within[start]
        queue = [start]
        for node in queue:
            fresh = self.out[node] & within & ~seen
            if fresh & target:
                return self._back(came, node, goal)
            seen |= fresh
            while fresh:
                low = fresh & -fresh
                follower = low.bit_length() - 1
                came[follower] = node
                queue.append(follower)
                fresh ^= low
        for node in range(len(self.within)):
            if within >> node & 1:
                self.within[node] = seen if seen >> node & 1 else within & ~seen
        return None

    @staticmethod
    def _back(came: dict[int, int], node: int, goal: int) -> list[int]:
        chain = [goal, node]
        while came[chain[-1]] != chain[-1]:
            chain.append(came[chain[-1]])
        return chain[::-1]


def draw(face: Face, may_go_on: Callable[[int, int], bool]) -> bool:
    """Give every child its turn, changing the face's solution. False where `may_go_on(done, all)` ended it early."""
    ring = Ring(face)
    index = {c.id: i for i, c in enumerate(face.problem.children)}
    turns = [i for name in face.problem.draw_order if (i := index[name]) in ring.ways]
    is_whole = True
    for done, child in enumerate(turns):
        if done % 256 == 0 and not may_go_on(done, len(turns)):
            is_whole = False
            break
        ring.remove(child)
        for node in ring.ways[child]:  # best first, as options are listed; `none` stands last
            if node == ring.at[child] or ring.give(child, node):
                break
    for child, node in ring.at.items():
        face.chosen[child] = ring.arc[child, node]
    return is_whole
