"""A part as HiGHS and GLOP read it: free columns only, what is fixed is moved to the sides of the rows."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any, TypeVar

import numpy as np

from scheduler.placement.model import INFINITE
from scheduler.placement.part import Array, Part

T = TypeVar("T")


def as_proto(part: Part, rows: Array, gain: Array, box: tuple[Array, Array], *, whole: bool) -> tuple[Any, Array]:
    """Maximise gain · x over these rows (a mask) within the box; answers with the free columns too.

    `whole`: whether columns must be whole numbers.
    """
    from ortools.math_opt import model_pb2

    matrix, proto = part.matrix, model_pb2.ModelProto()
    lower, upper = box
    free = np.nonzero(lower < upper)[0]
    at = np.full(matrix.size, -1)
    at[free] = np.arange(len(free))
    is_held = at[matrix.column] < 0
    fixed = np.bincount(matrix.row[is_held], (matrix.factor * lower[matrix.column])[is_held], minlength=len(matrix.low))
    used = np.nonzero(rows)[0]
    row_at = np.full(len(matrix.low), -1)
    row_at[used] = np.arange(len(used))
    proto.objective.maximize = True
    proto.variables.ids.extend(range(len(free)))
    proto.variables.lower_bounds.extend(lower[free].astype(float))
    proto.variables.upper_bounds.extend(upper[free].astype(float))
    proto.variables.integers.extend([whole] * len(free))
    proto.linear_constraints.ids.extend(range(len(used)))
    proto.linear_constraints.lower_bounds.extend(
        np.where(matrix.low <= -INFINITE, -np.inf, matrix.low - fixed)[used].astype(float)
    )
    proto.linear_constraints.upper_bounds.extend(
        np.where(matrix.high >= INFINITE, np.inf, matrix.high - fixed)[used].astype(float)
    )
    is_in = ~is_held & (row_at[matrix.row] >= 0)
    row, column, factor = row_at[matrix.row[is_in]], at[matrix.column[is_in]], matrix.factor[is_in]
    order = np.lexsort((column, row))
    proto.linear_constraint_matrix.row_ids.extend(row[order])
    proto.linear_constraint_matrix.column_ids.extend(column[order])
    proto.linear_constraint_matrix.coefficients.extend(factor[order].astype(float))
    paid = np.nonzero(gain[free])[0]
    proto.objective.linear_coefficients.ids.extend(paid)
    proto.objective.linear_coefficients.values.extend(gain[free][paid].astype(float))
    return proto, free


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
