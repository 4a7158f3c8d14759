"""What is wrong with a result file, from the contract alone: nothing here knows the solver or what it counted.

Hard rules, the value of every level, every waitlist and the lottery behind it are computed anew, from the places.
That a level's bound is right cannot be seen from the places; that it says no less than the value can.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator

from scheduler.placement.levels import FAMILIES, Key, level_names, place_levels
from scheduler.placement.problem import PREFER, Child, Problem
from scheduler.placement.result import FEASIBLE, OPTIMAL, PROVEN, Fault, Placed, Placement, Result
from scheduler.placement.rules import RULES, family_lists, is_together


def check(problem: Problem, placed: Placed) -> tuple[Fault, ...]:
    """Everything in a result file that is not so. No fault: the file says nothing that is wrong."""
    found = [fault for rule in RULES for fault in rule(problem, placed.placement)]
    found += _waitlists(problem, placed)
    wishes = tuple((c.id, name) for c in problem.children for name in c.choices if _is_ignored(problem, c, name))
    if placed.ignored is not None and placed.ignored != wishes:
        found.append(Fault("ignored_wishes"))
    if placed.without_wish is not None and placed.without_wish != _without_wish(problem, set(wishes)):
        found.append(Fault("without_wish"))
    if placed.result is not None:
        found += _result(problem, placed.placement, placed.result)
    return tuple(found)


def level_values(problem: Problem, placement: Placement) -> dict[str, int]:
    """The value of every level by name, counted from the places."""
    counts: Counter[Key] = Counter()
    for child, places in placement.of_child.items():
        tier = problem.child[child].tier
        for seat, place in enumerate(places, start=1):
            counts[Key(seat, tier, 0)] += 1
            counts[Key(seat, tier, place.rank)] += place.rank > 0
    values = {key.name: counts[key] for key in place_levels(problem)}
    if problem.policy.families == PREFER:
        values[FAMILIES] = sum(is_together(problem, placement, kids) for kids in family_lists(problem).values())
    return values


def _result(problem: Problem, placement: Placement, stated: Result) -> Iterator[Fault]:
    policy = problem.policy
    for name, said, true in (("order", stated.order, policy.order), ("seed", stated.seed, policy.seed)):
        if said != true:
            yield Fault("stated", {"field": name, "stated": said, "true": true})
    names, values = level_names(problem), level_values(problem, placement)
    if [level.name for level in stated.levels] != names:
        yield Fault("level_names", {"stated": tuple(x.name for x in stated.levels), "true": tuple(names)})
    for level in stated.levels:
        true_value = values.get(level.name)
        if true_value is not None and level.value != true_value:
            yield Fault("level", {"level": level.name, "stated": level.value, "true": true_value})
        if level.bound < level.value:
            yield Fault("bound", {"level": level.name, "value": level.value, "bound": level.bound})
    is_optimal = all(level.bound == level.value for level in stated.levels)
    if (stated.status == OPTIMAL) != is_optimal:
        true_status = OPTIMAL if is_optimal else FEASIBLE
        yield Fault("stated", {"field": "status", "stated": stated.status, "true": true_status})
    if stated.draw == PROVEN and not is_optimal:
        yield Fault("stated", {"field": "draw", "stated": stated.draw, "true": FEASIBLE})


def _is_ignored(problem: Problem, child: Child, name: str) -> bool:
    low, high = problem.class_run[name].grades
    return not low <= child.grade <= high


def _without_wish(problem: Problem, ignored: set[tuple[str, str]]) -> tuple[str, ...]:
    counting = {c.id for c in problem.children for name in c.choices if (c.id, name) not in ignored}
    return tuple(c.id for c in problem.children if c.id not in counting and not c.keep)


def _waitlists(problem: Problem, placed: Placed) -> Iterator[Fault]:
    """Open runs have a list, others none; each child stands in it exactly if it waits, and in the right order."""
    open_runs = {p.class_run for p in placed.placement.places}
    for name in sorted(open_runs ^ set(placed.waitlists)):
        yield Fault("waitlist_missing" if name in open_runs else "waitlist_of_closed", {"class": name})
    wishes: dict[str, list[Child]] = {name: [] for name in open_runs}
    for child in problem.children:
        for name in child.choices:
            if name in wishes:
                wishes[name].append(child)
    numbers = _Numbers(problem.policy.seed)
    for name in sorted(open_runs & set(placed.waitlists)):
        waiting = [child for child in wishes[name] if _is_waiting(problem, placed.placement, child, name)]
        waiting.sort(key=lambda child: (*_claim(placed.placement, child, name), numbers.of(child.id)))
        true = [child.id for child in waiting]
        stated = list(placed.waitlists[name])
        if stated != true:
            at = next(
                (i for i, (a, b) in enumerate(zip(stated, true, strict=False)) if a != b), min(len(stated), len(true))
            )
            facts = {"class": name, "position": at + 1, "stated": stated[at : at + 1], "true": true[at : at + 1]}
            yield Fault("waitlist", facts)


class _Numbers:
    """Lottery numbers, drawn again here: SHA-256 of seed + "/" + id as 32 big-endian bytes."""

    def __init__(self, seed: str) -> None:
        self._begun = hashlib.sha256((seed + "/").encode("utf-8"))

    def of(self, child: str) -> bytes:
        """A child's number; bytes compare as the numbers do."""
        digest = self._begun.copy()
        digest.update(child.encode("utf-8"))
        return digest.digest()


def _claim(placement: Placement, child: Child, name: str) -> tuple[bool, int, int, int]:
    return child.id in placement.of_child, child.tier, child.choices.index(name), child.late


def _is_waiting(problem: Problem, placement: Placement, child: Child, name: str) -> bool:
    """The contract's words: no place, or would give up a worse one for it, or has a seat left in that term."""
    run, places = problem.class_run[name], placement.of_child.get(child.id, [])
    if child.grade < run.grades[0] or child.grade > run.grades[1] or name in {p.class_run for p in places}:
        return False
    same_term = [p for p in places if problem.class_run[p.class_run].term == run.term]
    if not places or (len(places) < child.seats and not same_term):
        return True
    given_up = same_term[0] if same_term else places[-1]
    return child.choices.index(name) + 1 < given_up.rank
