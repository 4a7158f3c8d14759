"""The rules as arrays know them (scheduler.roster.grid), held against the rulebook and the model on weeks by chance."""

from __future__ import annotations

import json
import threading
import time
from pathlib import Path

import numpy as np
import pytest
from chance import case, pinned_entries, plus
from ortools.sat.python import cp_model

from scheduler import Problem, Roster, check, cost, read_problem
from scheduler.roster.choices import Choices
from scheduler.roster.grid import fits
from scheduler.roster.grid.facts import Facts
from scheduler.roster.grid.moves import FILL, POLISH, Mover, Order, key
from scheduler.roster.grid.options import free
from scheduler.roster.grid.part import Part, Prices
from scheduler.roster.grid.state import State
from scheduler.roster.grid.team import Team
from scheduler.roster.model import whole
from scheduler.roster.start import opening, pinned

TOWN = Path(__file__).parent.parent / "data" / "town-week.json"
SEEDS = [seed for seed in range(500) if fits(Choices(case(seed).week))]
SAFETY, PROGRAMME = 1_000_000, 5_000  # no quality of these small weeks reaches one slot, no slots one adult


def facts_of(week: Problem) -> Facts:
    choices = Choices(week)
    return Facts(choices, (set(choices.duty_cells), set(choices.lesson_cells)), pinned(week))


def all_free(state: State) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    f = state.facts
    return np.ones((f.classes, f.segments), bool), np.ones((f.classes, f.slots), bool), ~f.still


def test_most_weeks_fit() -> None:
    assert len(SEEDS) > 80


@pytest.mark.parametrize("seed", SEEDS)
def test_a_state_costs_what_the_rulebook_says_and_undo_restores_it(seed: int) -> None:
    week, sound = case(seed).week, case(seed).rosters[0]
    state = State(facts_of(week), sound)
    assert state.cost == cost(week, sound)
    before = state.snapshot()
    state.log = log = []
    free(state, *all_free(state))
    assert state.cost == cost(week, state.roster())
    change = state.change_since(before)
    state.undo(log)
    assert (state.cost, state.roster()) == (cost(week, sound), sound)
    state.apply(change)
    assert state.cost == cost(week, state.roster())


@pytest.mark.parametrize("seed", SEEDS)
def test_a_part_of_everything_finds_what_the_model_of_the_rules_finds(seed: int) -> None:
    """Too tight a row would cost more than the model's best, too loose a one would break a rule or cost less.

    No pin waives anything: waived weeks are left alone by parts.
    """
    week = case(seed).week
    if any(waives for _, waives in (*week.pins.duties, *week.pins.lessons)) or check(week, pinned(week)).violations:
        pytest.skip("a pin waives a rule")
    state = State(facts_of(week), pinned(week))
    part = Part(state, free(state, *all_free(state)), Prices(SAFETY, PROGRAMME, quality=True))
    if part.size:
        found, proven = part.rows.solve(20, 1)
        assert found is not None and proven
        part.apply(found)
    roster = state.roster()
    assert check(week, roster).violations == ()
    assert state.cost == cost(week, roster)
    assert weighted(week, roster) == best_of_model(week)


def weighted(week: Problem, roster: Roster) -> int:
    safety, programme, quality = cost(week, roster)
    return SAFETY * safety + PROGRAMME * programme + quality


def best_of_model(week: Problem) -> int:
    model = whole(week)
    model.cp.minimize(model.expression({"safety": SAFETY, "programme": PROGRAMME, "quality": 1}))
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    assert solver.solve(model.cp) == cp_model.OPTIMAL
    return weighted(week, model.read(solver.boolean_value))


@pytest.mark.parametrize("seed", SEEDS[::2])
def test_bursts_break_no_rule_and_make_nothing_worse(seed: int) -> None:
    week = case(seed).week
    state = State(facts_of(week), plus(Roster(), *pinned_entries(week)))
    mover = Mover(state, seed)
    everywhere = np.ones(state.facts.classes, bool), np.ones(state.facts.people, bool)
    for i in range(8):
        order = Order((FILL, POLISH)[i % 2], 2.0, 0.02, *everywhere)
        before = state.cost
        mover.burst(order)
        assert key(order.phase, state.cost) <= key(order.phase, before)
        roster = state.roster()
        assert check(week, roster).violations == ()
        assert state.cost == cost(week, roster)
        assert set(pinned_entries(week)) <= roster.duties | roster.lessons


def make_team() -> tuple[Problem, Roster, Team]:
    week = read_problem(json.loads(TOWN.read_text(encoding="utf-8")))
    choices = Choices(week)
    cells = set(choices.duty_cells), set(choices.lesson_cells)
    first = opening(choices, pinned(week), cells, lambda rounds: False)
    return week, first, Team(choices, first, cells, pinned(week), seed=1, workers=2, stop=threading.Event())


def test_a_team_improves_a_town_and_its_roster_is_trusted() -> None:
    week, first, team = make_team()
    told: list[tuple[int, ...]] = []
    team.run(6, lambda: told.append(tuple(team.cost)), lambda found: False)
    roster = team.roster
    assert (check(week, roster).violations, team.distrusted, team.failure) == ((), 0, None)
    assert cost(week, roster) == team.cost < cost(week, first)
    assert told == sorted(told, reverse=True)


def test_a_hand_that_dies_is_told_and_what_was_found_is_kept() -> None:
    week, first, team = make_team()
    running = threading.Thread(target=team.run, args=(30, lambda: None, lambda found: False))
    began = time.monotonic()
    running.start()
    while not team.merged and time.monotonic() - began < 20:
        time.sleep(0.05)
    team.hands[0].kill()
    running.join(5)
    assert not running.is_alive()
    assert team.failure == "a searching process ended by itself"
    assert (check(week, team.roster).violations, team.distrusted) == ((), 0)
    assert cost(week, team.roster) <= cost(week, first)
