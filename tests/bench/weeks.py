"""Seeded weeks of any size, in the shape of the example files. `python tests/bench/weeks.py 72 1 > week.json`.

A third argument names a kind of week: `python tests/bench/weeks.py 72 1 short > week.json`.
"""

from __future__ import annotations

import json
import random
import sys
from dataclasses import dataclass
from typing import Any

DOMAINS = ("aesthetic", "physical", "moral", "intellect", "labour", "safety")
KINDS = ("dance", "computer", "gym", "craft")
GRADES = ((1, 2), (3, 4), (5, 6))


@dataclass(frozen=True)
class Kind:
    """What is particular about a week. The defaults are an ordinary one; shares are between 0 and 1."""

    people: float = 1.0  # times the usual number of volunteers
    whole_week: float = 0.45  # share of the volunteers who can come at any time
    limits: tuple[int, ...] = (10, 10, 12, 15)  # the most segments that those take on
    leads: float = 0.35  # share of the carers who may lead
    rooms: tuple[int, ...] = (0, 1, 1, 2, 2, 3)  # special rooms of a site, each as likely
    needs: tuple[str | None, ...] = (None, None, *KINDS)  # the room kind that a course needs, each as likely
    half_days: float = 0.0  # share of the classes that end at noon or after noon care
    largest: int = 1  # classes at the first site, of the number there is


ORDINARY = Kind()
WEEKS = {
    "ordinary": ORDINARY,
    "supplied": Kind(whole_week=0.85, limits=(12, 12, 15), leads=0.5),
    "short": Kind(people=0.7),
    "rooms": Kind(rooms=(0, 0, 0, 1, 1), needs=(None, *KINDS)),
    "half-days": Kind(half_days=0.6),
    "large-site": Kind(largest=12),
}
"""The kinds by name. All but `short` have 570 volunteers at 72 sites."""


def week(
    sites: int, seed: int, *, carers: float = 420 / 88, instructors: float = 150 / 88, kind: Kind = ORDINARY
) -> dict[str, Any]:
    """A roster problem with `sites` sites and a quarter more classes. `carers` and `instructors` are per class.

    Equal arguments give an equal week.
    """
    r = random.Random(seed)
    side = (sites / 72) ** 0.5
    places = [_site(r, i, 22 * side, 16 * side, kind) for i in range(sites)]
    segments, slots = _template()
    courses = [_course(r, i, kind) for i in range(max(30, min(100, 5 * sites)))]
    classes = [_class(r, i, places, segments, slots, courses, kind) for i in range(round(sites * 88 / 72))]
    carers, instructors = carers * kind.people, instructors * kind.people
    people = [
        _volunteer(r, i, i >= round(carers * len(classes)), segments, courses, places, 22 * side, 16 * side, kind)
        for i in range(round((carers + instructors) * len(classes)))
    ]
    return {
        "format": "qingzai.roster-problem/1",
        "week": "2026-07-13",
        "segments": segments,
        "slots": slots,
        "sites": places,
        "classes": classes,
        "courses": courses,
        "volunteers": people,
        "pins": {"duties": [], "lessons": []},
        "bans": [{"volunteer": people[1]["id"], "class": classes[0]["id"]}],
        "heat_days": [3],
        "policy": {
            "min_adults": 2,
            "children_per_adult": 10,
            "max_lessons_per_course": 2,
            "domain_minimums": dict(zip(DOMAINS, (2, 2, 1, 1, 1, 1), strict=True)),
            "travel_minutes_fixed": 10,
            "travel_minutes_per_km": 4,
            "weights": {
                "interest": 1,
                "travel": 1,
                "continuity": 5,
                "lead": 10,
                "overload": 2,
                "wish": 3,
                "idle": 1,
            },
        },
        "published": None,
    }


def _template() -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    parts = (("am", "08:30", "12:00"), ("noon", "12:00", "14:30"), ("pm", "14:30", "17:30"))
    hours = (("am", "10:50", "11:40"), ("pm", "14:30", "15:20"), ("pm", "15:45", "16:35"), ("pm", "16:40", "17:10"))
    segments = [{"id": f"{d}-{n}", "weekday": d, "start": a, "end": b} for d in range(1, 6) for n, a, b in parts]
    slots = [
        {"id": f"{d}-{i}", "segment": f"{d}-{n}", "start": a, "end": b}
        for d in range(1, 6)
        for i, (n, a, b) in enumerate(hours, 1)
    ]
    return segments, slots


def _site(r: random.Random, i: int, width: float, height: float, kind: Kind) -> dict[str, Any]:
    kinds = r.sample(KINDS, r.choice(kind.rooms))
    rooms = [{"id": f"s{i}-{k}", "kind": k, "capacity": r.choice((20, 30, 40))} for k in kinds]
    x, y = round(r.uniform(0, width), 2), round(r.uniform(0, height), 2)
    return {"id": f"s{i}", "name": f"site {i}", "x_km": x, "y_km": y, "rooms": rooms}


def _course(r: random.Random, i: int, kind: Kind) -> dict[str, Any]:
    return {
        "id": f"k{i}",
        "name": f"course {i}",
        "domain": DOMAINS[i % 6],
        "grades": list(r.choice(((1, 6), (1, 6), (1, 6), (1, 3), (3, 6), (4, 6), (1, 4)))),
        "room_kind": r.choice(kind.needs),
        "outdoor": r.random() < 0.12,
    }


def _class(
    r: random.Random,
    i: int,
    places: list[dict[str, Any]],
    segments: list[dict[str, Any]],
    slots: list[dict[str, Any]],
    courses: list[dict[str, Any]],
    kind: Kind,
) -> dict[str, Any]:
    site = places[i] if i < len(places) else r.choice(places)
    if len(places) <= i < len(places) + kind.largest - 1:
        site = places[0]
    if kind.half_days and r.random() < kind.half_days:
        last = r.choice(("am", "noon"))
        segments = [s for s in segments if s["id"].endswith(("-am", f"-{last}"))]
        slots = [t for t in slots if t["segment"] in {s["id"] for s in segments}]
    return {
        "id": f"c{i}",
        "site": site["id"],
        "grades": list(r.choice(GRADES)),
        "children": r.randint(14, 30),
        "segments": [s["id"] for s in segments],
        "slots": [t["id"] for t in slots],
        "interest": {k["id"]: r.randint(1, 10) for k in courses if r.random() < 0.5},
    }


def _volunteer(
    r: random.Random,
    i: int,
    teaches: bool,
    segments: list[dict[str, Any]],
    courses: list[dict[str, Any]],
    places: list[dict[str, Any]],
    width: float,
    height: float,
    kind: Kind,
) -> dict[str, Any]:
    if teaches:
        roles = ["instructor"] if r.random() < 0.5 else ["assistant", "instructor"]
    else:
        roles = ["lead", "assistant"] if r.random() < kind.leads else ["assistant"]
        if r.random() < 0.1:
            roles = [*roles, "instructor"]
    skills = r.sample([k["id"] for k in courses], r.randint(1, 6)) if "instructor" in roles else []
    if r.random() < kind.whole_week:
        available = [s["id"] for s in segments]
    else:
        days = r.sample(range(1, 6), r.randint(2, 4))
        available = [s["id"] for s in segments if s["weekday"] in days and r.random() < 0.9]
    most = r.choice(kind.limits) if len(available) == 15 else r.choice((3, 4, 6, 6, 8))
    return {
        "id": f"v{i}",
        "name": f"volunteer {i}",
        "roles": roles,
        "courses": sorted(skills),
        "available": available,
        "max_segments": most,
        "preferred_segments": max(1, most - r.choice((0, 0, 2, 4))),
        "x_km": round(r.uniform(0, width), 2),
        "y_km": round(r.uniform(0, height), 2),
        "reach_km": r.choice((3, 4, 6, 6, 10)),
        "preferred_sites": [r.choice(places)["id"]] if r.random() < 0.4 else [],
        "adult": r.random() > 0.04,
        "cleared": r.random() > 0.04,
    }


if __name__ == "__main__":
    named = WEEKS[sys.argv[3]] if len(sys.argv) > 3 else ORDINARY
    json.dump(week(int(sys.argv[1]), int(sys.argv[2]), kind=named), sys.stdout, ensure_ascii=False, indent=1)
