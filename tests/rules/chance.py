"""Small weeks and rosters by chance, with everything in them that rules trip over; the same seed, the same case.

Segments and slots may overlap, sites share coordinates, classes come for part of the week; there are minors, people
who are not cleared, bans, heat days, and pins that waive what they break.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache, cached_property
from random import Random
from typing import Any

from factories import Entry, course, facts, policy, volunteer

from scheduler import Duty, Lesson, Problem, Roster, check, pin_errors, read_problem
from scheduler.files.rosters import WAIVABLE
from scheduler.roster.problem import Pins

ANY_WEIGHT = (1, 1, 2, 3, 5, 0)


def clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"


def some(r: Random, items: list[Any], likely: float = 0.7) -> list[Any]:
    return [x for x in items if r.random() < likely]


def _hours(r: Random) -> tuple[list[Any], list[Any]]:
    """Two or three segments on each of one or two weekdays; in every third week some of them overlap."""
    segments, slots = [], []
    crossing = r.random() < 0.35
    for day in range(1, r.choice((2, 2, 3))):
        at = 480
        for n in range(r.choice((2, 2, 3))):
            start = at - 30 if crossing and n and r.random() < 0.6 else at + r.choice((0, 0, 25, 40))
            end = start + r.choice((60, 90, 120))
            at = max(at, end)
            segments.append({"id": f"{day}-{n}", "weekday": day, "start": clock(start), "end": clock(end)})
            for k in range(r.choice((0, 1, 2))):
                begin = start + r.choice((0, 10, 20, 30))
                hours = {"start": clock(begin), "end": clock(begin + r.choice((20, 30)))}
                slots.append({"id": f"{day}-{n}-{k}", "segment": f"{day}-{n}", **hours})
    return segments, slots


def _place(r: Random) -> dict[str, float]:
    return {"x_km": r.choice((0, 3, 3, 6)), "y_km": r.choice((0, 4, 4, 8))}


def _site(r: Random, name: str) -> dict[str, Any]:
    rooms = [
        {"id": f"{name}{kind}", "kind": kind, "capacity": r.choice((10, 30))}
        for kind in some(r, ["dance", "craft"], 0.5)
    ]
    return {"id": name, **_place(r), "rooms": rooms}


def _class(r: Random, name: str, week: dict[str, Any]) -> dict[str, Any]:
    segments = [s["id"] for s in week["segments"] if r.random() < 0.8]
    return {
        "id": name,
        "site": r.choice(week["sites"])["id"],
        "grades": list(r.choice(((1, 2), (3, 3)))),
        "children": r.choice((0, 8, 15, 22)),
        "segments": segments,
        "slots": [t["id"] for t in week["slots"] if t["segment"] in segments and r.random() < 0.85],
        "interest": {k["id"]: r.randint(0, 10) for k in week["courses"] if r.random() < 0.5},
    }


def _volunteer(r: Random, name: str, week: dict[str, Any]) -> dict[str, Any]:
    segments = [s["id"] for s in week["segments"]]
    return volunteer(
        name,
        roles=some(r, ["lead", "assistant", "instructor"], 0.9),
        courses=some(r, [k["id"] for k in week["courses"]], 0.8),
        available=some(r, segments, r.choice((1, 1, 0.7))),
        max_segments=r.choice((0, 1, 2, 3, 9, 9)),
        preferred_segments=r.randint(0, 5),
        reach_km=r.choice((0, 3, 5, 10, 10, 10)),
        preferred_sites=some(r, [s["id"] for s in week["sites"]], 0.3),
        adult=r.random() < 0.8,
        cleared=r.random() < 0.92,
        **_place(r),
    )


def random_facts(r: Random) -> dict[str, Any]:
    """A small week as it stands in a file, without pins."""
    segments, slots = _hours(r)
    week = facts(segments=segments, slots=slots, sites=[_site(r, f"s{i}") for i in range(r.choice((1, 2, 2, 3)))])
    week["courses"] = [
        course(
            f"k{i}",
            r.choice(("aesthetic", "physical", "other")),
            grades=list(r.choice(((1, 6), (1, 6), (1, 2)))),
            room_kind=r.choice((None, None, None, "dance", "craft")),
            outdoor=r.random() < 0.4,
        )
        for i in range(r.choice((1, 2, 3)))
    ]
    week["classes"] = [_class(r, f"c{i}", week) for i in range(r.choice((1, 2, 3, 3)))]
    week["volunteers"] = [_volunteer(r, f"v{i}", week) for i in range(r.choice((1, 2, 3, 3)))]
    week["policy"] = policy(
        {w: r.choice(ANY_WEIGHT) for w in ("interest", "travel", "continuity", "lead", "overload", "wish", "idle")},
        min_adults=r.choice((0, 1, 2)),
        max_lessons_per_course=r.choice((0, 1, 2, 2)),
        domain_minimums={d: r.randint(0, 2) for d in some(r, ["aesthetic", "physical", "other", "moral"])},
        travel_minutes_fixed=r.choice((0, 5, 10)),
        travel_minutes_per_km=r.choice((0, 4, 6)),
    )
    week["bans"] = [_ban(r, week) for _ in range(r.choice((0, 0, 0, 1)))]
    week["heat_days"] = some(r, [1, 2], 0.5)
    return week


def _ban(r: Random, week: dict[str, Any]) -> dict[str, str]:
    who = {"volunteer": r.choice(week["volunteers"])["id"]}
    if r.random() < 0.5:
        return who | {"class": r.choice(week["classes"])["id"]}
    return who | {"site": r.choice(week["sites"])["id"]}


def any_duty(r: Random, week: Problem) -> Duty:
    c = r.choice(week.classes)
    s = r.choice(c.segments) if c.segments and r.random() < 0.75 else r.choice(week.segments).id
    return Duty(r.choice(week.volunteers).id, c.id, s, r.choice(("lead", "assistant")))


def any_lesson(r: Random, week: Problem) -> Lesson:
    """A lesson by chance, mostly one of the class's slots and in the right kind of room."""
    c, k, v = r.choice(week.classes), r.choice(week.courses), r.choice(week.volunteers)
    t = r.choice(c.slots) if c.slots and r.random() < 0.9 else r.choice(week.slots).id
    rooms: list[str | None] = (
        [x.id for x in week.site[c.site].rooms if x.kind == k.room_kind] if k.room_kind else [None]
    )
    if not rooms or r.random() < 0.1:
        rooms = [None, *week.room]
    return Lesson(c.id, t, k.id, v.id, r.choice(rooms))


def any_entry(r: Random, week: Problem, _: Roster | None = None) -> Entry:
    return any_lesson(r, week) if week.slots and r.random() < 0.55 else any_duty(r, week)


def plus(roster: Roster, *entries: Entry) -> Roster:
    duties = {e for e in entries if isinstance(e, Duty)}
    return Roster(roster.duties | duties, roster.lessons | {e for e in entries if isinstance(e, Lesson)})


def minus(roster: Roster, *entries: Entry) -> Roster:
    gone = frozenset(entries)
    return Roster(roster.duties - gone, roster.lessons - gone)


def with_pins(r: Random, week: Problem) -> Problem:
    """Up to three pins; each waives what it breaks, or something at random, and is left out where that won't do."""
    for _ in range(r.choice((0, 1, 2, 3))):
        entry = any_entry(r, week)
        waives = frozenset(some(r, sorted(WAIVABLE), 0.15))
        for _ in range(2):
            pinned = _pinned(week, entry, waives)
            errors = {v.rule for v in pin_errors(pinned)}
            if not errors:
                week = pinned
                break
            waives |= errors & WAIVABLE
    return week


def _pinned(week: Problem, entry: Entry, waives: frozenset[str]) -> Problem:
    if entry in dict((*week.pins.duties, *week.pins.lessons)):
        return week
    if isinstance(entry, Duty):
        return replace(week, pins=Pins((*week.pins.duties, (entry, waives)), week.pins.lessons))
    return replace(week, pins=Pins(week.pins.duties, (*week.pins.lessons, (entry, waives))))


def pinned_entries(week: Problem) -> list[Entry]:
    return [*(duty for duty, _ in week.pins.duties), *(lesson for lesson, _ in week.pins.lessons)]


def sound_roster(r: Random, week: Problem, tries: int = 60) -> Roster:
    """The pins, and whatever else fits by chance without breaking a rule."""
    roster = plus(Roster(), *pinned_entries(week))
    for _ in range(r.randint(0, tries)):
        added = plus(roster, any_entry(r, week))
        if not check(week, added).violations:
            roster = added
    return roster


def another(r: Random, week: Problem, roster: Roster) -> Entry:
    """Somebody who has a duty gets another one that day, or their class another lead."""
    if not roster.duties:
        return any_entry(r, week)
    here = r.choice(sorted(roster.duties, key=repr))
    if r.random() < 0.45:
        return replace(here, volunteer=r.choice(week.volunteers).id, role="lead")
    same_day = [s.id for s in week.segments if s.weekday == week.segment[here.segment].weekday]
    return Duty(here.volunteer, r.choice(week.classes).id, r.choice(same_day), "assistant")


def spoilt(r: Random, week: Problem, roster: Roster) -> Roster:
    """One or two entries more, fewer or other than before."""
    for _ in range(r.choice((1, 1, 2))):
        entries: list[Entry] = sorted([*roster.duties, *roster.lessons], key=repr)
        if entries and r.random() < 0.3:
            roster = minus(roster, r.choice(entries))
        if r.random() < 0.8:
            roster = plus(roster, r.choice((any_entry, any_entry, another))(r, week, roster))
    return roster


@dataclass(frozen=True)
class Case:
    """A week and rosters of it: the first breaks no rule, the others most likely do."""

    seed: int
    week: Problem
    rosters: tuple[Roster, ...]

    @cached_property
    def broken(self) -> tuple[frozenset[str], ...]:
        """The rules that each roster breaks."""
        return tuple(frozenset(v.rule for v in check(self.week, x).violations) for x in self.rosters)


@cache
def case(seed: int) -> Case:
    """The case of this seed."""
    r = Random(seed)
    week = with_pins(r, read_problem(random_facts(r)))
    sound = sound_roster(r, week)
    wild = plus(Roster(), *pinned_entries(week), *(any_entry(r, week) for _ in range(r.randint(2, 7))))
    return Case(seed, week, (sound, spoilt(r, week, sound), spoilt(r, week, sound), wild))
