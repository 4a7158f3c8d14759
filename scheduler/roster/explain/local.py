"""A small part of the week solved again by the scheduler's own model: does a change really fill the place?

Only the cells and people named are free; the levels that matter may not get worse, and as few entries as possible
change. What comes out is judged by `check` and `cost` like any roster.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from types import ModuleType
from typing import Any

from scheduler.roster.choices import Cell, Choices, LessonKey, lesson_key, split
from scheduler.roster.explain.wants import rooms
from scheduler.roster.model import Model, build
from scheduler.roster.problem import Duty, Lesson, Problem, Roster
from scheduler.roster.rules import permits_duty, permits_lesson

LEVELS = ("safety", "programme")
WEIGHTS = {"safety": 1_000, "programme": 1}
A_CHANGE = 1_000_000
"""Fewest entries changed first, then the two levels; no part that is solved has a thousand gaps."""
WORK = 0.05
"""CP-SAT's deterministic time for one part of a week, an eighth of a second: the same question, the same answer."""
MOST_SECONDS = 1.0
"""And so long at most, on a machine that is busy."""


@dataclass(frozen=True)
class Near:
    """The part of a week that is free: duty cells, lesson cells, and whose entries in them."""

    duty_cells: frozenset[Cell]
    lesson_cells: frozenset[Cell]
    people: frozenset[str]


class NearChoices(Choices):
    """The choices of a part of the week beside what is kept, so that a district need not be listed for one place.

    Left out is also what the kept entries rule out at once: another class in the same segment, another lesson in the
    same slot.
    """

    def __init__(self, problem: Problem, near: Near, kept: Roster) -> None:
        super().__init__(problem)
        self._near_cells = near
        self._on_duty = {(d.volunteer, d.segment): d.class_run for d in kept.duties}
        self._teaching = {(x.instructor, x.slot) for x in kept.lessons}
        self._people = [problem.volunteer[v] for v in sorted(near.people) if problem.volunteer[v].cleared]

    @cached_property
    def duty(self) -> dict[Cell, dict[str, bool]]:
        """As in `Choices`, for the free cells and people."""
        table = {cell: self._duties(*cell) for cell in sorted(self._near_cells.duty_cells)}
        for d in self.pinned_duties:
            if (d.class_run, d.segment) in table:
                table[d.class_run, d.segment][d.volunteer] = d.role == "lead"
        return table

    def _duties(self, c: str, s: str) -> dict[str, bool]:
        site = self.problem.class_run[c].site
        near = [
            v.id
            for v in self._people
            if s in v.available and (v.id, s) not in self._on_duty and self.problem.km(v.id, site) <= v.reach_km
        ]
        return {
            v: permits_duty(self.problem, Duty(v, c, s, "lead"))
            for v in near
            if permits_duty(self.problem, Duty(v, c, s, "assistant"))
        }

    @cached_property
    def lesson(self) -> dict[Cell, list[LessonKey]]:
        """As in `Choices`, for the free cells and people."""
        table = {cell: self._lessons(*cell) for cell in sorted(self._near_cells.lesson_cells)}
        for x in self.pinned_lessons:
            cell, key = (x.class_run, x.slot), lesson_key(x)
            if cell in table and key not in table[cell]:
                table[cell].append(key)
        return table

    def _lessons(self, c: str, t: str) -> list[LessonKey]:
        problem, segment, run = self.problem, self.problem.slot[t].segment, self.problem.class_run[c]
        found = []
        for v in self._people:
            elsewhere = self._on_duty.get((v.id, segment), c) != c or (v.id, t) in self._teaching
            if segment in v.available and not elsewhere and problem.km(v.id, run.site) <= v.reach_km:
                for k in sorted(v.courses):
                    options = (Lesson(c, t, k, v.id, room) for room in rooms(problem, run, problem.course[k]))
                    found += [lesson_key(x) for x in options if permits_lesson(problem, x)]
        return found


def solve_near(
    problem: Problem,
    roster: Roster,
    near: Near,
    require: Callable[[Model], None],
    *,
    saving: str | None,
) -> Roster | None:
    """The roster with the fewest entries changed that does what is required, the best of those, or None.

    Safety and programme of the free part cost no more than now; `saving` names one that must cost less.
    """
    cp_model = load_solver()
    kept, inside = split(roster, near.duty_cells, near.lesson_cells, near.people)
    choices = NearChoices(problem, near, kept)
    cells = set(near.duty_cells), set(near.lesson_cells)
    model = build(choices, kept, *cells, levels=LEVELS, people=near.people)
    now = _costs(model, inside)
    for level in LEVELS:
        model.cp.add(model.expression({level: 1}) <= now[level] - (level == saving))
    require(model)
    model.cp.minimize(A_CHANGE * _changes(model, inside) + model.expression(WEIGHTS))
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.linearization_level = 2  # Most parts cannot be solved; this proves it in a third of the time.
    solver.parameters.max_deterministic_time = WORK
    solver.parameters.max_time_in_seconds = MOST_SECONDS
    if solver.solve(model.cp) not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return None
    found = model.read(solver.boolean_value)
    return Roster(kept.duties | found.duties, kept.lessons | found.lessons)


def _costs(model: Model, inside: Roster) -> dict[str, int]:
    """What the free part costs now. An entry that is not permitted counts as not there."""
    values = model.values(inside)

    def value(x: Any) -> int:
        return x if isinstance(x, int) else values[x.index][1]

    return {level: sum(k * value(x) for k, x in model.terms[level]) for level in LEVELS}


def _changes(model: Model, inside: Roster) -> Any:
    """Entries of the free part that are new, gone, or in another role."""
    held = {(d.volunteer, d.class_run, d.segment): d.role for d in inside.duties}
    taught = {lesson_key(x) for x in inside.lessons}
    terms = [(1 - x) if key in held else x for key, x in model.duty.items()]
    for key, x in model.lead.items():
        if key in held:
            terms.append((1 - x) if held[key] == "lead" else x)
    terms += [(1 - x) if key in taught else x for key, x in model.lesson.items()]
    return sum(terms)


def free_part(duties: Iterable[Cell], lessons: Iterable[Cell], people: Iterable[str]) -> Near:
    """A part of the week from any collections."""
    return Near(frozenset(duties), frozenset(lessons), frozenset(people))


def load_solver() -> ModuleType:
    """The module `ortools.sat.python.cp_model`, loaded without pandas, which takes half of its time and is not used.

    `cp_model` names two types of pandas, in annotations and for series of variables. Where neither has been loaded
    yet, two empty types stand in for them while it is loaded, and only then. Should a newer `cp_model` want more of
    pandas, it gets the real one.
    """
    known = sys.modules.get("ortools.sat.python.cp_model")
    if known is not None:
        return known
    if "pandas" not in sys.modules:
        sys.modules["pandas"] = _two_types()
        try:
            from ortools.sat.python import cp_model

            return cp_model
        except (AttributeError, ImportError):
            pass  # What is missing may be the stand-in's: the second time it is loaded as usual.
        finally:
            sys.modules.pop("pandas", None)
    from ortools.sat.python import cp_model

    return cp_model


def _two_types() -> ModuleType:
    pandas: Any = ModuleType("pandas")
    pandas.Index, pandas.Series = type("Index", (), {}), type("Series", (), {})
    return pandas  # type: ignore[no-any-return]
