"""Which sheets a week has on paper: a timetable a site, a door sheet a class and day. Pure, as `week`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass

from registry.rostering.week_gaps import Gap, week_gaps
from registry.rostering.week_rows import Cell, ClassRow, Column, Day, SiteRow, WeekView


@dataclass(frozen=True, slots=True)
class DoorSheet:
    """One class on one day: its segments in order, each with who is there and what is given."""

    row: ClassRow
    day: Day
    cells: tuple[tuple[Column, Cell], ...]


@dataclass(frozen=True, slots=True)
class HourRow:
    """A row of a timetable: a part of the day at the same hours, and its column of the week for each weekday."""

    part: str
    start: int
    end: int
    columns: tuple[int | None, ...]


def hour_rows(view: WeekView, row: ClassRow) -> tuple[HourRow, ...]:
    """The parts of the day in which a class is there, by their hours; what is nowhere in its week has no row."""
    found: dict[tuple[int, int, str], list[int | None]] = {}
    for place, day in enumerate(view.days):
        for index, column in day.columns:
            if row.cells[index] is not None:
                key = (column.start, column.end, column.part)
                found.setdefault(key, [None] * len(view.days))[place] = index
    return tuple(HourRow(part, start, end, tuple(at)) for (start, end, part), at in sorted(found.items()))


def door_sheets(
    view: WeekView, rows: Iterable[ClassRow], weekdays: Container[int] | None = None
) -> Iterator[DoorSheet]:
    """For each class a sheet for each day on which it is there, on request only of these weekdays."""
    for row in rows:
        for day in view.days:
            cells = tuple((column, cell) for index, column in day.columns if (cell := row.cells[index]))
            if cells and (weekdays is None or day.weekday in weekdays):
                yield DoorSheet(row, day, cells)


def by_name(rows: Iterable[SiteRow]) -> tuple[SiteRow, ...]:
    """Sites as one looks for them in a pile of paper."""
    return tuple(sorted(rows, key=lambda site: (site.name, site.id)))


def by_grade(rows: Iterable[ClassRow]) -> tuple[ClassRow, ...]:
    """Classes as they stand side by side at a site."""
    return tuple(sorted(rows, key=lambda row: (row.site_name, row.grades, row.name, row.id)))


def gaps_by_site(view: WeekView) -> tuple[tuple[SiteRow, tuple[tuple[ClassRow, tuple[Gap, ...]], ...]], ...]:
    """All gaps of the week: sites with the gravest first, within each its classes in the same order."""
    found: dict[str, list[tuple[ClassRow, tuple[Gap, ...]]]] = defaultdict(list)
    for row, gaps in week_gaps(view):
        found[row.site].append((row, gaps))
    return tuple((site, tuple(found[site.id])) for site in view.sites if site.id in found)
