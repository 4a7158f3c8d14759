"""Proven bounds per level, from a linear relaxation of the whole week.

Duties are day patterns: a column for each volunteer, weekday, site and set of segments, so that a day at one
site is one decision and back-to-back segments at two sites exclude each other exactly. Adults are pooled over
the classes of a site. Lessons are columns for instructor, class and slot, tied to courses per weekday. What is
left out (rooms by the minute, travel between visits, which class of a site) can only make the bound smaller.
"""

from __future__ import annotations

import itertools
import math
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager

from scheduler.roster.choices import Choices
from scheduler.roster.lp import Lp
from scheduler.roster.problem import ClassRun, Problem, Weights

Terms = list[tuple[int, float]]
ALL_LEVELS = frozenset({"safety", "programme", "quality"})
MOST_IN_PATTERN = 4  # segments a weekday; 2⁴ − 1 sets


class Relaxation:
    """The linear programme of one problem; `costs` holds the terms of each level.

    With `levels` it is built without what the other levels need: smaller, and still a relaxation.
    """

    def __init__(self, choices: Choices, levels: frozenset[str] = ALL_LEVELS) -> None:
        self.levels = levels
        self.choices, self.problem, self.lp = choices, choices.problem, Lp()
        self.costs: dict[str, Terms] = {"safety": [], "programme": [], "quality": []}
        self.constant = 0.0
        self.days = {d: [s.id for s in self.problem.segments if s.weekday == d] for d in self.problem.weekdays}
        self.classes_at: dict[str, list[ClassRun]] = defaultdict(list)
        for c in self.problem.classes:
            self.classes_at[c.site].append(c)
        self.loose = {
            getattr(entry, "volunteer", None) or getattr(entry, "instructor", "")
            for entries in choices.waived.values()
            for entry in entries
        }
        self.present: dict[tuple[str, str, str], Terms] = defaultdict(list)  # volunteer, site, segment
        self.day_at: dict[tuple[str, int, str], Terms] = defaultdict(list)  # volunteer, weekday, site
        self.at: dict[tuple[str, str], Terms] = defaultdict(list)  # volunteer, site
        self.leads: dict[tuple[str, str], Terms] = defaultdict(list)  # site, segment
        self.teach: dict[tuple[str, str, str], int] = {}  # volunteer, class, slot
        if levels != {"programme"}:
            self._add_patterns()
            self._add_cover()
        if levels != {"safety"}:
            self._add_lessons()
        self._add_people()

    def _eligible(self) -> dict[tuple[str, str], dict[str, bool]]:
        """For each volunteer and site, the segments open to them and whether they may lead there."""
        table: dict[tuple[str, str], dict[str, bool]] = defaultdict(dict)
        for (c, s), who in self.choices.duty.items():
            site = self.problem.class_run[c].site
            for v, may_lead in who.items():
                table[v, site][s] = table[v, site].get(s, False) or may_lead
        return table

    def _add_patterns(self) -> None:
        w = self.problem.policy.weights
        by_day: dict[tuple[str, int], list[tuple[int, frozenset[str]]]] = defaultdict(list)
        for (v, site), segments in self._eligible().items():
            km = math.ceil(self.problem.km(v, site))
            for day, names in self.days.items():
                mine = [s for s in names if s in segments]
                for pattern, paid in _patterns(mine, len(names)):
                    j = self.lp.column()
                    by_day[v, day].append((j, frozenset(pattern)))
                    self.costs["quality"].append((j, w.travel * km * paid))
                    self.day_at[v, day, site].append((j, 1.0))
                    self.at[v, site].append((j, float(len(pattern))))
                    for s in pattern:
                        self.present[v, site, s].append((j, 1.0))
            self._add_leads(v, site, [s for s, may in segments.items() if may])
        for (v, day), columns in by_day.items():
            if v not in self.loose:
                self._add_day(day, columns)

    def _add_leads(self, v: str, site: str, segments: list[str]) -> None:
        ever: Terms = []
        for s in segments:
            j = self.lp.column()
            self.lp.row([(j, 1.0), *((k, -a) for k, a in self.present[v, site, s])], high=0)
            self.leads[site, s].append((j, 1.0))
            ever.append((j, 1.0))
        if ever and self.problem.policy.weights.lead and "quality" in self.levels:
            lead = self.lp.column()
            for j, _ in ever:
                self.lp.row([(j, 1.0), (lead, -1.0)], high=0)
            self.leads[site, ""].append((lead, 1.0))

    def _add_day(self, day: int, columns: list[tuple[int, frozenset[str]]]) -> None:
        """Each segment once; two segments too close to change sites belong to one pattern or one is free."""
        names = sorted((self.problem.segment[s] for s in self.days[day]), key=lambda s: s.start)
        covered = set()
        for a, b in itertools.pairwise(names if len(names) <= MOST_IN_PATTERN else []):
            if b.start - a.end < math.ceil(self.problem.policy.travel_minutes_fixed - 1e-9):
                self.lp.row([(j, 1.0) for j, p in columns if a.id in p or b.id in p], high=1)
                covered |= {a.id, b.id}
        for s in names:
            if s.id not in covered:
                self.lp.row([(j, 1.0) for j, p in columns if s.id in p], high=1)

    def _add_cover(self) -> None:
        least = self.problem.policy.min_adults
        people: dict[tuple[str, str], Terms] = defaultdict(list)
        for (v, site, s), terms in self.present.items():
            if self.problem.volunteer[v].adult:
                people[site, s] += terms
        for site, classes in self.classes_at.items():
            for s in {s for c in classes for s in c.segments}:
                here = [c for c in classes if s in c.segments]
                need = sum(self.problem.need(c) for c in here)
                self._cover(people[site, s], need)
                self._cover(people[site, s], least * len(here))
                self._cover(self.leads.get((site, s), []), len(here))
                self.lp.row(self.leads.get((site, s), []), high=len(here))
            if self.leads.get((site, "")):
                extra = self.lp.column(float(len(self.leads[site, ""])))
                self.lp.row([(extra, 1.0), *((j, -1.0) for j, _ in self.leads[site, ""])], low=-len(classes))
                self.costs["quality"].append((extra, self.problem.policy.weights.lead))

    def _cover(self, terms: Terms, wanted: int) -> None:
        short = self.lp.column(float(wanted))
        self.lp.row([(short, 1.0), *terms], low=wanted)
        self.costs["safety"].append((short, 1.0))

    def _add_lessons(self) -> None:
        for c in self.problem.classes:
            taught = self._class_lessons(c)
            for domain, least in self.problem.minimums(c).items():
                short = self.lp.column(float(least))
                mine = [(j, 1.0) for (_, k), j in taught.items() if self.problem.course[k].domain == domain]
                self.lp.row([(short, 1.0), *mine], low=least)
                self.costs["programme"].append((short, 1.0))

    def _class_lessons(self, c: ClassRun) -> dict[tuple[int, str], int]:
        """Columns of one class: instructor by slot, course by weekday. Returns the latter."""
        given: dict[tuple[int, str], Terms] = defaultdict(list)  # weekday, instructor
        may: dict[tuple[int, str], set[str]] = defaultdict(set)  # weekday, course → instructors
        for t in c.slots:
            day = self._day(t)
            who = {}
            for _, _, k, v, _ in self.choices.lesson.get((c.id, t), ()):
                may[day, k].add(v)
                if v not in who:
                    who[v] = self.teach[v, c.id, t] = self.lp.column()
                    given[day, v].append((who[v], 1.0))
            open_slot = self.lp.column()
            self.lp.row([(open_slot, 1.0), *((j, 1.0) for j in who.values())], low=1, high=1)
            self.costs["programme"].append((open_slot, 1.0))
        weight = self.problem.policy.weights.interest
        taught = {}
        for day, k in may:
            taught[day, k] = self.lp.column()
            self.costs["quality"].append((taught[day, k], weight * (10.0 - c.interest_in(k))))
        self._tie_courses(c, given, may, taught)
        return taught

    def _tie_courses(
        self,
        c: ClassRun,
        given: dict[tuple[int, str], Terms],
        may: dict[tuple[int, str], set[str]],
        taught: dict[tuple[int, str], int],
    ) -> None:
        if any(getattr(x, "class_run", "") == c.id for x in self.choices.waived.get("lesson", ())):
            for j in taught.values():
                self.lp.upper[j] = float(len(c.slots))
        else:
            for k in {k for _, k in taught}:
                limit = self.problem.policy.max_lessons_per_course
                self.lp.row([(j, 1.0) for (_, n), j in taught.items() if n == k], high=limit)
        for day in {d for d, _ in given}:
            lessons = [x for (d, _), terms in given.items() if d == day for x in terms]
            courses = [(j, -1.0) for (d, _), j in taught.items() if d == day]
            self.lp.row([*lessons, *courses], low=0, high=0)
        for (day, v), terms in given.items():
            mine = [(taught[day, k], -1.0) for (d, k), who in may.items() if d == day and v in who]
            self.lp.row([*terms, *mine], high=0)
        for (day, k), who in may.items():
            all_given = [x for v in who for x in given[day, v]]
            self.lp.row([(taught[day, k], 1.0), *((j, -a) for j, a in all_given)], high=0)

    def _day(self, slot: str) -> int:
        return self.problem.segment[self.problem.slot[slot].segment].weekday

    def _add_people(self) -> None:
        self._add_visits()
        if "quality" in self.levels:
            self._add_sites()
        present: dict[tuple[str, str], Terms] = defaultdict(list)
        for (v, _, s), terms in self.present.items():
            present[v, s] += terms
        lessons: dict[tuple[str, str, str], Terms] = defaultdict(list)
        for (v, _, t), j in self.teach.items():
            lessons[v, self.problem.slot[t].segment, t].append((j, 1.0))
        for terms in lessons.values():
            self.lp.row(terms, high=1)
        engaged: dict[str, Terms] = defaultdict(list)
        by_segment: dict[tuple[str, str], list[Terms]] = defaultdict(list)
        for (v, s, _), terms in lessons.items():
            by_segment[v, s].append(terms)
        for key in present.keys() | by_segment.keys():
            engaged[key[0]] += self._engaged(present.get(key, []), by_segment.get(key, []))
        for person in self.problem.volunteers:
            if person.cleared and person.available:
                self._add_load(person.id, engaged.get(person.id, []))

    def _engaged(self, present: Terms, lessons: list[Terms]) -> Terms:
        if not lessons:
            return present
        j = self.lp.column()
        if present:
            self.lp.row([(j, -1.0), *present], high=0)
        for terms in lessons:
            self.lp.row([(j, -1.0), *terms], high=0)
        everything = [*present, *(x for terms in lessons for x in terms)]
        self.lp.row([(j, 1.0), *((k, -a) for k, a in everything)], high=0)
        return [(j, 1.0)]

    def _add_load(self, name: str, engaged: Terms) -> None:
        v, w = self.problem.volunteer[name], self.problem.policy.weights
        most = float(len(self.problem.segments))
        if "quality" not in self.levels:
            w = Weights()
        if name not in self.loose and engaged:
            self.lp.row(engaged, high=v.max_segments)
        if w.overload and v.preferred_segments < v.max_segments and engaged:
            over = self.lp.column(most)
            self.lp.row([(over, 1.0), *((j, -a) for j, a in engaged)], low=-v.preferred_segments)
            self.costs["quality"].append((over, w.overload))
        half = -(-v.preferred_segments // 2)
        if w.idle and half:
            idle = self.lp.column(float(half))
            self.lp.row([(idle, 1.0), *engaged], low=half)
            self.costs["quality"].append((idle, w.idle))

    def _add_visits(self) -> None:
        """A visit elsewhere excludes a duty; a minor's lesson needs a duty; each way travelled is paid."""
        travelled: dict[tuple[str, int, str], int] = {}
        at: dict[tuple[str, str, str], Terms] = defaultdict(list)
        for (v, c, t), j in self.teach.items():
            at[v, self.problem.class_run[c].site, t].append((j, 1.0))
        sites_of: dict[tuple[str, str], list[str]] = defaultdict(list)
        for v, site, s in self.present:
            sites_of[v, s].append(site)
        for (v, site, t), terms in at.items():
            s, day = self.problem.slot[t].segment, self._day(t)
            here = self.present.get((v, site, s), [])
            if not self.problem.volunteer[v].adult and self.present:
                self.lp.row([*terms, *((j, -a) for j, a in here)], high=0)
            elsewhere = [x for b in sites_of[v, s] if b != site for x in self.present[v, b, s]]
            if elsewhere and v not in self.loose:
                self.lp.row([*terms, *elsewhere], high=1)
            km = math.ceil(self.problem.km(v, site))
            if (v, day, site) not in travelled:
                travelled[v, day, site] = self.lp.column()
                self.costs["quality"].append((travelled[v, day, site], self.problem.policy.weights.travel * km))
            way = [
                (travelled[v, day, site], -1.0),
                *((j, -a) for j, a in self.day_at.get((v, day, site), [])),
            ]
            self.lp.row([*terms, *way], high=0)

    def _add_sites(self) -> None:
        """Each volunteer's sites: continuity for duties, a wish passed over for any engagement there."""
        w = self.problem.policy.weights
        for (v, site), terms in self.at.items():
            person = self.problem.volunteer[v]
            passed = w.wish if person.preferred_sites and site not in person.preferred_sites else 0
            if not (w.continuity + passed):
                continue
            known = self.lp.column()
            self.costs["quality"].append((known, w.continuity + passed))
            for day, names in self.days.items():
                here = self.day_at.get((v, day, site), [])
                for group in [here] if len(names) <= MOST_IN_PATTERN else [[x] for x in here]:
                    self.lp.row([*group, (known, -1.0)], high=0)
            if v not in self.loose:
                self.lp.row([*terms, (known, -float(max(1, person.max_segments)))], high=0)


def _patterns(segments: list[str], of: int) -> list[tuple[tuple[str, ...], float]]:
    """Every set of a day's segments; on days with very many each alone, and travel is not charged."""
    if of > MOST_IN_PATTERN:
        return [((s,), 0.0) for s in segments]
    sets = itertools.chain.from_iterable(itertools.combinations(segments, n) for n in range(1, len(segments) + 1))
    return [(p, 1.0) for p in sets]


def relax(problem: Problem, choices: Choices | None = None, levels: frozenset[str] = ALL_LEVELS) -> Relaxation:
    """The relaxation of a problem, ready to be bounded."""
    return Relaxation(choices or Choices(problem), levels)


def lower(relaxation: Relaxation, level: str, caps: dict[str, int], seconds: float) -> int:
    """A proven lower bound of a level over all rosters within the caps on better levels."""
    with _capped(relaxation, caps) as lp:
        return _up(lp.bound(relaxation.costs[level], seconds))


def lower_integer(relaxation: Relaxation, level: str, caps: dict[str, int], seconds: float) -> int:
    """The same with all columns whole numbers, by branch and bound: for small weeks, and much tighter."""
    with _capped(relaxation, caps) as lp:
        return _up(lp.integer_bound(relaxation.costs[level], seconds))


@contextmanager
def _capped(relaxation: Relaxation, caps: dict[str, int]) -> Iterator[Lp]:
    """The programme with a row for each cap, for a while."""
    lp = relaxation.lp
    sizes = len(lp.low), len(lp.rows)
    for better, cap in caps.items():
        lp.row(relaxation.costs[better], high=cap)
    try:
        yield lp
    finally:
        del lp.low[sizes[0] :], lp.high[sizes[0] :]
        del lp.rows[sizes[1] :], lp.columns[sizes[1] :], lp.coefficients[sizes[1] :]


def _up(value: float) -> int:
    """Costs are whole numbers, so a bound may be rounded up; what the solver's arithmetic may err by is taken off."""
    return 0 if value < 0 else math.ceil(value - 1e-6 * (1 + abs(value)))
