"""A first roster in well under a second: pins, then duties day by day, whoever covers most and lives nearest.

It is meant to be improved, not to be good: the search begins from it and never gets worse.
"""

from __future__ import annotations

from collections import defaultdict

from scheduler.roster.choices import Cell, Choices
from scheduler.roster.problem import Duty, Problem, Roster


class Opening:
    """Fills empty duty cells one volunteer-day at a time. A volunteer serves one site a day here."""

    def __init__(self, choices: Choices, kept: Roster, cells: set[Cell]) -> None:
        self.choices, self.problem, self.cells = choices, choices.problem, cells
        self.duties = set(kept.duties)
        self.busy_days: dict[str, set[int]] = defaultdict(set)
        self.engaged: dict[str, set[str]] = defaultdict(set)
        self.adults: dict[Cell, int] = defaultdict(int)
        self.has_lead: set[Cell] = set()
        self.knows: set[tuple[str, str]] = set()
        for d in kept.duties:
            self._note(d)
        for x in kept.lessons:
            segment = self.problem.slot[x.slot].segment
            self.engaged[x.instructor].add(segment)
            self.busy_days[x.instructor].add(self.problem.segment[segment].weekday)

    def _note(self, d: Duty) -> None:
        self.engaged[d.volunteer].add(d.segment)
        self.busy_days[d.volunteer].add(self.problem.segment[d.segment].weekday)
        self.knows.add((d.volunteer, d.class_run))
        cell = (d.class_run, d.segment)
        self.adults[cell] += self.problem.volunteer[d.volunteer].adult
        if d.role == "lead":
            self.has_lead.add(cell)

    def fill(self) -> frozenset[Duty]:
        """Leads first, then adults up to the minimum, then up to the need."""
        for target in ("lead", "minimum", "need"):
            for day in self.problem.weekdays:
                for c in self._scarce_first(day):
                    while self._place_one(c, day, target):
                        pass
        return frozenset(self.duties)

    def _scarce_first(self, day: int) -> list[str]:
        supply: dict[str, int] = {}
        for c, s in self.cells:
            if self.problem.segment[s].weekday == day:
                supply[c] = supply.get(c, 0) + len(self.choices.duty.get((c, s), ()))
        return sorted(supply, key=lambda c: (supply[c], c))

    def _open(self, c: str, day: int, target: str) -> list[str]:
        run = self.problem.class_run[c]
        wanted = self.problem.need(run) if target == "need" else self.problem.policy.min_adults
        return [
            s
            for s in run.segments
            if (c, s) in self.cells
            and self.problem.segment[s].weekday == day
            and ((c, s) not in self.has_lead if target == "lead" else self.adults[c, s] < wanted)
        ]

    def _place_one(self, c: str, day: int, target: str) -> bool:
        open_segments = self._open(c, day, target)
        best: tuple[tuple[int, int, int, float, str], list[str]] | None = None
        for v in self._free(c, day, open_segments):
            mine = self._segments_for(v, c, open_segments, target)
            if mine:
                rank = (self._teaches(v), -len(mine), -int((v, c) in self.knows), self.problem.km(v, self._site(c)), v)
                if best is None or rank < best[0]:
                    best = (rank, mine)
        if best is None:
            return False
        for s in best[1]:
            role = "lead" if target == "lead" else "assistant"
            duty = Duty(best[0][4], c, s, role)
            self.duties.add(duty)
            self._note(duty)
        return True

    def _teaches(self, v: str) -> int:
        """Those who teach are kept back: their time is scarcer than that of those who do not."""
        person = self.problem.volunteer[v]
        return int("instructor" in person.roles and bool(person.courses))

    def _site(self, c: str) -> str:
        return self.problem.class_run[c].site

    def _free(self, c: str, day: int, segments: list[str]) -> list[str]:
        people = {v for s in segments for v in self.choices.duty.get((c, s), ())}
        return [v for v in people if day not in self.busy_days[v] and self.problem.volunteer[v].adult]

    def _segments_for(self, v: str, c: str, segments: list[str], target: str) -> list[str]:
        left = self.problem.volunteer[v].max_segments - len(self.engaged[v])
        may = [s for s in segments if v in self.choices.duty[c, s]]
        if target == "lead":
            may = [s for s in may if self.choices.duty[c, s][v]]
        return may[: max(0, left)]


def opening(choices: Choices, kept: Roster, duty_cells: set[Cell]) -> Roster:
    """A first roster around the kept entries: more duties in the cells, lessons as kept."""
    return Roster(Opening(choices, kept, duty_cells).fill(), kept.lessons)


def pinned(problem: Problem) -> Roster:
    """The pins alone."""
    return Roster(frozenset(d for d, _ in problem.pins.duties), frozenset(x for x, _ in problem.pins.lessons))
