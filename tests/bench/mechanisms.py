"""What others place children with: deferred acceptance, serial dictatorship, first come first served.

None of it is part of the product. All three place children in passes: a pass for first places, then one for second
places among those who want another term's, and so on: the district's rule of one place in round one and more if places
remain. What the field ignores is ignored here: families, and minimums to open (`closing` shows what follows).

*Deferred acceptance* is Gale and Shapley's, children proposing (College Admissions and the Stability of Marriage,
1962), as it is used for schools (Abdulkadiroğlu and Sönmez, 2003): every class run ranks by tier, and ties are broken
by lottery. A child proposes to its best wish that has not refused it; the class run keeps the best of those it holds
and the new one, and refuses the others for good. With one lottery number a child, the season's own, all class runs
rank alike here, and on whole weeks the outcome is that of serial dictatorship: a test says so. So it is also run with
a lottery for each class run, as some school districts do it.

*Part weeks*: capacity holds on every weekday. A class run goes through its children by priority and takes each who
finds room on all of its weekdays. A refused child of five days may leave room for a later one of two; so choices
are no longer those of the theorems, and stability is counted instead of being promised.
"""

from __future__ import annotations

import hashlib
from collections import Counter, deque
from collections.abc import Callable, Mapping, Sequence
from functools import cache

from scheduler.placement.problem import Problem
from scheduler.placement.result import Place, Placement

Wishes = Mapping[str, Sequence[str]]
"""What each child may still have, best first."""
Order = Callable[[str, str], tuple[int, ...]]
"""By what a child is ranked for a class run, the smallest first; "" where the class run does not matter."""
Taken = Counter[tuple[str, int]]
"""Places that are taken, by class run and weekday."""
Pass = Callable[[Problem, Wishes, Taken, Order], dict[str, str]]
Mechanism = Callable[[Problem, frozenset[str]], Placement]


def by_priority(problem: Problem) -> Order:
    """Tier, then the season's lottery number."""
    rank = {c.id: (c.tier, problem.lottery[c.id]) for c in problem.children}
    return lambda child, _: rank[child]


def by_own_lottery(problem: Problem) -> Order:
    """Tier, then a lottery number that is another for each class run."""

    @cache
    def rank(child: str, run: str) -> tuple[int, ...]:
        return problem.child[child].tier, _number(f"{problem.policy.seed}/{run}/{child}")

    return rank


def by_arrival(problem: Problem) -> Order:
    """The order of arrival: by chance, whatever the tier, from a seed that is published beside the season's."""
    rank = {c.id: (_number(f"arrival of {problem.policy.seed}/{c.id}"),) for c in problem.children}
    return lambda child, _: rank[child]


def by_tier_and_arrival(problem: Problem) -> Order:
    """Tier, then the order of arrival: by what those who came too late may envy others."""
    arrived = by_arrival(problem)
    return lambda child, run: (problem.child[child].tier, *arrived(child, run))


def _number(text: str) -> int:
    return int(hashlib.sha256(text.encode()).hexdigest(), 16)


def deferred_acceptance(problem: Problem, closed: frozenset[str] = frozenset()) -> Placement:
    """Children propose, class runs keep the best by tier and lottery number."""
    return _in_passes(problem, by_priority(problem), _defer, closed)


def deferred_acceptance_many(problem: Problem, closed: frozenset[str] = frozenset()) -> Placement:
    """The same with a lottery for each class run."""
    return _in_passes(problem, by_own_lottery(problem), _defer, closed)


def serial_dictatorship(problem: Problem, closed: frozenset[str] = frozenset()) -> Placement:
    """Each child in the order of tier and lottery number takes the best that is free."""
    return _in_passes(problem, by_priority(problem), _in_turn, closed)


def first_come(problem: Problem, closed: frozenset[str] = frozenset()) -> Placement:
    """Each child in the order of arrival takes the best that is free."""
    return _in_passes(problem, by_arrival(problem), _in_turn, closed)


def closing(mechanism: Mechanism, problem: Problem) -> tuple[Placement, int]:
    """The mechanism again, each time without the class run that was farthest below its minimum, until none is below.

    Answers with the placement and how many class runs were closed.
    """
    closed: frozenset[str] = frozenset()
    while True:
        found = mechanism(problem, closed)
        small = [
            (len(children) / problem.class_run[name].min_to_open, name)
            for name, children in found.in_run.items()
            if len(children) < problem.class_run[name].min_to_open
        ]
        if not small:
            return found, len(closed)
        closed |= {min(small)[1]}


def _in_passes(problem: Problem, order: Order, one_pass: Pass, closed: frozenset[str]) -> Placement:
    if any(c.keep for c in problem.children):
        raise ValueError("no mechanism here knows kept places")
    held: dict[str, list[str]] = {c.id: [] for c in problem.children}
    taken: Taken = Counter()
    for seat in range(1, max(c.seats for c in problem.children) + 1):
        wanting = [c.id for c in problem.children if c.seats >= seat and len(held[c.id]) == seat - 1]
        wishes = {name: _wishes(problem, name, held[name], closed) for name in wanting}
        for child, run in one_pass(problem, wishes, taken, order).items():
            held[child].append(run)
            taken.update((run, day) for day in problem.child[child].weekdays)
    choices = {c.id: c.choices for c in problem.children}
    return Placement(
        frozenset(Place(child, run, choices[child].index(run) + 1) for child, runs in held.items() for run in runs)
    )


def _wishes(problem: Problem, child: str, held: Sequence[str], closed: frozenset[str]) -> list[str]:
    terms = {problem.class_run[name].term for name in held}
    names = (option.class_run for option in problem.options[child])
    return [name for name in names if problem.class_run[name].term not in terms and name not in closed]


def _in_turn(problem: Problem, wishes: Wishes, taken: Taken, order: Order) -> dict[str, str]:
    found, now = {}, taken.copy()
    for child in sorted(wishes, key=lambda name: order(name, "")):
        days = problem.child[child].weekdays
        for run in wishes[child]:
            if all(now[run, day] < problem.class_run[run].capacity for day in days):
                found[child] = run
                now.update((run, day) for day in days)
                break
    return found


def _defer(problem: Problem, wishes: Wishes, taken: Taken, order: Order) -> dict[str, str]:
    holding: dict[str, list[str]] = {}
    asked = dict.fromkeys(wishes, 0)
    waiting = deque(sorted(wishes, key=lambda name: order(name, "")))
    while waiting:
        child = waiting.popleft()
        if asked[child] == len(wishes[child]):
            continue
        run = wishes[child][asked[child]]
        asked[child] += 1
        asking = sorted([*holding.get(run, ()), child], key=lambda name, run=run: order(name, run))  # type: ignore[misc]
        holding[run], refused = _choose(problem, run, asking, taken)
        waiting.extend(refused)
    return {child: run for run, children in holding.items() for child in children}


def _choose(problem: Problem, run: str, ranked: Sequence[str], taken: Taken) -> tuple[list[str], list[str]]:
    """Whom a class run keeps, and whom it refuses: by rank, each who finds room on all of its weekdays."""
    left = {day: problem.class_run[run].capacity - taken[run, day] for day in range(1, 8)}
    kept, refused = list[str](), list[str]()
    for child in ranked:
        days = problem.child[child].weekdays
        if all(left[day] for day in days):
            kept.append(child)
            for day in days:
                left[day] -= 1
        else:
            refused.append(child)
    return kept, refused
