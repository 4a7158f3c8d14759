"""Whole seasons by chance: after every event the rules hold, nobody is moved, and every promise can be kept."""

from __future__ import annotations

import json
import random

import pytest
from small_problems import tiny
from test_season import Json, after, asked, holds, said

from scheduler import Malformed
from scheduler.placement.after.asking import open_offers
from scheduler.placement.after.events import read_season, write_season
from scheduler.placement.after.season import Season
from scheduler.placement.after.standing import Standing
from scheduler.placement.check import check
from scheduler.placement.files import read_placement, read_problem, write_problem
from scheduler.placement.rules import RULES
from scheduler.placement.solve import solve


def _something(r: random.Random, now: Season, n: int) -> Json:
    """An event that may happen now."""
    held, open_to = sorted(holds(now)), asked(now)
    kinds = [
        "apply",
        *["give-back", "withdraw", "confirm"] * bool(held),
        *["accept", "decline", "expire"] * bool(open_to),
    ]
    kind = r.choice(kinds + ["accept"] * 3 * bool(open_to) + ["cancel"] * (n == 5))
    runs = [c.id for c in now.standing.problem.classes]
    if kind == "cancel":
        return said("cancel", name=r.choice(runs))
    if kind == "apply":
        low, high = next(c.grades for c in now.standing.problem.classes)
        child = {"id": f"l{n}", "grade": r.randint(low, high), "tier": r.randint(0, 2), "seats": r.randint(1, 2)}
        return {"event": "apply", "children": [{**child, "choices": r.sample(runs, r.randint(1, len(runs)))}]}
    pair = r.choice(open_to if kind in ("accept", "decline", "expire") else held)
    return said("withdraw", pair[0]) if kind == "withdraw" else said(kind, *pair)


@pytest.mark.parametrize("block", range(3))
def test_seasons_by_chance(block: int) -> None:
    taken = 0
    for seed in range(20 * block, 20 * block + 20):
        r = random.Random(seed)
        try:
            problem = read_problem(tiny(seed))
            now = Season(Standing(problem, solve(problem, seconds=20, workers=1).placement)).asked()
        except Malformed:
            continue
        for n in range(8):
            if len(now.standing.problem.child) == 1:
                break
            before, event = now, _something(r, now, n)
            now = after(now, event)
            taken += event["event"] == "accept"
            _is_sound(now)
            touched = {event.get("child"), *(c.child for c in now.changes[len(before.changes) :])}
            assert {p for p in holds(before) if p[0] not in touched} == {p for p in holds(now) if p[0] not in touched}
            _all_promises_can_be_kept(now, r)
    assert taken >= 8


def _is_sound(now: Season) -> None:
    """No rule is broken but a minimum, and the file says what is so."""
    problem, written = now.standing.problem, json.loads(json.dumps(write_season(now)))
    same = read_problem(json.loads(json.dumps(write_problem(problem))))
    assert same == problem
    placed = read_placement(written, same)
    assert {f.rule for f in check(same, placed)} <= {"minimum"}
    again = read_season(written, same, placed)
    assert (again.offers, again.passed, again.confirmed) == (now.offers, now.passed, now.confirmed)
    assert open_offers(again.standing, again.passed, again.offers) == now.offers


def _all_promises_can_be_kept(now: Season, r: random.Random) -> None:
    """In any order, whoever is asked may say yes; by a yes, other offers to the same children may lapse."""
    taken: set[str] = set()
    for child, name in r.sample(asked(now), len(now.offers)):
        offer = next((o for o in now.offers if (o.child, o.class_run) == (child, name)), None)
        if offer is None:
            assert child in taken
            continue
        now = after(now, said("accept", child, name))
        taken |= {m.child for m in offer.moves}
        assert {(m.child, m.class_run) for m in offer.moves} <= holds(now)
        assert {f.rule for rule in RULES for f in rule(now.standing.problem, now.standing.placement)} <= {"minimum"}
