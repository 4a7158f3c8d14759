"""A first roster in a second or two: duties as a min-cost flow, solved a few times with prices that learn.

A volunteer is a source of at most `max_segments` units; each unit passes (volunteer, segment), then a class in that
segment, then one of its places. The places of a class are convex (two adults are worth more than the third), so the
flow is exact for safety but for three things that it does not see, and that the rounds put right:

- what is paid once, not per segment (a way, a site, a new face): its price is spread over the segments that used
  it in the round before ("dynamic slope scaling", Kim and Pardalos 1999);
- two sites too close in time: the volunteer keeps the better of the two on that day for all later rounds;
- lessons: somebody who can teach is worth, at each class, what they gave there in the quick timetable of the round
  before, or could have given in slots that stayed open.
"""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Callable

from scheduler.roster.choices import Cell, Choices
from scheduler.roster.flow import PROGRAMME, QUALITY, Arc, Network
from scheduler.roster.problem import Duty, Lesson, Problem, Roster
from scheduler.roster.timetable import Timetable

ROUNDS = 24
ALIKE = 3  # rounds of equal worth after which prices have nothing more to learn


class Opening:
    """The prices of one problem's arcs around the kept entries, and what the rounds taught."""

    def __init__(self, choices: Choices, kept: Roster, cells: tuple[set[Cell], set[Cell]]) -> None:
        self.choices, self.problem, self.cells, self.kept = choices, choices.problem, cells, kept
        self.day = {s.id: s.weekday for s in self.problem.segments}
        self.site = {c.id: c.site for c in self.problem.classes}
        self.busy: dict[str, set[tuple[str, str]]] = defaultdict(set)  # volunteer → (segment, site) that stay
        self._note_kept()
        self.courses = self._teachable()
        self.arcs = self._list_arcs()
        self.home: dict[tuple[str, int], str] = {}  # the site a volunteer must keep to on a weekday
        travel = self.problem.policy.weights.travel
        self.way = [travel * self.problem.km(a.volunteer, self.site[a.class_run]) for a in self.arcs]
        self.fixed = [self._fixed(a) for a in self.arcs]
        self.week = [(a.volunteer, a.class_run) for a in self.arcs]
        self.today = [(a.volunteer, self.day[a.segment], self.site[a.class_run]) for a in self.arcs]
        self.teaches = [i for i, a in enumerate(self.arcs) if (a.volunteer, a.class_run, a.segment) in self.courses]
        # At first as if two segments shared a way, and a week's worth of segments a class.
        self.duty_price = [way / 2 + fixed / 5 for way, fixed in zip(self.way, self.fixed, strict=True)]
        self.lesson_worth = [self._first_worth(a) for a in self.arcs]

    def _note_kept(self) -> None:
        for d in self.kept.duties:
            self.busy[d.volunteer].add((d.segment, self.site[d.class_run]))
        for x in self.kept.lessons:
            self.busy[x.instructor].add((self.problem.slot[x.slot].segment, self.site[x.class_run]))

    def _teachable(self) -> dict[tuple[str, str, str], frozenset[str]]:
        """The courses that each instructor could give a class in a segment."""
        courses: dict[tuple[str, str, str], set[str]] = defaultdict(set)
        for (c, t), keys in self.choices.lesson.items():
            if (c, t) in self.cells[1]:
                for key in keys:
                    courses[key[3], c, self.problem.slot[t].segment].add(key[2])
        return {at: frozenset(ids) for at, ids in courses.items()}

    def _list_arcs(self) -> list[Arc]:
        arcs = []
        for c, s in sorted(self.cells[0]):
            for v, may_lead in self.choices.duty.get((c, s), {}).items():
                if self._is_free(v, s, self.site[c]) and self.problem.volunteer[v].adult:
                    arcs += [Arc(v, c, s, door) for door in (("assistant", "lead") if may_lead else ("assistant",))]
        for v, c, s in sorted(self.courses):
            if self.problem.volunteer[v].adult and self._is_free(v, s, self.site[c]):
                arcs.append(Arc(v, c, s, "visit"))
        return arcs

    def _is_free(self, v: str, s: str, site: str) -> bool:
        return all(s != other and not self._clash(s, site, other, there) for other, there in self.busy[v])

    def _clash(self, a: str, here: str, b: str, there: str) -> bool:
        """Whether two segments cannot both be served, at these two sites."""
        first, second = sorted((self.problem.segment[a], self.problem.segment[b]), key=lambda s: (s.start, s.end))
        if first.weekday != second.weekday:
            return False
        wait = self.problem.travel_minutes(here, there) if here != there else 0
        return second.start < first.end + wait

    def solve(self, go_on: Callable[[int], bool]) -> tuple[list[Duty], list[Lesson]]:
        """Duties and lessons for the free cells that break no rule: those of the best round.

        `go_on` is asked before each round but the first, with the number of rounds done.
        """
        if not self.arcs:
            return [], []
        network = Network(self.problem, self.arcs, self.cells[0], self.kept)
        best: tuple[int, list[Arc], Timetable] | None = None
        worths: list[int] = []
        for done in range(ROUNDS):
            if done and (not go_on(done) or (done >= ALIKE and len({*worths[-ALIKE:]}) == 1)):
                break
            closed = [self.home.get(key[:2], key[2]) != key[2] for key in self.today]
            used = self._without_clashes(network.flow(self._prices(), closed))
            table = Timetable(self.choices, self.kept.lessons)
            table.fill((a.volunteer, a.class_run, a.segment) for a in used)
            worth = network.worth(used) + PROGRAMME * sum(table.points.values())
            worths.append(worth)
            if best is None or worth > best[0]:
                best = (worth, used, table)
            self._learn(used, table)
        assert best is not None
        duties = [Duty(a.volunteer, a.class_run, a.segment, _role(a)) for a in best[1] if a.door != "visit"]
        return duties, [Lesson(*key) for key in best[2].lessons]

    def _prices(self) -> list[float]:
        pairs = zip(self.duty_price, self.lesson_worth, strict=True)
        return [QUALITY * price - PROGRAMME * worth for price, worth in pairs]

    def _first_worth(self, a: Arc) -> float:
        """Half of what somebody could give there, at most three slots: not everybody will."""
        return min(3, len(self.courses.get((a.volunteer, a.class_run, a.segment), ()))) / 2

    def _fixed(self, a: Arc) -> int:
        """What the first segment of a volunteer at a class costs, once a week."""
        w, v = self.problem.policy.weights, self.problem.volunteer[a.volunteer]
        passed = w.wish if v.preferred_sites and self.site[a.class_run] not in v.preferred_sites else 0
        return passed + (0 if a.door == "visit" else w.continuity) + (w.lead if a.door == "lead" else 0)

    def _learn(self, used: list[Arc], table: Timetable) -> None:
        """Spread what is paid once over the segments that shared it; value teachers by what they give."""
        weekly: dict[tuple[str, str], int] = defaultdict(int)
        daily: dict[tuple[str, int, str], int] = defaultdict(int)
        for a in used:
            weekly[a.volunteer, a.class_run] += 1
            daily[a.volunteer, self.day[a.segment], self.site[a.class_run]] += 1
        open_slots = self._open_slots(table)
        there = {(a.volunteer, a.class_run, a.segment) for a in used}
        for i, (way, fixed) in enumerate(zip(self.way, self.fixed, strict=True)):
            price = way / daily.get(self.today[i], 1) + fixed / weekly.get(self.week[i], 1)
            self.duty_price[i] = 0.5 * self.duty_price[i] + 0.5 * price
        for i in self.teaches:
            worth = self._worth(self.arcs[i], there, table, open_slots)
            self.lesson_worth[i] = 0.5 * self.lesson_worth[i] + 0.5 * worth

    def _open_slots(self, table: Timetable) -> dict[Cell, int]:
        count: dict[Cell, int] = defaultdict(int)
        for c, t in self.cells[1]:
            count[c, self.problem.slot[t].segment] += (c, t) not in table.taken
        return count

    def _worth(self, a: Arc, there: set[tuple[str, str, str]], table: Timetable, open_slots: dict[Cell, int]) -> float:
        """The points of programme that somebody earned at a place, or could have earned in open slots."""
        at = (a.volunteer, a.class_run, a.segment)
        if at in there:
            return table.points[at]
        if not (count := open_slots[a.class_run, a.segment]):
            return 0.0
        day = self.day[a.segment]
        useful = [k for k in self.courses[at] if table.may_repeat(a.class_run, day, k)]
        short = {self.problem.course[k].domain for k in useful if table.is_short(a.class_run, k)}
        return min(count, len(useful)) + min(count, len(short))

    def _without_clashes(self, used: list[Arc]) -> list[Arc]:
        """Where two engagements of a weekday clash, the site with more of them stays, now and in later rounds."""
        by_day: dict[tuple[str, int], list[Arc]] = defaultdict(list)
        for a in used:
            by_day[a.volunteer, self.day[a.segment]].append(a)
        sound = []
        for key, arcs in by_day.items():
            if any(self._arcs_clash(a, b) for a, b in itertools.combinations(arcs, 2)):
                self.home[key] = self._better_site(arcs)
                sound += self._first_fitting([a for a in arcs if self.site[a.class_run] == self.home[key]])
            else:
                sound += arcs
        return sound

    def _arcs_clash(self, a: Arc, b: Arc) -> bool:
        return self._clash(a.segment, self.site[a.class_run], b.segment, self.site[b.class_run])

    def _better_site(self, arcs: list[Arc]) -> str:
        worth: dict[str, int] = defaultdict(int)
        for a in arcs:
            worth[self.site[a.class_run]] += {"lead": 3, "visit": 1}.get(a.door, 2)
        return max(sorted(worth), key=lambda site: worth[site])

    def _first_fitting(self, arcs: list[Arc]) -> list[Arc]:
        kept: list[Arc] = []
        for a in arcs:
            if not any(self._arcs_clash(a, b) for b in kept):
                kept.append(a)
        return kept


def _role(a: Arc) -> str:
    return "lead" if a.door == "lead" else "assistant"


def opening(choices: Choices, kept: Roster, cells: tuple[set[Cell], set[Cell]], go_on: Callable[[int], bool]) -> Roster:
    """A first roster around the kept entries, with duties and lessons in the free cells."""
    duties, lessons = Opening(choices, kept, cells).solve(go_on)
    return Roster(kept.duties | frozenset(duties), kept.lessons | frozenset(lessons))


def pinned(problem: Problem) -> Roster:
    """The pins alone."""
    return Roster(frozenset(d for d, _ in problem.pins.duties), frozenset(x for x, _ in problem.pins.lessons))
