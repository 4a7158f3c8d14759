"""The reason of every child: worked examples of each code, and random problems against a naive recount."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from small_problems import tiny

from api.speak.placement_reasons import HEADS, REASONS, sentence
from scheduler import Malformed
from scheduler.placement.files import read_problem
from scheduler.placement.problem import Child, ClassRun, Policy, Problem
from scheduler.placement.reasons import CHILD_CODES, WISH_CODES, Claim, Reason, Reasons, Unmet, reasons
from scheduler.placement.result import Place, Placed, Placement
from scheduler.placement.solve import solve
from scheduler.placement.waitlists import waitlists

SEED = "season"
FIRST, SECOND, THIRD = sorted(
    "abc", key=Problem((), tuple(Child(x, 1, 0, ()) for x in "abc"), Policy(SEED)).lottery.get
)  # type: ignore[arg-type]
"""Three children by lottery number."""


def run(name: str, capacity: int = 1, least: int = 0, term: int = 1, grades: tuple[int, int] = (1, 6)) -> ClassRun:
    return ClassRun(name, "s", term, grades, capacity, least)


def kid(name: str, *choices: str, tier: int = 0, **more: object) -> Child:
    return Child(name, 1, tier, choices, **more)  # type: ignore[arg-type]


def given(classes: list[ClassRun], held: dict[Child, tuple[str, ...]], **policy: str) -> tuple[Problem, Placed]:
    """A problem, and the placement in which each child holds these class runs."""
    children = tuple(sorted(held, key=lambda c: c.id))
    problem = Problem(tuple(sorted(classes, key=lambda c: c.id)), children, Policy(SEED, **policy))
    places = {
        Place(c.id, name, c.choices.index(name) + 1 if name in c.choices else 0) for c in held for name in held[c]
    }
    placement = Placement(frozenset(places))
    return problem, Placed(placement, waitlists(problem, placement))


def reason(classes: list[ClassRun], held: dict[Child, tuple[str, ...]], name: str, **policy: str) -> Reason:
    return Reasons(*given(classes, held, **policy)).of(name)


def only(found: Reason) -> Unmet:
    (wish,) = found.unmet
    return wish


def test_a_better_claim_took_the_place() -> None:
    both = {kid(FIRST, "x", "y"): ("x",), kid(SECOND, "x", "y"): ("y",)}
    problem, placed = given([run("x"), run("y")], both)
    won, lost = reasons(problem, placed) if FIRST < SECOND else reversed(list(reasons(problem, placed)))
    assert (won.code, won.unmet, won.free) == ("first_wish", (), ())
    assert lost.code == "lesser_wish"
    number = problem.lottery
    assert lost.unmet == (
        Unmet(
            class_run="x",
            rank=1,
            code="better_claims",
            own=Claim(0, 1, number[SECOND]),
            applied=2,
            places=1,
            admitted=1,
            confirmed=0,
            last=Claim(0, 1, number[FIRST]),
            worse=0,
            position=1,
            waiting=1,
            decided="",
        ),
    )


def test_without_a_place_and_where_places_are_free() -> None:
    # z takes other grades, w has one place for Monday left, v needs two to open; u is free.
    held = {kid(FIRST, "x"): ("x",), kid(SECOND, "x"): (), kid(THIRD, "w", weekdays=(2,)): ("w",)}
    classes = [run("x"), run("z", grades=(2, 3)), run("w"), run("v", least=2), run("u", capacity=4)]
    found = reason(classes, held, SECOND)
    assert (found.code, only(found).code, only(found).position) == ("no_place", "better_claims", 1)
    assert [(f.class_run, f.places) for f in found.free] == [("u", 4)]


def test_no_usable_wish() -> None:
    found = reason([run("x", grades=(2, 3))], {kid("a", "x"): ()}, "a")
    assert (found.code, only(found).code, only(found).applied) == ("no_usable_wish", "wrong_grade", 0)


def test_not_open() -> None:
    found = reason([run("x", least=5), run("y")], {kid("a", "x", "y"): ("y",)}, "a")
    assert (only(found).code, only(found).last, only(found).position) == ("not_open", None, None)


def test_kept_places() -> None:
    held = {kid("a", "x", keep=("x",)): ("x",), kid("b", "x"): ()}
    assert reason([run("x")], held, "a").code == "kept"
    wish = only(reason([run("x")], held, "b"))
    assert (wish.code, wish.confirmed, wish.admitted, wish.last) == ("confirmed", 1, 1, None)


@pytest.mark.parametrize(("order", "decided"), [("served-first", "placed.1"), ("tier-first", "")])
def test_its_holder_had_no_other_place(order: str, decided: str) -> None:
    # a is of the better tier and has y. Would it take x, b had nothing: one child of tier 1 less. With tier-first the
    # first choices of tier 0 come before that, so that this placement is not the best.
    held = {kid("a", "x", "y"): ("y",), kid("b", "x", tier=1): ("x",)}
    wish = only(reason([run("x"), run("y")], held, "a", order=order))
    assert (wish.code, wish.decided) == ("no_other_place" if decided else "worse_not_proven", decided)
    assert (wish.worse, wish.last and wish.last.tier, wish.own.tier) == (1, 1, 0)


def test_its_holder_would_have_a_worse_wish() -> None:
    # The first drawn has its second wish; would it take x, the second drawn went to its third, as its second is full.
    held = {
        kid(FIRST, "x", "y"): ("y",),
        kid(SECOND, "x", "z", "w"): ("x",),
        kid(THIRD, "z"): ("z",),
    }
    wish = only(reason([run(name) for name in "xyzw"], held, FIRST))
    assert (wish.code, wish.decided) == ("worse_by_level", "rank.0.2")


def test_its_holder_could_have_the_place_that_is_left() -> None:
    held = {kid(FIRST, "x", "y"): ("y",), kid(SECOND, "x", "y"): ("x",)}
    assert only(reason([run("x"), run("y")], held, FIRST)).code == "worse_not_proven"


def test_rules_against_an_exchange() -> None:
    part = {
        kid("a", "x"): (),
        kid("b", "x", tier=1, weekdays=(1,)): ("x",),
        kid("c", "x", tier=1, weekdays=(2,)): ("x",),
    }
    wish = only(reason([run("x")], part, "a"))
    assert (wish.code, wish.decided, wish.worse) == ("worse_by_rule", "capacity", 2)
    kept = {kid("a", "x", "y", keep=("y",)): ("y",), kid("b", "x", tier=1): ("x",)}
    wish = only(reason([run("x"), run("y")], kept, "a"))
    assert (wish.code, wish.decided) == ("worse_by_rule", "keep")
    family = {kid("a", "x", family="f"): (), kid("b", "y", family="f"): (), kid("c", "x", tier=1): ("x",)}
    wish = only(reason([run("x"), run("y", term=2)], family, "a", families="together-or-none"))
    assert (wish.code, wish.decided) == ("worse_by_rule", "families")


def test_room_that_was_not_given() -> None:
    # Leaving y would take it below its two children.
    held = {kid("a", "x", "y"): ("y",), kid("b", "y"): ("y",), kid("c", "x"): ("x",)}
    wish = only(reason([run("x", 2), run("y", 2, least=2)], held, "a"))
    assert (wish.code, wish.decided) == ("room_by_rule", "minimum")
    wish = only(reason([run("x", 2), run("y", 2)], held, "a"))
    assert (wish.code, wish.decided) == ("room_not_proven", "")


def test_every_code_has_words() -> None:
    assert (set(HEADS), set(REASONS)) == (set(CHILD_CODES), set(WISH_CODES))


def test_a_sentence() -> None:
    held = {kid("a", "x", "y"): ("y",), kid("b", "x", tier=1): ("x",)}
    problem, placed = given([run("x"), run("y")], held)
    a, b = (f"{problem.lottery[name]:064x}"[:12] for name in "ab")
    found = Reasons(problem, placed).of("a")
    assert sentence(found, "en") == (
        "a has class run y (wish 2); wish 1, x: applied: 2, places: 1, a worse claim was admitted (the last admitted "
        f"claim is (tier 1, wish 1, number {b}…), its own is (tier 0, wish 1, number {a}…)) because its holder had no "
        "other place: the level placed.1 decided, waitlist position 1 of 1."
    )
    assert sentence(found, "zh") == (
        f"a 得到：班次 y（第 2 志愿）；第 1 志愿 x：2 人报名，1 个位子，"
        f"录取了更靠后的（最后录取（优先级 1，第 1 志愿，号 {b}…），自己是（优先级 0，第 1 志愿，号 {a}…）），"
        "因为那个孩子没有别的位子：起决定作用的是 placed.1 这一级，候补第 1 位，共 1 位。"
    )


def solved(seeds: range) -> Iterator[tuple[Problem, Placed]]:
    for seed in seeds:
        try:
            problem = read_problem(tiny(seed))
            yield problem, solve(problem, seconds=20, workers=1)
        except Malformed:
            continue


def test_random_problems_agree_with_a_naive_recount() -> None:
    codes: set[str] = set()
    for problem, placed in solved(range(120)):
        places = placed.placement.places
        for found in reasons(problem, placed):
            child = problem.child[found.child]
            mine = {p.class_run for p in places if p.child == child.id}
            assert {p.class_run for p in found.held} == mine
            for wish in found.unmet:
                name = wish.class_run
                fitting = [
                    c for c in problem.children
                    if name in c.keep or (name in c.choices and problem.class_run[name].fits(c.grade))
                ]  # fmt: skip
                claims = [
                    (problem.child[p.child].tier, p.rank, problem.lottery[p.child])
                    for p in places
                    if p.class_run == name and name not in problem.child[p.child].keep
                ]
                assert wish.applied == len(fitting)
                assert wish.last == (max(claims) if claims else None)
                assert wish.worse == sum(claim > tuple(wish.own) for claim in claims)
                assert wish.admitted == sum(p.class_run == name for p in places)
                waiting = placed.waitlists.get(name, ())
                assert wish.position == (waiting.index(child.id) + 1 if child.id in waiting else None)
                codes.add(wish.code)
            listed = {w.class_run for w in found.unmet if w.position}
            assert listed == {name for name, ids in placed.waitlists.items() if child.id in ids}
    # What is proven best has no exchange for nothing.
    assert codes >= {"wrong_grade", "not_open", "better_claims", "confirmed", "no_other_place", "worse_by_rule"}
    assert not codes & {"worse_not_proven", "room_not_proven"}
