"""A quick timetable around given duties and visits: no search, each slot once, the scarcest first.

It is where the opening learns what a teacher's place is worth, and the search's first timetable.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from scheduler.roster.choices import Choices, LessonKey, lesson_key
from scheduler.roster.problem import Lesson

Place = tuple[str, str, str]  # a volunteer, at a class, in a segment


class Timetable:
    """Lessons given so far, and what each class still lacks."""

    def __init__(self, choices: Choices, kept: Iterable[Lesson]) -> None:
        self.choices, self.problem = choices, choices.problem
        self.lessons: list[LessonKey] = []
        self.taken: set[tuple[str, str]] = set()  # (class, slot), (volunteer, slot) and (room, slot)
        self.on_day: set[tuple[str, int, str]] = set()  # class, weekday, course
        self.in_week: dict[tuple[str, str], int] = defaultdict(int)  # class, course
        self.short: dict[tuple[str, str], int] = {}  # class, domain
        for c in self.problem.classes:
            self.short.update({(c.id, domain): least for domain, least in self.problem.minimums(c).items()})
        self.points: dict[Place, int] = defaultdict(int)
        for x in kept:
            self._give(lesson_key(x))

    def _day(self, slot: str) -> int:
        return self.problem.segment[self.problem.slot[slot].segment].weekday

    def _give(self, key: LessonKey) -> None:
        c, t, k, v, room = key
        self.lessons.append(key)
        self.taken |= {(c, t), (v, t)} | ({(room, t)} if room is not None else set())
        self.on_day.add((c, self._day(t), k))
        self.in_week[c, k] += 1
        self.points[v, c, self.problem.slot[t].segment] += 1 + self.is_short(c, k)
        domain = c, self.problem.course[k].domain
        self.short[domain] = self.short.get(domain, 0) - 1

    def is_short(self, c: str, course: str) -> bool:
        """Whether a class still lacks lessons of this course's domain."""
        return self.short.get((c, self.problem.course[course].domain), 0) > 0

    def may_repeat(self, c: str, day: int, course: str) -> bool:
        """Whether a class may have this course once more, on this weekday."""
        limit = self.problem.policy.max_lessons_per_course
        return (c, day, course) not in self.on_day and self.in_week[c, course] < limit

    def _fits(self, key: LessonKey) -> bool:
        c, t, k, v, room = key
        free = (v, t) not in self.taken and (room, t) not in self.taken
        return free and self.may_repeat(c, self._day(t), k)

    def fill(self, present: Iterable[Place]) -> None:
        """Give each class what those who are there can teach, class by class."""
        there = set(present)
        for c in self.problem.classes:
            options = {
                t: [key for key in self.choices.lesson.get((c.id, t), ()) if self._is_there(key, there)]
                for t in c.slots
                if (c.id, t) not in self.taken
            }
            while options:
                t = self._scarcest(options)
                best = min((key for key in options.pop(t) if self._fits(key)), key=self._rank, default=None)
                if best is not None:
                    self._give(best)

    def _is_there(self, key: LessonKey, there: set[Place]) -> bool:
        return (key[3], key[0], self.problem.slot[key[1]].segment) in there

    def _scarcest(self, options: dict[str, list[LessonKey]]) -> str:
        for t, keys in options.items():
            options[t] = [key for key in keys if self._fits(key)]
        return min(options, key=lambda t: (len({key[2] for key in options[t]}), t))

    def _rank(self, key: LessonKey) -> tuple[bool, int, int, str]:
        """Short domains first, then courses that were given least, then what children like."""
        c, _, k, v, _ = key
        liked = self.problem.class_run[c].interest_in(k)
        return (not self.is_short(c, k), self.in_week[c, k], -liked, v)
