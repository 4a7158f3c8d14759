"""A published week as it stands today: its places, who has them, and who could take them by the rules."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlmodel import Session, col, select

from registry.board.fill import WEIGHED, levels
from registry.board.steps import as_roster
from registry.clock import SHANGHAI
from registry.duties.amend import in_force, key_of
from registry.duties.answer_tables import Absence
from registry.duties.publish import number_of
from registry.duties.renew import renew
from registry.duties.tables import RosterVersion
from registry.engine.boards import Entry, Position, Step, forbidden_by, read_entry, read_roster, write_entry
from registry.engine.rosters import read
from registry.errors import Refused
from registry.repairs.words import class_names, people_names
from registry.rostering.build import volunteers_now

Row = dict[str, Any]
"""An entry of a roster file without its person: a place."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody who could take places, or the rules against it; and what a coordinator asks about them."""

    volunteer: str
    name: str
    rules: tuple[str, ...]
    km: float
    knows_class: bool
    engaged: int
    most: int


@dataclass(frozen=True, slots=True)
class Place:
    """A place as people read it. `what` is a role's code or the name of a course."""

    row: Row
    kind: str
    day: date
    starts: time
    ends: time
    what: str


class Places:
    """When and what the places of a version are; nothing else of it is read."""

    def __init__(self, version: RosterVersion) -> None:
        problem = version.problem_json
        self._week = version.week
        self._at = {s["id"]: s for s in (*problem["segments"], *problem["slots"])}
        self._courses = {k["id"]: str(k.get("name") or k["id"]) for k in problem["courses"]}
        self.children = {c["id"]: int(c["children"]) for c in problem["classes"]}

    def of(self, row: Row) -> Place:
        """One of them."""
        is_lesson = "slot" in row
        at = self._at[row["slot"] if is_lesson else row["segment"]]
        day = self._week + timedelta(days=self._at[at.get("segment", at["id"])]["weekday"] - 1)
        what = self._courses[row["course"]] if is_lesson else row["role"]
        starts, ends = time.fromisoformat(at["start"]), time.fromisoformat(at["end"])
        return Place(row, "lesson" if is_lesson else "duty", day, starts, ends, what)


class Standing:
    """The version in force with everybody as the tables have them today."""

    def __init__(self, session: Session, monday: date) -> None:
        self.version: RosterVersion = in_force(session, monday)
        everybody = [number_of(id_) for id_ in volunteers_now(session, monday)]
        before = self.version.problem_json
        self.problem_json = renew(session, monday, before, self.version.roster_json, everybody)
        self.problem = read(self.problem_json)
        self.position = Position(self.problem, read_roster(self.version.roster_json, self.problem))
        self.classes, self.people = class_names(self.problem_json), people_names(self.problem_json)
        self._places = Places(self.version)
        self._away = _absent_parts(session, monday)
        self._taken = {key_of(row) for kind in ("duties", "lessons") for row in self.version.roster_json[kind]}

    def entry(self, row: Row, volunteer: str) -> Entry:
        """A place as somebody's entry.

        Raises:
            Refused: `entry_malformed`.
        """
        return read_entry(filled(row, volunteer), self.problem)

    def place(self, row: Row) -> Place:
        """When it is, and what."""
        return self._places.of(row)

    def begins(self, rows: Sequence[Row]) -> datetime:
        """When the first of some places begins."""
        return min(datetime.combine(p.day, p.starts, SHANGHAI) for p in map(self.place, rows))

    def rows_of(self, volunteer: str) -> list[Row]:
        """The places that somebody has."""
        roster = self.position.roster
        entries = (*roster.duties_of.get(volunteer, ()), *roster.lessons_of.get(volunteer, ()))
        return sorted((unfilled(write_entry(e)) for e in entries), key=lambda row: self.begins([row]))

    def open_rows(self, sites: set[str]) -> Iterator[Row]:
        """Places of duty that are open at some sites: a class lacks its lead, or adults."""
        for run in (c for c in self.problem.classes if c.site in sites):
            for segment in run.segments:
                rows = [{"class": run.id, "segment": segment, "role": role} for role in ("lead", "assistant")]
                yield from [row for row in rows if self.is_open(row)][:1]

    def is_open(self, row: Row) -> bool:
        """Whether nobody has a place and somebody is needed there."""
        run = self.problem.class_run[row["class"]]
        if "slot" in row:
            return all(x.slot != row["slot"] for x in self.position.roster.lessons_in.get(run.id, ()))
        there = [d for d in self.position.roster.duties_in.get(run.id, ()) if d.segment == row["segment"]]
        if row["role"] == "lead":
            return all(d.role != "lead" for d in there)
        return sum(self.problem.volunteer[d.volunteer].adult for d in there) < self.problem.need(run)

    def is_there(self, rows: Sequence[Row], instead_of: str | None) -> bool:
        """Whether the places are still there to be taken: that person's, or open."""
        if instead_of is not None:
            return all(key_of(filled(row, instead_of)) in self._taken for row in rows)
        return all(row["class"] in self.problem.class_run and self.is_open(row) for row in rows)

    def is_away(self, volunteer: str, row: Row) -> bool:
        """Whether somebody has said that they cannot come then."""
        segment = self.problem.slot[row["slot"]].segment if "slot" in row else str(row["segment"])
        return (volunteer, segment) in self._away

    def step(self, rows: Sequence[Row], instead_of: str | None, volunteer: str) -> Step:
        """Taking the places, which that person leaves."""
        gone = [self.entry(row, instead_of) for row in rows] if instead_of else []
        come = [self.entry(row, volunteer) for row in rows]
        return Step(as_roster(gone), as_roster(come), frozenset(e for e in gone if e in self.position.pins))

    def against(self, rows: Sequence[Row], instead_of: str | None, volunteer: str) -> tuple[str, ...]:
        """The rules against somebody's taking them."""
        if volunteer not in self.problem.volunteer:
            return ("clearance",)
        if any(self.is_away(volunteer, row) for row in rows):
            return ("availability",)
        step = self.step(rows, instead_of, volunteer)
        come: list[Entry] = [*step.added.duties, *step.added.lessons]
        if rules := {rule for entry in come for rule in forbidden_by(self.problem, entry)}:
            return tuple(sorted(rules))
        broken, _ = self.position.breaches(step)
        return tuple(sorted({v.rule for v in broken}))

    def candidates(self, rows: Sequence[Row], instead_of: str | None) -> tuple[Candidate, ...]:
        """Everybody who is cleared: those who could take the places, the best first, then the others by the rules
        against them. Of the best the whole cost is reckoned, as where a place of the board is filled."""
        found = [
            self._candidate(rows, instead_of, v.id) for v in self.problem.volunteers if v.cleared and v.id != instead_of
        ]
        grown = {v.id for v in self.problem.volunteers if v.adult}
        free = sorted(
            (c for c in found if not c.rules),
            key=lambda c: (c.volunteer not in grown, not c.knows_class, c.km, c.engaged, c.volunteer),
        )
        weighed = sorted(free[:WEIGHED], key=lambda c: self._cost(rows, instead_of, c.volunteer))
        others = sorted((c for c in found if c.rules), key=lambda c: (len(c.rules), c.km, c.volunteer))
        return (*weighed, *free[WEIGHED:], *others)

    def _cost(self, rows: Sequence[Row], instead_of: str | None, volunteer: str) -> tuple[int, int, int]:
        return levels(self.position.rise(self.step(rows, instead_of, volunteer)))

    def _candidate(self, rows: Sequence[Row], instead_of: str | None, volunteer: str) -> Candidate:
        roster, run = self.position.roster, self.problem.class_run[rows[0]["class"]]
        duties, lessons = roster.duties_of.get(volunteer, ()), roster.lessons_of.get(volunteer, ())
        engaged = {d.segment for d in duties} | {self.problem.slot[x.slot].segment for x in lessons}
        return Candidate(
            volunteer, self.people[volunteer], self.against(rows, instead_of, volunteer),
            round(self.problem.km(volunteer, run.site), 1), any(e.class_run == run.id for e in (*duties, *lessons)),
            len(engaged), self.problem.volunteer[volunteer].max_segments,
        )  # fmt: skip


def _absent_parts(session: Session, monday: date) -> frozenset[tuple[str, str]]:
    """Who cannot come in which segments."""
    wanted = select(Absence).where(
        col(Absence.day).between(monday, monday + timedelta(days=6)), col(Absence.withdrawn_at).is_(None)
    )
    return frozenset((f"v{a.volunteer_id}", f"{a.day.isoweekday()}-{a.part}") for a in session.exec(wanted))


def filled(row: Row, volunteer: str) -> Row:
    """A place as somebody's entry."""
    return {**row, ("instructor" if "slot" in row else "volunteer"): volunteer}


def unfilled(row: Row) -> Row:
    """An entry without its person."""
    return {name: value for name, value in row.items() if name not in ("volunteer", "instructor")}


def checked(standing: Standing, rows: Sequence[Row]) -> list[Row]:
    """Places that somebody named, of one class on one day, in an order of their own.

    Raises:
        Refused: `entry_malformed`; `substitute_places`, none, the same twice, or of several classes or days.
    """
    nobody = standing.problem.volunteers[0].id if standing.problem.volunteers else ""
    entries = [standing.entry(row, nobody) for row in rows]
    found = [unfilled(write_entry(e)) for e in entries]
    days = {standing.place(row).day for row in found}
    if not found or len({e.class_run for e in entries}) > 1 or len(days) > 1 or len(set(entries)) < len(entries):
        raise Refused("substitute_places")
    return sorted(found, key=lambda row: (standing.place(row).starts, row.get("slot") or ""))
