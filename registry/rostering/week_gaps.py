"""What is still open in a week, class by class and over the district, as codes and figures."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from registry.rostering.week_rows import ClassRow, Column, WeekView


@dataclass(frozen=True, slots=True)
class Gap:
    """One thing that is open. `kind` says which fields mean something.

    people: a segment with fewer adults than needed, or without a lead. lesson: a slot without a course, with its
    hours in minutes. domain: `missing` lessons of a `domain` are short in the week.
    """

    kind: str
    class_run: str
    weekday: int | None = None
    part: str | None = None
    need: int = 0
    adults: int = 0
    missing: int = 0
    below_minimum: bool = False
    has_lead: bool = True
    start: int | None = None
    end: int | None = None
    domain: str | None = None
    segment: str | None = None
    slot: str | None = None


@dataclass(frozen=True, slots=True)
class Shortage:
    """One segment over the whole district: adults and leads missing, and in how many classes."""

    column: Column
    missing: int
    no_lead: int
    classes: int


def class_gaps(view: WeekView, row: ClassRow) -> tuple[Gap, ...]:
    """The gaps of one class: people first, then lessons, then domains."""
    return (*_people(view, row), *_lessons(view, row), *_domains(row))


def week_gaps(view: WeekView) -> tuple[tuple[ClassRow, tuple[Gap, ...]], ...]:
    """The classes that have gaps with their gaps, the gravest first."""
    return tuple((row, class_gaps(view, row)) for row in view.classes if row.safety or row.programme)


def shortages(view: WeekView) -> tuple[Shortage, ...]:
    """Every segment of the week with what is missing there, in the order of the week."""
    found = []
    for index, column in enumerate(view.columns):
        cells = [cell for row in view.classes if (cell := row.cells[index])]
        missing, no_lead = sum(c.missing for c in cells), sum(not c.has_lead for c in cells)
        found.append(Shortage(column, missing, no_lead, sum(c.safety > 0 for c in cells)))
    return tuple(found)


def _people(view: WeekView, row: ClassRow) -> Iterator[Gap]:
    for column, cell in zip(view.columns, row.cells, strict=True):
        if cell and cell.safety:
            yield Gap(
                "people",
                row.id,
                column.weekday,
                column.part,
                cell.need,
                cell.adults,
                cell.missing,
                cell.below_minimum > 0,
                cell.has_lead,
                segment=cell.segment,
            )


def _lessons(view: WeekView, row: ClassRow) -> Iterator[Gap]:
    for column, cell in zip(view.columns, row.cells, strict=True):
        for line in cell.lessons if cell else ():
            if line.course is None:
                where = ("lesson", row.id, column.weekday, column.part)
                yield Gap(*where, start=line.start, end=line.end, slot=line.slot)


def _domains(row: ClassRow) -> Iterator[Gap]:
    for domain, missing in row.missing_domains.items():
        yield Gap("domain", row.id, missing=missing, domain=domain)
