"""Everybody's best week against prices, and what those weeks would give."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from scheduler.roster.worth.days import Day, best_day, walk
from scheduler.roster.worth.market import NEVER, Array, Atom, Crew, Market


@dataclass
class Prices:
    """What is paid for one more: towards the need, the minimum of adults, a lead (C × S), a lesson in a slot (C × T),
    in a domain (C × D); what one more lesson of a course costs (C × K). Quality counts `quality` times.
    """

    need: Array
    least: Array
    lead: Array
    slot: Array
    domain: Array
    repeat: Array
    quality: float = 0.0


@dataclass
class Given:
    """What the best weeks give: adults and leads (C × S), lessons by slot (C × T) and by course (C × K)."""

    adults: Array
    leads: Array
    slot: Array
    course: Array


def best_weeks(market: Market, prices: Prices, *, teach: bool = True) -> tuple[float, Given]:
    """The sum of everybody's best week, with lessons or without, and what those weeks give."""
    m = market
    given = Given(
        np.zeros((m.classes, m.segments)),
        np.zeros((m.classes, m.segments)),
        np.zeros((m.classes, m.slots)),
        np.zeros((m.classes, m.courses)),
    )
    total = _unbound(m, prices)
    for crew in m.crews if teach else m.duty_crews:
        total += _Weeks(crew, prices).best(given)
    return total, given


def _unbound(m: Market, prices: Prices) -> float:
    """At most what those earn whose pins waive a rule: every piece of the week on its own."""
    if not m.free.any():
        return 0.0
    rows = np.nonzero(m.free[m.pair_person])[0]
    earns = _Earnings(m, rows, prices, charged=False)
    total = 0.0
    for v in np.unique(m.pair_person[rows]):
        mine = np.nonzero(m.pair_person[rows] == v)[0]
        total += np.maximum(0, earns.duty[mine].max(axis=0)).sum()
        for t in range(m.slots):
            day = m.day_of[m.segment_of[t]]
            each = earns.slot[mine, t] + earns.course[mine, day].max(axis=1, initial=NEVER)
            total += max(0.0, float(each.max()))
    return float(total)


class _Earnings:
    """What each pair earns: a duty (pairs × S), a slot (pairs × T), a course by day, dearest first (pairs × N × k)."""

    def __init__(self, m: Market, rows: Array, prices: Prices, *, charged: bool = True) -> None:
        c = m.pair_class[rows]
        adult = m.adult[m.pair_person[rows]][:, None]
        new_face, new_lead = (prices.quality * charged * a[rows][:, None] for a in (m.new_face, m.new_lead))
        duty = np.where(adult, (prices.need + prices.least)[c], 0.0) - new_face
        lead = prices.lead[c] - new_lead
        self.leads = m.may_lead[rows] & (lead > 0)
        duty = duty + np.where(self.leads, lead, 0.0)
        self.duty = np.where(m.may[rows], duty, NEVER)
        self.slot = np.where(m.may_teach[rows], prices.slot[c], NEVER)
        worth = prices.domain[:, m.domain] - prices.repeat - prices.quality * m.dislike
        which = m.may_course[rows]
        each = np.where(which >= 0, worth[c[:, None, None], np.maximum(which, 0)], NEVER)
        self.order = np.argsort(-each, axis=2, kind="stable")
        self.course = np.take_along_axis(each, self.order, axis=2)


class _Weeks:
    """The best weeks of one crew."""

    def __init__(self, crew: Crew, prices: Prices) -> None:
        self.crew, self.market, self.prices = crew, crew.market, prices
        self.earns = _Earnings(self.market, crew.rows, prices)
        m, stays = crew.market, crew.rows[crew.first_pair]
        self.entry = prices.quality * m.comes[stays] if prices.quality else None

    def best(self, given: Given) -> float:
        """Their sum; what they give is added to `given`."""
        crew, m = self.crew, self.market
        self._beside()
        worths = [[self._worth(d, a) for a in atoms] for d, atoms in enumerate(crew.days)]
        days = [best_day(crew, d, [self._at_stay(w) for w in worths[d]], self.entry) for d in range(len(m.day))]
        value, counts = self._join(days)
        for d, day in enumerate(days):
            self._count(d, day, counts[:, d], worths[d], given)
        return float(value.sum())

    def _beside(self) -> None:
        """What lessons add to a duty: the dearest slots with the dearest courses."""
        m, e = self.market, self.earns
        self.duty = e.duty.copy()
        self.beside: dict[int, tuple[Array, Array]] = {}
        if not self.crew.teaches:
            return
        for s in range(m.segments):
            slots = np.nonzero(m.segment_of == s)[0]
            n = min(len(slots), e.course.shape[2])
            if not n:
                continue
            order = np.argsort(-e.slot[:, slots], axis=1, kind="stable")[:, :n]
            both = np.take_along_axis(e.slot[:, slots], order, axis=1) + e.course[:, m.day_of[s], :n]
            self.beside[s] = slots[order], both
            self.duty[:, s] += np.maximum(0.0, both).sum(axis=1)

    def _worth(self, day: int, atom: Atom) -> Array:
        """Of an atom at each pair."""
        m, e = self.market, self.earns
        if not atom.slots:
            return self.duty[:, atom.segment]
        n = len(atom.slots)
        if n > e.course.shape[2]:
            return np.full(len(self.crew.rows), NEVER)
        worth = e.slot[:, list(atom.slots)].sum(axis=1) + e.course[:, day, :n].sum(axis=1)
        return np.where(m.adult[m.pair_person[self.crew.rows]], worth, NEVER)

    def _at_stay(self, worth: Array) -> Array:
        return np.maximum.reduceat(worth, self.crew.first_pair)

    def _join(self, days: list[Day]) -> tuple[Array, Array]:
        """The best number of segments for each weekday, at most so many in all (people × N)."""
        m, people = self.market, self.crew.people
        most = m.most[people]
        size = int(most.max(initial=0)) + 1
        best = np.where(np.arange(size)[None, :] == 0, 0.0, NEVER) * np.ones((len(people), 1))
        chosen = []
        for day in days:
            new, pick = best + day.value[:, :1], np.zeros(best.shape, dtype=np.int64)
            for n in range(1, min(day.value.shape[1], size)):
                candidate = best[:, : size - n] + day.value[:, n : n + 1]
                better = candidate > new[:, n:]
                new[:, n:] = np.where(better, candidate, new[:, n:])
                pick[:, n:] = np.where(better, n, pick[:, n:])
            best = new
            chosen.append(pick)
        load = np.arange(size)[None, :]
        best = np.where(load <= most[:, None], best - self._load_cost(load), NEVER)
        at, rows = best.argmax(axis=1), np.arange(len(people))
        value, counts = best[rows, at], np.zeros((len(people), len(days)), dtype=np.int64)
        for d in range(len(days) - 1, -1, -1):
            counts[:, d] = chosen[d][rows, at]
            at = at - counts[:, d]
        return value, counts

    def _load_cost(self, load: Array) -> Array:
        m, w = self.market, self.market.problem.policy.weights
        if not self.prices.quality:
            return np.zeros_like(load)
        liked, half = (a[self.crew.people][:, None] for a in (m.liked, m.half))
        cost = w.overload * np.maximum(0, load - liked) + w.idle * np.maximum(0, half - load)
        return self.prices.quality * cost

    def _count(self, d: int, day: Day, counts: Array, worths: list[Array], given: Given) -> None:
        crew = self.crew
        depth, most = day.before[0].shape[:2] if day.before else (1, 1)
        for _, atom, stay in walk(day, np.arange(len(crew.people)), counts, (depth, most, crew.stays)):
            for a in np.unique(atom):
                at = stay[atom == a]
                pairs = crew.pairs_at[at]
                best = np.where(pairs >= 0, worths[a][np.maximum(pairs, 0)], 2 * NEVER).argmax(axis=1)
                self._add(d, crew.days[d][a], pairs[np.arange(len(at)), best], given)

    def _add(self, d: int, atom: Atom, pairs: Array, given: Given) -> None:
        m, e = self.market, self.earns
        c = m.pair_class[self.crew.rows[pairs]]
        if atom.slots:
            for i, t in enumerate(atom.slots):
                np.add.at(given.slot, (c, t), 1)
                self._add_course(d, pairs, c, i, given)
            return
        s = atom.segment
        np.add.at(given.adults, (c, s), m.adult[m.pair_person[self.crew.rows[pairs]]])
        np.add.at(given.leads, (c, s), e.leads[pairs, s])
        if s in self.beside:
            slots, both = self.beside[s]
            for i in range(both.shape[1]):
                yes = both[pairs, i] > 0
                np.add.at(given.slot, (c[yes], slots[pairs[yes], i]), 1)
                self._add_course(d, pairs[yes], c[yes], i, given)

    def _add_course(self, d: int, pairs: Array, c: Array, i: int, given: Given) -> None:
        which = self.market.may_course[self.crew.rows[pairs], d, self.earns.order[pairs, d, i]]
        np.add.at(given.course, (c, which), 1)
