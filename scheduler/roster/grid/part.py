"""Freed cells as an integer programme, exact for all rules and, where asked for, for the whole cost.

A column stands for a permitted duty (as an assistant, as the lead) or lesson. A lesson beside a free duty needs that
duty; a visit engages its volunteer for the segment, which excludes a duty. This split keeps the rows short and the
relaxation tight. What is paid once (a way, a new face, a wish passed over) has a column that is at least each of its
choices; choices that exclude each other share a row.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from scheduler.roster.grid.facts import Array
from scheduler.roster.grid.options import BESIDE_FREE, BESIDE_KEPT, VISIT, Freed, duty_options, lesson_options
from scheduler.roster.grid.rows import Rows, groups
from scheduler.roster.grid.state import State

SHORTEST = 40  # most missing places of one row
DAILY, WEEKLY = 0.5, 0.4  # shares of what is paid once, where quality is guessed


@dataclass(frozen=True)
class Prices:
    """What a missing place and an open slot cost here, and whether quality counts exactly or only by a guess.

    The guess has no rows of its own: what is paid once is counted to a share at each choice that would be the first.
    """

    safety: float
    programme: float
    quality: bool


@dataclass(frozen=True)
class Terms:
    """Columns that engage somebody: volunteer, class, event, column, and the value to begin with."""

    v: Array
    c: Array
    event: Array
    j: Array
    hint: Array


class Part:
    """The programme of some freed cells of a state."""

    def __init__(self, state: State, freed: Freed, prices: Prices) -> None:
        self.state, self.facts, self.prices, self.rows = state, state.facts, prices, Rows()
        self.duties = duty_options(state, freed)
        self.lessons = lesson_options(state, freed, self.duties)
        self.size = len(self.duties.v) + len(self.lessons.v)
        if not self.size:
            return
        self._add_columns()
        self._add_presence()
        self._add_load()
        self._keep_apart()
        self._add_lessons()
        self._add_safety()
        if prices.quality:
            self._add_faces()
            self._add_leads()
            self._add_ways()

    def apply(self, x: Array) -> None:
        """Put the solution's entries into the state."""
        d, y, chosen = self.duties, self.lessons, x > 0.5
        for i in np.nonzero(chosen[self.assist])[0]:
            self.state.add_duty(int(d.v[i]), int(d.s[i]), int(d.c[i]), False)
        for i in self.leading[np.nonzero(chosen[self.lead])[0]]:
            self.state.add_duty(int(d.v[i]), int(d.s[i]), int(d.c[i]), True)
        for i in np.nonzero(chosen[self.given])[0]:
            self.state.add_lesson(int(y.c[i]), int(y.t[i]), int(y.k[i]), int(y.v[i]), int(y.r[i]))

    def _add_columns(self) -> None:
        d, y, f, p = self.duties, self.lessons, self.facts, self.prices
        self.leading = np.nonzero(d.may_lead)[0]
        guess = np.zeros(len(d.v)) if p.quality else self._guess(d.v, d.c, f.day_of_segment[d.s], faces=True)
        self.assist = self.rows.columns(len(d.v), guess, d.was)
        self.lead = self.rows.columns(len(self.leading), guess[self.leading] - p.safety, d.led[self.leading])
        fee = f.dislike[y.c, y.k] - p.programme
        if not p.quality:
            fee = fee + np.where(y.beside == VISIT, self._guess(y.v, y.c, f.day_of_slot[y.t], faces=False), 0)
        self.given = self.rows.columns(len(y.v), fee, y.was)
        of = np.concatenate([np.arange(len(d.v)), self.leading])
        hint = np.concatenate([d.was, d.led[self.leading]])
        self.on_duty = Terms(d.v[of], d.c[of], d.s[of], np.concatenate([self.assist, self.lead]), hint)
        i = np.nonzero(y.beside == VISIT)[0]
        self.visits = Terms(y.v[i], y.c[i], f.segments + y.t[i], self.given[i], y.was[i])

    def _guess(self, v: Array, c: Array, day: Array, *, faces: bool) -> Array:
        """What an engagement may add to quality, in whole points."""
        f, x, site = self.facts, self.state, self.facts.site[c]
        fee = DAILY * np.where(x.on_day[v, day, site] == 0, f.way[v, site], 0)
        fee = fee + WEEKLY * np.where(x.at_site[v, site] == 0, f.passed[v, site], 0)
        if faces:
            fee = fee + WEEKLY * np.where(x.times_at[v, c] == 0, f.weights.continuity, 0)
        return np.rint(fee)

    def _add_presence(self) -> None:
        """One duty or some visits a segment; lessons on duty need the duty, and come one at a time."""
        y, f, rows, on = self.lessons, self.facts, self.rows, self.on_duty
        visit = self.visits
        segment = f.segment_of[visit.event - f.segments]
        self.engaging = (on.v, on.event, on.j, on.hint)
        if len(visit.v):
            n, first, group = groups(visit.v, segment)
            hint = np.zeros(n)
            np.maximum.at(hint, group, visit.hint.astype(float))
            engaged = rows.columns(n, 0, hint)
            n, member, slot = groups(group, visit.event)
            r = rows.rows(n, high=0)
            rows.put(r[slot], visit.j)
            rows.put(r, engaged[group[member]], -1.0)
            more = (visit.v[first], segment[first], engaged, hint)
            self.engaging = tuple(np.concatenate(pair) for pair in zip(self.engaging, more, strict=True))  # type: ignore[assignment]
        v, s, j, _ = self.engaging
        if len(v):
            n, _, group = groups(v, s)
            rows.put(rows.rows(n, high=1)[group], j)
        beside = np.nonzero(y.beside == BESIDE_FREE)[0]
        if len(beside):
            n, first, group = groups(y.duty[beside], y.t[beside])
            r = rows.rows(n, high=0)
            rows.put(r[group], self.given[beside])
            self._put_duties(r, y.duty[beside][first], -1.0)
        kept = np.nonzero(y.beside == BESIDE_KEPT)[0]
        if len(kept):
            n, _, group = groups(y.v[kept], y.t[kept])
            rows.put(rows.rows(n, high=1)[group], self.given[kept])

    def _put_duties(self, r: Array, options: Array, coefficient: float) -> None:
        """Both columns of each duty option, one option a row."""
        self.rows.put(r, self.assist[options], coefficient)
        lead = np.full(len(self.duties.v), -1)
        lead[self.leading] = self.lead
        ok = lead[options] >= 0
        self.rows.put(r[ok], lead[options][ok], coefficient)

    def _add_load(self) -> None:
        """At most so many segments; beyond the preferred number and below half of it each costs."""
        f, x, rows, w = self.facts, self.state, self.rows, self.facts.weights
        v, s, j, hint = self.engaging
        new = x.engaged[v, s] == 0
        v, j, hint = v[new], j[new], hint[new].astype(float)
        if not len(v):
            return
        n, first, group = groups(v)
        who = v[first]
        load, begun = x.load[who], np.bincount(group, hint, n)
        rows.put(rows.rows(n, high=f.most[who] - load)[group], j)
        if not self.prices.quality:
            return
        over = rows.columns(n, w.overload, np.maximum(0, begun + load - f.liked[who]), SHORTEST)
        r = rows.rows(n, high=f.liked[who] - load)
        rows.put(r[group], j)
        rows.put(r, over, -1.0)
        short = np.where(f.may_idle[who], f.half[who] - load, 0)
        self._cover(group, j, short, begun, w.idle)

    def _cover(self, group: Array, j: Array, wanted: Array, begun: Array, price: float) -> None:
        """What is wanted in each group less what its columns give, paid for where it is not met."""
        some = wanted > 0
        count = int(some.sum())
        if not count or not price:
            return
        place = np.full(len(wanted), -1)
        place[some] = np.arange(count)
        inside = place[group] >= 0
        short = self.rows.columns(count, price, np.maximum(0, wanted[some] - begun[some]), SHORTEST)
        r = self.rows.rows(count, low=wanted[some])
        self.rows.put(r[place[group][inside]], j[inside])
        self.rows.put(r, short)

    def _keep_apart(self) -> None:
        """Two engagements of a day at sites too far apart for the gap between them: at most one of them."""
        f = self.facts
        terms = [np.concatenate(pair) for pair in zip(_terms(self.on_duty), _terms(self.visits), strict=True)]
        v, c, event, j, _ = terms
        if not len(v):
            return
        site = f.site[c]
        n, first, group = groups(v, event, site)
        members = np.split(j[np.argsort(group, kind="stable")], np.cumsum(np.bincount(group, minlength=n))[:-1])
        r: list[Array] = []
        columns: list[Array] = []
        bounds = np.searchsorted(v[first], np.unique(v))
        for begin, end in zip(bounds, [*bounds[1:], n], strict=True):
            for near, far in self._clashes(event[first][begin:end].tolist(), site[first][begin:end]):
                together = np.concatenate([members[begin + near], *(members[begin + i] for i in far)])
                columns.append(together)
                r.append(np.full(len(together), len(columns) - 1))
        if columns:
            self.rows.put(self.rows.rows(len(columns), high=1)[np.concatenate(r)], np.concatenate(columns))

    def _clashes(self, events: list[int], sites: Array) -> list[tuple[int, list[int]]]:
        """Of one volunteer's places (event, site): each with those of another event that it excludes."""
        f, out = self.facts, []
        at: dict[int, list[int]] = {}
        for i, e in enumerate(events):
            at.setdefault(e, []).append(i)
        for e, mine in at.items():
            for other, gap in f.others[e]:
                if other <= e or other not in at:
                    continue
                theirs = np.array(at[other])
                for i in mine:
                    far = theirs[~f.reachable[gap][sites[i], sites[theirs]]]
                    if len(far):
                        out.append((i, far.tolist()))
        return out

    def _add_lessons(self) -> None:
        """One lesson a slot, a course once a day and so often a week, a room once; domains short of their minimum."""
        f, x, y, rows = self.facts, self.state, self.lessons, self.rows
        if not len(y.v):
            return
        for keys in ((y.c, y.t), (y.c, f.day_of_slot[y.t], y.k)):
            n, _, group = groups(*keys)
            rows.put(rows.rows(n, high=1)[group], self.given)
        n, first, group = groups(y.c, y.k)
        rows.put(rows.rows(n, high=f.most_repeats - x.week_course[y.c[first], y.k[first]])[group], self.given)
        special = np.nonzero(y.r >= 0)[0]
        if len(special):
            n, _, group = groups(y.r[special], y.t[special])
            rows.put(rows.rows(n, high=1)[group], self.given[special])
        domain = f.domain[y.k]
        n, first, group = groups(y.c, domain)
        wanted = (f.minimum - x.in_domain)[y.c[first], domain[first]]
        begun = np.bincount(group, y.was.astype(float), n)
        self._cover(group, self.given, wanted, begun, self.prices.programme)

    def _add_safety(self) -> None:
        """Adults up to the need, again up to the least, and at most one lead."""
        f, x, on, rows = self.facts, self.state, self.on_duty, self.rows
        if not len(on.v):
            return
        of_age = np.nonzero(f.adult[on.v])[0]
        n, first, group = groups(on.c[of_age], on.event[of_age])
        c, s = on.c[of_age][first], on.event[of_age][first]
        begun = np.bincount(group, on.hint[of_age].astype(float), n)
        for wanted in (f.need[c], np.full(n, f.least)):
            self._cover(group, on.j[of_age], wanted - x.adults[c, s], begun, self.prices.safety)
        i = self.leading
        if len(i):
            n, _, group = groups(self.duties.c[i], self.duties.s[i])
            rows.put(rows.rows(n, high=1)[group], self.lead)

    def _add_faces(self) -> None:
        """A class meets a new face."""
        on, x = self.on_duty, self.state
        new = np.nonzero(x.times_at[on.v, on.c] == 0)[0]
        if len(new) and self.facts.weights.continuity:
            self._pay_once(groups(on.v[new], on.c[new]), new, on, self.facts.weights.continuity)

    def _pay_once(self, grouped: tuple[int, Array, Array], which: Array, terms: Terms, price: Array) -> Array:
        """A column for each group, at least each of its terms; terms of one event exclude each other."""
        n, _, group = grouped
        hint = np.zeros(n)
        np.maximum.at(hint, group, terms.hint[which].astype(float))
        paid = self.rows.columns(n, price, hint)
        count, member, row = groups(group, terms.event[which])
        r = self.rows.rows(count, high=0)
        self.rows.put(r[row], terms.j[which])
        self.rows.put(r, paid[group[member]], -1.0)
        return paid

    def _add_leads(self) -> None:
        """A class gets another lead."""
        d, x, w, i = self.duties, self.state, self.facts.weights, self.leading
        v, c = d.v[i], d.c[i]
        new = np.nonzero(x.times_led[v, c] == 0)[0]
        if not len(new) or not w.lead:
            return
        terms = Terms(v, c, d.s[i], self.lead, d.led[i])
        grouped = groups(v[new], c[new])
        n, first, group = grouped
        hint = np.zeros(n)
        np.maximum.at(hint, group, terms.hint[new].astype(float))
        leads = self._pay_once(grouped, new, terms, 0)
        of = c[new][first]
        n, first, group = groups(of)
        have = x.leaders[of[first]]
        begun = np.bincount(group, hint, n) + have
        extra = self.rows.columns(n, w.lead, np.maximum(0, begun - 1) - np.maximum(0, have - 1), SHORTEST)
        r = self.rows.rows(n, high=np.where(have > 0, 0, 1))
        self.rows.put(r[group], leads)
        self.rows.put(r, extra, -1.0)

    def _add_ways(self) -> None:
        """Ways of a day, and sites that somebody did not wish for."""
        f, x = self.facts, self.state
        every = Terms(*(np.concatenate(pair) for pair in zip(_terms(self.on_duty), _terms(self.visits), strict=True)))
        events = np.concatenate([f.day_of_segment, f.day_of_slot])
        site, day = f.site[every.c], events[every.event]
        new = np.nonzero((x.on_day[every.v, day, site] == 0) & (f.way[every.v, site] > 0))[0]
        if len(new):
            grouped = groups(every.v[new], day[new], site[new])
            self._pay_once(grouped, new, every, f.way[every.v[new], site[new]][grouped[1]])
        new = np.nonzero((x.at_site[every.v, site] == 0) & (f.passed[every.v, site] > 0))[0]
        if len(new):
            grouped = groups(every.v[new], site[new])
            self._pay_once(grouped, new, every, f.passed[every.v[new], site[new]][grouped[1]])


def _terms(terms: Terms) -> tuple[Array, ...]:
    return terms.v, terms.c, terms.event, terms.j, terms.hint
