"""The permitted choices of a week in a fifth of the time: a repair cannot ask the rulebook a hundred thousand times.

No rule over a single duty depends on the segment beyond whether the volunteer is available and the class is there, and
none over a single lesson on the slot beyond that and its weekday (heat). So each person and class, and each lesson on a
weekday, is asked for once. A test holds these choices against those of `Choices`, which asks for every one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from functools import cached_property

from scheduler.roster.choices import Cell, Choices, LessonKey, lesson_key
from scheduler.roster.problem import ClassRun, Duty, Lesson, Problem
from scheduler.roster.rules import permits_duty, permits_lesson


class QuickChoices(Choices):
    """The same choices as `Choices` has, of the segments that are open."""

    def __init__(self, problem: Problem, is_open: dict[str, bool]) -> None:
        super().__init__(problem)
        self.is_open = is_open

    @cached_property
    def duty(self) -> dict[Cell, dict[str, bool]]:
        """For each class and open segment, who may be on duty there, and whether they may lead."""
        table: dict[Cell, dict[str, bool]] = {(c.id, s): {} for c in self.problem.classes for s in c.segments}
        for c in self.problem.classes:
            opened = [s for s in c.segments if self.is_open[s]]
            for v in self._near(c):
                mine = [s for s in opened if s in v.available] if v.roles & {"lead", "assistant"} else []
                if mine and permits_duty(self.problem, Duty(v.id, c.id, mine[0], "assistant")):
                    lead = "lead" in v.roles and permits_duty(self.problem, Duty(v.id, c.id, mine[0], "lead"))
                    for s in mine:
                        table[c.id, s][v.id] = lead
        for d in self.pinned_duties:
            table.setdefault((d.class_run, d.segment), {})[d.volunteer] = d.role == "lead"
        return table

    @cached_property
    def lesson(self) -> dict[Cell, list[LessonKey]]:
        """For each class and open slot, every permitted lesson."""
        problem = self.problem
        available = {v.id: v.available for v in problem.volunteers}
        table: dict[Cell, list[LessonKey]] = {(c.id, t): [] for c in problem.classes for t in c.slots}
        for c in problem.classes:
            options = list(self._options(c))
            for slots in self._by_day(c):
                for k, v, r in options:
                    mine = [t for t, s in slots if s in available[v]]
                    if mine and permits_lesson(problem, Lesson(c.id, mine[0], k, v, r)):
                        for t in mine:
                            table[c.id, t].append((c.id, t, k, v, r))
        for x in self.pinned_lessons:
            keys, key = table.setdefault((x.class_run, x.slot), []), lesson_key(x)
            if key not in keys:
                keys.append(key)
        return table

    def _by_day(self, c: ClassRun) -> Iterable[list[tuple[str, str]]]:
        """The open slots of a class with their segments, by weekday."""
        days: dict[int, list[tuple[str, str]]] = defaultdict(list)
        for t in c.slots:
            s = self.problem.slot[t].segment
            if self.is_open[s]:
                days[self.problem.segment[s].weekday].append((t, s))
        return days.values()

    def _options(self, c: ClassRun) -> Iterable[tuple[str, str, str | None]]:
        able: dict[str, list[str]] = defaultdict(list)
        for v in self._near(c):
            for k in v.courses:
                able[k].append(v.id)
        for course in self.problem.courses:
            if able[course.id] and course.grades[0] <= c.grades[0] and c.grades[1] <= course.grades[1]:
                rooms = self._rooms(c, course)
                yield from ((course.id, v, r) for v in able[course.id] for r in rooms)
