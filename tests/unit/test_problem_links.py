"""What a problem file names must exist, once, in range, and fit together; else the exact place is told."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from factories import Json, room
from spoiling import Way, full, place_of, put, refusal

from scheduler import read_problem

OUT_OF_RANGE: list[tuple[Way, float]] = [
    (["segments", 0, "weekday"], 0),
    (["segments", 0, "weekday"], 8),
    (["heat_days", 0], 0),
    (["heat_days", 0], 8),
    (["classes", 0, "interest", "k1"], 11),
    (["policy", "children_per_adult"], 0),
    (["classes", 0, "grades", 1], 0),
]


@pytest.mark.parametrize(("way", "value"), OUT_OF_RANGE)
def test_out_of_range(way: Way, value: float) -> None:
    error = refusal(put(full(), way, value))
    assert (error.place, error.code) == (place_of(way[:-1] if "grades" in way else way), "out_of_range")


def test_whole_numbers_may_be_written_with_a_point() -> None:
    week = read_problem(put(full(), ["volunteers", 0, "max_segments"], 8.0))
    assert week.volunteers[0].max_segments == 8


UNKNOWN: list[tuple[Way, str]] = [
    (["slots", 0, "segment"], "segment"),
    (["classes", 0, "site"], "site"),
    (["classes", 0, "segments", 3], "segment"),
    (["classes", 0, "slots", 3], "slot"),
    (["volunteers", 5, "courses", 1], "course"),
    (["volunteers", 5, "available", 0], "segment"),
    (["volunteers", 5, "preferred_sites", 0], "site"),
    (["bans", 0, "volunteer"], "volunteer"),
    (["bans", 0, "class"], "class"),
    (["bans", 1, "site"], "site"),
    (["pins", "duties", 0, "volunteer"], "volunteer"),
    (["pins", "duties", 0, "class"], "class"),
    (["pins", "duties", 0, "segment"], "segment"),
    (["pins", "lessons", 0, "slot"], "slot"),
    (["pins", "lessons", 0, "course"], "course"),
    (["pins", "lessons", 0, "instructor"], "volunteer"),
    (["pins", "lessons", 0, "room"], "room"),
    (["frozen_before"], "segment"),
]


@pytest.mark.parametrize(("way", "kind"), UNKNOWN, ids=lambda x: place_of(x) if isinstance(x, list) else x)
def test_an_unknown_id(way: Way, kind: str) -> None:
    error = refusal(put(full(), way, "x99"))
    assert (error.place, error.code, error.facts) == (place_of(way), "unknown_id", {"kind": kind, "id": "x99"})


def test_interest_in_an_unknown_course() -> None:
    error = refusal(put(full(), ["classes", 0, "interest", "k99"], 5))
    assert (error.place, error.code) == ("classes[0].interest.k99", "unknown_id")


TWICE: list[tuple[Way, object, str]] = [
    (["segments", 1, "id"], "1-am", "segment"),
    (["slots", 1, "id"], "1-am-1", "slot"),
    (["sites", 1, "id"], "s1", "site"),
    (["sites", 0, "rooms", 1, "id"], "r1", "room"),
    (["classes", 1, "id"], "c1", "class"),
    (["courses", 1, "id"], "k1", "course"),
    (["volunteers", 18, "id"], "v1", "volunteer"),
    (["classes", 0, "segments", 3], "1-am", "segment"),
    (["classes", 0, "slots", 3], "1-am-1", "slot"),
]


@pytest.mark.parametrize(("way", "value", "kind"), TWICE, ids=lambda x: place_of(x) if isinstance(x, list) else str(x))
def test_a_repeated_id(way: Way, value: object, kind: str) -> None:
    error = refusal(put(full(), way, value))
    assert (error.place, error.code, error.facts) == (place_of(way), "duplicate", {"kind": kind, "id": value})


def test_one_room_id_at_two_sites() -> None:
    """A lesson names its room by id alone."""
    error = refusal(put(full(), ["sites", 1, "rooms"], [room("r1")]))
    assert (error.place, error.code) == ("sites[1].rooms[0].id", "duplicate")


def test_a_repeated_pin() -> None:
    week = full()
    week["pins"]["duties"] *= 2
    week["pins"]["duties"][1] = week["pins"]["duties"][0] | {"waives": []}
    error = refusal(week)
    assert (error.place, error.code, error.facts) == ("pins.duties[1]", "duplicate", {"kind": "pin"})


@pytest.mark.parametrize(
    ("way", "value", "code"),
    [
        (["format"], "qingzai.roster-problem/2", "wrong_format"),
        (["format"], "qingzai.roster/1", "wrong_format"),
        (["published", "format"], "qingzai.roster-problem/1", "wrong_format"),
        (["week"], "13.07.2026", "bad_date"),
        (["week"], "2026-02-30", "bad_date"),
        (["week"], "20260713", "bad_date"),
        (["week"], "2026-W29-1", "bad_date"),
        (["week"], "2026-07-13\n", "bad_date"),
        (["week"], "２０２６-07-13", "bad_date"),
        *(
            (["segments", 0, "start"], wrong, "bad_time")
            for wrong in ("24:00", "8:30", "08:60", "0830", "08:30:00", "")
        ),
        (["segments", 0, "end"], "24:00", "bad_time"),
        (["segments", 0, "end"], "08:30", "bad_time"),  # as long as nothing
        (["slots", 0, "end"], "08:00", "bad_time"),  # backwards
        (["volunteers", 0, "roles", 1], "boss", "not_one_of"),
        (["pins", "duties", 0, "role"], "instructor", "not_one_of"),
        *(
            (["pins", "duties", 0, "waives", 0], rule, "not_one_of")
            for rule in (
                *("clearance", "adulthood", "availability", "duty", "one_place", "one_lead", "room", "heat"),
                *("pins", "bans", "Load", ""),
            )
        ),
        (["volunteers", 0, "name"], "\ud800", "bad_text"),
    ],
)
def test_a_wrong_word(way: Way, value: str, code: str) -> None:
    error = refusal(put(full(), way, value))
    assert (error.place, error.code) == (place_of(way), code)


def test_a_domain_that_cannot_be_written() -> None:
    error = refusal(put(full(), ["policy", "domain_minimums", "\ud800"], 1))
    assert error.code == "bad_text"


def slot_before_its_segment(week: Json) -> None:
    week["slots"][0]["start"] = "08:29"


def slot_past_its_segment(week: Json) -> None:
    week["slots"][0]["end"] = "12:01"


def slot_of_a_segment_without_the_class(week: Json) -> None:
    week["classes"][0]["segments"] = ["1-noon", "1-pm", "2-am"]


def backward_grades(week: Json) -> None:
    week["courses"][1]["grades"] = [6, 1]


def three_grades(week: Json) -> None:
    week["courses"][1]["grades"] = [1, 2, 3]


def no_grades(week: Json) -> None:
    week["courses"][1]["grades"] = []


def ban_of_both(week: Json) -> None:
    week["bans"][1]["class"] = "c1"


def ban_of_nothing(week: Json) -> None:
    del week["bans"][1]["site"]


@pytest.mark.parametrize(
    ("spoil", "place", "code"),
    [
        (slot_before_its_segment, "slots[0]", "slot_outside_segment"),
        (slot_past_its_segment, "slots[0]", "slot_outside_segment"),
        (slot_of_a_segment_without_the_class, "classes[0].slots[0]", "slot_not_in_class_segments"),
        (backward_grades, "courses[1].grades", "out_of_range"),
        (three_grades, "courses[1].grades", "wrong_type"),
        (no_grades, "courses[1].grades", "wrong_type"),
        (ban_of_both, "bans[1]", "ban_needs_one_of"),
        (ban_of_nothing, "bans[1]", "ban_needs_one_of"),
    ],
)
def test_what_does_not_fit_together(spoil: Callable[[Json], None], place: str, code: str) -> None:
    week = full()
    spoil(week)
    error = refusal(week)
    assert (error.place, error.code) == (place, code)


def test_a_slot_may_fill_its_segment() -> None:
    week = full()
    week["slots"][0] |= {"start": "08:30", "end": "12:00"}
    assert read_problem(week).slots[0].start == 8 * 60 + 30
