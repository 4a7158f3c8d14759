"""The rulebook (SCHEDULING.md §1): one module a rule, all of them on this screen. Order never matters.

A hard rule has `NAME` and `violations(problem, roster)`, and what keeps a roster from breaking it: `permits_duty`
and `permits_lesson` for single choices, `add_to(model)` for what several choices do together. A soft rule has
`NAME`, `LEVEL`, `add_to(model)` and `cost(problem, roster)`, weighted.
"""

from __future__ import annotations

from types import ModuleType

from scheduler.roster.problem import Duty, Lesson, Problem
from scheduler.roster.rules import (
    adulthood,
    availability,
    bans,
    clearance,
    continuity,
    domains,
    duty,
    heat,
    idle,
    interest,
    leads,
    lesson,
    load,
    one_lead,
    one_place,
    open_slots,
    overload,
    pins,
    reach,
    roles,
    room,
    safety,
    travel,
    travel_cost,
    wish,
)

HARD: tuple[ModuleType, ...] = (
    clearance,
    adulthood,
    availability,
    duty,
    reach,
    one_place,
    travel,
    load,
    roles,
    one_lead,
    lesson,
    room,
    heat,
    pins,
    bans,
)

SOFT: tuple[ModuleType, ...] = (
    safety,
    open_slots,
    domains,
    interest,
    travel_cost,
    continuity,
    leads,
    overload,
    wish,
    idle,
)

_DUTY = tuple((rule.NAME, rule.permits_duty) for rule in HARD if hasattr(rule, "permits_duty"))
_LESSON = tuple((rule.NAME, rule.permits_lesson) for rule in HARD if hasattr(rule, "permits_lesson"))


def permits_duty(problem: Problem, duty: Duty) -> bool:
    """Whether every rule over single choices permits this duty."""
    return all(permits(problem, duty) for _, permits in _DUTY)


def permits_lesson(problem: Problem, lesson: Lesson) -> bool:
    """Whether every rule over single choices permits this lesson."""
    return all(permits(problem, lesson) for _, permits in _LESSON)


def forbidden_by(problem: Problem, entry: Duty | Lesson) -> list[str]:
    """Names of the rules that forbid this single choice."""
    if isinstance(entry, Duty):
        return [name for name, permits in _DUTY if not permits(problem, entry)]
    return [name for name, permits in _LESSON if not permits(problem, entry)]
