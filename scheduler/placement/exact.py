"""Whole-numbered solutions of a part by CP-SAT: what the linear programme leaves open."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np

from scheduler.placement.part import Array, Rows

UNLIMITED = 2**60
"""A value that no objective reaches."""


@dataclass(frozen=True)
class Limits:
    """How long, with how many threads, and what ends it early."""

    seconds: float
    workers: int
    stop: threading.Event


@dataclass(frozen=True)
class Answer:
    """A solution at least as good as asked for, if there is one, and the most that any could reach.

    `is_impossible`: it is proven that there is none.
    """

    x: Array | None
    bound: int
    is_impossible: bool


def search(
    part: Rows,
    gain: Array,
    limits: Limits,
    *,
    least: int = -UNLIMITED,
    most: int = UNLIMITED,
    box: tuple[Array, Array] | None = None,
    hint: Array | None = None,
    worth: Array | None = None,
) -> Answer:
    """Maximise gain · x between `least` and `most`, within the part's bounds or a narrower `box`.

    With `worth`, worth · x is maximised instead, while gain · x stays between the two; the bound is then `most`.
    """
    from ortools.sat.python import cp_model

    lower, upper = box or (part.lower, part.upper)
    free = np.nonzero(lower < upper)[0]
    model = cp_model.CpModel()
    variables = {int(j): model.new_int_var(int(lower[j]), int(upper[j]), "") for j in free}
    if not _add_rows(model, part, variables, lower, upper):
        return Answer(None, most, is_impossible=True)
    fixed = int(np.dot(gain[lower == upper], lower[lower == upper]))
    terms = [(variables[int(j)], int(gain[j])) for j in free if gain[j]]
    aim = cp_model.LinearExpr.weighted_sum([v for v, _ in terms], [g for _, g in terms]) + fixed
    if least > -UNLIMITED or most < UNLIMITED:
        model.add_linear_constraint(aim, least, most)
    if worth is not None:
        model.maximize(cp_model.LinearExpr.weighted_sum(list(variables.values()), worth[free].tolist()))
    elif terms:
        model.maximize(aim)
    if hint is not None:
        for j, variable in variables.items():
            model.add_hint(variable, int(hint[j]))
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = limits.workers
    solver.parameters.max_time_in_seconds = max(0.01, limits.seconds)
    with _stoppable(solver, limits.stop):
        status = solver.solve(model)
    if status == cp_model.INFEASIBLE:
        return Answer(None, least - 1, is_impossible=True)
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return Answer(None, most, is_impossible=False)
    x = lower.copy()
    for j, variable in variables.items():
        x[j] = solver.value(variable)
    if worth is not None:
        return Answer(x, most, is_impossible=False)
    bound = int(np.floor(solver.best_objective_bound + 1e-6)) if terms else fixed
    return Answer(x, min(bound, most), is_impossible=False)


def _add_rows(model: Any, part: Rows, variables: dict[int, Any], lower: Array, upper: Array) -> bool:
    """All rows that the fixed columns leave open. False where the fixed ones break a row for good."""
    from ortools.sat.python import cp_model

    matrix = part.matrix
    free_entry = (lower < upper)[matrix.column]
    ends = matrix.factor * lower[matrix.column], matrix.factor * upper[matrix.column]
    fixed = np.bincount(matrix.row[~free_entry], ends[0][~free_entry], minlength=len(matrix.low)).astype(np.int64)
    plus = np.bincount(matrix.row[free_entry], np.maximum(*ends)[free_entry], minlength=len(matrix.low))
    minus = np.bincount(matrix.row[free_entry], np.minimum(*ends)[free_entry], minlength=len(matrix.low))
    low, high = matrix.low - fixed, matrix.high - fixed
    if np.any((plus < low) | (minus > high)):
        return False
    needed = (minus < low) | (plus > high)
    chosen = free_entry & needed[matrix.row]
    order = np.argsort(matrix.row[chosen], kind="stable")
    rows, columns, factors = (a[chosen][order] for a in (matrix.row, matrix.column, matrix.factor))
    starts = np.nonzero(np.append(len(rows) > 0, rows[1:] != rows[:-1]))[0]
    for a, b in zip(starts, np.append(starts, len(rows))[1:], strict=True):
        held = [variables[int(j)] for j in columns[a:b]]
        r, ones = (
            int(rows[a]),
            bool(np.all((factors[a:b] == 1) & (lower[columns[a:b]] == 0) & (upper[columns[a:b]] == 1))),
        )
        if ones and high[r] == 1 and low[r] <= 0:
            model.add_at_most_one(held)
        elif ones and high[r] == low[r] == 1:
            model.add_exactly_one(held)
        else:
            total = cp_model.LinearExpr.weighted_sum(held, factors[a:b].tolist())
            model.add_linear_constraint(total, int(low[r]), int(high[r]))
    return True


@contextmanager
def _stoppable(solver: Any, stop: threading.Event) -> Iterator[None]:
    """Stop the solver when `stop` is set while the block runs."""
    done = threading.Event()

    def watch() -> None:
        while not done.wait(0.05):
            if stop.is_set():
                solver.stop_search()

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    try:
        yield
    finally:
        done.set()
        watcher.join()
