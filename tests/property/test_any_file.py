"""Whatever is done to a sound file, reading it gives a problem, or one clear error: never another exception."""

from __future__ import annotations

import json
from typing import Any

from factories import Json, duty, example, facts, lesson, pins
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scheduler import (
    Malformed,
    Problem,
    Roster,
    check,
    cost,
    load_json,
    pin_errors,
    read_problem,
    read_result,
    read_roster,
    write_problem,
    write_roster,
)

QUICK = settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])

LEAVES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-3, 30),
    st.integers(),
    st.floats(),
    st.sampled_from(["", "1-am", "s1", "c1", "k1", "v1", "24:00", "09:00", "lead", "load", "2026-07-13", "\ud800"]),
    st.text(max_size=4),
)
VALUES = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
)


def week() -> Json:
    """A small sound week with one of everything."""
    return facts(
        pins=pins(duty("v1"), lesson("v2"), waives=("load",)),
        bans=[{"volunteer": "v1", "site": "s2"}],
        heat_days=[2],
        published=example("tiny-week.best"),
        frozen_before=None,
    )


def places(data: object, way: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    """The ways to all values of a file."""
    inner: list[tuple[str | int, Any]] = []
    if isinstance(data, dict):
        inner = list(data.items())
    elif isinstance(data, list):
        inner = list(enumerate(data))
    return [w for key, value in inner for w in ((*way, key), *places(value, (*way, key)))]


@st.composite
def spoilt(draw: st.DrawFn, sound: Json) -> Any:
    """A file with a few values replaced, removed, doubled or added."""
    data = json.loads(json.dumps(sound))
    for _ in range(draw(st.integers(1, 3))):
        ways = places(data)
        if not ways:
            break
        way = draw(st.sampled_from(ways))
        parent = data
        for key in way[:-1]:
            parent = parent[key]
        _spoil(draw, parent, way[-1], sound)
    return data


def _spoil(draw: st.DrawFn, parent: Any, key: str | int, sound: Json) -> None:
    what = draw(st.sampled_from(["replace", "replace", "remove", "double", "graft"]))
    if what == "replace":
        parent[key] = draw(VALUES)
    elif what == "remove":
        del parent[key]
    elif what == "double" and isinstance(parent, list):
        parent.append(parent[key])
    else:  # something that is sound elsewhere
        way = draw(st.sampled_from(places(sound)))
        value: Any = sound
        for step in way:
            value = value[step]
        parent[key] = json.loads(json.dumps(value))


@QUICK
@given(spoilt(week()))
def test_any_problem(data: Any) -> None:
    try:
        problem = read_problem(data)
    except Malformed as error:
        assert error.place and error.code
        return
    assert isinstance(problem, Problem)
    again = json.loads(json.dumps(write_problem(problem), allow_nan=False))
    assert read_problem(again) == problem
    pin_errors(problem)
    assert min(cost(problem, Roster())) >= 0


TINY = read_problem(example("tiny-week"))


@QUICK
@given(spoilt(example("tiny-week.best")))
def test_any_roster(data: Any) -> None:
    try:
        result, roster = read_result(data), read_roster(data, TINY)
    except Malformed as error:
        assert error.place and error.code
        return
    assert read_roster(write_roster(roster, result), TINY) == roster
    check(TINY, roster)
    assert min(cost(TINY, roster)) >= 0


@QUICK
@given(VALUES)
def test_anything(data: Any) -> None:
    for read in (read_problem, read_result, lambda x: read_roster(x, TINY)):
        try:
            assert read(data) is None
        except Malformed as error:
            assert error.place and error.code


@QUICK
@given(st.text(max_size=30) | st.text(alphabet='{}[]",:0123456789.eE+- \\untfals', max_size=40))
def test_any_text(text: str) -> None:
    try:
        load_json(text)
    except Malformed as error:
        assert (error.code, bool(error.place)) == ("bad_json", True)
