"""All offers that are open at a time, so that several people can be asked at once and every promise can be kept.

An open offer reserves its place until it is answered: nobody else is offered it, and a place that somebody may leave
is free only once it is left. A child is asked again while an offer is open only about something better. Whoever is
passed over when an offer is made keeps its position; an offer that was made stays, whatever happens to others.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Sequence

from scheduler.placement.after.offers import Move, Offer, accept, hands_after, is_sound, moves_for, single_move
from scheduler.placement.after.standing import Pair, Standing
from scheduler.placement.exchange import broken_rule
from scheduler.placement.problem import Child
from scheduler.placement.waitlists import waits


def still_open(standing: Standing, offers: Iterable[Offer]) -> tuple[Offer, ...]:
    """The offers that somebody still waits for, with what taking them would mean now."""
    found = (_renewed(standing, offer) for offer in offers)
    return tuple(offer for offer in found if offer is not None)


def _renewed(standing: Standing, offer: Offer) -> Offer | None:
    problem = standing.problem
    if any(m.child not in problem.child or not problem.class_run[m.class_run].capacity for m in offer.moves):
        return None
    if len(offer.moves) > 1:
        moves: tuple[Move, ...] = offer.moves
        if any(m.child in standing.placement.of_child for m in moves):
            return None
    else:
        child, held = problem.child[offer.child], list(standing.state.hand(offer.child))
        if not waits(problem, child, held, offer.class_run, child.choices.index(offer.class_run) + 1):
            return None
        moves = (single_move(standing, offer.child, offer.class_run),)
    if broken_rule(standing.state, hands_after(standing, moves)) == "families":
        return None
    return Offer(offer.child, offer.class_run, moves)


def open_offers(standing: Standing, declined: Collection[Pair] = (), made: Iterable[Offer] = ()) -> tuple[Offer, ...]:
    """Those that were `made` and still stand, then new ones for everything that is free beside them.

    Class runs ask the first on their waitlists who can take a place; of several new offers a child gets the best, and
    the others go to the next, until nothing changes. That ends: each child's new offer only ever gets better.
    """
    asked = _Asked(standing, declined, still_open(standing, made))
    while sum(asked.ask(name) for name in standing.lists):
        pass
    return (*asked.made, *sorted(asked.new.values(), key=lambda offer: (offer.class_run, offer.child)))


def first_impossible(standing: Standing, offers: Sequence[Offer]) -> int | None:
    """The first offer that could not be taken beside those before it, by its number; lapsed ones do no harm."""
    asked = _Asked(standing, (), ())
    for i, offer in enumerate(offers):
        now = _renewed(standing, offer)
        if now is None:
            continue
        if not asked.has_room(now.moves) or (len(now.moves) > 1 and not is_sound(standing, now.moves)):
            return i
        asked.count(now, 1)
    return None


def room_beside(standing: Standing, offers: Iterable[Offer]) -> Callable[[Child, str], bool]:
    """Answers whether a child finds a place in a class run beside all that these offers reserve."""
    asked = _Asked(standing, (), tuple(offers))
    return lambda child, name: asked.has_room((Move(child.id, name),))


class _Asked:
    """Offers in the making: what they reserve, and what may be left for them."""

    def __init__(self, standing: Standing, declined: Collection[Pair], made: Sequence[Offer]) -> None:
        self.standing, self.declined, self.made = standing, declined, made
        self.new: dict[str, Offer] = {}
        self.reserved: Counter[tuple[str, int]] = Counter()
        self.leaving: Counter[str] = Counter()
        self.keepers: Counter[str] = Counter()
        self.with_family: set[str] = set()
        self.least: dict[str, int] = {}
        for offer in made:
            self.count(offer, 1)
            rank = self._rank(offer.child, offer.class_run)
            self.least[offer.child] = min(rank, self.least.get(offer.child, rank))

    def ask(self, name: str) -> bool:
        """Ask as many of the waitlist as can have a place; whether anybody was."""
        before = len(self.new), sum(self._rank(o.child, o.class_run) for o in self.new.values())
        for child in self.standing.lists[name]:
            if self._may_be_asked(child, name):
                self._offer(child, name)
        return before != (len(self.new), sum(self._rank(o.child, o.class_run) for o in self.new.values()))

    def _may_be_asked(self, child: str, name: str) -> bool:
        if (child, name) in self.declined or child in self.with_family:
            return False
        rank, own = self._rank(child, name), self.new.get(child)
        if rank >= self.least.get(child, rank + 1) or (own and rank >= self._rank(child, own.class_run)):
            return False
        return self.has_room((Move(child, name),))

    def _offer(self, child: str, name: str) -> None:
        moves = moves_for(self.standing, child, name, self.declined)
        old = self.new.pop(child, None)
        if old:
            self.count(old, -1)
        if moves and self._is_free_for(moves) and self.has_room(moves) and self._may_leave(moves):
            self.new[child] = Offer(child, name, moves)
            self.count(self.new[child], 1)
        elif old:
            self.new[child] = old
            self.count(old, 1)

    def _is_free_for(self, moves: tuple[Move, ...]) -> bool:
        """A whole family is asked only while none of it is asked about anything else."""
        if len(moves) == 1:
            return True
        busy = {o.child for o in (*self.made, *self.new.values())}
        return not busy & {m.child for m in moves}

    def has_room(self, moves: Iterable[Move]) -> bool:
        """Whether all of these find a place that nobody has or is asked about."""
        days = Counter((m.class_run, day) for m in moves for day in self.standing.problem.child[m.child].weekdays)
        state, runs = self.standing.state, self.standing.problem.class_run
        return all(state.held[k] + self.reserved[k] + n <= runs[k[0]].capacity for k, n in days.items())

    def _may_leave(self, moves: Iterable[Move]) -> bool:
        """Whether what may be left keeps enough children, even if everybody who may leave it does."""
        state, problem = self.standing.state, self.standing.problem
        for m in moves:
            if m.leaves is None:
                continue
            left = state.count(m.leaves) - self.leaving[m.leaves] - 1
            kept = self.standing.keepers[m.leaves] - self.keepers[m.leaves]
            kept -= m.leaves in problem.child[m.child].keep
            if 0 < left < problem.class_run[m.leaves].min_to_open and kept <= 0:
                return False
        return True

    def count(self, offer: Offer, sign: int) -> None:
        """Reserve what an offer needs (1), or set it free again (-1)."""
        for m in offer.moves:
            child = self.standing.problem.child[m.child]
            for day in child.weekdays:
                self.reserved[m.class_run, day] += sign
            if m.leaves is not None:
                self.leaving[m.leaves] += sign
                self.keepers[m.leaves] += sign * (m.leaves in child.keep)
            if len(offer.moves) > 1:
                (self.with_family.add if sign > 0 else self.with_family.discard)(m.child)

    def _rank(self, child: str, name: str) -> int:
        return self.standing.problem.child[child].choices.index(name) + 1


def fill(
    standing: Standing, declined: Collection[Pair] = (), made: Iterable[Offer] = ()
) -> tuple[Standing, tuple[Offer, ...]]:
    """Everybody who is asked says yes, and so on with what that sets free: the last standing, and what was taken.

    It ends, as every offer betters a child's list of ranks and nobody's gets worse.
    """
    offers, taken = open_offers(standing, declined, made), list[Offer]()
    while offers:
        for asked in offers:
            offer = _renewed(standing, asked)
            if offer is not None:
                standing = accept(standing, offer)
                taken.append(offer)
        offers = open_offers(standing, declined)
    return standing, tuple(taken)
