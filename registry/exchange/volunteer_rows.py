"""The sheet of volunteers: one person a row, found again by name and phone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlmodel import Session, select

from registry.exchange import cells
from registry.exchange.cells import key
from registry.exchange.columns import AVAILABILITY, KIND_WORDS, ROLE_WORDS, SEX_WORDS
from registry.exchange.places import Places
from registry.exchange.programme_rows import NEVER, Programme
from registry.exchange.report import Outcome
from registry.exchange.sheets import Row, Sheet
from registry.exchange.store import Links, outcome_with, report_repeat, upsert
from registry.exchange.volunteer_checks import (
    Season,
    Wishes,
    clearance,
    judge_age,
    judge_load,
    judge_reach,
    judge_roles,
)
from registry.people import (
    FROM_WORKBOOK,
    Ban,
    ClearanceCheck,
    PreferredSite,
    TeachableCourse,
    Volunteer,
    VolunteerAvailability,
)

MOST_SEGMENTS = 21
"""Seven days of three parts."""


class People:
    """Stored volunteers, found by name and phone, or without a phone by name, birth, sex and kind."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.seen: dict[int, Row] = {}
        self.phones: dict[str, tuple[str, Row]] = {}
        self._by_phone: dict[tuple[str, str], Volunteer] = {}
        self._by_birth: dict[tuple[str, date, str, str], list[Volunteer]] = {}
        for person in session.exec(select(Volunteer).order_by(Volunteer.id)):  # type: ignore[arg-type]
            self.remember(person)

    def remember(self, person: Volunteer) -> None:
        """Let the person be found from now on."""
        if person.phone:
            self._by_phone[person.name, person.phone] = person
        same = self._by_birth.setdefault((person.name, person.born_on, person.sex, person.kind), [])
        if person not in same:
            same.append(person)

    def find(self, values: dict[str, Any]) -> Volunteer | None:
        """The stored person that a row means. A phone that one of the two lacks does not part them."""
        if values["phone"] and (found := self._by_phone.get((values["name"], values["phone"]))):
            return found
        same = self._by_birth.get((values["name"], values["born_on"], values["sex"], values["kind"]), [])
        fitting = [person for person in same if not values["phone"] or not person.phone]
        return fitting[0] if fitting else None


class Linked:
    """What hangs on a volunteer."""

    def __init__(self, session: Session) -> None:
        parent = "volunteer_id"
        self.availability = Links(session, VolunteerAvailability, parent, ("weekday", "part"))
        self.courses = Links(session, TeachableCourse, parent, ("course_id",))
        self.sites = Links(session, PreferredSite, parent, ("site_id",))
        self.checks = Links(session, ClearanceCheck, parent, ("checked_on",), source=FROM_WORKBOOK)
        self.bans = Links(session, Ban, parent, ("site_id", "reason"), source=FROM_WORKBOOK)


@dataclass
class Desk:
    """Everything at hand while volunteers are read."""

    programme: Programme
    season: Season
    people: People
    places: Places
    linked: Linked


def import_volunteers(programme: Programme, sheet: Sheet, season: Season) -> None:
    """Volunteers with availability, courses, wishes, bans and background check."""
    session = programme.session
    places = Places(list(programme.sites.known.values()))
    desk = Desk(programme, season, People(session), places, Linked(session))
    for row in sheet.body(programme.log):
        programme.log.count(sheet.name, _import_volunteer(desk, row))


def _import_volunteer(desk: Desk, row: Row) -> Outcome:
    values = _values(row, desk.places)
    available, courses = _availability(row), _courses(desk.programme, row)
    checks = clearance(row, desk.season)
    judge_age(row, values, desk.season)
    judge_roles(row, values, courses)
    judge_load(row, values, available)
    preferred, bans = desk.places.preferred(row), desk.places.bans(row)
    judge_reach(row, values, desk.places, Wishes(preferred, {site for site, _ in bans}))
    person, outcome = _store(desk.people, row, values)
    if person is None:
        return outcome
    return outcome_with(
        outcome,
        desk.linked.availability.put(person.id, available),
        desk.linked.courses.put(person.id, courses),
        desk.linked.sites.put(person.id, {(site,) for site in preferred}),
        desk.linked.checks.put(person.id, checks),
        desk.linked.bans.put(person.id, bans),
    )


def _values(row: Row, places: Places) -> dict[str, Any]:
    """The volunteer's own columns."""
    name = row.need("name", cells.person_name, "")
    if not row.is_empty("name") and name and name != cells.plain(row.cell("name")):
        row.say("name_spaces_removed", "name", read_as=name)
    most = row.need("max_segments", cells.whole(0, MOST_SEGMENTS), 0)
    roles = _roles(row)
    return {
        "name": name,
        "sex": row.want("sex", cells.word(SEX_WORDS), "unknown"),
        "born_on": row.need("born", cells.month, NEVER),
        "phone": _phone(row),
        "kind": row.want("kind", cells.word(KIND_WORDS), "other"),
        "organisation": row.may("organisation", cells.text(200), ""),
        "is_lead": "lead" in roles,
        "is_assistant": "assistant" in roles,
        "is_instructor": "instructor" in roles,
        "max_segments": most,
        "preferred_segments": row.may("preferred_segments", cells.whole(0, MOST_SEGMENTS), most),
        "home_subdistrict": places.home(row),
        "reach_km": row.need("reach", cells.decimal(0, 500), 0.0),
        "remark": row.may("remark", cells.text(500), ""),
    }


def _phone(row: Row) -> str | None:
    if row.is_empty("phone"):
        row.say("phone_missing", "phone")
        return None
    return row.may("phone", cells.phone, None)


def _roles(row: Row) -> set[str]:
    """Roles named in the cell; a word that means none is reported."""
    if row.is_empty("roles"):
        row.fail("value_missing", "roles")
        return set()
    found = set()
    for piece in cells.items(row.cell("roles")):
        if key(piece) in ROLE_WORDS:
            found.add(ROLE_WORDS[key(piece)])
        else:
            row.say("word_unknown", "roles", severity="warning", piece=piece, known=list(ROLE_WORDS))
    if not found:
        row.failed = True
    return found


def _availability(row: Row) -> set[tuple[int, str]]:
    """Weekdays and parts with a tick; marks that mean nothing are reported and count as no."""
    found = set()
    for field in AVAILABILITY:
        if row.may(field, cells.yes_no, False):
            weekday, part = field.split("-")
            found.add((int(weekday), part))
    if not found:
        row.say("availability_missing")
    return found


def _courses(programme: Programme, row: Row) -> set[tuple[int | None]]:
    """Ids of the courses named; a name that the library lacks is reported with the closest one in it."""
    found = set()
    for name in row.names("courses"):
        course = programme.courses.known.get(key(name))
        if course is None:
            row.say("course_unknown", "courses", name=name, closest=programme.closest_course(name))
        else:
            found.add((course.id,))
    return found


def _store(people: People, row: Row, values: dict[str, Any]) -> tuple[Volunteer | None, Outcome]:
    stored = None if row.failed else people.find(values)
    if stored is not None and stored.id in people.seen:
        report_repeat(row, people.seen[stored.id])
    if row.failed:
        return None, "skipped"
    if stored is not None and values["phone"] is None:
        values["phone"] = stored.phone  # an empty cell does not take a known phone away
    _report_shared(people, row, values)
    person, outcome = upsert(people.session, Volunteer, stored, values)
    assert person.id is not None
    people.seen[person.id] = row
    people.remember(person)
    return person, outcome


def _report_shared(people: People, row: Row, values: dict[str, Any]) -> None:
    """Two people of this workbook with one phone: allowed, but rarely meant."""
    if values["phone"] is None:
        return
    name, first = people.phones.setdefault(values["phone"], (values["name"], row))
    if name != values["name"]:
        row.say("phone_shared", "phone", first_row=first.number, name=name)
