"""Life after the draw: places given back, offers from the waitlist, late applications, small class runs, a next round.

All of it are functions from one `Standing` to the next; nothing here draws again. A lottery number is made from the
season's seed and the child's id alone, so it stays the same throughout a season, whatever happens to the child.

What the contract leaves open is read like this:

- An offer goes to the first on the waitlist who can take it within the hard rules. Whoever cannot (no room on one of
  its weekdays, its leaving would take another class run below its minimum, or a family would be parted) is passed
  over and stays on the list. Who takes an offer leaves the place that it would give up; that place is then offered.
- With `together-or-none`, a family without places is offered places for all its children at once, or none.
- A late application stands behind all earlier ones of the same claim (a place or none, tier, rank of the wish); among
  those of the same batch the lottery number decides. In a next round those who applied before it are in time.
- Who gives a place back leaves its family where it would part it: the others keep theirs.
- In a next round everybody keeps what is confirmed; what is not confirmed is free again. Of a family that is confirmed
  in part, the others apply by themselves.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import islice, product

from scheduler.placement.exchange import State, broken_rule, given_up, with_place
from scheduler.placement.problem import REQUIRE, Child, Option, Problem
from scheduler.placement.result import Place, Placement
from scheduler.placement.waitlists import waits
from scheduler.result import Malformed

MOST_WAYS = 10_000
"""So many ways to seat a family are tried; four children with ten wishes each at one site and term have as many."""


@dataclass(frozen=True)
class Standing:
    """Who applied and who holds what, at one moment of a season. `late`: the batch of each late child, from 1."""

    problem: Problem
    placement: Placement
    late: Mapping[str, int] = field(default_factory=dict)

    @cached_property
    def state(self) -> State:
        """What is free, counted once."""
        return State(self.problem, self.placement)

    @cached_property
    def keepers(self) -> Counter[str]:
        """How many children keep a place in each class run."""
        return Counter(name for c in self.problem.children for name in c.keep)


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


@dataclass(frozen=True, slots=True)
class Affected:
    """A child of a small class run, and where it could go: its own wishes with room, other class runs that fit."""

    child: str
    is_kept: bool
    wishes: tuple[Option, ...]
    others: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Small:
    """A class run with some children, fewer than it needs to open."""

    class_run: str
    children: int
    least: int
    affected: tuple[Affected, ...]


def waitlist(standing: Standing, name: str) -> tuple[str, ...]:
    """Who waits for a place in this class run, in order: late applications behind earlier ones of the same claim."""
    problem, keys = standing.problem, []
    for child in problem.children:
        if name not in child.choices:
            continue
        held, rank = list(standing.state.hand(child.id)), child.choices.index(name) + 1
        if waits(problem, child, held, name, rank):
            batch = standing.late.get(child.id, 0)
            keys.append((bool(held), child.tier, rank, batch, problem.lottery[child.id], child.id))
    return tuple(key[-1] for key in sorted(keys))


def give_back(standing: Standing, child: str, class_run: str) -> Standing:
    """The child's place in this class run is free again, and kept no more. Raises `Malformed` (`not_held`)."""
    place = _held(standing, child, class_run)
    problem, own = standing.problem, standing.problem.child[child]
    changed = replace(own, keep=tuple(name for name in own.keep if name != class_run))
    hand = with_place(standing.state.hand(child), place, None)
    if problem.policy.families == REQUIRE and broken_rule(standing.state, {child: hand}) == "families":
        changed = replace(changed, family=None)
    return Standing(_with(problem, [changed]), Placement(standing.placement.places - {place}), standing.late)


def next_offer(standing: Standing, name: str, declined: Collection[tuple[str, str]] = ()) -> Offer | None:
    """Who is to be asked next whether it takes a place in this class run; None where nobody can.

    `declined`: (child, class run) pairs of offers that were refused or have expired.
    """
    for child in waitlist(standing, name):
        if (child, name) not in declined:
            moves = _moves(standing, child, name, declined)
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
    return Standing(_with(standing.problem, changed), Placement(frozenset(places)), standing.late)


def fill(
    standing: Standing, runs: Iterable[str], declined: Collection[tuple[str, str]] = ()
) -> tuple[Standing, tuple[Offer, ...]]:
    """Offer what is free in these class runs, and what that sets free, as long as somebody can take it: all accept.

    It ends, as every offer betters a child's list of ranks and nobody's gets worse.
    """
    waiting, taken = sorted(set(runs)), list[Offer]()
    while waiting:
        name = waiting.pop(0)
        offer = next_offer(standing, name, declined)
        if offer is None:
            continue
        standing = accept(standing, offer)
        taken.append(offer)
        waiting = sorted({*waiting, name, *(m.leaves for m in offer.moves if m.leaves)})
    return standing, tuple(taken)


def apply_late(standing: Standing, children: Iterable[Child]) -> Standing:
    """Late applications: in the problem, behind everybody with the same claim who came before, without a place yet.

    Raises:
        Malformed: `duplicate` for an id that has applied already, `late_keep` for one that would keep a place,
            `unknown_id` for a class run that is not there.
    """
    batch = max(standing.late.values(), default=0) + 1
    late, problem = dict(standing.late), standing.problem
    new: dict[str, Child] = {}
    for child in children:
        place = f"late.{child.id}"
        if child.id in problem.child or child.id in new:
            raise Malformed(place, "duplicate", kind="child", id=child.id)
        if child.keep:
            raise Malformed(place, "late_keep", child=child.id)
        for name in child.choices:
            if name not in problem.class_run:
                raise Malformed(place, "unknown_id", kind="class", id=name)
        new[child.id], late[child.id] = child, batch
    return Standing(_with(problem, new.values()), standing.placement, late)


def small_runs(standing: Standing) -> tuple[Small, ...]:
    """Class runs below their minimum, who is affected, and where each could go as things stand. A person decides."""
    found = []
    for name, children in standing.placement.in_run.items():
        least = standing.problem.class_run[name].min_to_open
        if len(children) < least:
            found.append(Small(name, len(children), least, tuple(_affected(standing, kid, name) for kid in children)))
    return tuple(found)


def next_round(
    standing: Standing, confirmed: Iterable[tuple[str, str]] | None = None, withdrawn: Collection[str] = ()
) -> Problem:
    """The problem of a second round: confirmed (child, class run) pairs are kept, all else is open again.

    Without `confirmed`, everybody keeps all. `withdrawn` children are not in it, nor any who are left
    without a wish. The seed is the season's.

    Raises:
        Malformed: `not_held` for a confirmation of a place that the child does not hold.
    """
    pairs = {(p.child, p.class_run) for p in standing.placement.places} if confirmed is None else set(confirmed)
    for child, run in sorted(pairs):
        _held(standing, child, run)
    keeps: dict[str, list[str]] = {}
    for child, run in sorted(pairs):
        if child not in withdrawn:
            keeps.setdefault(child, []).append(run)
    problem = standing.problem
    staying = [replace(c, keep=tuple(keeps.get(c.id, ()))) for c in problem.children if c.id not in withdrawn]
    made = Problem(problem.classes, tuple(c for c in staying if c.choices or c.keep), problem.policy)
    return _unbound(made) if problem.policy.families == REQUIRE else made


def _unbound(problem: Problem) -> Problem:
    """Families of which some children keep a place and others do not, or which keep places apart, are none any more."""
    changed = []
    for kids in problem.families.values():
        firsts = {_kept_point(problem, problem.child[kid]) for kid in kids}
        if firsts != {None} and (None in firsts or len(firsts) > 1):
            changed += [replace(problem.child[kid], family=None) for kid in kids]
    return _with(problem, changed)


def _kept_point(problem: Problem, child: Child) -> tuple[str, int] | None:
    """Site and term of the first kept place."""
    kept = next((o for o in problem.options[child.id] if o.class_run in child.keep), None)
    run = problem.class_run[kept.class_run] if kept else None
    return (run.site, run.term) if run else None


def _held(standing: Standing, child: str, class_run: str) -> Place:
    for place in standing.placement.of_child.get(child, ()):
        if place.class_run == class_run:
            return place
    raise Malformed(f"places.{child}", "not_held", child=child, **{"class": class_run})


def _with(problem: Problem, children: Iterable[Child]) -> Problem:
    """The problem with these children changed or added."""
    by_id = {**problem.child, **{c.id: c for c in children}}
    return Problem(problem.classes, tuple(by_id[name] for name in sorted(by_id)), problem.policy)


def _moves(standing: Standing, child: str, name: str, declined: Collection[tuple[str, str]]) -> tuple[Move, ...] | None:
    """What a child who takes this place would do, its family with it if need be; None where the rules forbid it."""
    problem = standing.problem
    family = problem.families.get(problem.child[child].family or "", ())
    if problem.policy.families == REQUIRE and family and child not in standing.placement.of_child:
        return _family_moves(standing, child, name, family, declined)
    move = _move(standing, child, name)
    return (move,) if _is_sound(standing, (move,)) else None


def _move(standing: Standing, child: str, name: str) -> Move:
    hand = standing.state.hand(child)
    gone = given_up(standing.problem, standing.problem.child[child], hand, name)
    return Move(child, name, gone.class_run if gone else None)


def _is_sound(standing: Standing, moves: tuple[Move, ...]) -> bool:
    """Whether the moves break no hard rule, nor close a class run that is open only for a place left by them."""
    hands = {}
    for move in moves:
        if move.leaves and move.leaves in standing.problem.child[move.child].keep:
            left, least = standing.state.count(move.leaves) - 1, standing.problem.class_run[move.leaves].min_to_open
            if 0 < left < least and standing.keepers[move.leaves] == 1:
                return False
        child, hand = standing.problem.child[move.child], standing.state.hand(move.child)
        gone = next((p for p in hand if p.class_run == move.leaves), None)
        rank = child.choices.index(move.class_run) + 1
        hands[move.child] = with_place(hand, gone, Place(move.child, move.class_run, rank))
    return not broken_rule(standing.state, hands)


def _family_moves(
    standing: Standing, child: str, name: str, family: tuple[str, ...], declined: Collection[tuple[str, str]]
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
        if _is_sound(standing, moves):
            return moves
    return None


def _affected(standing: Standing, child: str, name: str) -> Affected:
    """Where one child of a class run could go if it did not open."""
    problem, state, own = standing.problem, standing.state, standing.problem.child[child]
    elsewhere = {problem.class_run[p.class_run].term for p in state.hand(child) if p.class_run != name}
    room = [
        run.id
        for run in problem.classes
        if run.id != name and run.term not in elsewhere and run.fits(own.grade) and state.has_room(run.id, own)
    ]
    wishes = tuple(o for o in problem.options[child] if o.class_run in room)
    listed = {o.class_run for o in wishes}
    return Affected(child, name in own.keep, wishes, tuple(run for run in room if run not in listed))
