"""Under any allowed prices, no repair wins more than those who change in it could: every repair of small weeks."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from accidents import Accident, accident

from scheduler import cost
from scheduler.roster.choices import Choices
from scheduler.roster.problem import Roster
from scheduler.roster.repair.best import Best
from scheduler.roster.repair.damage import assess
from scheduler.roster.repair.few import Few
from scheduler.roster.repair.measure import disturbed
from scheduler.roster.repair.prices import MARGIN, Bounds, Cut
from scheduler.roster.repair.quick import QuickChoices
from scheduler.roster.repair.scene import Scene
from scheduler.roster.repair.table import Table

WORTHS = ((1.0, 0.0), (1.0, 0.5), (0.3, 1.0))


@pytest.fixture(scope="module")
def searched() -> list[tuple[Accident, Bounds]]:
    """Weeks with repairs that are known, and the cuts that a search against one and two people makes."""
    found = []
    for a in (a for seed in range(0, 900, 4) if (a := accident(seed))):
        bounds = Bounds(Scene(assess(a.week)))
        for worth in WORTHS:
            bounds.seek((0, 0), worth, 1, 4, lambda: False)
            bounds.seek((0, 0), worth, 2, 3, lambda: False)
        found.append((a, bounds))
    return found


def beaten(a: Accident, bounds: Bounds, cuts: list[Cut]) -> Iterator[tuple[Cut, Roster]]:
    """Cuts that a repair gives the lie to: it wins more than they allow those who change."""
    scene = bounds.scene
    for _, roster in a.repairs:
        now = cost(scene.problem, roster)
        changed = [bounds.board.row[v] for v in disturbed(scene.damage, roster)]
        for cut in cuts:
            won = bounds.asked(cut.worth, (now.safety, now.programme))
            if won > cut.sure + cut.gain[changed].sum() + MARGIN:
                yield cut, roster


def test_no_repair_wins_more_than_the_cuts_allow(searched: list[tuple[Accident, Bounds]]) -> None:
    told = [(a.week.week, cut.worth, roster) for a, b in searched for cut, roster in beaten(a, b, b.cuts)]
    assert told == []
    assert (len(searched) > 50, sum(len(b.cuts) for _, b in searched) > 500) == (True, True)


def test_prices_outside_their_box_are_found_out(searched: list[tuple[Accident, Bounds]]) -> None:
    """The same test on half the price of what is missing finds repairs that win more: it can fail."""
    wrong = 0
    for a, b in searched:
        low, high = b.board.rows.box(1.0, 0.5)
        gain = Best(b.board, np.where(b.board.rows.full, 0.0, low / 2)).gain
        sure = float(gain[b.free].sum())
        gain[b.free] = 0.0
        wrong += any(beaten(a, b, [Cut(gain, sure, (1.0, 0.5))]))
        assert (low <= high).all()
    assert wrong > 10


def test_what_the_best_weeks_take_is_worth_what_they_win(searched: list[tuple[Accident, Bounds]]) -> None:
    random = np.random.default_rng(1)
    for _, b in searched:
        low, high = b.board.rows.box(1.0, 0.5)
        best = Best(b.board, low + random.random(len(low)) * (high - low))
        takes = best.takes(np.ones(len(b.board.volunteers), dtype=bool))
        worth = np.bincount(takes[:, 0], best.prices[takes[:, 1]], len(b.board.volunteers))
        assert np.allclose(worth + b.board.firm, best.best)


def test_who_mends_a_week_is_never_ruled_out(searched: list[tuple[Accident, Bounds]]) -> None:
    """For what each known repair reaches: nobody, the one or the two who are disturbed beyond those who must change."""
    seen = [0, 0, 0]
    for a, bounds in searched:
        scene, few = bounds.scene, Few(bounds.scene, Table(bounds.scene))
        for _, roster in a.repairs:
            now, people = cost(scene.problem, roster), sorted(disturbed(scene.damage, roster) - scene.damage.forced)
            caps = (now.safety, now.programme)
            if len(people) == 0:
                assert few.can_none(caps)
            elif len(people) == 1:
                assert people[0] in few.singles(caps)
            elif len(people) == 2:
                v, w = (few.table.row[v] for v in people)
                assert few.pairs(caps)[v, w]
            seen[min(2, len(people))] += 1
    assert min(seen) > 20


def test_nobody_takes_over_what_they_leave_themselves(searched: list[tuple[Accident, Bounds]]) -> None:
    """Twins and their people are one: a bound that lets somebody take their own entries rules nobody out."""
    twins = 0
    for _, bounds in searched:
        table = Table(bounds.scene)
        for taken in table.takeover():
            assert not taken[np.arange(len(table.volunteers)), table.person].any()
            assert not taken[table.person, np.arange(len(table.volunteers))].any()
        few = Few(bounds.scene, table)
        for v, twin in table.twin.items():
            assert (few.gain[:, twin] <= few.gain[:, v] + 1e-6).all()
            twins += 1
    assert twins > 50


def test_quick_choices_are_the_choices(searched: list[tuple[Accident, Bounds]]) -> None:
    for a, _ in searched:
        quick, every = QuickChoices(a.week, {s.id: True for s in a.week.segments}), Choices(a.week)
        assert quick.duty == every.duty
        assert {cell: sorted(keys, key=repr) for cell, keys in quick.lesson.items()} == {
            cell: sorted(keys, key=repr) for cell, keys in every.lesson.items()
        }
