"""A problem as plain JSON values, complete: whatever was left to a default is written out."""

from __future__ import annotations

from dataclasses import asdict

from scheduler.files.problems import FORMAT
from scheduler.files.rosters import write_pins, write_roster
from scheduler.roster.problem import Ban, ClassRun, Course, Problem, Segment, Site, Slot, Volunteer


def write_problem(problem: Problem) -> dict[str, object]:
    """A problem file that reads back as an equal problem. Sets are written sorted, lists in their order."""
    return {
        "format": FORMAT,
        "week": problem.week,
        "segments": [_segment(s) for s in problem.segments],
        "slots": [_slot(s) for s in problem.slots],
        "sites": [_site(s) for s in problem.sites],
        "classes": [_class(c) for c in problem.classes],
        "courses": [_course(k) for k in problem.courses],
        "volunteers": [_volunteer(v) for v in problem.volunteers],
        "pins": write_pins(problem.pins),
        "bans": [_ban(b) for b in problem.bans],
        "heat_days": sorted(problem.heat_days),
        "policy": asdict(problem.policy),
        "published": _published(problem),
        "frozen_before": problem.frozen_before,
    }


def _time(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"


def _segment(s: Segment) -> dict[str, object]:
    return {"id": s.id, "weekday": s.weekday, "start": _time(s.start), "end": _time(s.end)}


def _slot(s: Slot) -> dict[str, object]:
    return {"id": s.id, "segment": s.segment, "start": _time(s.start), "end": _time(s.end)}


def _site(s: Site) -> dict[str, object]:
    return asdict(s) | {"rooms": [asdict(r) for r in s.rooms]}


def _class(c: ClassRun) -> dict[str, object]:
    return {
        "id": c.id,
        "site": c.site,
        "grades": list(c.grades),
        "children": c.children,
        "segments": list(c.segments),
        "slots": list(c.slots),
        "interest": dict(c.interest),
    }


def _course(k: Course) -> dict[str, object]:
    return asdict(k) | {"grades": list(k.grades)}


def _volunteer(v: Volunteer) -> dict[str, object]:
    sets = ("roles", "courses", "available", "preferred_sites")
    return asdict(v) | {name: sorted(getattr(v, name)) for name in sets}


def _ban(ban: Ban) -> dict[str, object]:
    where = {"site": ban.site} if ban.class_run is None else {"class": ban.class_run}
    return {"volunteer": ban.volunteer, **where}


def _published(problem: Problem) -> dict[str, object] | None:
    if problem.published is None:
        return None
    safety, programme = problem.published_cost
    return write_roster(problem.published) | {"result": {"cost": {"safety": safety, "programme": programme}}}
