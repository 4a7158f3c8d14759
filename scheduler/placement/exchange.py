"""What would be lost if one child had the place of another, or a free one: the rule or level that decided.

One exchange at a time is looked at: the child takes the place and leaves the one it would give up; who held the place
goes to the best that is free then, the place just left included, or goes without. Longer chains are the levels'
business, which the solver has proven or bounded.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from scheduler.placement.levels import FAMILIES, Key, place_levels
from scheduler.placement.problem import PREFER, REQUIRE, Child, Problem
from scheduler.placement.result import Place, Placement

RULE, LEVEL, NOTHING = "rule", "level", "nothing"
"""What stands against an exchange: a hard rule, a level that would lose, or nothing (the result is not the best).

The draw never does: where no level changes, the better claim has the earlier turn.
"""

Hand = tuple[Place, ...]
"""The places of one child, the first place first."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What decided: `kind` as above, `name` the rule or level; `is_without`: the holder would have no place at all."""

    kind: str
    name: str = ""
    is_without: bool = False


@dataclass(frozen=True)
class State:
    """A problem and its placement with what is free, counted once."""

    problem: Problem
    placement: Placement

    @cached_property
    def held(self) -> Counter[tuple[str, int]]:
        """Children by class run and weekday."""
        child = self.problem.child
        return Counter((p.class_run, day) for p in self.placement.places for day in child[p.child].weekdays)

    @cached_property
    def keys(self) -> list[Key]:
        """All levels but the families', in their order."""
        return place_levels(self.problem)

    def hand(self, child: str) -> Hand:
        """What a child holds."""
        return tuple(self.placement.of_child.get(child, ()))

    def count(self, name: str) -> int:
        """Children of a class run."""
        return len(self.placement.in_run.get(name, ()))

    def free(self, name: str, weekdays: Iterable[int]) -> int:
        """Places of a class run that are free on all these weekdays."""
        most = self.problem.class_run[name].capacity
        return min(most - self.held[name, day] for day in weekdays)

    def may_open(self, name: str, count: int) -> bool:
        """Whether a class run may have so many children."""
        return count == 0 or count >= self.problem.class_run[name].min_to_open or name in self.problem.kept_runs

    def has_room(self, name: str, child: Child) -> bool:
        """Whether one child more finds a place on its weekdays, in a class run that is open then."""
        return self.may_open(name, self.count(name) + 1) and self.free(name, child.weekdays) > 0


def given_up(problem: Problem, child: Child, hand: Hand, name: str) -> Place | None:
    """What a child would leave for a class run: its place of the same term, else its last if it has no seat left."""
    term = problem.class_run[name].term
    rival = next((p for p in hand if problem.class_run[p.class_run].term == term), None)
    return rival or (hand[-1] if len(hand) >= child.seats else None)


def with_place(hand: Hand, gone: Place | None, new: Place | None) -> Hand:
    """What a child holds once one place is left and one taken."""
    places = [p for p in hand if p != gone] + ([new] if new else [])
    return tuple(sorted(places, key=lambda p: (p.rank, p.class_run)))


def judge(state: State, child: Child, name: str, holder: str | None) -> Verdict:
    """What stands against `child` having a place in `name`: `holder`'s, or a free one where there is no holder."""
    old = state.hand(child.id)
    gone = given_up(state.problem, child, old, name)
    if gone is not None and gone.class_run in child.keep:
        return Verdict(RULE, "keep")
    new = with_place(old, gone, Place(child.id, name, child.choices.index(name) + 1))
    found: list[tuple[tuple[int, ...], Verdict]] = []
    broken = ""
    for other in _others(state, holder, name):
        hands = {child.id: new} | ({holder: other} if holder else {})
        rule = broken_rule(state, hands)
        if rule:
            broken = broken or rule
            continue
        change = _change(state, hands)
        found.append((change, Verdict(*_decided(state, change), is_without=holder is not None and not other)))
    return max(found, key=lambda pair: pair[0])[1] if found else Verdict(RULE, broken)


def _others(state: State, holder: str | None, name: str) -> Iterator[Hand]:
    """What the holder could have instead, best first: the rules are looked at later."""
    if holder is None:
        yield ()
        return
    problem, child, hand = state.problem, state.problem.child[holder], state.hand(holder)
    gone = next(p for p in hand if p.class_run == name)
    rest = with_place(hand, gone, None)
    terms = {problem.class_run[p.class_run].term for p in rest}
    for rank, run in problem.options[child.id]:
        if run != name and problem.class_run[run].term not in terms:
            yield with_place(rest, None, Place(holder, run, rank))
    yield rest


def broken_rule(state: State, hands: dict[str, Hand]) -> str:
    """The first hard rule that would not hold if these children held this instead, or nothing."""
    problem, days, counts = state.problem, Counter[tuple[str, int]](), Counter[str]()
    for name, hand in hands.items():
        for sign, places in ((-1, state.hand(name)), (1, hand)):
            for place in places:
                counts[place.class_run] += sign
                for day in problem.child[name].weekdays:
                    days[place.class_run, day] += sign
    for (run, day), more in days.items():
        if more > 0 and state.held[run, day] + more > problem.class_run[run].capacity:
            return "capacity"
    for run, more in counts.items():
        is_opened = more > 0 and state.count(run) == 0  # one that is open may be small already, and more only help
        if (more < 0 or is_opened) and not state.may_open(run, state.count(run) + more):
            return "minimum"
    if problem.policy.families == REQUIRE:
        for kids in _families(problem, hands):
            firsts = _firsts(state, kids, hands)
            if any(firsts) and (None in firsts or len(set(firsts)) > 1):
                return "families"
    return ""


def _change(state: State, hands: dict[str, Hand]) -> tuple[int, ...]:
    """By how much every level changes, the families' last."""
    counts: Counter[Key] = Counter()
    for name, hand in hands.items():
        tier = state.problem.child[name].tier
        for sign, places in ((-1, state.hand(name)), (1, hand)):
            for seat, place in enumerate(places, start=1):
                counts[Key(seat, tier, 0)] += sign
                counts[Key(seat, tier, place.rank)] += sign * (place.rank > 0)
    return (*(counts[key] for key in state.keys), _more_together(state, hands))


def _more_together(state: State, hands: dict[str, Hand]) -> int:
    if state.problem.policy.families != PREFER:
        return 0
    kids = list(_families(state.problem, hands))
    return sum(_is_one(_firsts(state, k, hands)) - _is_one(_firsts(state, k, {})) for k in kids)


def _is_one(firsts: list[tuple[str, int] | None]) -> bool:
    return None not in firsts and len(set(firsts)) == 1


def _families(problem: Problem, hands: dict[str, Hand]) -> Iterator[tuple[str, ...]]:
    """Families of two children and more that these children belong to."""
    for family in sorted({problem.child[name].family or "" for name in hands}):
        if family in problem.families:
            yield problem.families[family]


def _firsts(state: State, kids: tuple[str, ...], hands: dict[str, Hand]) -> list[tuple[str, int] | None]:
    """Site and term of each child's first place."""
    found: list[tuple[str, int] | None] = []
    for kid in kids:
        hand = hands.get(kid, state.hand(kid)) if hands else state.hand(kid)
        run = state.problem.class_run[hand[0].class_run] if hand else None
        found.append((run.site, run.term) if run else None)
    return found


def _decided(state: State, change: tuple[int, ...]) -> tuple[str, str]:
    """The first level that changes: it decided if it would lose."""
    names = [*(key.name for key in state.keys), FAMILIES]
    for name, more in zip(names, change, strict=True):
        if more:
            return (LEVEL, name) if more < 0 else (NOTHING, "")
    return NOTHING, ""
