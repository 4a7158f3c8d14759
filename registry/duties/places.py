"""Open places that a volunteer may take: what the published week lacks and the rules permit, checked when it is taken.

A place is open where a class lacks adults or its lead, or a slot has no lesson; whoever has said that they cannot come
does not count. Of a duty and a lesson alike, every answer comes from the scheduler's rules.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cached_property
from typing import Any

from sqlmodel import Session, col, select

from registry.accounts.outbox import post
from registry.accounts.permissions import Actor
from registry.board.steps import as_roster
from registry.clock import SHANGHAI
from registry.duties.amend import amend, hold_week
from registry.duties.answers import absences_of, open_absences, volunteer_of
from registry.duties.known_weeks import KnownWeek, week_in_force
from registry.duties.moment import moment
from registry.duties.publish import number_of, part_of
from registry.duties.tables import RosterVersion
from registry.engine.boards import (
    Duty,
    Entry,
    Lesson,
    Roster,
    Step,
    forbidden_by,
    read_entry,
    write_entry,
)
from registry.errors import Conflict, NotAllowed
from registry.people import Volunteer
from registry.programme import Site
from registry.rostering.build import volunteers_now

Place = tuple[str, str]
"""A class, and a segment or a slot."""
MOST = 40
"""So many open places are listed, the soonest first."""


@dataclass(frozen=True, slots=True)
class OpenPlace:
    """A place that the volunteer may take: `entry` is as in the roster file, and what claiming it names. `course` is
    empty for a duty."""

    entry: dict[str, Any]
    day: date
    starts: time
    ends: time
    class_run: str
    children: int
    site: str
    address: str
    km: float
    role: str
    course: str
    instead_of_somebody: bool


@dataclass(frozen=True, slots=True)
class OpenPlaces:
    """What is open for a volunteer in a week, and at how many more places which rules are against them."""

    monday: date
    places: tuple[OpenPlace, ...]
    against: dict[str, int]


class Standing:
    """A published week as it stands for one volunteer: with them as they are today, and who is away."""

    def __init__(self, session: Session, week: KnownWeek, volunteer_id: int) -> None:
        self.monday, self.who, self.names = week.monday, f"v{volunteer_id}", week.names
        self.position = week.today(session, [volunteer_id])
        self.problem = self.position.problem
        self.now = moment(session)
        self.away = frozenset(self._away(session))
        self._out = {(a.day, a.part) for a in absences_of(
            session, volunteer_id, week.monday, week.monday + timedelta(days=6)).values()}  # fmt: skip

    def _away(self, session: Session) -> Iterator[Entry]:
        """The entries of those who cannot come."""
        for one in open_absences(session, self.monday):
            who, at = f"v{one.absence.volunteer_id}", f"{one.absence.day.isoweekday()}-{one.absence.part}"
            yield from (d for d in self.position.roster.duties_of.get(who, ()) if d.segment == at)
            for x in self.position.roster.lessons_of.get(who, ()):
                if self.problem.slot[x.slot].segment == at:
                    yield x

    @cached_property
    def present(self) -> Roster:
        """The roster without them."""
        whole = self.position.roster
        return Roster(whole.duties - self.away, whole.lessons - self.away)

    def span(self, entry: Entry) -> tuple[date, time, time]:
        """When an entry is."""
        at = self.problem.segment[entry.segment] if isinstance(entry, Duty) else self.problem.slot[entry.slot]
        segment = self.problem.segment[entry.segment if isinstance(entry, Duty) else self.segment_of(entry)]
        day = self.monday + timedelta(days=segment.weekday - 1)
        return day, time(*divmod(at.start, 60)), time(*divmod(at.end, 60))

    def segment_of(self, entry: Entry) -> str:
        """The segment that an entry lies in."""
        return entry.segment if isinstance(entry, Duty) else self.problem.slot[entry.slot].segment

    def is_ahead(self, entry: Entry) -> bool:
        """Whether it has not begun."""
        day, starts, _ = self.span(entry)
        return datetime.combine(day, starts, SHANGHAI) > self.now

    def lacking(self, class_run: str, segment: str) -> tuple[int, bool]:
        """How many adults a class lacks then, and whether it lacks its lead."""
        run = self.problem.class_run[class_run]
        there = [d for d in self.present.duties_in.get(class_run, ()) if d.segment == segment]
        adults = sum(self.problem.volunteer[d.volunteer].adult for d in there)
        return max(0, self.problem.need(run) - adults), not any(d.role == "lead" for d in there)

    def candidates(self) -> Iterator[Entry]:
        """Every open place, as the volunteer's entry, that they could have by themselves."""
        me = self.problem.volunteer[self.who]
        for run in self.problem.classes:
            for segment in run.segments:
                if segment in me.available and not self._is_out(segment):
                    yield from self._duties(run.id, segment)
            for slot in run.slots:
                at = self.problem.slot[slot].segment
                if at in me.available and "instructor" in me.roles and not self._is_out(at):
                    yield from self._lessons(run.id, slot)

    def _is_out(self, segment: str) -> bool:
        """Whether the volunteer has said that they cannot come then."""
        day = self.monday + timedelta(days=self.problem.segment[segment].weekday - 1)
        return (day, part_of(segment)) in self._out

    def _duties(self, run: str, segment: str) -> Iterator[Duty]:
        """Whoever is on duty then already, wherever that is, is no help there."""
        me = self.problem.volunteer[self.who]
        if any(d.segment == segment for d in self.position.roster.duties_of.get(self.who, ())):
            return
        missing, no_lead = self.lacking(run, segment)
        if no_lead and "lead" in me.roles and me.adult:
            yield Duty(self.who, run, segment, "lead")
        elif missing and me.adult and me.roles & {"lead", "assistant"}:
            yield Duty(self.who, run, segment, "assistant")

    def _lessons(self, run: str, slot: str) -> Iterator[Lesson]:
        if any(x.slot == slot for x in self.present.lessons_in.get(run, ())):
            return
        was = next((x.course for x in self.position.roster.lessons_in.get(run, ()) if x.slot == slot), "")
        me, site = self.problem.volunteer[self.who], self.problem.site[self.problem.class_run[run].site]
        for course in sorted(me.courses, key=lambda c: (c != was, c)):
            kind = self.problem.course[course].room_kind
            for room in [r.id for r in site.rooms if r.kind == kind] if kind else [None]:
                yield Lesson(run, slot, course, self.who, room)

    def step_for(self, entry: Entry) -> Step:
        """Taking a place: of whoever is away in the same one, one goes."""
        gone = [
            other for other in self.away
            if (isinstance(entry, Duty) and isinstance(other, Duty)
                and (other.class_run, other.segment, other.role) == (entry.class_run, entry.segment, entry.role))
            or (isinstance(entry, Lesson) and isinstance(other, Lesson)
                and (other.class_run, other.slot) == (entry.class_run, entry.slot))
        ]  # fmt: skip
        out = sorted(gone, key=str)[:1]
        return Step(as_roster(out), as_roster([entry]), frozenset(e for e in out if e in self.position.pins))

    def against(self, entry: Entry) -> tuple[str, ...]:
        """The rules against taking a place."""
        if found := tuple(forbidden_by(self.problem, entry)):
            return found
        broken, _ = self.position.breaches(self.step_for(entry))
        return tuple(sorted({v.rule for v in broken}))


def open_places(session: Session, actor: Actor, monday: date) -> OpenPlaces:
    """The open places of a week that the actor may take now, the soonest and nearest first. Of a lesson the first
    course that fits is offered. Of the others it is told which rules are against the actor.

    Raises:
        NotAllowed: as `volunteer_of`; `not_cleared`. NotFound: `week_not_published`.
    """
    who = volunteer_of(actor)
    week = week_in_force(session, monday)
    _require_cleared(session, monday, who)
    standing, found = Standing(session, week, who), []
    closed: dict[Place, tuple[str, ...]] = {}
    seen: set[Place] = set()
    for entry in standing.candidates():
        place = entry.class_run, entry.segment if isinstance(entry, Duty) else entry.slot
        if place in seen or not standing.is_ahead(entry):
            continue
        if rules := standing.against(entry):
            closed.setdefault(place, rules)
        else:
            seen.add(place)
            found.append(entry)
    sites = {s.id: s for s in session.exec(select(Site))}
    places = sorted((_place(standing, entry, sites) for entry in found), key=lambda p: (p.day, p.km, p.starts))
    rules_of = [rule for place, rules in closed.items() if place not in seen for rule in rules[:1]]
    return OpenPlaces(monday, tuple(places[:MOST]), dict(Counter(rules_of).most_common()))


def _place(standing: Standing, entry: Entry, sites: dict[int | None, Site]) -> OpenPlace:
    run = standing.problem.class_run[entry.class_run]
    site, (day, starts, ends) = sites[number_of(run.site)], standing.span(entry)
    role, course = (entry.role, "") if isinstance(entry, Duty) else ("", standing.problem.course[entry.course].name)
    gone = standing.step_for(entry).removed
    return OpenPlace(
        write_entry(entry), day, starts, ends, standing.names.get(run.id, ""), run.children, site.name, site.address,
        round(standing.problem.km(standing.who, run.site), 1), role, course,
        bool(gone.duties or gone.lessons),
    )  # fmt: skip


def claim(session: Session, actor: Actor, monday: date, row: dict[str, Any]) -> RosterVersion:
    """Take an open place: the next version has the actor in it. Of two who take it at once, the first has it.

    Raises:
        NotAllowed: as `open_places`, and for somebody else's entry. NotFound: `week_not_published`.
        Refused: `entry_malformed`.
        Conflict: `place_taken`, it is open no more; `rules_against`, with the rules that somebody else's change, or
            the actor's own, has brought up since.
    """
    who = volunteer_of(actor)
    hold_week(session, monday)
    standing = Standing(session, week_in_force(session, monday), who)
    entry = read_entry({**row, ("instructor" if "slot" in row else "volunteer"): standing.who}, standing.problem)
    _require_cleared(session, monday, who)
    if not standing.is_ahead(entry) or entry not in set(standing.candidates()):
        raise Conflict("place_taken")
    if rules := standing.against(entry):
        raise Conflict("rules_against", rules=list(rules))
    step = standing.step_for(entry)
    gone: list[Entry] = [*step.removed.duties, *step.removed.lessons]
    made = amend(
        session, monday, remove=[write_entry(e) for e in gone], add=[write_entry(entry)], note="",
        by=actor.account_id, renewed=[who],
    )  # fmt: skip
    _tell(session, standing, entry, who)
    return made


def _require_cleared(session: Session, monday: date, who: int) -> None:
    now = volunteers_now(session, monday, [who]).get(f"v{who}")
    if now is None or not now["cleared"]:
        raise NotAllowed("not_cleared")


def _tell(session: Session, standing: Standing, entry: Entry, who: int) -> None:
    """The site's coordinator hears that a place is filled."""
    run = standing.problem.class_run[entry.class_run]
    phone = session.exec(select(Site.coordinator_phone).where(col(Site.id) == number_of(run.site))).first()
    if phone:
        day, starts, _ = standing.span(entry)
        name = session.get_one(Volunteer, who).name
        post(session, phone, "duty_claimed", {
            "name": name, "site": standing.problem.site[run.site].name, "classes": [standing.names.get(run.id, "")],
            "day": day.isoformat(), "starts": starts.strftime("%H:%M"),
        })  # fmt: skip
