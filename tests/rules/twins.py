"""Whether the two halves of a rule agree: the solver's model with a roster fixed, and the checker's word on it."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from types import ModuleType

from factories import Entry, broken, roster
from ortools.sat.python import cp_model

from scheduler import Duty, Lesson, Problem, Roster, check
from scheduler.roster.choices import Cell, Choices, LessonKey
from scheduler.roster.model import LEVELS, Model
from scheduler.roster.rules import SOFT


class Everything(Choices):
    """Choices without any rule: everybody may do anything anywhere, so that one rule can be looked at alone."""

    @cached_property
    def duty(self) -> dict[Cell, dict[str, bool]]:
        people = {v.id: True for v in self.problem.volunteers}
        return {(c.id, s.id): dict(people) for c in self.problem.classes for s in self.problem.segments}

    @cached_property
    def lesson(self) -> dict[Cell, list[LessonKey]]:
        week = self.problem
        rooms: list[str | None] = [None, *week.room]
        return {
            (c.id, t.id): [(c.id, t.id, k.id, v.id, x) for k in week.courses for v in week.volunteers for x in rooms]
            for c in week.classes
            for t in week.slots
        }


def entries(of: Roster) -> Iterable[Entry]:
    yield from of.duties
    yield from of.lessons


def is_expressible(model: Model, roster: Roster) -> bool:
    """Whether every entry has a variable, and nobody is both lead and assistant of one class in one segment."""
    duties = {(d.volunteer, d.class_run, d.segment): d.role for d in roster.duties}
    if len(duties) < len(roster.duties) or any(Model.key(x) not in model.lesson for x in roster.lessons):
        return False
    return all(key in model.duty and (role != "lead" or key in model.lead) for key, role in duties.items())


def fixed(model: Model, roster: Roster) -> cp_model.CpModel:
    """A copy of the model in which every decision is the roster's; what follows from decisions is left free."""
    copy = model.cp.clone()
    values = model.values(roster)
    for var in (*model.duty.values(), *model.lead.values(), *model.lesson.values()):
        domain, value = copy.proto.variables[var.index].domain, values[var.index][1]
        domain[0] = domain[1] = value
    return copy


def solved(cp: cp_model.CpModel) -> cp_model.CpSolver | None:
    """The optimum, or None where there is no solution."""
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.cp_model_presolve = False
    status = solver.solve(cp)
    assert status in (cp_model.OPTIMAL, cp_model.FEASIBLE, cp_model.INFEASIBLE), status
    return None if status == cp_model.INFEASIBLE else solver


def holds(model: Model, roster: Roster) -> bool:
    """Whether the model admits the roster."""
    return is_expressible(model, roster) and solved(fixed(model, roster)) is not None


def all_cells(week: Problem) -> tuple[set[Cell], set[Cell]]:
    """Every class with every segment, and with every slot, also those it does not come for."""
    duty = {(c.id, s.id) for c in week.classes for s in week.segments}
    return duty, {(c.id, t.id) for c in week.classes for t in week.slots}


def alone(rule: ModuleType, week: Problem) -> Model:
    """A model of everything with the constraints of this rule and no other."""
    model = Model(Everything(week), Roster(), *all_cells(week))
    if hasattr(rule, "add_to"):
        rule.add_to(model)
    return model


def permits(rule: ModuleType, week: Problem, roster: Roster) -> bool:
    """Whether the rule permits every single entry; a pin that waives the rule is permitted."""
    waived = {entry for entry, waives in (*week.pins.duties, *week.pins.lessons) if rule.NAME in waives}
    return all(entry in waived or _permits(rule, week, entry) for entry in entries(roster))


def _permits(rule: ModuleType, week: Problem, entry: Duty | Lesson) -> bool:
    name = "permits_duty" if isinstance(entry, Duty) else "permits_lesson"
    return not hasattr(rule, name) or getattr(rule, name)(week, entry)


class Costs:
    """A model with the costs of all soft rules and no hard one: what it says that a roster costs, by rule."""

    def __init__(self, model: Model, rules: tuple[ModuleType, ...] = SOFT) -> None:
        self.model = model
        self.parts: dict[str, tuple[str, int, int]] = {}
        for rule in rules:
            first = len(model.terms[rule.LEVEL])
            rule.add_to(model)
            self.parts[rule.NAME] = (rule.LEVEL, first, len(model.terms[rule.LEVEL]))
        model.cp.minimize(model.expression(dict.fromkeys(LEVELS, 1)))

    def of(self, roster: Roster) -> dict[str, int]:
        """The least that the model lets these decisions cost."""
        solver = solved(fixed(self.model, roster))
        assert solver is not None
        out = {}
        for name, (level, first, last) in self.parts.items():
            terms = self.model.terms[level][first:last]
            out[name] = sum(k * (x if isinstance(x, int) else solver.value(x)) for k, x in terms)
        return out


def both(rule: ModuleType, week: Problem, *several: Entry) -> list[set[Entry]]:
    """The entries that each breach of this rule names; the model must say the same of the roster as a whole."""
    given = roster(*several)
    found = broken(v for v in check(week, given).violations if v.rule == rule.NAME)
    model = alone(rule, week)
    admitted = permits(rule, week, given) and (not hasattr(rule, "add_to") or holds(model, given))
    assert admitted == (not found)
    return found


def price(rule: ModuleType, week: Problem, *several: Entry) -> int:
    """What a roster costs by this rule; the model must say the same."""
    given, choices = roster(*several), Everything(week)
    model = Model(choices, Roster(), set(choices.duty_cells), set(choices.lesson_cells))
    counted: int = rule.cost(week, given)
    assert Costs(model, (rule,)).of(given) == {rule.NAME: counted}
    return counted
