"""The benchmark's own parts: its weeks, its bounds, its tables, its plots. What it measures is run by hand."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
import time
from collections import Counter
from itertools import product
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from contenders import level_bounds, level_weights, run
from javamodel import jars, lines, read, seats
from plot import growth_plot, level_plot, steps
from report import as_json, at, city_table, finals, growth_table, over_time, thinned, words
from watch import Watch, tree_of
from weeks import ORDINARY, WEEKS, week

from scheduler import Cost, Problem, Roster, cost, load_json, read_problem, read_result, solve
from scheduler.roster.choices import Choices, lesson_key

DATA = Path(__file__).parent.parent / "data"


def moment(seconds: float, cost: list[int] | None, bound: list[int] | None) -> dict[str, Any]:
    """One entry of a trace."""
    return {"seconds": seconds, "cost": cost, "bound": bound}


def a_run(contender: str, trace: list[dict[str, Any]], **more: Any) -> dict[str, Any]:
    """A run with made-up figures."""
    sizes = {"sites": 12, "classes": 15, "volunteers": 103, "lesson_slots": 300}
    figures = {"tree_mib": 1234, "process_mib": 567, "cpu_seconds": 19.6, "load_before": 0.5, "took": 10.1}
    ending = {"seconds": 10, "violations": 0, "exit": 0, "cost": trace[-1]["cost"] if trace else None}
    return {"week": "town", "contender": contender, "trace": trace} | sizes | figures | ending | more


ENGINE = a_run("engine", [moment(1.5, [4, 9, 900], [0, 0, 0]), moment(9.0, [0, 3, 1000], [0, 3, 950])])
NOTHING_FOUND = a_run("monolith", [], violations=None)
MACHINE = {"cores": "2", "processor": "P", "memory": "24 GiB", "python": "3", "ortools": "9", "date": "2026-11-24"}


def test_an_ordinary_week_is_what_it_always_was() -> None:
    told = json.dumps(week(12, 1)).encode()
    assert hashlib.sha256(told).hexdigest() == "2df512cacf938f555f290d86f23ab1ffe750c67b26397dd84706b19c90a55915"


@pytest.mark.parametrize("name", WEEKS)
def test_a_seeded_week_is_a_sound_problem_and_the_same_each_time(name: str) -> None:
    made = week(12, 3, kind=WEEKS[name])
    assert read_problem(made).class_run.keys() == {f"c{i}" for i in range(15)}
    assert made == week(12, 3, kind=WEEKS[name])
    assert made != week(12, 4, kind=WEEKS[name])


@pytest.mark.parametrize("name", WEEKS)
def test_a_district_week_has_the_size_of_a_district(name: str) -> None:
    made = week(72, 1, kind=WEEKS[name])
    sizes = [len(made[part]) for part in ("sites", "classes", "volunteers", "courses")]
    assert sizes == [72, 88, 399 if name == "short" else 570, 100]


def test_each_kind_of_week_is_particular_in_its_own_way() -> None:
    made = {name: week(72, 1, kind=kind) for name, kind in WEEKS.items()}
    can = {name: sum(v["max_segments"] for v in w["volunteers"]) for name, w in made.items()}
    rooms = {name: sum(len(s["rooms"]) for s in w["sites"]) for name, w in made.items()}
    whole = {name: sum(len(c["segments"]) == 15 for c in w["classes"]) for name, w in made.items()}
    at_first = {name: sum(c["site"] == "s0" for c in w["classes"]) for name, w in made.items()}
    assert can["short"] < 0.75 * can["ordinary"]
    assert can["supplied"] > 1.3 * can["ordinary"]
    assert rooms["rooms"] < 0.5 * rooms["ordinary"]
    assert (whole["ordinary"], 20 < whole["half-days"] < 50) == (88, True)
    assert (at_first["ordinary"], at_first["large-site"]) == (1, 12)


def test_a_half_day_class_has_its_lessons_in_its_own_segments() -> None:
    halves = [c for c in week(72, 1, kind=WEEKS["half-days"])["classes"] if len(c["segments"]) < 15]
    assert {tuple(s.split("-")[1] for s in c["segments"][:2]) for c in halves} == {("am", "am"), ("am", "noon")}
    assert {tuple(c["slots"]) for c in halves} == {("1-1", "2-1", "3-1", "4-1", "5-1")}


def test_one_site_alone_can_be_large() -> None:
    assert ORDINARY.largest == 1
    assert {c["site"] for c in week(1, 1, kind=WEEKS["large-site"])["classes"]} == {"s0"}


def test_the_bound_of_a_weighted_sum_is_told_level_by_level() -> None:
    weights = {"safety": 1000, "programme": 100, "quality": 1}
    # At least 2345: 2 safety points at least, as one and 999 below it are less; with 2 of them 345 is left, which is
    # more than 2 programme points and 99 below; with 3 of those, 45.
    assert level_bounds(2345, weights, Cost(2, 3, 60)) == (2, 3, 45)
    assert level_bounds(2345, weights, None) == (2, 0, 0)
    # What the levels above cost too much is no bound for those below.
    assert level_bounds(2345, weights, Cost(5, 9, 99)) == (2, 0, 0)


def test_a_bound_of_the_sum_never_exceeds_a_level_of_the_best_roster() -> None:
    weights = {"safety": 12, "programme": 3, "quality": 1}
    for best in map(Cost._make, product(range(4), range(4), range(3))):
        total = 12 * best.safety + 3 * best.programme + best.quality
        for proven in range(total + 1):
            bounds = level_bounds(proven, weights, best)
            assert all(bound <= value for bound, value in zip(bounds, best, strict=True))
        assert level_bounds(total, weights, best) == best


@pytest.mark.parametrize("name", ["tiny-week", "site-week", "town-week"])
def test_no_lower_level_reaches_a_point_of_a_higher_one(name: str) -> None:
    problem = read_problem(load_json((DATA / f"{name}.json").read_text(encoding="utf-8")))
    weights, empty = level_weights(problem), cost(problem, Roster())
    assert weights["programme"] > empty.quality
    assert weights["safety"] > weights["programme"] * empty.programme + empty.quality


@pytest.mark.parametrize("contender", ["engine", "monolith"])
def test_each_contender_proves_the_tiny_week(contender: str) -> None:
    problem = read_problem(load_json((DATA / "tiny-week.json").read_text(encoding="utf-8")))
    best = read_result(load_json((DATA / "tiny-week.best.json").read_text(encoding="utf-8")))
    assert best is not None
    answer = run(contender, problem, 20, 1, 1)
    assert (answer["cost"], answer["violations"]) == (list(best.cost), 0)
    assert (answer["trace"][-1]["cost"], answer["trace"][-1]["bound"]) == (list(best.cost), list(best.cost))


def test_what_timefold_writes_is_read_as_the_roster_it_stands_for() -> None:
    problem = read_problem(week(1, 1))
    choices = Choices(problem)
    solved = solve(problem, seconds=10, workers=1).roster
    numbers = [lead_at(solved, c, s, problem) if lead else -1 for c, s, lead, _ in seats(choices)]
    lessons = {(x.class_run, x.slot): lesson_key(x) for x in solved.lessons}
    for cell in choices.lesson_cells:
        numbers.append(choices.lesson[cell].index(lessons[cell]) if cell in lessons else -1)
    at_, roster = read(choices, " ".join(["2500", "[0]hard/[0/0/0]soft", *map(str, numbers)]))
    assert (at_, roster.lessons) == (2.5, solved.lessons)
    leads = {d for d in solved.duties if d.role == "lead"}
    assert {d for d in roster.duties if d.role == "lead"} == leads != set()


def lead_at(roster: Roster, c: str, s: str, problem: Problem) -> int:
    """The place of the lead of a class and segment in the list of volunteers, or -1."""
    people = [v.id for v in problem.volunteers]
    who = [d.volunteer for d in roster.duties if (d.class_run, d.segment, d.role) == (c, s, "lead")]
    return people.index(who[0]) if who else -1


def test_timefold_is_told_every_permitted_choice() -> None:
    problem = read_problem(week(2, 1))
    choices = Choices(problem)
    told = [line.split() for line in lines(choices)]
    count = Counter(line[0] for line in told)
    need = sum((problem.need(c) + 1) * len(c.segments) for c in problem.classes)
    assert (count["A"], count["L"], count["P"]) == (need, len(choices.lesson_cells), len(problem.volunteers))
    options = sum((len(line) - 3) // 4 for line in told if line[0] == "L")
    assert options == sum(map(len, choices.lesson.values())) > 0


@pytest.mark.bench
@pytest.mark.skipif(jars() is None, reason="Timefold is not at hand")
def test_timefold_keeps_every_rule() -> None:
    problem = read_problem(week(6, 1))
    answer = run("timefold", problem, 15, 1, 1)
    assert answer["violations"] == 0
    assert answer["trace"][-1]["cost"] < answer["trace"][0]["cost"]


def test_a_process_is_watched_with_its_children() -> None:
    child = "b = bytearray(60 << 20); input()"
    parent = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {child!r}])"
    with subprocess.Popen([sys.executable, "-c", parent], stdin=subprocess.PIPE) as process:
        with Watch(process.pid) as watch:
            end = time.monotonic() + 20
            while watch.largest < 60 and time.monotonic() < end:
                time.sleep(0.05)
        family = tree_of(process.pid)
        process.communicate(b"\n")
    assert (len(family), family[0]) == (2, process.pid)
    assert watch.tree > watch.largest >= 60
    assert os.getpid() not in family


def test_a_trace_is_thinned_to_its_news() -> None:
    same = [moment(1.0, [1, 1, 1], None), moment(2.0, [1, 1, 1], None), moment(3.01, [0, 1, 1], None)]
    assert thinned([*same, moment(3.2, [0, 0, 9], None)]) == [same[0], moment(3.2, [0, 0, 9], None)]


def test_a_trace_is_read_at_any_moment() -> None:
    assert at(ENGINE["trace"], 1.0)["cost"] is None
    assert at(ENGINE["trace"], 2)["cost"] == [4, 9, 900]
    assert at(ENGINE["trace"], 60)["cost"] == [0, 3, 1000]


def test_the_table_says_how_each_run_ended() -> None:
    failed = a_run("monolith", [], violations=None, exit=-9)
    week_ = "town (15 classes, 103 volunteers)"
    assert finals([ENGINE, NOTHING_FOUND, failed]).splitlines()[2:] == [
        f"| {week_} | this engine | 10.1 | **0** | **3** | 1,000 ≥ 950 | 5.0 % | 0 | 1,234 | 567 | 20 | 0.5 |",
        f"| {week_} | one CP-SAT model | 10.1 | – | – | – | – | – | 1,234 | 567 | 20 | 0.5 |",
        f"| {week_} | one CP-SAT model (failed: exit -9) | 10.1 | – | – | – | – | – | 1,234 | 567 | 20 | 0.5 |",
    ]


def test_the_table_over_time_has_the_marks_that_were_reached() -> None:
    assert over_time([ENGINE]).splitlines()[2:] == [
        "| town | this engine | 2 s | 4 ≥ 0 | 9 ≥ 0 | 900 ≥ 0 | 100.0 % |",
        "| town | this engine | 10 s | **0** | **3** | 1,000 ≥ 950 | 5.0 % |",
    ]


def test_the_tables_of_growth_and_city() -> None:
    row = "| 12 | 15 | 103 | 10.1 | **0** | **3** | 1,000 ≥ 950 | 1.0 % | 5.0 % | 0 | 1,234 | 567 |"
    assert growth_table([ENGINE]).splitlines()[2:] == [row]
    told = {
        "jobs": 2,
        "seconds": 20,
        "1": {"took": 48.0, "runs": [ENGINE] * 2},
        "2": {"took": 25.0, "runs": [ENGINE] * 2},
    }
    assert city_table(told).splitlines()[2:] == [
        "| 1 | 2 | 48.0 | 150 | 0.0 | 3.0 | 1,000.0 | 0 | 1,234 |",
        "| 2 | 2 | 25.0 | 288 | 0.0 | 3.0 | 1,000.0 | 0 | 1,234 |",
    ]
    text = words({"machine": MACHINE, "city": told, "notes": ["A quiet machine."]})
    assert ("**1.92 ×**" in text, "\n- A quiet machine.\n" in text) == (True, True)


def test_the_figures_are_written_so_that_they_can_be_read_again() -> None:
    told = {"weeks": [ENGINE, NOTHING_FOUND], "notes": []}
    assert json.loads(as_json(told)) == told
    assert '{"seconds": 1.5, "cost": [4, 9, 900], "bound": [0, 0, 0]},' in as_json(told).replace("    ", "")


def test_a_level_holds_until_the_next_is_told() -> None:
    assert steps(ENGINE, "cost", 0, 10) == [(1.5, 4.0), (9.0, 4.0), (9.0, 0.0), (10, 0.0)]
    assert steps(NOTHING_FOUND, "cost", 0, 10) == []


def test_the_plots_draw_what_was_found() -> None:
    lines = ElementTree.fromstring(level_plot([ENGINE, NOTHING_FOUND], {"engine": "a", "monolith": "b & c"}))
    # Cost and bound of one contender on three levels; the other has found nothing.
    assert len(lines.findall("{*}polyline")) == 6
    assert "b & c, cost" in [text.text for text in lines.iter("{http://www.w3.org/2000/svg}text")]
    larger = a_run("engine", ENGINE["trace"], sites=72)
    assert len(ElementTree.fromstring(growth_plot([ENGINE, larger])).findall("{*}polyline")) == 8
