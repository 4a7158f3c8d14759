"""Whole-numbered solutions of a large part by HiGHS: its relaxation is nearly whole, so few branches are needed."""

from __future__ import annotations

import datetime
import math
import threading
from collections.abc import Callable
from typing import Any, TypeVar

import numpy as np

from scheduler.placement.exact import Answer, Limits
from scheduler.placement.model import INFINITE
from scheduler.placement.part import Array, Part

T = TypeVar("T")


def branch(
    part: Part, rows: list[int], gain: Array, limits: Limits, *, least: int, most: int, box: tuple[Array, Array]
) -> Answer:
    """Maximise gain · x over these rows of the part and within the box, between `least` and `most`.

    The bound is HiGHS's own, less a tolerance; a solution is rounded and checked by whoever takes it.
    """
    from ortools.math_opt.python import mathopt

    lower, upper = box
    free = np.nonzero(lower < upper)[0]
    fixed = int(np.dot(gain[lower == upper], lower[lower == upper]))
    model = mathopt.Model.from_model_proto(_proto(part, rows, gain, free, lower))
    variables = list(model.variables())
    terms = {variables[k]: float(gain[j]) for k, j in enumerate(free.tolist()) if gain[j]}
    model.add_linear_constraint(mathopt.LinearSum(v * g for v, g in terms.items()) >= least - fixed)
    parameters = mathopt.SolveParameters(
        time_limit=datetime.timedelta(seconds=max(0.1, limits.seconds)), relative_gap_tolerance=0.0
    )
    result = apart(lambda: mathopt.solve(model, mathopt.SolverType.HIGHS, params=parameters), limits.stop)
    if result is None:
        return Answer(None, most, is_impossible=False)
    bound = result.termination.objective_bounds.dual_bound
    ceiling = min(most, fixed + math.floor(bound + 1e-6)) if math.isfinite(bound) else most
    if not result.has_primal_feasible_solution():
        reasons = (mathopt.TerminationReason.INFEASIBLE, mathopt.TerminationReason.INFEASIBLE_OR_UNBOUNDED)
        is_none = result.termination.reason in reasons
        return Answer(None, ceiling, is_impossible=is_none)
    x = lower.copy()
    x[free] = np.rint(result.variable_values(variables)).astype(np.int64)
    return Answer(x, ceiling, is_impossible=False)


def _proto(part: Part, rows: list[int], gain: Array, free: Array, lower: Array) -> Any:
    from ortools.math_opt import model_pb2

    matrix, proto = part.matrix, model_pb2.ModelProto()
    at, row_at = np.full(matrix.size, -1), np.full(len(matrix.low), -1)
    at[free], row_at[rows] = np.arange(len(free)), np.arange(len(rows))
    is_in = (at[matrix.column] >= 0) & (row_at[matrix.row] >= 0)
    held = at[matrix.column] < 0
    fixed = np.bincount(matrix.row[held], (matrix.factor * lower[matrix.column])[held], minlength=len(matrix.low))
    low = np.where(matrix.low <= -INFINITE, -np.inf, matrix.low - fixed)[rows]
    high = np.where(matrix.high >= INFINITE, np.inf, matrix.high - fixed)[rows]
    proto.objective.maximize = True
    proto.variables.ids.extend(range(len(free)))
    proto.variables.lower_bounds.extend(np.zeros(len(free)))
    proto.variables.upper_bounds.extend(np.ones(len(free)))
    proto.variables.integers.extend([True] * len(free))
    proto.linear_constraints.ids.extend(range(len(low)))
    proto.linear_constraints.lower_bounds.extend(low)
    proto.linear_constraints.upper_bounds.extend(high)
    row, column, factor = row_at[matrix.row[is_in]], at[matrix.column[is_in]], matrix.factor[is_in]
    order = np.lexsort((column, row))
    proto.linear_constraint_matrix.row_ids.extend(row[order])
    proto.linear_constraint_matrix.column_ids.extend(column[order])
    proto.linear_constraint_matrix.coefficients.extend(factor[order].astype(float))
    used = np.nonzero(gain[free])[0]
    proto.objective.linear_coefficients.ids.extend(used)
    proto.objective.linear_coefficients.values.extend(gain[free][used].astype(float))
    return proto


def apart(work: Callable[[], T], stop: threading.Event) -> T | None:
    """The answer of a solver that cannot be interrupted, or None as soon as `stop` is set: it is left to itself."""
    done: list[T] = []
    failed: list[BaseException] = []

    def run() -> None:
        try:
            done.append(work())
        except BaseException as error:  # handed on to the caller's thread
            failed.append(error)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    while thread.is_alive() and not stop.is_set():
        thread.join(0.05)
    if failed:
        raise failed[0]
    return done[0] if done else None
