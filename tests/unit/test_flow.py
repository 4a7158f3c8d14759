"""The network of the opening: what the flow solver is given must make sense, or it never comes back."""

from __future__ import annotations

from scheduler import Problem, Roster
from scheduler.roster.choices import Choices
from scheduler.roster.flow import Network
from scheduler.roster.start import Opening, opening
from tests.factories import problem, volunteer


def eager() -> Problem:
    """Volunteers who would like far more segments than they may serve: half of 5 is already above 1."""
    people = [volunteer(f"v{i}", max_segments=1, preferred_segments=5) for i in range(3)]
    return problem(volunteers=people)


def test_no_arc_takes_less_than_nothing() -> None:
    choices = Choices(eager())
    cells = set(choices.duty_cells), set(choices.lesson_cells)
    arcs = Opening(choices, Roster(), cells).arcs
    network = Network(choices.problem, arcs, cells[0], Roster())
    assert min(network.capacity) >= 0


def test_nobody_serves_more_than_they_may() -> None:
    choices = Choices(eager())
    roster = opening(choices, Roster(), (set(choices.duty_cells), set(choices.lesson_cells)), lambda done: done < 3)
    engaged = {v: {d.segment for d in duties} for v, duties in roster.duties_of.items()}
    assert {v: len(segments) for v, segments in engaged.items()} == dict.fromkeys(engaged, 1)
    assert engaged
