"""Repairs of small weeks against every repair there is: the best at all five levels, and no bound above the truth."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest
from accidents import Accident, accident, happened, is_known, is_past, is_sound_alone, measured

from scheduler import RepairCost, Roster, cost, measure_repair, repair
from scheduler.roster.repair import wide, work
from scheduler.roster.repair.aside import Aside
from scheduler.roster.repair.damage import assess, is_impossible
from scheduler.roster.repair.scene import Scene
from scheduler.roster.worth.levels import Levels

SEEDS = range(900)


@pytest.fixture(scope="module")
def accidents() -> list[Accident]:
    """At least 200 weeks whose repairs can be listed, most of which need mending."""
    found = [a for seed in SEEDS if (a := accident(seed))]
    assert len(found) > 200
    return found


def test_small_weeks_are_mended_best_at_every_level(accidents: list[Accident]) -> None:
    changed = 0
    for a in accidents:
        found = repair(a.week, seconds=30, workers=1)
        assert (found.result.cost, found.result.bound) == (a.best, a.best)
        assert found.result.status == "optimal"
        changed += found.result.cost.changes > 0
    assert changed > 100


def test_few_by_few_is_sound_and_honest(accidents: list[Accident], monkeypatch: pytest.MonkeyPatch) -> None:
    """The way of large weeks, on small ones: a sound roster, levels that are true, and bounds that are."""
    monkeypatch.setattr(work, "SMALL", 0)
    best = proven = 0
    for a in accidents:
        found = repair(a.week, seconds=30, workers=1)
        report, levels = measure_repair(a.week, found.roster)
        assert (report.violations, levels) == ((), found.result.cost)
        truth = RepairCost(*(a.least(level, levels) for level in RepairCost._fields))
        assert all(b <= t for b, t in zip(found.result.bound, truth, strict=True)), (found.result, truth)
        best += levels == a.best
        proven += found.result.bound.people == levels.people
    assert (best > 0.9 * len(accidents), proven > 0.9 * len(accidents)) == (True, True), (best, proven, len(accidents))


def test_a_quick_first_roster_changes_no_truth(accidents: list[Accident], monkeypatch: pytest.MonkeyPatch) -> None:
    """The way of weeks in which many classes are hit, on small ones: as sound and as honest."""
    monkeypatch.setattr(work, "SMALL", 0)
    monkeypatch.setattr(wide, "WIDE", 0)
    some = accidents[::6]
    best = 0
    for a in some:
        found = repair(a.week, seconds=30, workers=1)
        report, levels = measure_repair(a.week, found.roster)
        assert (report.violations, levels) == ((), found.result.cost)
        truth = RepairCost(*(a.least(level, levels) for level in RepairCost._fields))
        assert all(b <= t for b, t in zip(found.result.bound, truth, strict=True)), (found.result, truth)
        best += levels == a.best
    assert best > 0.8 * len(some), (best, len(some))


def test_a_second_process_proves_beside_the_search(accidents: list[Accident], monkeypatch: pytest.MonkeyPatch) -> None:
    """The way of large weeks with a process beside it, where two people must change at least: as good and as honest."""
    monkeypatch.setattr(work, "SMALL", 0)
    monkeypatch.setattr(work, "LARGE", -1)
    for a in [a for a in accidents if a.best.people >= 2][:1]:
        found = repair(a.week, seconds=30, workers=2).result
        assert (found.cost[:3], found.bound.people) == (a.best[:3], a.best.people)


def test_what_the_process_proves_and_finds(accidents: list[Accident]) -> None:
    """Asked for caps that two people keep and one cannot, the process finds two."""
    a = next(a for a in accidents if a.best.people >= 2 and not assess(a.week).forced)
    heard: list[tuple[str, int, tuple[int, int] | None]] = []
    offers: list[Roster] = []
    aside = Aside(a.week, 1, lambda *what: heard.append(what), offers.append)
    caps = (a.best.safety, a.best.programme)
    aside.tell(caps)
    while aside.settled != caps:
        time.sleep(0.02)
    aside.halt()
    assert [measure_repair(a.week, x)[1].people for x in offers] == [a.best.people]
    assert "people" in {level for level, _, _ in heard}
    assert all(least <= getattr(a.best, level) for level, least, _ in heard)


def test_prices_never_prove_more_missing_than_there_is(accidents: list[Accident]) -> None:
    """What the process says of safety holds for the best repair, and is often exactly that."""
    told = []
    for a in [a for a in accidents if a.week.frozen_before is None and a.best.safety][:60]:
        bounds = [0]
        Levels(Scene(assess(a.week)).choices).prove_safety(a.best.safety, 0.02, lambda x, _: bounds.append(x))  # noqa: B023
        told.append((max(bounds), a.best.safety))
    assert all(least <= best for least, best in told)
    assert sum(least == best for least, best in told) > 10


def test_the_levels_are_those_of_the_contract(accidents: list[Accident]) -> None:
    """The measure that `roster check` uses, and the words of the contract, on every repair."""
    for a in accidents[::7]:
        week = assess(a.week).problem
        for _, roster in a.repairs[::5]:
            report, levels = measure_repair(a.week, roster)
            assert (report.violations, levels) == ((), measured(week, roster))


def test_an_entry_is_impossible_where_it_breaks_a_rule_alone() -> None:
    told = set()
    for seed in SEEDS[:300]:
        week = assess(happened(seed)).problem
        published = week.published or Roster()
        for e in (*published.duties, *published.lessons):
            if is_known(week, e) and not is_past(week, e):
                assert is_impossible(week, e) == (not is_sound_alone(week, e)), (seed, e)
                told.add(is_impossible(week, e))
    assert told == {True, False}


def test_nothing_happened_nothing_changes(accidents: list[Accident]) -> None:
    for a in accidents[::5]:
        mended = repair(a.week, seconds=30, workers=1).roster
        week = assess(a.week).problem  # without the pins that fell away
        found = cost(week, mended)
        calm = replace(week, published=mended, published_cost=(found.safety, found.programme))
        if not assess(calm).conflicts:
            again = repair(calm, seconds=30)
            assert (again.roster, again.result.cost.changes) == (mended, 0)
