"""The board of a site as a grid: its classes by weekday and segment, the gaps of every site, who is not used."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from registry.board.steps import as_roster
from registry.engine.boards import Duty, Entry, Lesson, Position, Step, Violation
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
    broken, waived = _by_entry(position.report.violations), _by_entry(position.report.overridden)
    return tuple(
        Line(c.id, names.get(c.id, ""), c.children, tuple(
            _cell(position, c.id, s.id, broken, waived) if s.id in c.segments else None for s in problem.segments
        ))
        for c in problem.classes if c.site == site
    )  # fmt: skip


def site_gaps(position: Position) -> tuple[SiteGaps, ...]:
    """Every site that has a class, those that lack most first."""
    problem, found = position.problem, []
    for site in problem.sites:
        cells = [_cell(position, c.id, s, {}, {}) for c in problem.classes if c.site == site.id for s in c.segments]
        if cells:
            missing = sum(max(0, cell.need - cell.adults) for cell in cells)
            slots = sum(len(cell.open_slots) for cell in cells)
            classes = len({cell.class_run for cell in cells})
            found.append(SiteGaps(site.id, site.name, classes, missing, slots))
    return tuple(sorted(found, key=lambda row: (-row.missing, -row.open_slots, row.site)))


def unused(position: Position) -> tuple[tuple[str, str], ...]:
    """Volunteers who are cleared, have time and no entry: id and name."""
    people = position.roster.people
    free = (v for v in position.problem.volunteers if v.cleared and v.available and v.id not in people)
    return tuple(sorted(((v.id, v.name) for v in free), key=lambda pair: (pair[1], pair[0])))


HERE = "already_here"
"""In place of a rule: who is there already cannot be put there again."""


def where_it_works(position: Position, entry: Duty, site: str) -> dict[tuple[str, str], tuple[str, ...]]:
    """For each cell of a site, the rules that a duty moved there would break; none where it would work."""
    found = {}
    gone = as_roster([entry]) if entry in position.roster.duties else as_roster([])
    for c in position.problem.classes:
        if c.site == site:
            for s in c.segments:
                come = as_roster([Duty(entry.volunteer, c.id, s, entry.role)])
                broken, _ = position.breaches(Step(gone, come))
                rules = {v.rule for v in broken} | ({HERE} if _is_here(position, entry, c.id, s) else set())
                found[c.id, s] = tuple(sorted(rules))
    return found


def _is_here(position: Position, entry: Duty, c: str, s: str) -> bool:
    """Whether the person has a duty in that very cell, which is not the one that moves."""
    is_own = (c, s) == (entry.class_run, entry.segment)
    return not is_own and any(
        d.volunteer == entry.volunteer and d.segment == s for d in position.roster.duties_in.get(c, ())
    )


def _cell(
    position: Position, c: str, s: str, broken: Mapping[Entry, set[str]], waived: Mapping[Entry, set[str]]
) -> Cell:
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
        tuple(_piece(position, d, broken, waived) for d in people),
        tuple(_piece(position, x, broken, waived) for x in sorted(lessons, key=lambda x: x.slot)),
        tuple(t for t in slots if t not in given),
    )  # fmt: skip


def _piece(
    position: Position, entry: Entry, broken: Mapping[Entry, set[str]], waived: Mapping[Entry, set[str]]
) -> Piece:
    problem = position.problem
    person = problem.volunteer[entry.instructor if isinstance(entry, Lesson) else entry.volunteer]
    course = problem.course[entry.course].name if isinstance(entry, Lesson) else ""
    return Piece(
        entry, person.name, course, person.adult, entry in position.pins,
        tuple(sorted(broken.get(entry, ()))), tuple(sorted(waived.get(entry, ()))),
    )  # fmt: skip


def _by_entry(found: Iterable[Violation]) -> dict[Entry, set[str]]:
    rules: dict[Entry, set[str]] = {}
    for violation in found:
        for entry in violation.subject:
            rules.setdefault(entry, set()).add(violation.rule)
    return rules
