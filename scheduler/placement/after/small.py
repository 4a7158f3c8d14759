"""Class runs with fewer children than they need to open: a person decides, and sees where each child could go."""

from __future__ import annotations

from dataclasses import dataclass

from scheduler.placement.after.standing import Standing
from scheduler.placement.problem import Option


@dataclass(frozen=True, slots=True)
class Affected:
    """A child of a small class run, and where it could go: its own wishes with room, other class runs that fit."""

    child: str
    is_kept: bool
    wishes: tuple[Option, ...]
    others: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Small:
    """A class run with some children, fewer than it needs to open."""

    class_run: str
    children: int
    least: int
    affected: tuple[Affected, ...]


def small_runs(standing: Standing) -> tuple[Small, ...]:
    """Class runs below their minimum, who is affected, and where each could go as things stand. A person decides."""
    found = []
    for name, children in standing.placement.in_run.items():
        least = standing.problem.class_run[name].min_to_open
        if len(children) < least:
            found.append(Small(name, len(children), least, tuple(_affected(standing, kid, name) for kid in children)))
    return tuple(found)


def _affected(standing: Standing, child: str, name: str) -> Affected:
    """Where one child of a class run could go if it did not open."""
    problem, state, own = standing.problem, standing.state, standing.problem.child[child]
    elsewhere = {problem.class_run[p.class_run].term for p in state.hand(child) if p.class_run != name}
    room = [
        run.id
        for run in problem.classes
        if run.id != name and run.term not in elsewhere and run.fits(own.grade) and state.has_room(run.id, own)
    ]
    wishes = tuple(o for o in problem.options[child] if o.class_run in room)
    listed = {o.class_run for o in wishes}
    return Affected(child, name in own.keep, wishes, tuple(run for run in room if run not in listed))
