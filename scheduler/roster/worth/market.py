"""What does not change about a week, as arrays of pairs: who may serve which class, and who may teach it what.

V volunteers, C classes, S segments, T slots, K courses, D domains, N weekdays. A *pair* is a volunteer and a class with
any permitted choice, a *stay* a volunteer and a site; both are sorted by volunteer, pairs by stay within.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from scheduler.roster.choices import Choices
from scheduler.roster.problem import Problem

Array = Any
NEVER = -1e9


@dataclass(frozen=True)
class Atom:
    """A piece of a day that is spent at one class: a duty (`slots` empty) or a visit of slots in a row."""

    segment: int
    slots: tuple[int, ...]
    start: int
    end: int
    befores: tuple[tuple[int, int], ...] = field(default=(), compare=False)  # earlier atoms, minutes between


class Market:
    """The arrays of one problem."""

    def __init__(self, choices: Choices) -> None:
        p = self.problem = choices.problem
        self.volunteers = [v.id for v in p.volunteers if v.cleared]
        self.person = {v: i for i, v in enumerate(self.volunteers)}
        self.segment = {s.id: i for i, s in enumerate(p.segments)}
        self.slot = {t.id: i for i, t in enumerate(p.slots)}
        self.course = {k.id: i for i, k in enumerate(p.courses)}
        self.class_run = {c.id: i for i, c in enumerate(p.classes)}
        self.day = {d: i for i, d in enumerate(p.weekdays)}
        self.segments, self.slots, self.courses, self.classes = (
            len(p.segments),
            len(p.slots),
            len(p.courses),
            len(p.classes),
        )
        self.segment_of = np.array([self.segment[t.segment] for t in p.slots], dtype=np.int64)
        self.day_of = np.array([self.day[s.weekday] for s in p.segments], dtype=np.int64)
        self.loose = {
            getattr(e, "volunteer", None) or getattr(e, "instructor", "") for es in choices.waived.values() for e in es
        }
        self._wants(p)
        self._people(p)
        self._pair(choices)
        self.crews, self.duty_crews = self._crews()

    def _wants(self, p: Problem) -> None:
        """What classes want: adults, leads, lessons of each domain, and what a lesson costs in interest."""
        self.open_segment = np.zeros((self.classes, self.segments))
        self.open_slot = np.zeros((self.classes, self.slots))
        domains = sorted({k.domain for k in p.courses} | set(p.policy.domain_minimums))
        place = {d: i for i, d in enumerate(domains)}
        self.domain = np.array([place[k.domain] for k in p.courses], dtype=np.int64)
        self.minimum = np.zeros((self.classes, len(domains)))
        self.need = np.array([float(p.need(c)) for c in p.classes])
        self.least = float(p.policy.min_adults)
        for i, c in enumerate(p.classes):
            self.open_segment[i, [self.segment[s] for s in c.segments]] = 1
            self.open_slot[i, [self.slot[t] for t in c.slots]] = 1
            for d, n in p.minimums(c).items():
                self.minimum[i, place[d]] = n
        self.dislike = np.array(
            [[p.policy.weights.interest * (10.0 - c.interest_in(k.id)) for k in p.courses] for c in p.classes]
        ).reshape(self.classes, self.courses)
        self.repeats = float(p.policy.max_lessons_per_course)

    def _people(self, p: Problem) -> None:
        who = [p.volunteer[v] for v in self.volunteers]
        self.adult = np.array([v.adult for v in who], dtype=bool)
        self.free = np.array([v.id in self.loose for v in who], dtype=bool)
        self.most = np.array([min(v.max_segments, self.segments) for v in who], dtype=np.int64)
        self.most[self.free] = self.segments
        self.liked = np.array([v.preferred_segments for v in who], dtype=np.int64)
        self.half = np.array([-(-v.preferred_segments // 2) if v.available else 0 for v in who], dtype=np.int64)

    def _pair(self, choices: Choices) -> None:
        p = self.problem
        site = {a.id: i for i, a in enumerate(p.sites)}
        site_of = [site[c.site] for c in p.classes]
        found = sorted(
            (self.person[v], site_of[self.class_run[c]], self.class_run[c])
            for v, cs in choices.classes_of.items()
            for c in cs
            if v in self.person
        )
        at = {(v, c): i for i, (v, _, c) in enumerate(found)}
        self.pair_person, self.pair_site, self.pair_class = np.array(found, dtype=np.int64).reshape(-1, 3).T
        n = len(found)
        self.may, self.may_lead = np.zeros((n, self.segments), dtype=bool), np.zeros((n, self.segments), dtype=bool)
        for (c, s), people in choices.duty.items():
            i, j = self.class_run[c], self.segment[s]
            for v, lead in people.items():
                if v in self.person:
                    row = at[self.person[v], i]
                    self.may[row, j] = True
                    self.may_lead[row, j] = lead
        self.may_teach = np.zeros((n, self.slots), dtype=bool)
        taught: list[list[set[int]]] = [[set() for _ in self.day] for _ in range(n)]
        for (c, t), keys in choices.lesson.items():
            i, j = self.class_run[c], self.slot[t]
            day = int(self.day_of[self.segment_of[j]])
            for _, _, k, v, _ in keys:
                if v in self.person:
                    row = at[self.person[v], i]
                    self.may_teach[row, j] = True
                    taught[row][day].add(self.course[k])
        width = max((len(ks) for row in taught for ks in row), default=0)
        self.may_course = np.full((n, len(self.day), width), -1, dtype=np.int64)
        for row, days in enumerate(taught):
            for d, ks in enumerate(days):
                self.may_course[row, d, : len(ks)] = sorted(ks)
        self.taught_at = np.zeros((self.classes, self.courses), dtype=bool)
        for row, days in enumerate(taught):
            self.taught_at[found[row][2], sorted(set().union(*days))] = True
        self._charge(found)

    def _charge(self, found: list[tuple[int, int, int]]) -> None:
        """What is paid once is spread evenly over the most duties, or days, that can share it: never more than all.

        `new_face` and `new_lead` are paid with each duty of a pair, `comes` with each day of a stay.
        """
        p, w = self.problem, self.problem.policy.weights
        most = np.maximum(1, self.most[self.pair_person])
        self.new_face = w.continuity / np.clip(self.may.sum(axis=1), 1, most)
        self.new_lead = w.lead / np.clip(self.may_lead.sum(axis=1), 1, most)
        days = np.minimum(len(self.day), most)
        self.comes = np.zeros(len(found))
        for row, (person, a, _) in enumerate(found):
            v, site = p.volunteer[self.volunteers[person]], p.sites[a].id
            passed = w.wish if v.preferred_sites and site not in v.preferred_sites else 0
            self.comes[row] = w.travel * math.ceil(p.km(v.id, site)) + passed / days[row]

    def sure_quality(self) -> float:
        """What quality costs whoever does what: those who can do nothing are idle, and a class's first lead is free."""
        w = self.problem.policy.weights
        busy = np.zeros(len(self.volunteers), dtype=bool)
        busy[self.pair_person] = True
        return float(w.idle * self.half[~busy & ~self.free].sum() - w.lead * self.classes)

    def _crews(self) -> tuple[list[Crew], list[Crew]]:
        """Those who teach and those who do not, and all of them for duties alone."""
        teaches = np.zeros(len(self.volunteers), dtype=bool)
        teaches[self.pair_person[self.may_teach.any(axis=1)]] = True
        bound = ~self.free[self.pair_person]
        some = ((bound & teaches[self.pair_person], True), (bound & ~teaches[self.pair_person], False))
        crews = [Crew(self, np.nonzero(rows)[0], teach) for rows, teach in some if rows.any()]
        on_duty = bound & self.may.any(axis=1)
        return crews, [Crew(self, np.nonzero(on_duty)[0], False)] if on_duty.any() else []


class Crew:
    """People whose days have the same shape: those who teach, or those who do not, with their pairs and stays."""

    def __init__(self, market: Market, rows: Array, teaches: bool) -> None:
        self.market, self.rows, self.teaches = market, rows, teaches
        m = market
        person, site = m.pair_person[rows], m.pair_site[rows]
        self.people, self.person = np.unique(person, return_inverse=True)
        change = np.ones(len(rows), dtype=bool)
        change[1:] = (person[1:] != person[:-1]) | (site[1:] != site[:-1])
        self.first_pair = np.nonzero(change)[0]  # of each stay
        self.stay_of = np.cumsum(change) - 1
        self.stay_person = self.person[self.first_pair]
        self.stay_site = site[self.first_pair]
        self.first_stay = np.searchsorted(self.stay_person, np.arange(len(self.people)))
        self.stays = len(self.first_pair)
        counts = np.diff([*self.first_pair, len(rows)])
        self.deepest = int(counts.max())
        pad = self.first_pair[:, None] + np.arange(self.deepest)[None, :]
        self.pairs_at = np.where(np.arange(self.deepest)[None, :] < counts[:, None], pad, -1)
        self.ways: dict[int, str] = {}
        self.routes: dict[int, tuple[Array, Array, Array]] = {}  # by gap: sources by target, first of each, targets
        self.days = [self._atoms(d) for d in range(len(m.day))]

    def way(self, gap: int) -> int | str:
        """What can be reached after a gap: "none", "any", or the gap itself, a key of `routes`."""
        kind = self.ways[gap]
        return gap if kind == "some" else kind

    def _atoms(self, day: int) -> list[Atom]:
        m, p = self.market, self.market.problem
        atoms = []
        for s in sorted(np.nonzero(m.day_of == day)[0].tolist(), key=lambda s: p.segments[s].start):
            atoms.append(Atom(s, (), p.segments[s].start, p.segments[s].end))
            slots = (
                sorted(np.nonzero(m.segment_of == s)[0].tolist(), key=lambda t: p.slots[t].start)
                if self.teaches
                else []
            )
            for i in range(len(slots)):
                for j in range(i, len(slots)):
                    atoms.append(Atom(s, tuple(slots[i : j + 1]), p.slots[slots[i]].start, p.slots[slots[j]].end))
        atoms.sort(key=lambda a: (a.start, a.end))
        out = []
        for a in atoms:
            befores = tuple((j, a.start - b.end) for j, b in enumerate(atoms) if b.end <= a.start)
            for _, gap in befores:
                self._way(gap)
            out.append(Atom(a.segment, a.slots, a.start, a.end, befores))
        return out

    def _way(self, gap: int) -> None:
        """Which stays of a volunteer can follow which after so many minutes: none other, any, or a list of pairs."""
        if gap in self.ways:
            return
        p = self.market.problem
        sites = [a.id for a in p.sites]
        reach = np.array([[a == b or p.travel_minutes(a, b) <= gap for b in sites] for a in sites])
        targets, sources = [], []
        for v in range(len(self.people)):
            mine = np.nonzero(self.stay_person == v)[0]
            ok = reach[np.ix_(self.stay_site[mine], self.stay_site[mine])]
            i, j = np.nonzero(ok)
            targets.append(mine[j])
            sources.append(mine[i])
        target, source = np.concatenate(targets), np.concatenate(sources)
        sizes = np.bincount(self.stay_person)
        if len(target) == self.stays:
            self.ways[gap] = "none"
        elif len(target) >= 0.9 * (sizes**2).sum():
            self.ways[gap] = "any"  # That few could not be reached is left out, as a relaxation.
        else:
            order = np.lexsort((source, target))
            self.ways[gap] = "some"
            self.routes[gap] = source[order], np.searchsorted(target[order], np.arange(self.stays)), target[order]
