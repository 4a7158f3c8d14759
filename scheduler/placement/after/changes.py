"""What happens to places and applications after a draw, each as a function from one standing to the next."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from scheduler.placement.after.asking import room_beside
from scheduler.placement.after.offers import Move, Offer
from scheduler.placement.after.standing import Standing, held_place, with_children
from scheduler.placement.exchange import broken_rule, with_place
from scheduler.placement.problem import REQUIRE, Child, Problem
from scheduler.placement.result import Place, Placement
from scheduler.result import Malformed


def give_back(standing: Standing, child: str, class_run: str) -> Standing:
    """The child's place in this class run is free again, and kept no more. Raises `Malformed` (`not_held`)."""
    place = held_place(standing, child, class_run)
    problem, own = standing.problem, standing.problem.child[child]
    changed = replace(own, keep=tuple(name for name in own.keep if name != class_run))
    hand = with_place(standing.state.hand(child), place, None)
    if problem.policy.families == REQUIRE and broken_rule(standing.state, {child: hand}) == "families":
        changed = replace(changed, family=None)
    return Standing(with_children(problem, [changed]), Placement(standing.placement.places - {place}))


def withdraw(standing: Standing, child: str) -> Standing:
    """The child is out of the season: its places are free again, and its application is gone.

    Raises:
        Malformed: `nobody_left` where it was the only one.
    """
    for place in standing.state.hand(child):
        standing = give_back(standing, child, place.class_run)
    problem = standing.problem
    staying = tuple(c for c in problem.children if c.id != child)
    if not staying:
        raise Malformed("children", "nobody_left", child=child)
    return Standing(Problem(problem.classes, staying, problem.policy), standing.placement)


def cancel(standing: Standing, class_run: str) -> Standing:
    """A class run does not take place: nobody has or keeps a place in it, and nobody gets one any more."""
    for child in standing.placement.in_run.get(class_run, ()):
        standing = give_back(standing, child, class_run)
    problem = standing.problem
    classes = tuple(replace(c, capacity=0) if c.id == class_run else c for c in problem.classes)
    return Standing(Problem(classes, problem.children, problem.policy), standing.placement)


def move(standing: Standing, step: Move, offers: Iterable[Offer] = ()) -> Standing:
    """A child goes where a place is free that is not offered to anybody, because its family agreed.

    A class run that is no wish of the child becomes its last one. `offers`: those that are open, to others.

    Raises:
        Malformed: `not_held`, `holds_already`, `others_wait`, or `move_breaks` with the hard rule that would break.
    """
    problem, own, name = standing.problem, standing.problem.child[step.child], step.class_run
    facts = {"child": own.id, "class": name}
    gone = held_place(standing, own.id, step.leaves) if step.leaves else None
    rest = with_place(standing.state.hand(own.id), gone, None)
    if any(p.class_run == name for p in standing.state.hand(own.id)):
        raise Malformed(name, "holds_already", **facts)
    choices = own.choices if name in own.choices else (*own.choices, name)
    changed = replace(own, choices=choices, keep=tuple(kept for kept in own.keep if kept != step.leaves))
    place = Place(own.id, name, choices.index(name) + 1)
    rule = _breaks(problem, own, rest, name) or broken_rule(standing.state, {own.id: with_place(rest, None, place)})
    if rule:
        raise Malformed(name, "move_breaks", rule=rule, **facts)
    if not room_beside(standing, offers)(own, name):
        raise Malformed(name, "others_wait", asked=[o.child for o in offers if o.class_run == name], **facts)
    places = frozenset({*(p for p in standing.placement.places if p != gone), place})
    return Standing(with_children(problem, [changed]), Placement(places))


def _breaks(problem: Problem, child: Child, rest: tuple[Place, ...], name: str) -> str:
    """The hard rule about this child alone that a place beside the rest would break."""
    run = problem.class_run[name]
    if not run.fits(child.grade):
        return "grade"
    if any(problem.class_run[p.class_run].term == run.term for p in rest):
        return "terms"
    return "seats" if len(rest) >= child.seats else ""


def apply_late(standing: Standing, children: Iterable[Child]) -> Standing:
    """Late applications: in the problem, behind everybody with the same claim who came before, without a place yet.

    Where a family must be together and has places, a late child applies by itself.

    Raises:
        Malformed: `duplicate` for an id that has applied already, `late_keep` for one that would keep a place,
            `unknown_id` for a class run that is not there.
    """
    problem, new = standing.problem, dict[str, Child]()
    batch = max((c.late for c in problem.children), default=0) + 1
    placed = {problem.child[name].family for name in standing.placement.of_child} - {None}
    for child in children:
        place = f"late.{child.id}"
        if child.id in problem.child or child.id in new:
            raise Malformed(place, "duplicate", kind="child", id=child.id)
        if child.keep:
            raise Malformed(place, "late_keep", child=child.id)
        for name in child.choices:
            if name not in problem.class_run:
                raise Malformed(place, "unknown_id", kind="class", id=name)
        is_alone = problem.policy.families == REQUIRE and child.family in placed
        new[child.id] = replace(child, late=batch, family=None if is_alone else child.family)
    return Standing(with_children(problem, new.values()), standing.placement)
