"""How much each volunteer could win at most by changing: who need not be tried.

Put a price on each point of safety and of the programme. In any roster in which only some people K differ from the
entries that are left,

    price · (safety, programme)  ≥  Σ price of what is missing now  −  Σ over K of what each wins,

and what one wins alone is the worth of one's best week, less that of the present one. In that week what is missing is
worth its price, what one holds oneself is worth what would be missing without it, and what others hold is worth
nothing, because they stay. Each further point of a shortage wins no more than the one before (the shortage is convex
in what covers it), so that counting every entry by itself never counts too little. The best week of all volunteers is
found at once: duties in segments that follow each other closely are at one site, a week has at most `max_segments`
segments, every other rule is left out. Where two people change, each may also take what the other leaves.
"""

from __future__ import annotations

from typing import Any

from scheduler.roster.repair.table import FIRM, NEVER, Prices, Table

MARGIN = 1e-6


class Weeks:
    """The best week of everybody who changes alone, and what each would win by it.

    What one holds oneself is worth its price in full; what others hold is worth nothing, for they stay.
    """

    def __init__(self, table: Table, prices: Prices) -> None:
        self.table, self.prices = table, prices
        self._value_entries()
        self.steps = [self._day(*day) for day in table.days]
        self.best = self._weeks()
        self.present = self._present()
        self.gain = self.best - self.present
        self.gain[table.unbounded] = 1e6

    def _value_entries(self) -> None:
        import numpy as np

        table, p = self.table, self.prices
        shape = (len(table.volunteers), len(table.segments))
        lesson = p.lesson[table.option_class, table.option_slot]
        domain = p.domain[table.option_class, table.option_domain]
        is_own, is_open = table.option_owner == table.person[table.option_row], table.option_owner < 0
        own = p.programme + domain + FIRM * table.is_twin[table.option_row]
        self.option = np.where(is_open, lesson + domain, np.where(is_own, own, 0.0))
        self.visit = np.zeros(shape)
        beside = np.zeros((len(table.pair_row), shape[1]))
        if len(self.option):
            self.taught = np.maximum.reduceat(self.option, table.class_start)
            np.add.at(self.visit, tuple(table.visit_at.T), np.maximum.reduceat(self.taught, table.slot_start))
            if len(table.beside):
                np.add.at(beside, (table.beside[:, 1], table.beside[:, 2]), self.taught[table.beside[:, 0]])
        adults = (p.need + p.least)[table.pair_class] * table.adult[table.pair_row][:, None]
        worth = adults + table.may_lead * p.lead[table.pair_class] + beside
        worth[table.own_pair, table.own_column] += p.safety * table.own_worth + table.own_firm
        self.worth = np.where(table.may, worth, NEVER)
        self.place = np.maximum.reduceat(self.worth, table.place_start) if len(self.worth) else self.worth

    def _day(self, blocks: list[list[int]], patterns: list[tuple[tuple[int, ...], tuple[int, ...]]]) -> Any:
        """The worth of each block of segments at one site, and of each pattern of a day: (V, patterns)."""
        import numpy as np

        table = self.table
        value = np.full((len(table.volunteers), len(blocks)), NEVER)
        if len(table.rows):
            for b, block in enumerate(blocks):
                sums = self.place[:, block].sum(axis=1)
                value[table.rows, b] = np.maximum.reduceat(sums, table.row_start)
        totals = np.stack(
            [value[:, list(at)].sum(axis=1) + self.visit[:, list(free)].sum(axis=1) for at, free in patterns], axis=1
        )
        return totals, [sum(len(blocks[b]) for b in at) + len(free) for at, free in patterns]

    def _weeks(self) -> Any:
        """A knapsack over the days, everybody at once."""
        import numpy as np

        capacity = self.table.capacity
        size = int(capacity.max(initial=0)) + 1
        best = np.where(np.arange(size)[None, :] == 0, 0.0, NEVER) * np.ones((len(capacity), 1))
        for totals, loads in self.steps:
            new = best.copy()
            for n in sorted({load for load in loads if load < size}):
                worth = totals[:, [k for k, load in enumerate(loads) if load == n]].max(axis=1)
                new[:, n:] = np.maximum(new[:, n:], best[:, : size - n] + worth[:, None])
            best = new
        return np.where(np.arange(size)[None, :] <= capacity[:, None], best, NEVER).max(axis=1)

    def segment_worth(self) -> Any:
        """The best of each segment by itself: (V, S)."""
        import numpy as np

        table = self.table
        best = np.zeros((len(table.volunteers), len(table.segments)))
        if len(table.rows):
            best[table.rows] = np.maximum.reduceat(self.place, table.row_start).clip(0)
        return np.maximum(best, self.visit)

    def beside(self, u: int, segment: Any) -> Any:
        """What everybody could win beside `u`, taking what `u` leaves, with any way between sites: (V,)."""
        import numpy as np

        table, p = self.table, self.prices
        width, slots = len(table.segments), len(table.slots)
        worth = segment.copy()
        cells = np.flatnonzero(table.held[u] + table.led_by[u])
        for cell in cells:
            s = cell % width
            taken = p.safety * (
                table.may_cell[:, cell] * table.held[u, cell] + table.lead_cell[:, cell] * table.led_by[u, cell]
            )
            worth[:, s] = np.where(taken > 0, np.maximum(worth[:, s], taken + self.visit[:, s]), worth[:, s])
        if p.programme:
            for cell in np.flatnonzero(table.gives[u]):
                worth[:, table.within[cell % slots]] += p.programme * 2 * table.able[:, cell]
        order = -np.sort(-worth, axis=1)
        total = np.where(np.arange(width)[None, :] < table.capacity[:, None], order, 0.0).sum(axis=1)
        return total - self.present

    def _present(self) -> Any:
        """What the present entries of each are worth."""
        import numpy as np

        table, p = self.table, self.prices
        now = np.zeros(len(table.volunteers))
        v, c, s = table.now_duty.T
        held = (p.need + p.least)[c, s] * table.adult[v] + p.safety * table.now_worth
        np.add.at(now, v, held + table.now_firm)
        v, c, _, d = table.now_lesson.T
        np.add.at(now, v, p.domain[c, d] + p.programme + FIRM * table.is_twin[v])
        return now
