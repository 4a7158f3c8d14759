"""The lists of a week: what may be asked of each, and what is found. Pages and JSON take the same lists from here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Annotated, Generic, Literal, TypeVar

from fastapi import Depends, Query
from pydantic import BeforeValidator

from api.shown import Week
from registry.rostering.week_people import VolunteerRow
from registry.rostering.week_rows import ClassRow, SiteRow
from registry.rostering.week_search import find_classes, find_sites, find_volunteers

T = TypeVar("T")


@dataclass(frozen=True)
class Found(Generic[T]):
    """The rows that were found, and what was asked for, by the names that a page's form gives it."""

    rows: Sequence[T]
    asked: dict[str, object] = field(default_factory=dict)

    @property
    def total(self) -> int:
        """How many there are before paging."""
        return len(self.rows)

    def page(self, number: int, size: int) -> tuple[Sequence[T], int, int]:
        """The rows of a page, its number and the number of pages. Past the end comes the last page."""
        pages = max(1, -(-self.total // size))
        number = min(number, pages)
        return self.rows[(number - 1) * size : number * size], number, pages


def _empty_is_none(value: object) -> object:
    return value or None  # the "all" of a form sends an empty text


SearchText = Annotated[str, Query(max_length=100, description="Words to look for; every one has to occur.")]
OnlyGaps = Annotated[bool, Query(description="Only what has gaps.")]
Load = Annotated[
    Literal["unused", "light", "fit", "over", "away"] | None,
    BeforeValidator(_empty_is_none),
    Query(description="Only those loaded like this."),
]
Role = Annotated[
    Literal["lead", "assistant", "instructor"] | None,
    BeforeValidator(_empty_is_none),
    Query(description="Only those who can do this."),
]


def _classes(week: Week, *, q: SearchText = "", gaps: OnlyGaps = False) -> Found[ClassRow]:
    return Found(find_classes(week.view.classes, q, only_gaps=gaps), {"q": q, "gaps": gaps})


def _sites(week: Week, *, q: SearchText = "", gaps: OnlyGaps = False) -> Found[SiteRow]:
    return Found(find_sites(week.view.sites, q, only_gaps=gaps), {"q": q, "gaps": gaps})


def _volunteers(week: Week, *, q: SearchText = "", load: Load = None, role: Role = None) -> Found[VolunteerRow]:
    return Found(find_volunteers(week.volunteers, q, load=load, role=role), {"q": q, "load": load, "role": role})


FoundClasses = Annotated[Found[ClassRow], Depends(_classes)]
"""Classes, those with the gravest gaps first."""
FoundSites = Annotated[Found[SiteRow], Depends(_sites)]
"""Sites, those with the gravest gaps first."""
FoundVolunteers = Annotated[Found[VolunteerRow], Depends(_volunteers)]
"""Volunteers who may be with children, the most loaded first."""


@dataclass(frozen=True)
class Slice:
    """Which part of a list to answer with."""

    limit: Annotated[int, Query(ge=1, le=1000, description="How many at most.")] = 100
    offset: Annotated[int, Query(ge=0, le=1_000_000, description="How many to leave out first.")] = 0

    def of(self, found: Found[T]) -> Sequence[T]:
        """That part."""
        return found.rows[self.offset : self.offset + self.limit]


AskedSlice = Annotated[Slice, Depends()]
