"""The certificate of a draw: what was solved best verifies; any change, and any exchange that is left, is found."""

from __future__ import annotations

import copy
import json
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
from small_problems import plain, tiny

from scheduler import Malformed
from scheduler.placement import verify_draw
from scheduler.placement.certificate import certify, event, faults, freeze, read_frozen, secret
from scheduler.placement.check import check, level_values
from scheduler.placement.problem import Problem
from scheduler.placement.result import Level, Place, Placed, Placement, Result
from scheduler.placement.solve import solve
from scheduler.placement.verify_draw import digest, fingerprint, sha256
from scheduler.placement.waitlists import waitlists

DATA = Path(__file__).parent.parent / "data"
SCRIPT = Path(verify_draw.__file__)
SECRET = "a secret of more than thirty-two characters"
EVENT = event("the numbers of the lottery of 20 June")
Json = dict[str, Any]
Way = tuple[str | int, ...]


def problem_data(name: str) -> Json:
    loaded: Json = json.loads((DATA / name).read_text())
    return loaded


def certificate(data: Json, is_secret: bool = False) -> Json:
    frozen = read_frozen(freeze(data, secret(SECRET) if is_secret else EVENT))
    revealed = SECRET if is_secret else "03 07 12"
    made = certify(frozen, revealed, solve(frozen.problem(revealed), seconds=20, workers=1))
    loaded: Json = json.loads(json.dumps(made))
    return loaded


@pytest.fixture(scope="module", params=["event", "secret"])
def sound(request: pytest.FixtureRequest) -> Json:
    return certificate(problem_data("placement-small-12.json"), request.param == "secret")


def leaves(value: Any, way: Way = ()) -> Iterator[Way]:
    """The way to everything that is no object or list, and to every empty one."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    below = [leaf for key, item in items for leaf in leaves(item, (*way, key))]
    yield from below or [way]


def changed(data: Json, way: Way) -> Json:
    """The same with one leaf that is another value of its kind."""
    new = copy.deepcopy(data)
    at = new
    for key in way[:-1]:
        at = at[key]  # type: ignore[index]
    old: Any = at[way[-1]]  # type: ignore[index]
    other: Any = old + 1 if isinstance(old, int) else old + "x" if isinstance(old, str) else ["c1"]
    at[way[-1]] = other  # type: ignore[index]
    return new


def codes(data: Json, published: str | None = None) -> list[str]:
    """What is found, by code; a file that is no certificate any more has the place's code."""
    try:
        return [code for code, _ in faults(data, published)]
    except Malformed as error:
        return [error.code]


def sealed(data: Json) -> Json:
    """The fingerprint made anew, as a forger would."""
    return {**data, "fingerprint": fingerprint(data)}


def test_a_sound_certificate_verifies(sound: Json) -> None:
    assert codes(sound, sound["commitment"]) == []


def test_any_leaf_that_is_changed_is_found(sound: Json) -> None:
    ways = list(leaves(sound))
    assert {way[0] for way in ways} == set(sound)
    assert [way for way in ways if not codes(changed(sound, way))] == []


def test_a_fingerprint_made_anew_hides_nothing_that_the_places_show(sound: Json) -> None:
    ways = [way for way in leaves(sound) if way != ("fingerprint",)]
    assert [way for way in ways if not codes(sealed(changed(sound, way)))] == []


def test_a_frozen_list_made_anew_is_found_by_what_was_published(sound: Json) -> None:
    new = copy.deepcopy(sound)
    new["frozen"]["classes"][0]["capacity"] += 1
    new["commitment"] = digest(new["frozen"])
    assert "published" in codes(sealed(new), sound["commitment"])


@pytest.mark.parametrize("name", ["placement-small-11.json", "placement-600.json"])
def test_examples_verify(name: str) -> None:
    assert codes(certificate(problem_data(name))) == []


def test_what_is_solved_best_has_no_exchange_left() -> None:
    verified = 0
    for seed in range(150):
        try:
            made = certificate(tiny(seed))
        except Malformed:  # some of what is kept at random is unsound
            continue
        assert (seed, codes(made), made["result"]["status"]) == (seed, [], "optimal")
        verified += 1
    assert verified > 100


def stated(problem: Problem, places: frozenset[Place]) -> Placed:
    """Places with waitlists and level values that are true of them, called proven."""
    placement = Placement(places)
    levels = tuple(Level(name, value, value) for name, value in level_values(problem, placement).items())
    result = Result("optimal", problem.policy.order, levels, "proven", problem.policy.seed, 0)
    return Placed(placement, waitlists(problem, placement), result)


def test_an_exchange_made_by_hand_is_found_and_nothing_else() -> None:
    """The best places of two children exchanged: all that is stated is true, but the way back is better.

    A wish that a free place would meet is told as that, and not as an exchange.
    """
    seen: Counter[tuple[bool, bool]] = Counter()
    for seed in range(150):
        frozen = read_frozen(freeze(plain(seed), EVENT))
        problem = frozen.problem("v")
        best = solve(problem, seconds=20, workers=1).placement.places
        for one, two in combinations(sorted(best), 2):
            wishes = {c.id: c.choices for c in problem.children}
            if one.class_run == two.class_run or two.class_run not in wishes[one.child]:
                continue
            if one.class_run not in wishes[two.child]:
                continue
            moved = (
                Place(one.child, two.class_run, wishes[one.child].index(two.class_run) + 1),
                Place(two.child, one.class_run, wishes[two.child].index(one.class_run) + 1),
            )
            placed = stated(problem, frozenset({*(best - {one, two}), *moved}))
            if check(problem, placed):  # a grade that does not fit
                continue
            found = {code for code, _ in faults(certify(frozen, "v", placed))}
            assert (seed, found <= {"exchange", "free_place"}) == (seed, True)
            seen[bool(found), "exchange" in found] += 1
    assert seen[False, False] == 0
    assert seen[True, True] > 30


def run(name: str, **changes: Any) -> Json:
    return {"id": name, "site": "s1", "term": 1, "grades": [1, 6], "capacity": 1, "min_to_open": 0, **changes}


def child(name: str, *choices: str, **changes: Any) -> Json:
    return {"id": name, "grade": 2, "tier": 0, "choices": list(choices), **changes}


def unfair(classes: list[Json], children: list[Json], places: dict[str, str], **policy: Any) -> list[Any]:
    """What is found where these places are given: code, child, other."""
    data = {"format": "qingzai.placement-problem/1", "classes": classes, "children": children, "policy": policy}
    frozen = read_frozen(freeze(data, EVENT))
    problem = frozen.problem("v")
    given = frozenset(Place(c, r, problem.child[c].choices.index(r) + 1) for c, r in places.items())
    return [(code, f["child"], f.get("other")) for code, f in faults(certify(frozen, "v", stated(problem, given)))]


def test_a_worse_lottery_number() -> None:
    first, last = sorted(("a", "b"), key=lambda name: sha256(f"v/{name}"))
    children = [child("a", "c"), child("b", "c")]
    assert unfair([run("c")], children, {last: "c"}) == [("exchange", first, last)]
    assert unfair([run("c")], children, {first: "c"}) == []


def test_a_worse_tier_and_a_worse_wish() -> None:
    children = [child("a", "c", tier=1), child("b", "c")]
    assert unfair([run("c")], children, {"a": "c"}) == [("exchange", "b", "a")]
    children = [child("a", "d", "c"), child("b", "c", "d")]
    found = unfair([run("c"), run("d")], children, {"a": "c", "b": "d"})
    assert found == [("exchange", "a", "b"), ("exchange", "b", "a")]


def test_a_place_that_stays_free() -> None:
    assert unfair([run("c")], [child("a", "c")], {}) == [("free_place", "a", None)]
    assert unfair([run("c", min_to_open=2)], [child("a", "c")], {}) == []


def test_the_days_of_a_week_decide() -> None:
    """b could have a's place on two days; c is there on the third, and a on both."""
    children = [child("a", "r", weekdays=[1], tier=1), child("b", "r", weekdays=[1, 2]), child("c", "r", weekdays=[2])]
    assert unfair([run("r")], children, {"a": "r", "c": "r"}) == []
    assert unfair([run("r")], children[:2], {"a": "r"}) == [("exchange", "b", "a")]


def test_a_family_is_not_parted() -> None:
    """x comes before or after a and b by lot; the family stays where it is together, or none has a place."""
    classes = [run("c", capacity=2)]
    children = [child("a", "c", family="f", tier=1), child("b", "c", family="f", tier=1), child("x", "c")]
    together = {"a": "c", "b": "c"}
    assert unfair(classes, children, together, families="together-or-none") == []
    assert ("exchange", "x", "a") in unfair(classes, children, together, families="prefer-together")


def test_a_kept_place_is_not_taken() -> None:
    children = [child("a", "c", tier=1, keep=["c"]), child("b", "c")]
    assert unfair([run("c")], children, {"a": "c"}) == []


def test_under_tier_first_the_higher_tier_may_cost_a_place() -> None:
    """a (tier 0) would rather have c; b (tier 1) could then have nothing."""
    children = [child("a", "c", "d"), child("b", "c", tier=1)]
    places = {"a": "d", "b": "c"}
    assert unfair([run("c"), run("d")], children, places, order="served-first") == []
    assert unfair([run("c"), run("d")], children, places, order="tier-first") == [("exchange", "a", "b")]


def script(*arguments: str | Path, folder: Path) -> tuple[int, str]:
    """The single file, copied to where nothing else is, by a Python without any package."""
    (folder / "verify_draw.py").write_bytes(SCRIPT.read_bytes())
    command = [sys.executable, "-I", "-S", "verify_draw.py", *map(str, arguments)]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr


def test_the_single_file_needs_nothing(sound: Json, tmp_path: Path) -> None:
    file = tmp_path / "certificate.json"
    file.write_text(json.dumps(sound))
    assert script(file, folder=tmp_path) == (0, f"ok {sound['commitment']}\n")
    status, said = script(file, "0" * 64, folder=tmp_path)
    assert (status, said.split()[0]) == (1, "published")
    file.write_text(json.dumps({**sound, "seed": "other"}))
    status, said = script(file, folder=tmp_path)
    assert (status, {line.split()[0] for line in said.splitlines()} >= {"seed", "fingerprint"}) == (1, True)
    file.write_text("[]")
    assert script(file, folder=tmp_path) == (2, "error format: not_a_certificate\n")
    assert script(folder=tmp_path)[0] == 2


def test_a_seed_that_was_not_announced() -> None:
    frozen = read_frozen(freeze(problem_data("placement-small-11.json"), secret(SECRET)))
    assert frozen.seed(SECRET) == sha256(f"{SECRET}/{frozen.commitment}")
    with pytest.raises(Malformed, match="secret_differs"):
        frozen.seed(SECRET + "!")
    with pytest.raises(Malformed, match="secret_short"):
        secret("short")


def test_order_of_rows_does_not_change_the_commitment() -> None:
    data = problem_data("placement-600.json")
    turned = {**data, "children": data["children"][::-1], "classes": data["classes"][::-1]}
    del turned["policy"]["seed"]
    assert freeze(turned, EVENT) == freeze({**data, "policy": {**data["policy"], "seed": "x"}}, EVENT)


def test_a_frozen_file_that_was_changed_is_refused() -> None:
    frozen = freeze(problem_data("placement-small-11.json"), EVENT)
    frozen["frozen"]["children"][0]["tier"] += 1
    with pytest.raises(Malformed, match="commitment_differs"):
        read_frozen(frozen)
