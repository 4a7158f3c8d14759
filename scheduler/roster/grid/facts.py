"""What does not change about a week, as arrays. Volunteers, classes, segments, slots … are their positions.

V volunteers, C classes, S segments, T slots, K courses, A sites, N weekdays. An *event* is a segment (0 … S−1) or a
slot (S … S+T−1). Fees are in points of quality, weights included.
"""

from __future__ import annotations

import math
from collections.abc import Container
from typing import Any

import numpy as np

from scheduler.roster.choices import Cell, Choices
from scheduler.roster.problem import Duty, Lesson, Problem, Roster

Array = Any


class Facts:
    """The arrays of one problem, and the choices that are free. `kept` entries are never moved."""

    def __init__(self, choices: Choices, cells: tuple[set[Cell], set[Cell]], kept: Roster) -> None:
        problem = choices.problem
        self.weights = problem.policy.weights
        self.least = problem.policy.min_adults
        self.most_repeats = problem.policy.max_lessons_per_course
        self._name(problem)
        self._time(problem)
        self._people(problem)
        self._classes(problem)
        self.still = self._untouchable(choices)
        self.pinned_duty = {(self.volunteer[d.volunteer], self.segment[d.segment]) for d in kept.duties}
        self._free_duties(choices, cells[0])
        self._free_lessons(choices, cells[1], kept)
        self.serves = np.zeros((self.people, self.classes), dtype=bool)  # who may do anything at a class
        for options in (*self.duties, *self.lessons):
            self.serves[options[0], options[1]] = True

    def _name(self, problem: Problem) -> None:
        self.names = {
            "volunteer": [v.id for v in problem.volunteers],
            "class": [c.id for c in problem.classes],
            "segment": [s.id for s in problem.segments],
            "slot": [t.id for t in problem.slots],
            "course": [k.id for k in problem.courses],
            "room": [r.id for a in problem.sites for r in a.rooms],
        }
        places = {kind: {x: i for i, x in enumerate(ids)} for kind, ids in self.names.items()}
        self.volunteer, self.class_run, self.segment = places["volunteer"], places["class"], places["segment"]
        self.slot, self.course = places["slot"], places["course"]
        self.room: dict[str | None, int] = {None: -1}
        self.room.update(places["room"])
        self.people, self.classes, self.segments, self.slots, self.courses, self.rooms = (
            len(self.names[k]) for k in ("volunteer", "class", "segment", "slot", "course", "room")
        )

    def _time(self, problem: Problem) -> None:
        """Weekdays, which slots lie in which segment, and how far apart events are."""
        days = list(problem.weekdays)
        self.days = len(days)
        self.day_of_segment = np.array([days.index(s.weekday) for s in problem.segments], dtype=np.int64)
        self.segment_of = np.array([self.segment[t.segment] for t in problem.slots], dtype=np.int64)
        self.day_of_slot = self.day_of_segment[self.segment_of] if self.slots else self.segment_of
        self.slots_in = [np.nonzero(self.segment_of == s)[0].tolist() for s in range(self.segments)]
        minutes = np.array([[problem.travel_minutes(a.id, b.id) for b in problem.sites] for a in problem.sites])
        np.fill_diagonal(minutes, -1)
        self.sites = len(problem.sites)
        spans = [(d, s.start, s.end) for d, s in zip(self.day_of_segment, problem.segments, strict=True)]
        spans += [(d, t.start, t.end) for d, t in zip(self.day_of_slot, problem.slots, strict=True)]
        self.reachable: dict[int, Array] = {}  # by gap in minutes: site × site
        self.others = [[*self._others(e, spans, minutes)] for e in range(len(spans))]

    def _others(self, e: int, spans: list[tuple[int, int, int]], minutes: Array) -> list[tuple[int, int]]:
        """Events of the same weekday that travel must be possible to, with the gap; a slot is part of its segment."""
        day, begin, end = spans[e]
        out = []
        for o, (other_day, start, finish) in enumerate(spans):
            if o == e or other_day != day or self._is_part(e, o) or self._is_part(o, e):
                continue
            gap = max(start - end, begin - finish)
            self.reachable.setdefault(gap, minutes <= gap)
            out.append((o, gap))
        return out

    def _is_part(self, slot: int, segment: int) -> bool:
        return slot >= self.segments > segment and int(self.segment_of[slot - self.segments]) == segment

    def _people(self, problem: Problem) -> None:
        w, who = self.weights, problem.volunteers
        self.adult = np.array([v.adult for v in who], dtype=bool)
        self.most = np.array([v.max_segments for v in who], dtype=np.int64)
        self.liked = np.array([v.preferred_segments for v in who], dtype=np.int64)
        self.half = -(-self.liked // 2)
        self.may_idle = np.array([v.cleared and bool(v.available) for v in who], dtype=bool)
        self.teaches = np.array([bool(v.courses) for v in who], dtype=bool)
        sites = problem.sites
        self.way = np.array([[w.travel * math.ceil(problem.km(v.id, a.id)) for a in sites] for v in who])
        self.passed = np.array(
            [[w.wish if v.preferred_sites and a.id not in v.preferred_sites else 0 for a in sites] for v in who]
        )

    def _classes(self, problem: Problem) -> None:
        sites = {a.id: i for i, a in enumerate(problem.sites)}
        self.site = np.array([sites[c.site] for c in problem.classes], dtype=np.int64)
        spots = np.array([(problem.site[c.site].x_km, problem.site[c.site].y_km) for c in problem.classes])
        away = np.hypot(*(spots[:, None, i] - spots[None, :, i] for i in (0, 1)))
        self.nearest = np.argsort(away, axis=1, kind="stable")
        self.need = np.array([problem.need(c) for c in problem.classes], dtype=np.int64)
        domains = sorted({k.domain for k in problem.courses} | set(problem.policy.domain_minimums))
        place = {d: i for i, d in enumerate(domains)}
        self.domain = np.array([place[k.domain] for k in problem.courses], dtype=np.int64)
        self.minimum = np.zeros((self.classes, len(domains)), dtype=np.int64)
        self.open_segment = np.zeros((self.classes, self.segments), dtype=bool)
        self.open_slot = np.zeros((self.classes, self.slots), dtype=bool)
        for i, c in enumerate(problem.classes):
            self.open_segment[i, [self.segment[s] for s in c.segments]] = True
            self.open_slot[i, [self.slot[t] for t in c.slots]] = True
            for d, n in problem.minimums(c).items():
                self.minimum[i, place[d]] = n
        weight = self.weights.interest
        self.dislike = np.array(
            [[weight * (10 - c.interest_in(k.id)) for k in problem.courses] for c in problem.classes]
        ).reshape(self.classes, self.courses)

    def _untouchable(self, choices: Choices) -> Array:
        """Volunteers with a pin that waives a rule: their week is left to the search that knows waivers."""
        still = np.zeros(self.people, dtype=bool)
        for entries in choices.waived.values():
            for e in entries:
                still[self.volunteer[e.volunteer if isinstance(e, Duty) else e.instructor]] = True
        return still

    def _free_duties(self, choices: Choices, cells: Container[Cell]) -> None:
        """For each segment the permitted duties: volunteer, class, may lead (3 × n)."""
        self.duty_cell = np.zeros((self.classes, self.segments), dtype=bool)
        rows: list[list[tuple[int, int, bool]]] = [[] for _ in range(self.segments)]
        for (c, s), who in choices.duty.items():
            if (c, s) not in cells:
                continue
            at, i = self.segment[s], self.class_run[c]
            self.duty_cell[i, at] = True
            for name, lead in who.items():
                v = self.volunteer[name]
                if not self.still[v] and (v, at) not in self.pinned_duty:
                    rows[at].append((v, i, lead))
        self.duties = [np.array(r, dtype=np.int64).reshape(-1, 3).T for r in rows]

    def _free_lessons(self, choices: Choices, cells: Container[Cell], kept: Roster) -> None:
        """For each slot the permitted lessons: volunteer, class, course, room or −1 (4 × n)."""
        self.lesson_cell = np.zeros((self.classes, self.slots), dtype=bool)
        taken = {(x.class_run, x.slot) for x in kept.lessons}
        rows: list[list[tuple[int, int, int, int]]] = [[] for _ in range(self.slots)]
        for (c, t), keys in choices.lesson.items():
            if (c, t) not in cells or (c, t) in taken:
                continue
            at, i = self.slot[t], self.class_run[c]
            self.lesson_cell[i, at] = True
            options = [(self.volunteer[v], i, self.course[k], self.room[r]) for _, _, k, v, r in keys]
            rows[at] += [o for o in options if not self.still[o[0]]]
        self.lessons = [np.array(r, dtype=np.int64).reshape(-1, 4).T for r in rows]

    def duty_entry(self, v: int, s: int, c: int, lead: bool) -> Duty:
        """The entry that stands for these positions."""
        n = self.names
        return Duty(n["volunteer"][v], n["class"][c], n["segment"][s], "lead" if lead else "assistant")

    def lesson_entry(self, c: int, t: int, k: int, v: int, r: int) -> Lesson:
        """The same for a lesson."""
        n = self.names
        room = n["room"][r] if r >= 0 else None
        return Lesson(n["class"][c], n["slot"][t], n["course"][k], n["volunteer"][v], room)
