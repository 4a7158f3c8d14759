"""The stored weeks as the pages read them: the newest finished draft of a week, its views made once and kept.

A finished draft never changes, so its views are good for as long as the process runs.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any, TypeVar

from sqlalchemy.orm import load_only
from sqlmodel import Session, col, func, select
from sqlmodel.sql.expression import SelectOfScalar

from registry.engine.rosters import Problem, Roster, cost_parts, read, read_result, read_roster
from registry.errors import NotFound, Refused
from registry.rostering.tables import DraftStatus, RosterDraft
from registry.rostering.week import week_view
from registry.rostering.week_cards import Card, week_cards
from registry.rostering.week_names import masked
from registry.rostering.week_people import VolunteerRow, volunteer_rows
from registry.rostering.week_rows import ClassRow, SiteRow, WeekView

T = TypeVar("T")

KEPT = 8
"""How many weeks stay in memory: about 10 MB each for a district."""


@dataclass(frozen=True, slots=True)
class DraftLine:
    """What a list tells of a draft, without its files."""

    id: int
    week: date
    status: str
    seed: int
    workers: int
    seconds: float
    version: str
    created_at: datetime
    finished_at: datetime | None
    failure_json: dict[str, Any] | None


@dataclass(frozen=True)
class StoredWeek:
    """A finished draft with its views. `problem_json` is masked where the store masks."""

    draft: DraftLine
    problem_json: dict[str, Any]
    roster_json: dict[str, Any]
    problem: Problem
    roster: Roster
    view: WeekView

    @property
    def monday(self) -> date:
        """The first day of the week."""
        return self.draft.week

    @cached_property
    def volunteers(self) -> tuple[VolunteerRow, ...]:
        """The volunteers who may be with children, the most loaded first."""
        return tuple(row for row in self._everybody if row.is_cleared)

    @cached_property
    def not_cleared(self) -> int:
        """How many have no valid background check. Only their number is told, not who they are."""
        return sum(not row.is_cleared for row in self._everybody)

    @cached_property
    def unused(self) -> int:
        """How many could come and are not needed anywhere."""
        return sum(row.load == "unused" for row in self.volunteers)

    @cached_property
    def spare_adults(self) -> int:
        """How many of the unused could fill a place: a minor's help does not count towards the adults needed."""
        return sum(row.load == "unused" and row.is_adult for row in self.volunteers)

    @cached_property
    def cards(self) -> Mapping[str, Card]:
        """What everybody with any entry does, by the volunteer's id, in the order of their names."""
        return {card.id: card for card in week_cards(self.problem, self.roster, self.class_names)}

    @cached_property
    def class_names(self) -> Mapping[str, str]:
        """The district's own words for the classes, by id."""
        return class_names(self.problem_json)

    @cached_property
    def quality_parts(self) -> Mapping[str, int]:
        """The quality level by rule, only what costs something, the dearest first."""
        parts = cost_parts(self.problem, self.roster)
        found = {name: n for name, n in parts.items() if name in QUALITY_RULES and n}
        return dict(sorted(found.items(), key=lambda item: -item[1]))

    @cached_property
    def _everybody(self) -> tuple[VolunteerRow, ...]:
        return volunteer_rows(self.problem, self.roster, self.class_names)

    @cached_property
    def _volunteer(self) -> Mapping[str, VolunteerRow]:
        return {row.id: row for row in self.volunteers}

    def class_row(self, id_: str) -> ClassRow:
        """A class by id.

        Raises:
            NotFound: `class_unknown`.
        """
        return _found(self.view.class_run, id_, "class_unknown", self.monday)

    def site_row(self, id_: str) -> SiteRow:
        """A site by id.

        Raises:
            NotFound: `site_unknown`.
        """
        return _found(self.view.site, id_, "site_unknown", self.monday)

    def volunteer_row(self, id_: str) -> VolunteerRow:
        """A volunteer who may be with children, by id.

        Raises:
            NotFound: `volunteer_unknown`, also for those who are not cleared.
        """
        return _found(self._volunteer, id_, "volunteer_unknown", self.monday)

    def people_at(self, site: str) -> tuple[VolunteerRow, ...]:
        """Those who come to a site in the week, by name."""
        here = (row for row in self.volunteers if any(item.site == site for day in row.days for item in day))
        return tuple(sorted(here, key=lambda row: (row.name, row.id)))


QUALITY_RULES = frozenset({"interest", "travel_cost", "continuity", "leads", "overload", "wish", "idle"})


class WeekStore:
    """Makes the views of finished drafts and keeps the last few. May be shared by threads.

    With `full_names` nothing is masked: for whoever works on the machine that holds the database.
    """

    def __init__(self, *, full_names: bool = False) -> None:
        self._full_names = full_names
        self._kept: OrderedDict[tuple[int, datetime | None], StoredWeek] = OrderedDict()
        self._lock = threading.Lock()

    def week(self, session: Session, monday: date) -> StoredWeek:
        """The newest finished draft of a week.

        Raises:
            Refused: `week_not_monday`, with the Monday before.
            NotFound: `week_without_draft`.
            SolveFailed: the draft was stored by other software and cannot be read.
        """
        if monday.isoweekday() != 1:
            earlier = monday - timedelta(days=monday.isoweekday() - 1)
            raise Refused("week_not_monday", day=monday.isoformat(), monday=earlier.isoformat())
        wanted = col(RosterDraft.week) == monday, col(RosterDraft.status) == DraftStatus.DONE.value
        newest = session.exec(_lines().where(*wanted).order_by(col(RosterDraft.id).desc()).limit(1)).first()
        if newest is None:
            raise NotFound("week_without_draft", week=monday.isoformat())
        return self._stored(session, _line(newest))

    def draft(self, session: Session, draft_id: int) -> StoredWeek:
        """A finished draft by its number.

        Raises:
            NotFound: `draft_unknown`; `draft_unfinished`, with its status.
        """
        found = session.exec(_lines().where(col(RosterDraft.id) == draft_id)).first()
        if found is None:
            raise NotFound("draft_unknown", draft=draft_id)
        if found.status != DraftStatus.DONE.value:
            raise NotFound("draft_unfinished", draft=draft_id, status=found.status)
        return self._stored(session, _line(found))

    def _stored(self, session: Session, line: DraftLine) -> StoredWeek:
        key = line.id, line.finished_at
        with self._lock:
            if (known := self._kept.get(key)) is not None:
                self._kept.move_to_end(key)
                return known
        made = _made(session, line, full_names=self._full_names)
        with self._lock:
            self._kept[key] = made
            while len(self._kept) > KEPT:
                self._kept.popitem(last=False)
        return made


def weeks(session: Session) -> list[DraftLine]:
    """The newest finished draft of every week that has one, earliest week first."""
    newest = select(func.max(RosterDraft.id)).where(RosterDraft.status == DraftStatus.DONE.value)
    found = session.exec(_lines().where(col(RosterDraft.id).in_(newest.group_by(col(RosterDraft.week)))))
    return sorted(map(_line, found), key=lambda line: line.week)


def newest_draft(session: Session, *, done: bool = False) -> DraftLine | None:
    """The draft made last, in whatever state, or the finished one made last."""
    wanted = _lines().where(col(RosterDraft.status) == DraftStatus.DONE.value) if done else _lines()
    newest = session.exec(wanted.order_by(col(RosterDraft.id).desc()).limit(1)).first()
    return None if newest is None else _line(newest)


def class_names(problem_json: Mapping[str, Any]) -> dict[str, str]:
    """The districts' own words for the classes, by id: the file may carry them, the solver has no use for them."""
    return {c["id"]: c["name"] for c in problem_json["classes"] if isinstance(c.get("name"), str)}


def _made(session: Session, line: DraftLine, *, full_names: bool) -> StoredWeek:
    stored = session.get_one(RosterDraft, line.id)
    assert stored.roster_json is not None  # It is done.
    problem_json = stored.problem_json if full_names else masked(stored.problem_json)
    problem = read(problem_json)
    roster, result = read_roster(stored.roster_json, problem), read_result(stored.roster_json)
    assert result is not None  # `verify` has seen it.
    view = week_view(problem, roster, result, class_names(problem_json))
    return StoredWeek(line, problem_json, stored.roster_json, problem, roster, view)


def _lines() -> SelectOfScalar[RosterDraft]:
    """Drafts without their files, which for a district take a hundred times as long to read."""
    return select(RosterDraft).options(load_only(*(getattr(RosterDraft, field.name) for field in fields(DraftLine))))


def _line(draft: RosterDraft) -> DraftLine:
    return DraftLine(**{field.name: getattr(draft, field.name) for field in fields(DraftLine)})


def _found(rows: Mapping[str, T], id_: str, code: str, monday: date) -> T:
    row = rows.get(id_)
    if row is None:
        raise NotFound(code, id=id_, week=monday.isoformat())
    return row
