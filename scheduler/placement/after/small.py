"""Class runs with fewer children than they need to open: a person decides, and sees where each child could go."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from scheduler.placement.after.asking import room_beside
from scheduler.placement.after.offers import Offer
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


def small_runs(standing: Standing, offers: Iterable[Offer] = ()) -> tuple[Small, ...]:
    """Class runs below their minimum, who is affected, and where each could go as things stand. A person decides.

    What `offers` reserve is not free; but a child may be asked itself.
    """
    found, offers = [], tuple(offers)
    for name, children in standing.placement.in_run.items():
        least = standing.problem.class_run[name].min_to_open
        if len(children) < least:
            affected = tuple(_affected(standing, offers, kid, name) for kid in children)
            found.append(Small(name, len(children), least, affected))
    return tuple(found)


def _affected(standing: Standing, offers: Iterable[Offer], child: str, name: str) -> Affected:
    """Where one child of a class run could go if it did not open."""
    problem, state, own = standing.problem, standing.state, standing.problem.child[child]
    has_room = room_beside(standing, (offer for offer in offers if offer.child != child))
    elsewhere = {problem.class_run[p.class_run].term for p in state.hand(child) if p.class_run != name}
    room = [
        run.id
        for run in problem.classes
        if run.id != name and run.term not in elsewhere and run.fits(own.grade)
        if state.has_room(run.id, own) and has_room(own, run.id)
    ]
    wishes = tuple(o for o in problem.options[child] if o.class_run in room)
    listed = {o.class_run for o in wishes}
    return Affected(child, name in own.keep, wishes, tuple(run for run in room if run not in listed))
