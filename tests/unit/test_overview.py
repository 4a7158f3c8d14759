"""What can be said of a week before it is solved."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from scheduler import read_problem
from scheduler.roster.overview import Overview, overview

TINY = Path(__file__).parent.parent / "data" / "tiny-week.json"


@pytest.fixture
def tiny() -> dict[str, Any]:
    """The smallest example problem, to be spoilt."""
    found: dict[str, Any] = json.loads(TINY.read_text())
    return found


def test_a_sound_week(tiny: dict[str, Any]) -> None:
    found = overview(read_problem(tiny))
    sites = {c["site"] for c in tiny["classes"]}
    cleared = sum(v["cleared"] for v in tiny["volunteers"])
    assert found == Overview(len(tiny["classes"]), len(sites), len(tiny["volunteers"]), cleared, (), ())


def test_somebody_who_reaches_no_site(tiny: dict[str, Any]) -> None:
    far = next(v for v in tiny["volunteers"] if v["cleared"] and v["available"])
    far |= {"x_km": 500.0, "reach_km": 3}
    assert overview(read_problem(tiny)).unreachable == (far["id"],)


@pytest.mark.parametrize("change", [{"cleared": False}, {"available": []}])
def test_who_would_not_come_anyway_is_not_named(tiny: dict[str, Any], change: dict[str, Any]) -> None:
    far = next(v for v in tiny["volunteers"] if v["cleared"] and v["available"])
    far |= {"x_km": 500.0, "reach_km": 3, **change}
    assert overview(read_problem(tiny)).unreachable == ()


def test_only_sites_with_a_class_count(tiny: dict[str, Any]) -> None:
    tiny["sites"].append({"id": "s99", "name": "far", "x_km": 500.0, "y_km": 0.0, "rooms": []})
    far = next(v for v in tiny["volunteers"] if v["cleared"] and v["available"])
    far |= {"x_km": 500.0, "y_km": 0.0, "reach_km": 3}
    assert overview(read_problem(tiny)).unreachable == (far["id"],)


def test_a_class_without_slots(tiny: dict[str, Any]) -> None:
    tiny["classes"][1]["slots"] = []
    assert overview(read_problem(tiny)).without_slots == (tiny["classes"][1]["id"],)
