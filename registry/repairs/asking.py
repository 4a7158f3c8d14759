"""Asking for a repair of a week's board: what happened, then another, with people who are to be left alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy.orm import defer
from sqlmodel import Session, col, select

from registry import clock
from registry.accounts.permissions import ANYWHERE, Action, Actor, Subject, may, require
from registry.board.boards import the_board
from registry.board.edits import first_day
from registry.board.tables import RosterBoard
from registry.duties.publish import number_of
from registry.engine.repairs import damaged
from registry.errors import Conflict, NotFound, Refused
from registry.repairs.causes import (
    ABSENT,
    Cause,
    Json,
    check_cause,
    first_open,
    frozen_before,
    leaving_alone,
    read_cause,
    sites_of_cause,
    with_causes,
)
from registry.repairs.changed import changed_rows
from registry.repairs.tables import WAITING, BoardRepair
from registry.repairs.words import class_names, people_names
from registry.repairs.work import queue_repair

MOST_WITHOUT = 40


@dataclass(frozen=True, slots=True)
class Choices:
    """What can be reported for a week: its days that are not over, the classes that the reader may close, whether heat
    may be reported, and the volunteers with entries whose name was looked for."""

    days: tuple[int, ...]
    classes: tuple[tuple[str, str], ...]
    may_report_heat: bool
    people: tuple[tuple[str, str, tuple[int, ...]], ...]


def choices(session: Session, actor: Actor, monday: date, q: str = "", volunteer: str = "") -> Choices:
    """What the reader may report. People are those whose name holds `q`, or the one whose id is given.

    Raises:
        NotAllowed. NotFound: `board_unknown`.
    """
    require(actor, Action.MANAGE_ROSTER)
    board = the_board(session, monday)
    problem, first = board.problem_json, first_open(monday, first_day(session))
    names = class_names(problem)
    classes = tuple((c["id"], names[c["id"]]) for c in problem["classes"] if c["segments"] and may_at(actor, c["site"]))
    days = tuple(sorted({s["weekday"] for s in problem["segments"] if s["weekday"] >= first}))
    return Choices(days, classes, may(actor, Action.MANAGE_ROSTER, ANYWHERE), _people(board, q.strip(), volunteer))


def _people(board: RosterBoard, q: str, volunteer: str) -> tuple[tuple[str, str, tuple[int, ...]], ...]:
    """Id, name and weekdays of the people with entries who are looked for."""
    if not q and not volunteer:
        return ()
    days, names = _engaged_days(board.problem_json, board.roster_json), people_names(board.problem_json)
    found = [(v, names[v], tuple(sorted(days[v]))) for v in days if v == volunteer or (q and q in names[v])]
    return tuple(sorted(found, key=lambda row: (row[1], row[0])))[:30]


def _engaged_days(problem: dict[str, Any], roster: dict[str, Any]) -> dict[str, set[int]]:
    weekday = {s["id"]: s["weekday"] for s in problem["segments"]}
    at_slot = {s["id"]: weekday[s["segment"]] for s in problem["slots"]}
    days: dict[str, set[int]] = {}
    for d in roster["duties"]:
        days.setdefault(d["volunteer"], set()).add(weekday[d["segment"]])
    for x in roster["lessons"]:
        days.setdefault(x["instructor"], set()).add(at_slot[x["slot"]])
    return days


@dataclass(frozen=True, slots=True)
class Report:
    """What somebody reports: a kind of cause, whom or what it is about (nothing for heat), on which weekdays."""

    kind: str
    of: str
    first: int
    last: int


def report(session: Session, actor: Actor, monday: date, reports: Sequence[Report]) -> BoardRepair:
    """Queue a repair of the board for what is reported, on the days of the week from the first to the last.

    Raises:
        NotAllowed, NotFound, Refused, Conflict: as `ask_repair`. Refused: `cause_days`, where nothing is reported.
    """
    require(actor, Action.MANAGE_ROSTER)
    week = {s["weekday"] for s in the_board(session, monday).problem_json["segments"]}
    causes = [Cause(r.kind, tuple(sorted(week & set(range(r.first, r.last + 1)))), r.of) for r in reports]
    if not causes:
        raise Refused("cause_days")
    return ask_repair(session, actor, monday, causes)


def ask_repair(session: Session, actor: Actor, monday: date, causes: Sequence[Cause], *, seed: int = 1) -> BoardRepair:
    """Queue a repair of the board for what happened. Another process works it out, in seconds.

    Raises:
        NotAllowed: somebody or a class of other sites only; heat, which the office reports. NotFound: `board_unknown`.
        Refused, Conflict: as `check_cause`; `week_gone`.
    """
    require(actor, Action.MANAGE_ROSTER)
    board = the_board(session, monday)
    require_report(actor, board.problem_json, board.roster_json, causes)
    first = _first_open(session, board)
    for cause in causes:
        check_cause(board.problem_json, board.roster_json, cause, first)
    return _queue(session, actor, board, causes, (), first, seed=seed)


def _first_open(session: Session, board: RosterBoard) -> int:
    first = first_open(board.week, first_day(session))
    if first > max(s["weekday"] for s in board.problem_json["segments"]):
        raise Refused("week_gone")
    return first


def require_report(actor: Actor, problem: Json, roster: Json, causes: Sequence[Cause]) -> None:
    """Make sure that the actor may report all of it, and so decide what comes of it.

    Raises:
        NotAllowed: one of them happens at sites of others only, or is the district's business, as heat is.
    """
    for cause in causes:
        require(actor, Action.MANAGE_ROSTER, _at(sites_of_cause(problem, roster, cause)))


def may_at(actor: Actor, *sites: str) -> bool:
    """Whether the actor may change the rosters of one of these sites; of none, of the district."""
    return may(actor, Action.MANAGE_ROSTER, _at(sites))


def _at(sites: Iterable[str]) -> Subject:
    return Subject(site_ids=frozenset(map(number_of, sites)))


def _queue(
    session: Session, actor: Actor, board: RosterBoard, causes: Sequence[Cause], without: Collection[str], first: int,
    *, seed: int, another_of: int | None = None,
) -> BoardRepair:  # fmt: skip
    names = people_names(board.problem_json) | class_names(board.problem_json)
    now = with_causes(board.problem_json, causes)
    sites = {s for cause in causes for s in sites_of_cause(board.problem_json, board.roster_json, cause)}
    now = leaving_alone(now, board.roster_json, set(without)) if without else now
    problem = damaged(
        board.problem_json, board.roster_json, now, seed=board.seed, frozen_before=frozen_before(now, first)
    )
    made = BoardRepair(
        board_id=board.id or 0, revision=board.revision, seed=seed, another_of=another_of,
        causes_json=[{**cause.as_json(), "name": names.get(cause.of, "")} for cause in causes],
        without_json=sorted(without), problem_json=problem,
        sites_json=sorted(sites),
        asked_by=actor.account_id, asked_at=clock.now(),
    )  # fmt: skip
    session.add(made)
    session.flush()
    queue_repair(session, made)
    return made


def ask_another(
    session: Session, actor: Actor, monday: date, repair_id: int, without: Iterable[str] = ()
) -> BoardRepair:
    """Queue another repair for the same, of the board as it is now, that leaves these people alone.

    Where nobody is named it leaves alone whoever the repair that is there asks most of; so it is another for certain.

    Raises:
        NotAllowed. NotFound: `repair_unknown`. Conflict: `repair_unfinished`; `repair_alone`, it disturbs nobody who
            could be left alone. Refused: `week_gone`; `cause_of`, somebody unknown; `without_most`.
    """
    old = find_repair(session, actor, monday, repair_id)
    board = the_board(session, monday)
    causes = [read_cause(data) for data in old.causes_json]
    require_report(actor, old.problem_json, old.problem_json["published"], causes)
    if old.status in WAITING:
        raise Conflict("repair_unfinished")
    named = set(without) or {_asked_most(old)}
    if not named <= {v["id"] for v in board.problem_json["volunteers"]}:
        raise Refused("cause_of", kind=ABSENT)
    everybody = named | set(old.without_json)
    if len(everybody) > MOST_WITHOUT:
        raise Refused("without_most", most=MOST_WITHOUT)
    first = _first_open(session, board)
    return _queue(session, actor, board, causes, everybody, first, seed=old.seed + 1, another_of=old.id)


def _asked_most(old: BoardRepair) -> str:
    disturbed: list[str] = (old.people_json or {}).get("disturbed") or []
    if old.roster_json is None or not disturbed:
        raise Conflict("repair_alone")
    return max(sorted(disturbed), key=lambda v: touched(old)[v])


def touched(repair: BoardRepair) -> Counter[str]:
    """How many entries of each person go or come by a repair that is done."""
    assert repair.roster_json is not None
    rows = changed_rows(repair.problem_json, repair.roster_json)
    return Counter(str(row.get("volunteer") or row["instructor"]) for row in rows)


def find_repair(session: Session, actor: Actor, monday: date, repair_id: int) -> BoardRepair:
    """A repair of the week's board; its files are read where they are needed.

    Raises:
        NotAllowed: nothing that happened and nothing that changes is at a site of the actor's.
        NotFound: `board_unknown`, `repair_unknown`.
    """
    require(actor, Action.MANAGE_ROSTER)
    board = _board_id(session, monday)
    light = select(BoardRepair).options(defer(BoardRepair.problem_json), defer(BoardRepair.roster_json))  # type: ignore[arg-type]
    found = session.exec(light.where(BoardRepair.id == repair_id, BoardRepair.board_id == board)).first()
    if found is None:
        raise NotFound("repair_unknown", repair=repair_id)
    require(actor, Action.MANAGE_ROSTER, _at(found.sites_json))
    return found


def _board_id(session: Session, monday: date) -> int:
    found = session.exec(select(RosterBoard.id).where(RosterBoard.week == monday)).first()
    if found is None:
        raise NotFound("board_unknown", week=monday.isoformat())
    return found


def repairs_of(session: Session, actor: Actor, monday: date, most: int = 20) -> list[BoardRepair]:
    """The newest repairs of a week's board that concern a site of the actor's, without their files.

    Raises:
        NotAllowed. NotFound: `board_unknown`.
    """
    require(actor, Action.MANAGE_ROSTER)
    wanted = select(BoardRepair).where(BoardRepair.board_id == _board_id(session, monday))
    light = wanted.options(defer(BoardRepair.problem_json), defer(BoardRepair.roster_json))  # type: ignore[arg-type]
    found = session.exec(light.order_by(col(BoardRepair.id).desc()))
    return [repair for repair in found if may_at(actor, *repair.sites_json)][:most]
