"""The best week of everybody under prices of rows, all at once, and what such weeks take from each row.

In any roster in which only the people K differ from the entries that are left, what is won of the two levels is at
most Σ over K of (the best week − the present week) under any prices that `Rows.box` allows: the price of a row times
the change of its count is at least what the change wins, and the sum over rows is the sum over people. The rules of one
person's week are kept as far as `Board` knows them, rules between people where a full row has a price, and none is
added: a best week is never too small.
"""

from __future__ import annotations

from typing import Any

from scheduler.roster.repair.board import Board
from scheduler.roster.repair.table import starts

NEVER = -1e9


class Best:
    """The best weeks under one vector of prices."""

    def __init__(self, board: Board, prices: Any) -> None:
        import numpy as np

        self.board, self.prices = board, prices
        self._value_units()
        self.steps = [self._day(*day) for day in board.days]
        self._knapsack()
        entries = board.rows.entries
        self.present = board.firm + np.bincount(entries[:, 0], prices[entries[:, 1]], len(board.volunteers))
        self.gain = np.maximum(0.0, self.best - self.present)

    def _value_units(self) -> None:
        """What each unit of time is worth at each place: (places, segments + slots + slots)."""
        import numpy as np

        b, rows = self.board, self.board.rows
        width, slots = len(rows.segments), len(rows.slots)
        units = np.full((len(b.place_row), width + 2 * slots), NEVER)
        beside = np.zeros((len(b.pair), width))
        priced = np.append(self.prices, 0.0)
        self.option = priced[b.option[:, 3:]].sum(axis=1) + b.firm_option
        self.head = np.maximum.reduceat(self.option, b.head_start) if len(b.head_start) else np.zeros(0)
        visits = b.adult[b.head[:, 0]]
        np.maximum.at(units, (b.head_place[visits], width + b.head[visits, 1]), self.head[visits])
        units[:, width + slots :] = np.maximum(0.0, units[:, width : width + slots])
        goes = b.head_pair >= 0
        np.add.at(beside, (b.head_pair[goes], b.within[b.head[goes, 1]]), np.maximum(0.0, self.head[goes]))
        self.duty = np.where(b.may, self._duties() + beside, NEVER)
        if len(b.pair):
            units[b.place_of_pair[b.pair_start], :width] = np.maximum.reduceat(self.duty, b.pair_start)
        self.units = units

    def _duties(self) -> Any:
        import numpy as np

        b, rows = self.board, self.board.rows
        shape, c = (len(rows.classes), len(rows.segments)), b.pair[:, 2]
        adults = self.prices[: rows.lead].reshape(shape)
        leads = np.maximum(0.0, self.prices[rows.lead : rows.lesson]).reshape(shape)
        return adults[c] * b.adult[b.pair[:, 0]][:, None] + b.may_lead * leads[c] + b.firm_duty

    def _day(self, blocks: list[Any], patterns: list[Any]) -> Any:
        """The worth of each pattern of a day: (people, patterns)."""
        import numpy as np

        b = self.board
        value = np.full((len(b.volunteers), len(blocks)), NEVER)
        if len(b.row_start):
            for k, block in enumerate(blocks):
                sums = self.units[:, list(block)].sum(axis=1)
                value[b.place_row[b.row_start], k] = np.maximum.reduceat(sums, b.row_start)
        if not patterns:
            return np.zeros((len(b.volunteers), 0))
        return np.stack([value[:, list(at)].sum(axis=1) for _, at in patterns], axis=1)

    def _knapsack(self) -> None:
        """Segments engaged are shared among the days, for everybody at once."""
        import numpy as np

        capacity = self.board.capacity
        size = int(capacity.max(initial=0)) + 1
        best = np.where(np.arange(size)[None, :] == 0, 0.0, NEVER) * np.ones((len(capacity), 1))
        self.before = []
        for (_, patterns), totals in zip(self.board.days, self.steps, strict=True):
            self.before.append(best)
            new = best.copy()
            for n in sorted({load for load, _ in patterns if load < size}):
                worth = totals[:, [k for k, (load, _) in enumerate(patterns) if load == n]].max(axis=1)
                new[:, n:] = np.maximum(new[:, n:], best[:, : size - n] + worth[:, None])
            best = new
        self.final = np.where(np.arange(size)[None, :] <= capacity[:, None], best, NEVER)
        self.best = self.final.max(axis=1)

    def takes(self, who: Any) -> Any:
        """(person, row) of all that the best weeks of these people (a mask) hold."""
        import numpy as np

        place, unit = self._chosen(who)
        width, slots = len(self.board.rows.segments), len(self.board.rows.slots)
        on_duty = unit < width
        visit = np.where(unit < width + slots, unit, unit - slots) - width
        goes = ~on_duty & ((unit < width + slots) | (self.units[place, unit] > 0))
        pair, s = self._pairs(place[on_duty], unit[on_duty])
        lessons = self._lessons(pair, s, place[goes], visit[goes])
        return np.concatenate([self._duty_rows(pair, s), lessons])

    def _chosen(self, who: Any) -> tuple[Any, Any]:
        """(place, unit) of all that these people do: the knapsack backwards, day by day."""
        import numpy as np

        b = self.board
        people = np.arange(len(b.volunteers))
        left = self.final.argmax(axis=1)
        places, units = [np.zeros(0, dtype=np.int64)], [np.zeros(0, dtype=np.int64)]
        for (blocks, patterns), totals, before in zip(b.days[::-1], self.steps[::-1], self.before[::-1], strict=True):
            loads = np.array([0, *(load for load, _ in patterns)])
            then = left[:, None] - loads[None, :]
            worth = np.concatenate([np.zeros((len(people), 1)), totals], axis=1)
            ways = np.where(then >= 0, before[people[:, None], np.maximum(then, 0)] + worth, 9 * NEVER)
            taken = ways.argmax(axis=1)
            left = left - loads[taken]
            for k, block in enumerate(blocks):
                has = np.array([False, *(k in at for _, at in patterns)])
                found = self._best_place(block, who & has[taken])
                for unit in block:
                    places.append(found)
                    units.append(np.full(len(found), unit))
        return np.concatenate(places), np.concatenate(units)

    def _best_place(self, block: Any, who: Any) -> Any:
        """The place at which each of these people spends a block."""
        import numpy as np

        at = np.flatnonzero(who[self.board.place_row])
        if not len(at):
            return at
        row, sums = self.board.place_row[at], self.units[at][:, list(block)].sum(axis=1)
        first = starts(row)
        best = np.repeat(np.maximum.reduceat(sums, first), np.diff(np.append(first, len(row))))
        hit = np.flatnonzero(sums >= best)
        return at[hit[starts(row[hit])]]

    def _pairs(self, place: Any, s: Any) -> tuple[Any, Any]:
        """The pair of each duty, where several do the first, and its segment."""
        import numpy as np

        b, width = self.board, len(self.board.rows.segments)
        wanted = np.zeros((len(b.place_row), width), dtype=bool)
        wanted[place, s] = True
        pair, column = np.nonzero(wanted[b.place_of_pair] & (self.duty >= self.units[b.place_of_pair, :width]))
        _, first = np.unique(b.place_of_pair[pair] * width + column, return_index=True)
        return pair[first], column[first]

    def _duty_rows(self, pair: Any, s: Any) -> Any:
        import numpy as np

        b, rows = self.board, self.board.rows
        v, row = b.pair[pair, 0], b.pair[pair, 2] * len(rows.segments) + s
        adult = b.adult[v]
        lead = (b.may_lead[pair, s] > 0) & (self.prices[row + rows.lead] > 0)
        return np.concatenate([np.c_[v[adult], row[adult]], np.c_[v[lead], row[lead] + rows.lead]])

    def _lessons(self, pair: Any, s: Any, place: Any, slot: Any) -> Any:
        """(person, row) of the lessons beside duties that are worth anything, and of visits."""
        import numpy as np

        b, rows = self.board, self.board.rows
        held = np.zeros((len(b.pair) + 1, len(rows.segments)), dtype=bool)
        held[pair, s] = True  # The last line stands for heads without a pair and stays empty.
        beside = np.flatnonzero(held[b.head_pair, b.within[b.head[:, 1]]] & (self.head > 0))
        width = len(rows.segments)
        wanted = np.zeros((len(b.place_row), len(rows.slots)), dtype=bool)
        wanted[place, slot] = True
        is_best = self.head >= self.units[b.head_place, width + b.head[:, 1]]
        visits = np.flatnonzero(wanted[b.head_place, b.head[:, 1]] & is_best)
        _, first = np.unique(b.head_place[visits] * len(rows.slots) + b.head[visits, 1], return_index=True)
        chosen = np.zeros(len(b.head) + 1, dtype=bool)
        chosen[beside] = chosen[visits[first]] = True
        at = np.flatnonzero(chosen[b.head_of_option])
        at = at[self.option[at] >= self.head[b.head_of_option[at]]]
        options = b.option[at[starts(b.head_of_option[at])]]
        pairs = np.concatenate([options[:, [0, k]] for k in range(3, 8)])
        return pairs[pairs[:, 1] >= 0]
