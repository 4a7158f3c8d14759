"""The last step: no child is left with a wish that a free place or one exchange would meet, by the published order.

An exchange is what a certificate is verified for: a child takes a place, free or given up by one other, and gives up
the place that it had instead, if it must; the other takes that place, or goes without. It is made where no hard rule
breaks and the levels in their order, then families, then the draw are better. Each one makes the placement better in
that one order, of which there are finitely many steps: so it ends, and where every level and the draw are proven there
is nothing to do. Children have their turn as in the draw, so that the same placement always becomes the same.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

from scheduler.placement.levels import FAMILIES, Key, place_levels
from scheduler.placement.problem import PREFER, REQUIRE, Child, Option, Problem
from scheduler.placement.result import Place

Hand = tuple[Option, ...]
"""The places of one child, the first place first."""

Ranks = tuple[int, ...]
Change = tuple[int, Ranks, Ranks]
"""All that levels see of a child in an exchange: tier, ranks before, ranks after."""

LAST = 10**9
"""Behind every level, and worse than every rank."""


@dataclass(frozen=True, slots=True)
class Swap:
    """`child` takes `new` for `old`; `other`, if anybody, leaves that class run and takes `then`, if anything."""

    child: Child
    new: Option
    old: Option | None
    other: Child | None = None
    then: Option | None = None


class Done(NamedTuple):
    """How many exchanges were made, and how many children were not asked, or not again, before it was stopped."""

    made: int
    unasked: int


class Swaps:
    """A placement that exchanges improve. `hands` is what each child holds."""

    def __init__(self, problem: Problem, places: Iterable[Place]) -> None:
        self.problem = problem
        self.hands: dict[str, Hand] = {c.id: () for c in problem.children}
        self.inside: dict[str, dict[str, None]] = {c.id: {} for c in problem.classes}
        self.held: Counter[tuple[str, int]] = Counter()
        self.alike: dict[str, dict[Change, dict[str, None]]] = {c.id: {} for c in problem.classes}
        for place in sorted(places):
            self._give(place.child, (*self.hands[place.child], Option(place.rank, place.class_run)))
        self.level = {key: i for i, key in enumerate(place_levels(problem))}
        self.turn = {name: i for i, name in enumerate(problem.draw_order)}
        self.wishing: dict[str, list[str]] = {c.id: [] for c in problem.classes}
        for name, options in problem.options.items():
            for option in options:
                self.wishing[option.class_run].append(name)
        self.option = {name: {o.class_run: o for o in options} for name, options in problem.options.items()}
        self.most_ranks = max((len(c.choices) for c in problem.children), default=0)
        self.gain = cache(self._gain)

    def _give(self, name: str, hand: Hand) -> None:
        """What a child holds from now on."""
        for sign, options in ((-1, self.hands[name]), (1, hand)):
            for option in options:
                for day in self.problem.child[name].weekdays:
                    self.held[option.class_run, day] += sign
                run, change = option.class_run, self._leaves(name, options, option)
                if sign < 0:
                    del self.inside[run][name], self.alike[run][change][name]
                else:
                    self.inside[run][name] = None
                    self.alike[run].setdefault(change, {})[name] = None
        self.hands[name] = tuple(sorted(hand))

    def _leaves(self, name: str, hand: Hand, option: Option) -> Change:
        """What levels see of a child who leaves one of its places."""
        ranks = tuple(sorted(o.rank for o in hand))
        return self.problem.child[name].tier, ranks, tuple(sorted(o.rank for o in hand if o != option))

    def run(self, is_stopped: Callable[[], bool] = lambda: False) -> Done:
        """Make every exchange that is to be made, unless it is stopped before.

        In each round everybody for whom something has changed has a turn, in the order of the draw.
        """
        made, waiting = 0, set(self.turn)
        while waiting:
            runs: set[str] = set()
            children, waiting = sorted(waiting, key=self.turn.__getitem__), set()
            for at, name in enumerate(children):
                if is_stopped():
                    waiting.update(children[at:], *(self.wishing[run] for run in runs))
                    return Done(made, len(waiting))
                swap = self._first(self.problem.child[name])
                if swap is not None:
                    made += 1
                    self._make(swap, waiting, runs)
            for run in runs:  # who wishes it, and who could give it up
                waiting.update(self.wishing[run])
        return Done(made, 0)

    def places(self) -> list[Place]:
        """Who holds what."""
        return [Place(name, o.class_run, o.rank) for name, hand in self.hands.items() for o in hand]

    def values(self) -> dict[str, int]:
        """The values of all levels by name."""
        counts: Counter[Key] = Counter()
        for child in self.problem.children:
            for seat, option in enumerate(self.hands[child.id], start=1):
                counts.update({Key(seat, child.tier, 0), Key(seat, child.tier, option.rank)})
        found = {key.name: counts[key] for key in self.level}
        return {**found, FAMILIES: sum(self._is_together(kin, {}) for kin in self.problem.families.values())}

    def _make(self, swap: Swap, children: set[str], runs: set[str]) -> None:
        """Make an exchange, and add the children and class runs for which another may have become possible."""
        after = self._after(swap)
        for name, hand in after.items():
            self._give(name, hand)
        touched = set(after).union(*self._kin(after))
        children |= touched
        runs |= {swap.new.class_run} | ({swap.old.class_run} if swap.old else set())
        for name in touched:  # what somebody would lose by an exchange depends on all that they hold
            runs.update(o.class_run for o in self.hands[name])

    def _first(self, child: Child) -> Swap | None:
        """The first exchange that meets one of a child's wishes, the best wish first."""
        for option in self.problem.options[child.id]:
            if option.rank and option not in self.hands[child.id]:
                for swap in self._possible(child, option):
                    if self._is_better(swap) and self._is_allowed(swap):
                        return swap
        return None

    def _possible(self, child: Child, new: Option) -> Iterator[Swap]:
        """Every exchange by which no level is lost."""
        hand = self.hands[child.id]
        before = tuple(o.rank for o in hand)
        for old in self._given_up(child, new):
            if old and old.class_run in child.keep:
                continue
            own = (child.tier, before, tuple(sorted((*(o.rank for o in hand if o != old), new.rank))))
            if self.gain(own, None) >= 0:
                yield Swap(child, new, old)
            yield from self._with_others(child, new, old, own)

    def _with_others(self, child: Child, new: Option, old: Option | None, own: Change) -> Iterator[Swap]:
        """The same with everybody who holds the place; many are alike in what levels see of them."""
        run = new.class_run
        for change, names in self.alike[run].items():
            tier, before, rest = change
            gain = self.gain(own, change)
            then = (
                {r: self.gain(own, (tier, before, tuple(sorted((*rest, r))))) for r in range(self.most_ranks + 1)}
                if old
                else {}
            )
            if gain < 0 and all(g < 0 for g in then.values()):
                continue
            for name in names:
                other = self.problem.child[name]
                if run in other.keep:
                    continue
                if gain > 0 or (gain == 0 and self._has_say(child, other)):
                    yield Swap(child, new, old, other)
                taken = self.option[name].get(old.class_run) if old else None
                if taken and taken not in self.hands[name] and then.get(taken.rank, 0) >= 0:
                    yield Swap(child, new, old, other, taken)

    def _has_say(self, child: Child, other: Child) -> bool:
        """Whether an exchange that no level sees, and by which `other` only loses, could be better."""
        return self.turn[child.id] < self.turn[other.id] or bool(child.family or other.family)

    def _given_up(self, child: Child, new: Option) -> Iterable[Option | None]:
        """The place of that term; else nothing with a seat left; else any."""
        hand, runs = self.hands[child.id], self.problem.class_run
        same = [o for o in hand if runs[o.class_run].term == runs[new.class_run].term]
        return same or ([None] if len(hand) < child.seats else hand)

    def _gain(self, one: Change, two: Change | None) -> int:
        """1 where the first level that differs counts more after two changes, -1 where it counts less, else 0."""
        more: Counter[int] = Counter()
        for tier, before, after in (one, two) if two else (one,):
            for sign, ranks in ((-1, before), (1, after)):
                for seat, rank in enumerate(ranks, start=1):
                    for key in {Key(seat, tier, 0), Key(seat, tier, rank)}:
                        more[self.level.get(key, LAST)] += sign
        changed = [(level, n) for level, n in more.items() if n and level < LAST]
        return 0 if not changed else 1 if min(changed)[1] > 0 else -1

    def _after(self, swap: Swap) -> dict[str, Hand]:
        hand = (*(o for o in self.hands[swap.child.id] if o != swap.old), swap.new)
        found: dict[str, Hand] = {swap.child.id: tuple(sorted(hand))}
        if swap.other:
            rest = (o for o in self.hands[swap.other.id] if o.class_run != swap.new.class_run)
            found[swap.other.id] = tuple(sorted((*rest, *((swap.then,) if swap.then else ()))))
        return found

    def _is_better(self, swap: Swap) -> bool:
        """Whether the levels, then families, then the draw are better after it; no level is lost by then."""
        after = self._after(swap)
        changes = [
            (self.problem.child[name].tier, tuple(o.rank for o in self.hands[name]), tuple(o.rank for o in hand))
            for name, hand in after.items()
        ]
        gain = self.gain(changes[0], changes[1] if swap.other else None)
        if gain:
            return gain > 0
        if self.problem.policy.families == PREFER:
            more = sum(self._is_together(kin, after) - self._is_together(kin, {}) for kin in self._kin(after))
            if more:
                return more > 0
        _, (_, old, new) = min(
            ((n, c) for n, c in zip(after, changes, strict=True) if c[1] != c[2]), key=lambda pair: self.turn[pair[0]]
        )
        return (*new, LAST) < (*old, LAST)

    def _kin(self, hands: Iterable[str]) -> Iterator[tuple[str, ...]]:
        for family in sorted({self.problem.child[name].family or "" for name in hands}):
            if family in self.problem.families:
                yield self.problem.families[family]

    def _firsts(self, kin: tuple[str, ...], after: dict[str, Hand]) -> list[tuple[str, int] | None]:
        found: list[tuple[str, int] | None] = []
        for name in kin:
            hand = after.get(name, self.hands[name])
            run = self.problem.class_run[hand[0].class_run] if hand else None
            found.append((run.site, run.term) if run else None)
        return found

    def _is_together(self, kin: tuple[str, ...], after: dict[str, Hand]) -> bool:
        firsts = self._firsts(kin, after)
        return None not in firsts and len(set(firsts)) == 1

    def _is_allowed(self, swap: Swap) -> bool:
        """Whether every hard rule still holds."""
        after, runs = self._after(swap), self.problem.class_run
        for name, hand in after.items():
            is_twice = len({runs[o.class_run].term for o in hand}) < len(hand)
            if is_twice or len(hand) > self.problem.child[name].seats:
                return False
        if not self._has_room(swap) or not self._is_enough(swap):
            return False
        return self.problem.policy.families != REQUIRE or all(
            not any(firsts) or (None not in firsts and len(set(firsts)) == 1)
            for firsts in (self._firsts(kin, after) for kin in self._kin(after))
        )

    def _has_room(self, swap: Swap) -> bool:
        """Whether the class runs that take a child have room on its days, once the other has left."""
        new, left = swap.new.class_run, swap.other.weekdays if swap.other else ()
        most = self.problem.class_run[new].capacity
        if any(self.held[new, d] - (d in left) >= most for d in swap.child.weekdays):
            return False
        if swap.then is None:
            return True
        old, most = swap.then.class_run, self.problem.class_run[swap.then.class_run].capacity
        return all(self.held[old, d] - (d in swap.child.weekdays) < most for d in left)

    def _is_enough(self, swap: Swap) -> bool:
        """Whether a class run that gains or loses a child is open with enough, or shut."""
        new, old = swap.new.class_run, swap.old.class_run if swap.old and not swap.then else None
        is_enough = bool(swap.other) or self._may_have(new, len(self.inside[new]) + 1)
        return is_enough and (old is None or self._may_have(old, len(self.inside[old]) - 1))

    def _may_have(self, run: str, count: int) -> bool:
        least = self.problem.class_run[run].min_to_open
        return count == 0 or count >= least or run in self.problem.kept_runs
