"""The two halves of every rule agree, on weeks and rosters by chance: generated from the rulebook, none is left out.

The solver's half and the checker's half of a rule share no code. Here a roster is fixed in the model: it must be
feasible exactly when the checker finds nothing, and cost exactly what the checker counts.
"""

from __future__ import annotations

from random import Random
from types import ModuleType

import pytest
from chance import Case, any_entry, case, pinned_entries, plus
from thorough import as_many
from twins import Costs, Everything, all_cells, alone, holds, is_expressible, permits, solved

from scheduler import Lesson, Problem, Roster, check, cost, cost_parts
from scheduler.roster.choices import Cell, Choices, split
from scheduler.roster.model import LEVELS, Model, build, whole
from scheduler.roster.problem import ClassRun
from scheduler.roster.rules import HARD, SOFT

SEEDS = range(200)
TRIED = range(as_many(80, len(SEEDS)))
"""On so many the halves are compared; whether chance meets every rule is looked at on all."""
LEANS_ON = {"travel": {"one_place"}, "adulthood": {"one_place"}}
"""What a rule leaves to another one: overlaps are no short ways, and who is on duty elsewhere teaches no class here.
Alone, such a rule is judged on rosters that keep the other."""


def name_of(rule: ModuleType) -> str:
    return str(rule.NAME)


def disagreements(rule: ModuleType, seeds: range = SEEDS) -> list[tuple[int, int]]:
    """Case and roster for which a hard rule's two halves differ, on its own."""
    found = []
    for some in map(case, seeds):
        model = alone(rule, some.week) if hasattr(rule, "add_to") else None
        for i, (roster, broken) in enumerate(zip(some.rosters, some.broken, strict=True)):
            if "pins" in broken - {rule.NAME} or broken & LEANS_ON.get(rule.NAME, set()):
                continue
            if model is None or is_expressible(model, roster):
                feasible = permits(rule, some.week, roster) and (model is None or holds(model, roster))
                if feasible != (rule.NAME not in broken):
                    found.append((some.seed, i))
    return found


@pytest.mark.parametrize("rule", HARD, ids=name_of)
def test_a_hard_rule_alone(rule: ModuleType) -> None:
    assert disagreements(rule, TRIED) == []


@pytest.mark.parametrize("rule", HARD, ids=name_of)
def test_chance_meets_the_rule_both_ways(rule: ModuleType) -> None:
    """A twin test that never sees a breach, or only breaches, would say nothing."""
    seen = [rule.NAME in broken for seed in SEEDS for broken in case(seed).broken]
    assert min(seen.count(True), seen.count(False)) >= 15


def whole_but_pins(week: Problem) -> Model:
    """The model in which everything is free but pins, waiving `lesson`, that lie outside all slots of their class."""
    choices = Choices(week)
    cells = set(choices.duty_cells), set(choices.lesson_cells)
    return build(choices, split(plus(Roster(), *pinned_entries(week)), *cells)[0], *cells)


def pins_outside(week: Problem) -> frozenset[Lesson]:
    """Those pins."""
    return frozenset(x for x, _ in week.pins.lessons if x.slot not in week.class_run[x.class_run].slots)


def whole_disagreements(some: Case) -> list[int]:
    model, outside, found = whole_but_pins(some.week), pins_outside(some.week), []
    for i, (roster, broken) in enumerate(zip(some.rosters, some.broken, strict=True)):
        free = Roster(roster.duties, roster.lessons - outside)
        if outside <= roster.lessons and holds(model, free) != (not broken):
            found.append(i)
    return found


@pytest.mark.parametrize("ten", range(len(TRIED) // 10))
def test_all_hard_rules_together(ten: int) -> None:
    """Also: what the model has no variable for, the checker refuses."""
    wrong = {seed: found for seed in TRIED[ten * 10 : ten * 10 + 10] if (found := whole_disagreements(case(seed)))}
    assert wrong == {}


def in_class_cells(week: Problem, roster: Roster) -> Roster:
    """The entries in segments and slots of their class, each duty in one role."""
    choices = Choices(week)
    inside = split(roster, set(choices.duty_cells), set(choices.lesson_cells))[1]
    held = {(d.volunteer, d.class_run, d.segment): d for d in sorted(inside.duties, key=repr)}
    return Roster(frozenset(held.values()), inside.lessons)


def price_differences(rules: tuple[ModuleType, ...], seeds: range = SEEDS) -> list[tuple[int, int]]:
    """Case and roster to which the model of a whole week gives another cost than the checker."""
    found = []
    for some in map(case, seeds):
        choices = Everything(some.week)
        costs = Costs(Model(choices, Roster(), set(choices.duty_cells), set(choices.lesson_cells)), rules)
        for i, roster in enumerate(some.rosters):
            inside = in_class_cells(some.week, roster)
            if costs.of(inside) != {rule.NAME: rule.cost(some.week, inside) for rule in rules}:
                found.append((some.seed, i))
    return found


@pytest.mark.parametrize("rule", SOFT, ids=name_of)
def test_a_soft_rule_alone(rule: ModuleType) -> None:
    assert price_differences((rule,), TRIED) == []


@pytest.mark.parametrize("rule", SOFT, ids=name_of)
def test_chance_meets_costs(rule: ModuleType) -> None:
    costs = {rule.cost(case(seed).week, roster) for seed in SEEDS for roster in case(seed).rosters}
    assert len(costs) >= 4


def test_all_soft_rules_together() -> None:
    assert price_differences(SOFT, TRIED) == []


class Part:
    """A part of a sound roster is free, for everybody or for some people; the rest is kept as constants."""

    def __init__(self, some: Case, chance: Random) -> None:
        self.week, self.chance = some.week, chance
        cells = all_cells(some.week)
        self.duty_cells = {x for x in cells[0] if chance.random() < 0.5 and x[1] in self._class(x).segments}
        self.lesson_cells = {x for x in cells[1] if chance.random() < 0.5 and x[1] in self._class(x).slots}
        people = frozenset(v.id for v in some.week.volunteers if chance.random() < 0.6)
        self.people = people if chance.random() < 0.5 else None
        self.kept, self.inside = split(some.rosters[0], self.duty_cells, self.lesson_cells, self.people)

    def _class(self, cell: Cell) -> ClassRun:
        return self.week.class_run[cell[0]]

    def others(self, count: int = 3) -> list[Roster]:
        """Other entries in the free part: fewer, more, and any."""
        out = [self.inside, Roster(self.inside.duties, frozenset()), Roster(frozenset(), self.inside.lessons)]
        for _ in range(count):
            more = [any_entry(self.chance, self.week) for _ in range(3)]
            added = split(plus(Roster(), *more), self.duty_cells, self.lesson_cells, self.people)[1]
            out.append(plus(self.inside, *added.duties, *added.lessons))
        return out

    def frees_a_minors_duty(self) -> bool:
        """Whether a kept lesson of a minor goes with a duty that is free."""
        lessons = [x for x in self.kept.lessons if not self.week.volunteer[x.instructor].adult]
        return any((x.class_run, self.week.slot[x.slot].segment) in self.duty_cells for x in lessons)

    def with_kept(self, inside: Roster) -> Roster:
        return Roster(self.kept.duties | inside.duties, self.kept.lessons | inside.lessons)


def part_disagreements(some: Case) -> list[int]:
    part = Part(some, Random(some.seed))
    model = build(Choices(some.week), part.kept, part.duty_cells, part.lesson_cells, people=part.people)
    found = []
    for i, inside in enumerate(part.others()):
        if holds(model, inside) != (not check(some.week, part.with_kept(inside)).violations):
            found.append(i)
    return found


@pytest.mark.parametrize("ten", range(len(TRIED) // 10))
def test_hard_rules_where_only_a_part_is_free(ten: int) -> None:
    wrong = {seed: found for seed in TRIED[ten * 10 : ten * 10 + 10] if (found := part_disagreements(case(seed)))}
    assert wrong == {}


def part_price_differences(some: Case, rules: tuple[ModuleType, ...] = SOFT) -> dict[str, set[int]]:
    """Rules whose cost and whose model's cost differ by more than what the kept entries cost in any case."""
    part = Part(some, Random(some.seed))
    model = Model(Everything(some.week), part.kept, part.duty_cells, part.lesson_cells, part.people)
    costs = Costs(model, rules)
    constants: dict[str, set[int]] = {rule.NAME: set() for rule in rules}
    for inside in part.others():
        if is_expressible(model, inside):
            full = part.with_kept(inside)
            for rule in rules:
                constants[rule.NAME].add(rule.cost(some.week, full) - costs.of(inside)[rule.NAME])
    return {name: found for name, found in constants.items() if len(found) > 1}


@pytest.mark.parametrize("ten", range(len(TRIED) // 10))
def test_costs_where_only_a_part_is_free(ten: int) -> None:
    wrong = {seed: found for seed in TRIED[ten * 10 : ten * 10 + 10] if (found := part_price_differences(case(seed)))}
    assert wrong == {}


def test_what_is_kept_never_blocks_the_rest() -> None:
    """Kept entries may break rules (a start with `--site`): a model that adds nothing still has a solution.

    But a minor's lesson is kept only where the minor's duty that goes with it stays possible.
    """
    blocked = []
    for some in map(case, TRIED):
        if some.week.pins.duties or some.week.pins.lessons:
            continue
        for i, roster in enumerate(some.rosters):
            part = Part(Case(some.seed, some.week, (roster,)), Random(some.seed))
            model = build(Choices(some.week), part.kept, part.duty_cells, part.lesson_cells, people=part.people)
            if not part.frees_a_minors_duty() and solved(model.cp) is None:
                blocked.append((some.seed, i))
    assert blocked == []


def test_a_hint_is_a_whole_solution_at_the_right_price() -> None:
    """Every variable, auxiliary ones included, at the value that `Model.values` gives it."""
    for some in map(case, TRIED):
        model = whole(some.week)
        roster = some.rosters[0]
        if not is_expressible(model, roster):
            continue
        values = model.values(roster)
        assert set(values) == set(range(len(model.cp.proto.variables)))
        for index, (_, value) in values.items():
            domain = model.cp.proto.variables[index].domain
            domain[0] = domain[1] = value
        model.cp.minimize(model.expression(dict.fromkeys(LEVELS, 1)))
        solver = solved(model.cp)
        assert solver is not None, some.seed
        assert solver.objective_value == sum(cost(some.week, roster)), some.seed
        assert model.read(solver.boolean_value) == roster
        assert sum(cost_parts(some.week, roster).values()) == sum(cost(some.week, roster))
