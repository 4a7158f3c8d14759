"""Who waits for a place in which class run, in order (SCHEDULING.md §3), as a result is written."""

from __future__ import annotations

from scheduler.placement.problem import Child, Problem
from scheduler.placement.result import Place, Placement, Waitlists

Claim = tuple[bool, int, int, int, int, str]
"""Has a place, tier, rank of the wish, batch of late applications, lottery number; the child's id."""


def waitlists(problem: Problem, placement: Placement) -> Waitlists:
    """The waitlist of every class run that has a child; runs that are not open have none."""
    waiting = {name: list[Claim]() for name in placement.in_run}
    for child in problem.children:
        held = placement.of_child.get(child.id, [])
        for rank, name in enumerate(child.choices, start=1):
            if name in waiting and waits(problem, child, held, name, rank):
                waiting[name].append(claim(problem, child, held, rank))
    return {name: tuple(key[-1] for key in sorted(keys)) for name, keys in waiting.items()}


def claim(problem: Problem, child: Child, held: list[Place], rank: int) -> Claim:
    """By what a waitlist is sorted; late applications stand behind those in time with the same tier and wish."""
    return bool(held), child.tier, rank, child.late, problem.lottery[child.id], child.id


def waits(problem: Problem, child: Child, held: list[Place], name: str, rank: int) -> bool:
    """Whether a child who holds these places, the first place first, would like this wish beside or instead."""
    run = problem.class_run[name]
    if not run.fits(child.grade) or any(p.class_run == name for p in held):
        return False
    if not held:
        return True
    rival = next((p for p in held if problem.class_run[p.class_run].term == run.term), None)
    if rival is None and len(held) < child.seats:
        return True
    return rank < (rival or held[-1]).rank
