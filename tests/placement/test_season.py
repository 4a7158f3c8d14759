"""A season after its draw: events written out, and what is refused."""

from __future__ import annotations

import json
from typing import Any

import pytest

from scheduler import Malformed
from scheduler.placement.after.acts import filled, happen
from scheduler.placement.after.changes import apply_late
from scheduler.placement.after.events import EVENTS, read_events, read_season, write_season
from scheduler.placement.after.offers import Move, Offer
from scheduler.placement.after.rounds import next_round
from scheduler.placement.after.season import Season
from scheduler.placement.after.standing import Standing
from scheduler.placement.certificate import event as by_event
from scheduler.placement.certificate import freeze, read_frozen
from scheduler.placement.files import read_placement, read_problem, write_problem
from scheduler.placement.problem import Child, ClassRun, Policy, Problem
from scheduler.placement.result import Place, Placement
from scheduler.placement.rules import RULES

Json = dict[str, Any]
SEED = "season"


def run(name: str, capacity: int = 1, least: int = 0, term: int = 1, site: str = "s") -> ClassRun:
    return ClassRun(name, site, term, (1, 6), capacity, least)


def kid(name: str, *choices: str, tier: int = 0, **more: Any) -> Child:
    return Child(name, 1, tier, choices, **more)


def season(classes: list[ClassRun], held: dict[Child, str | None], families: str = "independent") -> Season:
    problem = Problem(tuple(classes), tuple(sorted(held, key=lambda c: c.id)), Policy(SEED, families))
    places = {Place(c.id, name, c.choices.index(name) + 1) for c, name in held.items() if name}
    return Season(Standing(problem, Placement(frozenset(places))))


def after(begun: Season, *events: Json) -> Season:
    file = {"format": EVENTS, "events": list(events)}
    return happen(begun, read_events(file, begun.standing.problem))


def said(kind: str, child: str = "", name: str = "", **more: Any) -> Json:
    return {"event": kind, **({"child": child} if child else {}), **({"class": name} if name else {}), **more}


def holds(found: Season) -> set[tuple[str, str]]:
    return {(p.child, p.class_run) for p in found.standing.placement.places}


def asked(found: Season) -> list[tuple[str, str]]:
    return [(o.child, o.class_run) for o in found.offers]


def begun() -> Season:
    """x and y hold one each; a of the first tier has y and would rather have x, b and c have nothing."""
    held = {kid("h", "x"): "x", kid("a", "x", "y"): "y", kid("b", "x", tier=1): None, kid("c", "y", tier=2): None}
    return season([run("x"), run("y")], held)


def test_a_place_goes_from_hand_to_hand() -> None:
    # h leaves x, which goes to b, who has nothing, before a, who has y. b says no: a is asked; a takes x and leaves y,
    # which is offered to c.
    first = after(begun(), said("give-back", "h", "x"))
    assert (asked(first), holds(first)) == ([("b", "x")], {("a", "y")})
    second = after(first, said("decline", "b", "x"))
    assert second.offers == (Offer("a", "x", (Move("a", "x", "y"),)),)
    third = after(second, said("accept", "a", "x"))
    assert (asked(third), holds(third), third.confirmed) == ([("c", "y")], {("a", "x")}, {("a", "x")})
    last = after(third, said("expire", "c", "y"))
    assert (asked(last), last.declined, last.expired) == ([], {("h", "x"), ("b", "x")}, {("c", "y")})
    assert [(c.kind, c.child, c.takes, c.leaves) for c in last.changes] == [
        ("give-back", "h", None, "x"),
        ("accept", "a", "x", "y"),
    ]


def test_events_may_come_in_one_file_or_in_several() -> None:
    events = [
        said("give-back", "h", "x"),
        said("decline", "b", "x"),
        said("accept", "a", "x"),
        said("expire", "c", "y"),
    ]
    at_once, step = write_season(after(begun(), *events)), begun()
    for event in events:
        written = json.loads(json.dumps(write_season(after(step, event))))
        problem = read_problem(json.loads(json.dumps(write_problem(step.standing.problem))))
        step = read_season(written, problem, read_placement(written, problem))
    assert {**write_season(step)["after"], "changes": []} == {**at_once["after"], "changes": []}


@pytest.mark.parametrize(
    ("spoil", "place", "code"),
    [
        (lambda a: a["offers"].append(a["offers"][0]), "after.offers[1]", "offer_impossible"),
        (lambda a: a["offers"][0].update(moves=[]), "after.offers[0].moves", "empty_list"),
        (lambda a: a["offers"][0].update({"class": "y"}), "after.offers[0].class", "not_a_wish"),
        (lambda a: a["declined"][0].update(child="q"), "after.declined[0].child", "unknown_id"),
        (lambda a: a.pop("confirmed"), "after.confirmed", "missing"),
    ],
)
def test_a_file_that_promises_too_much_is_refused(spoil: Any, place: str, code: str) -> None:
    found = after(begun(), said("give-back", "h", "x"))
    problem, written = found.standing.problem, json.loads(json.dumps(write_season(found)))
    spoil(written["after"])
    with pytest.raises(Malformed) as caught:
        read_season(written, problem, read_placement(written, problem))
    assert (caught.value.place, caught.value.code) == (place, code)


def test_everybody_says_yes() -> None:
    found = filled(after(begun(), said("give-back", "h", "x"), said("decline", "b", "x")))
    assert (holds(found), asked(found)) == ({("a", "x"), ("c", "y")}, [])
    assert [(c.kind, c.child, c.takes, c.leaves) for c in found.changes[1:]] == [
        ("fill", "a", "x", "y"),
        ("fill", "c", "y", None),
    ]


def test_an_offer_stays_whatever_others_say() -> None:
    # a comes first for both and is asked about y, its best; so b is asked about x. When a says no to y, x is b's still.
    held = {kid("a", "y", "x"): None, kid("b", "x", tier=1): None}
    first = after(season([run("x"), run("y")], held))
    assert asked(first) == [("b", "x"), ("a", "y")]
    second = after(first, said("decline", "a", "y"))
    assert asked(second) == [("b", "x")]
    assert asked(after(second, said("decline", "b", "x"))) == [("a", "x")]


def test_who_is_asked_is_asked_again_about_something_better_only() -> None:
    held = {kid("a", "x", "y", "z"): None, kid("h", "x"): "x", kid("k", "z"): "z"}
    first = after(season([run("x"), run("y"), run("z")], held))
    assert asked(first) == [("a", "y")]
    both = after(first, said("give-back", "k", "z"), said("give-back", "h", "x"))
    assert asked(both) == [("a", "y"), ("a", "x")]
    assert asked(after(both, said("accept", "a", "y"))) == [("a", "x")]
    assert asked(after(both, said("accept", "a", "x"))) == []


def test_two_who_may_leave_do_not_empty_a_class_run() -> None:
    # y needs two and has three: one of them may be asked about x, which has room for both; the others are asked
    # when it is known that enough stay.
    held = {kid(name, "x", "y"): "y" for name in "abc"}
    found = after(season([run("x", 3), run("y", 3, least=2)], held))
    assert len(found.offers) == 1
    ((child, _),) = asked(found)
    assert asked(after(found, said("accept", child, "x"))) == []
    assert len(after(found, said("decline", child, "x")).offers) == 1


def test_a_promise_is_kept_though_the_class_run_has_become_small_meanwhile() -> None:
    held = {kid(name, "x", "y"): "y" for name in "abc"}
    found = after(season([run("x"), run("y", 3, least=2)], held))
    ((child, _),) = asked(found)
    left = next(name for name in "abc" if name != child)
    found = after(found, said("give-back", left, "y"), said("accept", child, "x"))
    assert (child, "x") in holds(found)
    assert write_season(found)["after"]["small"][0]["children"] == 1


def test_a_cancelled_class_run_is_offered_to_nobody() -> None:
    held = {kid("a", "x", "y"): "x", kid("b", "x", "y", tier=1, keep=("x",)): "x", kid("c", "x", tier=1): None}
    found = after(season([run("x", 2), run("y")], held), said("cancel", name="x"))
    assert (holds(found), asked(found)) == (set(), [("a", "y")])
    assert found.standing.problem.child["b"].keep == ()
    assert [p.id for p in found.standing.problem.classes if p.capacity == 0] == ["x"]


def test_families_agree_to_a_place_that_nobody_is_asked_about() -> None:
    held = {kid("a", "x"): "x", kid("b", "y"): None}
    start = season([run("x", 3, least=2), run("y"), run("w")], held)
    found = after(start, said("move", "a", "w", leaves="x"))
    assert (holds(found), found.standing.problem.child["a"].choices) == ({("a", "w")}, ("x", "w"))
    assert found.confirmed == {("a", "w")}
    for event, code in (
        (said("move", "a", "y", leaves="x"), "others_wait"),
        (said("move", "a", "w"), "move_breaks"),
        (said("move", "a", "x"), "holds_already"),
    ):
        with pytest.raises(Malformed) as caught:
            after(start, event)
        assert (caught.value.place, caught.value.code) == ("events[0].class", code)


def test_a_late_brother_applies_by_himself_where_his_family_has_places() -> None:
    held = {kid("a", "x", family="f"): "x", kid("b", "y", family="f"): "y"}
    start = season([run("x", 2), run("y", 2)], held, "together-or-none")
    later = apply_late(start.standing, [kid("c", "x", family="f"), kid("d", "x", family="g")])
    assert [later.problem.child[n].family for n in "abcd"] == ["f", "f", None, "g"]
    assert [f for rule in RULES for f in rule(later.problem, later.placement)] == []


def test_whoever_was_late_is_in_time_when_a_list_is_frozen() -> None:
    late = after(begun(), {"event": "apply", "children": [{"id": "n", "grade": 1, "tier": 0, "choices": ["x"]}]})
    written = write_problem(late.standing.problem)
    assert read_problem(written).child["n"].late == 1
    assert read_frozen(freeze(written, by_event("e"))).problem("v").child["n"].late == 0


def test_who_withdraws_is_gone_and_asked_no_more() -> None:
    found = after(begun(), said("give-back", "h", "x"), said("withdraw", "b"), said("withdraw", "h"))
    assert (asked(found), sorted(found.standing.problem.child)) == ([("a", "x")], ["a", "c"])
    assert found.declined == set()


def test_wishes_that_were_declined_are_struck_in_the_next_round() -> None:
    found = after(begun(), said("give-back", "h", "x"), said("decline", "b", "x"), said("expire", "a", "x"))
    again = next_round(found.standing, None, found.declined)
    assert {c.id: (c.choices, c.keep) for c in again.children} == {"a": (("x", "y"), ("y",)), "c": (("y",), ())}


@pytest.mark.parametrize(
    ("event", "place", "code"),
    [
        (said("give-back", "q", "x"), "events[1].child", "unknown_id"),
        (said("give-back", "a", "q"), "events[1].class", "unknown_id"),
        (said("give-back", "a", "x"), "events[1].class", "not_held"),
        (said("confirm", "a", "x"), "events[1].class", "not_held"),
        (said("accept", "a", "x"), "events[1]", "not_offered"),
        (said("expire", "a", "x"), "events[1]", "not_offered"),
        (said("decline", "c", "x"), "events[1].class", "not_a_wish"),
        (said("decline", "a", "y"), "events[1].class", "holds_already"),
        (said("move", "a", "x", leaves="x"), "events[1].leaves", "not_held"),
        (said("withdraw"), "events[1].child", "missing"),
        (said("dance", "a"), "events[1].event", "not_one_of"),
        ({"event": "apply", "children": []}, "events[1].children", "empty_list"),
        ({"event": "apply", "children": [{"id": "n"}]}, "events[1].children[0].grade", "missing"),
    ],
)
def test_what_cannot_be_is_refused_with_its_place(event: Json, place: str, code: str) -> None:
    with pytest.raises(Malformed) as caught:
        after(begun(), said("give-back", "h", "x"), event)
    assert (caught.value.place, caught.value.code) == (place, code)


def test_late_applications_are_read_like_others() -> None:
    late = {"id": "n", "grade": 1, "tier": 0, "choices": ["x"]}
    found = after(begun(), {"event": "apply", "children": [late]}, said("give-back", "h", "x"))
    assert (asked(found), found.standing.problem.child["n"].late) == ([("n", "x")], 1)
    for spoilt, place, code in (
        ({**late, "id": "a"}, "events[0].children[0].id", "duplicate"),
        ({**late, "keep": ["x"]}, "events[0].children[0].keep", "late_keep"),
        ({**late, "choices": ["q"]}, "events[0].children[0].choices[0]", "unknown_id"),
    ):
        with pytest.raises(Malformed) as caught:
            after(begun(), {"event": "apply", "children": [spoilt]})
        assert (caught.value.place, caught.value.code) == (place, code)
