"""The sheets of the programme: terms, sites with their rooms, courses, class runs."""

from __future__ import annotations

import math
from collections.abc import Hashable
from datetime import date
from difflib import get_close_matches
from statistics import median
from typing import Any

from sqlmodel import Session

from registry.exchange import cells
from registry.exchange.cells import Cell, key
from registry.exchange.columns import CARE_WORDS, DOMAIN_WORDS, HOME_ROOM_WORDS, TEACHING_WORDS
from registry.exchange.report import Log
from registry.exchange.sheets import Row, Sheet
from registry.exchange.store import Catalogue, Links, outcome_with
from registry.programme import ClassRun, Course, Room, Site, Term, setting

NEVER = date(2000, 1, 1)
FAR_OFF_KM = 60.0
"""A site so far from the middle of the others is more likely a slip than a site."""


class Programme:
    """Everything that the rows of the programme refer to, as it grows while the workbook is read."""

    def __init__(self, session: Session, log: Log) -> None:
        self.session, self.log = session, log
        self.terms = Catalogue(session, Term, lambda t: (t.year, cells.term_name(t.name)))
        self.sites = Catalogue(session, Site, lambda s: key(s.name))
        self.courses = Catalogue(session, Course, lambda c: key(c.name))
        self.classes = Catalogue(session, ClassRun, lambda c: (c.site_id, c.term_id, key(c.name)))
        self.rooms = Links(session, Room, "site_id", ("kind", "number", "capacity"))
        self.min_to_open: int = setting(session, "min_to_open")
        self.class_capacity: int = setting(session, "class_capacity")

    def season_terms(self) -> dict[Hashable, Term]:
        """The workbook's terms by name."""
        return {cells.term_name(t.name): t for t in self.terms.named().values()}

    def closest_course(self, name: str) -> str | None:
        """The course of the library whose name is most like a given one, None where none is near."""
        names = sorted(course.name for course in self.courses.known.values())
        return next(iter(get_close_matches(name, names, n=1, cutoff=0.5)), None)


def import_terms(programme: Programme, sheet: Sheet) -> None:
    """Terms, known again by year and name."""
    for row in sheet.body(programme.log):
        _, outcome = programme.terms.put(row, _term_values(row))
        programme.log.count(sheet.name, outcome)


def has_a_term(sheet: Sheet) -> bool:
    """Whether any row of the sheet of terms is sound."""
    rows = list(sheet.body(Log()))
    for row in rows:
        _term_values(row)
    return any(not row.failed for row in rows)


def _term_values(row: Row) -> dict[str, Any]:
    start = row.need("starts_on", cells.day, NEVER)
    end = row.need("ends_on", cells.day, NEVER)
    if not row.failed and start > end:
        row.fail("dates_reversed", "ends_on", starts_on=start.isoformat())
    return {
        "year": start.year,
        "name": row.need("name", cells.text(50), ""),
        "starts_on": start,
        "ends_on": end,
        "remark": row.may("remark", cells.text(500), ""),
    }


def import_sites(programme: Programme, sheet: Sheet) -> None:
    """Sites and their rooms, known again by the site's name."""
    stored: list[tuple[Row, Site]] = []
    for row in sheet.body(programme.log):
        values, rooms = _site_values(row), _rooms(row)
        site, outcome = programme.sites.put(row, values)
        if site is not None:
            stored.append((row, site))
            outcome = outcome_with(outcome, programme.rooms.put(site.id, rooms))
        programme.log.count(sheet.name, outcome)
    _report_far_off(stored)


def _site_values(row: Row) -> dict[str, Any]:
    return {
        "name": row.need("name", cells.text(100), ""),
        "subdistrict": row.need("subdistrict", cells.text(50), ""),
        "address": row.may("address", cells.text(200), ""),
        "longitude": row.need("longitude", cells.decimal(73, 136), 0.0),  # China's bounds
        "latitude": row.need("latitude", cells.decimal(3, 54), 0.0),
        "coordinator_name": row.may("coordinator_name", cells.person_name, ""),
        "coordinator_phone": row.may("coordinator_phone", cells.any_phone, None),
        "remark": row.may("remark", cells.text(500), ""),
    }


def _rooms(row: Row) -> list[tuple[str, int, int]]:
    """Rooms as (kind, number, capacity), numbered within their kind."""
    nothing: tuple[list[tuple[str, int]], list[str]] = ([], [])
    good, bad = row.may("rooms", cells.rooms, nothing)
    for piece in bad:
        row.say("rooms_unreadable", "rooms", piece=piece)
    kinds = [kind for kind, _ in good]
    return [(kind, kinds[: i + 1].count(kind), capacity) for i, (kind, capacity) in enumerate(good)]


def _report_far_off(stored: list[tuple[Row, Site]]) -> None:
    if not stored:
        return
    longitude = median(s.longitude for _, s in stored)
    latitude = median(s.latitude for _, s in stored)
    for row, site in stored:
        east = (site.longitude - longitude) * math.cos(math.radians(latitude))
        km = math.hypot(east, site.latitude - latitude) * 111.2
        if km > FAR_OFF_KM:
            row.say("coordinates_far_off", "longitude", km=round(km))


def import_courses(programme: Programme, sheet: Sheet) -> None:
    """Courses, known again by name; what they refer to is looked at once all are read."""
    stored: list[tuple[Row, Course]] = []
    for row in sheet.body(programme.log):
        course, outcome = programme.courses.put(row, _course_values(row))
        if course is not None:
            stored.append((row, course))
        programme.log.count(sheet.name, outcome)
    room_kinds = {room.kind for room in programme.rooms.all()}
    for row, course in stored:
        _report_course(programme, row, course, room_kinds)


def _course_values(row: Row) -> dict[str, Any]:
    low, high = row.need("grades", cells.grades, (1, 6))
    return {
        "name": row.need("name", cells.text(100), ""),
        "domain": row.need("domain", cells.word(DOMAIN_WORDS), ""),
        "grade_low": low,
        "grade_high": high,
        "room_kind": row.may("room_kind", _room_kind, None),
        "outdoor": row.may("outdoor", cells.yes_no, False),
        "indoor_fallback": row.may("indoor_fallback", cells.text(100), None),
        "remark": row.may("remark", cells.text(500), ""),
    }


def _room_kind(cell: Cell) -> str | None:
    return None if key(cell) in HOME_ROOM_WORDS else cells.text(50)(cell)


def _report_course(programme: Programme, row: Row, course: Course, room_kinds: set[str]) -> None:
    if course.room_kind and course.room_kind not in room_kinds:
        row.say("room_kind_unknown", "room_kind", known=sorted(room_kinds))
    teaching = [word for word in TEACHING_WORDS if word in course.name + course.remark]
    if teaching:
        row.say("subject_teaching", "name", words=teaching)
    if course.outdoor and not course.indoor_fallback:
        row.say("fallback_missing", "indoor_fallback")
    if course.indoor_fallback:
        fallback = programme.courses.known.get(key(course.indoor_fallback))
        if fallback is None or fallback.outdoor:
            row.say("fallback_unknown", "indoor_fallback", outdoor=fallback is not None)


def import_classes(programme: Programme, sheet: Sheet) -> None:
    """Class runs, known again by site, term and name."""
    season = programme.season_terms()
    for row in sheet.body(programme.log):
        values = _class_values(programme, row, season)
        class_run, outcome = programme.classes.put(row, values)
        if class_run is not None:
            _report_size(row, class_run)
        programme.log.count(sheet.name, outcome)


def _class_values(programme: Programme, row: Row, season: dict[Hashable, Term]) -> dict[str, Any]:
    low, high = row.need("grades", cells.grades, (1, 6))
    return {
        "site_id": _referred(row, "site", programme.sites.known, key, "site_unknown"),
        "term_id": _referred(row, "term", season, cells.term_name, "term_unknown"),
        "name": row.need("name", cells.text(100), ""),
        "grade_low": low,
        "grade_high": high,
        "capacity": row.may("capacity", cells.whole(1, 200), programme.class_capacity),
        "min_to_open": row.may("min_to_open", cells.whole(0, 200), programme.min_to_open),
        "confirmed": row.need("confirmed", cells.whole(0, 200), 0),
        "parts": _parts(row),
    }


def _referred(row: Row, field: str, known: Any, read: Any, code: str) -> int:
    """The id of the row that a cell names, 0 once it has failed."""
    name = row.need(field, read, "")
    if not name:
        return 0
    if name not in known:
        row.fail(code, field)
        return 0
    found: int = known[name].id
    return found


def _parts(row: Row) -> list[str]:
    """The parts of the day in which the class is cared for."""
    lengths = {length: length for length, _ in CARE_WORDS}
    length = row.need("care", cells.word(lengths), "")
    noon = row.may("noon_care", cells.yes_no, False)
    return list(CARE_WORDS.get((length, noon), ()))


def _report_size(row: Row, class_run: ClassRun) -> None:
    if class_run.confirmed < class_run.min_to_open:
        row.say("below_minimum", "confirmed", minimum=class_run.min_to_open)
    if class_run.confirmed > class_run.capacity:
        row.say("over_capacity", "confirmed", capacity=class_run.capacity)
