"""The CP-SAT model of a repair in which some people may change and everybody else stays as they are.

Nobody gains by going where nothing is missing and nobody leaves: an added duty or lesson that fills no gap is a
change for nothing. So the free cells are those with a gap and those that one of the people holds, and with a minor's
lessons the duties they need.
"""

from __future__ import annotations

import math
import threading
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import cached_property
from typing import Any

from scheduler.roster.choices import Cell, Choices, LessonKey, lesson_key, split
from scheduler.roster.model import Model, build
from scheduler.roster.problem import Roster
from scheduler.roster.repair.scene import LEVELS, Scene

WEIGHTS = {"safety": 360_000, "programme": 6_000, "people": 200, "changes": 1}
"""Levels in one sum, where a good roster is wanted soon. Nothing is proven by it; larger steps slow the solver down."""


class _Some(Choices):
    """The choices of some people in some cells."""

    def __init__(self, whole: Choices, duty: dict[Cell, dict[str, bool]], lesson: dict[Cell, list[LessonKey]]) -> None:
        super().__init__(whole.problem)
        self._duty, self._lesson = duty, lesson

    @cached_property
    def duty(self) -> dict[Cell, dict[str, bool]]:
        return self._duty

    @cached_property
    def lesson(self) -> dict[Cell, list[LessonKey]]:
        return self._lesson


class Part:
    """The model in which these people may change."""

    def __init__(
        self,
        scene: Scene,
        people: Iterable[str],
        levels: tuple[str, ...] = LEVELS,
        *,
        moving: Iterable[str] | None = None,
    ) -> None:
        """`moving`: only these of the people may leave what they have.

        Where nobody but those who move may be disturbed, the smaller model leaves nothing out.
        """
        self.scene, self.people = scene, frozenset(people) | scene.damage.exempt & scene.problem.volunteer.keys()
        self.moving = self.people if moving is None else frozenset(moving)
        duty, lesson = self._cells()
        choices = _Some(scene.choices, _duties(scene, self.people, duty), _lessons(scene, self.people, lesson))
        near, self.inside = split(self._around(duty, lesson), duty, lesson, self.people)
        base = scene.damage.base
        self.kept = Roster(base.duties - self.inside.duties, base.lessons - self.inside.lessons)
        self.model: Model = build(choices, near, duty, lesson, people=self.people, levels=levels)
        values = self.model.values(self.inside)
        self.at_base = {
            level: sum(k * (x if isinstance(x, int) else values[x.index][1]) for k, x in self.model.terms[level])
            for level in ("safety", "programme", "quality")
        }
        self._count_changes()
        self.expression = {level: self._level(level) for level in LEVELS if level in levels}

    def _cells(self) -> tuple[set[Cell], set[Cell]]:
        scene, problem = self.scene, self.scene.problem
        duty: set[Cell] = set()
        lesson: set[Cell] = set()
        within = scene.damage.open_segments
        for v in self.people:
            duty |= scene.duties_for[v] & scene.duty_gaps
            lesson |= scene.lessons_for[v] & scene.lesson_gaps
        for some in (scene.damage.base, scene.damage.missing_pins):
            for v in self.moving:
                duty |= {(d.class_run, d.segment) for d in some.duties_of.get(v, ()) if d.segment in within}
                taught = some.lessons_of.get(v, ())
                lesson |= {(x.class_run, x.slot) for x in taught if problem.slot[x.slot].segment in within}
        if any(not problem.volunteer[v].adult and problem.volunteer[v].courses for v in self.people):
            duty |= {(c, problem.slot[t].segment) for c, t in lesson}
        return duty, lesson

    def _around(self, duty: set[Cell], lesson: set[Cell]) -> Roster:
        """The entries that rules see beside these cells: of the people and the classes, and lessons at their sites."""
        base, classes = self.scene.damage.base, self.scene.problem.class_run
        duties = {d for v in self.people for d in base.duties_of.get(v, ())}
        lessons = {x for v in self.people for x in base.lessons_of.get(v, ())}
        own = {c for c, _ in duty | lesson}
        sites = {classes[c].site for c in own}
        duties.update(d for c in own for d in base.duties_in.get(c, ()))
        lessons.update(x for c in classes.values() if c.site in sites for x in base.lessons_in.get(c.id, ()))
        return Roster(frozenset(duties), frozenset(lessons))

    def _count_changes(self) -> None:
        """Who is disturbed, and how many entries go or come, as linear terms over the decisions."""
        held = {(d.volunteer, d.class_run, d.segment): d.role for d in self.inside.duties}
        taught = {lesson_key(x) for x in self.inside.lessons}
        constant, terms = len(self.scene.damage.gone.duties) + len(self.scene.damage.gone.lessons), []
        moved: dict[str, list[Any]] = defaultdict(list)  # literals that disturb somebody
        for (v, c, s), x in self.model.duty.items():
            lead, role = self.model.lead.get((v, c, s)), held.get((v, c, s))
            if role is None:
                terms.append((1, x))
                self._came(v, x, moved)
            else:
                constant += 1
                stays: Any = lead if role == "lead" else x
                terms += [(-1, x)] if lead is None else [(1, x), (-2, lead)] if role == "lead" else [(-1, x), (2, lead)]
                moved[v] += [~stays, *([lead] if lead is not None and role == "assistant" else [])]
        for key, x in self.model.lesson.items():
            if key in taught:
                constant += 1
                terms.append((-1, x))
                moved[key[3]].append(~x)
            else:
                terms.append((1, x))
                self._came(key[3], x, moved)
        self._changes, self._disturbed = (constant, terms), self._disturb(moved)

    def _came(self, v: str, literal: Any, moved: dict[str, list[Any]]) -> None:
        if v not in self.scene.damage.exempt:
            moved[v].append(literal)

    def _disturb(self, moved: Mapping[str, list[Any]]) -> dict[str, Any]:
        disturbed = {}
        for v, literals in moved.items():
            disturbed[v] = self.model.cp.new_bool_var("")
            for x in literals:
                self.model.cp.add_implication(x, disturbed[v])
        return disturbed

    def _level(self, level: str) -> Any:
        if level == "people":
            return sum(self._disturbed.values())
        if level == "changes":
            return self._changes[0] + sum(k * x for k, x in self._changes[1])
        whole = self.model.expression({level: 1}) + self.scene.found[level] - self.at_base[level]
        if level == "quality":
            return whole
        floor, most = self.scene.floor[level], 10_000_000
        counted = self.model.cp.new_int_var(floor, most, "")
        self.model.cp.add(counted >= whole)
        return counted

    def hint(self, roster: Roster) -> None:
        """Begin with a roster that differs from the published one only in the free cells and by these people."""
        self.model.cp.clear_hints()  # type: ignore[no-untyped-call]
        self.model.hint(Roster(roster.duties - self.kept.duties, roster.lessons - self.kept.lessons))

    def cap(self, level: str, most: int) -> None:
        """From now on, no more than this of a level."""
        self.model.cp.add(self.expression[level] <= most)

    def require(self, v: str) -> None:
        """This person changes, or there is no solution."""
        if v in self._disturbed:
            self.model.cp.add(self._disturbed[v] == 1)

    def find(self, seconds: float, stop: Stop, *, seed: int = 1, workers: int = 1) -> Outcome | None:
        """Any roster under the caps, the proof that there is none, or None where time ran out."""
        self.model.cp.clear_objective()  # type: ignore[no-untyped-call]
        return self._solve((), seconds, stop, seed, workers)

    def minimise(
        self, levels: tuple[str, ...], seconds: float, stop: Stop, *, seed: int = 1, workers: int = 1
    ) -> Outcome | None:
        """The least of one level, or of several in their order; None where no roster was found in time."""
        weights = [1] if len(levels) == 1 else [WEIGHTS[level] for level in levels]
        total = sum(k * self.expression[level] for k, level in zip(weights, levels, strict=True))
        if isinstance(total, int):
            self.model.cp.clear_objective()  # type: ignore[no-untyped-call]
        else:
            self.model.cp.minimize(total)
        return self._solve(levels, seconds, stop, seed, workers)

    def _solve(self, levels: tuple[str, ...], seconds: float, stop: Stop, seed: int, workers: int) -> Outcome | None:
        from ortools.sat.python import cp_model

        if seconds <= 0 or stop.is_set():
            return None
        solver = cp_model.CpSolver()
        solver.parameters.num_workers = workers
        solver.parameters.random_seed = seed
        solver.parameters.linearization_level = 2 if levels else 1
        if len(levels) > 1:  # Small steps: probing and symmetry cost more than they bring.
            solver.parameters.cp_model_probing_level = solver.parameters.symmetry_level = 0
        solver.parameters.max_time_in_seconds = seconds
        with stop.watching(solver):
            status = solver.solve(self.model.cp)
        if status == cp_model.INFEASIBLE:
            return Outcome(None, {}, proven=True, bound=0)
        if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
            return None
        inside = self.model.read(solver.boolean_value)
        values = {level: int(solver.value(self.expression[level])) for level in self.expression}
        roster = Roster(self.kept.duties | inside.duties, self.kept.lessons | inside.lessons)
        self._hint(solver)
        least = math.ceil(solver.best_objective_bound - 1e-6) if len(levels) == 1 else 0
        return Outcome(roster, values, proven=status == cp_model.OPTIMAL, bound=least)

    def _hint(self, solver: Any) -> None:
        """The next solve begins with what this one found."""
        self.model.cp.clear_hints()  # type: ignore[no-untyped-call]
        for i in range(len(self.model.cp.proto.variables)):
            var = self.model.cp.get_int_var_from_proto_index(i)
            self.model.cp.add_hint(var, solver.value(var))


class Stop:
    """Ends whatever solver is at work, from another thread."""

    def __init__(self, event: threading.Event) -> None:
        self.event = event

    def is_set(self) -> bool:
        """Whether somebody asked for the end."""
        return self.event.is_set()

    @contextmanager
    def watching(self, solver: Any) -> Iterator[None]:
        """Stop this solver when the event is set."""
        done = threading.Event()

        def watch() -> None:
            while not done.wait(0.05):
                if self.event.is_set():
                    solver.stop_search()
                    return

        thread = threading.Thread(target=watch, daemon=True)
        thread.start()
        try:
            yield
        finally:
            done.set()
            thread.join()


class Outcome:
    """What a solve found: a roster with its levels, or (impossible) the proof that there is none."""

    def __init__(self, roster: Roster | None, values: dict[str, int], *, proven: bool, bound: int) -> None:
        self.roster, self.values, self.proven, self.bound = roster, values, proven, bound

    @property
    def is_impossible(self) -> bool:
        """Whether it is proven that there is no such roster."""
        return self.roster is None


def _duties(scene: Scene, people: frozenset[str], cells: set[Cell]) -> dict[Cell, dict[str, bool]]:
    table = scene.choices.duty
    return {cell: {v: lead for v, lead in table.get(cell, {}).items() if v in people} for cell in cells}


def _lessons(scene: Scene, people: frozenset[str], cells: set[Cell]) -> dict[Cell, list[LessonKey]]:
    table = scene.choices.lesson
    return {cell: [key for key in table.get(cell, ()) if key[3] in people] for cell in cells}
