"""A week as people look at it: by class, by site, with the gaps first. By volunteer: `week_people`.

Pure functions from a problem, its roster and its result to the plain rows of `week_rows`.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from types import MappingProxyType

from registry.engine.rosters import ClassRun, Duty, Lesson, Problem, Result, Roster, Segment
from registry.rostering.week_rows import (
    Cell,
    ClassRow,
    Column,
    Day,
    LessonLine,
    Level,
    Person,
    SiteRow,
    WeekView,
    gravest,
)

LEVELS = ("safety", "programme", "quality")


def week_view(
    problem: Problem, roster: Roster, result: Result, names: Mapping[str, str] = MappingProxyType({})
) -> WeekView:
    """The view of a week; `names` are those of the classes by id. Its totals add up to the cost of the result."""
    columns = week_columns(problem.segments)
    builder = _Builder(problem, roster, columns)
    rows: dict[str, list[ClassRow]] = defaultdict(list)
    for run in problem.classes:
        rows[run.site].append(builder.class_row(run, names.get(run.id, "")))
    return WeekView(
        week=problem.week,
        columns=columns,
        days=_days(problem.week, columns),
        sites=_site_rows(problem, rows, _people_at(problem, roster)),
        levels=_levels(result),
        status=result.status,
        seconds=result.seconds,
        failures=result.failures,
    )


def week_columns(segments: Iterable[Segment]) -> tuple[Column, ...]:
    """The segments in the order of the week."""
    ordered = sorted(segments, key=lambda s: (s.weekday, s.start, s.id))
    days = [s.weekday for s in ordered]
    return tuple(
        Column(s.id, s.weekday, part_of_day(s), s.start, s.end, days.index(s.weekday) == i)
        for i, s in enumerate(ordered)
    )


def _days(week: str, columns: tuple[Column, ...]) -> tuple[Day, ...]:
    monday = date.fromisoformat(week)
    return tuple(
        Day(day, monday + timedelta(days=day - 1), tuple((i, c) for i, c in enumerate(columns) if c.weekday == day))
        for day in sorted({column.weekday for column in columns})
    )


def part_of_day(segment: Segment) -> str:
    """What people call a segment, from its middle: am until 12, noon until 14, pm until 18, then evening."""
    middle = (segment.start + segment.end) / 120
    return "am" if middle < 12 else "noon" if middle < 14 else "pm" if middle < 18 else "evening"


class _Builder:
    """A roster looked up by class, segment and slot, to make class rows of."""

    def __init__(self, problem: Problem, roster: Roster, columns: tuple[Column, ...]) -> None:
        self.problem, self.columns = problem, columns
        self.lessons = {(lesson.class_run, lesson.slot): lesson for lesson in roster.lessons}
        self.duties: dict[tuple[str, str], list[Duty]] = defaultdict(list)
        for duty in roster.duties:
            self.duties[duty.class_run, duty.segment].append(duty)

    def class_row(self, run: ClassRun, name: str) -> ClassRow:
        """The week of one class."""
        site = self.problem.site[run.site]
        cells = self._cells(run)
        leads = Counter(p.name for cell in cells if cell for p in cell.people if p.is_lead)
        return ClassRow(
            id=run.id,
            name=name,
            site=run.site,
            site_name=site.name or site.id,
            grades=run.grades,
            children=run.children,
            cells=cells,
            leads=tuple(lead for lead, _ in leads.most_common()),
            missing_domains=self._missing_domains(run),
        )

    def _cells(self, run: ClassRun) -> tuple[Cell | None, ...]:
        lines: dict[str, list[LessonLine]] = defaultdict(list)
        for slot in sorted(run.slots, key=lambda s: self.problem.slot[s].start):
            segment = self.problem.slot[slot].segment
            lines[segment].append(_line(self.problem, slot, self.lessons.get((run.id, slot))))
        here = set(run.segments)
        return tuple(
            _cell(self.problem, run, c.segment, self.duties.get((run.id, c.segment), []), lines[c.segment])
            if c.segment in here
            else None
            for c in self.columns
        )

    def _missing_domains(self, run: ClassRun) -> dict[str, int]:
        courses = (self.lessons[run.id, slot].course for slot in run.slots if (run.id, slot) in self.lessons)
        given = Counter(self.problem.course[course].domain for course in courses)
        short = {domain: least - given[domain] for domain, least in self.problem.minimums(run).items()}
        return {domain: n for domain, n in short.items() if n > 0}


def _cell(problem: Problem, run: ClassRun, segment: str, duties: list[Duty], lessons: list[LessonLine]) -> Cell:
    people = sorted((_person(problem, duty) for duty in duties), key=lambda p: (not p.is_lead, p.name))
    adults, need = sum(p.is_adult for p in people), problem.need(run)
    return Cell(
        segment=segment,
        need=need,
        adults=adults,
        missing=max(0, need - adults),
        below_minimum=max(0, problem.policy.min_adults - adults),
        has_lead=any(p.is_lead for p in people),
        people=tuple(people),
        lessons=tuple(lessons),
    )


def _person(problem: Problem, duty: Duty) -> Person:
    volunteer = problem.volunteer[duty.volunteer]
    return Person(volunteer.id, volunteer.name or volunteer.id, duty.role == "lead", volunteer.adult)


def _line(problem: Problem, slot: str, lesson: Lesson | None) -> LessonLine:
    at = problem.slot[slot]
    if lesson is None:
        return LessonLine(slot, at.start, at.end)
    course, who = problem.course[lesson.course], problem.volunteer[lesson.instructor]
    room = problem.room[lesson.room].kind if lesson.room else None
    return LessonLine(slot, at.start, at.end, course.name or course.id, course.domain, who.name or who.id, who.id, room)


def _people_at(problem: Problem, roster: Roster) -> dict[str, set[str]]:
    """The volunteers who come to each site in the week."""
    found: dict[str, set[str]] = defaultdict(set)
    for duty in roster.duties:
        found[problem.class_run[duty.class_run].site].add(duty.volunteer)
    for lesson in roster.lessons:
        found[problem.class_run[lesson.class_run].site].add(lesson.instructor)
    return found


def _site_rows(
    problem: Problem, rows: Mapping[str, list[ClassRow]], people: Mapping[str, set[str]]
) -> tuple[SiteRow, ...]:
    made = [
        SiteRow(
            id=site.id,
            name=site.name or site.id,
            rooms=tuple(f"{room.kind}({room.capacity})" for room in site.rooms),
            classes=tuple(sorted(rows.get(site.id, ()), key=gravest)),
            volunteers=len(people.get(site.id, ())),
        )
        for site in problem.sites
    ]
    return tuple(sorted(made, key=lambda s: (-s.safety, -s.programme, not s.classes, s.name, s.id)))


def _levels(result: Result) -> tuple[Level, ...]:
    return tuple(
        Level(name, getattr(result.cost, name), getattr(result.bound, name), result.proofs.get(name, ""))
        for name in LEVELS
    )
