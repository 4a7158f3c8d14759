"""Steps that are a network flow: all lessons of one slot, or all duties of one segment, best at once.

With everything else as it stands, the lessons of a slot are an assignment of instructors to classes, and the duties
of a segment a flow from volunteers to the places of classes, whose worth falls (two adults are worth more than the
third). Both are exact for the whole cost, but for rooms that two classes want (decided one by one afterwards) and
for what a teacher on duty is worth before the lessons are known (`teach` says how much of it to count).
A thousand of these take a few seconds, so that a district is gone over many times in a minute.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from scheduler.roster.grid.facts import Array
from scheduler.roster.grid.state import State

SAFETY, PROGRAMME = 100_000, 1_000  # price of a missing place and of an open slot, in points of quality
FINE = 100  # flows count in hundredths of a point
EXTRA = 3  # adults a class may have beyond its need
ROOM_TRIES = 4
NOBODY = 10**6


@dataclass(frozen=True)
class Taste:
    """How a flow judges: what is paid once is counted to these shares, teachers so much, and so much by chance."""

    weekly: float = 1.0
    daily: float = 1.0
    teach: float = 0.0
    noise: float = 0.0


class Flows:
    """Re-decides slots and segments of a state."""

    def __init__(self, state: State, rng: np.random.Generator) -> None:
        self.state, self.facts, self.rng = state, state.facts, rng
        self.people: Array = ~state.facts.still  # who may be moved

    def free_segment(self, s: int, classes: Array) -> None:
        """Drop the duties of these classes (C, bool) in a segment, but for those that must stay."""
        x, f = self.state, self.facts
        at = x.duty[:, s]
        for v in np.nonzero((at >= 0) & classes[at] & f.adult & self.people)[0].tolist():
            if (v, s) not in f.pinned_duty and f.duty_cell[at[v], s]:
                x.drop_duty(v, s)

    def free_slot(self, t: int, classes: Array) -> None:
        """Drop the lessons of these classes in a slot, but for those that must stay."""
        x, f = self.state, self.facts
        for c in np.nonzero(classes & f.lesson_cell[:, t] & (x.course[:, t] >= 0))[0].tolist():
            if self.people[x.teacher[c, t]]:
                x.drop_lesson(c, t)

    def segment(self, s: int, classes: Array, taste: Taste, *, lessons: bool = True) -> None:
        """Decide the duties of these classes in a segment anew, then its slots; `lessons` frees those before."""
        self.free_segment(s, classes)
        slots = self.facts.slots_in[s]
        if lessons:
            for t in slots:
                self.free_slot(t, classes)
        self._duties(s, classes, taste)
        for t in self.rng.permutation(slots).tolist():
            self.slot(int(t), classes, taste.noise)

    def slot(self, t: int, classes: Array, noise: float) -> None:
        """Decide the lessons of these classes in a slot anew."""
        self.free_slot(t, classes)
        options = self._lesson_options(t, classes)
        if not len(options[0]):
            return
        cost = self._lesson_costs(t, options, noise)
        best = _cheapest_of_pair(options[0] * self.facts.classes + options[1], cost)
        v, c, k, r = (a[best] for a in options)
        for i in self._assign(v, c, r, cost[best]):
            self.state.add_lesson(int(c[i]), t, int(k[i]), int(v[i]), int(r[i]))

    def _lesson_options(self, t: int, classes: Array) -> tuple[Array, Array, Array, Array]:
        """What may be given now: volunteer, class, course, room."""
        x, f = self.state, self.facts
        v, c, k, r = f.lessons[t]
        s, day = f.segment_of[t], f.day_of_slot[t]
        on = x.duty[v, s]
        ok = classes[c] & self.people[v] & (x.course[c, t] < 0) & (x.teaching[v, t] < 0)
        ok &= (on == c) | ((on < 0) & f.adult[v])
        ok &= (x.day_course[c, day, k] == 0) & (x.week_course[c, k] < f.most_repeats)
        ok &= (x.engaged[v, s] > 0) | (x.load[v] < f.most[v])
        ok &= (r < 0) | (x.in_room[r, t] == 0)
        i = np.nonzero(ok)[0]
        if len(i):
            may_come = x.reachable(f.segments + t)
            i = i[(on[i] >= 0) | may_come[v[i], f.site[c[i]]]]
        return v[i], c[i], k[i], r[i]

    def _lesson_costs(self, t: int, options: tuple[Array, Array, Array, Array], noise: float) -> Array:
        x, f = self.state, self.facts
        v, c, k, _ = options
        d = f.domain[k]
        cost = f.dislike[c, k] + self._fee(v, f.site[c], int(f.day_of_slot[t]), int(f.segment_of[t]), Taste())
        cost = cost - PROGRAMME * (1 + (x.in_domain[c, d] < f.minimum[c, d]))
        return cost + self._chance(len(v), noise)

    def _chance(self, count: int, noise: float) -> Array:
        return noise * self.rng.gumbel(size=count) if noise else np.zeros(count)

    def _fee(self, v: Array, site: Array, day: int, s: int, taste: Taste) -> Array:
        """What engaging a volunteer there adds to quality: the way, a wish passed over, load."""
        x, f, w = self.state, self.facts, self.facts.weights
        fee = np.where(x.on_day[v, day, site] == 0, f.way[v, site] * taste.daily, 0.0)
        fee += np.where(x.at_site[v, site] == 0, f.passed[v, site] * taste.weekly, 0.0)
        new, load = x.engaged[v, s] == 0, x.load[v]
        fee += np.where(new & (load >= f.liked[v]), w.overload, 0)
        return fee - np.where(new & (load < f.half[v]), w.idle, 0)

    def _assign(self, v: Array, c: Array, r: Array, cost: Array) -> list[int]:
        """The cheapest assignment, as positions; where two lessons want one room, the dearer looks elsewhere."""
        chosen: list[int] = []
        spoilt: set[int] = set()
        for _ in range(ROOM_TRIES):
            people, vi = np.unique(v, return_inverse=True)
            places, ci = np.unique(c, return_inverse=True)
            n, m = len(people), len(places)
            tails = np.concatenate([np.zeros(n), vi + 2, np.arange(m) + 2 + n, [0]])
            heads = np.concatenate([np.arange(n) + 2, ci + 2 + n, np.ones(m), [1]])
            caps = np.concatenate([np.ones(n + len(v) + m), [m]])
            costs = np.concatenate([np.zeros(n), cost, np.zeros(m + 1)])
            chosen = np.nonzero(_cheapest_flow(tails, heads, caps, costs, m)[n : n + len(v)])[0].tolist()
            if not (spoilt := _losers(chosen, r, cost)):
                break
            cost = cost.copy()
            cost[list(spoilt)] = NOBODY
        return [i for i in chosen if i not in spoilt]

    def _duties(self, s: int, classes: Array, taste: Taste) -> None:
        x, f = self.state, self.facts
        v, c, lead = f.duties[s]
        ok = classes[c] & self.people[v] & (x.duty[v, s] < 0) & f.adult[v]  # Minors' duties are decided by parts.
        ok &= (x.engaged[v, s] > 0) | (x.load[v] < f.most[v])
        for t in f.slots_in[s]:
            ok &= (x.teaching[v, t] < 0) | (x.teaching[v, t] == c)
        i = np.nonzero(ok)[0]
        i = i[x.reachable(s)[v[i], f.site[c[i]]]] if len(i) else i
        if len(i):
            self._staff(s, v[i], c[i], lead[i] > 0, taste)

    def _staff(self, s: int, v: Array, c: Array, may_lead: Array, taste: Taste) -> None:
        """Duties from the permitted ones, by a flow with two doors into each class: assistants, and one lead."""
        x, f = self.state, self.facts
        cost, j, lead_cost = self._duty_costs(s, v, c, may_lead, taste)
        people, vi = np.unique(v, return_inverse=True)
        places, ci = np.unique(c, return_inverse=True)
        n, m = len(people), len(places)
        door, led, inside = 2 + n, 2 + n + m, 2 + n + 2 * m
        here, need = x.adults[places, s], f.need[places]
        first = np.maximum(0, f.least - here)
        later = np.maximum(0, need - np.maximum(here, f.least))
        every = np.arange(m)
        tails: list[Array] = [np.zeros(n), vi + 2, vi[j] + 2, door + every, led + every, *([inside + every] * 3), [0]]
        heads: list[Array] = [
            np.arange(n) + 2,
            door + ci,
            led + ci[j],
            inside + every,
            inside + every,
            np.ones(3 * m),
            [1],
        ]
        caps: list[Array] = [
            np.ones(n + len(v) + len(j)),
            np.full(m, n + 1),
            np.ones(m),
            first,
            later,
            np.full(m, EXTRA),
            [n],
        ]
        worth = [np.full(m, -SAFETY), np.full(m, -2 * SAFETY), np.full(m, -SAFETY), np.zeros(m + 1)]
        costs: list[Array] = [np.zeros(n), cost, lead_cost, np.zeros(m), *worth]
        arcs = [np.concatenate(a) for a in (tails, heads, caps, costs)]
        flow = _cheapest_flow(arcs[0], arcs[1], arcs[2], arcs[3], n)
        for i in np.nonzero(flow[n : n + len(v)])[0]:
            x.add_duty(int(v[i]), s, int(c[i]), False)
        for i in j[np.nonzero(flow[n + len(v) : n + len(v) + len(j)])[0]]:
            x.add_duty(int(v[i]), s, int(c[i]), True)

    def _duty_costs(self, s: int, v: Array, c: Array, may_lead: Array, taste: Taste) -> tuple[Array, Array, Array]:
        """Cost of each duty as an assistant, which of them may lead, and what they cost as the lead."""
        x, f, w = self.state, self.facts, self.facts.weights
        cost = self._fee(v, f.site[c], int(f.day_of_segment[s]), s, taste) + self._chance(len(v), taste.noise)
        cost += np.where(x.times_at[v, c] == 0, w.continuity * taste.weekly, 0.0)
        if taste.teach:
            cost -= taste.teach * PROGRAMME * self._could_teach(s)[v, c]
        j = np.nonzero(may_lead & (x.led[c, s] == 0))[0]
        another = (x.times_led[v[j], c[j]] == 0) & (x.leaders[c[j]] > 0)
        return cost, j, cost[j] + np.where(another, w.lead * taste.weekly, 0.0)

    def _could_teach(self, s: int) -> Array:
        """How many open slots of a segment each volunteer could fill at each class, with different courses (V × C)."""
        x, f = self.state, self.facts
        slots = np.zeros((f.people, f.classes))
        courses = np.zeros_like(slots)
        for t in f.slots_in[s]:
            v, c, k, _ = f.lessons[t]
            ok = (x.course[c, t] < 0) & (x.day_course[c, f.day_of_slot[t], k] == 0)
            ok &= x.week_course[c, k] < f.most_repeats
            count = np.bincount(v[ok] * f.classes + c[ok], minlength=slots.size).reshape(slots.shape)
            slots += count > 0
            courses = np.maximum(courses, count)
        return np.minimum(slots, courses)


def _losers(chosen: list[int], rooms: Array, cost: Array) -> set[int]:
    """Of lessons in one room, all but the cheapest."""
    holder: dict[int, int] = {}
    out: set[int] = set()
    for i in chosen:
        if (room := int(rooms[i])) >= 0:
            best = holder.setdefault(room, i)
            if best != i:
                keep, lose = (i, best) if cost[i] < cost[best] else (best, i)
                holder[room] = keep
                out.add(lose)
    return out


def _cheapest_of_pair(pair: Array, cost: Array) -> Array:
    """Positions of the cheapest option of each pair."""
    order = np.lexsort((cost, pair))
    first = np.ones(len(order), dtype=bool)
    first[1:] = pair[order][1:] != pair[order][:-1]
    return order[first]


def _cheapest_flow(tails: Array, heads: Array, caps: Array, costs: Array, supply: int) -> Array:
    """Flow on each arc; node 0 sends `supply` units to node 1, those that nobody wants by an arc of their own."""
    from ortools.graph.python.min_cost_flow import SimpleMinCostFlow

    network = SimpleMinCostFlow()
    arcs = network.add_arcs_with_capacity_and_unit_cost(
        tails.astype(np.int32), heads.astype(np.int32), caps.astype(np.int64), np.rint(FINE * costs).astype(np.int64)
    )
    network.set_node_supply(0, supply)
    network.set_node_supply(1, -supply)
    return network.flows(arcs) if network.solve() == network.OPTIMAL else np.zeros(len(arcs), dtype=np.int64)
