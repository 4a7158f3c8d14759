"""Free places, and who is asked whether it takes one."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import islice, product

from scheduler.placement.after.standing import Pair, Standing, waitlist, with_children
from scheduler.placement.exchange import Hand, broken_rule, given_up, with_place
from scheduler.placement.problem import REQUIRE
from scheduler.placement.result import Place, Placement

MOST_WAYS = 10_000
"""So many ways to seat a family are tried; four children with ten wishes each at one site and term have as many."""


@dataclass(frozen=True, slots=True)
class Move:
    """A child takes a place, and leaves one for it or none."""

    child: str
    class_run: str
    leaves: str | None = None


@dataclass(frozen=True, slots=True)
class Offer:
    """A place that is free, to the first who can take it; with a family, places for all its children at once."""

    child: str
    class_run: str
    moves: tuple[Move, ...]


def next_offer(standing: Standing, name: str, declined: Collection[Pair] = ()) -> Offer | None:
    """Who is to be asked next whether it takes a place in this class run; None where nobody can.

    `declined`: (child, class run) pairs of offers that were refused or have expired.
    """
    for child in waitlist(standing, name):
        if (child, name) not in declined:
            moves = moves_for(standing, child, name, declined)
            if moves:
                return Offer(child, name, moves)
    return None


def accept(standing: Standing, offer: Offer) -> Standing:
    """The places of an offer are taken, and what is left for them is free and kept no more."""
    places, changed = set(standing.placement.places), []
    for move in offer.moves:
        child = standing.problem.child[move.child]
        places = {p for p in places if (p.child, p.class_run) != (move.child, move.leaves)}
        places.add(Place(move.child, move.class_run, child.choices.index(move.class_run) + 1))
        changed.append(replace(child, keep=tuple(name for name in child.keep if name != move.leaves)))
    return Standing(with_children(standing.problem, changed), Placement(frozenset(places)))


def moves_for(standing: Standing, child: str, name: str, declined: Collection[Pair] = ()) -> tuple[Move, ...] | None:
    """What a child who takes this place would do, its family with it if need be; None where the rules forbid it."""
    problem = standing.problem
    family = problem.families.get(problem.child[child].family or "", ())
    if problem.policy.families == REQUIRE and family and child not in standing.placement.of_child:
        return _family_moves(standing, child, name, family, declined)
    move = single_move(standing, child, name)
    return (move,) if is_sound(standing, (move,)) else None


def single_move(standing: Standing, child: str, name: str) -> Move:
    """What a child would do by itself: it leaves its place of that term, else its last if it has no seat left."""
    hand = standing.state.hand(child)
    gone = given_up(standing.problem, standing.problem.child[child], hand, name)
    return Move(child, name, gone.class_run if gone else None)


def is_sound(standing: Standing, moves: tuple[Move, ...]) -> bool:
    """Whether the moves break no hard rule, nor close a class run that is open only for a place left by them."""
    for move in moves:
        if move.leaves and move.leaves in standing.problem.child[move.child].keep:
            left, least = standing.state.count(move.leaves) - 1, standing.problem.class_run[move.leaves].min_to_open
            if 0 < left < least and standing.keepers[move.leaves] == 1:
                return False
    return not broken_rule(standing.state, hands_after(standing, moves))


def hands_after(standing: Standing, moves: Iterable[Move]) -> dict[str, Hand]:
    """What these children would hold."""
    hands = {}
    for move in moves:
        child, hand = standing.problem.child[move.child], standing.state.hand(move.child)
        gone = next((p for p in hand if p.class_run == move.leaves), None)
        rank = child.choices.index(move.class_run) + 1
        hands[move.child] = with_place(hand, gone, Place(move.child, move.class_run, rank))
    return hands


def _family_moves(
    standing: Standing, child: str, name: str, family: tuple[str, ...], declined: Collection[Pair]
) -> tuple[Move, ...] | None:
    """Places for a whole family at the site and in the term of this class run: the first way that the rules allow."""
    problem, run = standing.problem, standing.problem.class_run[name]

    def ways(kid: str) -> Iterator[Move]:
        for _, other in problem.options[kid]:
            there = problem.class_run[other]
            is_here = (there.site, there.term) == (run.site, run.term) and (kid, other) not in declined
            if is_here and (kid != child or other == name):
                yield Move(kid, other)

    for moves in islice(product(*(list(ways(kid)) for kid in family)), MOST_WAYS):
        if is_sound(standing, moves):
            return moves
    return None
