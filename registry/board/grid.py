"""The board of a site as a grid: its classes by weekday and segment, the gaps of every site, who is not used."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from registry.engine.boards import ClassRun, Entry, Lesson, Position, Violation
from registry.errors import NotFound


@dataclass(frozen=True, slots=True)
class Piece:
    """Somebody in a cell, or a lesson. `rules` are broken by it, `waived` broken but overridden."""

    entry: Entry
    name: str
    course: str
    is_adult: bool
    is_pinned: bool
    rules: tuple[str, ...]
    waived: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Cell:
    """A class in a segment. `level` is red below the least number of adults, amber short of the need, else green."""

    class_run: str
    segment: str
    adults: int
    need: int
    has_lead: bool
    level: str
    people: tuple[Piece, ...]
    lessons: tuple[Piece, ...]
    open_slots: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """A class and its cells; None where it is not there."""

    class_run: str
    name: str
    children: int
    cells: tuple[Cell | None, ...]


@dataclass(frozen=True, slots=True)
class SiteGaps:
    """A site, how many adults its classes lack, lessons not given, rules broken."""

    site: str
    name: str
    classes: int
    missing: int
    open_slots: int


def site_lines(position: Position, site: str, names: Mapping[str, str]) -> tuple[Line, ...]:
    """The grid of a site.

    Raises:
        NotFound: `site_unknown`.
    """
    problem = position.problem
    if site not in problem.site:
        raise NotFound("site_unknown", id=site, week=problem.week)
    marks = marks_of(position)
    return tuple(
        Line(c.id, names.get(c.id, ""), c.children, tuple(
            cell_of(position, c.id, s.id, marks) if s.id in c.segments else None for s in problem.segments
        ))
        for c in problem.classes if c.site == site
    )  # fmt: skip


def site_gaps(position: Position) -> tuple[SiteGaps, ...]:
    """Every site that has a class, those that lack most first."""
    problem = position.problem
    found: dict[str, list[int]] = {}
    for run in problem.classes:
        row = found.setdefault(run.site, [0, 0, 0])
        row[0] += 1
        row[1] += sum(n for _, n in _missing(position, run))
        row[2] += len(set(run.slots) - {x.slot for x in position.roster.lessons_in.get(run.id, ())})
    rows = (SiteGaps(site, problem.site[site].name, *numbers) for site, numbers in found.items())
    return tuple(sorted(rows, key=lambda row: (-row.missing, -row.open_slots, row.site)))


def _missing(position: Position, run: ClassRun) -> list[tuple[str, int]]:
    """How many adults each segment of a class lacks."""
    adults = Counter(
        d.segment for d in position.roster.duties_in.get(run.id, ()) if position.problem.volunteer[d.volunteer].adult
    )
    need = position.problem.need(run)
    return [(s, max(0, need - adults[s])) for s in run.segments]


def site_days(position: Position) -> dict[str, dict[int, int]]:
    """How many adults each site lacks on each weekday that it has a class."""
    found: dict[str, dict[int, int]] = {}
    for run in position.problem.classes:
        days = found.setdefault(run.site, {})
        for s, n in _missing(position, run):
            day = position.problem.segment[s].weekday
            days[day] = days.get(day, 0) + n
    return found


def unused(position: Position) -> tuple[tuple[str, str], ...]:
    """Volunteers who are cleared, have time and no entry: id and name."""
    people = position.roster.people
    free = (v for v in position.problem.volunteers if v.cleared and v.available and v.id not in people)
    return tuple(sorted(((v.id, v.name) for v in free), key=lambda pair: (pair[1], pair[0])))


Marks = tuple[Mapping[Entry, set[str]], Mapping[Entry, set[str]]]
"""The rules that each entry breaks, and those that are overridden for it."""


def marks_of(position: Position) -> Marks:
    """What is marked at the entries of a board."""
    return _by_entry(position.report.violations), _by_entry(position.report.overridden)


def cell_of(position: Position, c: str, s: str, marks: Marks) -> Cell:
    """A class in a segment."""
    problem, roster = position.problem, position.roster
    duties = [d for d in roster.duties_in.get(c, ()) if d.segment == s]
    slots = [t for t in problem.slots_in.get(s, ()) if t in problem.class_run[c].slots]
    lessons = [x for x in roster.lessons_in.get(c, ()) if x.slot in slots]
    adults, need = sum(problem.volunteer[d.volunteer].adult for d in duties), problem.need(problem.class_run[c])
    given, has_lead = {x.slot for x in lessons}, any(d.role == "lead" for d in duties)
    red = adults < problem.policy.min_adults
    level = "red" if red else "amber" if adults < need or not has_lead else "green"
    people = sorted(duties, key=lambda d: (d.role != "lead", problem.volunteer[d.volunteer].name))
    return Cell(
        c, s, adults, need, has_lead, level,
        tuple(piece_of(position, d, marks) for d in people),
        tuple(piece_of(position, x, marks) for x in sorted(lessons, key=lambda x: x.slot)),
        tuple(t for t in slots if t not in given),
    )  # fmt: skip


def piece_of(position: Position, entry: Entry, marks: Marks) -> Piece:
    """An entry as it stands in a cell."""
    problem = position.problem
    person = problem.volunteer[entry.instructor if isinstance(entry, Lesson) else entry.volunteer]
    course = problem.course[entry.course].name if isinstance(entry, Lesson) else ""
    return Piece(
        entry, person.name, course, person.adult, entry in position.pins,
        tuple(sorted(marks[0].get(entry, ()))), tuple(sorted(marks[1].get(entry, ()))),
    )  # fmt: skip


def _by_entry(found: Iterable[Violation]) -> dict[Entry, set[str]]:
    rules: dict[Entry, set[str]] = {}
    for violation in found:
        for entry in violation.subject:
            rules.setdefault(entry, set()).add(violation.rule)
    return rules
