"""A roster of one week: duties and lessons, and their indexes. It knows ids, not the facts behind them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar


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

    @cached_property
    def duties_of(self) -> dict[str, list[Duty]]:
        """Duties by volunteer."""
        return _grouped(self.duties, lambda d: d.volunteer)

    @cached_property
    def lessons_of(self) -> dict[str, list[Lesson]]:
        """Lessons by instructor."""
        return _grouped(self.lessons, lambda x: x.instructor)

    @cached_property
    def duties_in(self) -> dict[str, list[Duty]]:
        """Duties by class."""
        return _grouped(self.duties, lambda d: d.class_run)

    @cached_property
    def lessons_in(self) -> dict[str, list[Lesson]]:
        """Lessons by class."""
        return _grouped(self.lessons, lambda x: x.class_run)

    @cached_property
    def people(self) -> frozenset[str]:
        """Volunteers with any entry."""
        return frozenset(self.duties_of) | frozenset(self.lessons_of)


E = TypeVar("E")


def _grouped(entries: Iterable[E], key: Callable[[E], str]) -> dict[str, list[E]]:
    groups: dict[str, list[E]] = {}
    for entry in entries:
        groups.setdefault(key(entry), []).append(entry)
    return groups
