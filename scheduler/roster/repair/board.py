"""The permitted weeks of everybody as arrays: which rows each choice counts in, and what may follow what on a day.

A *pair* is a person and a class with a permitted duty, an *option* a person's permitted lesson, a *head* the options
of one person, slot and class, a *place* a person and a site. Units of time are segments (duties), slots (visits)
and slots again (a visit or nothing).
"""

from __future__ import annotations

import itertools
import math
from collections import defaultdict

from scheduler.roster.problem import Segment, Slot
from scheduler.roster.repair.rows import Rows
from scheduler.roster.repair.scene import Scene
from scheduler.roster.repair.table import FIRM, starts, with_twins

MOST_IN_PATTERN = 4
Block = tuple[int, ...]


class Board:
    """All that the best weeks of people under prices depend on."""

    def __init__(self, scene: Scene) -> None:
        import numpy as np

        self.scene, self.problem, self.rows = scene, scene.problem, Rows(scene)
        self.volunteers, self.row, self.twin = with_twins(scene)
        self.adult = np.array([self.problem.volunteer[v].adult for v in self.volunteers], dtype=bool)
        self.capacity = np.array([self._capacity(v) for v in self.volunteers], dtype=np.int64)
        self._list_options()
        self._list_pairs()
        self._list_places()
        self._list_heads()
        self.rows.finish(self.row, self.twin)
        self.days = self._list_days()
        self._list_firm()

    def _capacity(self, v: str) -> int:
        """Open segments that are left to a volunteer."""
        frozen, problem = self.scene.damage.frozen, self.problem
        past = {d.segment for d in frozen.duties_of.get(v, ())}
        past |= {problem.slot[x.slot].segment for x in frozen.lessons_of.get(v, ())}
        return max(0, min(len(self.rows.segments), problem.volunteer[v].max_segments - len(past)))

    def _list_options(self) -> None:
        """Person, slot and class of each option, and its five rows; −1 where it needs no room."""
        import numpy as np

        listed: list[tuple[int, ...]] = []
        for (c, t), keys in self.scene.choices.lesson.items():
            if t in self.rows.slot:
                head, known = (self.rows.slot[t], self.rows.classes[c]), {}
                for _, _, course, v, room in keys:
                    if (course, room) not in known:
                        rows = self.rows.of_lesson(c, t, course, room)
                        known[course, room] = (*head, rows[-1], *rows[:3], rows[3] if room is not None else -1)
                    listed.append((self.row[v], *known[course, room]))
        listed += [(self.twin[v], *rest) for v, *rest in listed if v in self.twin]
        listed.sort()
        self.option = np.array(listed, dtype=np.int64).reshape(-1, 8)

    def _list_pairs(self) -> None:
        """Person, site and class of each pair, and in which segments its duty is permitted, and as lead."""
        import numpy as np

        may: dict[tuple[int, int, int], list[tuple[int, bool]]] = defaultdict(list)
        site = {s.id: i for i, s in enumerate(self.problem.sites)}
        for (c, s), who in self.scene.choices.duty.items():
            if (k := self.rows.column.get(s)) is not None:
                at = site[self.problem.class_run[c].site], self.rows.classes[c]
                for v, lead in who.items():
                    may[self.row[v], *at].append((k, lead))
        may |= {(self.twin[v], a, c): found for (v, a, c), found in may.items() if v in self.twin}
        listed = sorted(may)
        self.pair = np.array(listed, dtype=np.int64).reshape(-1, 3)
        shape = (len(listed), len(self.rows.segments))
        self.may, self.may_lead = np.zeros(shape, dtype=bool), np.zeros(shape)
        for i, one in enumerate(listed):
            for k, lead in may[one]:
                self.may[i, k], self.may_lead[i, k] = True, float(lead)

    def _list_places(self) -> None:
        """Places in order of person and site, and the place of each pair and option."""
        import numpy as np

        number = {s.id: i for i, s in enumerate(self.problem.sites)}
        site = np.array([number[c.site] for c in self.problem.classes], dtype=np.int64)
        of_option = self.option[:, 0] * len(number) + site[self.option[:, 2]]
        of_pair = self.pair[:, 0] * len(number) + self.pair[:, 1]
        places = np.unique(np.concatenate([of_option, of_pair]))
        self.place_row = places // max(1, len(number))
        self.place_of_pair, self.place_of_option = np.searchsorted(places, of_pair), np.searchsorted(places, of_option)
        self.row_start = starts(self.place_row)
        self.pair_start = starts(self.place_of_pair)

    def _list_heads(self) -> None:
        """Person, slot and class of each head, its place, its options, and the pair beside whose duty it may stand."""
        import numpy as np

        o, width = self.option, len(self.rows.classes)
        key = (o[:, 0] * len(self.rows.slots) + o[:, 1]) * width + o[:, 2]
        self.head_start = starts(key)
        self.head, self.head_place = o[self.head_start, :3], self.place_of_option[self.head_start]
        self.head_of_option = np.cumsum(np.isin(np.arange(len(o)), self.head_start)) - 1
        pairs = self.pair[:, 0] * width + self.pair[:, 2]
        order = np.argsort(pairs)
        wanted = self.head[:, 0] * width + self.head[:, 2]
        at = np.searchsorted(pairs, wanted, sorter=order)
        found = order[np.minimum(at, len(order) - 1)] if len(order) else at
        is_there = (pairs[found] == wanted) if len(order) else np.zeros(len(at), dtype=bool)
        self.head_pair = np.where(is_there, found, -1)
        self.within = np.array([self.rows.column[t.segment] for t in self.rows.slots], dtype=np.int64)

    def _list_firm(self) -> None:
        """What twins are paid for what they keep: by pair and segment, by option, and all in all."""
        import numpy as np

        base, rows = self.scene.damage.base, self.rows
        self.firm_duty, self.firm_option = np.zeros(self.may.shape), np.zeros(len(self.option))
        self.firm = np.zeros(len(self.volunteers))
        pair = {(int(v), int(c)): i for i, (v, _, c) in enumerate(self.pair) if v >= len(self.problem.volunteers)}
        for v, twin in self.twin.items():
            for d in base.duties_of.get(self.volunteers[v], ()):
                at = pair.get((twin, rows.classes[d.class_run]))
                if at is not None and (s := rows.column.get(d.segment)) is not None:
                    self.firm_duty[at, s] = FIRM
                    self.firm[twin] += FIRM
            mine = np.flatnonzero(self.option[:, 0] == twin)
            for x in base.lessons_of.get(self.volunteers[v], ()):
                if x.slot in rows.slot:
                    where = self.option[mine, 1] == rows.slot[x.slot], self.option[mine, 2] == rows.classes[x.class_run]
                    self.firm_option[mine[where[0] & where[1]]] = FIRM
                    self.firm[twin] += FIRM * bool((where[0] & where[1]).any())

    def _list_days(self) -> list[tuple[list[Block], list[tuple[int, tuple[int, ...]]]]]:
        """For each weekday its blocks (units spent at one site) and patterns (segments engaged, blocks).

        Where segments overlap or are many, each is a day by itself, as if the others did not matter.
        """
        days = []
        for _, group in itertools.groupby(self.rows.segments, key=lambda s: s.weekday):
            day = list(group)
            is_plain = len(day) <= MOST_IN_PATTERN and all(b.start >= a.end for a, b in itertools.pairwise(day))
            days += [self._patterns(part) for part in ([day] if is_plain else [[s] for s in day])]
        return days

    def _patterns(self, day: list[Segment]) -> tuple[list[Block], list[tuple[int, tuple[int, ...]]]]:
        """Engagements that follow each other more closely than any way between sites are at one site."""
        close = math.ceil(self.problem.policy.travel_minutes_fixed - 1e-9)
        blocks: dict[Block, int] = {}
        patterns = []
        for chosen in itertools.product(*(self._ways(s) for s in day)):
            runs: list[list[int]] = []
            last = None
            for unit, span in itertools.chain.from_iterable(chosen):
                if last is not None and 0 <= span.start - last < close:
                    runs[-1].append(unit)
                else:
                    runs.append([unit])
                last = span.end
            if runs:
                load = sum(1 for way in chosen if way)
                patterns.append((load, tuple(blocks.setdefault(tuple(run), len(blocks)) for run in runs)))
        return list(blocks), patterns

    def _ways(self, s: Segment) -> list[list[tuple[int, Segment | Slot]]]:
        """A segment off, on duty, or with visits in some of its slots.

        Of many slots each is taken where it wins anything, as a unit of the third kind: a visit or nothing.
        """
        width, k = len(self.rows.segments), self.rows.column[s.id]
        ways: list[list[tuple[int, Segment | Slot]]] = [[], [(k, s)]]
        slots: list[tuple[int, Segment | Slot]] = [
            (width + j, t) for j, t in enumerate(self.rows.slots) if t.segment == s.id
        ]
        if len(slots) > MOST_IN_PATTERN:
            return [*ways, [(unit + len(self.rows.slots), t) for unit, t in slots]]
        for n in range(1, len(slots) + 1):
            ways += [list(some) for some in itertools.combinations(slots, n)]
        return ways
