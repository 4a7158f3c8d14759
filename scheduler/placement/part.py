"""A part of a model that shares no open question with the rest: its free columns, and its rows as arrays."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Protocol

import numpy as np

from scheduler.placement.model import INFINITE, Model

Array = Any


class Contradiction(ValueError):
    """No placement keeps all that must be kept."""


class Matrix:
    """Rows in compressed form. `row`, `column`, `factor`: one entry a nonzero; `low`, `high`: one entry a row."""

    def __init__(self, size: int) -> None:
        self.size = size
        self.row = np.zeros(0, dtype=np.int64)
        self.column = np.zeros(0, dtype=np.int64)
        self.factor = np.zeros(0, dtype=np.int64)
        self.low = np.zeros(0, dtype=np.int64)
        self.high = np.zeros(0, dtype=np.int64)

    def extend(self, columns: list[list[int]], factors: list[list[int]], low: list[int], high: list[int]) -> None:
        """More rows, behind those that are there."""
        lengths = [len(c) for c in columns]
        rows = np.repeat(np.arange(len(self.low), len(self.low) + len(low)), lengths)
        self.row = np.concatenate([self.row, rows])
        self.column = np.concatenate([self.column, np.array([j for c in columns for j in c], dtype=np.int64)])
        self.factor = np.concatenate([self.factor, np.array([f for fs in factors for f in fs], dtype=np.int64)])
        self.low = np.append(self.low, np.array(low, dtype=np.int64))
        self.high = np.append(self.high, np.array(high, dtype=np.int64))

    def times(self, x: Array) -> Array:
        """Σ factor · x of each row."""
        return np.bincount(self.row, self.factor * x[self.column], minlength=len(self.low))

    def holds(self, x: Array) -> bool:
        """Whether a whole-numbered x breaks no row."""
        values = self.times(x)
        return bool(np.all(values >= self.low) and np.all(values <= self.high))


class Rows(Protocol):
    """Rows, and what their columns may be: all that a search for whole numbers needs."""

    matrix: Matrix
    lower: Array
    upper: Array


class Part:
    """Free columns (by their index in the model) and the rows over them; what is fixed is moved to the rows' sides.

    `best` is the best solution known, or None. `row_ids` are the model's rows; rows that a level adds follow them.
    """

    def __init__(self, model: Model, columns: list[int], rows: list[int]) -> None:
        self.model, self.columns, self.row_ids = model, np.array(columns, dtype=np.int64), rows
        self.matrix = Matrix(len(columns))
        local = {j: i for i, j in enumerate(columns)}
        held, factors, low, high = [], [], [], []
        for r in rows:
            pairs = list(zip(model.rows.columns[r], model.rows.factors[r], strict=True))
            held.append([local[j] for j, _ in pairs if j in local])
            factors.append([f for j, f in pairs if j in local])
            fixed = sum(f * int(model.lower[j]) for j, f in pairs if j not in local)
            low.append(_less(model.rows.low[r], fixed))
            high.append(_less(model.rows.high[r], fixed))
        self.matrix.extend(held, factors, low, high)
        self.late = np.array([model.rows.is_late[r] for r in rows], dtype=bool)
        self.lower: Array = model.lower[self.columns].copy()
        self.upper: Array = model.upper[self.columns].copy()
        is_run = (model.child[self.columns] < 0) & (model.run[self.columns] >= 0)
        self.open_columns = np.nonzero(is_run)[0]
        self.best: Any = None

    def completed(self, x: Array) -> Array:
        """The solution with the columns of open runs and meeting points as they must be."""
        whole = self.model.lower.copy()
        whole[self.columns] = x
        return self.model.complete(whole)[self.columns]

    def allows(self, x: Array) -> bool:
        """Whether x lies within the bounds and breaks no row."""
        return bool(np.all(x >= self.lower) and np.all(x <= self.upper)) and self.matrix.holds(x)

    def demand(self, gain: Array, value: int) -> int:
        """Gain · x ≥ value from now on; answers with the row that says so."""
        columns = np.nonzero(gain)[0].tolist()
        self.matrix.extend([columns], [gain[columns].tolist()], [value], [INFINITE])
        self.late = np.append(self.late, False)
        return len(self.matrix.low) - 1

    def limit(self, columns: Array, factors: Array, high: int) -> None:
        """Factors · these columns ≤ high from now on."""
        self.matrix.extend([columns.tolist()], [factors.tolist()], [-INFINITE], [high])
        self.late = np.append(self.late, False)

    def give_back(self) -> None:
        """Tell the model what this part has fixed, narrowed and added."""
        model, rows, own = self.model, self.model.rows, set(self.columns.tolist())
        model.lower[self.columns], model.upper[self.columns] = self.lower, self.upper
        for i, r in enumerate(self.row_ids):
            pairs = zip(rows.columns[r], rows.factors[r], strict=True)
            moved = sum(f * int(model.lower[j]) for j, f in pairs if j not in own)
            rows.low[r], rows.high[r] = _less(int(self.matrix.low[i]), -moved), _less(int(self.matrix.high[i]), -moved)
        for i in range(len(self.row_ids), len(self.matrix.low)):
            at = np.searchsorted(self.matrix.row, [i, i + 1])
            columns = self.columns[self.matrix.column[at[0] : at[1]]].tolist()
            factors = self.matrix.factor[at[0] : at[1]].tolist()
            rows.add(columns, factors, int(self.matrix.low[i]), int(self.matrix.high[i]))


def _less(side: int, fixed: int) -> int:
    return side if abs(side) >= INFINITE else side - fixed


def split(model: Model, rows: list[int]) -> Iterator[Part]:
    """The parts of a model under these rows: free columns that rows, children or class runs link."""
    parent = list(range(model.size))

    def root(j: int) -> int:
        while parent[j] != j:
            parent[j] = parent[parent[j]]
            j = parent[j]
        return j

    is_free = (model.lower < model.upper).tolist()
    last_of: dict[tuple[str, int], int] = {}
    for j in np.nonzero(model.lower < model.upper)[0].tolist():
        for name in (("child", int(model.child[j])), ("run", int(model.run[j]))):
            if name[1] >= 0:
                parent[root(j)] = root(last_of.setdefault(name, j))
    free_rows: dict[int, int] = {}
    for r in rows:
        columns = [j for j in model.rows.columns[r] if is_free[j]]
        if columns:
            free_rows[r] = columns[0]
        elif not _is_kept(model, r):
            raise Contradiction
        for j in columns[1:]:
            parent[root(j)] = root(columns[0])
    groups: dict[int, tuple[list[int], list[int]]] = {}
    for j in range(model.size):
        if is_free[j]:
            groups.setdefault(root(j), ([], []))[0].append(j)
    for r, j in free_rows.items():
        groups[root(j)][1].append(r)
    for columns, own in groups.values():
        yield Part(model, columns, own)


def _is_kept(model: Model, r: int) -> bool:
    """Whether a row without free columns holds."""
    pairs = zip(model.rows.columns[r], model.rows.factors[r], strict=True)
    value = sum(f * int(model.lower[j]) for j, f in pairs)
    return model.rows.low[r] <= value <= model.rows.high[r]
