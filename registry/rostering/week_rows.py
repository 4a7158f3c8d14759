"""The rows of a week's pages: cells, classes, sites, levels. Plain facts; sentences and colours are made of codes.

A cell is one class in one segment. `registry.rostering.week` makes them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property


@dataclass(frozen=True, slots=True)
class Column:
    """One segment of the week. `part` is am, noon, pm or evening; hours are minutes since midnight."""

    segment: str
    weekday: int
    part: str
    start: int
    end: int
    is_first: bool
    """Whether it opens its weekday."""


@dataclass(frozen=True, slots=True)
class Day:
    """A weekday of the week with its columns, each beside its place in the cells of a class."""

    weekday: int
    date: date
    columns: tuple[tuple[int, Column], ...]


@dataclass(frozen=True, slots=True)
class Person:
    """A volunteer on duty in a cell. Who is not an adult does not count."""

    id: str
    name: str
    is_lead: bool
    is_adult: bool


@dataclass(frozen=True, slots=True)
class LessonLine:
    """A lesson slot of a cell; `course` is None where it stays open. `room` is a kind of room, None at home."""

    slot: str
    start: int
    end: int
    course: str | None = None
    domain: str | None = None
    instructor: str | None = None
    instructor_id: str | None = None
    room: str | None = None


@dataclass(frozen=True, slots=True)
class Cell:
    """Who is with a class in a segment, and what is missing. `level` is red, amber or green."""

    segment: str
    need: int
    adults: int
    missing: int
    below_minimum: int
    has_lead: bool
    people: tuple[Person, ...]
    lessons: tuple[LessonLine, ...]

    @property
    def safety(self) -> int:
        """What the cell adds to the safety level."""
        return self.missing + self.below_minimum + (not self.has_lead)

    @property
    def open_lessons(self) -> int:
        """Slots without a lesson."""
        return sum(line.course is None for line in self.lessons)

    @property
    def level(self) -> str:
        """Red below the least number of adults, amber below the need or without a lead, else green."""
        return "red" if self.below_minimum else "amber" if self.safety else "green"


@dataclass(frozen=True, slots=True)
class ClassRow:
    """A class and its week: one cell a column, None where the class is not there."""

    id: str
    name: str
    """The district's own word for the class, empty where a problem file has none."""
    site: str
    site_name: str
    grades: tuple[int, int]
    children: int
    cells: tuple[Cell | None, ...]
    leads: tuple[str, ...]
    missing_domains: Mapping[str, int]

    @property
    def here(self) -> tuple[Cell, ...]:
        """The cells of the segments in which the class is there."""
        return tuple(cell for cell in self.cells if cell)

    @property
    def safety(self) -> int:
        """What the class adds to the safety level."""
        return sum(cell.safety for cell in self.here)

    @property
    def need(self) -> int:
        """Adults needed, each segment counted."""
        return sum(cell.need for cell in self.here)

    @property
    def missing(self) -> int:
        """Adults missing, each segment counted."""
        return sum(cell.missing for cell in self.here)

    @property
    def no_lead(self) -> int:
        """Segments without a lead."""
        return sum(not cell.has_lead for cell in self.here)

    @property
    def slots(self) -> int:
        """Lesson slots of the week."""
        return sum(len(cell.lessons) for cell in self.here)

    @property
    def open_lessons(self) -> int:
        """Slots without a lesson."""
        return sum(cell.open_lessons for cell in self.here)

    @property
    def level(self) -> str:
        """That of its worst cell."""
        return worst(cell.level for cell in self.here)

    @property
    def programme(self) -> int:
        """What the class adds to the programme level."""
        return self.open_lessons + sum(self.missing_domains.values())


@dataclass(frozen=True, slots=True)
class SiteRow:
    """A site and its classes, those with the gravest gaps first."""

    id: str
    name: str
    rooms: tuple[str, ...]
    classes: tuple[ClassRow, ...]
    volunteers: int

    @property
    def cells(self) -> tuple[Cell, ...]:
        """All cells of the site."""
        return tuple(cell for row in self.classes for cell in row.here)

    @property
    def children(self) -> int:
        """Children of all its classes."""
        return sum(row.children for row in self.classes)

    @property
    def need(self) -> int:
        """Adults needed, each segment counted."""
        return sum(cell.need for cell in self.cells)

    @property
    def missing(self) -> int:
        """Adults missing, each segment counted."""
        return sum(row.missing for row in self.classes)

    @property
    def no_lead(self) -> int:
        """Segments without a lead."""
        return sum(row.no_lead for row in self.classes)

    @property
    def slots(self) -> int:
        """Lesson slots of the week."""
        return sum(row.slots for row in self.classes)

    @property
    def open_lessons(self) -> int:
        """Slots without a lesson."""
        return sum(row.open_lessons for row in self.classes)

    @property
    def level(self) -> str:
        """That of its worst cell."""
        return worst(row.level for row in self.classes)

    @property
    def safety(self) -> int:
        """What the site adds to the safety level."""
        return sum(row.safety for row in self.classes)

    @property
    def programme(self) -> int:
        """What the site adds to the programme level."""
        return sum(row.programme for row in self.classes)


@dataclass(frozen=True, slots=True)
class Level:
    """A level of the cost beside its bound."""

    name: str
    cost: int
    bound: int
    proof: str

    @property
    def is_proven(self) -> bool:
        """Whether no roster can do better."""
        return self.cost <= self.bound

    @property
    def percent_above_best(self) -> int | None:
        """By how much at most the cost lies above the best possible, rounded up; None where that is not known."""
        if self.is_proven:
            return 0
        return None if self.bound <= 0 else -(-100 * (self.cost - self.bound) // self.bound)


@dataclass(frozen=True)
class WeekView:
    """Everything that the pages of one week show, sites and classes with the gravest gaps first."""

    week: str
    columns: tuple[Column, ...]
    days: tuple[Day, ...]
    sites: tuple[SiteRow, ...]
    levels: tuple[Level, ...]
    status: str
    seconds: float
    failures: tuple[str, ...] = ()
    """What went wrong beside the search: bounds are worse for it than they could be, the roster is not."""

    @cached_property
    def classes(self) -> tuple[ClassRow, ...]:
        """All classes, those with the gravest gaps first."""
        return tuple(sorted((row for site in self.sites for row in site.classes), key=gravest))

    @cached_property
    def cells(self) -> tuple[Cell, ...]:
        """All cells of the week."""
        return tuple(cell for site in self.sites for cell in site.cells)

    @cached_property
    def totals(self) -> Mapping[str, int]:
        """The parts of which the safety and programme levels are the sums, and how much there is at all."""
        here = self.cells
        return {
            "need": sum(cell.need for cell in here),
            "missing": sum(cell.missing for cell in here),
            "below_minimum": sum(cell.below_minimum for cell in here),
            "no_lead": sum(not cell.has_lead for cell in here),
            "segments": len(here),
            "short_segments": sum(cell.missing > 0 for cell in here),
            "slots": sum(len(cell.lessons) for cell in here),
            "open_lessons": sum(cell.open_lessons for cell in here),
            "missing_domains": sum(sum(row.missing_domains.values()) for row in self.classes),
        }

    @property
    def most_parts(self) -> int:
        """Segments of the fullest day."""
        return max((len(day.columns) for day in self.days), default=0)

    @cached_property
    def class_run(self) -> Mapping[str, ClassRow]:
        """Classes by id."""
        return {row.id: row for row in self.classes}

    @cached_property
    def site(self) -> Mapping[str, SiteRow]:
        """Sites by id."""
        return {row.id: row for row in self.sites}

    @property
    def is_safe(self) -> bool:
        """Whether every class has its adults and a lead in every segment."""
        return all(level.cost == 0 for level in self.levels if level.name == "safety")


GRAVITY = ("green", "amber", "red")


def worst(levels: Iterable[str]) -> str:
    """The gravest of some levels; green where there are none."""
    return max(levels, key=GRAVITY.index, default="green")


def gravest(row: ClassRow) -> tuple[int, int, str, tuple[int, int], str]:
    """Sort key: the gravest gaps first, then by site and grade."""
    return (-row.safety, -row.programme, row.site_name, row.grades, row.id)
