"""Whole-numbered solutions of a large part by HiGHS: its relaxation is nearly whole, so few branches are needed."""

from __future__ import annotations

import datetime
import math

import numpy as np

from scheduler.placement.exact import UNLIMITED, Answer, Limits
from scheduler.placement.part import Array, Part
from scheduler.placement.programme import apart, as_proto


def branch(
    part: Part,
    rows: Array,
    gain: Array,
    limits: Limits,
    *,
    least: int,
    most: int,
    box: tuple[Array, Array],
    whole: Array | None = None,
) -> Answer:
    """Maximise gain · x over these rows of the part (a mask) and within the box, between `least` and `most`.

    `whole`: the columns (a mask) that must be whole numbers, if not all. The bound is HiGHS's own, less a tolerance; a
    solution is rounded and checked by whoever takes it.
    """
    from ortools.math_opt.python import mathopt

    lower, upper = box
    fixed = int(np.dot(gain[lower == upper], lower[lower == upper]))
    proto, free = as_proto(part, rows, gain, box, whole=True)
    if whole is not None:
        del proto.variables.integers[:]
        proto.variables.integers.extend(whole[free].tolist())
    model = mathopt.Model.from_model_proto(proto)
    variables = list(model.variables())
    terms = {variables[k]: float(gain[j]) for k, j in enumerate(free.tolist()) if gain[j]}
    if least > -UNLIMITED:
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
