"""The part of a week that stands in the workbook of whoever looks after some sites alone."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from registry.engine.rosters import Problem, Roster


def part_of(problem: Problem, sites: Collection[str], *rosters: Roster) -> Problem:
    """Some sites with their classes and rooms, and the volunteers who are there in one of the rosters or could come:
    somebody who lives out of reach of all of them is not named."""
    runs = {c.id for c in problem.classes if c.site in sites}
    there = {d.volunteer for roster in rosters for d in roster.duties if d.class_run in runs}
    there |= {x.instructor for roster in rosters for x in roster.lessons if x.class_run in runs}
    return replace(
        problem,
        sites=tuple(s for s in problem.sites if s.id in sites),
        classes=tuple(c for c in problem.classes if c.id in runs),
        volunteers=tuple(v for v in problem.volunteers if v.id in there or _is_near(problem, v.id, sites)),
        bans=(),
        published=None,
    )


def _is_near(problem: Problem, volunteer: str, sites: Collection[str]) -> bool:
    reach = problem.volunteer[volunteer].reach_km
    return any(problem.km(volunteer, site) <= reach for site in sites)


def entries_at(problem: Problem, sites: Collection[str], roster: Roster) -> Roster:
    """The entries at some sites."""
    runs = {c.id for c in problem.classes if c.site in sites}
    return Roster(
        frozenset(d for d in roster.duties if d.class_run in runs),
        frozenset(x for x in roster.lessons if x.class_run in runs),
    )


def engaged_in(problem: Problem, roster: Roster) -> dict[str, int]:
    """In how many segments of the week each volunteer is, wherever that is."""
    found: dict[str, set[str]] = {}
    for duty in roster.duties:
        found.setdefault(duty.volunteer, set()).add(duty.segment)
    for lesson in roster.lessons:
        found.setdefault(lesson.instructor, set()).add(problem.slot[lesson.slot].segment)
    return {id_: len(segments) for id_, segments in found.items()}
