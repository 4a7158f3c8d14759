"""What to free next: neighbouring classes, their lessons alone, a weekday, or some people wherever they may go."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from scheduler.roster.choices import Cell, Choices
from scheduler.roster.problem import Roster
from scheduler.roster.rules import domains, open_slots, safety

BUDGET = (400, 8_000)  # permitted choices freed at once: least, most
AROUND = 16  # classes in whose neighbourhood people are drawn together
QUICK = 0.25  # seconds in which a step should be proven before its kind may grow


@dataclass(frozen=True)
class Neighbourhood:
    """Cells to free, the kind that chose them, and the only people who may move where not everybody may."""

    kind: str
    duty_cells: frozenset[Cell]
    lesson_cells: frozenset[Cell]
    people: frozenset[str] | None = None


class Chooser:
    """Draws neighbourhoods; learns how large each kind may be and which kinds still help."""

    def __init__(self, choices: Choices, duty_cells: set[Cell], lesson_cells: set[Cell], seed: int) -> None:
        self.choices, self.problem = choices, choices.problem
        self.duty_cells, self.lesson_cells = duty_cells, lesson_cells
        self.classes = sorted({c for c, _ in duty_cells | lesson_cells})
        self.random = random.Random(seed)
        self.budget = {"duties": 1000.0, "weekday": 1200.0, "lessons": 800.0, "place": 800.0, "people": 1500.0}
        self.rate = dict.fromkeys(self.budget, 5.0)
        self._order: dict[str, list[str]] = {}
        self._sweep = self._first_sweep()

    def _first_sweep(self) -> list[Neighbourhood]:
        """The lessons of each class alone, in an order of chance: a timetable to begin with."""
        own = {c: frozenset(cell for cell in self.lesson_cells if cell[0] == c) for c in self.classes}
        sweep = [Neighbourhood("sweep", frozenset(), cells) for cells in own.values() if cells]
        self.random.shuffle(sweep)
        return sweep

    def draw(self, roster: Roster) -> Neighbourhood:
        """The next neighbourhood, near a class that lacks something if any does."""
        if self._sweep:
            return self._sweep.pop()
        kinds = list(self.rate)
        floor = 0.1 * sum(self.rate.values()) + 1e-6
        kind = self.random.choices(kinds, [self.rate[k] + floor for k in kinds])[0]
        make: dict[str, Callable[[str, float], Neighbourhood]] = {
            "duties": self._duties,
            "weekday": self._weekday,
            "lessons": self._lessons,
            "place": self._place,
            "people": self._people,
        }
        return make[kind](self._seed_class(kind, roster), self.budget[kind])

    def learn(self, near: Neighbourhood, worth: float, seconds: float, *, proven: bool) -> None:
        """Grow what is solved at once, shrink what is not; prefer the kinds that gain most a second."""
        if near.kind not in self.budget:
            return
        factor = (1.15 if seconds < QUICK else 1.03) if proven else 0.8
        self.budget[near.kind] = min(max(self.budget[near.kind] * factor, BUDGET[0]), BUDGET[1])
        self.rate[near.kind] = 0.85 * self.rate[near.kind] + 0.15 * worth / max(seconds, 0.05)

    def _seed_class(self, kind: str, roster: Roster) -> str:
        lacking = dict.fromkeys(self.classes, 0)
        for c in self.classes:
            if kind != "lessons":
                lacking[c] += safety.class_cost(self.problem, roster, c)
            if kind in ("lessons", "place"):
                lacking[c] += open_slots.class_cost(self.problem, roster, c)
                lacking[c] += domains.class_cost(self.problem, roster, c)
        if self.random.random() < 0.7 and any(lacking.values()):
            return self.random.choices(self.classes, [lacking[c] for c in self.classes])[0]
        return self.random.choice(self.classes)

    def _nearest(self, c: str) -> list[str]:
        if c not in self._order:
            here = self.problem.site[self.problem.class_run[c].site]

            def away(k: str) -> tuple[float, str]:
                there = self.problem.site[self.problem.class_run[k].site]
                return ((there.x_km - here.x_km) ** 2 + (there.y_km - here.y_km) ** 2, k)

            self._order[c] = sorted(self.classes, key=away)
        return self._order[c]

    def _collect(
        self, kind: str, seed: str, budget: float, day: int | None, *, duties: bool, lessons: bool
    ) -> Neighbourhood:
        duty: set[Cell] = set()
        lesson: set[Cell] = set()
        size = 0
        for c in self._nearest(seed):
            run = self.problem.class_run[c]
            d = [(c, s) for s in run.segments if duties and self._in_day(s, day)]
            t = [(c, x) for x in run.slots if lessons and self._in_day(self.problem.slot[x].segment, day)]
            size += sum(len(self.choices.duty.get(cell, ())) for cell in d)
            size += sum(len(self.choices.lesson.get(cell, ())) for cell in t)
            if size > budget and (duty or lesson):
                break
            duty |= {cell for cell in d if cell in self.duty_cells}
            lesson |= {cell for cell in t if cell in self.lesson_cells}
        return Neighbourhood(kind, frozenset(duty), frozenset(lesson))

    def _in_day(self, segment: str, day: int | None) -> bool:
        return day is None or self.problem.segment[segment].weekday == day

    def _duties(self, seed: str, budget: float) -> Neighbourhood:
        return self._collect("duties", seed, budget, None, duties=True, lessons=False)

    def _lessons(self, seed: str, budget: float) -> Neighbourhood:
        return self._collect("lessons", seed, budget, None, duties=False, lessons=True)

    def _place(self, seed: str, budget: float) -> Neighbourhood:
        return self._collect("place", seed, budget, None, duties=True, lessons=True)

    def _weekday(self, seed: str, budget: float) -> Neighbourhood:
        day = self.random.choice(self.problem.weekdays)
        return self._collect("weekday", seed, budget, day, duties=True, lessons=self.random.random() < 0.3)

    def _people(self, seed: str, budget: float) -> Neighbourhood:
        """People around a class, those who serve it now or could among them, wherever they may go."""
        size = 0.0
        chosen: list[str] = []
        for v in self._around(seed):
            size += len(self.choices.duties_for[v]) + len(self.choices.lessons_for[v])
            if size > budget and chosen:
                break
            chosen.append(v)
        duty = {cell for v in chosen for cell in self.choices.duties_for[v]}
        lesson = {(key[0], key[1]) for v in chosen for key in self.choices.lessons_for[v]}
        return Neighbourhood(
            "people", frozenset(duty & self.duty_cells), frozenset(lesson & self.lesson_cells), frozenset(chosen)
        )

    def _around(self, c: str) -> list[str]:
        """Everybody who may serve within a few classes, in an order of chance, those who teach twice as likely."""
        near = self._nearest(c)[:AROUND]
        people = sorted({v for k in near for v in self._may_serve[k]})
        weight = {v: self.random.random() ** (0.5 if self.problem.volunteer[v].courses else 1.0) for v in people}
        return sorted(people, key=lambda v: -weight[v])

    @cached_property
    def _may_serve(self) -> dict[str, set[str]]:
        table: dict[str, set[str]] = {c: set() for c in self.classes}
        for v, classes in self.choices.classes_of.items():
            for c in classes & table.keys():
                table[c].add(v)
        return table
