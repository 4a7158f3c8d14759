"""idle · Σ over cleared volunteers with any availability of max(0, ⌈preferred_segments / 2⌉ − segments engaged)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scheduler.roster.problem import Problem, Roster

if TYPE_CHECKING:
    from scheduler.roster.model import Model

NAME = "idle"
LEVEL = "quality"


def cost(problem: Problem, roster: Roster) -> int:
    """The weighted cost."""
    missing = 0
    for v in problem.volunteers:
        if v.cleared and v.available:
            segments = {d.segment for d in roster.duties_of.get(v.id, ())}
            segments |= {problem.slot[x.slot].segment for x in roster.lessons_of.get(v.id, ())}
            missing += max(0, -(-v.preferred_segments // 2) - len(segments))
    return problem.policy.weights.idle * missing


def add_to(model: Model) -> None:
    """For each cleared volunteer with any availability, the segments missing from half their preference."""
    problem, touched = model.problem, set(model.volunteers)
    for v in problem.volunteers:
        if not v.cleared or not v.available or not problem.policy.weights.idle:
            continue
        half = -(-v.preferred_segments // 2)
        if v.id in touched:
            engaged = [(-1, model.engaged(v.id, s.id)) for s in problem.segments]
            model.charge(LEVEL, problem.policy.weights.idle, model.excess(engaged, half, half))
        elif not model.kept.duties and not model.kept.lessons:
            model.charge(LEVEL, problem.policy.weights.idle, half)
