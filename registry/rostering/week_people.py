"""A week by volunteer: who is where on which weekday, how loaded, and who is not used at all."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from registry.engine.rosters import Problem, Roster, Volunteer
from registry.rostering.week import part_of_day


@dataclass(frozen=True, slots=True)
class Engagement:
    """A volunteer with one class on one weekday in one role: lead, assistant, or visit (a lesson, no duty).

    `parts` are those of the duty, `lessons` pairs of start in minutes and course.
    """

    weekday: int
    class_run: str
    class_name: str
    site: str
    site_name: str
    grades: tuple[int, int]
    role: str
    parts: tuple[str, ...]
    lessons: tuple[tuple[int, str], ...]


@dataclass(frozen=True, slots=True)
class VolunteerRow:
    """A volunteer's week: for each weekday of the week the engagements in order, and the parts still free."""

    id: str
    name: str
    roles: tuple[str, ...]
    courses: tuple[str, ...]
    is_adult: bool
    is_cleared: bool
    available: int
    engaged: int
    preferred: int
    most: int
    days: tuple[tuple[Engagement, ...], ...]
    free: tuple[tuple[str, ...], ...]

    @property
    def where(self) -> tuple[tuple[str, tuple[int, ...]], ...]:
        """The sites they come to, each with its weekdays, in the order of the week."""
        found: dict[str, dict[int, None]] = {}
        for item in (item for items in self.days for item in items):
            found.setdefault(item.site_name, {})[item.weekday] = None
        return tuple((site, tuple(days)) for site, days in found.items())

    def weekdays_at(self, site: str) -> tuple[int, ...]:
        """The weekdays on which they come to a site."""
        return tuple(sorted({item.weekday for items in self.days for item in items if item.site == site}))

    @property
    def load(self) -> str:
        """unused, light, fit or over: engaged against what the volunteer prefers; away: has no time this week."""
        if not self.engaged:
            return "unused" if self.available else "away"
        wanted = -(-self.preferred // 2)
        return "over" if self.engaged > self.preferred else "light" if self.engaged < wanted else "fit"


def volunteer_rows(
    problem: Problem, roster: Roster, names: Mapping[str, str] = MappingProxyType({})
) -> tuple[VolunteerRow, ...]:
    """All volunteers: those engaged, most loaded first, then those not used."""
    engagements = _engagements(problem, roster, names)
    engaged = _segments_engaged(problem, roster)
    rows = [
        _row(problem, volunteer, engagements.get(volunteer.id, []), engaged.get(volunteer.id, set()))
        for volunteer in problem.volunteers
    ]
    return tuple(sorted(rows, key=lambda row: (-row.engaged, -row.available, row.name, row.id)))


def _row(problem: Problem, who: Volunteer, items: list[Engagement], engaged: set[str]) -> VolunteerRow:
    days = tuple(tuple(item for item in items if item.weekday == day) for day in problem.weekdays)
    idle = sorted((problem.segment[s] for s in who.available - engaged), key=lambda s: s.start)
    return VolunteerRow(
        id=who.id,
        name=who.name or who.id,
        roles=tuple(role for role in ("lead", "assistant", "instructor") if role in who.roles),
        courses=tuple(sorted(problem.course[k].name or k for k in who.courses)),
        is_adult=who.adult,
        is_cleared=who.cleared,
        available=len(who.available),
        engaged=len(engaged),
        preferred=who.preferred_segments,
        most=who.max_segments,
        days=days,
        free=tuple(tuple(part_of_day(s) for s in idle if s.weekday == day) for day in problem.weekdays),
    )


def _segments_engaged(problem: Problem, roster: Roster) -> dict[str, set[str]]:
    """The segments in which each volunteer has a duty or a lesson."""
    engaged: dict[str, set[str]] = defaultdict(set)
    for duty in roster.duties:
        engaged[duty.volunteer].add(duty.segment)
    for lesson in roster.lessons:
        engaged[lesson.instructor].add(problem.slot[lesson.slot].segment)
    return engaged


def _engagements(problem: Problem, roster: Roster, names: Mapping[str, str]) -> dict[str, list[Engagement]]:
    """What each volunteer does, one item for a class, weekday and role, in the order of the week."""
    on_duty = {(d.volunteer, d.class_run, d.segment): d.role for d in roster.duties}
    segments: dict[tuple[str, int, str, str], list[str]] = defaultdict(list)
    lessons: dict[tuple[str, int, str, str], list[tuple[int, str]]] = defaultdict(list)
    for duty in roster.duties:
        key = (duty.volunteer, problem.segment[duty.segment].weekday, duty.class_run, duty.role)
        segments[key].append(duty.segment)
    for lesson in roster.lessons:
        slot = problem.slot[lesson.slot]
        role = on_duty.get((lesson.instructor, lesson.class_run, slot.segment), "visit")
        key = (lesson.instructor, problem.segment[slot.segment].weekday, lesson.class_run, role)
        lessons[key].append((slot.start, problem.course[lesson.course].name or lesson.course))
    found: dict[str, list[tuple[int, Engagement]]] = defaultdict(list)
    for key in segments.keys() | lessons.keys():
        found[key[0]].append(_engagement(problem, key, segments[key], sorted(lessons[key]), names))
    return {who: [e for _, e in sorted(items, key=_in_order)] for who, items in found.items()}


def _in_order(item: tuple[int, Engagement]) -> tuple[int, int, str, str]:
    start, engagement = item
    return engagement.weekday, start, engagement.class_run, engagement.role


def _engagement(
    problem: Problem,
    key: tuple[str, int, str, str],
    segments: list[str],
    lessons: list[tuple[int, str]],
    names: Mapping[str, str],
) -> tuple[int, Engagement]:
    """One item and the minute at which it begins."""
    _, weekday, class_run, role = key
    ordered = sorted((problem.segment[s] for s in segments), key=lambda s: s.start)
    starts = [s.start for s in ordered] + [start for start, _ in lessons]
    run = problem.class_run[class_run]
    site = problem.site[run.site]
    parts = tuple(part_of_day(s) for s in ordered)
    return min(starts), Engagement(
        weekday,
        class_run,
        names.get(class_run, ""),
        site.id,
        site.name or site.id,
        run.grades,
        role,
        parts,
        tuple(lessons),
    )
