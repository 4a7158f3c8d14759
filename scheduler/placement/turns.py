"""The draw of the general case: children in turn, several to one model, each weighing more than all behind it.

The part holds what every level has fixed. A child whose places are all settled needs no turn; what a turn gives is
fixed before the next.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from scheduler.placement.clock import Clock
from scheduler.placement.exact import Limits, search
from scheduler.placement.model import Array, Model
from scheduler.placement.part import Part

MOST_WEIGHT = 2**45
"""The weights of one model together stay well within 64 bits."""


def draw(model: Model, parts: list[Part], clock: Clock, workers: int, on_turn: Callable[[int, int], None]) -> bool:
    """Give every child of these parts its turn, changing the parts' solutions; whether all of it is proven."""
    order = {name: i for i, name in enumerate(model.problem.draw_order)}
    number = [order[c.id] for c in model.problem.children]
    waiting = {k: _children(part, number) for k, part in enumerate(parts)}
    total, done, is_proven = sum(map(len, waiting.values())), 0, True
    for k, part in enumerate(parts):
        turns, mine = waiting[k], _columns_of(part)
        while turns:
            if clock.left <= 0:
                return False
            weights, count = _weights(part, turns, mine)
            is_proven &= _take_turns(part, weights, clock, workers)
            _settle(part, [at for child in turns[:count] for at in mine[child]])
            done += count
            turns = turns[count:]
            on_turn(done, total)
    return is_proven


def _children(part: Part, number: list[int]) -> list[int]:
    children = part.model.child[part.columns]
    free = children[(part.lower < part.upper) & (children >= 0)]
    return sorted({int(i) for i in free}, key=lambda i: number[i])


def _columns_of(part: Part) -> dict[int, list[int]]:
    """Each child's columns, by their position in the part."""
    found: dict[int, list[int]] = {}
    for at, child in enumerate(part.model.child[part.columns].tolist()):
        found.setdefault(child, []).append(at)
    return found


def _weights(part: Part, turns: list[int], where: dict[int, list[int]]) -> tuple[Array, int]:
    """Weights of the columns of as many children as fit, the first child's first place above all; and how many fit."""
    scores: list[tuple[list[tuple[int, int]], int]] = []  # (column, score), and the base of these scores
    weight, count = 1, 0
    for child in turns:
        steps = _steps(part, where[child])
        size = int(np.prod([base for _, base in steps], dtype=object))
        if count and weight * size > MOST_WEIGHT:
            break
        weight *= size
        scores += steps
        count += 1
    weights, unit = np.zeros(len(part.columns), dtype=np.int64), 1
    for pairs, base in reversed(scores):
        for at, score in pairs:
            weights[at] = unit * score
        unit *= base
    return weights, count


def _steps(part: Part, mine: list[int]) -> list[tuple[list[tuple[int, int]], int]]:
    """For each seat of a child: a score for each option, better ranks higher, no place 0."""
    seats = part.model.seat[part.columns]
    ranks = part.model.rank[part.columns]
    found = []
    for seat in sorted({int(seats[at]) for at in mine}):
        own = [at for at in mine if seats[at] == seat and part.upper[at]]
        levels = sorted({int(ranks[at]) for at in own}, reverse=True)
        if any(part.lower[at] < part.upper[at] for at in own):
            found.append(([(at, levels.index(int(ranks[at])) + 1) for at in own], len(levels) + 1))
    return found


def _take_turns(part: Part, weights: Array, clock: Clock, workers: int) -> bool:
    """The best for these children; whether that is proven. The solution in hand stays where time is up."""
    here = int(np.dot(weights, part.best))
    if here == _at_most(part, weights):
        return True
    if clock.left <= 0:
        return False
    limits = Limits(clock.left, workers, clock.stop)
    answer = search(part, weights, limits, least=here, hint=part.best)
    if answer.x is None:
        return False
    found = int(np.dot(weights, answer.x))
    if found >= here and part.allows(answer.x):
        part.best = answer.x
    return answer.bound <= max(found, here)


def _at_most(part: Part, weights: Array) -> int:
    """If every child got its best option for every seat."""
    best: dict[tuple[int, int], int] = {}
    for at in np.nonzero(weights)[0].tolist():
        if part.upper[at]:
            key = (int(part.model.child[part.columns[at]]), int(part.model.seat[part.columns[at]]))
            best[key] = max(best.get(key, 0), int(weights[at]))
    return sum(best.values())


def _settle(part: Part, columns: list[int]) -> None:
    """These children have what they have."""
    part.lower[columns] = part.upper[columns] = part.best[columns]
