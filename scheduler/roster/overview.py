"""What can be said of a week before it is solved: how large it is, and what no roster can mend."""

from __future__ import annotations

from dataclasses import dataclass

from scheduler.roster.problem import Problem, Volunteer


@dataclass(frozen=True)
class Overview:
    """`sites` are those that have a class. `unreachable` are the volunteers, cleared and with some time to give,
    who reach none of these; `without_slots` the classes that can have no lessons. Both are ids in the file's order.
    """

    classes: int
    sites: int
    volunteers: int
    cleared: int
    unreachable: tuple[str, ...]
    without_slots: tuple[str, ...]


def overview(problem: Problem) -> Overview:
    """The overview of a week."""
    sites = sorted({c.site for c in problem.classes})
    return Overview(
        classes=len(problem.classes),
        sites=len(sites),
        volunteers=len(problem.volunteers),
        cleared=sum(v.cleared for v in problem.volunteers),
        unreachable=tuple(v.id for v in problem.volunteers if sites and _goes_nowhere(problem, v, sites)),
        without_slots=tuple(c.id for c in problem.classes if not c.slots),
    )


def _goes_nowhere(problem: Problem, who: Volunteer, sites: list[str]) -> bool:
    may_come = who.cleared and bool(who.available)
    return may_come and all(problem.km(who.id, site) > who.reach_km for site in sites)
