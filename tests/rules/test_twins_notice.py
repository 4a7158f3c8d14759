"""The twin tests can fail: each half of each rule is made too loose, or too tight, and they must notice."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from types import ModuleType
from typing import Any

import pytest
from chance import Case, case
from test_twins import SEEDS, disagreements, price_differences
from twins import entries

from scheduler import Problem, Roster, Violation
from scheduler.roster.model import Model
from scheduler.roster.rules import HARD, SOFT, lesson, load, one_place, reach, room, travel

Mutant = tuple[ModuleType, str, Callable[[Any], Any]]


def loose(half: Any) -> Any:
    """Nothing is refused."""
    return lambda *_: True


def tight(half: Any) -> Any:
    """Everything is refused."""
    return lambda *_: False


def silent(half: Any) -> Any:
    """Nothing is added to the model."""
    return lambda _: None


def greedy(half: Any) -> Any:
    """As it is, and at most one entry altogether."""

    def add_to(model: Model) -> None:
        half(model)
        model.at_most_one([*model.duty.values(), *model.lesson.values()])

    return add_to


def blind(half: Any) -> Any:
    """Nothing is found."""
    return lambda *_: iter(())


def harsh(half: Any) -> Any:
    """A first entry too many is found in any roster."""

    def violations(week: Problem, roster: Roster) -> Iterator[Violation]:
        yield from half(week, roster)
        for entry in entries(roster):
            yield Violation("", (entry,))

    return violations


def hard_mutants() -> Iterator[Any]:
    kinds = {
        "permits_duty": (loose, tight),
        "permits_lesson": (loose, tight),
        "add_to": (silent, greedy),
        "violations": (blind, harsh),
    }
    for rule in HARD:
        for half, changes in kinds.items():
            for change in changes if hasattr(rule, half) else ():
                if (rule.NAME, change) != ("pins", harsh):  # A roster that breaks `pins` is no case for other rules.
                    yield pytest.param((rule, half, change), id=f"{rule.NAME}-{half}-{change.__name__}")


def is_noticed(rule: ModuleType) -> bool:
    """Whether any case shows a difference, looked at one by one until one does."""
    return any(disagreements(rule, range(seed, seed + 1)) for seed in SEEDS)


@pytest.fixture
def judged_afresh(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the checker says of a case is remembered: where the checker is changed, it is asked again."""

    def anew(seed: int) -> Case:
        old = case(seed)
        return Case(old.seed, old.week, old.rosters)

    monkeypatch.setattr("test_twins.case", anew)


@pytest.mark.usefixtures("judged_afresh")
@pytest.mark.parametrize("mutant", list(hard_mutants()))
def test_a_hard_rule_that_is_wrong(mutant: Mutant, monkeypatch: pytest.MonkeyPatch) -> None:
    rule, half, change = mutant
    monkeypatch.setattr(rule, half, change(getattr(rule, half)))
    if half == "violations":  # The rule's name stands in what it finds.
        found = rule.violations
        monkeypatch.setattr(rule, half, lambda p, r: (Violation(rule.NAME, v.subject, v.facts) for v in found(p, r)))
    assert is_noticed(rule)


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


def twice(half: Any) -> Any:
    """Everything is charged twice."""
    return lambda model: (half(model), half(model))


def free(half: Any) -> Any:
    return lambda *_: 0


def dearer(half: Any) -> Any:
    """Any engagement costs one more."""
    return lambda week, roster: half(week, roster) + len(roster.people)


def soft_mutants() -> Iterator[Any]:
    for rule in SOFT:
        for half, changes in {"add_to": (silent, twice), "cost": (free, dearer)}.items():
            for change in changes:
                yield pytest.param((rule, half, change), id=f"{rule.NAME}-{half}-{change.__name__}")


@pytest.mark.parametrize("mutant", list(soft_mutants()))
def test_a_soft_rule_that_is_wrong(mutant: Mutant, monkeypatch: pytest.MonkeyPatch) -> None:
    rule, half, change = mutant
    monkeypatch.setattr(rule, half, change(getattr(rule, half)))
    assert any(price_differences((rule,), range(seed, seed + 1)) for seed in SEEDS)
