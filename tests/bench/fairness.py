"""What may be wanted of a placement besides serving many: who envies whom with reason, and what exchanges are left.

All of it is counted from the places alone and in the same way for every mechanism.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from mechanisms import Order, by_priority

from scheduler.placement.exchange import State, given_up
from scheduler.placement.problem import Child, Problem
from scheduler.placement.result import Place, Placement
from scheduler.placement.waitlists import waits


def envious(problem: Problem, placement: Placement, order: Order | None = None) -> Counter[str]:
    """Children who would rather have a place that somebody behind them has: `tier` behind, or only in the `lottery`.

    Behind is who comes later in `order`, by tier and the season's lottery number where none is given. The holder's
    leaving must make room for the child on all its weekdays. Each child counts once, under the worse. `wasted`:
    children who would rather have a place that is free, and that they could take without a class run falling below
    its minimum.
    """
    state, found, order = State(problem, placement), Counter[str](), order or by_priority(problem)
    for child in problem.children:
        kinds = {kind for name in _wanted(state, child) for kind in _kinds(state, child, name, order)}
        found.update(kinds & {"wasted"})
        found.update(["tier"] if "tier" in kinds else kinds & {"lottery"})
    return found


def _wanted(state: State, child: Child) -> Iterator[str]:
    held = list(state.hand(child.id))
    for rank, name in enumerate(child.choices, start=1):
        if waits(state.problem, child, held, name, rank):
            yield name


def _kinds(state: State, child: Child, name: str, order: Order) -> Iterator[str]:
    if _is_free(state, child, name):
        yield "wasted"
    problem, own = state.problem, order(child.id, name)
    most = problem.class_run[name].capacity
    for holder in state.placement.in_run.get(name, ()):
        other = problem.child[holder]
        makes_room = all(state.held[name, d] - (d in other.weekdays) < most for d in child.weekdays)
        if makes_room and order(holder, name) > own:
            yield "tier" if other.tier > child.tier else "lottery"


def _is_free(state: State, child: Child, name: str) -> bool:
    left = given_up(state.problem, child, state.hand(child.id), name)
    may_leave = left is None or state.may_open(left.class_run, state.count(left.class_run) - 1)
    return may_leave and state.has_room(name, child)


def better_by_cycles(problem: Problem, placement: Placement) -> int:
    """How many children get a better first place when those who gain exchange theirs in circles, of two and more.

    Only children of the same weekdays exchange, so that no room is needed, and none takes a place in a term in which
    it has another. Circles are carried out one after the other until none is left: nobody ever gets a worse wish.
    """
    firsts = {child: places[0] for child, places in placement.of_child.items()}
    others = {child: {problem.class_run[p.class_run].term for p in ps[1:]} for child, ps in placement.of_child.items()}
    gained = set[str]()
    for days in sorted({c.weekdays for c in problem.children}):
        group = [c for c in problem.children if c.weekdays == days and c.id in firsts]
        while circle := _circle(problem, group, firsts, others):
            runs = {child: firsts[child].class_run for child in circle}
            for child, follows in zip(circle, [*circle[1:], circle[0]], strict=True):
                rank = problem.child[child].choices.index(runs[follows]) + 1
                firsts[child] = Place(child, runs[follows], rank)
            gained |= set(circle)
    return len(gained)


def _circle(
    problem: Problem, group: list[Child], firsts: dict[str, Place], others: dict[str, set[int]]
) -> list[str] | None:
    """Children each of whom would rather have the place of the next, the last that of the first; None without any."""
    edges: dict[str, dict[str, str]] = {}
    for child in group:
        own = firsts[child.id]
        for option in problem.options[child.id]:
            if option.rank < own.rank and problem.class_run[option.class_run].term not in others[child.id]:
                edges.setdefault(own.class_run, {}).setdefault(option.class_run, child.id)
    done = set[str]()
    for start in sorted(edges):
        path, ways = [start], [iter(edges[start].items())]
        movers = list[str]()
        while path and start not in done:
            step = next(ways[-1], None)
            if step is None:
                done.add(path.pop())
                ways.pop()
                if movers:
                    movers.pop()
            elif step[0] in path:
                return [*movers, step[1]][path.index(step[0]) :]
            elif step[0] in edges and step[0] not in done:
                path.append(step[0])
                movers.append(step[1])
                ways.append(iter(edges[step[0]].items()))
    return None
