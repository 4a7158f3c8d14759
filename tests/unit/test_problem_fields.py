"""Each field of the problem file: missing, of the wrong type, negative, no number, huge; told with its exact place."""

from __future__ import annotations

import json

import pytest
from spoiling import Way, at, full, place_of, put, refusal

from scheduler import load_json, read_problem


def test_the_full_week_is_sound() -> None:
    week = read_problem(full())
    assert (len(week.volunteers), week.frozen_before, week.published_cost) == (19, "1-pm", (1, 0))


def test_the_contracts_own_example() -> None:
    week = full()
    week["volunteers"][17]["available"] = ["1-am", "1-noon", "1-pm", "6-am"]
    error = refusal(week)
    assert (error.place, error.code, error.facts) == (
        "volunteers[17].available[3]",
        "unknown_id",
        {"kind": "segment", "id": "6-am"},
    )


REQUIRED: list[Way] = [
    *(
        [name]
        for name in ("format", "week", "segments", "slots", "sites", "classes", "courses", "volunteers", "policy")
    ),
    *(["segments", 0, name] for name in ("id", "weekday", "start", "end")),
    *(["slots", 1, name] for name in ("id", "segment", "start", "end")),
    *(["sites", 0, name] for name in ("id", "x_km", "y_km", "rooms")),
    *(["sites", 0, "rooms", 1, name] for name in ("id", "kind", "capacity")),
    *(["classes", 0, name] for name in ("id", "site", "grades", "children", "segments", "slots")),
    *(["courses", 1, name] for name in ("id", "domain", "grades", "room_kind", "outdoor")),
    *(
        ["volunteers", 2, name]
        for name in (
            *("id", "roles", "courses", "available", "max_segments", "preferred_segments"),
            *("x_km", "y_km", "reach_km", "adult", "cleared"),
        )
    ),
    *(
        ["policy", name]
        for name in (
            *("min_adults", "children_per_adult", "max_lessons_per_course", "domain_minimums"),
            *("travel_minutes_fixed", "travel_minutes_per_km", "weights"),
        )
    ),
    ["bans", 0, "volunteer"],
    *(["pins", "duties", 0, name] for name in ("volunteer", "class", "segment", "role")),
    *(["pins", "lessons", 0, name] for name in ("class", "slot", "course", "instructor", "room")),
    ["published", "duties"],
    ["published", "lessons"],
]


@pytest.mark.parametrize("way", REQUIRED, ids=place_of)
def test_a_missing_field(way: Way) -> None:
    week = full()
    del at(week, way[:-1])[way[-1]]
    error = refusal(week)
    assert (error.place, error.code) == (place_of(way), "missing")


TEXTS: list[Way] = [
    ["format"],
    ["week"],
    ["segments", 0, "id"],
    ["segments", 0, "start"],
    ["slots", 0, "segment"],
    ["sites", 0, "id"],
    ["sites", 0, "name"],
    ["sites", 0, "rooms", 0, "id"],
    ["sites", 0, "rooms", 0, "kind"],
    ["classes", 0, "site"],
    ["classes", 0, "segments", 0],
    ["classes", 0, "slots", 0],
    ["courses", 0, "name"],
    ["courses", 0, "domain"],
    ["volunteers", 0, "name"],
    ["volunteers", 0, "roles", 0],
    ["volunteers", 0, "courses", 0],
    ["volunteers", 0, "available", 0],
    ["volunteers", 0, "preferred_sites", 0],
    ["pins", "duties", 0, "volunteer"],
    ["pins", "duties", 0, "role"],
    ["pins", "duties", 0, "waives", 0],
    ["pins", "lessons", 0, "course"],
    ["bans", 0, "volunteer"],
]
WHOLE: list[Way] = [
    ["segments", 0, "weekday"],
    ["sites", 0, "rooms", 0, "capacity"],
    ["classes", 0, "children"],
    ["classes", 0, "grades", 0],
    ["classes", 0, "grades", 1],
    ["classes", 0, "interest", "k1"],
    ["courses", 0, "grades", 1],
    ["volunteers", 0, "max_segments"],
    ["volunteers", 0, "preferred_segments"],
    ["heat_days", 1],
    ["policy", "min_adults"],
    ["policy", "children_per_adult"],
    ["policy", "max_lessons_per_course"],
    ["policy", "domain_minimums", "moral"],
    ["policy", "weights", "idle"],
    ["published", "result", "cost", "safety"],
]
NUMBERS: list[Way] = [
    ["sites", 0, "x_km"],
    ["sites", 1, "y_km"],
    ["volunteers", 0, "x_km"],
    ["volunteers", 0, "y_km"],
    ["volunteers", 0, "reach_km"],
    ["policy", "travel_minutes_fixed"],
    ["policy", "travel_minutes_per_km"],
]
FLAGS: list[Way] = [["courses", 0, "outdoor"], ["volunteers", 0, "adult"], ["volunteers", 0, "cleared"]]
LISTS: list[Way] = [
    *([name] for name in ("segments", "slots", "sites", "classes", "courses", "volunteers", "bans", "heat_days")),
    ["sites", 0, "rooms"],
    *(["classes", 0, name] for name in ("grades", "segments", "slots")),
    *(["volunteers", 0, name] for name in ("roles", "courses", "available", "preferred_sites")),
    ["pins", "duties"],
    ["pins", "lessons"],
    ["pins", "duties", 0, "waives"],
    ["published", "duties"],
]
OBJECTS: list[Way] = [
    ["policy"],
    ["policy", "weights"],
    ["policy", "domain_minimums"],
    ["classes", 0, "interest"],
    ["pins"],
    ["published", "result"],
]

WRONG: list[tuple[list[Way], str, list[object]]] = [
    (TEXTS, "string", [None, 7, True, ["1-am"], {}]),
    (WHOLE, "whole number", [None, "7", True, [1], 1.5]),
    (NUMBERS, "number", [None, "7", False, [1]]),
    (FLAGS, "boolean", [None, 0, 1, "true"]),
    (LISTS, "list", [None, "1-am", 7, {}]),
    (OBJECTS, "object", ["x", 7, []]),
]


@pytest.mark.parametrize(
    ("way", "expected", "value"),
    [(way, kind, value) for ways, kind, values in WRONG for way in ways for value in values],
    ids=lambda x: place_of(x) if isinstance(x, list) and x and x[0] in full() else repr(x),
)
def test_a_value_of_the_wrong_type(way: Way, expected: str, value: object) -> None:
    error = refusal(put(full(), way, value))
    assert (error.place, error.code, error.facts["expected"]) == (place_of(way), "wrong_type", expected)
    assert error.facts["found"] == type(value).__name__


NEVER_NEGATIVE = [way for way in (*WHOLE, *NUMBERS) if way[-1] not in ("x_km", "y_km")]


@pytest.mark.parametrize("way", NEVER_NEGATIVE, ids=place_of)
def test_a_negative_number(way: Way) -> None:
    error = refusal(put(full(), way, -1))
    assert (error.place, error.code, error.facts["value"]) == (place_of(way), "out_of_range", -1)


@pytest.mark.parametrize("way", [*WHOLE, *NUMBERS], ids=place_of)
@pytest.mark.parametrize("value", ["NaN", "Infinity", "-Infinity", "1e999"])
def test_no_number(way: Way, value: str) -> None:
    text = json.dumps(put(full(), way, "HERE")).replace('"HERE"', value)
    error = refusal(load_json(text))
    assert (error.place, error.code) == (place_of(way), "not_a_number")


@pytest.mark.parametrize("way", [*WHOLE[:-1], *NUMBERS], ids=place_of)
@pytest.mark.parametrize("value", [10**12, 10**400, 1e300])
def test_a_huge_number(way: Way, value: float) -> None:
    error = refusal(put(full(), way, value))
    assert (error.place, error.code) == (place_of(way), "out_of_range")
