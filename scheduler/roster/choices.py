"""Every permitted choice of a problem, listed once: forbidden ones never become variables.

A duty choice is (volunteer, class, segment); a lesson choice (class, slot, course, instructor, room).
What is permitted is asked from the rulebook; pins add their own entries, whatever they waive.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Iterable
from functools import cached_property

from scheduler.roster.problem import ClassRun, Course, Duty, Lesson, Problem, Roster, Volunteer
from scheduler.roster.rules import permits_duty, permits_lesson

Cell = tuple[str, str]
LessonKey = tuple[str, str, str, str, str | None]


class Choices:
    """Permitted choices by cell, for one problem. Built once, shared by every sub-problem."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.duty_cells: list[Cell] = [(c.id, s) for c in problem.classes for s in c.segments]
        self.lesson_cells: list[Cell] = [(c.id, t) for c in problem.classes for t in c.slots]
        self.pinned_duties = {d for d, _ in problem.pins.duties}
        self.pinned_lessons = {x for x, _ in problem.pins.lessons}
        self.waived: dict[str, set[Duty | Lesson]] = defaultdict(set)
        pins: tuple[tuple[Duty | Lesson, frozenset[str]], ...] = (*problem.pins.duties, *problem.pins.lessons)
        for entry, waives in pins:
            for rule in waives:
                self.waived[rule].add(entry)

    @cached_property
    def duty(self) -> dict[Cell, dict[str, bool]]:
        """For each class and segment, who may be on duty there, and whether they may lead."""
        table: dict[Cell, dict[str, bool]] = {}
        for c in self.problem.classes:
            near = self._near(c)
            for s in c.segments:
                table[c.id, s] = {
                    v.id: permits_duty(self.problem, Duty(v.id, c.id, s, "lead"))
                    for v in near
                    if permits_duty(self.problem, Duty(v.id, c.id, s, "assistant"))
                }
        for d in self.pinned_duties:
            table.setdefault((d.class_run, d.segment), {})[d.volunteer] = d.role == "lead"
        return table

    def _near(self, c: ClassRun) -> list[Volunteer]:
        return [v for v in self.problem.volunteers if v.cleared and self.problem.km(v.id, c.site) <= v.reach_km]

    @cached_property
    def lesson(self) -> dict[Cell, list[LessonKey]]:
        """For each class and slot, every permitted (class, slot, course, instructor, room)."""
        table: dict[Cell, list[LessonKey]] = {}
        for c in self.problem.classes:
            options = list(self._options(c))
            for t in c.slots:
                table[c.id, t] = [
                    (c.id, t, k, v, r) for k, v, r in options if permits_lesson(self.problem, Lesson(c.id, t, k, v, r))
                ]
        for x in self.pinned_lessons:
            keys, key = table.setdefault((x.class_run, x.slot), []), lesson_key(x)
            if key not in keys:
                keys.append(key)
        return table

    def _options(self, c: ClassRun) -> Iterable[tuple[str, str, str | None]]:
        near = self._near(c)
        for k in self.problem.courses:
            rooms = self._rooms(c, k)
            for v in near:
                if k.id in v.courses:
                    yield from ((k.id, v.id, r) for r in rooms)

    def _rooms(self, c: ClassRun, k: Course) -> list[str | None]:
        if k.room_kind is None:
            return [None]
        rooms = self.problem.site[c.site].rooms
        return [r.id for r in rooms if r.kind == k.room_kind and r.capacity >= c.children]

    @cached_property
    def duties_for(self) -> dict[str, list[Cell]]:
        """The duty cells that each volunteer may serve in."""
        table: dict[str, list[Cell]] = defaultdict(list)
        for cell, who in self.duty.items():
            for v in who:
                table[v].append(cell)
        return table

    @cached_property
    def lessons_for(self) -> dict[str, list[LessonKey]]:
        """The lessons that each instructor may give."""
        table: dict[str, list[LessonKey]] = defaultdict(list)
        for keys in self.lesson.values():
            for key in keys:
                table[key[3]].append(key)
        return table

    @cached_property
    def classes_of(self) -> dict[str, set[str]]:
        """The classes that each volunteer may serve in any way."""
        table: dict[str, set[str]] = defaultdict(set)
        for (c, _), who in self.duty.items():
            for v in who:
                table[v].add(c)
        for keys in self.lesson.values():
            for c, _, _, v, _ in keys:
                table[v].add(c)
        return table


def choices_in(choices: Choices, cells: tuple[set[Cell], set[Cell]]) -> int:
    """How many permitted choices some cells have: the size of what is to be decided."""
    duties = sum(len(choices.duty.get(cell, ())) for cell in cells[0])
    return duties + sum(len(choices.lesson.get(cell, ())) for cell in cells[1])


def lesson_key(lesson: Lesson) -> LessonKey:
    """A lesson as the plain tuple that variables are keyed by."""
    return (lesson.class_run, lesson.slot, lesson.course, lesson.instructor, lesson.room)


def split(
    roster: Roster, duty_cells: Container[Cell], lesson_cells: Container[Cell], people: Container[str] | None = None
) -> tuple[Roster, Roster]:
    """The entries of a roster that stay, and those in the given cells (and, where given, of these people)."""
    inside_d = frozenset(
        d for d in roster.duties if (d.class_run, d.segment) in duty_cells and (people is None or d.volunteer in people)
    )
    inside_l = frozenset(
        x
        for x in roster.lessons
        if (x.class_run, x.slot) in lesson_cells and (people is None or x.instructor in people)
    )
    return Roster(roster.duties - inside_d, roster.lessons - inside_l), Roster(inside_d, inside_l)
