"""Domains: Σ over class × domain of max(0, minimum − lessons), minimums cut until they fit the class's slots."""

from itertools import product

import pytest
from factories import class_run, course, lesson, pins, policy, problem
from twins import Costs, Everything, price

from scheduler import Problem, Roster
from scheduler.roster.model import Model
from scheduler.roster.problem import TIE_ORDER
from scheduler.roster.rules import domains

USUAL = {"aesthetic": 2, "physical": 2, "moral": 1, "intellect": 1, "labour": 1, "safety": 1}


def week(minimums: dict[str, int], slots: int = 4) -> Problem:
    names = ["1-am-1", "1-am-2", "1-pm-1", "2-am-1"][:slots]
    return problem(classes=[class_run("c1", slots=names)], policy=policy(domain_minimums=minimums))


@pytest.mark.parametrize(
    ("minimums", "slots", "left"),
    [
        # 8 for 4 slots: aesthetic 2 → 1, physical 2 → 1, then all are 1: aesthetic → 0, physical → 0.
        (USUAL, 4, {"aesthetic": 0, "physical": 0, "moral": 1, "intellect": 1, "labour": 1, "safety": 1}),
        # One slot less: labour is next, before intellect, moral and safety.
        (USUAL, 3, {"aesthetic": 0, "physical": 0, "moral": 1, "intellect": 1, "labour": 0, "safety": 1}),
        (USUAL, 1, {"aesthetic": 0, "physical": 0, "moral": 0, "intellect": 0, "labour": 0, "safety": 1}),
        (USUAL, 0, dict.fromkeys(USUAL, 0)),
        ({"physical": 4}, 4, {"physical": 4}),
        ({"physical": 5, "moral": 1}, 4, {"physical": 3, "moral": 1}),
        # Other domains come after the six, by name: zeal keeps its lesson longest.
        ({"zeal": 1, "art": 1, "safety": 1}, 2, {"zeal": 1, "art": 1, "safety": 0}),
        ({"zeal": 1, "art": 1, "safety": 1}, 1, {"zeal": 1, "art": 0, "safety": 0}),
        ({"aesthetic": 3, "physical": 2}, 4, {"aesthetic": 2, "physical": 2}),
        ({"aesthetic": 3, "physical": 2}, 3, {"aesthetic": 1, "physical": 2}),
        ({"aesthetic": 1_000_000, "moral": 1_000_000}, 3, {"aesthetic": 1, "moral": 2}),
        ({}, 4, {}),
    ],
)
def test_minimums_are_cut(minimums: dict[str, int], slots: int, left: dict[str, int]) -> None:
    some = week(minimums, slots)
    assert some.minimums(some.classes[0]) == left


def one_by_one(least: dict[str, int], slots: int) -> dict[str, int]:
    """The contract's own words: while the sum is too large, the largest loses one."""
    rank = {d: i for i, d in enumerate(TIE_ORDER)}
    while sum(least.values()) > slots:
        largest = max(least.values())
        tied = [d for d in least if least[d] == largest]
        least[min(tied, key=lambda d: (rank.get(d, 99), d))] -= 1
    return least


@pytest.mark.parametrize("slots", range(5))
def test_cut_at_once_as_if_one_by_one(slots: int) -> None:
    names = ("safety", "other", "aesthetic", "moral")
    for least in product(range(4), repeat=4):
        some = week(dict(zip(names, least, strict=True)), slots)
        assert some.minimums(some.classes[0]) == one_by_one(dict(zip(names, least, strict=True)), slots)


def test_missing_lessons() -> None:
    """Two aesthetic and one physical are wanted; k1 is aesthetic, k2 physical. More of one is not less of another."""
    some = week({"aesthetic": 2, "physical": 1, "moral": 0})
    k1, k2 = lesson("v1", t="1-am-1"), lesson("v1", t="1-pm-1", k="k2")
    assert price(domains, some) == 3
    assert price(domains, some, k1) == 2
    assert price(domains, some, k1, k2) == 1
    assert price(domains, some, k1, k2, lesson("v1", t="2-am-1", k="k2")) == 1
    assert price(domains, some, k1, k2, lesson("v1", t="2-am-1")) == 0


def test_each_class_by_itself() -> None:
    some = problem(courses=[course("k1"), course("k2")], policy=policy(domain_minimums={"aesthetic": 1}))
    assert price(domains, some, lesson("v1", "c1", "1-am-1"), lesson("v1", "c1", "2-am-1")) == 1


def test_a_pinned_lesson_outside_the_classs_slots_counts() -> None:
    """It waives `lesson`, stays, and is a lesson of its domain: the model with everything else free must know it."""
    outside = lesson("v1", t="2-am-1")
    some = problem(
        classes=[class_run("c1", slots=["1-am-1"])],
        policy=policy(domain_minimums={"aesthetic": 1}),
        pins=pins(outside, waives=("lesson",)),
    )
    assert domains.cost(some, Roster(lessons=frozenset({outside}))) == 0
    choices = Everything(some)
    kept = Roster(lessons=frozenset({outside}))
    model = Model(choices, kept, set(choices.duty_cells), set(choices.lesson_cells))
    assert Costs(model, (domains,)).of(Roster()) == {"domains": 0}
