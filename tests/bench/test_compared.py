"""The comparison of placements: its report on made-up figures, and, by hand (`-m bench`), its small size measured."""

from __future__ import annotations

import json

import pytest
from children import children
from compared_report import instance, label, lists, spread
from placement_compared import RESULTS, kept, measured, report, shorter_lists

from scheduler.placement.files import read_problem


def test_a_cell_is_the_mean_and_the_range() -> None:
    rows = [{"n": 1200}, {"n": 1301}]
    assert spread(rows, lambda r: r["n"]) == "1,250 (1,200–1,301)"
    assert spread([{"n": 3}, {"n": 3}], lambda r: r["n"]) == "3"
    assert spread([{"n": 1}, {"n": 2}, {"n": 2}], lambda r: r["n"]) == "1.7 (1–2)"
    assert spread([{"n": 0.11}, {"n": 0.13}], lambda r: r["n"]) == "0.12 (0.11–0.13)"


def test_a_measurement_takes_the_place_of_an_older_one() -> None:
    known = kept({"runs": [{"instance": "a", "seed": 1, "n": 1}], "machine": {}}, "runs", {"instance": "a", "seed": 2})
    again = kept(known, "runs", {"instance": "a", "seed": 1, "n": 2})
    assert again == {"runs": [{"instance": "a", "seed": 1, "n": 2}, {"instance": "a", "seed": 2}], "machine": {}}


def test_everything_about_a_tiny_district() -> None:
    problem = read_problem(children(60, 1))
    run = measured(problem, 10, is_simple=False)
    engine, acceptance = run["rows"][:2]
    assert [row["mechanism"] for row in run["rows"]][:3] == ["engine", "acceptance", "acceptance-closing"]
    assert (engine["served"], engine["small"]) == (engine["served_at_most"], 0)
    assert engine["served"] >= acceptance["served"]
    assert all(sum(row["ranks"].values()) == sum(row["tiers"].values()) == row["served"] for row in run["rows"])
    said = instance("tiny", [{**run, "seed": 1}])
    assert said[0] == "## 60 children, with families, part weeks, minimums and second places\n"
    assert f"| {label('engine')} | {engine['served']} |" in said[3]


def test_the_report_is_that_of_the_figures() -> None:
    known = json.loads(RESULTS.read_text(encoding="utf-8"))
    assert RESULTS.with_suffix(".md").read_text(encoding="utf-8") == report(known)
    assert lists([]) == []


@pytest.mark.bench
@pytest.mark.parametrize("is_simple", [True, False])
def test_a_thousand_children(is_simple: bool) -> None:
    problem = read_problem(children(1_000, 1, simple=is_simple))
    engine, *others = measured(problem, 30, is_simple=is_simple)["rows"]
    assert (engine["proven"], engine["small"], engine["exchanges"]) == (engine["levels"], 0, 0)
    assert all(row["served"] <= engine["served"] for row in others)


@pytest.mark.bench
def test_deferred_acceptance_rewards_no_shorter_list() -> None:
    found = shorter_lists(read_problem(children(1_000, 1, simple=True)), 1, 10, asked=5)
    assert found["acceptance"] == {"gained": 0, "lost": 5}
