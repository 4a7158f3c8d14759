"""A day of heat that hits every class: the best repair of a small week, written out by hand."""

from __future__ import annotations

import threading
from dataclasses import replace

import pytest
from factories import class_run, course, lesson, problem, roster, segment, slot, volunteer

from scheduler import Problem, RepairCost, Roster, cost, measure_repair, repair
from scheduler.roster.repair import work
from scheduler.roster.repair.damage import assess
from scheduler.roster.repair.part import Stop
from scheduler.roster.repair.scene import Scene
from scheduler.roster.repair.wide import begin, is_wide

N = 12

# Monday morning, one lesson in each of twelve classes, and everybody gives "k2" outdoors in a class of their own.
# Duties are not wanted from anybody (roles: instructor), so safety is what it was. On the hot day all twelve lessons
# become impossible: 12 changes. Each instructor who also knows "k1" gives it instead in the same class and slot: one
# change more each, and nobody counts as disturbed, because the only old entry of each has become impossible. So where
# all know "k1": people 0, changes 24, programme 0 as published. Where the last does not, nobody who is exempt is free
# at that hour (each is in a class of their own), and only the thirteenth, who had nothing, can: people 1, changes 24.


def _hot(last: list[str]) -> Problem:
    people = [volunteer(f"v{i}", roles=["instructor"], courses=["k1", "k2"]) for i in range(1, N)]
    people += [volunteer("v12", roles=["instructor"], courses=last)]
    people += [volunteer("v13", roles=["instructor"], courses=["k1"])]
    for v in people:
        v["available"] = ["1-am"]
    week: Problem = problem(
        segments=[segment("1-am")],
        slots=[slot("1-am-1", "09:00", "09:50")],
        classes=[class_run(f"c{i}", segments=["1-am"], slots=["1-am-1"]) for i in range(1, N + 1)],
        courses=[course("k1"), course("k2", "physical", outdoor=True)],
        volunteers=people,
    )
    published = roster(*(lesson(f"v{i}", f"c{i}", k="k2") for i in range(1, N + 1)))
    found = cost(week, published)
    assert found.programme == 0
    return replace(week, published=published, published_cost=(found.safety, 0), heat_days=frozenset({1}))


@pytest.mark.parametrize(("last", "people"), [(["k1", "k2"], 0), (["k2"], 1)])
def test_the_quick_roster_is_the_best(last: list[str], people: int) -> None:
    week = _hot(last)
    scene, taken = Scene(assess(week)), [Roster()]

    def take(found: Roster | None) -> bool:
        taken.append(found or taken[-1])
        return found is not None

    assert is_wide(scene)
    begin(scene, take, lambda: 30.0, Stop(threading.Event()), 1)
    report, levels = measure_repair(week, taken[-1])
    assert (report.violations, levels[:4]) == ((), (week.published_cost[0], 0, people, 2 * N))


@pytest.mark.parametrize(("last", "people"), [(["k1", "k2"], 0), (["k2"], 1)])
def test_a_hot_day_is_mended_and_proven(last: list[str], people: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """The way of large weeks."""
    monkeypatch.setattr(work, "SMALL", 0)
    week = _hot(last)
    found = repair(week, seconds=30, workers=1)
    best = RepairCost(week.published_cost[0], 0, people, 2 * N, found.result.cost.quality)
    assert (found.result.cost, found.result.bound[:4]) == (best, best[:4])
    assert measure_repair(week, found.roster)[0].violations == ()
