"""What is wrong with a roster and what it costs, from the rulebook alone: nothing here knows the solver.

A pin may waive a rule (reach, load, roles, travel, lesson). A rule is then judged without the pins that waive it:
what is still broken is a violation; what is broken only with them is *overridden*. So a pin that waives `load`
comes on top of a full week, and does not open the week to further entries.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from types import ModuleType

from scheduler.result import Cost, Violation
from scheduler.roster.problem import Duty, Lesson, Problem, Roster
from scheduler.roster.rules import HARD, SOFT


@dataclass(frozen=True)
class Report:
    """Breaches that count, and breaches that pins have waived."""

    violations: tuple[Violation, ...]
    overridden: tuple[Violation, ...]


def check(problem: Problem, roster: Roster, rules: Iterable[ModuleType] = HARD) -> Report:
    """Every breach of a hard rule, or of some of them."""
    waivers: dict[str, set[Duty | Lesson]] = {}
    pins: tuple[tuple[Duty | Lesson, frozenset[str]], ...] = (*problem.pins.duties, *problem.pins.lessons)
    for entry, waives in pins:
        for name in waives:
            waivers.setdefault(name, set()).add(entry)
    violations: list[Violation] = []
    overridden: list[Violation] = []
    for rule in rules:
        full = list(rule.violations(problem, roster))
        free = waivers.get(rule.NAME)
        if full and free:
            without = Roster(roster.duties - free, roster.lessons - free)
            left = {frozenset(v.subject) - free for v in full}
            bare = [v for v in rule.violations(problem, without) if frozenset(v.subject) in left]
            broken = {frozenset(v.subject) for v in bare}
            overridden += [v for v in full if frozenset(v.subject) - free not in broken]
            full = bare
        violations += full
    return Report(tuple(sorted(violations, key=_order)), tuple(sorted(overridden, key=_order)))


def _order(violation: Violation) -> tuple[str, str]:
    return violation.rule, min(map(repr, violation.subject), default="")


def cost(problem: Problem, roster: Roster) -> Cost:
    """The three levels."""
    levels = dict.fromkeys(Cost._fields, 0)
    for rule in SOFT:
        levels[rule.LEVEL] += rule.cost(problem, roster)
    return Cost(**levels)


def cost_parts(problem: Problem, roster: Roster) -> dict[str, int]:
    """The weighted cost of each soft rule, by name."""
    return {rule.NAME: rule.cost(problem, roster) for rule in SOFT}


def pin_errors(problem: Problem) -> tuple[Violation, ...]:
    """Breaches by the pins alone, or by pins together, that they do not waive; all at once."""
    duties = frozenset(d for d, _ in problem.pins.duties)
    return check(problem, Roster(duties, frozenset(x for x, _ in problem.pins.lessons))).violations
