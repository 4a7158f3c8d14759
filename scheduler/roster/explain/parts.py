"""What could be different: the parts of a change, what each is worth in points, and the problem in which it is so.

The order of costs is `POINTS`: what is asked of one known person comes before what is asked of families, and that
before people and rooms that nobody has. Several parts add up. Moving people costs no points: in a draft nobody has
been promised anything; fewer moves go before more.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import replace

from scheduler.roster.explain.answers import Candidate, Exclusion, Part
from scheduler.roster.explain.wants import Adult, AnyWant, Lead
from scheduler.roster.problem import Duty, Lesson, Problem, Room, Roster, Volunteer

POINTS = {
    "load": 2,  # one more segment than the volunteer's most
    "reach": 1,  # for each kilometre begun beyond the volunteer's reach
    "availability": 4,  # one segment more
    "clearance": 6,  # a background check that is missing
    "role": 8,  # somebody takes on a role
    "person": 12,  # one person more
    "instructor": 15,  # one instructor more
    "children": 3,  # for each child fewer in the class
    "room": 20,  # one room more
}

MOST_PARTS, MOST_FARTHER_KM = 2, 5
NEW_PERSON = "new-person"
NEW_ROOM = "new-room"


def points(parts: Iterable[Part]) -> int:
    """What a change costs in the order of costs."""
    return sum(POINTS[part.kind] * _amount(part) for part in parts)


def _amount(part: Part) -> int:
    facts = part.facts
    if part.kind == "reach":
        return max(1, math.ceil(float(str(facts["to"])) - float(str(facts["from"])) - 1e-9))
    if part.kind in ("load", "children"):
        return abs(int(str(facts["to"])) - int(str(facts["from"])))
    return 1


def parts_for(problem: Problem, found: Candidate) -> tuple[Part, ...] | None:
    """What would have to be different for a candidate, the dearest first; None where something cannot be.

    Nobody is asked for more than two things or to come much farther: that is a search for somebody else.
    """
    parts = [_part(problem, found, exclusion) for exclusion in found.exclusions]
    known = [part for part in parts if part is not None]
    if len(known) < len(parts) or not 0 < len(known) <= MOST_PARTS:
        return None
    if any(part.kind == "reach" and points([part]) > MOST_FARTHER_KM for part in known):
        return None
    return tuple(sorted(known, key=lambda p: (-points([p]), p.kind)))


def _part(problem: Problem, found: Candidate, why: Exclusion) -> Part | None:
    """What one rule asks to be different; None for a rule that cannot give way."""
    v, entry = problem.volunteer[found.volunteer], found.entry
    assert entry is not None  # Only those who could come are asked.
    facts: dict[str, object] = {"volunteer": v.id}
    if why.rule == "load":
        return Part("load", {**facts, "from": v.max_segments, "to": why.facts["segments"]})
    if why.rule == "reach":
        km = problem.km(v.id, problem.class_run[entry.class_run].site)
        return Part("reach", {**facts, "from": v.reach_km, "to": math.ceil(km * 10) / 10, "km": round(km, 2)})
    if why.rule == "availability":
        return Part("availability", {**facts, "segment": why.facts["segment"]})
    if why.rule == "clearance":
        return Part("clearance", facts)
    if isinstance(entry, Duty):
        return Part("role", {**facts, "role": entry.role}) if why.rule == "roles" else None
    return room_part(problem, entry) if why.rule == "room" else None


def room_part(problem: Problem, lesson: Lesson) -> Part:
    """One more room of the kind that a lesson needs, large enough for the class."""
    run, kind = problem.class_run[lesson.class_run], problem.course[lesson.course].room_kind
    return Part("room", {"site": run.site, "room_kind": kind, "capacity": run.children})


def fewer_children(problem: Problem, want: Adult, adults: int) -> Part | None:
    """So few children that the adults who are there are enough; None where the least number of adults is missing."""
    run, policy = problem.class_run[want.class_run], problem.policy
    if not max(1, policy.min_adults) <= adults < problem.need(run):
        return None
    return Part("children", {"class": run.id, "from": run.children, "to": policy.children_per_adult * adults})


def smaller_for_room(problem: Problem, found: Candidate) -> Part | None:
    """So few children that the room they would need holds them."""
    entry = found.entry
    if (
        not isinstance(entry, Lesson)
        or entry.room is None
        or [e.facts.get("fault") for e in found.exclusions] != ["small"]
    ):
        return None
    run = problem.class_run[entry.class_run]
    return Part("children", {"class": run.id, "from": run.children, "to": problem.room[entry.room].capacity})


def newcomer(problem: Problem, want: AnyWant) -> Volunteer:
    """Somebody who does not exist: at the class's site, in its segments, may do what is wanted and nothing more."""
    run = problem.class_run[want.class_run]
    site = problem.site[run.site]
    on_duty = isinstance(want, Lead | Adult)
    role = {"lead": "lead", "adult": "assistant"}.get(want.kind, "instructor")
    return Volunteer(
        id=_unused(NEW_PERSON, problem.volunteer),
        name="",
        roles=frozenset({role}),
        courses=frozenset() if on_duty else frozenset(problem.course),
        available=frozenset({want.segment} if isinstance(want, Lead | Adult) else run.segments),
        max_segments=1,
        preferred_segments=0,
        x_km=site.x_km,
        y_km=site.y_km,
        reach_km=0.0,
        preferred_sites=frozenset(),
        adult=True,
        cleared=True,
    )


def person_part(want: Lead | Adult, problem: Problem) -> Part:
    """One person more for a duty."""
    role = "lead" if want.kind == "lead" else "assistant"
    site = problem.class_run[want.class_run].site
    return Part("person", {"role": role, "site": site, "segment": want.segment, "class": want.class_run})


def instructor_part(lesson: Lesson, problem: Problem) -> Part:
    """One instructor more for a course in a slot."""
    site = problem.class_run[lesson.class_run].site
    return Part("instructor", {"course": lesson.course, "site": site, "slot": lesson.slot, "class": lesson.class_run})


def applied(problem: Problem, parts: Iterable[Part]) -> Problem:
    """The problem in which these parts are so."""
    for part in parts:
        problem = _CHANGES[part.kind](problem, part)
    return problem


def _load(problem: Problem, part: Part) -> Problem:
    return _with(problem, part, max_segments=part.facts["to"])


def _reach(problem: Problem, part: Part) -> Problem:
    return _with(problem, part, reach_km=part.facts["to"])


def _availability(problem: Problem, part: Part) -> Problem:
    available = problem.volunteer[str(part.facts["volunteer"])].available | {str(part.facts["segment"])}
    return _with(problem, part, available=available)


def _clearance(problem: Problem, part: Part) -> Problem:
    return _with(problem, part, cleared=True)


def _role(problem: Problem, part: Part) -> Problem:
    return _with(problem, part, roles=problem.volunteer[str(part.facts["volunteer"])].roles | {str(part.facts["role"])})


def _with(problem: Problem, part: Part, **changes: object) -> Problem:
    """The problem with another version of the volunteer whom the part names."""
    who = part.facts["volunteer"]
    people = (replace(v, **changes) if v.id == who else v for v in problem.volunteers)  # type: ignore[arg-type]
    return replace(problem, volunteers=tuple(people))


def _children(problem: Problem, part: Part) -> Problem:
    children, which = int(str(part.facts["to"])), part.facts["class"]
    classes = (replace(c, children=children) if c.id == which else c for c in problem.classes)
    return replace(problem, classes=tuple(classes))


def _room(problem: Problem, part: Part) -> Problem:
    facts = part.facts
    room = Room(_unused(NEW_ROOM, problem.room), str(facts["room_kind"]), int(str(facts["capacity"])))
    sites = (replace(s, rooms=(*s.rooms, room)) if s.id == facts["site"] else s for s in problem.sites)
    return replace(problem, sites=tuple(sites))


def _person(problem: Problem, part: Part) -> Problem:
    facts = part.facts
    kind = Lead if facts["role"] == "lead" else Adult
    someone = newcomer(problem, kind(str(facts["class"]), str(facts["segment"])))
    return replace(problem, volunteers=(*problem.volunteers, someone))


def _instructor(problem: Problem, part: Part) -> Problem:
    from scheduler.roster.explain.wants import AnyLesson

    facts = part.facts
    someone = newcomer(problem, AnyLesson(str(facts["class"]), str(facts["slot"])))
    segment = problem.slot[str(facts["slot"])].segment
    someone = replace(someone, courses=frozenset({str(facts["course"])}), available=frozenset({segment}))
    return replace(problem, volunteers=(*problem.volunteers, someone))


_CHANGES = {
    "load": _load,
    "reach": _reach,
    "availability": _availability,
    "clearance": _clearance,
    "role": _role,
    "children": _children,
    "room": _room,
    "person": _person,
    "instructor": _instructor,
}


def _unused(name: str, taken: Iterable[str]) -> str:
    known, n = set(taken), 1
    while f"{name}-{n}" in known:
        n += 1
    return f"{name}-{n}"


def newcomers(before: Problem, after: Problem) -> Iterator[str]:
    """The people whom a change has brought."""
    known = before.volunteer
    return (v.id for v in after.volunteers if v.id not in known)


def least_change(problem: Problem, roster: Roster, want: Adult) -> Part | None:
    """Fewer children, for the adults that the roster has."""
    return fewer_children(problem, want, want.adults(problem, roster))
