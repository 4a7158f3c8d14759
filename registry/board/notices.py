"""Data that change underneath a board or a draft: what is different, what would fall away, and what to do about it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import Column
from sqlmodel import Field, Session

from registry import clock
from registry.accounts.permissions import ANYWHERE, Action, Actor, Subject, may, require
from registry.board.boards import the_board
from registry.board.positions import Positions
from registry.board.tables import BoardEdit, RosterBoard
from registry.board.today import away_in_week, problem_today, tables_today, with_heat
from registry.db import Table, UtcDateTime, take_turns
from registry.duties.difference import Told, teller
from registry.duties.publish import number_of
from registry.engine.refits import Dropped, Json, refit
from registry.engine.rosters import cost_parts, read, read_roster
from registry.errors import Conflict, Refused
from registry.rostering.changed import HARMLESS, Change, changes, ghost

TAKE, OPEN, KEEP = "take", "open", "keep"
WAYS = (TAKE, OPEN, KEEP)


class BoardNotice(Table, table=True):
    """Somebody saw that the data of a board's week had changed and kept the board as it was: the sum of those data,
    so that nothing more is said until they change again."""

    __tablename__ = "board_notice"

    board_id: int = Field(primary_key=True, foreign_key="roster_board.id")
    digest: str = Field(max_length=64)
    kept_by: int | None = Field(default=None, foreign_key="account.id")
    kept_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))


@dataclass(frozen=True, slots=True)
class Falls:
    """An entry that would not fit any more: whose and what, and the rules that it would break."""

    name: str
    told: Told
    rules: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Notice:
    """What changed underneath, as far as it concerns its reader. `falls` are the entries that do not fit the new data,
    `affected` those that are about what changed, whether they fit or not. `refused` says why there are no new data to
    take (a code). `absent` are the volunteers who have said that they cannot come; `may_settle` is whether the reader
    may decide: nothing at a site of somebody else's falls away."""

    digest: str
    revision: int
    changes: tuple[Change, ...]
    falls: tuple[Falls, ...] = ()
    affected: tuple[Falls, ...] = ()
    is_kept: bool = False
    refused: str = ""
    absent: frozenset[str] = frozenset()
    may_settle: bool = True


def news_of(session: Session, actor: Actor, board: RosterBoard, positions: Positions | None = None) -> Notice:
    """What is different from the tables today, without what that would do to the board. Where `positions` are kept, the
    week is built anew only where a row that it is made of has changed."""
    found, _ = _news(session, actor, board, positions)
    return found


def _news(
    session: Session, actor: Actor, board: RosterBoard, positions: Positions | None = None
) -> tuple[Notice, Json]:
    """The news for a reader, and the problem of today (empty where there is none)."""
    try:
        now, known = _now_and_known(session, board, positions)
    except Refused as error:
        return Notice("", board.revision, (), refused=error.code), {}
    found = changes(known, now)
    digest, seen = _digest(found), session.get(BoardNotice, board.id)
    is_kept = bool(found) and seen is not None and seen.digest == digest
    own = tuple(c for c in found if _concerns(actor, board, c))
    absent = frozenset(away_in_week(session, board.week))
    return Notice(digest, board.revision, own, is_kept=is_kept, absent=absent), now


def read_ahead(session: Session, board: RosterBoard, positions: Positions) -> None:
    """Know a board, all that it breaks and costs, and the week of today, before anybody asks.

    Raises:
        Refused: as `problem_for_week`.
    """
    positions.read_ahead(board)
    _now_and_known(session, board, positions)


def _now_and_known(session: Session, board: RosterBoard, positions: Positions | None) -> tuple[Json, Json]:
    if positions is None:
        return problem_today(session, board), board.problem_json
    known = positions.facts(board)
    plain = positions.unchanged.of(session, ("today", board.id), lambda fresh: tables_today(fresh, board))
    return with_heat(plain, known), known


def see_notice(session: Session, actor: Actor, monday: date) -> Notice:
    """What changed underneath the board of a week, and what that would do: as far as it concerns the actor's sites.

    Raises:
        NotAllowed: for who may change no site. NotFound: `board_unknown`.
    """
    require(actor, Action.MANAGE_ROSTER)
    board = the_board(session, monday)
    news, now = _news(session, actor, board)
    if not now:
        return news
    falling = _refitted(board, now, ())[2]
    if not news.changes and not falling:
        return news
    affected = _refitted(board, now, changes(board.problem_json, now))[2]
    site_of = {c["id"]: c["site"] for c in board.problem_json["classes"]}
    mine = {site for site in set(site_of.values()) if may(actor, Action.MANAGE_ROSTER, _at(site))}
    falls, about = (
        _falls(board, [row for row in some if site_of[row[0]["class"]] in mine]) for some in (falling, affected)
    )
    is_whole = all(site_of[entry["class"]] in mine for entry, _ in (*falling, *affected))
    return replace(news, falls=falls, affected=about, may_settle=is_whole)


def _concerns(actor: Actor, board: RosterBoard, change: Change) -> bool:
    """Whether a change is about something at a site that the actor may change, or about everybody."""
    if may(actor, Action.MANAGE_ROSTER, ANYWHERE):
        return True
    site_of = {c["id"]: c["site"] for c in board.problem_json["classes"]}
    if change.kind in ("volunteer", "ban"):
        there = [
            row["class"] for kind, who in (("duties", "volunteer"), ("lessons", "instructor"))
            for row in board.roster_json[kind] if row[who] == change.id
        ]  # fmt: skip
        return any(may(actor, Action.MANAGE_ROSTER, _at(site_of[run])) for run in there)
    if change.kind == "class":
        return change.id not in site_of or may(actor, Action.MANAGE_ROSTER, _at(site_of[change.id]))
    return change.kind != "site" or may(actor, Action.MANAGE_ROSTER, _at(change.id))


def _at(site: str) -> Subject:
    return Subject(site_ids=frozenset({number_of(site)}))


def settle(session: Session, actor: Actor, monday: date, way: str, *, digest: str, seen: int) -> BoardEdit | None:
    """Do something about it: `take` the new data and keep every entry that still fits, `open` all that is about what
    changed, or `keep` the board as it is. `digest` and `seen` name the changes and the revision that were looked at.

    Raises:
        NotAllowed: an entry at somebody else's site would go. NotFound: `board_unknown`.
        Refused: `way_unknown`; `data_same`, nothing is different; what `problem_for_week` refuses.
        Conflict: `data_moved_on`: the board or the data changed since they were looked at.
    """
    require(actor, Action.MANAGE_ROSTER)
    if way not in WAYS:
        raise Refused("way_unknown", way=way[:20])
    take_turns(session, f"roster-board-{monday.isoformat()}")
    board = the_board(session, monday)
    now = problem_today(session, board)
    found = changes(board.problem_json, now)
    if not found:
        raise Refused("data_same")
    if board.revision != seen or _digest(found) != digest:
        raise Conflict("data_moved_on")
    if way == KEEP:
        _keep(session, board, digest, actor)
        return None
    return _take(session, board, now, found if way == OPEN else (), actor)


def _keep(session: Session, board: RosterBoard, digest: str, actor: Actor) -> None:
    known = session.get(BoardNotice, board.id) or BoardNotice(board_id=board.id or 0, digest="", kept_at=clock.now())
    known.digest, known.kept_by, known.kept_at = digest, actor.account_id, clock.now()
    session.add(known)
    session.flush()


def _take(session: Session, board: RosterBoard, now: Json, opened: Collection[Change], actor: Actor) -> BoardEdit:
    problem, roster, dropped = _refitted(board, now, opened)
    site_of = {c["id"]: c["site"] for c in problem["classes"]}
    for site in {site_of[entry["class"]] for entry, _ in dropped}:
        require(actor, Action.MANAGE_ROSTER, _at(site))
    rise = _rise((board.problem_json, board.roster_json), (problem, roster))
    pins = board.problem_json.get("pins") or {}
    lost = {json.dumps(entry, sort_keys=True) for entry, _ in dropped}
    unpinned = [
        row for kind in ("duties", "lessons") for row in pins.get(kind, ())
        if json.dumps({k: v for k, v in row.items() if k != "waives"}, sort_keys=True) in lost
    ]  # fmt: skip
    board.problem_json, board.roster_json = problem, roster
    board.revision, board.changed_at = board.revision + 1, clock.now()
    made = BoardEdit(
        board_id=board.id or 0, revision=board.revision, kind="data",
        change_json={"removed": [entry for entry, _ in dropped], "added": [], "unpinned": unpinned, "pinned": []},
        cost_json=rise, reason="", made_by=actor.account_id, made_at=clock.now(),
    )  # fmt: skip
    session.add_all([board, made])
    session.flush()
    return made


def _rise(before: tuple[Json, Json], after: tuple[Json, Json]) -> dict[str, int]:
    """By how much the cost of each rule rises."""
    old, new = (_parts(*files) for files in (before, after))
    return {rule: new[rule] - old[rule] for rule in new if new[rule] != old[rule]}


def _parts(problem_json: Json, roster_json: Json) -> dict[str, int]:
    problem = read(problem_json)
    return dict(cost_parts(problem, read_roster(roster_json, problem)))


def _refitted(board: RosterBoard, now: Json, opened: Collection[Change]) -> tuple[Json, Json, Dropped]:
    """The problem, the roster and what falls away once the board has the data of today. What happened in the week and
    is in no table (heat) stays; what is gone stays as something with which nothing can be done."""
    old = board.problem_json
    problem = {
        **now, "published": old.get("published"), "pins": {"duties": [], "lessons": []},
    }  # fmt: skip
    for kind in ("volunteers", "classes", "courses", "segments", "slots", "sites"):
        there = {row["id"] for row in now[kind]}
        problem[kind] = [*now[kind], *(ghost(kind, row) for row in old[kind] if row["id"] not in there)]
    rooms = {r["id"] for s in now["sites"] for r in s["rooms"]}
    lost = {s["id"]: [{**r, "capacity": 0} for r in s["rooms"] if r["id"] not in rooms] for s in old["sites"]}
    problem["sites"] = [{**s, "rooms": _with(s["rooms"], lost.get(s["id"], ()))} for s in problem["sites"]]
    about = _about(opened)
    segment_of = {s["id"]: s["segment"] for s in old["slots"]}
    pins, roster, dropped = refit(old, problem, board.roster_json, lambda entry: bool(about & _ids(entry, segment_of)))
    return {**problem, "pins": pins}, roster, dropped


def _with(there: list[Json], more: Collection[Json]) -> list[Json]:
    known = {room["id"] for room in there}
    return [*there, *(room for room in more if room["id"] not in known)]


def _about(opened: Collection[Change]) -> frozenset[str]:
    """The ids of all that changed in a way that could matter to an entry."""
    return frozenset(change.id for change in opened if not change.is_harmless and change.what not in HARMLESS)


def _ids(entry: Json, segment_of: dict[str, str]) -> frozenset[str]:
    return frozenset(
        value for value in (*entry.values(), segment_of.get(entry.get("slot", ""))) if isinstance(value, str)
    )


def _falls(board: RosterBoard, dropped: Dropped) -> tuple[Falls, ...]:
    tell = teller(board.week, board.problem_json)
    told = ((*tell(entry), tuple(rules)) for entry, rules in dropped)
    return tuple(sorted((Falls(*row) for row in told), key=lambda f: (f.told.day, f.told.starts, f.told.site, f.name)))


def _digest(found: Collection[Change]) -> str:
    return hashlib.sha256(repr(sorted(map(repr, found))).encode()).hexdigest()
