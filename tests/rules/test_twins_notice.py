"""The twin tests can fail: each half of each rule is made too loose, or too tight, and they must notice."""

from __future__ import annotations

from types import ModuleType
from typing import Any

import pytest
from mutants import blind, hard_mutants, soft_mutants, tight
from test_twins import SEEDS, disagreements
from variety import counts

from scheduler import Problem
from scheduler.roster.model import Model
from scheduler.roster.rules import HARD, SOFT, lesson, load, one_place, reach, room, travel


@pytest.mark.parametrize("rule", HARD + SOFT, ids=lambda rule: str(rule.NAME))
def test_a_rule_that_is_wrong(rule: ModuleType) -> None:
    """Both halves, too loose and too tight, everywhere and for one volunteer or constraint alone."""
    wrong = [m for m in (*hard_mutants(), *soft_mutants()) if m.rule is rule]
    assert {(m.side, m.way) for m in wrong} == {(side, way) for side in ("solver", "check") for way in ways(rule)}
    assert [m.name for m in wrong if m.first_noticed() is None] == []


def ways(rule: ModuleType) -> tuple[str, str]:
    return ("loose", "tight") if rule in HARD else ("cheap", "dear")


def test_chance_holds_what_rules_trip_over() -> None:
    """Overlapping segments, minors, pins with waivers, people with time in a part of the week: none of them is rare."""
    assert {name: n for name, n in counts().items() if n < 10} == {}


def is_noticed(rule: ModuleType) -> bool:
    """Whether any case shows a difference, looked at one by one until one does."""
    return any(disagreements(rule, range(seed, seed + 1)) for seed in SEEDS)


def a_minute_more(half: Any) -> Any:
    """Ways take a minute longer: seen only where a gap is just long enough."""
    return lambda model, a, b: half(model, (a[0] - 1, a[1] + 1, a[2]), b)


def a_minute_less(half: Any) -> Any:
    """Ways take a minute less: seen only where a gap is a minute short, or far more."""
    return lambda model, a, b: half(model, (a[0] + 25, a[1] - 25, a[2]), b)


def strictly(half: Any) -> Any:
    """Home at exactly the reach is too far."""
    return lambda p, v, c: p.km(v, p.class_run[c].site) < p.volunteer[v].reach_km


def one_more(half: Any) -> Any:
    return lambda model, literals, limit: half(model, literals, limit + 1)


def one_less(half: Any) -> Any:
    return lambda model, literals, limit: half(model, literals, max(0, limit - 1))


def none_overlap(half: Any) -> Any:
    return property(lambda _: ())


FINE = [
    (travel, travel, "_keep_apart", a_minute_more),
    (travel, travel, "_keep_apart", a_minute_less),
    (travel, travel, "_keep_apart", blind),
    (reach, reach, "_is_near", strictly),
    (load, Model, "at_most", one_more),
    (load, Model, "at_most", one_less),
    (load, load, "_segments_of_waiving_pins", lambda _: lambda *_: set()),
    (lesson, Model, "at_most", one_more),
    (lesson, Model, "is_waived", tight),
    (travel, Model, "is_duty_waived", tight),
    (one_place, one_place, "_add_lessons", blind),
    (one_place, Problem, "overlapping_segments", none_overlap),
    (one_place, Problem, "overlapping_slots", none_overlap),
    (room, Problem, "overlapping_slots", none_overlap),
    (room, Model, "at_most_one", blind),
]


@pytest.mark.parametrize(("rule", "owner", "part", "change"), FINE)
def test_a_rule_that_is_slightly_wrong(
    rule: ModuleType, owner: Any, part: str, change: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(owner, part, change(getattr(owner, part)))
    assert is_noticed(rule)
