"""Three absences in a district week, measured: `python run.py test -m bench tests/bench/test_bench_repair.py -s`."""

from __future__ import annotations

from dataclasses import replace

import pytest
from repairs import HEAD, absences, measured, summary
from weeks import week

from scheduler import read_problem, solve


@pytest.mark.bench
def test_absences_in_a_district_week() -> None:
    """Nothing that was lost may be more missing than before the repair; the rows are printed."""
    problem = read_problem(week(72, 1))
    solved = solve(problem, seconds=60)
    cost = solved.result.cost
    published = replace(problem, published=solved.roster, published_cost=(cost.safety, cost.programme))
    rows = list(measured(absences(published, 3), 5))
    print(HEAD, *rows, summary(rows), sep="\n")
    assert [
        r for r in rows if tuple(r.result.cost[:2]) > tuple(a + b for a, b in zip(r.floor, r.lost, strict=True))
    ] == []
