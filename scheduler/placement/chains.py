"""Seat children who have no place by letting others move on, as far as one chain of moves can tell.

Each move seats a child on its weekdays and makes room by moving one other child that comes on all the days that are
full by it. So no class run ever loses a child without getting one, and no minimum is touched.
"""

from __future__ import annotations

from dataclasses import dataclass

from scheduler.placement.problem import Child, Option, Problem

Days = frozenset[int]
State = tuple[str, Days]
"""A class run that has one child too many, on these days."""


@dataclass
class Move:
    """A child takes this option; `before` is the move that needs it, none for the first."""

    child: Child
    option: Option
    before: Move | None

    def path(self) -> list[Move]:
        """This move and all before it."""
        found: list[Move] = []
        move: Move | None = self
        while move is not None:
            found.append(move)
            move = move.before
        return found


class Chains:
    """Who sits where, one place each, and how many places are left on each weekday. `fixed` never move."""

    def __init__(
        self, problem: Problem, held: dict[str, Option], left: dict[tuple[str, int], int], usable: set[str]
    ) -> None:
        self.problem, self.held, self.left, self.usable = problem, held, left, usable
        self.days = {c.id: frozenset(c.weekdays) for c in problem.children}
        self.members: dict[str, set[str]] = {name: set() for name in usable}
        for child, option in held.items():
            self.members.setdefault(option.class_run, set()).add(child)
        self.dead: set[State] = set()

    def seat(self, child: Child) -> bool:
        """Seat one more child; where no chain is found, what was looked at is not looked at again."""
        queue: list[tuple[State, Move]] = []
        seen: set[State] = set()
        if self._reach(child, None, queue, seen):
            return True
        for (run, full), move in queue:
            for name in sorted(self.members[run]):
                if full <= self.days[name] and self._reach(self.problem.child[name], move, queue, seen):
                    return True
        self.dead |= seen
        return False

    def _reach(self, child: Child, before: Move | None, queue: list[tuple[State, Move]], seen: set[State]) -> bool:
        """Look at all options of a child; whether one of them ends the chain."""
        for option in self.problem.options[child.id]:
            run = option.class_run
            if run not in self.usable or (child.id in self.held and self.held[child.id] == option):
                continue
            full = frozenset(day for day in child.weekdays if self.left[run, day] <= 0)
            state = (run, full)
            if state in seen or state in self.dead:
                continue
            move = Move(child, option, before)
            if not full and self._apply(move):
                return True
            seen.add(state)
            queue.append((state, move))
        return False

    def _apply(self, last: Move) -> bool:
        """Make all moves of a chain, unless it comes through one class run or moves one child twice."""
        path = last.path()
        if len({m.option.class_run for m in path}) < len(path) or len({m.child.id for m in path}) < len(path):
            return False
        for move in path:
            if move.child.id in self.held:
                self._shift(move.child, self.held[move.child.id], -1)
            self.held[move.child.id] = move.option
            self._shift(move.child, move.option, 1)
        return True

    def _shift(self, child: Child, option: Option, by: int) -> None:
        members = self.members[option.class_run]
        if by > 0:
            members.add(child.id)
        else:
            members.discard(child.id)
        for day in child.weekdays:
            self.left[option.class_run, day] -= by
