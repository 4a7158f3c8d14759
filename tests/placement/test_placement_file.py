"""Bad placement files: one clear error with its place; good ones read back as they were."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from small_problems import tiny

from scheduler import Malformed
from scheduler.placement.files import read_placement, read_problem, write_problem

DATA = Path(__file__).parent.parent / "data"
Json = dict[str, Any]


def sound() -> Json:
    data: Json = json.loads((DATA / "placement-small-11.json").read_text())
    return data


def put(data: Json, way: list[str | int], value: object) -> Json:
    here: Any = data
    for key in way[:-1]:
        here = here[key]
    if value is ...:
        del here[way[-1]]
    else:
        here[way[-1]] = value
    return data


C, K = "children", "classes"
BAD: list[tuple[list[str | int], object, str, str]] = [
    (["format"], "qingzai.placement/1", "format", "wrong_format"),
    (["policy", "seed"], ..., "policy.seed", "missing"),
    (["policy", "seed"], "", "policy.seed", "empty_text"),
    (["policy", "seed"], 7, "policy.seed", "wrong_type"),
    (["policy", "order"], "first-come", "policy.order", "not_one_of"),
    (["policy", "families"], "yes", "policy.families", "not_one_of"),
    ([C], [], "children", "empty_list"),
    ([K], [], "classes", "empty_list"),
    ([C, 1, "id"], "a0", "children[1].id", "duplicate"),
    ([K, 1, "id"], "c0", "classes[1].id", "duplicate"),
    ([K, 1, "grades"], [3, 1], "classes[1].grades", "out_of_range"),
    ([K, 1, "grades"], [3], "classes[1].grades", "wrong_type"),
    ([K, 1, "capacity"], -1, "classes[1].capacity", "out_of_range"),
    ([K, 1, "term"], "spring", "classes[1].term", "wrong_type"),
    ([C, 0, "choices"], [], "children[0].choices", "empty_list"),
    ([C, 0, "choices"], ["c9"], "children[0].choices[0]", "unknown_id"),
    ([C, 1, "choices"], ["c1", "c2", "c1"], "children[1].choices[2]", "duplicate"),
    ([C, 0, "grade"], 9, "children[0].grade", "no_class_for_grade"),
    ([C, 0, "grade"], 2.5, "children[0].grade", "wrong_type"),
    ([C, 0, "tier"], None, "children[0].tier", "wrong_type"),
    ([C, 0, "seats"], 0, "children[0].seats", "out_of_range"),
    ([C, 0, "weekdays"], [], "children[0].weekdays", "empty_list"),
    ([C, 0, "weekdays"], [8], "children[0].weekdays[0]", "out_of_range"),
    ([C, 0, "family"], 3, "children[0].family", "wrong_type"),
    ([C, 0, "keep"], ["c9"], "children[0].keep[0]", "unknown_id"),
    ([C, 2, "keep"], ["c1"], "children[2].keep[0]", "keep_grade"),
    ([C, 0, "keep"], ["c1", "c0"], "children[0].keep", "keep_seats"),
    ([C, 2, "keep"], ["c2", "c3"], "children[2].keep[1]", "keep_term"),
    ([K, 1, "capacity"], "many", "classes[1].capacity", "wrong_type"),
]


@pytest.mark.parametrize(("way", "value", "place", "code"), BAD, ids=[f"{place} {code}" for *_, place, code in BAD])
def test_a_bad_file(way: list[str | int], value: object, place: str, code: str) -> None:
    with pytest.raises(Malformed) as caught:
        read_problem(put(sound(), way, value))
    assert (caught.value.place, caught.value.code) == (place, code)


def test_keeps_that_break_a_capacity_name_the_first_too_many() -> None:
    data = sound()
    data["children"][1]["keep"] = data["children"][3]["keep"] = ["c2"]  # one place; both come on Tuesdays
    with pytest.raises(Malformed) as caught:
        read_problem(data)
    assert (caught.value.place, caught.value.code) == ("children[3].keep[0]", "keep_capacity")
    assert caught.value.facts == {"class": "c2", "weekday": 2, "capacity": 1}


def test_a_kept_child_whose_family_cannot_be_with_it() -> None:
    data = sound()
    data["policy"]["families"] = "together-or-none"
    data["children"][0].update(family="f", keep=["c1"])
    data["children"][2].update(family="f", choices=["c0"])
    with pytest.raises(Malformed) as caught:
        read_problem(data)
    assert (caught.value.place, caught.value.code) == ("children[0].keep", "keep_family")


def test_what_is_left_out_has_its_default() -> None:
    data = sound()
    for child in data["children"]:
        for name in ("seats", "weekdays", "family", "keep"):
            del child[name]
    del data["policy"]["families"], data["policy"]["order"]
    problem = read_problem(data)
    first = problem.children[0]
    assert (first.seats, first.weekdays, first.family, first.keep) == (1, (1, 2, 3, 4, 5), None, ())
    assert (problem.policy.families, problem.policy.order) == ("independent", "served-first")


def test_wishes_that_do_not_fit_are_reported_and_ranks_do_not_shift() -> None:
    problem = read_problem(sound())
    assert problem.ignored == (("a2", "c1"), ("a4", "c3"))
    assert problem.without_wish == ("a4",)
    assert [(o.rank, o.class_run) for o in problem.options["a2"]] == [(1, "c0"), (3, "c2")]


@pytest.mark.parametrize("seed", range(0, 60))
def test_a_problem_reads_back_as_it_was(seed: int) -> None:
    try:
        problem = read_problem(tiny(seed))
    except Malformed:
        return
    assert read_problem(json.loads(json.dumps(write_problem(problem)))) == problem


RESULT_BAD = [
    (["places", 0, "child"], "a9", "places[0].child", "unknown_id"),
    (["places", 0, "class"], "c9", "places[0].class", "unknown_id"),
    (["places", 0, "rank"], ..., "places[0].rank", "missing"),
    (["waitlists", "c9"], [], "waitlists.c9", "unknown_id"),
    (["waitlists", "c0"], ["a9"], "waitlists.c0[0]", "unknown_id"),
]


@pytest.mark.parametrize(("way", "value", "place", "code"), RESULT_BAD)
def test_a_bad_result(way: list[str | int], value: object, place: str, code: str) -> None:
    data = put(json.loads((DATA / "placement-small-11.best.json").read_text()), way, value)
    with pytest.raises(Malformed) as caught:
        read_placement(data, read_problem(sound()))
    assert (caught.value.place, caught.value.code) == (place, code)
