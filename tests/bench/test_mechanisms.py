"""Deferred acceptance and its kin: a worked example, and what the theorems promise, on problems by chance."""

from __future__ import annotations

import random
from itertools import permutations
from typing import Any

import pytest
from children import children
from fairness import better_by_cycles, envious
from mechanisms import (
    by_arrival,
    by_own_lottery,
    closing,
    deferred_acceptance,
    deferred_acceptance_many,
    first_come,
    serial_dictatorship,
)

from scheduler.placement.files import read_problem
from scheduler.placement.problem import Child, ClassRun, Policy, Problem
from scheduler.placement.result import Place, Placement
from scheduler.placement.rules import RULES
from scheduler.placement.solve import solve

SEED = "season"


def run(name: str, capacity: int = 1, least: int = 0, term: int = 1) -> ClassRun:
    return ClassRun(name, "s", term, (1, 6), capacity, least)


def kid(name: str, *choices: str, tier: int = 0, **more: Any) -> Child:
    return Child(name, 1, tier, choices, **more)


def made(classes: list[ClassRun], kids: list[Child]) -> Problem:
    return Problem(tuple(classes), tuple(sorted(kids, key=lambda c: c.id)), Policy(SEED))


def held(placement: Placement) -> dict[str, str]:
    return {p.child: p.class_run for p in placement.places}


A, B, C, D = sorted("abcd", key=lambda name: made([], [kid(x, "x") for x in "abcd"]).lottery[name])
"""Four children in the order of their lottery numbers."""


def test_deferred_acceptance_written_out() -> None:
    # One place each in x, y, z; D is of the first tier, the others of the second.
    #   A: x y    B: x z    C: y x z    D: y x
    # A asks x: kept. B asks x: A is ahead, refused. C asks y: kept. D asks y: its tier is ahead, C is refused.
    # B asks z: kept. C asks x: A is ahead, refused; asks z: B is ahead, refused; has nothing left.
    # A x, B z, C –, D y.
    problem = made(
        [run("x"), run("y"), run("z")],
        [kid(A, "x", "y", tier=1), kid(B, "x", "z", tier=1), kid(C, "y", "x", "z", tier=1), kid(D, "y", "x")],
    )
    assert held(deferred_acceptance(problem)) == {A: "x", B: "z", D: "y"}


def test_a_place_that_was_kept_for_a_while_is_lost_to_a_better_claim() -> None:
    # B asks x: kept. C asks x: refused, asks y: kept. A asks z, where D's tier is ahead: refused, asks x: ahead of B.
    # B asks y: ahead of C, who has nothing left.
    problem = made(
        [run("x"), run("y"), run("z")],
        [kid(A, "z", "x", tier=1), kid(B, "x", "y", tier=1), kid(C, "x", "y", tier=1), kid(D, "z")],
    )
    assert held(deferred_acceptance(problem)) == {A: "x", B: "y", D: "z"}


def test_who_comes_first_is_served_first_whatever_the_tier() -> None:
    kids = [kid(name, "x", tier=tier) for tier, name in enumerate("abcd")]
    problem = made([run("x")], kids)
    arrived = by_arrival(problem)
    assert held(first_come(problem)) == {min("abcd", key=lambda name: arrived(name, "")): "x"}
    assert held(serial_dictatorship(problem)) == {"a": "x"}


def test_second_places_come_after_all_first_places() -> None:
    problem = made([run("x"), run("y", term=2)], [kid(A, "x", "y", seats=2), kid(B, "y")])
    for mechanism in (deferred_acceptance, serial_dictatorship, first_come):
        assert mechanism(problem).places == {Place(A, "x", 1), Place(B, "y", 1)}


def test_part_weeks_share_a_place() -> None:
    problem = made([run("x")], [kid(A, "x", weekdays=(1, 2)), kid(B, "x"), kid(C, "x", weekdays=(4,))])
    assert held(deferred_acceptance(problem)) == {A: "x", C: "x"}


def test_closing_ends_with_no_class_run_below_its_minimum() -> None:
    # x wants three and gets two, y wants two and gets one: y is at half of it, x at two thirds. Without y, C comes to
    # x as well, which is enough.
    kids = [kid(A, "x"), kid(B, "x"), kid(C, "y", "x")]
    problem = made([run("x", 3, 3), run("y", 3, 2)], kids)
    assert held(deferred_acceptance(problem)) == {A: "x", B: "x", C: "y"}
    found, closed = closing(deferred_acceptance, problem)
    assert (held(found), closed) == ({A: "x", B: "x", C: "x"}, 1)


def plain(seed: int) -> Problem:
    """One seat, whole weeks, no minimums: what the theorems speak of."""
    r = random.Random(seed)
    classes = [run(f"x{i}", r.randint(1, 3), term=1) for i in range(r.randint(2, 4))]
    names = [c.id for c in classes]
    kids = [
        kid(f"k{i}", *r.sample(names, r.randint(1, len(names))), tier=r.choice((0, 1, 1)))
        for i in range(r.randint(3, 7))
    ]
    return made(classes, kids)


@pytest.mark.parametrize("seed", range(30))
def test_deferred_acceptance_is_stable_and_nobody_gains_by_another_list(seed: int) -> None:
    problem = plain(seed)
    found, many = deferred_acceptance(problem), deferred_acceptance_many(problem)
    assert (envious(problem, found), envious(problem, many, by_own_lottery(problem))) == ({}, {})
    assert better_by_cycles(problem, found) == 0  # one order for all: nothing is left to exchange
    for child in problem.children:
        true = [*child.choices, ""]
        got = held(found).get(child.id, "")
        for length in range(1, len(child.choices) + 1):
            for told in permutations(child.choices, length):
                others = [c for c in problem.children if c.id != child.id]
                lied = made(list(problem.classes), [*others, kid(child.id, *told, tier=child.tier)])
                now = held(deferred_acceptance(lied)).get(child.id, "")
                assert true.index(now) >= true.index(got)


def test_the_same_order_everywhere_is_a_serial_dictatorship() -> None:
    # All class runs rank alike here (tier, number), so that both end at the one stable placement.
    for seed in range(60):
        problem = plain(seed)
        assert deferred_acceptance(problem) == serial_dictatorship(problem)


def test_many_lotteries_leave_exchanges_that_one_does_not() -> None:
    left = sum(better_by_cycles(p, deferred_acceptance_many(p)) for p in map(plain, range(60)))
    assert left > 0


def test_this_engine_serves_more_and_a_shorter_list_can_pay() -> None:
    # A is ahead of B. Deferred acceptance gives A its first wish and B nothing; this engine serves both, and A pays
    # with its first wish. Had A kept its second wish to itself, it would have had its first.
    classes = [run("x"), run("y")]
    honest, short = (made(classes, [kid(A, *wishes), kid(B, "x")]) for wishes in (("x", "y"), ("x",)))
    assert held(deferred_acceptance(honest)) == {A: "x"}
    ours = solve(honest).placement
    assert held(ours) == {A: "y", B: "x"}
    assert envious(honest, ours) == {"lottery": 1}
    assert held(solve(short).placement) == {A: "x"}


def test_envy_and_waste_are_counted() -> None:
    problem = made([run("x"), run("y", 2), run("z", 9, 3)], [kid(A, "x", "y"), kid(B, "z", "y"), kid(C, "x", tier=1)])
    placement = Placement(frozenset({Place(C, "x", 1)}))
    # A would have x, held by a lesser tier, and y is free; for B y is free, while z would be below its minimum.
    assert envious(problem, placement) == {"tier": 1, "wasted": 2}


def test_circles_of_three_are_found() -> None:
    kids = [kid("a", "y", "x"), kid("b", "z", "y"), kid("c", "x", "z"), kid("d", "x", "w")]
    problem = made([run(name) for name in "wxyz"], kids)
    placement = Placement(frozenset({Place("a", "x", 2), Place("b", "y", 2), Place("c", "z", 2), Place("d", "w", 2)}))
    assert better_by_cycles(problem, placement) == 3
    best = Placement(frozenset({Place("a", "y", 1), Place("b", "z", 1), Place("c", "x", 1), Place("d", "w", 2)}))
    assert better_by_cycles(problem, best) == 0


@pytest.mark.parametrize("mechanism", [deferred_acceptance, deferred_acceptance_many, serial_dictatorship, first_come])
def test_all_rules_but_minimums_hold_with_everything_switched_on(mechanism: Any) -> None:
    problem = read_problem(children(200, 5))
    found = mechanism(problem)
    assert {fault.rule for rule in RULES for fault in rule(problem, found)} <= {"minimum"}
    assert [f for rule in RULES for f in rule(problem, closing(mechanism, problem)[0])] == []
