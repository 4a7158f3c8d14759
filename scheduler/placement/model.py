"""The general case as 0/1 columns and whole-numbered rows: what both the linear programme and CP-SAT are given.

A column is a child's *seat* (its first, second … place) at one of its options. Seats are labels: nothing forces a
first place to be better than a second, except in a family that must be together. It need not: exchanging the labels
makes an earlier level better, so that no solution that is best at every level has them the wrong way round.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from scheduler.placement.levels import Key
from scheduler.placement.problem import INDEPENDENT, REQUIRE, Option, Problem

Array = Any
INFINITE = 10**9
"""The side of a row that does not bind."""


@dataclass
class Rows:
    """low ≤ Σ coefficient · column ≤ high, whole numbers; `is_late` marks rows that a first relaxation leaves out."""

    columns: list[list[int]] = field(default_factory=list)
    factors: list[list[int]] = field(default_factory=list)
    low: list[int] = field(default_factory=list)
    high: list[int] = field(default_factory=list)
    is_late: list[bool] = field(default_factory=list)

    def add(
        self, columns: list[int], factors: list[int], low: int = -INFINITE, high: int = INFINITE, *, late: bool = False
    ) -> None:
        """One row."""
        self.columns.append(columns)
        self.factors.append(factors)
        self.low.append(low)
        self.high.append(high)
        self.is_late.append(late)

    def most(self, columns: list[int], high: int) -> None:
        """At most so many of these columns."""
        self.add(columns, [1] * len(columns), high=high)


class Model:
    """Columns of children first, then peaks and open runs, then one for each meeting point.

    `child`, `seat`, `rank`, `tier`, `run`: one entry a column of a child (−1 for the others in `child`).
    `lower`, `upper`: what a column may be; 0 and 1 for all but peaks. `peaks`: the places of a class run that those
    who do not come on every day take together, on the day when most of them come: with it, who comes all week stands
    in one row instead of five.
    """

    def __init__(self, problem: Problem, risky: frozenset[str]) -> None:
        self.problem, self.risky = problem, risky
        self.index = {c.id: i for i, c in enumerate(problem.classes)}
        self.rows = Rows()
        self.columns: list[tuple[int, int, int, int, int]] = []  # child, seat, rank, tier, run
        self.of_child: list[dict[tuple[int, int], int]] = []  # (seat, position of the option) → column
        self.in_run: list[list[int]] = [[] for _ in problem.classes]
        self.open_column: dict[int, int] = {}
        self.shut: set[int] = set()
        self.peaks: dict[int, tuple[int, list[list[int]]]] = {}  # column → its most, the children of each day
        self.seat_row: list[int] = []  # of each child, the row of its first place
        self.peak_of: dict[int, int] = {}  # of each class run that has one, its peak
        self.room_row: dict[int, int] = {}  # of each class run, the row that holds those who come all week
        self.least_row: dict[int, int] = {}  # of each class run that may stay shut, the row of its minimum
        for i in range(len(problem.children)):
            self._add_child(i)
        for r in range(len(problem.classes)):
            self._add_capacity(r)
            self._add_minimum(r)
        self.points: dict[int, list[list[int]]] = {}  # a meeting point's column → what seats each child there
        self.wishful_rows: list[int] = []
        if problem.policy.families != INDEPENDENT:
            self._add_families()
        table = np.array(self.columns, dtype=np.int64).reshape(-1, 5)
        self.child, self.seat, self.rank, self.tier, self.run = table.T
        self.size = len(table)
        self.lower = np.zeros(self.size, dtype=np.int64)
        self.upper = np.ones(self.size, dtype=np.int64)
        self.upper[list(self.shut)] = 0
        for k, (most, _) in self.peaks.items():
            self.upper[k] = most

    def _column(self, child: int, seat: int, rank: int, tier: int, run: int) -> int:
        self.columns.append((child, seat, rank, tier, run))
        return len(self.columns) - 1

    def _add_child(self, i: int) -> None:
        problem, child = self.problem, self.problem.children[i]
        options, mine = problem.options[child.id], {}
        most = problem.most_places(child)
        self.seat_row.append(len(self.rows.low))
        for seat in range(1, most + 1):
            for at in range(seat - 1, len(options)):
                run = self.index[options[at].class_run]
                mine[seat, at] = self._column(i, seat, options[at].rank, child.tier, run)
                self.in_run[run].append(mine[seat, at])
            self.rows.most([mine[seat, at] for at in range(seat - 1, len(options))], 1)
        self.of_child.append(mine)
        if most > 1:
            self._add_terms(options, mine)
        for at, option in enumerate(options):
            if option.class_run in child.keep:
                held = [j for (_, o), j in mine.items() if o == at]
                self.rows.add(held, [1] * len(held), low=1, high=1)

    def _add_terms(self, options: tuple[Option, ...], mine: dict[tuple[int, int], int]) -> None:
        """One place in a term, under whatever label."""
        terms: dict[int, list[int]] = {}
        for (_, at), j in mine.items():
            terms.setdefault(self.problem.class_run[options[at].class_run].term, []).append(j)
        for held in terms.values():
            self.rows.most(held, 1)

    def _add_capacity(self, r: int) -> None:
        """One row for each weekday that can bind: not those whose children all come on another day too."""
        days: dict[int, set[int]] = {}
        for j in self.in_run[r]:
            for day in self.problem.children[self.columns[j][0]].weekdays:
                days.setdefault(day, set()).add(j)
        most = self.problem.classes[r].capacity
        different = {frozenset(held) for held in days.values()}
        binding = [d for d in different if len(d) > most and not any(d < other for other in different)]
        if binding:
            self.room_row[r] = len(self.rows.low)
        if len(binding) == 1:
            self.rows.most(sorted(binding[0]), most)
        elif binding:
            self.peak_of[r] = self._add_peak(sorted(map(sorted, binding)), most)

    def _add_peak(self, days: list[list[int]], most: int) -> int:
        always = set(days[0]).intersection(*days)
        k = self._column(-1, 0, -1, -1, -1)
        self.peaks[k] = most, [[j for j in day if j not in always] for day in days]
        self.rows.most([*sorted(always), k], most)
        for held in self.peaks[k][1]:
            self.rows.add([*held, k], [1] * len(held) + [-1], high=0)
        return k

    def _add_minimum(self, r: int) -> None:
        """Open with enough children, or shut; a run with a kept child is open whatever its number."""
        run, held = self.problem.classes[r], self.in_run[r]
        wishing: dict[int, list[int]] = {}
        for j in held:
            wishing.setdefault(self.columns[j][0], []).append(j)
        if run.min_to_open < 2 or run.id in self.problem.kept_runs or not held:
            return
        if len(wishing) < run.min_to_open:
            self.shut.update(held)
            return
        z = self.open_column[r] = self._column(-1, 0, -1, -1, r)
        late = run.id not in self.risky
        self.least_row[r] = len(self.rows.low)
        self.rows.add([*held, z], [1] * len(held) + [-run.min_to_open], low=0, late=late)
        for mine in wishing.values():
            self.rows.add([*mine, z], [1] * len(mine) + [-1], high=0, late=late)

    def _add_families(self) -> None:
        """A column for each meeting point of a family; with together-or-none the family meets or has no place."""
        index = {c.id: i for i, c in enumerate(self.problem.children)}
        must = self.problem.policy.families == REQUIRE
        begin = len(self.rows.low)
        for names in self.problem.families.values():
            children = [index[name] for name in names]
            points = {p: self._column(-1, 0, -1, -1, -1) for p in sorted(self.problem.meeting_points(names))}
            self.rows.most(list(points.values()), 1)
            for i in children:
                self._tie(i, points, must=must)
        self.wishful_rows = [] if must else list(range(begin, len(self.rows.low)))

    def _tie(self, i: int, points: dict[tuple[str, int], int], *, must: bool) -> None:
        options = self.problem.options[self.problem.children[i].id]
        firsts: dict[tuple[str, int], list[int]] = {p: [] for p in points}
        for (seat, at), j in self.of_child[i].items():
            run = self.problem.class_run[options[at].class_run]
            if seat == 1 and (run.site, run.term) in points:
                firsts[run.site, run.term].append(j)
            elif seat == 1 and must:
                self.shut.add(j)
        for p, held in firsts.items():
            self.points.setdefault(points[p], []).append(held)
            self.rows.add([*held, points[p]], [1] * len(held) + [-1], low=0, high=0 if must else INFINITE)
        if must:
            self._put_in_order(i)

    def _put_in_order(self, i: int) -> None:
        """A later seat only behind a better one: here labels are not free, as the first place binds the family."""
        mine = self.of_child[i]
        for seat in range(2, max((s for s, _ in mine), default=1) + 1):
            for at in sorted(o for s, o in mine if s == seat):
                later = [j for (s, o), j in mine.items() if s == seat and o <= at]
                before = [j for (s, o), j in mine.items() if s == seat - 1 and o < at]
                self.rows.add(later + before, [1] * len(later) + [-1] * len(before), high=0)

    def gain(self, key: Key) -> Array:
        """What each column adds to a level: 0 or 1."""
        counts = self.rank == key.rank if key.rank else self.child >= 0
        return (counts & (self.tier == key.tier) & (self.seat == key.seat)).astype(np.int64)

    def complete(self, x: Array) -> Array:
        """The same places with the columns of open runs, peaks and meeting points as they must be."""
        x = x.copy()
        for k, (_, days) in self.peaks.items():
            x[k] = max(int(x[held].sum()) for held in days)
        is_child = self.child >= 0
        busy = np.bincount(self.run[is_child], x[is_child], minlength=len(self.in_run)) > 0
        for r, z in self.open_column.items():
            x[z] = busy[r]
        for w, seats in self.points.items():
            x[w] = all(any(x[j] for j in held) for held in seats)
        return x
