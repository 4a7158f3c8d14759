"""Looking at a repair as a difference, and taking it onto the board or not."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlmodel import Session

from registry import clock
from registry.accounts.permissions import Actor
from registry.board.boards import the_board
from registry.board.edits import refuse_if_met, standing_since, write_step
from registry.board.positions import Positions
from registry.board.steps import as_roster, require_sites
from registry.board.tables import BoardEdit, RosterBoard
from registry.db import take_turns
from registry.engine.boards import Entry, Position, Roster, Step, pins_json, read_roster, roster_json
from registry.engine.rosters import read
from registry.errors import Conflict
from registry.repairs.asking import find_repair, may_at, require_report
from registry.repairs.causes import Cause, read_cause, sites_of_cause, with_causes
from registry.repairs.changed import changed_rows
from registry.repairs.facts import facts_of
from registry.repairs.showing import PersonLines, Short, people_lines, short_places
from registry.repairs.tables import WAITING, BoardRepair, State
from registry.repairs.words import class_names, people_names, site_names, site_of_class
from registry.repairs.work import tasks_of
from registry.tasks import queue
from registry.tasks.tables import Task

LEVELS = ("safety", "programme", "people", "changes", "quality")


@dataclass(frozen=True, slots=True)
class Level:
    """A level of a repair: what it costs, the proven least, and what it was before anything happened."""

    name: str
    cost: int
    bound: int
    before: int

    @property
    def is_proven(self) -> bool:
        """Whether nothing less is possible."""
        return self.cost == self.bound


@dataclass(frozen=True, slots=True)
class RepairView:
    """A repair, what happened, and, once it is worked out, whose week changes and why.

    `foreign` are sites that it touches and that the reader may not change; `moved_on` whether the board was changed.
    `task` tells how far it is, `ahead` how many others are worked out before it. `short` is what it leaves missing
    that was there before.
    """

    repair: BoardRepair
    causes: tuple[Cause, ...]
    names: dict[str, str]
    people: tuple[PersonLines, ...]
    levels: tuple[Level, ...]
    foreign: tuple[str, ...]
    moved_on: bool
    may_decide: bool
    task: Task | None = None
    ahead: int = 0
    short: tuple[Short, ...] = ()

    @property
    def progress(self) -> dict[str, Any] | None:
        """What was last told of the search: seconds, cost and bound by level."""
        return None if self.task is None else self.task.progress_json

    @property
    def is_stopping(self) -> bool:
        """Whether somebody asked for the best so far."""
        return self.is_waiting and self.task is not None and self.task.stop_asked_at is not None

    @property
    def disturbed(self) -> frozenset[str]:
        """Whom it disturbs."""
        return frozenset(person.volunteer for person in self.people if person.is_disturbed)

    @property
    def is_waiting(self) -> bool:
        """Whether it is still being worked out."""
        return self.repair.status in WAITING


def see_repair(session: Session, actor: Actor, monday: date, repair_id: int) -> RepairView:
    """A repair of the week's board.

    Raises:
        NotAllowed. NotFound: as `find_repair`.
    """
    found = find_repair(session, actor, monday, repair_id)
    task = tasks_of(session, [found]).get(repair_id)
    if found.status in WAITING:  # The page asks every second: nothing large is read.
        return _waiting_view(session, actor, found, task)
    problem, before = found.problem_json, found.problem_json["published"]
    causes = tuple(read_cause(data) for data in found.causes_json)
    names, sites = people_names(problem) | class_names(problem), site_names(problem)
    moved = the_board(session, monday).revision != found.revision
    may_decide = all(may_at(actor, *sites_of_cause(problem, before, cause)) for cause in causes)
    if found.roster_json is None:
        return RepairView(found, causes, names, (), (), (), moved, may_decide, task)
    disturbed = (found.people_json or {}).get("disturbed", ())
    people = people_lines(monday, problem, found.roster_json, causes, disturbed)
    cost, bound = found.roster_json["result"]["cost"], found.roster_json["result"]["bound"]
    old = before["result"]["cost"]
    levels = tuple(Level(name, cost[name], bound[name], old.get(name, 0)) for name in LEVELS)
    site_of = site_of_class(problem)
    theirs = {site_of[row["class"]] for row in changed_rows(problem, found.roster_json)}
    foreign = tuple(sorted(sites[s] for s in theirs if not may_at(actor, s)))
    is_worse = any(level.cost > level.before for level in levels[:2])
    short = short_places(problem, found.roster_json) if is_worse else ()
    return RepairView(found, causes, names, people, levels, foreign, moved, may_decide, task, short=short)


def _waiting_view(session: Session, actor: Actor, found: BoardRepair, task: Task | None) -> RepairView:
    """Of a repair that is worked out just now."""
    causes = tuple(read_cause(data) for data in found.causes_json)
    names = {data["of"]: data.get("name") or data["of"] for data in found.causes_json}
    ahead = queue.ahead_of(session, task) if task is not None and task.started_at is None else 0
    may_decide = may_at(actor, *found.sites_json)
    return RepairView(found, causes, names, (), (), (), moved_on=False, may_decide=may_decide, task=task, ahead=ahead)


def accept_repair(session: Session, positions: Positions, actor: Actor, monday: date, repair_id: int) -> BoardEdit:
    """Take a repair onto the board: what happened is true there from now on, and its entries change, as one edit.

    Raises:
        NotAllowed: what happened or what it changes is at a site of somebody else's. NotFound: as `find_repair`.
        Conflict: `repair_decided`; `repair_unfinished`; `board_changed`, somebody has changed the same since, with
            who; `repair_stale`, with the rules that it would break on the board as it is now.
    """
    take_turns(session, f"roster-board-{monday.isoformat()}")
    found, board = _to_decide(session, actor, monday, repair_id), the_board(session, monday)
    if found.status != State.DONE or found.roster_json is None:
        raise Conflict("repair_unfinished" if found.status in WAITING else "repair_decided", status=found.status)
    position = positions.of(board)
    step = _step(position, found)
    require_sites(actor, position.problem, step)
    if board.revision != found.revision:
        refuse_if_met(session, position, step, standing_since(session, board, found.revision), "board_changed")
    made = _store(session, positions, board, position, step, found, actor)
    found.status, found.decided_by, found.decided_at = State.ACCEPTED.value, actor.account_id, clock.now()
    session.add(found)
    session.flush()
    return made


def _step(position: Position, found: BoardRepair) -> Step:
    """What the repair changes; pins of entries that go, go with them."""
    assert found.roster_json is not None
    old = read_roster(found.problem_json["published"], position.problem)
    new = read_roster(found.roster_json, position.problem)
    gone: list[Entry] = [*(old.duties - new.duties), *(old.lessons - new.lessons)]
    come: list[Entry] = [*(new.duties - old.duties), *(new.lessons - old.lessons)]
    return Step(as_roster(gone), as_roster(come), frozenset(e for e in gone if e in position.pins))


def _store(
    session: Session, positions: Positions, board: RosterBoard, position: Position, step: Step, found: BoardRepair,
    actor: Actor,
) -> BoardEdit:  # fmt: skip
    old = position.roster
    roster = Roster(
        (old.duties - step.removed.duties) | step.added.duties,
        (old.lessons - step.removed.lessons) | step.added.lessons,
    )
    pins = {entry: waives for entry, waives in position.pins.items() if entry not in step.unpinned}
    causes = [read_cause(data) for data in found.causes_json]
    problem_json = {**with_causes(board.problem_json, causes), "pins": pins_json(pins)}
    reached = Position(read(problem_json), roster)
    known = {(v.rule, v.subject) for v in position.report.violations}
    if broken := sorted({v.rule for v in reached.report.violations if (v.rule, v.subject) not in known}):
        raise Conflict("repair_stale", rules=broken)
    cost = {name: n - position.parts[name] for name, n in reached.parts.items() if n != position.parts[name]}
    change = {**write_step(position, step), "repair": facts_of(found.id or 0, board.problem_json, problem_json)}
    board.revision, board.changed_at = board.revision + 1, clock.now()
    board.problem_json, board.roster_json = problem_json, roster_json(roster)
    made = BoardEdit(
        board_id=board.id or 0, revision=board.revision, kind="repair", change_json=change,
        cost_json=cost, made_by=actor.account_id, made_at=board.changed_at,
    )  # fmt: skip
    session.add_all([board, made])
    session.flush()
    positions.keep(board, reached)
    return made


def drop_repair(session: Session, actor: Actor, monday: date, repair_id: int) -> BoardRepair:
    """Put a repair aside, also one that is still being worked out. The board stays as it is.

    Raises:
        NotAllowed: what happened is at sites of others. NotFound: as `find_repair`. Conflict: `repair_decided`.
    """
    found = _to_decide(session, actor, monday, repair_id)
    if found.status in (State.ACCEPTED, State.DROPPED):
        raise Conflict("repair_decided", status=found.status)
    if (task := tasks_of(session, [found]).get(repair_id)) is not None and not queue.withdraw(session, task):
        queue.ask_stop(session, task)  # Who works on it ends, and stores nothing.
    found.status, found.decided_by, found.decided_at = State.DROPPED.value, actor.account_id, clock.now()
    session.add(found)
    session.flush()
    return found


def stop_repair(session: Session, actor: Actor, monday: date, repair_id: int) -> BoardRepair:
    """Ask for the best repair so far. One that nobody works on yet is put aside.

    Raises:
        NotAllowed, NotFound: as `drop_repair`. Conflict: `repair_decided`, it is worked out already.
    """
    found = _to_decide(session, actor, monday, repair_id)
    if found.status not in WAITING:
        raise Conflict("repair_decided", status=found.status)
    task = tasks_of(session, [found]).get(repair_id)
    if task is None or task.started_at is None:
        return drop_repair(session, actor, monday, repair_id)
    queue.ask_stop(session, task)
    return found


def _to_decide(session: Session, actor: Actor, monday: date, repair_id: int) -> BoardRepair:
    found = find_repair(session, actor, monday, repair_id)
    require_report(
        actor, found.problem_json, found.problem_json["published"], [read_cause(data) for data in found.causes_json]
    )
    return found
