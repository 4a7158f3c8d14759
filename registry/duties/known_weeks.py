"""Published weeks as the scheduler reads them, kept in memory: a version never changes.

What volunteers ask (which places are open to me, who could take my stay) is about a few people. So the week is read
once, and only those whom a question is about are brought up to date in it.
"""

from __future__ import annotations

import json
import threading
from collections import OrderedDict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import Text, cast
from sqlmodel import Session, col, select

from registry.duties.renew import renew
from registry.duties.tables import RosterVersion
from registry.engine.boards import Position, Problem, read_roster
from registry.engine.rosters import read
from registry.errors import NotFound
from registry.rostering.week_store import class_names

Json = dict[str, Any]
MOST = 3
"""So many weeks stay in memory: about 20 MB each for a district."""


@dataclass(frozen=True)
class KnownWeek:
    """The version in force of the week that begins on `monday`, as it was published. Nobody changes its files."""

    monday: date
    problem_json: Json
    roster_json: Json
    position: Position
    names: Mapping[str, str]
    """Of the classes."""

    def today(self, session: Session, volunteers: Collection[int], now: Mapping[str, Json] | None = None) -> Position:
        """The week with these volunteers as the tables have them today; `now` is what they say, where it is known.

        Raises:
            Refused: as `problem_for_week`.
        """
        fresh = renew(session, self.monday, self.problem_json, self.roster_json, volunteers, now)
        return Position(_read_new(self, fresh), self.position.roster)


def week_in_force(session: Session, monday: date) -> KnownWeek:
    """The version in force of a week.

    Raises:
        NotFound: `week_not_published`.
    """
    files = cast(col(RosterVersion.problem_json), Text), cast(col(RosterVersion.roster_json), Text)
    wanted: Any = select(*files).where(RosterVersion.week == monday)
    found = session.exec(wanted.order_by(col(RosterVersion.number).desc()).limit(1)).first()
    if found is None:
        raise NotFound("week_not_published", week=monday.isoformat())
    return _KEPT.of(monday, *found)


class _Kept:
    """The weeks asked for last, by the very text of their files."""

    def __init__(self) -> None:
        self._weeks: OrderedDict[tuple[str, str], KnownWeek] = OrderedDict()
        self._lock = threading.Lock()

    def of(self, monday: date, problem: str, roster: str) -> KnownWeek:
        with self._lock:
            if (known := self._weeks.get((problem, roster))) is not None:
                self._weeks.move_to_end((problem, roster))
                return known
        made = _read(monday, json.loads(problem), json.loads(roster))
        with self._lock:
            self._weeks[problem, roster] = made
            while len(self._weeks) > MOST:
                self._weeks.popitem(last=False)
        return made


_KEPT = _Kept()


def _read(monday: date, problem_json: Json, roster_json: Json) -> KnownWeek:
    problem = read(problem_json)
    position = Position(problem, read_roster(roster_json, problem))
    return KnownWeek(monday, problem_json, roster_json, position, class_names(problem_json))


def _read_new(known: KnownWeek, fresh: Json) -> Problem:
    """The problem of a renewed file: what is as it was published is not read again."""
    before = {row["id"]: row for row in known.problem_json["volunteers"]}
    bans = fresh["bans"][len(known.problem_json.get("bans", ())) :]  # Those that came later stand behind.
    banned = {ban["volunteer"] for ban in bans}
    changed = [v for v in fresh["volunteers"] if v["id"] in banned or v != before.get(v["id"])]
    part = read({
        **fresh, "volunteers": changed, "bans": bans, "pins": {"duties": [], "lessons": []}, "published": None,
    })  # fmt: skip
    new = dict(part.volunteer)
    people = [new.pop(v.id, v) for v in known.position.problem.volunteers]
    whole = known.position.problem
    return replace(whole, volunteers=(*people, *new.values()), bans=(*whole.bans, *part.bans))
