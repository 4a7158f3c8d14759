"""Tiny builders: the parts of a problem as they stand in a file, with everything a test does not care about filled in.

`facts()` is a small sound week as JSON values, `problem()` the same as an object. Each part may be replaced:
`problem(volunteers=[volunteer("v1", adult=False)])`.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from scheduler import Duty, Lesson, Problem, Roster, Violation, read_problem, read_roster
from scheduler.files.rosters import write_duty, write_lesson

Json = dict[str, Any]
Entry = Duty | Lesson
DATA = Path(__file__).parent / "data"
HOURS = {"am": ("08:30", "12:00"), "noon": ("12:00", "14:30"), "pm": ("14:30", "17:30")}
SEGMENTS = ("1-am", "1-noon", "1-pm", "2-am")
SLOTS = ("1-am-1", "1-am-2", "1-pm-1", "2-am-1")


def segment(name: str, start: str | None = None, end: str | None = None) -> Json:
    """`1-am` is Monday morning at the usual hours; others say theirs."""
    usual = HOURS.get(name.partition("-")[2], ("", ""))
    return {"id": name, "weekday": int(name[0]), "start": start or usual[0], "end": end or usual[1]}


def slot(name: str, start: str, end: str, *, within: str | None = None) -> Json:
    """`1-am-2` lies within `1-am` unless said otherwise."""
    return {"id": name, "segment": within or name.rpartition("-")[0], "start": start, "end": end}


def room(name: str, kind: str = "dance", capacity: int = 30) -> Json:
    return {"id": name, "kind": kind, "capacity": capacity}


def site(name: str, x_km: float = 0, y_km: float = 0, *rooms: Json) -> Json:
    return {"id": name, "x_km": x_km, "y_km": y_km, "rooms": list(rooms)}


def class_run(name: str, /, at: str = "s1", **changes: Any) -> Json:
    usual = {"grades": [1, 2], "children": 10, "segments": list(SEGMENTS), "slots": list(SLOTS)}
    return {"id": name, "site": at, **usual, **changes}


def course(name: str, /, domain: str = "aesthetic", **changes: Any) -> Json:
    return {"id": name, "domain": domain, "grades": [1, 6], "room_kind": None, "outdoor": False, **changes}


def volunteer(name: str, /, **changes: Any) -> Json:
    """Somebody who may do anything at any time and goes anywhere."""
    return {
        "id": name,
        "roles": ["lead", "assistant", "instructor"],
        "courses": ["k1", "k2"],
        "available": list(SEGMENTS),
        "max_segments": 9,
        "preferred_segments": 0,
        "x_km": 0,
        "y_km": 0,
        "reach_km": 99,
        "adult": True,
        "cleared": True,
        **changes,
    }


def policy(weights: dict[str, int] | None = None, **changes: Any) -> Json:
    return {
        "min_adults": 2,
        "children_per_adult": 10,
        "max_lessons_per_course": 2,
        "domain_minimums": {},
        "travel_minutes_fixed": 10,
        "travel_minutes_per_km": 4,
        "weights": weights or {},
        **changes,
    }


def facts(**changes: Any) -> Json:
    """One week as it stands in a file: two sites 5 km apart with a class each, two courses, two volunteers."""
    return {
        "format": "qingzai.roster-problem/1",
        "week": "2026-07-13",
        "segments": [segment(name) for name in SEGMENTS],
        "slots": [
            slot("1-am-1", "09:00", "09:50"),
            slot("1-am-2", "10:50", "11:40"),
            slot("1-pm-1", "15:45", "16:35"),
            slot("2-am-1", "09:00", "09:50"),
        ],
        "sites": [site("s1"), site("s2", 3, 4)],
        "classes": [class_run("c1", "s1"), class_run("c2", "s2")],
        "courses": [course("k1"), course("k2", "physical")],
        "volunteers": [volunteer("v1"), volunteer("v2")],
        "policy": policy(),
        **changes,
    }


def problem(**changes: Any) -> Problem:
    """The same as an object."""
    return read_problem(facts(**changes))


def duty(v: str, c: str = "c1", s: str = "1-am", role: str = "assistant") -> Duty:
    return Duty(v, c, s, role)


def lesson(v: str, c: str = "c1", t: str = "1-am-1", k: str = "k1", in_room: str | None = None) -> Lesson:
    return Lesson(c, t, k, v, in_room)


def roster(*entries: Duty | Lesson) -> Roster:
    """A roster of these entries."""
    return Roster(
        frozenset(e for e in entries if isinstance(e, Duty)), frozenset(e for e in entries if isinstance(e, Lesson))
    )


def pins(*entries: Duty | Lesson, waives: tuple[str, ...] = ()) -> Json:
    """These entries pinned, all waiving the same rules."""
    return {
        "duties": [write_duty(e) | {"waives": list(waives)} for e in entries if isinstance(e, Duty)],
        "lessons": [write_lesson(e) | {"waives": list(waives)} for e in entries if isinstance(e, Lesson)],
    }


def together(*several: Json) -> Json:
    """Pins of several kinds as one."""
    return {kind: [pin for some in several for pin in some[kind]] for kind in ("duties", "lessons")}


def said(violations: Any) -> list[tuple[set[Duty | Lesson], dict[str, object]]]:
    """Violations as plain pairs of entries and figures, in no particular order."""
    plain = [(set(v.subject), dict(v.facts)) for v in violations if isinstance(v, Violation)]
    return sorted(plain, key=lambda pair: sorted(map(repr, pair[0])))


def broken(violations: Any) -> list[set[Duty | Lesson]]:
    """The entries that each violation names."""
    return [subject for subject, _ in said(violations)]


def example(name: str) -> Json:
    """An example file as JSON values."""
    found: Json = json.loads((DATA / f"{name}.json").read_text(encoding="utf-8"))
    return found


def tiny() -> tuple[Problem, Roster]:
    """The smallest example and its best roster, proven by enumeration: safety 3, programme 1, quality 44."""
    week = read_problem(example("tiny-week"))
    return week, read_roster(example("tiny-week.best"), week)
