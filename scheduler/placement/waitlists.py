"""Who waits for a place in which class run, in order (SCHEDULING.md §3), as a result is written."""

from __future__ import annotations

from scheduler.placement.problem import Child, Problem
from scheduler.placement.result import Place, Placement, Waitlists


def waitlists(problem: Problem, placement: Placement) -> Waitlists:
    """The waitlist of every class run that has a child; runs that are not open have none."""
    waiting: dict[str, list[tuple[bool, int, int, int, str]]] = {name: [] for name in placement.in_run}
    for child in problem.children:
        held = placement.of_child.get(child.id, [])
        for rank, name in enumerate(child.choices, start=1):
            if name in waiting and waits(problem, child, held, name, rank):
                key = (bool(held), child.tier, rank, problem.lottery[child.id], child.id)
                waiting[name].append(key)
    return {name: tuple(key[-1] for key in sorted(keys)) for name, keys in waiting.items()}


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
