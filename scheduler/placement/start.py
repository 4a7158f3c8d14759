"""A first placement, quickly, and which class runs may stay below their minimum. It is nobody's proof.

A flow that takes everybody for one seat and the whole week is nearly right: it says who sits where, and how many come.
Second places and what part weeks leave free are then given in the order of the draw.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace

import numpy as np

from scheduler.placement.chains import Chains
from scheduler.placement.flow import Face, maximise_levels
from scheduler.placement.model import Array, Model
from scheduler.placement.problem import INDEPENDENT, REQUIRE, Child, Option, Policy, Problem

RISKY = 1.3
"""A run that the flow fills to less than this much of its minimum may have to stay shut."""


class Taken:
    """Who holds what, and the places left on each weekday."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.left = {(c.id, day): c.capacity for c in problem.classes for day in range(1, 8)}
        self.held: dict[str, list[Option]] = {c.id: [] for c in problem.children}
        for child in problem.children:
            for option in problem.options[child.id]:
                if option.class_run in child.keep:
                    self.take(child, option)

    def clear(self) -> None:
        """Nobody holds anything, not even what is kept."""
        for name, held in self.held.items():
            for option in list(held):
                self.release(self.problem.child[name], option)

    def take(self, child: Child, option: Option) -> None:
        """A place for a child."""
        self.held[child.id].append(option)
        for day in child.weekdays:
            self.left[option.class_run, day] -= 1

    def release(self, child: Child, option: Option) -> None:
        """The place is free again."""
        self.held[child.id].remove(option)
        for day in child.weekdays:
            self.left[option.class_run, day] += 1

    def may(self, child: Child, option: Option) -> bool:
        """Whether the child could hold this place besides those it has."""
        run, held = self.problem.class_run[option.class_run], self.held[child.id]
        is_free = all(self.left[option.class_run, day] > 0 for day in child.weekdays)
        other_terms = all(self.problem.class_run[o.class_run].term != run.term for o in held)
        return is_free and len(held) < child.seats and other_terms


def flow_seats(problem: Problem, shut: set[str], is_time: Callable[[], bool]) -> dict[str, Option]:
    """Who gets which first place when everybody has one seat, comes all week and no run has a minimum."""
    kept = Counter(name for child in problem.children for name in child.keep)
    classes = [replace(c, capacity=0 if c.id in shut else max(0, c.capacity - kept[c.id])) for c in problem.classes]
    children = [replace(c, seats=1, weekdays=(1,), family=None) for c in problem.children if not c.keep]
    policy = Policy(problem.policy.seed, INDEPENDENT, problem.policy.order)
    if not children:
        return {}
    face = Face(Problem(tuple(classes), tuple(children), policy))
    maximise_levels(face, lambda _: is_time())
    found = {}
    for child, arc in zip(children, face.chosen.tolist(), strict=True):
        if face.rank[arc] >= 0:
            found[child.id] = Option(int(face.rank[arc]), classes[int(face.node[arc])].id)
    return found


def risky_runs(problem: Problem, seats: dict[str, Option]) -> frozenset[str]:
    """Runs that such a flow does not fill well beyond their minimum."""
    counts = Counter(o.class_run for o in seats.values())
    return frozenset(c.id for c in problem.classes if counts[c.id] < RISKY * c.min_to_open)


def first_solution(model: Model, seats: dict[str, Option], is_time: Callable[[], bool]) -> Array | None:
    """A solution of the whole model that breaks no rule; None where keeps and families are too much for greed."""
    problem, shut = model.problem, set[str]()
    while True:
        taken = _seated(problem, shut, seats)
        if taken is None:
            return None
        short = _too_few(problem, taken)
        if not short:
            _chain(problem, taken, is_time)
            _reflow(problem, taken, is_time)
            _fill(problem, taken)
            return _as_columns(model, taken)
        # The emptiest first: those that close leave children to the others.
        shut |= set(short[: max(1, len(short) // 2)])
        if is_time() and problem.policy.families != REQUIRE:
            seats = flow_seats(problem, shut, is_time)


def improved(model: Model, x: Array, is_time: Callable[[], bool]) -> Array:
    """The same first places with more children seated by chains, the best for those who come all week, then the rest.

    It may be worse at a later level: whoever asks compares.
    """
    problem, taken = model.problem, Taken(model.problem)
    taken.clear()
    for j in np.nonzero((x > 0) & (model.child >= 0))[0].tolist():
        child = problem.children[int(model.child[j])]
        option = Option(int(model.rank[j]), problem.classes[int(model.run[j])].id)
        if model.seat[j] == 1 or option.class_run in child.keep or child.family in problem.families:
            taken.take(child, option)
    if _too_few(problem, taken):
        return x
    _chain(problem, taken, is_time)
    _reflow(problem, taken, is_time)
    _fill(problem, taken)
    return _as_columns(model, taken)


def _seated(problem: Problem, shut: set[str], seats: dict[str, Option]) -> Taken | None:
    """First places: whole families first where they must be together, then as the flow says, then what is left."""
    taken = Taken(problem)
    families = problem.families if problem.policy.families == REQUIRE else {}
    member = {child: names for names in families.values() for child in names}
    done: set[str] = set()
    for name in problem.draw_order if member else ():
        names = member.get(name, ())
        if names and name not in done:
            done.update(names)
            if not _seat_family(problem, taken, names, shut) and any(taken.held[n] for n in names):
                return None
    for is_flow in (True, False):
        for name in problem.draw_order:
            child = problem.child[name]
            if name in member or taken.held[name]:
                continue
            wanted = [seats[name]] if is_flow and name in seats else [] if is_flow else problem.options[name]
            free = (o for o in wanted if o.class_run not in shut and taken.may(child, o))
            if option := next(free, None):
                taken.take(child, option)
    return taken


def _chain(problem: Problem, taken: Taken, is_time: Callable[[], bool]) -> None:
    """First places for more children, where others can move on, as long as there is time."""
    fixed = {n for names in problem.families.values() for n in names} if problem.policy.families == REQUIRE else set()
    moving = {n: held[0] for n, held in taken.held.items() if len(held) == 1 and n not in fixed}
    for child in problem.children:
        if child.keep:
            moving.pop(child.id, None)
    counts = Counter(o.class_run for held in taken.held.values() for o in held)
    usable = {c.id for c in problem.classes if counts[c.id] or c.min_to_open < 2}
    chains = Chains(problem, moving, taken.left, usable)
    for name in problem.draw_order:
        if not taken.held[name] and name not in fixed:
            if not is_time():
                break
            chains.seat(problem.child[name])
    for name, option in chains.held.items():
        taken.held[name] = [option]


def _reflow(problem: Problem, taken: Taken, is_time: Callable[[], bool]) -> None:
    """The best placement of those who come on all days, with everybody else where they are: a flow tells it."""
    tied = {n for names in problem.families.values() for n in names} if problem.policy.families == REQUIRE else set()
    week = set().union(*(c.weekdays for c in problem.children))
    moving = [
        c
        for c in problem.children
        if not c.keep and c.id not in tied and len(taken.held[c.id]) < 2 and set(c.weekdays) == week
    ]
    movers = {c.id for c in moving}
    still = Counter(o.class_run for n, held in taken.held.items() if n not in movers for o in held)
    counts = Counter(o.class_run for held in taken.held.values() for o in held)
    for child in moving:
        for option in list(taken.held[child.id]):
            taken.release(child, option)
    room = {c.id: min(taken.left[c.id, day] for day in week) for c in problem.classes}
    shut = {c.id for c in problem.classes if c.min_to_open > 1 and not counts[c.id]}
    classes = [replace(c, capacity=0 if c.id in shut else room[c.id]) for c in problem.classes]
    least = {c.id: c.min_to_open - still[c.id] for c in problem.classes if c.id not in shut | problem.kept_runs}
    policy = Policy(problem.policy.seed, INDEPENDENT, problem.policy.order)
    children = tuple(replace(c, seats=1, family=None) for c in moving)
    if not children:
        return
    # Runs that nobody may shut keep at least their minimum; the placement in hand shows that this is possible.
    needed = {name: n for name, n in least.items() if n > 0 and problem.class_run[name].min_to_open > 1}
    face = Face(Problem(tuple(classes), children, policy), needed)
    maximise_levels(face, lambda _: is_time())
    for child, arc in zip(moving, face.chosen.tolist(), strict=True):
        if face.rank[arc] >= 0:
            taken.take(child, Option(int(face.rank[arc]), classes[int(face.node[arc])].id))


def _fill(problem: Problem, taken: Taken) -> None:
    """Further places for those who want several, at runs that are open."""
    open_runs = {o.class_run for held in taken.held.values() for o in held}
    for name in problem.draw_order:
        child = problem.child[name]
        for option in problem.options[name] if taken.held[name] else ():
            if option.class_run in open_runs and option > max(taken.held[name]) and taken.may(child, option):
                taken.take(child, option)


def _seat_family(problem: Problem, taken: Taken, names: tuple[str, ...], shut: set[str]) -> bool:
    """First places of a whole family at one meeting point, the one with the smallest sum of ranks that has room."""
    points = problem.meeting_points(names)
    found: list[tuple[int, list[tuple[Child, Option]]]] = []
    for point in sorted(points):
        given: list[tuple[Child, Option]] = []
        for name in names:
            child = problem.child[name]
            for option in problem.options[name]:
                run = problem.class_run[option.class_run]
                if (run.site, run.term) != point or not problem.may_be_first(child, option):
                    continue
                if option in taken.held[name]:
                    break
                if option.class_run not in shut and taken.may(child, option):
                    taken.take(child, option)
                    given.append((child, option))
                    break
            else:
                break
        else:
            found.append((sum(o.rank for _, o in given), list(given)))
        for child, option in given:
            taken.release(child, option)
    if not found:
        return False
    for child, option in min(found, key=lambda f: f[0])[1]:
        taken.take(child, option)
    return True


def _too_few(problem: Problem, taken: Taken) -> list[str]:
    """Runs with some children but too few, the emptiest first."""
    counts = Counter(o.class_run for held in taken.held.values() for o in held)
    lacking = {
        name: problem.class_run[name].min_to_open - n
        for name, n in counts.items()
        if n < problem.class_run[name].min_to_open and name not in problem.kept_runs
    }
    return sorted(lacking, key=lambda name: (-lacking[name], name))


def _as_columns(model: Model, taken: Taken) -> Array:
    x = np.zeros(model.size, dtype=np.int64)
    for i, child in enumerate(model.problem.children):
        options = model.problem.options[child.id]
        for seat, option in enumerate(sorted(taken.held[child.id]), start=1):
            x[model.of_child[i][seat, options.index(option)]] = 1
    return model.complete(x)
