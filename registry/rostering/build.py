"""One week's roster problem from the tables, in the format of SCHEDULING.md §1."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import Any, TypeVar, cast

from sqlalchemy import inspect
from sqlmodel import Session, SQLModel, col, select

from registry.errors import Refused
from registry.geography import Plane
from registry.people import (
    Ban,
    ClearanceCheck,
    DatedAvailability,
    PreferredSite,
    TeachableCourse,
    Volunteer,
    VolunteerAvailability,
    is_adult,
    is_clearance_valid,
)
from registry.programme import ClassRun, Course, DaySegment, DaySlot, Room, Site, Term, setting, terms

M = TypeVar("M", bound=SQLModel)
S = TypeVar("S", DaySegment, DaySlot)

FORMAT = "qingzai.roster-problem/1"
WORKING_DAYS = range(1, 6)
"""Monday to Friday."""


@dataclass(frozen=True)
class Week:
    """The days of a week on which any class runs, and the terms that make them so."""

    monday: date
    terms: dict[int, Term]

    def weekdays(self, term: Term) -> list[int]:
        """The working days of this week inside a term."""
        return [day for day in WORKING_DAYS if term.starts_on <= self.date_of(day) <= term.ends_on]

    def rostered(self) -> list[int]:
        """The working days inside any of the terms."""
        return sorted({day for term in self.terms.values() for day in self.weekdays(term)})

    def date_of(self, weekday: int) -> date:
        """The date of a weekday, 1 for Monday."""
        return self.monday + timedelta(days=weekday - 1)


def problem_for_week(session: Session, monday: date) -> dict[str, Any]:
    """The roster problem of the week that begins on `monday`.

    All sites, courses and volunteers are in it, so that wishes and explanations are complete; of the class
    runs those of the week's terms that have children. Adulthood is judged on the Monday, a background check
    on the days rostered. Somebody without a known home reaches nothing.

    Raises:
        Refused: `week_not_monday`; `no_class_runs` anywhere; `week_empty`, with the terms that there are;
            `no_volunteers`; `class_without_slots`, with every class that the day template has nothing for.
    """
    check_monday(monday)
    week, class_runs = _week(session, monday)
    segments, slots = _by_hour(session.exec(select(DaySegment))), _by_hour(session.exec(select(DaySlot)))
    sites = _all(session, Site)
    plane = Plane(sites)
    problem: dict[str, Any] = {
        "format": FORMAT,
        "week": monday.isoformat(),
        "segments": [_segment(day, s) for day in week.rostered() for s in segments],
        "slots": [_slot(day, s) for day in week.rostered() for s in slots],
        "sites": _sites(session, sites, plane),
        "classes": [_class_run(week, c, segments, slots) for c in class_runs],
        "courses": [_course(course) for course in _all(session, Course)],
        "volunteers": Volunteers(session, week, plane, {s.part for s in segments}).entries(),
        "pins": {"duties": [], "lessons": []},
        "bans": bans_of(session, {c.id for c in class_runs}),
        "heat_days": [],
        "policy": setting(session, "roster_policy"),
        "published": None,
    }
    _refuse_unsolvable(problem)
    return problem


def check_monday(monday: date) -> None:
    """Make sure that a day can begin a week.

    Raises:
        Refused: `week_not_monday`, with the Monday of that week.
    """
    if monday.isoweekday() != 1:
        earlier = monday - timedelta(days=monday.isoweekday() - 1)
        raise Refused("week_not_monday", day=monday.isoformat(), monday=earlier.isoformat())


def volunteers_now(
    session: Session, monday: date, only: Collection[int] | None = None
) -> dict[str, dict[str, Any]]:  # fmt: skip
    """The volunteers of a week's problem by id, as the tables have them today: all, or some by their rows' numbers.

    Raises:
        Refused: as `problem_for_week`.
    """
    week, _ = _week(session, monday)
    plane, parts = Plane(_all(session, Site)), {s.part for s in session.exec(select(DaySegment))}
    return {entry["id"]: entry for entry in Volunteers(session, week, plane, parts, only).entries()}


def volunteers_without_home(session: Session) -> list[Volunteer]:
    """Volunteers in whose sub-district there is no site. Where they live is not known: they reach nothing."""
    plane = Plane(_all(session, Site))
    return [v for v in _all(session, Volunteer) if plane.home(v.home_subdistrict) is None]


def _week(session: Session, monday: date) -> tuple[Week, list[ClassRun]]:
    known = terms(session)
    running = {t.id: t for t in known if t.id is not None and Week(monday, {}).weekdays(t)}
    wanted = select(ClassRun).where(col(ClassRun.term_id).in_(running), ClassRun.confirmed > 0)
    found = list(session.exec(wanted.order_by(col(ClassRun.id))))
    if not found and session.exec(select(ClassRun.id).limit(1)).first() is None:
        raise Refused("no_class_runs")
    if not found:
        listed = [(t.name, t.starts_on.isoformat(), t.ends_on.isoformat()) for t in known]
        raise Refused("week_empty", week=monday.isoformat(), terms=listed)
    used = {c.term_id for c in found}
    return Week(monday, {id_: term for id_, term in running.items() if id_ in used}), found


def _refuse_unsolvable(problem: dict[str, Any]) -> None:
    """A week that lacks what no solver can make up for is refused, with every place where it lacks it."""
    if not problem["volunteers"]:
        raise Refused("no_volunteers")
    sites = {site["id"]: site["name"] for site in problem["sites"]}
    bare = [f"{sites[c['site']]} {c['name']}" for c in problem["classes"] if not c["slots"]]
    if bare:
        raise Refused("class_without_slots", classes=bare)


def _segment(weekday: int, segment: DaySegment) -> dict[str, Any]:
    hours = {"start": _clock(segment.starts_at), "end": _clock(segment.ends_at)}
    return {"id": f"{weekday}-{segment.part}", "weekday": weekday, **hours}


def _slot(weekday: int, slot: DaySlot) -> dict[str, Any]:
    hours = {"start": _clock(slot.starts_at), "end": _clock(slot.ends_at)}
    return {"id": f"{weekday}-{slot.number}", "segment": f"{weekday}-{slot.part}", **hours}


def _sites(session: Session, sites: Sequence[Site], plane: Plane) -> list[dict[str, Any]]:
    rooms: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for room in _all(session, Room):
        rooms[room.site_id].append({"id": f"r{room.id}", "kind": room.kind, "capacity": room.capacity})
    return [{"id": f"s{s.id}", "name": s.name, **_place(plane.at(s)), "rooms": rooms[s.id or 0]} for s in sites]


def _class_run(week: Week, class_run: ClassRun, segments: list[DaySegment], slots: list[DaySlot]) -> dict[str, Any]:
    days = week.weekdays(week.terms[class_run.term_id])
    parts = set(class_run.parts)
    return {
        "id": f"c{class_run.id}",
        "name": class_run.name,
        "site": f"s{class_run.site_id}",
        "grades": [class_run.grade_low, class_run.grade_high],
        "children": class_run.confirmed,
        "segments": [f"{day}-{s.part}" for day in days for s in segments if s.part in parts],
        "slots": [f"{day}-{s.number}" for day in days for s in slots if s.part in parts],
    }


def _course(course: Course) -> dict[str, Any]:
    return {
        "id": f"k{course.id}",
        "name": course.name,
        "domain": course.domain,
        "grades": [course.grade_low, course.grade_high],
        "room_kind": course.room_kind,
        "outdoor": course.outdoor,
    }


class Volunteers:
    """All volunteers, or some, and what hangs on them, read with one query a table."""

    def __init__(
        self, session: Session, week: Week, plane: Plane, parts: set[str], only: Collection[int] | None = None
    ) -> None:
        self._session, self._week, self._plane, self._only = session, week, plane, only
        self._months: int = setting(session, "clearance_months")
        days = set(week.rostered())
        self._span = week.date_of(min(days)), week.date_of(max(days))
        times = {(day, part) for day in days for part in parts}
        self._available: dict[int, set[tuple[int, str]]] = defaultdict(set)
        for time_ in self._of(VolunteerAvailability, col(VolunteerAvailability.volunteer_id)):
            at = time_.weekday, time_.part
            if at in times:
                self._available[time_.volunteer_id].add(at)
        self._read_dates(days, parts)
        self._courses: dict[int, set[int]] = defaultdict(set)
        for taught in self._of(TeachableCourse, col(TeachableCourse.volunteer_id)):
            self._courses[taught.volunteer_id].add(taught.course_id)
        self._wishes: dict[int, set[int]] = defaultdict(set)
        for wish in self._of(PreferredSite, col(PreferredSite.volunteer_id)):
            self._wishes[wish.volunteer_id].add(wish.site_id)
        self._checks: dict[int, list[date]] = defaultdict(list)
        for check in self._of(ClearanceCheck, col(ClearanceCheck.volunteer_id)):
            self._checks[check.volunteer_id].append(check.checked_on)
        self._nowhere = (min((plane.at(s)[0] for s in _all(session, Site)), default=0.0) - 1.0, 0.0)

    def _read_dates(self, days: set[int], parts: set[str]) -> None:
        """What was said for a date counts more than what was said for its weekday."""
        volunteer, of_week = col(DatedAvailability.volunteer_id), col(DatedAvailability.day)
        within = of_week.between(self._week.monday, self._week.date_of(7))
        for said in self._of(DatedAvailability, volunteer, within):
            at = (said.day.isoweekday(), said.part)
            if at[0] not in days or said.part not in parts:
                continue
            if said.comes:
                self._available[said.volunteer_id].add(at)
            else:
                self._available[said.volunteer_id].discard(at)

    def entries(self) -> list[dict[str, Any]]:
        """The volunteers of the problem file."""
        people = sorted(self._of(Volunteer, col(Volunteer.id)), key=lambda v: v.id or 0)
        return [self._entry(v, v.id or 0) for v in people]

    def _of(self, model: type[M], person: Any, *within: Any) -> Iterable[M]:
        """Rows as they stand in the table: ten thousand objects that the session watches take longer than all else."""
        wanted: Any = select(*inspect(model).columns).where(*within)
        found: Any = self._session.exec(wanted if self._only is None else wanted.where(person.in_(self._only)))
        return cast(Iterable[M], found.all())

    def _entry(self, volunteer: Volunteer, id_: int) -> dict[str, Any]:
        adult = is_adult(volunteer.born_on, self._week.monday)
        home = self._plane.home(volunteer.home_subdistrict)
        return {
            "id": f"v{id_}",
            "name": volunteer.name,
            "roles": _roles(volunteer, adult=adult),
            "courses": [f"k{course}" for course in sorted(self._courses[id_])],
            "available": [f"{day}-{part}" for day, part in sorted(self._available[id_])],
            "max_segments": volunteer.max_segments,
            "preferred_segments": volunteer.preferred_segments,
            # Without a home: west of every site and no reach, so that no site, not even a sole one in the
            # middle of the plane, lies within it.
            **_place(home or self._nowhere),
            "reach_km": volunteer.reach_km if home else 0.0,
            "preferred_sites": [f"s{site}" for site in sorted(self._wishes[id_])],
            "adult": adult,
            "cleared": self._is_cleared(id_),
        }

    def _is_cleared(self, id_: int) -> bool:
        first, last = self._span
        return any(is_clearance_valid(day, first, last, self._months) for day in self._checks[id_])


def _roles(volunteer: Volunteer, *, adult: bool) -> list[str]:
    """Roles in the order of the format. A minor who would lead assists until coming of age."""
    held = {
        "lead": volunteer.is_lead and adult,
        "assistant": volunteer.is_assistant or (volunteer.is_lead and not adult),
        "instructor": volunteer.is_instructor,
    }
    return [role for role, is_held in held.items() if is_held]


def bans_of(session: Session, class_runs: Collection[int | None]) -> list[dict[str, str]]:
    """Bans of sites, and of the class runs of this week; a pair that two reasons forbid stands once."""
    found: dict[tuple[int, str], dict[str, str]] = {}
    for ban in _all(session, Ban):
        if ban.site_id is not None:
            target = {"site": f"s{ban.site_id}"}
        elif ban.class_run_id in class_runs:
            target = {"class": f"c{ban.class_run_id}"}
        else:
            continue
        [name] = target.values()
        found[ban.volunteer_id, name] = {"volunteer": f"v{ban.volunteer_id}", **target}
    return [found[pair] for pair in sorted(found)]


def _all(session: Session, model: type[M]) -> list[M]:
    """All rows by id, so that equal tables give equal files."""
    return list(session.exec(select(model).order_by("id")))


def _by_hour(rows: Iterable[S]) -> list[S]:
    return sorted(rows, key=lambda row: row.starts_at)


def _place(point: tuple[float, float]) -> dict[str, float]:
    return {"x_km": point[0], "y_km": point[1]}


def _clock(moment: time) -> str:
    return moment.strftime("%H:%M")
