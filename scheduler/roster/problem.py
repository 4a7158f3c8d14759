"""The facts of one weekly roster, frozen. Made by `scheduler.files`, which checks every reference once.

Times are minutes since midnight, distances kilometres, weekdays 1 (Monday) to 7.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from functools import cached_property

from scheduler.roster.roster import Duty, Lesson, Roster

# Duty, Lesson and Roster are handed on: whoever reads the facts of a week mostly needs them as well.
__all__ = [
    "TIE_ORDER", "Ban", "ClassRun", "Course", "Duty", "Lesson", "Pins", "Policy", "Problem", "Room", "Roster",
    "Segment", "Site", "Slot", "Volunteer", "Weights", "distance_km",
]  # fmt: skip

TIE_ORDER = ("aesthetic", "physical", "labour", "intellect", "moral", "safety")


@dataclass(frozen=True, slots=True)
class Segment:
    """A part of a weekday that a volunteer is on duty for (时段)."""

    id: str
    weekday: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Slot:
    """A lesson's place inside a segment."""

    id: str
    segment: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Room:
    """A special room of a site; `capacity` in children."""

    id: str
    kind: str
    capacity: int


@dataclass(frozen=True, slots=True)
class Site:
    """A place of care (托管点)."""

    id: str
    name: str
    x_km: float
    y_km: float
    rooms: tuple[Room, ...] = ()


@dataclass(frozen=True)
class ClassRun:
    """A class of this week (班次)."""

    id: str
    site: str
    grades: tuple[int, int]
    children: int
    segments: tuple[str, ...]
    slots: tuple[str, ...]
    interest: dict[str, int] = field(default_factory=dict)

    def interest_in(self, course: str) -> int:
        """Interest 0–10 in a course; 5 where none is given."""
        return self.interest.get(course, 5)


@dataclass(frozen=True, slots=True)
class Course:
    """A course of the library (课程库)."""

    id: str
    name: str
    domain: str
    grades: tuple[int, int]
    room_kind: str | None
    outdoor: bool


@dataclass(frozen=True, slots=True)
class Volunteer:
    """A volunteer with a home, an availability and a load. Sets are frozen."""

    id: str
    name: str
    roles: frozenset[str]
    courses: frozenset[str]
    available: frozenset[str]
    max_segments: int
    preferred_segments: int
    x_km: float
    y_km: float
    reach_km: float
    preferred_sites: frozenset[str]
    adult: bool
    cleared: bool


@dataclass(frozen=True, slots=True)
class Pins:
    """Entries that must stay as they stand, and the rules each may waive."""

    duties: tuple[tuple[Duty, frozenset[str]], ...] = ()
    lessons: tuple[tuple[Lesson, frozenset[str]], ...] = ()


@dataclass(frozen=True, slots=True)
class Ban:
    """A volunteer who must not meet a class, or a site (exactly one is given)."""

    volunteer: str
    class_run: str | None
    site: str | None


@dataclass(frozen=True)
class Weights:
    """Weights of the quality level, whole numbers."""

    interest: int = 0
    travel: int = 0
    continuity: int = 0
    lead: int = 0
    overload: int = 0
    wish: int = 0
    idle: int = 0


@dataclass(frozen=True)
class Policy:
    """The district's numbers."""

    min_adults: int
    children_per_adult: int
    max_lessons_per_course: int
    domain_minimums: dict[str, int]
    travel_minutes_fixed: float
    travel_minutes_per_km: float
    weights: Weights


@dataclass(frozen=True)
class Problem:
    """One week: all facts, and the few questions that every reader asks of them."""

    week: str
    segments: tuple[Segment, ...]
    slots: tuple[Slot, ...]
    sites: tuple[Site, ...]
    classes: tuple[ClassRun, ...]
    courses: tuple[Course, ...]
    volunteers: tuple[Volunteer, ...]
    policy: Policy
    pins: Pins = field(default_factory=Pins)
    bans: tuple[Ban, ...] = ()
    heat_days: frozenset[int] = frozenset()
    published: Roster | None = None
    published_cost: tuple[int, int] = (0, 0)  # safety and programme of the published roster; repair's floor
    frozen_before: str | None = None  # a segment's id; repair keeps everything earlier

    @cached_property
    def segment(self) -> dict[str, Segment]:
        """Segments by id."""
        return {s.id: s for s in self.segments}

    @cached_property
    def slot(self) -> dict[str, Slot]:
        """Slots by id."""
        return {s.id: s for s in self.slots}

    @cached_property
    def slots_in(self) -> dict[str, tuple[str, ...]]:
        """Slot ids of each segment."""
        table: dict[str, list[str]] = {}
        for slot in self.slots:
            table.setdefault(slot.segment, []).append(slot.id)
        return {s: tuple(ids) for s, ids in table.items()}

    @cached_property
    def weekdays(self) -> tuple[int, ...]:
        """The weekdays that have a segment, in order."""
        return tuple(sorted({s.weekday for s in self.segments}))

    @cached_property
    def overlapping_segments(self) -> tuple[tuple[str, str], ...]:
        """Pairs of segments of one weekday whose hours overlap (none in an ordinary week)."""
        return _overlaps([(s.id, s.weekday, s.start, s.end) for s in self.segments])

    @cached_property
    def overlapping_slots(self) -> tuple[tuple[str, str], ...]:
        """Pairs of slots of one weekday whose hours overlap."""
        return _overlaps([(t.id, self.segment[t.segment].weekday, t.start, t.end) for t in self.slots])

    def segments_across(self, slot: str) -> tuple[str, ...]:
        """Other segments than its own whose hours overlap a slot's."""
        t = self.slot[slot]
        if not self.overlapping_segments:
            return ()
        own = self.segment[t.segment]
        same_day = (s for s in self.segments if s.weekday == own.weekday and s.id != own.id)
        return tuple(s.id for s in same_day if s.start < t.end and t.start < s.end)

    @cached_property
    def site(self) -> dict[str, Site]:
        """Sites by id."""
        return {s.id: s for s in self.sites}

    @cached_property
    def room(self) -> dict[str, Room]:
        """Special rooms by id, of all sites."""
        return {r.id: r for s in self.sites for r in s.rooms}

    @cached_property
    def site_of_room(self) -> dict[str, str]:
        """The site in which each special room lies."""
        return {r.id: s.id for s in self.sites for r in s.rooms}

    @cached_property
    def class_run(self) -> dict[str, ClassRun]:
        """Classes by id."""
        return {c.id: c for c in self.classes}

    @cached_property
    def course(self) -> dict[str, Course]:
        """Courses by id."""
        return {c.id: c for c in self.courses}

    @cached_property
    def volunteer(self) -> dict[str, Volunteer]:
        """Volunteers by id."""
        return {v.id: v for v in self.volunteers}

    @cached_property
    def banned(self) -> frozenset[tuple[str, str]]:
        """Banned pairs (volunteer, class), site bans spelled out."""
        pairs = set()
        for ban in self.bans:
            pairs |= {(ban.volunteer, c.id) for c in self.classes if ban.class_run == c.id or ban.site == c.site}
        return frozenset(pairs)

    @cached_property
    def _home_km(self) -> dict[tuple[str, str], float]:
        return {}

    def km(self, volunteer: str, site: str) -> float:
        """Straight line from home to a site, less 1e-9 (SCHEDULING.md §1)."""
        known = self._home_km.get((volunteer, site))
        if known is None:
            v, s = self.volunteer[volunteer], self.site[site]
            known = self._home_km[volunteer, site] = distance_km(v.x_km, v.y_km, s.x_km, s.y_km)
        return known

    def travel_minutes(self, a: str, b: str) -> int:
        """Whole minutes that must lie between engagements at two sites."""
        s, t = self.site[a], self.site[b]
        raw = self.policy.travel_minutes_per_km * math.hypot(s.x_km - t.x_km, s.y_km - t.y_km)
        return math.ceil(self.policy.travel_minutes_fixed + raw - 1e-9)

    def need(self, class_run: ClassRun) -> int:
        """Adults that a class needs in each of its segments."""
        per = self.policy.children_per_adult
        return max(self.policy.min_adults, -(-class_run.children // per))

    def minimums(self, class_run: ClassRun) -> dict[str, int]:
        """Domain minimums cut down until they fit the class's slots, the largest first, ties in `TIE_ORDER`."""
        wanted, room = self.policy.domain_minimums, len(class_run.slots)
        if sum(wanted.values()) <= room:
            return dict(wanted)
        level = max(n for n in range(room + 1) if sum(min(n, least) for least in wanted.values()) <= room)
        cut = {d: min(level, least) for d, least in wanted.items()}
        # All are cut to one level; those that still fit, the last in the order of ties, stay one above it.
        taller = sorted((d for d in wanted if wanted[d] > level), key=lambda d: (_tie(d), d))
        for d in taller[len(taller) - (room - sum(cut.values())) :]:
            cut[d] += 1
        return cut


def distance_km(x1: float, y1: float, x2: float, y2: float) -> float:
    """Straight line in double precision less 1e-9, never below zero."""
    return max(0.0, math.hypot(x1 - x2, y1 - y2) - 1e-9)


def _tie(domain: str) -> int:
    return TIE_ORDER.index(domain) if domain in TIE_ORDER else len(TIE_ORDER)


def _overlaps(spans: list[tuple[str, int, int, int]]) -> tuple[tuple[str, str], ...]:
    pairs = ((a, b) for i, a in enumerate(spans) for b in spans[i + 1 :])
    return tuple((a[0], b[0]) for a, b in pairs if a[1] == b[1] and a[2] < b[3] and b[2] < a[3])
