"""Who could take a stay of somebody's, and what they could give in return: by the rules, on both rosters."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlmodel import Session

from registry.accounts.permissions import Actor
from registry.board.steps import as_roster
from registry.duties.amend import Row
from registry.duties.answers import Held, absences_of, held_parts, volunteer_of
from registry.duties.known_weeks import KnownWeek, week_in_force
from registry.duties.moment import moment, monday_of
from registry.duties.publish import number_of
from registry.engine.boards import Entry, Step, forbidden_by, read_entry
from registry.errors import Conflict, NotFound
from registry.rostering.build import volunteers_now

MOST = 20
"""So many able colleagues are listed: those of the same site first, then the nearest."""


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody who could take a stay. Their telephone is nobody's business here."""

    volunteer: int
    name: str
    is_of_site: bool
    km: float
    engaged: int


def rows_of(held: Sequence[Held], class_run_id: int) -> list[Row]:
    """What is held with a class in some parts of a day, as rows of the roster file."""
    found: list[Row] = []
    for part in held:
        weekday = part.day.isoweekday()
        found += [
            {"volunteer": f"v{d.volunteer_id}", "class": f"c{d.class_run_id}", "segment": f"{weekday}-{d.part}",
             "role": d.role}
            for d in part.duties if d.class_run_id == class_run_id
        ]  # fmt: skip
        found += [
            {"class": f"c{x.class_run_id}", "slot": f"{weekday}-{x.slot}", "course": f"k{x.course_id}",
             "instructor": f"v{x.volunteer_id}", "room": f"r{x.room_id}" if x.room_id else None}
            for x in part.lessons if x.class_run_id == class_run_id
        ]  # fmt: skip
    return found


def able_colleagues(
    session: Session, actor: Actor, day: date, class_run_id: int, parts: Sequence[str]
) -> list[Colleague]:
    """Who could take the actor's stay with a class in these parts of a day.

    Raises:
        NotAllowed: for who is no volunteer. NotFound: `nothing_that_day`, it is not theirs or it has begun.
    """
    me = volunteer_of(actor)
    give = mine_ahead(session, me, day, class_run_id, parts)
    table = Table(session, week_in_force(session, monday_of(day)))
    site = table.problem.class_run[f"c{class_run_id}"].site
    found = []
    for v in table.problem.volunteers:
        if v.id != f"v{me}" and table.may_have(give, v.id) and not table.against(give, [], f"v{me}", v.id):
            theirs = table.roster.duties_of.get(v.id, ())
            here = any(table.problem.class_run[d.class_run].site == site for d in theirs)
            km = round(table.problem.km(v.id, site), 1)
            found.append(Colleague(number_of(v.id), v.name, here, km, len({d.segment for d in theirs})))
    return sorted(found, key=lambda c: (not c.is_of_site, c.km, c.name))[:MOST]


def returns_of(
    session: Session, actor: Actor, day: date, class_run_id: int, parts: Sequence[str], to_id: int
) -> list[tuple[Held, int]]:
    """What of a colleague's week the actor could take in return: parts of days, each with one class.

    Raises:
        NotAllowed, NotFound: as `able_colleagues`; `colleague_unknown`.
    """
    me = volunteer_of(actor)
    give = mine_ahead(session, me, day, class_run_id, parts)
    monday = monday_of(day)
    table, now = Table(session, week_in_force(session, monday), (me, to_id)), moment(session)
    if f"v{to_id}" not in table.problem.volunteer or to_id == me:
        raise NotFound("colleague_unknown", volunteer=to_id)
    theirs = held_parts(session, to_id, monday, monday + timedelta(days=6))
    away = absences_of(session, to_id, monday, monday + timedelta(days=6))
    found = []
    for part, held in theirs.items():
        for run in sorted(held.class_runs):
            take = rows_of([held], run)
            if part not in away and held.begins_at > now and not table.against(give, take, f"v{me}", f"v{to_id}"):
                found.append((held, run))
    return found


def mine_ahead(session: Session, volunteer_id: int, day: date, class_run_id: int, parts: Collection[str]) -> list[Row]:
    """What somebody has with a class in these parts of a day, none of which has begun; without parts, all of the day.

    Raises:
        NotFound: `nothing_that_day`.
    """
    held, now = held_parts(session, volunteer_id, day, day), moment(session)
    named = parts or [part for (_, part), there in held.items() if class_run_id in there.class_runs]
    wanted = [held.get((day, part)) for part in dict.fromkeys(named)]
    found = [h for h in wanted if h is not None and class_run_id in h.class_runs and h.begins_at > now]
    if not wanted or len(found) != len(wanted):
        raise NotFound("nothing_that_day", day=day.isoformat())
    return rows_of(found, class_run_id)


def handed(rows: Sequence[Row], to: str) -> list[Row]:
    """The same entries, of somebody else."""
    return [{**row, ("instructor" if "slot" in row else "volunteer"): to} for row in rows]


class Table:
    """A published week on which swaps are judged: with everybody as they are today, or with some."""

    def __init__(self, session: Session, week: KnownWeek, only: Collection[int] | None = None) -> None:
        self._now = volunteers_now(session, week.monday, only)
        self._position = week.today(session, [number_of(id_) for id_ in self._now], self._now)
        self.problem, self.roster = self._position.problem, self._position.roster

    def is_cleared(self, volunteer: str) -> bool:
        """Whether somebody's background check holds today."""
        return bool(self._now.get(volunteer, {}).get("cleared"))

    def may_have(self, rows: Sequence[Row], volunteer: str) -> bool:
        """Whether each of these entries by itself could be somebody's: few are left of whom the rest has to be asked.
        A pin may waive what forbids an entry, so of what is pinned it is not told here."""
        if not self.is_cleared(volunteer):
            return False
        come = self._entries(handed(rows, volunteer))
        return not any(forbidden_by(self.problem, entry) for entry in come if entry not in self._position.pins)

    def against(self, give: Sequence[Row], take: Sequence[Row], me: str, to: str) -> tuple[str, ...]:
        """The rules against a swap. A lead's place may be taken by nobody but a lead: roles stay as they are."""
        if not self.is_cleared(to) or (take and not self.is_cleared(me)):
            return ("clearance",)
        gone = self._entries([*give, *take])
        if not all(e in self.roster.duties or e in self.roster.lessons for e in gone):
            raise Conflict("entry_gone")
        come = self._entries([*handed(give, to), *handed(take, me)])
        step = Step(as_roster(gone), as_roster(come), frozenset(e for e in gone if e in self._position.pins))
        broken, _ = self._position.breaches(step)
        return tuple(sorted({v.rule for v in broken}))

    def _entries(self, rows: Sequence[Row]) -> list[Entry]:
        return [read_entry(row, self.problem) for row in rows]
