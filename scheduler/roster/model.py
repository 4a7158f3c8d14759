"""The CP-SAT model of any sub-problem: some cells are free, everything else is kept as it stands.

A *cell* is a class with a segment (duties) or with a slot (lessons). One variable stands for each permitted
choice in a free cell; kept entries appear as the constant 1, so that a rule reads the same for both. The rules
themselves live in `scheduler.roster.rules`: each adds its own constraints or its own cost.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from scheduler.roster.choices import Cell, Choices, LessonKey, lesson_key
from scheduler.roster.problem import Duty, Lesson, Problem, Roster

Literal = Any  # a CP-SAT Boolean variable, or the constants 0 and 1
LEVELS = ("safety", "programme", "quality")


class Model:
    """Variables of the free cells and the groups in which rules look at them."""

    def __init__(
        self,
        choices: Choices,
        kept: Roster,
        duty_cells: set[Cell],
        lesson_cells: set[Cell],
        people: frozenset[str] | None = None,
    ) -> None:
        from ortools.sat.python import cp_model

        self.cp = cp_model.CpModel()
        self.choices, self.problem, self.kept = choices, choices.problem, kept
        self.duty_cells, self.lesson_cells = duty_cells, lesson_cells
        self.duty: dict[tuple[str, str, str], Literal] = {}
        self.lead: dict[tuple[str, str, str], Literal] = {}
        self.lesson: dict[LessonKey, Literal] = {}
        self.duties_of: dict[tuple[str, str], list[tuple[str, Literal]]] = defaultdict(list)
        self.duties_in: dict[Cell, list[tuple[str, Literal]]] = defaultdict(list)
        self.leads_in: dict[Cell, list[tuple[str, Literal]]] = defaultdict(list)
        self.lessons_of: dict[tuple[str, str], list[tuple[LessonKey, Literal]]] = defaultdict(list)
        self.lessons_in: dict[Cell, list[tuple[LessonKey, Literal]]] = defaultdict(list)
        self.rooms: dict[tuple[str, str], list[Literal]] = defaultdict(list)
        self.terms: dict[str, list[tuple[int, Literal]]] = {level: [] for level in LEVELS}
        self._derived: list[tuple[str, Literal, list[tuple[int, Literal]], int]] = []
        self._engaged: dict[tuple[str, str], Literal] = {}
        self._add_choices(people)
        self._add_kept()

    @property
    def volunteers(self) -> list[str]:
        """Volunteers with at least one variable."""
        return self._touched

    def _add_choices(self, people: frozenset[str] | None) -> None:
        touched = {}
        for c, s in sorted(self.duty_cells):
            for v, may_lead in self.choices.duty.get((c, s), {}).items():
                if people is None or v in people:
                    touched[v] = True
                    self._add_duty(v, c, s, may_lead)
        for cell in sorted(self.lesson_cells):
            for key in self.choices.lesson.get(cell, ()):
                if people is None or key[3] in people:
                    touched[key[3]] = True
                    self._index_lesson(key, self.cp.new_bool_var(""))
        self._touched = list(touched)

    def _add_duty(self, v: str, c: str, s: str, may_lead: bool) -> None:
        var = self.cp.new_bool_var("")
        self.duty[v, c, s] = var
        self.duties_of[v, s].append((c, var))
        self.duties_in[c, s].append((v, var))
        if may_lead:
            lead = self.cp.new_bool_var("")
            self.cp.add_implication(lead, var)
            self.lead[v, c, s] = lead
            self.leads_in[c, s].append((v, lead))

    def _index_lesson(self, key: LessonKey, literal: Literal) -> None:
        c, t, _, v, room = key
        if not isinstance(literal, int):
            self.lesson[key] = literal
        self.lessons_of[v, t].append((key, literal))
        self.lessons_in[c, t].append((key, literal))
        if room is not None:
            self.rooms[room, t].append(literal)

    def _add_kept(self) -> None:
        people = set(self._touched)
        classes = {c for c, _ in self.duty_cells | self.lesson_cells}
        sites = {self.problem.class_run[c].site for c in classes}
        for d in self.kept.duties:
            if d.volunteer in people or d.class_run in classes:
                self._keep_duty(d)
        for x in self.kept.lessons:
            if x.instructor in people or self.problem.class_run[x.class_run].site in sites:
                self._index_lesson(lesson_key(x), 1)

    def _keep_duty(self, d: Duty) -> None:
        self.duties_of[d.volunteer, d.segment].append((d.class_run, 1))
        self.duties_in[d.class_run, d.segment].append((d.volunteer, 1))
        if d.role == "lead":
            self.leads_in[d.class_run, d.segment].append((d.volunteer, 1))

    @staticmethod
    def key(lesson: Lesson) -> LessonKey:
        """The key of a lesson's variable."""
        return lesson_key(lesson)

    def is_waived(self, rule: str, entry: Duty | Lesson) -> bool:
        """Whether a pin lets this very entry break a rule."""
        return entry in self.choices.waived.get(rule, ())

    def is_duty_waived(self, rule: str, v: str, c: str, s: str) -> bool:
        """The same for a duty of either role."""
        if rule not in self.choices.waived:
            return False
        return any(self.is_waived(rule, Duty(v, c, s, role)) for role in ("lead", "assistant"))

    def at_most_one(self, literals: Iterable[Literal]) -> None:
        """At most one of them holds. Kept entries that already clash are left to `check`."""
        variables, ones = [], 0
        for x in literals:
            if isinstance(x, int):
                ones += x
            else:
                variables.append(x)
        if ones:
            for x in variables:
                self.cp.add(x == 0)
        elif len(variables) > 1:
            self.cp.add_at_most_one(variables)

    def at_most(self, literals: Sequence[Literal], limit: int) -> None:
        """At most `limit` of them hold, kept ones counted first."""
        variables = [x for x in literals if not isinstance(x, int)]
        left = max(0, limit - sum(x for x in literals if isinstance(x, int)))
        if len(variables) > left:
            self.cp.add(sum(variables) <= left)

    def any_of(self, literals: Sequence[Literal], *, exact: bool = False) -> Literal:
        """A literal that holds if any of them does; with `exact`, only then."""
        if any(isinstance(x, int) and x for x in literals):
            return 1
        variables = [x for x in literals if not isinstance(x, int)]
        if len(variables) < 2:
            return variables[0] if variables else 0
        out = self.cp.new_bool_var("")
        for x in variables:
            self.cp.add_implication(x, out)
        if exact:
            self.cp.add_bool_or([*variables, ~out])
        self._derived.append(("any", out, [(1, x) for x in variables], 0))
        return out

    def excess(self, terms: Sequence[tuple[int, Literal]], offset: int, limit: int) -> Literal:
        """max(0, Σ terms + offset), at most `limit`; only as a cost to be minimised."""
        constant = offset + sum(k * x for k, x in terms if isinstance(x, int))
        variables = [(k, x) for k, x in terms if not isinstance(x, int)]
        most = constant + sum(k for k, _ in variables if k > 0)
        if most <= 0 or not variables:
            return max(0, constant)
        out = self.cp.new_int_var(0, min(most, limit), "")
        self.cp.add(out >= sum(k * x for k, x in variables) + constant)
        self._derived.append(("excess", out, variables, constant))
        return out

    def engaged(self, v: str, s: str) -> Literal:
        """Whether a volunteer is engaged in a segment, by a duty or any lesson."""
        if (v, s) not in self._engaged:
            literals = [x for _, x in self.duties_of.get((v, s), ())]
            for t in self.problem.slots_in.get(s, ()):
                literals += [x for _, x in self.lessons_of.get((v, t), ())]
            self._engaged[v, s] = self.any_of(literals, exact=True)
        return self._engaged[v, s]

    def charge(self, level: str, weight: int, literal: Literal) -> None:
        """Add weight · literal to a level's cost."""
        if weight and not (isinstance(literal, int) and literal == 0):
            self.terms[level].append((weight, literal))

    def expression(self, weights: dict[str, int]) -> Any:
        """Σ over levels of weight · cost."""
        total: Any = 0
        parts = [(weights[level] * k, x) for level in LEVELS if weights.get(level) for k, x in self.terms[level]]
        constant = sum(k * x for k, x in parts if isinstance(x, int))
        variables = [(k, x) for k, x in parts if not isinstance(x, int)]
        if variables:
            from ortools.sat.python import cp_model

            total = cp_model.LinearExpr.weighted_sum([x for _, x in variables], [k for k, _ in variables])
        return total + constant

    def hint(self, roster: Roster) -> None:
        """Hint every variable, auxiliaries included, with the roster's entries in the free cells."""
        values = self.values(roster)
        for var, value in values.values():
            self.cp.add_hint(var, value)

    def values(self, roster: Roster) -> dict[int, tuple[Literal, int]]:
        """Value of each variable, by index, that the roster stands for."""
        held = {(d.volunteer, d.class_run, d.segment): d.role for d in roster.duties}
        taught = {lesson_key(x) for x in roster.lessons}
        out: dict[int, tuple[Literal, int]] = {}
        for key, var in self.duty.items():
            out[var.index] = (var, int(key in held))
        for key, var in self.lead.items():
            out[var.index] = (var, int(held.get(key) == "lead"))
        for lesson, var in self.lesson.items():
            out[var.index] = (var, int(lesson in taught))
        for kind, var, terms, constant in self._derived:
            total = constant + sum(k * out[x.index][1] for k, x in terms)
            out[var.index] = (var, int(total > 0) if kind == "any" else max(0, total))
        return out

    def read(self, value: Any) -> Roster:
        """The roster's entries in the free cells, from a function literal → bool."""
        duties = frozenset(
            Duty(v, c, s, "lead" if (v, c, s) in self.lead and value(self.lead[v, c, s]) else "assistant")
            for (v, c, s), x in self.duty.items()
            if value(x)
        )
        return Roster(duties, frozenset(Lesson(*key) for key, x in self.lesson.items() if value(x)))


def build(
    choices: Choices,
    kept: Roster,
    duty_cells: set[Cell],
    lesson_cells: set[Cell],
    *,
    levels: Sequence[str] = LEVELS,
    people: frozenset[str] | None = None,
) -> Model:
    """The model with every rule of the rulebook, and the costs of the levels asked for.

    With `people`, only their choices are free: `kept` then holds the entries of others in the same cells.
    """
    from scheduler.roster.rules import HARD, SOFT

    model = Model(choices, kept, duty_cells, lesson_cells, people)
    for rule in HARD:
        if hasattr(rule, "add_to"):
            rule.add_to(model)
    for rule in SOFT:
        if rule.LEVEL in levels:
            rule.add_to(model)
    return model


def whole(problem: Problem) -> Model:
    """The model in which everything is free."""
    choices = Choices(problem)
    return build(choices, Roster(), set(choices.duty_cells), set(choices.lesson_cells))
