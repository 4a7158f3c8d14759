"""The roster file: duties, lessons and what is known of them; every way to be malformed with its exact place."""

from __future__ import annotations

import json
from random import Random

import pytest
from factories import Json, duty, example, facts, lesson, problem, room, roster, site, tiny
from spoiling import Way, at, place_of, put

from scheduler import Cost, Malformed, Result, check, cost, cost_parts, read_result, read_roster, write_roster

WEEK = problem(**facts(sites=[site("s1", 0, 0, room("r1")), site("s2", 3, 4)]))
ENTRIES = (duty("v1", role="lead"), duty("v2"), lesson("v1"), lesson("v2", "c2", "2-am-1", "k2", "r1"))

RESULT = Result("feasible", Cost(3, 2, 50), Cost(1, 2, 40), 2.5, 7, 2, {"safety": "prices"}, ("ValueError: x",))


def full() -> Json:
    """Two duties, two lessons, and a result with every field."""
    return write_roster(roster(*ENTRIES), RESULT)


def refusal(data: object) -> Malformed:
    with pytest.raises(Malformed) as caught:
        read_result(data)
        read_roster(data, WEEK)
    return caught.value


def test_read_write_read() -> None:
    data = json.loads(json.dumps(full(), allow_nan=False))
    assert read_roster(data, WEEK) == roster(*ENTRIES)
    assert read_result(data) == Result(
        "feasible", Cost(3, 2, 50), Cost(1, 2, 40), 2.5, 7, 2, {"safety": "prices"}, ("ValueError: x",)
    )
    assert write_roster(read_roster(data, WEEK), read_result(data)) == data


def test_the_order_of_entries_carries_no_meaning() -> None:
    data = full()
    Random(1).shuffle(data["duties"])
    data["lessons"].reverse()
    assert write_roster(read_roster(data, WEEK), read_result(data)) == full()


def test_every_field_is_written_the_empty_room_too() -> None:
    assert full()["duties"][0] == {"volunteer": "v1", "class": "c1", "segment": "1-am", "role": "lead"}
    assert full()["lessons"][0] == {
        "class": "c1",
        "slot": "1-am-1",
        "course": "k1",
        "instructor": "v1",
        "room": None,
    }


def test_an_empty_roster() -> None:
    data = {"format": "qingzai.roster/1", "duties": [], "lessons": []}
    assert (read_roster(data, WEEK), read_result(data)) == (roster(), None)
    assert write_roster(roster()) == data


FIELDS: list[Way] = [
    *(["duties", 1, name] for name in ("volunteer", "class", "segment", "role")),
    *(["lessons", 1, name] for name in ("class", "slot", "course", "instructor", "room")),
]


@pytest.mark.parametrize("way", [["format"], ["duties"], ["lessons"], *FIELDS, ["result", "cost"]], ids=place_of)
def test_a_missing_field(way: Way) -> None:
    data = full()
    del at(data, way[:-1])[way[-1]]
    error = refusal(data)
    assert (error.place, error.code) == (place_of(way), "missing")


@pytest.mark.parametrize("way", [["format"], *FIELDS], ids=place_of)
@pytest.mark.parametrize("value", [7, True, ["v1"], {}])
def test_a_field_that_is_no_text(way: Way, value: object) -> None:
    error = refusal(put(full(), way, value))
    assert (error.place, error.code) == (place_of(way), "wrong_type")


KINDS = {"instructor": "volunteer"}


@pytest.mark.parametrize("way", [way for way in FIELDS if way[-1] != "role"], ids=place_of)
def test_an_unknown_id(way: Way) -> None:
    error = refusal(put(full(), way, "x99"))
    name = str(way[-1])
    assert (error.place, error.code) == (place_of(way), "unknown_id")
    assert error.facts == {"kind": KINDS.get(name, name), "id": "x99"}


def test_a_role_that_is_none() -> None:
    error = refusal(put(full(), ["duties", 1, "role"], "instructor"))
    assert (error.place, error.code) == ("duties[1].role", "not_one_of")


@pytest.mark.parametrize("kind", ["duties", "lessons"])
def test_an_entry_listed_twice(kind: str) -> None:
    data = full()
    data[kind].append(dict(data[kind][0]))
    error = refusal(data)
    assert (error.place, error.code, error.facts) == (f"{kind}[2]", "duplicate", {"kind": "entry"})


@pytest.mark.parametrize("version", ["qingzai.roster/2", "qingzai.roster-problem/1", ""])
def test_another_format(version: str) -> None:
    error = refusal(put(full(), ["format"], version))
    assert (error.place, error.code) == ("format", "wrong_format")


@pytest.mark.parametrize(
    ("way", "value", "code"),
    [
        (["result"], [], "wrong_type"),
        (["result", "status"], "infeasible", "not_one_of"),
        (["result", "cost"], None, "wrong_type"),
        (["result", "cost", "safety"], True, "wrong_type"),
        (["result", "cost", "quality"], -1, "out_of_range"),
        (["result", "cost", "programme"], 0.5, "wrong_type"),
        (["result", "bound", "quality"], "7", "wrong_type"),
        (["result", "bound", "quality"], float("nan"), "not_a_number"),
        (["result", "seconds"], -0.1, "out_of_range"),
        (["result", "seconds"], float("inf"), "not_a_number"),
        (["result", "seed"], "1", "wrong_type"),
        (["result", "workers"], 1.5, "wrong_type"),
        (["result", "proofs"], ["prices"], "wrong_type"),
        (["result", "proofs", "safety"], 1, "wrong_type"),
    ],
)
def test_a_result_that_cannot_be(way: Way, value: object, code: str) -> None:
    error = refusal(put(full(), way, value))
    assert (error.place, error.code) == (place_of(way), code)


def test_only_the_cost_of_a_result_is_required() -> None:
    assert read_result({"result": {"cost": {"safety": 1, "programme": 2, "quality": 3}}}) == Result(
        "feasible", Cost(1, 2, 3), Cost(0, 0, 0), 0.0, 0, 1, {}
    )


def test_the_smallest_example_is_sound_and_costs_what_it_says() -> None:
    """c2 has 22 children, a lead and nobody else: (3 − 1) + (2 − 1) = 3. It has one slot, for which the minimums,
    aesthetic 1 and physical 1, are cut to physical: 1. Quality: see each part.
    """
    week, best = tiny()
    assert check(week, best).violations == check(week, best).overridden == ()
    stated = read_result(example("tiny-week.best"))
    assert stated is not None
    assert cost(week, best) == stated.cost == stated.bound == Cost(3, 1, 44)
    assert cost_parts(week, best) == {
        "safety": 3,
        "open_slots": 0,
        "domains": 1,
        "interest": 5 + 1 + 5,  # football, dance (9 of 10) for c1; chess for c2
        "travel_cost": 1 + 1 + 2 + 5 + 1,  # v1, v2, v3 at s1; v4 at s1, √18 km away, and at s2
        "continuity": 5 * 4,  # v1, v2, v4 with c1; v4 with c2
        "leads": 0,
        "overload": 2 * 1,  # v2 in two segments instead of one
        "wish": 0,
        "idle": 1,  # v5 would like two segments; v6 is not cleared
    }
