"""A week in which every field is given, and how to spoil it in one place."""

from __future__ import annotations

from typing import Any

import pytest
from factories import Json, duty, facts, lesson, pins, room, site, volunteer

from scheduler import Malformed, read_problem

Way = list[str | int]


def full() -> Json:
    """A week in which every field is given."""
    week = facts(
        sites=[site("s1", 0, 0, room("r1"), room("r2")), site("s2", 3, 4)],
        volunteers=[volunteer(f"v{i}", name=f"人 {i}", preferred_sites=["s1"]) for i in range(1, 20)],
        bans=[{"volunteer": "v1", "class": "c1"}, {"volunteer": "v2", "site": "s2"}],
        heat_days=[1, 3],
        pins=pins(duty("v3"), lesson("v4"), waives=("load",)),
        frozen_before="1-pm",
        published={"format": "qingzai.roster/1", "duties": [], "lessons": [], "result": {"cost": {"safety": 1}}},
    )
    week["classes"][0]["interest"] = {"k1": 7}
    week["courses"][0]["name"] = week["sites"][0]["name"] = "甲"
    week["policy"]["domain_minimums"] = {"moral": 1}
    week["policy"]["weights"] = {"idle": 2}
    return week


def place_of(way: Way) -> str:
    """`volunteers[17].available[3]` for ["volunteers", 17, "available", 3]."""
    out = ""
    for key in way:
        out += f"[{key}]" if isinstance(key, int) else f".{key}" if out else key
    return out


def at(data: Any, way: Way) -> Any:
    for key in way:
        data = data[key]
    return data


def put(data: Any, way: Way, value: object) -> Any:
    """The data with this value at the end of the way."""
    at(data, way[:-1])[way[-1]] = value
    return data


def refusal(data: object) -> Malformed:
    with pytest.raises(Malformed) as caught:
        read_problem(data)
    return caught.value
