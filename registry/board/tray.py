"""The tray: who has time this week and is not used, with what a coordinator asks about them."""

from __future__ import annotations

from dataclasses import dataclass

from registry.engine.boards import Position


@dataclass(frozen=True, slots=True)
class Spare:
    """Somebody who is not used: how far from the site, when they can come, what they may do, how much they wish."""

    volunteer: str
    name: str
    km: float
    can_lead: bool
    gives_courses: bool
    is_adult: bool
    available: tuple[str, ...]
    wishes: int


def tray_of(position: Position, site: str) -> tuple[Spare, ...]:
    """The unused who may come to a site: cleared, within their reach, free in some segment of a class there, not
    banned from all of it. The nearest first."""
    problem, people = position.problem, position.roster.people
    segments = {s for c in problem.classes if c.site == site for s in c.segments}
    runs = [c.id for c in problem.classes if c.site == site]
    found = []
    for v in problem.volunteers:
        if not v.cleared or v.id in people or not v.available & segments or problem.km(v.id, site) > v.reach_km:
            continue
        if not all((v.id, c) in problem.banned for c in runs):
            found.append(Spare(
                v.id, v.name, round(problem.km(v.id, site), 1), v.adult and "lead" in v.roles,
                "instructor" in v.roles, v.adult,
                tuple(s.id for s in problem.segments if s.id in v.available & segments), v.preferred_segments,
            ))  # fmt: skip
    return tuple(sorted(found, key=lambda spare: (spare.km, spare.volunteer)))
