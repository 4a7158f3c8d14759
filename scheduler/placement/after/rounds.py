"""The problem of a next round: what is confirmed stays where it is, what is free is drawn by the same numbers."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace

from scheduler.placement.after.standing import Pair, Standing, held_place, with_children
from scheduler.placement.problem import REQUIRE, Child, Problem
from scheduler.result import Malformed


def next_round(standing: Standing, confirmed: Iterable[Pair] | None = None, declined: Collection[Pair] = ()) -> Problem:
    """The problem of a second round: confirmed (child, class run) pairs are kept, all else is open again.

    Without `confirmed`, everybody keeps all. Wishes that were `declined` are struck out; who is left without a wish and
    without a place is not in it. Whoever applied late is in time now. The seed is the season's, and so are the numbers.

    Raises:
        Malformed: `not_held` for a confirmation of a place that the child does not hold; `nobody_left`.
    """
    pairs = {(p.child, p.class_run) for p in standing.placement.places} if confirmed is None else set(confirmed)
    keeps: dict[str, list[str]] = {}
    for child, run in sorted(pairs):
        held_place(standing, child, run)
        keeps.setdefault(child, []).append(run)
    problem, refused = standing.problem, set(declined) - pairs
    children = [replace(c, keep=tuple(keeps.get(c.id, ())), choices=_but(c, refused), late=0) for c in problem.children]
    staying = tuple(c for c in children if c.choices or c.keep)
    if not staying:
        raise Malformed("children", "nobody_left")
    made = Problem(problem.classes, staying, problem.policy)
    return _unbound(made) if problem.policy.families == REQUIRE else made


def _but(child: Child, refused: Collection[Pair]) -> tuple[str, ...]:
    return tuple(name for name in child.choices if (child.id, name) not in refused)


def _unbound(problem: Problem) -> Problem:
    """Families of which some children keep a place and others do not, or which keep places apart, are none any more."""
    changed = []
    for kids in problem.families.values():
        firsts = {_kept_point(problem, problem.child[kid]) for kid in kids}
        if firsts != {None} and (None in firsts or len(firsts) > 1):
            changed += [replace(problem.child[kid], family=None) for kid in kids]
    return with_children(problem, changed)


def _kept_point(problem: Problem, child: Child) -> tuple[str, int] | None:
    """Site and term of the first kept place."""
    kept = next((o for o in problem.options[child.id] if o.class_run in child.keep), None)
    run = problem.class_run[kept.class_run] if kept else None
    return (run.site, run.term) if run else None
