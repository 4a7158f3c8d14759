"""What bounds on single people need to know of a damaged week, as arrays.

C classes, S open segments in order, T open slots, D domains, V volunteers; a *pair* is a volunteer and a class with a
permitted duty, a *place* a volunteer and a site, an *option* a volunteer's permitted lesson without course and room.

Behind the volunteers stand *twins* of those who lost something and need not change: a twin keeps what is left to its
person and may only do more. What those people can win without being disturbed is what their twins can.
"""

from __future__ import annotations

from collections import defaultdict
from copy import copy
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from scheduler.roster.repair.patterns import patterns_by_day
from scheduler.roster.repair.scene import Scene

NEVER = -1e9
FIRM = 1e4
"""What each entry is worth to a twin who keeps it, beyond its price: more than any week can win."""


@dataclass
class Prices:
    """On a missing adult up to the need, up to the minimum, a lead (class, segment), a lesson, a domain's lesson.

    `safety` and `programme` are what a point of each level is worth; the arrays hold 0 where nothing is missing.
    """

    need: Any
    least: Any
    lead: Any
    lesson: Any
    domain: Any
    safety: float
    programme: float

    def each(self) -> tuple[Any, ...]:
        """The five arrays."""
        return (self.need, self.least, self.lead, self.lesson, self.domain)

    def dot(self, other: Prices) -> float:
        """The inner product of the arrays."""
        return float(sum((p * q).sum() for p, q in zip(self.each(), other.each(), strict=True)))


class Table:
    """All that prices need to know of a scene, as arrays: C classes, S open segments, T slots, D domains, V people."""

    def __init__(self, scene: Scene) -> None:
        self.scene, self.problem = scene, scene.problem
        problem = self.problem
        self.volunteers, self.row, self.twin = with_twins(scene)
        opened = [s for s in problem.segments if scene.is_open(s.id)]
        self.segments = sorted(opened, key=lambda s: (s.weekday, s.start, s.end))
        self.column = {s.id: i for i, s in enumerate(self.segments)}
        self.slots = [t.id for t in problem.slots if t.segment in self.column]
        self.slot = {t: i for i, t in enumerate(self.slots)}
        self.classes = {c.id: i for i, c in enumerate(problem.classes)}
        names = {k.domain for k in problem.courses} | set(problem.policy.domain_minimums)
        self.domains = {d: i for i, d in enumerate(sorted(names))}
        self.days = patterns_by_day(problem, self.segments, self.column)
        self._list_duties()
        self._list_lessons()
        self._list_present()

    def after(self, scene: Scene) -> Table:
        """The same permitted choices beside another roster."""
        other = copy(self)
        other.scene = scene
        other._list_present()
        other._list_left()
        return other

    def _list_duties(self) -> None:
        """Pairs (volunteer, class) sorted by volunteer and site, and the segments in which each is permitted."""
        import numpy as np

        problem, width, many = self.problem, len(self.segments), len(self.classes)
        place = {s: i for i, s in enumerate(sorted(problem.site))}
        found = []  # row, site, class, segment, lead
        for (c, s), who in self.scene.choices.duty.items():
            if (k := self.column.get(s)) is not None and who:
                at = np.full((len(who), 5), (0, place[problem.class_run[c].site], self.classes[c], k, 0))
                at[:, 0], at[:, 4] = [self.row[v] for v in who], [*who.values()]
                found.append(at)
        listed = self._with_twins(np.concatenate(found) if found else np.zeros((0, 5), dtype=np.int64))
        key = (listed[:, 0] * len(place) + listed[:, 1]) * many + listed[:, 2]
        pairs, first, at = np.unique(key, return_index=True, return_inverse=True)
        self.pair_row, self.pair_class = listed[first, 0], listed[first, 2]
        self.may, self.may_lead = np.zeros((len(pairs), width), dtype=bool), np.zeros((len(pairs), width))
        self.may[at, listed[:, 3]], self.may_lead[at, listed[:, 3]] = True, listed[:, 4]
        self.pair = {
            (v, j): i for i, (v, j) in enumerate(zip(self.pair_row.tolist(), self.pair_class.tolist(), strict=True))
        }
        self.place_start = starts(pairs // many)
        self.place_row = self.pair_row[self.place_start]
        self.row_start = starts(self.place_row)
        self.rows = self.place_row[self.row_start]
        self.adult = np.array([float(problem.volunteer[v].adult) for v in self.volunteers])

    def _with_twins(self, listed: Any) -> Any:
        """The lines (person first) with those of twins behind."""
        import numpy as np

        twins = [listed[listed[:, 0] == v] for v in self.twin]
        for lines, twin in zip(twins, self.twin.values(), strict=True):
            lines[:, 0] = twin
        return np.concatenate([listed, *twins])

    def _list_lessons(self) -> None:
        """Options (volunteer, slot, class, domain), and where those of one class, and of one slot, begin."""
        import numpy as np

        domain = {k.id: self.domains[k.domain] for k in self.problem.courses}
        found = []
        for (c, t), keys in self.scene.choices.lesson.items():
            if (i := self.slot.get(t)) is not None and keys:
                at = np.full((len(keys), 4), (0, i, self.classes[c], 0))
                at[:, 0], at[:, 3] = [self.row[k[3]] for k in keys], [domain[k[2]] for k in keys]
                found.append(at)
        table = np.concatenate(found) if found else np.zeros((0, 4), dtype=np.int64)
        table = self._with_twins(table)
        shape = (len(self.volunteers), max(1, len(self.slots)), len(self.classes), len(self.domains))
        table = np.stack(np.unravel_index(np.unique(np.ravel_multi_index(tuple(table.T), shape)), shape), axis=1)
        self.option_row = table[:, 0]
        self.option_slot, self.option_class, self.option_domain = table[:, 1], table[:, 2], table[:, 3]
        heads = (self.option_row * len(self.slots) + self.option_slot) * len(self.classes) + self.option_class
        self.class_start = starts(heads)
        self.slot_start = starts(heads[self.class_start] // len(self.classes))
        self.within = np.array([self.column[self.problem.slot[t].segment] for t in self.slots], dtype=np.int64)
        row, slot, run = table[self.class_start, :3].T
        self.visit_at = np.stack([row[self.slot_start], self.within[slot[self.slot_start]]], axis=1)
        pair = np.array([self.pair.get(at, -1) for at in zip(row.tolist(), run.tolist(), strict=True)], dtype=np.int64)
        known = np.flatnonzero(pair >= 0)
        self.beside = np.stack([known, pair[known], self.within[slot[known]]], axis=1)

    def _list_present(self) -> None:
        """The open entries that people have now, and what is wanting beside them."""
        import numpy as np

        base = self.scene.damage.base
        duties = [d for d in base.duties if d.segment in self.column]
        lessons = [x for x in base.lessons if x.slot in self.slot]
        held = [
            (v, self.classes[d.class_run], self.column[d.segment], float(d.role == "lead"))
            for d in duties
            for v in self._selves(d.volunteer)
        ]
        self.now_duty = np.array([d[:3] for d in held], dtype=np.int64).reshape(-1, 3)
        self.now_lead = np.array([d[3] for d in held])
        taught = [
            (v, self.classes[x.class_run], self.slot[x.slot], self._domain(x))
            for x in lessons
            for v in self._selves(x.instructor)
        ]
        self.now_lesson = np.array(taught, dtype=np.int64).reshape(-1, 4)
        self.capacity = np.array([self._capacity(v) for v in self.volunteers], dtype=np.int64)
        self.wanting = self._wanting()
        self._price_present()

    def _price_present(self) -> None:
        """What is lost with each present duty beyond prices: where just enough is there, all of a point.

        Lessons are treated alike, but not domains: another lesson of the class may make up for one that is left.
        """
        import numpy as np

        w = self.wanting
        v, c, s = self.now_duty.T
        just = ((w.need == 0) * self.mask.need + (w.least == 0) * self.mask.least)[c, s] * self.adult[v]
        self.now_worth = just + self.now_lead * self.mask.lead[c, s]
        pairs = [self.pair.get((int(a), int(b)), -1) for a, b in zip(v, c, strict=True)]
        known = [i for i, n in enumerate(pairs) if n >= 0]
        self.own_pair = np.array([pairs[i] for i in known], dtype=np.int64)
        self.own_column, self.own_worth, self.own_firm = s[known], self.now_worth[known], FIRM * self.is_twin[v[known]]
        self.now_firm = np.zeros(len(v))
        self.now_firm[known] = self.own_firm
        v, c, t, _ = self.now_lesson.T
        owner = np.full((len(self.classes), max(1, len(self.slots))), -1)
        owner[c, t] = self.person[v]
        self.option_owner = owner[self.option_class, self.option_slot]

    def _selves(self, v: str) -> tuple[int, ...]:
        """The rows of a volunteer: with the twin's, where there is one."""
        row = self.row[v]
        return (row, self.twin[row]) if row in self.twin else (row,)

    @cached_property
    def person(self) -> Any:
        """The row of the person whom each row stands for: a twin's is another."""
        import numpy as np

        return np.array([self.row[v] for v in self.volunteers], dtype=np.int64)

    @cached_property
    def is_twin(self) -> Any:
        """Which rows are twins."""
        import numpy as np

        return self.person != np.arange(len(self.volunteers))

    def _domain(self, lesson: Any) -> int:
        return self.domains[self.problem.course[lesson.course].domain]

    def _capacity(self, v: str) -> int:
        """Open segments that are left to a volunteer."""
        frozen, problem = self.scene.damage.frozen, self.problem
        past = {d.segment for d in frozen.duties_of.get(v, ())}
        past |= {problem.slot[x.slot].segment for x in frozen.lessons_of.get(v, ())}
        return max(0, min(len(self.segments), problem.volunteer[v].max_segments - len(past)))

    @cached_property
    def unbounded(self) -> list[int]:
        """People with a pin that waives a rule: no bound is sought for them."""
        pins = self.problem.pins
        names = {d.volunteer for d, waives in pins.duties if waives}
        names |= {x.instructor for x, waives in pins.lessons if waives}
        return sorted(row for v in names for row in self._selves(v))

    def _wanting(self) -> Prices:
        """Wanted less covered, in every open cell; 0 where nothing is wanted."""
        import numpy as np

        problem, scene = self.problem, self.scene
        cells = (len(self.classes), len(self.segments))
        need, least, lead = np.zeros(cells), np.zeros(cells), np.zeros(cells)
        lesson = np.zeros((len(self.classes), len(self.slots)))
        domain = np.zeros((len(self.classes), len(self.domains)))
        for c in problem.classes:
            j = self.classes[c.id]
            for s in c.segments:
                if (k := self.column.get(s)) is not None:
                    adults = scene.adults[c.id, s]
                    need[j, k], least[j, k] = problem.need(c) - adults, problem.policy.min_adults - adults
                    lead[j, k] = float((c.id, s) not in scene.led)
            for t in c.slots:
                if t in self.slot:
                    lesson[j, self.slot[t]] = float((c.id, t) not in scene.taught)
            given: dict[str, int] = defaultdict(int)
            for x in scene.damage.base.lessons_in.get(c.id, ()):
                given[problem.course[x.course].domain] += 1
            for d, n in problem.minimums(c).items():
                domain[j, self.domains[d]] = n - given[d]
        self.mask = self._mask()
        return Prices(need, least, lead, lesson, domain, 0.0, 0.0)

    def _mask(self) -> Prices:
        """1 where a price may stand: the class comes there, and something is wanted at all."""
        import numpy as np

        cells = (len(self.classes), len(self.segments))
        need, least, lead = np.zeros(cells), np.zeros(cells), np.zeros(cells)
        lesson = np.zeros((len(self.classes), len(self.slots)))
        domain = np.zeros((len(self.classes), len(self.domains)))
        for c in self.problem.classes:
            j = self.classes[c.id]
            columns = [self.column[s] for s in c.segments if s in self.column]
            need[j, columns], least[j, columns], lead[j, columns] = 1.0, 1.0, 1.0
            lesson[j, [self.slot[t] for t in c.slots if t in self.slot]] = 1.0
            domain[j, [self.domains[d] for d in self.problem.minimums(c)]] = 1.0
        return Prices(need, least, lead, lesson, domain, 0.0, 0.0)

    def opening(self, safety: float, programme: float) -> Prices:
        """All of a point on everything that is missing."""
        most = (*(safety,) * 3, *(programme,) * 2)
        parts = zip(most, self.wanting.each(), self.mask.each(), strict=True)
        need, least, lead, lesson, domain = ((w > 0) * k * m for k, w, m in parts)
        return Prices(need, least, lead, lesson, domain, safety, programme)

    def takeover(self) -> tuple[Any, Any]:
        """What each (row) might win, of safety and of the programme, by taking what each other (column) leaves."""
        import numpy as np

        n, cells = len(self.volunteers), len(self.classes) * len(self.segments)
        width = len(self.segments)
        may, lead = (np.zeros((n, cells), dtype=np.float32) for _ in range(2))
        pair, s = np.nonzero(self.may)
        at = self.pair_class[pair] * width + s
        row = self.pair_row[pair]
        may[row, at], lead[row, at] = self.adult[row], self.may_lead[pair, s]
        able = np.zeros((n, len(self.classes) * len(self.slots)), dtype=np.float32)
        able[self.option_row, self.option_class * len(self.slots) + self.option_slot] = 1
        self.may_cell, self.lead_cell, self.able = may, lead, able
        self._list_left()
        other = self.person[:, None] != self.person[None, :]  # What one leaves oneself is in one's own best week.
        return (may @ self.held.T + lead @ self.led_by.T) * other, (able @ self.gives.T) * other

    def _list_left(self) -> None:
        """What each would leave, by cell: an adult, a lead, a lesson."""
        import numpy as np

        n, width = len(self.volunteers), len(self.segments)
        held, led = (np.zeros((n, len(self.classes) * width), dtype=np.float32) for _ in range(2))
        v, c, s = self.now_duty.T
        held[v, c * width + s] = self.now_worth - self.now_lead * self.mask.lead[c, s]
        led[v, c * width + s] = self.now_lead
        gives = np.zeros((n, len(self.classes) * len(self.slots)), dtype=np.float32)
        v, c, t, _ = self.now_lesson.T
        gives[v, c * len(self.slots) + t] = 2
        self.held, self.led_by, self.gives = held, led, gives


def with_twins(scene: Scene) -> tuple[list[str], dict[str, int], dict[int, int]]:
    """Names of the rows, the row of each volunteer, and by row that of the twin, where there is one."""
    names = [v.id for v in scene.problem.volunteers]
    row = {v: i for i, v in enumerate(names)}
    staying = sorted(row[v] for v in scene.damage.exempt - scene.damage.forced if v in row)
    twin = {v: len(names) + i for i, v in enumerate(staying)}
    return names + [names[v] for v in staying], row, twin


def starts(keys: Any) -> Any:
    """Where each run of equal neighbours begins in a sorted array."""
    import numpy as np

    return np.flatnonzero(np.r_[True, keys[1:] != keys[:-1]]) if len(keys) else np.zeros(0, dtype=np.int64)
