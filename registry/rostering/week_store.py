"""The stored weeks as the pages read them: what is published of a week, else its newest finished draft.

Neither ever changes, so their views are made once and are good for as long as the process runs.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any, TypeVar

from sqlmodel import Session

from registry.engine.rosters import Problem, Roster, cost_parts, read, read_result, read_roster
from registry.errors import NotFound
from registry.rostering.build import check_monday
from registry.rostering.editions import (
    DRAFT,
    DraftLine,
    done_line,
    draft_line,
    files_of,
    published_line,
    shown_line,
    version_line,
    weeks,
)
from registry.rostering.week import week_view
from registry.rostering.week_cards import Card, week_cards
from registry.rostering.week_names import masked
from registry.rostering.week_people import VolunteerRow, volunteer_rows
from registry.rostering.week_rows import ClassRow, SiteRow, WeekView

__all__ = ["DraftLine", "StoredWeek", "WeekStore", "class_names", "weeks"]

T = TypeVar("T")

KEPT = 8
"""How many weeks stay in memory: about 10 MB each for a district."""


@dataclass(frozen=True)
class StoredWeek:
    """A roster of a week with its views. `problem_json` is masked where the store masks, `piece` how a path names it:
    the Monday, and what is looked at where that is not what everybody is shown (`2026-07-13~draft`)."""

    draft: DraftLine
    problem_json: dict[str, Any]
    roster_json: dict[str, Any]
    problem: Problem
    roster: Roster
    view: WeekView
    piece: str = ""

    @property
    def path(self) -> str:
        """How the path of a page names it."""
        return self.piece or self.monday.isoformat()

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
    """Makes the views of rosters and keeps the last few. May be shared by threads.

    With `full_names` nothing is masked: for whoever works on the machine that holds the database.
    """

    def __init__(self, *, full_names: bool = False) -> None:
        self._full_names = full_names
        self._kept: OrderedDict[tuple[object, ...], StoredWeek] = OrderedDict()
        self._lock = threading.Lock()

    def published(self, session: Session, monday: date) -> StoredWeek:
        """The version in force: all that the public is shown of a week.

        Raises:
            Refused: `week_not_monday`, with the Monday before. NotFound: `week_unpublished`.
        """
        check_monday(monday)
        return self._stored(session, published_line(session, monday))

    def week(self, session: Session, monday: date, of: str = "") -> StoredWeek:
        """What those are shown who may see drafts: the version in force, else the newest finished draft.

        `of` asks for something else: `draft` for the newest draft of the whole week, `d12` for the draft of that
        number, `v3` for the third version.

        Raises:
            Refused: `week_not_monday`, with the Monday before.
            NotFound: `week_without_draft`, `draft_unknown`, `draft_unfinished`, `version_unknown`.
            SolveFailed: it was stored by other software and cannot be read.
        """
        check_monday(monday)
        if not of:
            return self._stored(session, shown_line(session, monday))
        if of == DRAFT:
            return self._stored(session, done_line(session, monday), of)
        number = int(of[1:]) if of[1:].isascii() and of[1:].isdigit() and len(of) < 9 else 0
        if of[0] == "d" and number:
            if (line := draft_line(session, number)).week != monday:
                raise NotFound("draft_unknown", draft=number)
            return self._stored(session, line, of)
        return self._stored(session, version_line(session, monday, number if of[0] == "v" else 0), of)

    def draft(self, session: Session, draft_id: int) -> StoredWeek:
        """A finished draft by its number.

        Raises:
            NotFound: `draft_unknown`; `draft_unfinished`, with its status.
        """
        return self._stored(session, draft_line(session, draft_id))

    def made(self, line: DraftLine, problem_json: dict[str, Any], roster: Callable[[], dict[str, Any]]) -> StoredWeek:
        """The views of a roster that changes, such as a board's: `line` says which state of it, `roster` makes its file
        with a result where it is not kept yet."""
        key = line.kind, line.week, line.id, line.finished_at, ""
        return self._keeping(key, lambda: _made(line, problem_json, roster(), full_names=self._full_names))

    def _stored(self, session: Session, line: DraftLine, of: str = "") -> StoredWeek:
        key = line.kind, line.week, line.id, line.finished_at, of
        return self._keeping(key, lambda: _made(line, *files_of(session, line), full_names=self._full_names, of=of))

    def _keeping(self, key: tuple[object, ...], make: Callable[[], StoredWeek]) -> StoredWeek:
        with self._lock:
            if (known := self._kept.get(key)) is not None:
                self._kept.move_to_end(key)
                return known
        made = make()
        with self._lock:
            self._kept[key] = made
            while len(self._kept) > KEPT:
                self._kept.popitem(last=False)
        return made


def class_names(problem_json: Mapping[str, Any]) -> dict[str, str]:
    """The districts' own words for the classes, by id: the file may carry them, the solver has no use for them."""
    return {c["id"]: c["name"] for c in problem_json["classes"] if isinstance(c.get("name"), str)}


def _made(
    line: DraftLine, problem_json: dict[str, Any], roster_json: dict[str, Any], *, full_names: bool, of: str = ""
) -> StoredWeek:
    problem_json = problem_json if full_names else masked(problem_json)
    problem = read(problem_json)
    roster, result = read_roster(roster_json, problem), read_result(roster_json)
    assert result is not None  # `verify` has seen it.
    view = week_view(problem, roster, result, class_names(problem_json))
    piece = f"{line.week.isoformat()}~{of}" if of else ""
    return StoredWeek(line, problem_json, roster_json, problem, roster, view, piece)


def _found(rows: Mapping[str, T], id_: str, code: str, monday: date) -> T:
    row = rows.get(id_)
    if row is None:
        raise NotFound(code, id=id_, week=monday.isoformat())
    return row
