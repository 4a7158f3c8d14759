"""A damaged roster with its gaps, and the choices of everybody, listed once."""

from __future__ import annotations

from collections import defaultdict
from copy import copy
from dataclasses import replace
from functools import cached_property

from scheduler.roster.check import cost
from scheduler.roster.choices import Cell, Choices
from scheduler.roster.problem import Roster
from scheduler.roster.repair.damage import Damage
from scheduler.roster.repair.quick import QuickChoices

LEVELS = ("safety", "programme", "people", "changes", "quality")
UPPER = ("safety", "programme")


class Scene:
    """What is left of a roster, its gaps, and who may fill them."""

    def __init__(self, damage: Damage) -> None:
        self.damage, self.problem = damage, damage.problem
        self.choices: Choices = QuickChoices(self.problem, {s.id: self.is_open(s.id) for s in self.problem.segments})
        self.floor = dict(zip(UPPER, self.problem.published_cost, strict=True))
        self._look()

    def _look(self) -> None:
        """What the entries cover and cost."""
        base = self.damage.base
        found = cost(self.problem, base)
        self.found = {"safety": found.safety, "programme": found.programme, "quality": found.quality}
        self.adults: dict[Cell, int] = defaultdict(int)
        self.led: set[Cell] = set()
        for d in base.duties:
            self.adults[d.class_run, d.segment] += self.problem.volunteer[d.volunteer].adult
            if d.role == "lead":
                self.led.add((d.class_run, d.segment))
        self.taught = {(x.class_run, x.slot): x for x in base.lessons}

    def after(self, roster: Roster) -> Scene:
        """The same week with another roster in hand; choices are shared."""
        other = copy(self)
        for name in ("duty_gaps", "lesson_gaps"):
            other.__dict__.pop(name, None)
        other.damage = replace(self.damage, base=roster)
        other._look()
        return other

    def lacking(self) -> Scene:
        """The same week, without the gaps in duties where no safety is missing."""
        other = copy(self)
        if self.found["safety"] <= self.floor["safety"]:
            other.duty_gaps = set()
        return other

    def is_open(self, segment: str) -> bool:
        """Whether a segment may still change."""
        return segment in self.damage.open_segments

    @cached_property
    def duty_gaps(self) -> set[Cell]:
        """Cells that lack an adult or a lead."""
        return {
            (c.id, s)
            for c in self.problem.classes
            for s in c.segments
            if self.is_open(s) and (self.adults[c.id, s] < self.problem.need(c) or (c.id, s) not in self.led)
        }

    @cached_property
    def lesson_gaps(self) -> set[Cell]:
        """Slots without a lesson."""
        return {
            (c.id, t)
            for c in self.problem.classes
            for t in c.slots
            if self.is_open(self.problem.slot[t].segment) and (c.id, t) not in self.taught
        }

    @cached_property
    def duties_for(self) -> dict[str, set[Cell]]:
        """The cells in which each volunteer may be on duty."""
        table: dict[str, set[Cell]] = defaultdict(set)
        for cell, who in self.choices.duty.items():
            for v in who:
                table[v].add(cell)
        return table

    @cached_property
    def lessons_for(self) -> dict[str, set[Cell]]:
        """The cells in which each instructor may give a lesson."""
        table: dict[str, set[Cell]] = defaultdict(set)
        for cell, keys in self.choices.lesson.items():
            for key in keys:
                table[key[3]].add(cell)
        return table

    @cached_property
    def size(self) -> int:
        """How many permitted choices there are."""
        return sum(map(len, self.choices.duty.values())) + sum(map(len, self.choices.lesson.values()))

    def is_mended(self) -> bool:
        """Whether nothing is to do: no rule broken, no pin missing, no level worse than published."""
        pins = self.damage.missing_pins
        worse = any(self.found[level] > self.floor[level] for level in self.floor)
        return not (self.damage.conflicts or pins.duties or pins.lessons or worse)
