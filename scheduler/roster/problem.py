"""The facts of one weekly roster, frozen. Made by `scheduler.files`, which checks every reference once.

Times are minutes since midnight, distances kilometres, weekdays 1 (Monday) to 7.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from functools import cached_property

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
class Duty:
    """A volunteer looks after a class in a segment, as "lead" or "assistant"."""

    volunteer: str
    class_run: str
    segment: str
    role: str


@dataclass(frozen=True, slots=True)
class Lesson:
    """A course given to a class in a slot, in a room (None: the home room)."""

    class_run: str
    slot: str
    course: str
    instructor: str
    room: str | None


@dataclass(frozen=True)
class Roster:
    """Duties and lessons, each without repeats. Order carries no meaning."""

    duties: frozenset[Duty] = frozenset()
    lessons: frozenset[Lesson] = frozenset()


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

    @cached_property
    def segment(self) -> dict[str, Segment]:
        """Segments by id."""
        return {s.id: s for s in self.segments}

    @cached_property
    def slot(self) -> dict[str, Slot]:
        """Slots by id."""
        return {s.id: s for s in self.slots}

    @cached_property
    def site(self) -> dict[str, Site]:
        """Sites by id."""
        return {s.id: s for s in self.sites}

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
        """Domain minimums cut down until they fit the class's slots."""
        least = dict(self.policy.domain_minimums)
        while sum(least.values()) > len(class_run.slots):
            least[min(least, key=lambda d: (-least[d], _tie(d), d))] -= 1
        return least


def distance_km(x1: float, y1: float, x2: float, y2: float) -> float:
    """Straight line in double precision less 1e-9, never below zero."""
    return max(0.0, math.hypot(x1 - x2, y1 - y2) - 1e-9)


def _tie(domain: str) -> int:
    return TIE_ORDER.index(domain) if domain in TIE_ORDER else len(TIE_ORDER)
