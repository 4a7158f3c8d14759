"""Everybody's best days against prices: a longest path over the atoms of a day, for each number of segments.

A path goes from atom to atom, at the same place or at one that can be reached in time. The first two places of a day
pay their way; a third one does not, because it may be the first again.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from scheduler.roster.worth.market import NEVER, Array, Crew


@dataclass
class Day:
    """Best value of each number of segments (people × n), and how to find what it is made of."""

    value: Array
    last: Array  # the state a best day ends in, −1 for a day off
    before: list[Array]  # of each atom: the state that came before, −1 for the beginning


def best_day(crew: Crew, day: int, worth: list[Array], entry: Array | None) -> Day:
    """Best days from the `worth` of each atom at each stay; `entry` is what a stay costs once a day (None: nothing)."""
    atoms, stays = crew.days[day], crew.stays
    depth = 2 if entry is not None else 1
    most = len({a.segment for a in atoms})
    shape = (depth, most + 1, stays)
    value: list[Array] = []
    before: list[Array] = []
    for i, atom in enumerate(atoms):
        best, came = np.full(shape, NEVER), np.full(shape, -1, dtype=np.int64)
        best[0, 1] = 0.0 if entry is None else -entry
        for same_segment in (False, True):
            earlier = [(j, gap) for j, gap in atom.befores if (atoms[j].segment == atom.segment) == same_segment]
            step = 0 if same_segment else 1
            _arrive(best, came, _latest(value, [j for j, _ in earlier], shape), step)
            for way in _ways(crew, earlier):
                from_there = _latest(value, [j for j, gap in earlier if crew.way(gap) == way], shape)
                if from_there is not None:
                    _travel(crew, way, best, came, from_there, step, entry)
        best = np.maximum(best + worth[i], NEVER)
        value.append(best)
        before.append(came)
    return _finish(crew, value, before, most)


def _ways(crew: Crew, earlier: list[tuple[int, int]]) -> list[int | str]:
    """The kinds of ways from earlier atoms: all from which anything can be reached are one kind."""
    kinds = {crew.way(gap) for _, gap in earlier} - {"none"}
    return sorted(kinds, key=str)


def _latest(value: list[Array], which: list[int], shape: tuple[int, ...]) -> tuple[Array, Array] | None:
    """The best of some earlier atoms by state, and its code."""
    if not which:
        return None
    size = int(np.prod(shape))
    here = np.arange(size).reshape(shape)
    best, code = value[which[0]], here + which[0] * size
    for j in which[1:]:
        better = value[j] > best
        best, code = np.where(better, value[j], best), np.where(better, here + j * size, code)
    return best, code


def _arrive(best: Array, came: Array, source: tuple[Array, Array] | None, step: int) -> None:
    """Stay where one is: the same place, `step` more segments."""
    if source is None:
        return
    value, code = source
    n = best.shape[1]
    old, new = slice(0, n - step), slice(step, n)
    better = value[:, old] > best[:, new]
    best[:, new] = np.where(better, value[:, old], best[:, new])
    came[:, new] = np.where(better, code[:, old], came[:, new])


def _travel(
    crew: Crew, way: int | str, best: Array, came: Array, source: tuple[Array, Array], step: int, entry: Array | None
) -> None:
    """Go to another place that can be reached in time."""
    value, code = _reached(crew, way, source)
    depth, n = best.shape[:2]
    old, new = slice(0, n - step), slice(step, n)
    for g in range(depth):
        to = depth - 1
        arriving = value[g, old] - (entry if entry is not None and g == 0 else 0.0)
        better = arriving > best[to, new]
        best[to, new] = np.where(better, arriving, best[to, new])
        came[to, new] = np.where(better, code[g, old], came[to, new])


def _reached(crew: Crew, way: int | str, source: tuple[Array, Array]) -> tuple[Array, Array]:
    """The best that arrives at each stay, and where it comes from."""
    value, code = source
    if way == "any":
        top = np.maximum.reduceat(value, crew.first_stay, axis=2)[:, :, crew.stay_person]
        hit = np.maximum.reduceat(np.where(value == top, code, -1), crew.first_stay, axis=2)
        return top, hit[:, :, crew.stay_person]
    assert isinstance(way, int)
    origin, first, target = crew.routes[way]
    there = value[:, :, origin]
    top = np.maximum.reduceat(there, first, axis=2)
    hit = np.where(there == top[:, :, target], code[:, :, origin], -1)
    return top, np.maximum.reduceat(hit, first, axis=2)


def _finish(crew: Crew, value: list[Array], before: list[Array], most: int) -> Day:
    people = len(crew.people)
    table, last = np.full((people, most + 1), NEVER), np.full((people, most + 1), -1, dtype=np.int64)
    table[:, 0] = 0.0
    if value:
        every = np.stack(value)  # atoms × depth × n × stays
        top = every.max(axis=(0, 1))
        for n in range(1, most + 1):
            best = np.maximum.reduceat(top[n], crew.first_stay)
            flat = every[:, :, n].reshape(-1, crew.stays)
            hit = flat.argmax(axis=0) * 1
            ok = top[n] == best[crew.stay_person]
            a, g = np.divmod(hit, every.shape[1])
            code = ((a * every.shape[1] + g) * (most + 1) + n) * crew.stays + np.arange(crew.stays)
            last[:, n] = np.maximum.reduceat(np.where(ok, code, -1), crew.first_stay)
            table[:, n] = best
    return Day(table, last, before)


def walk(day: Day, people: Array, count: Array, shape: tuple[int, int, int]) -> list[tuple[Array, Array, Array]]:
    """What the best days of `count` segments are made of: rounds of (position in `people`, atom, stay)."""
    size = shape[0] * shape[1] * shape[2]
    code = day.last[people, count]
    who = np.arange(len(people))
    out = []
    while (alive := code >= 0).any():
        who, code = who[alive], code[alive]
        atom, state = np.divmod(code, size)
        stay = state % shape[2]
        out.append((who, atom, stay))
        before = np.full(len(code), -1, dtype=np.int64)
        for a in np.unique(atom):
            mine = atom == a
            before[mine] = day.before[a].reshape(-1)[state[mine]]
        code = before
    return out
