"""An earlier week, or a template, copied onto a board: what still holds is there, and what could not be copied is told
with why."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from sqlmodel import Session

from registry import clock
from registry.accounts.permissions import Action, Actor, require
from registry.board.boards import EMPTY, board_of
from registry.board.edits import first_day, record
from registry.board.notices import Falls
from registry.board.positions import Positions
from registry.board.steps import as_roster
from registry.board.tables import BoardEdit, RosterBoard
from registry.board.templates import may_change, the_template
from registry.db import take_turns
from registry.duties.difference import teller
from registry.duties.publish import version_in_force
from registry.engine.boards import Step, read_entry
from registry.engine.refits import Json, joining
from registry.errors import Conflict, NotFound, Refused
from registry.rostering.build import check_monday, problem_for_week

WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Copy:
    """What copying would do. `revision` is that of the board, None where there is none yet; `version` that of the
    earlier week, None where its board or a template is copied. `left_out` cannot be copied. `template` is the number
    and the name of a template, None where a week is copied: `source` is that week, or the one the template is of."""

    source: date
    version: int | None
    revision: int | None
    entries: tuple[Json, ...]
    left_out: tuple[Falls, ...]
    template: tuple[int, str] | None = None


@dataclass(frozen=True, slots=True)
class _Source:
    """What is copied. `told` is the Monday of the dates by which its entries are told."""

    week: date
    told: date
    problem: Json
    roster: Json
    version: int | None = None
    template: tuple[int, str] | None = None


def see_copy(
    session: Session, actor: Actor, monday: date, source: date | None = None, *, template: int | None = None
) -> Copy:
    """What copying a template or an earlier week, by default the last one, onto the board of a week would do: at the
    sites that the actor may change.

    Raises:
        NotAllowed: for who may change no site. Refused: `week_not_monday`; `source_later`; as `problem_for_week`.
        NotFound: `nothing_to_copy`, that week was never published and has no board; `template_unknown`.
        Conflict: `board_not_empty`: there are entries already at these sites.
    """
    require(actor, Action.MANAGE_ROSTER)
    check_monday(monday)
    if template is None:
        it = _week(session, monday, source or monday - WEEK)
    else:
        kept = the_template(session, actor, template)
        it = _Source(kept.week, monday, kept.problem_json, kept.roster_json, template=(template, kept.name))
    return _judged(session, actor, monday, it)


def _judged(session: Session, actor: Actor, monday: date, it: _Source) -> Copy:
    board = board_of(session, monday)
    problem = board.problem_json if board else problem_for_week(session, monday)
    there = board.roster_json if board else EMPTY
    sites = {c["id"]: c["site"] for c in problem["classes"]}
    own = {s for s in set(sites.values()) if may_change(actor, s)}
    if any(sites[row["class"]] in own for row in _rows(there)):
        raise Conflict("board_not_empty")
    tell, first = teller(it.told, it.problem), first_day(session)
    come, left_out = [], []
    for old, row, site in _copied(it.problem, it.roster, problem):
        if not may_change(actor, sites.get(row["class"], site)):
            continue
        if code := _lost(row, problem) or ("day_over" if _day(monday, problem, row) < first else ""):
            left_out.append(Falls(*tell(old), (code,)))
        else:
            come.append(row)
    entries, dropped = joining(problem, there, come)
    now = teller(monday, problem)
    left_out += [Falls(*now(row), tuple(rules)) for row, rules in dropped]
    ordered = sorted(left_out, key=lambda f: (f.told.site, f.told.class_run, f.told.day, f.told.starts, f.name))
    revision = board.revision if board else None
    return Copy(it.week, it.version, revision, tuple(entries), tuple(ordered), it.template)


def copy_week(
    session: Session, positions: Positions, actor: Actor, monday: date, source: date | None, *, seen: int | None,
    template: int | None = None,
) -> BoardEdit:  # fmt: skip
    """Do it, as one edit that can be taken back. `seen` is the revision that was looked at, None where no board was.

    Raises:
        as `see_copy`; Conflict: `board_moved_on`.
    """
    require(actor, Action.MANAGE_ROSTER)
    take_turns(session, f"roster-board-{monday.isoformat()}")
    found = see_copy(session, actor, monday, source, template=template)
    if found.revision != seen:
        raise Conflict("board_moved_on", seen=seen, revision=found.revision)
    board = board_of(session, monday) or _new(session, actor, monday)
    problem = positions.of(board).problem
    added = as_roster([read_entry(row, problem) for row in found.entries])
    return record(session, positions, actor, board, "copy", Step(added=added))


def _new(session: Session, actor: Actor, monday: date) -> RosterBoard:
    now = clock.now()
    made = RosterBoard(
        week=monday, problem_json=problem_for_week(session, monday), roster_json=EMPTY, opened_by=actor.account_id,
        opened_at=now, changed_at=now,
    )  # fmt: skip
    session.add(made)
    session.flush()
    return made


def _week(session: Session, monday: date, source: date) -> _Source:
    check_monday(source)
    if source >= monday:
        raise Refused("source_later")
    if (version := version_in_force(session, source)) is not None:
        return _Source(source, source, version.problem_json, version.roster_json, version.number)
    if (board := board_of(session, source)) is not None:
        return _Source(source, source, board.problem_json, board.roster_json)
    raise NotFound("nothing_to_copy", week=source.isoformat())


def _copied(old: Json, roster: Json, new: Json) -> Iterator[tuple[Json, Json, str]]:
    """The entries of the earlier week as they were and with the classes of this one, and the site they were of: a
    class of another term is found again by its site and name."""
    there = {c["id"] for c in new["classes"]}
    by_name = {(c["site"], c.get("name")): c["id"] for c in new["classes"] if c.get("name")}
    named = {c["id"]: by_name.get((c["site"], c.get("name")), c["id"]) for c in old["classes"]}
    site_of = {c["id"]: c["site"] for c in old["classes"]}
    for row in _rows(roster):
        run = row["class"]
        yield row, {**row, "class": run if run in there else named[run]}, site_of[run]


def _lost(row: Json, problem: Json) -> str:
    """What an entry names that this week does not have: a code, empty where it has all."""
    known = {
        "person_gone": ({v["id"] for v in problem["volunteers"]}, row.get("volunteer") or row.get("instructor")),
        "class_gone": ({c["id"] for c in problem["classes"]}, row["class"]),
        "course_gone": ({k["id"] for k in problem["courses"]}, row.get("course")),
        "room_gone": ({r["id"] for s in problem["sites"] for r in s["rooms"]}, row.get("room")),
        "hours_gone": (
            {s["id"] for s in (*problem["segments"], *problem["slots"])}, row.get("segment") or row.get("slot"),
        ),
    }  # fmt: skip
    return next((code for code, (ids, id_) in known.items() if id_ and id_ not in ids), "")


def _day(monday: date, problem: Json, row: Json) -> date:
    at = str(row.get("segment") or row.get("slot"))
    segment = next((s["segment"] for s in problem["slots"] if s["id"] == at), at)
    weekday = next((s["weekday"] for s in problem["segments"] if s["id"] == segment), 7)
    return monday + timedelta(days=weekday - 1)


def _rows(roster: Json) -> list[Json]:
    return [*roster["duties"], *roster["lessons"]]
