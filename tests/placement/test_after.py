"""Life after the draw: worked examples, and seasons by chance in which every rule holds after every step."""

from __future__ import annotations

import random

import pytest
from small_problems import tiny

from scheduler import Malformed
from scheduler.placement.after.asking import fill
from scheduler.placement.after.changes import apply_late, give_back, withdraw
from scheduler.placement.after.offers import Move, Offer, accept, next_offer
from scheduler.placement.after.rounds import next_round
from scheduler.placement.after.small import small_runs
from scheduler.placement.after.standing import Standing, waitlist
from scheduler.placement.check import check
from scheduler.placement.files import read_problem, write_problem
from scheduler.placement.problem import Child, ClassRun, Option, Policy, Problem
from scheduler.placement.result import Place, Placed, Placement
from scheduler.placement.rules import RULES
from scheduler.placement.solve import solve
from scheduler.placement.waitlists import waitlists

SEED = "season"


def by_lot(*names: str) -> list[str]:
    lottery = Problem((), tuple(Child(name, 1, 0, ()) for name in names), Policy(SEED)).lottery
    return sorted(names, key=lambda name: lottery[name])


FIRST, SECOND, THIRD = by_lot("a", "b", "c")


def run(name: str, capacity: int = 1, least: int = 0, term: int = 1, site: str = "s") -> ClassRun:
    return ClassRun(name, site, term, (1, 6), capacity, least)


def kid(name: str, *choices: str, tier: int = 0, **more: object) -> Child:
    return Child(name, 1, tier, choices, **more)  # type: ignore[arg-type]


def stands(classes: list[ClassRun], held: dict[Child, tuple[str, ...]], families: str = "independent") -> Standing:
    children = tuple(sorted(held, key=lambda c: c.id))
    problem = Problem(tuple(sorted(classes, key=lambda c: c.id)), children, Policy(SEED, families))
    places = {Place(c.id, name, c.choices.index(name) + 1) for c in held for name in held[c]}
    return Standing(problem, Placement(frozenset(places)))


def holds(standing: Standing) -> set[tuple[str, str]]:
    return {(p.child, p.class_run) for p in standing.placement.places}


def test_a_place_given_back_goes_down_the_waitlist() -> None:
    # x is free: the first drawn has y and would rather have x, but who has nothing comes first. c has nothing, and
    # is of the lesser tier.
    held = {
        kid("h", "x"): ("x",),
        kid(FIRST, "x", "y"): ("y",),
        kid(SECOND, "x", tier=1): (),
        kid(THIRD, "x", tier=2): (),
    }
    free = give_back(stands([run("x"), run("y")], held), "h", "x")
    assert waitlist(free, "x") == ("h", SECOND, THIRD, FIRST)  # h asks for it again: it refuses
    asked = next_offer(free, "x", {("h", "x")})
    assert asked == Offer(SECOND, "x", (Move(SECOND, "x"),))
    assert next_offer(free, "x", {("h", "x"), (SECOND, "x")}) == Offer(THIRD, "x", (Move(THIRD, "x"),))
    assert holds(accept(free, asked)) == {(FIRST, "y"), (SECOND, "x")}


def test_what_is_left_for_an_offer_is_offered_too() -> None:
    held = {kid(FIRST, "x", "y"): ("y",), kid(SECOND, "y", "z"): ("z",), kid(THIRD, "z"): ()}
    after, offers = fill(stands([run("x"), run("y"), run("z")], held))
    assert [o.moves for o in offers] == [
        (Move(FIRST, "x", "y"),),
        (Move(SECOND, "y", "z"),),
        (Move(THIRD, "z"),),
    ]
    assert holds(after) == {(FIRST, "x"), (SECOND, "y"), (THIRD, "z")}


def test_who_finds_no_room_on_its_weekdays_is_passed_over() -> None:
    held = {
        kid("h", "x", weekdays=(1, 2)): ("x",),
        kid("k", "x", weekdays=(3, 4, 5)): ("x",),
        kid(FIRST, "x"): (),
        kid(SECOND, "x", weekdays=(1,)): (),
    }
    free = give_back(stands([run("x")], held), "h", "x")
    asked = next_offer(free, "x", {("h", "x")})
    assert (waitlist(free, "x").index(FIRST) < waitlist(free, "x").index(SECOND), asked and asked.child) == (
        True,
        SECOND,
    )


def test_leaving_never_takes_a_class_run_below_its_minimum() -> None:
    held = {kid("a", "x", "y"): ("y",), kid("b", "y"): ("y",)}
    assert next_offer(stands([run("x"), run("y", 2, least=2)], held), "x") is None
    kept = {kid("a", "x", "y", keep=("y",)): ("y",), kid("b", "y"): ("y",)}
    assert next_offer(stands([run("x"), run("y", 3, least=3)], kept), "x") is None  # only its keeping holds y open


def test_a_place_in_a_class_run_that_became_small_is_offered() -> None:
    held = {kid("a", "y"): ("y",), kid("b", "y"): ()}
    asked = next_offer(stands([run("y", 3, least=3)], held), "y")
    assert asked == Offer("b", "y", (Move("b", "y"),))


def test_seats_and_terms() -> None:
    # With two seats a second place is taken beside the first in another term, and instead of it in the same.
    classes = [run("x"), run("y"), run("z", term=2)]
    standing = stands(classes, {kid("a", "x", "y", "z", seats=2): ("y",)})
    assert next_offer(standing, "z") == Offer("a", "z", (Move("a", "z"),))
    assert next_offer(standing, "x") == Offer("a", "x", (Move("a", "x", "y"),))
    assert next_offer(stands(classes, {kid("a", "x", "y", "z"): ("y",)}), "z") is None


def test_a_family_comes_together_or_not_at_all() -> None:
    one, other = kid("a", "x", "y", family="f"), kid("b", "y", "w", family="f")
    classes = [run("x"), run("y"), run("w", site="t")]
    asked = next_offer(stands(classes, {one: (), other: ()}, "together-or-none"), "x")
    assert asked == Offer("a", "x", (Move("a", "x"), Move("b", "y")))
    full = {one: (), other: (), kid("c", "y"): ("y",)}
    assert next_offer(stands(classes, full, "together-or-none"), "x") is None
    assert next_offer(stands(classes, {one: ("x",), other: ("y",)}, "together-or-none"), "w") is None


def test_who_gives_back_leaves_a_family_that_must_be_together() -> None:
    one, other = kid("a", "x", family="f"), kid("b", "y", family="f", keep=("y",))
    after = give_back(stands([run("x"), run("y")], {one: ("x",), other: ("y",)}, "together-or-none"), "a", "x")
    assert (holds(after), after.problem.child["a"].family, after.problem.child["b"].family) == ({("b", "y")}, None, "f")
    gone = give_back(after, "b", "y")
    assert (holds(gone), gone.problem.child["b"].keep) == (set(), ())


def test_a_place_that_nobody_holds_cannot_be_given_back() -> None:
    with pytest.raises(Malformed) as caught:
        give_back(stands([run("x")], {kid("a", "x"): ()}), "a", "x")
    assert (caught.value.code, caught.value.facts) == ("not_held", {"child": "a", "class": "x"})


def test_late_applications_stand_behind_the_same_claim() -> None:
    # The first drawn is late, and another one later still: both behind the second of the same tier and rank, before
    # the lesser tier. The number is what it would have been in time.
    before = stands([run("x"), run("y")], {kid("h", "x"): ("x",), kid(SECOND, "x"): (), kid("t", "x", tier=1): ()})
    later = apply_late(apply_late(before, [kid(THIRD, "x")]), [kid(FIRST, "x"), kid("z", "y", "x")])
    assert waitlist(later, "x") == (SECOND, THIRD, FIRST, "z", "t")
    assert waitlist(before, "x") == (SECOND, "t")
    in_time = stands([run("x")], {kid(FIRST, "x"): ()})
    assert later.problem.lottery[FIRST] == in_time.problem.lottery[FIRST]


@pytest.mark.parametrize(
    ("late", "code"),
    [(kid("h", "x"), "duplicate"), (kid("n", "x", keep=("x",)), "late_keep"), (kid("n", "q"), "unknown_id")],
)
def test_late_applications_that_are_refused(late: Child, code: str) -> None:
    with pytest.raises(Malformed) as caught:
        apply_late(stands([run("x")], {kid("h", "x"): ("x",)}), [late])
    assert caught.value.code == code


def test_a_class_run_that_became_too_small() -> None:
    held = {kid("a", "x", "y", "z"): ("x",), kid("b", "x", keep=("x",)): ("x",), kid("c", "y"): ("y",)}
    (small,) = small_runs(stands([run("x", 5, 3), run("y"), run("z"), run("w", 2), run("v", 9, 2)], held))
    assert (small.class_run, small.children, small.least) == ("x", 2, 3)
    assert [(a.child, a.is_kept, a.wishes, a.others) for a in small.affected] == [
        ("a", False, (Option(3, "z"),), ("w",)),
        ("b", True, (), ("w", "z")),
    ]


def test_a_second_round_keeps_what_is_confirmed() -> None:
    # b confirmed its second wish; a did not answer, so that x is free again; c withdrew; d had no place.
    held = {kid("a", "x"): ("x",), kid("b", "x", "y"): ("y",), kid("c", "z"): ("z",), kid("d", "z", "x"): ()}
    standing = stands([run("x"), run("y"), run("z")], held)
    again = next_round(withdraw(standing, "c"), [("b", "y")])
    assert {c.id: c.keep for c in again.children} == {"a": (), "b": ("y",), "d": ()}
    assert again.policy == standing.problem.policy
    assert {n: again.lottery[n] for n in "abd"} == {n: standing.problem.lottery[n] for n in "abd"}
    assert {(p.child, p.class_run) for p in solve(again).placement.places} == {("a", "x"), ("b", "y"), ("d", "z")}
    with pytest.raises(Malformed) as caught:
        next_round(standing, [("d", "x")])
    assert caught.value.code == "not_held"


def test_a_family_confirmed_in_part_is_free_to_part() -> None:
    held = {kid("a", "x", family="f"): ("x",), kid("b", "y", "w", family="f"): ("y",)}
    again = next_round(stands([run("x"), run("y"), run("w", site="t")], held, "together-or-none"), [("a", "x")])
    assert [c.family for c in again.children] == [None, None]


@pytest.mark.parametrize("block", range(3))
def test_seasons_by_chance(block: int) -> None:
    done = 0
    for seed in range(20 * block, 20 * block + 20):
        r = random.Random(seed)
        try:
            problem = read_problem(tiny(seed))
            placed = solve(problem, seconds=20, workers=1)
        except Malformed:
            continue
        standing = Standing(problem, placed.placement)
        assert {name: waitlist(standing, name) for name in placed.waitlists} == dict(
            waitlists(problem, placed.placement)
        )
        given = r.sample(sorted(holds(standing)), min(2, len(placed.placement.places)))
        for child, name in given:
            standing = give_back(standing, child, name)
        _rules_hold(standing, "minimum")
        before = standing
        standing, offers = fill(standing, set(given))
        _rules_hold(standing, "minimum")
        assert all(next_offer(standing, c.id, set(given)) is None for c in problem.classes)
        _nobody_is_worse_off(before, standing)
        done += bool(offers)
        confirmed = {pair for pair in sorted(holds(standing)) if r.random() < 0.7}
        again = next_round(standing, confirmed)
        assert read_problem(write_problem(again)) == again
        result = solve(again, seconds=20, workers=1)
        assert check(again, Placed(result.placement, result.waitlists, result.result)) == ()
        assert confirmed <= {(p.child, p.class_run) for p in result.placement.places}
    assert done >= 2


def _rules_hold(standing: Standing, *but: str) -> None:
    assert {f.rule for rule in RULES for f in rule(standing.problem, standing.placement)} <= set(but)


def _nobody_is_worse_off(before: Standing, after: Standing) -> None:
    for child, held in before.placement.of_child.items():
        ranks = [[p.rank for p in places] for places in (held, after.placement.of_child[child])]
        padded = [[*r, *[99] * (9 - len(r))] for r in ranks]
        assert padded[1] <= padded[0]
