"""Whatever is done to a sound file of events or to what came of them: a season, or one clear error."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from test_any_file import QUICK, spoilt

from scheduler import Malformed
from scheduler.placement.after.acts import happen
from scheduler.placement.after.events import EVENTS, read_events, read_season, write_season
from scheduler.placement.after.season import Season
from scheduler.placement.after.standing import Standing
from scheduler.placement.files import read_placement, read_problem
from scheduler.placement.problem import Problem
from scheduler.placement.result import Place, Placement
from scheduler.placement.rules import RULES, minimum

FEWER = settings(QUICK, max_examples=60)
RUN = {"site": "s", "term": 1, "grades": [1, 6]}
PROBLEM = read_problem(
    {
        "format": "qingzai.placement-problem/1",
        "classes": [{"id": "x", "capacity": 1, **RUN}, {"id": "y", "capacity": 2, "min_to_open": 2, **RUN}],
        "children": [
            {"id": f"v{i}", "grade": 1, "tier": i % 2, "choices": ["x", "y"], "family": "f" if i > 2 else None}
            for i in range(5)
        ],
        "policy": {"seed": "s", "families": "together-or-none"},
    }
)
HELD = Placement(frozenset({Place("v0", "x", 1), Place("v1", "y", 2), Place("v2", "y", 2)}))
FILE: dict[str, Any] = {
    "format": EVENTS,
    "events": [
        {"event": "give-back", "child": "v0", "class": "x"},
        {"event": "decline", "child": "v1", "class": "x"},
        {"event": "apply", "children": [{"id": "n", "grade": 2, "tier": 0, "choices": ["y"], "weekdays": [1]}]},
        {"event": "confirm", "child": "v2", "class": "y"},
        {"event": "move", "child": "n", "class": "x", "leaves": None},
        {"event": "withdraw", "child": "v1"},
        {"event": "cancel", "class": "y"},
    ],
}


def sound(season: Season) -> bool:
    """No rule is broken but a minimum."""
    problem, placement = season.standing.problem, season.standing.placement
    return not any(True for rule in RULES if rule is not minimum for _ in rule(problem, placement))


def go_on(file: Any, problem: Problem, season: Season) -> None:
    """Events that may be spoilt, on a season that is sound."""
    try:
        season = happen(season, read_events(file, problem))
    except Malformed:
        return
    assert sound(season)


def test_the_sound_file_is_sound() -> None:
    season = happen(Season(Standing(PROBLEM, HELD)), read_events(FILE, PROBLEM))
    assert {(p.child, p.class_run) for p in season.standing.placement.places} == {("n", "x")}


@FEWER
@given(spoilt(FILE))
def test_spoilt_events(file: Any) -> None:
    go_on(file, PROBLEM, Season(Standing(PROBLEM, HELD)))


WRITTEN = write_season(
    happen(Season(Standing(PROBLEM, HELD)), read_events({**FILE, "events": FILE["events"][:1]}, PROBLEM))
)


@FEWER
@given(spoilt({"after": WRITTEN["after"]}))
def test_a_spoilt_season(file: Any) -> None:
    data = {**WRITTEN, "after": file.get("after")}
    try:
        season = read_season(data, PROBLEM, read_placement(data, PROBLEM))
    except Malformed:
        return
    answers = [{"event": "accept", "child": o.child, "class": o.class_run} for o in season.offers]
    for event in answers:
        go_on({"format": EVENTS, "events": [event]}, PROBLEM, season)
