"""The hard rules of a placement, each judged from the places alone: nothing here knows the solver."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping

from scheduler.placement.problem import REQUIRE, Problem
from scheduler.placement.result import Fault, Placement

Rule = Callable[[Problem, Placement], Iterator[Fault]]


def rank(problem: Problem, placement: Placement) -> Iterator[Fault]:
    """A place is a wish of the child, at its rank, or a kept place; a kept place that is no wish has rank 0."""
    for place in sorted(placement.places):
        child = problem.child[place.child]
        listed = place.class_run in child.choices
        true = child.choices.index(place.class_run) + 1 if listed else 0
        facts = {"child": place.child, "class": place.class_run}
        if not listed and place.class_run not in child.keep:
            yield Fault("not_wished", facts)
        elif place.rank != true:
            yield Fault("rank", {**facts, "rank": place.rank, "true": true})


def grade(problem: Problem, placement: Placement) -> Iterator[Fault]:
    """The child's grade is within the class run's."""
    for place in sorted(placement.places):
        low, high = problem.class_run[place.class_run].grades
        own = problem.child[place.child].grade
        if not low <= own <= high:
            yield Fault("grade", {"child": place.child, "class": place.class_run, "grade": own, "grades": (low, high)})


def capacity(problem: Problem, placement: Placement) -> Iterator[Fault]:
    """On no weekday more children than places."""
    held = Counter((p.class_run, day) for p in placement.places for day in problem.child[p.child].weekdays)
    for (name, day), children in sorted(held.items()):
        most = problem.class_run[name].capacity
        if children > most:
            yield Fault("capacity", {"class": name, "weekday": day, "children": children, "capacity": most})


def terms(problem: Problem, placement: Placement) -> Iterator[Fault]:
    """At most one place in a term."""
    held = Counter((p.child, problem.class_run[p.class_run].term) for p in placement.places)
    for (child, term), places in sorted(held.items()):
        if places > 1:
            yield Fault("terms", {"child": child, "term": term, "places": places})


def seats(problem: Problem, placement: Placement) -> Iterator[Fault]:
    """No more places than the child wants."""
    for child, places in placement.of_child.items():
        if len(places) > problem.child[child].seats:
            yield Fault("seats", {"child": child, "places": len(places), "seats": problem.child[child].seats})


def keep(problem: Problem, placement: Placement) -> Iterator[Fault]:
    """Every kept place stays."""
    held = {(p.child, p.class_run) for p in placement.places}
    for child in problem.children:
        for name in child.keep:
            if (child.id, name) not in held:
                yield Fault("keep", {"child": child.id, "class": name})


def minimum(problem: Problem, placement: Placement) -> Iterator[Fault]:
    """A class run has no children, a kept one, or enough to open."""
    kept = {name for child in problem.children for name in child.keep}
    for name, children in sorted(placement.in_run.items()):
        least = problem.class_run[name].min_to_open
        if len(children) < least and name not in kept:
            yield Fault("minimum", {"class": name, "children": len(children), "least": least})


def families(problem: Problem, placement: Placement) -> Iterator[Fault]:
    """With together-or-none, a family's first places share a site and a term, or none of its children has any."""
    if problem.policy.families != REQUIRE:
        return
    for family, children in family_lists(problem).items():
        placed = [child for child in children if child in placement.of_child]
        if placed and (len(placed) < len(children) or not is_together(problem, placement, children)):
            yield Fault("families", {"family": family, "children": tuple(children)})


def family_lists(problem: Problem) -> Mapping[str, list[str]]:
    """Families of two children and more."""
    found: dict[str, list[str]] = {}
    for child in problem.children:
        if child.family is not None:
            found.setdefault(child.family, []).append(child.id)
    return {family: children for family, children in found.items() if len(children) > 1}


def is_together(problem: Problem, placement: Placement, children: list[str]) -> bool:
    """Whether all these children have a first place, and all of these at one site in one term."""
    if any(child not in placement.of_child for child in children):
        return False
    firsts = [problem.class_run[placement.of_child[child][0].class_run] for child in children]
    return len({(run.site, run.term) for run in firsts}) == 1


RULES: tuple[Rule, ...] = (rank, grade, capacity, terms, seats, keep, minimum, families)
"""All hard rules. Order never matters."""
