"""What people compete for in a damaged week, as one long list of rows, and which prices each row may bear.

A row counts something: adults or leads of a class in a segment (safety), lessons of a class in a slot or in a domain
(programme), or what a hard rule limits (a course on a day and in the week of a class, a room in a slot). `held` is how
much of it the entries that are left hold. A price is what one more is worth. It may be anything from what one more
would win to what one less would lose: then what any change of the count wins is at most the price times the change,
because what is missing is convex in the count. A row that is full and may not be exceeded bears any price below 0.
"""

from __future__ import annotations

from typing import Any

from scheduler.roster.problem import Duty, Lesson
from scheduler.roster.repair.scene import Scene

SAFETY, PROGRAMME, LIMIT = 0, 1, 2
DEEPEST = 5.0  # how far below 0 the price of a full row may go, in points of the dearer level


class Rows:
    """The rows of a scene. Columns S are open segments in order of time, T open slots."""

    def __init__(self, scene: Scene) -> None:
        self.scene, self.problem = scene, scene.problem
        problem = self.problem
        opened = [s for s in problem.segments if scene.is_open(s.id)]
        self.segments = sorted(opened, key=lambda s: (s.weekday, s.start, s.end))
        self.column = {s.id: i for i, s in enumerate(self.segments)}
        slots = [t for t in problem.slots if t.segment in self.column]
        self.slots = sorted(slots, key=lambda t: (self.column[t.segment], t.start, t.end))
        self.slot = {t.id: i for i, t in enumerate(self.slots)}
        self.classes = {c.id: i for i, c in enumerate(problem.classes)}
        names = {k.domain for k in problem.courses} | set(problem.policy.domain_minimums)
        self.domains = {d: i for i, d in enumerate(sorted(names))}
        cells = len(self.classes) * len(self.segments)
        self.lead, self.lesson = cells, 2 * cells
        self.domain = self.lesson + len(self.classes) * len(self.slots)
        self.limits: dict[tuple[object, ...], int] = {}
        self._first_limit = self.domain + len(self.classes) * len(self.domains)
        self._caps: list[int] = []

    def duty(self, c: int, s: int) -> int:
        """The row of a class's adults in a segment; that of its leads lies `lead` behind."""
        return c * len(self.segments) + s

    def of_lesson(self, c: str, t: str, course: str, room: str | None) -> list[int]:
        """The rows that a lesson counts in: domain, course on the day, course in the week, room, and its open slot."""
        problem, i = self.problem, self.classes[c]
        day = problem.segment[problem.slot[t].segment].weekday
        rows = [self.domain + i * len(self.domains) + self.domains[problem.course[course].domain]]
        rows += [self._limit(1, c, day, course), self._limit(problem.policy.max_lessons_per_course, c, course)]
        if room is not None:
            rows.append(self._limit(1, room, t))
        if t in self.slot:
            rows.append(self.lesson + i * len(self.slots) + self.slot[t])
        return rows

    def _limit(self, cap: int, *key: object) -> int:
        if key not in self.limits:
            self.limits[key] = self._first_limit + len(self.limits)
            self._caps.append(cap)
        return self.limits[key]

    def finish(self, row_of: dict[str, int], twin: dict[int, int]) -> None:
        """Count what is held, by whom: to be called when all choices have named their rows.

        Twins (by row of their person) hold the same; it counts once.
        """
        import numpy as np

        entries, firm = self._entries(row_of)
        self.count = self._first_limit + len(self.limits)
        held = np.array(entries, dtype=np.int64).reshape(-1, 2)
        self.held = np.bincount(held[:, 1], minlength=self.count).astype(float)
        np.add.at(self.held, np.array(firm, dtype=np.int64), 1.0)
        entries += [(twin[v], row) for v, row in entries if v in twin]
        self.entries = np.array(entries, dtype=np.int64).reshape(-1, 2)
        self.kind = np.full(self.count, PROGRAMME)
        self.kind[: self.lesson], self.kind[self._first_limit :] = SAFETY, LIMIT
        self._want()
        self.full = np.zeros(self.count, dtype=bool)
        self.full[self._first_limit :] = self.held[self._first_limit :] >= np.array(self._caps)

    def _entries(self, row_of: dict[str, int]) -> tuple[list[tuple[int, int]], list[int]]:
        """(person, row) of each open entry, and the rows of frozen lessons.

        A lesson whose pin waives the rule is left out of the limits, as the rule is judged without it.
        """
        problem, base = self.problem, self.scene.damage.base
        waived = {x for x, waives in problem.pins.lessons if "lesson" in waives}
        entries: list[tuple[int, int]] = []
        firm: list[int] = []
        for d in base.duties:
            if d.segment in self.column:
                entries += [(row_of[d.volunteer], i) for i in self._of_duty(d)]
        for x in base.lessons:
            rows = [i for i in self._of(x) if x not in waived or i < self._first_limit]
            if x.slot in self.slot:
                entries += [(row_of[x.instructor], i) for i in rows]
            else:
                firm += rows
        return entries, firm

    def _of_duty(self, d: Duty) -> list[int]:
        at = self.duty(self.classes[d.class_run], self.column[d.segment])
        adult = [at] if self.problem.volunteer[d.volunteer].adult else []
        return [*adult, at + self.lead] if d.role == "lead" else adult

    def _of(self, x: Lesson) -> list[int]:
        return self.of_lesson(x.class_run, x.slot, x.course, x.room)

    def _want(self) -> None:
        """How much is wanted in each row: up to `wanted`, and for adults once more up to `least`."""
        import numpy as np

        problem = self.problem
        self.wanted, self.least = np.zeros(self.count), np.zeros(self.count)
        for c in problem.classes:
            i = self.classes[c.id]
            at = np.array([self.duty(i, self.column[s]) for s in c.segments if s in self.column], dtype=np.int64)
            self.wanted[at], self.least[at], self.wanted[at + self.lead] = problem.need(c), problem.policy.min_adults, 1
            for t in c.slots:
                if t in self.slot:
                    self.wanted[self.lesson + i * len(self.slots) + self.slot[t]] = 1
            for d, n in problem.minimums(c).items():
                self.wanted[self.domain + i * len(self.domains) + self.domains[d]] = n

    def missing(self, count: Any) -> Any:
        """Points that are missing in each row with this much in it."""
        import numpy as np

        return np.maximum(0.0, self.wanted - count) + np.maximum(0.0, self.least - count)

    def box(self, safety: float, programme: float) -> tuple[Any, Any]:
        """The lowest and highest price of each row, where a point of each level is worth so much."""
        import numpy as np

        worth = np.array([safety, programme, 0.0])[self.kind]
        now = self.missing(self.held)
        low = worth * (now - self.missing(self.held + 1))
        high = np.where(self.held > 0, worth * (self.missing(self.held - 1) - now), low)
        deepest = -DEEPEST * max(safety, programme)
        return np.where(self.full, deepest, low), np.where(self.full, 0.0, np.maximum(low, high))
