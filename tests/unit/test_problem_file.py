"""The problem file as a whole: what is no JSON, what may be left out, and that it reads back as it was written."""

from __future__ import annotations

import json

import pytest
from factories import DATA, Json, duty, example, facts, lesson, pins
from spoiling import full, put, refusal

from scheduler import Malformed, load_json, read_problem, write_problem, write_roster


@pytest.mark.parametrize("data", [None, 7, "x", [], [{}]])
def test_no_object_at_all(data: object) -> None:
    error = refusal(data)
    assert (error.place, error.code) == ("file", "wrong_type")


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("", "line 1 column 1"),
        ('{"a": }', "line 1 column 7"),
        ("{\n  'a'}", "line 2 column 3"),
        ("[" * 100_000, "file"),
        ("1" * 5000, "file"),
    ],
)
def test_broken_json(text: str, place: str) -> None:
    with pytest.raises(Malformed) as caught:
        load_json(text)
    assert (caught.value.place, caught.value.code) == (place, "bad_json")


def test_a_byte_order_mark_is_read_over() -> None:
    assert load_json('\ufeff{"a": 1}') == {"a": 1}


def test_defaults() -> None:
    """All optional fields left out: no name, no pins, no bans, no heat, nothing published, interest 5, weights 0."""
    week = read_problem(facts())
    assert (week.pins.duties, week.pins.lessons, week.bans, week.heat_days) == ((), (), (), frozenset())
    assert (week.published, week.frozen_before, week.published_cost) == (None, None, (0, 0))
    names = {x.name for x in (*week.sites, *week.courses, *week.volunteers)}
    assert (names, week.volunteers[0].preferred_sites) == ({""}, frozenset())
    assert week.classes[0].interest_in("k1") == 5
    assert set(vars(week.policy.weights).values()) == {0}


def test_unknown_fields_are_ignored() -> None:
    week = full()
    for part in (week, week["segments"][0], week["volunteers"][0], week["policy"], week["policy"]["weights"]):
        part["colour"] = {"any": ["thing"]}
    assert read_problem(week) == read_problem(full())


def test_pins_without_waivers_or_kinds() -> None:
    week = put(full(), ["pins"], {"duties": [{"volunteer": "v1", "class": "c1", "segment": "1-am", "role": "lead"}]})
    assert read_problem(week).pins.duties == ((duty("v1", role="lead"), frozenset()),)


def test_sets_may_name_something_twice() -> None:
    week = put(full(), ["volunteers", 0, "available"], ["1-am", "1-am"])
    assert read_problem(week).volunteers[0].available == {"1-am"}


def test_a_published_roster_may_name_what_was_dropped() -> None:
    gone = [duty("v99", "c99", "9-am"), lesson("v99", "c99", "9-am-1", "k99", "r99")]
    week = put(full(), ["published"], pins(*gone))
    published = read_problem(week).published
    assert published is not None
    assert {*published.duties, *published.lessons} == set(gone)


@pytest.mark.parametrize("empty", ["segments", "slots", "sites", "classes", "courses", "volunteers"])
def test_lists_may_be_empty(empty: str) -> None:
    """As far as nothing else names what they would hold."""
    bare = facts(segments=[], slots=[], sites=[], classes=[], courses=[], volunteers=[])
    assert getattr(read_problem(bare), empty) == ()


@pytest.mark.parametrize("week", [full(), facts(), example("tiny-week"), example("site-week"), example("town-week")])
def test_read_write_read(week: Json) -> None:
    first = read_problem(week)
    written = json.loads(json.dumps(write_problem(first), allow_nan=False))
    assert read_problem(written) == first
    assert write_problem(read_problem(written)) == written


def test_the_examples_hold_no_surprises() -> None:
    """Writing what was read gives the file again, field by field, plus what was left to defaults."""
    for path in sorted(DATA.glob("*-week.json")):
        given = json.loads(path.read_text(encoding="utf-8"))
        written = write_problem(read_problem(given))
        assert {name: written[name] for name in given if name not in ("volunteers", "classes", "published")} == {
            name: value for name, value in given.items() if name not in ("volunteers", "classes", "published")
        }


def test_a_written_roster_is_sorted() -> None:
    week = read_problem(full())
    assert week.published is not None
    assert list(write_roster(week.published)) == ["format", "duties", "lessons"]
