"""Making a week: which weeks and sites, queueing a solve, its progress, stopping it, trying again."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from hashlib import sha256
from importlib.metadata import version
from typing import Any

from sqlalchemy.orm import defer
from sqlmodel import Session, col, select

from registry import clock
from registry.accounts.permissions import ANYWHERE, Action, Actor, Subject, may, require
from registry.accounts.tables import Account
from registry.board.boards import board_of
from registry.db import take_turns
from registry.duties.publish import number_of, version_in_force
from registry.engine.rosters import fitting
from registry.errors import Conflict, FieldProblem, Invalid, NotFound
from registry.programme import ClassRun, Site, Term, is_made_up, terms
from registry.rostering.build import check_monday, problem_for_week
from registry.rostering.drafts import draft, latest_done
from registry.rostering.tables import DraftStatus, RosterDraft
from registry.tasks import queue
from registry.tasks.tables import Task, TaskStatus

KIND = "roster"
LEAST, MOST, USUAL = 5, 3600, 60
"""Seconds that a solve may take; the usual ones prove safety in a district."""
WORKERS = 2
EMPTY: dict[str, Any] = {"format": "qingzai.roster/1", "duties": [], "lessons": []}


@dataclass(frozen=True, slots=True)
class Attempt:
    """A draft of a week without its files: its task, where it has one, whose it is, and the names of its sites."""

    draft: RosterDraft
    task: Task | None
    by: str
    sites: tuple[str, ...]
    ahead: int = 0

    @property
    def is_open(self) -> bool:
        """Whether it waits or is being solved."""
        return self.task is not None and self.task.open_key is not None

    @property
    def is_stopping(self) -> bool:
        """Whether somebody asked for the best so far."""
        return self.is_open and self.task is not None and self.task.stop_asked_at is not None

    @property
    def seconds_left(self) -> int | None:
        """Seconds that the solver still has, by what it told last; None before it has told anything."""
        told = self.task.progress_json if self.task is not None else None
        return None if not told else max(0, round(float(told["of"]) - float(told["seconds"])))


@dataclass(frozen=True, slots=True)
class Choice:
    """What somebody may make of a week: the sites with classes that are theirs, whether the whole district; the drafts
    so far, the newest first; whether the week has a board."""

    monday: date
    sites: tuple[tuple[int, str], ...]
    may_make_all: bool
    attempts: tuple[Attempt, ...]
    has_board: bool


def weeks_to_make(session: Session, actor: Actor) -> list[tuple[date, str]]:
    """The weeks of the terms that are not over, the earliest first, each with the names of its terms. A made-up summer
    is never over.

    Raises:
        NotAllowed: for who may change no site.
    """
    require(actor, Action.MANAGE_ROSTER)
    first = date.min if is_made_up(session) else clock.today()
    found: dict[date, list[str]] = {}
    for term in terms(session):
        for monday in _mondays(term):
            if monday + timedelta(days=4) >= first:
                found.setdefault(monday, []).append(term.name)
    return [(monday, "、".join(names)) for monday, names in sorted(found.items())]


def _mondays(term: Term) -> Iterable[date]:
    monday = term.starts_on - timedelta(days=term.starts_on.weekday())
    while monday <= term.ends_on:
        if max(monday, term.starts_on) <= monday + timedelta(days=4):  # a term may begin on a Saturday
            yield monday
        monday += timedelta(days=7)


def choice(session: Session, actor: Actor, monday: date) -> Choice:
    """What the actor may make of a week.

    Raises:
        NotAllowed. Refused: `week_not_monday`.
    """
    require(actor, Action.MANAGE_ROSTER)
    check_monday(monday)
    drafts = select(RosterDraft).options(*_LIGHT).where(RosterDraft.week == monday)
    newest = list(session.exec(drafts.order_by(col(RosterDraft.id).desc()).limit(20)))
    return Choice(
        monday, tuple(_own_sites(session, actor, monday)), may(actor, Action.MANAGE_ROSTER, ANYWHERE),
        tuple(_attempts(session, newest)), board_of(session, monday) is not None,
    )  # fmt: skip


def _own_sites(session: Session, actor: Actor, monday: date) -> list[tuple[int, str]]:
    """The sites with a class with children in the week that the actor may change."""
    running = [t.id for t in terms(session) if monday in _mondays(t)]
    wanted = (
        select(Site.id, Site.name)
        .join(ClassRun, col(ClassRun.site_id) == Site.id)
        .where(col(ClassRun.term_id).in_(running), ClassRun.confirmed > 0)
        .distinct()
        .order_by(Site.name)
    )
    found = [(number or 0, name) for number, name in session.exec(wanted)]
    return [pair for pair in found if may(actor, Action.MANAGE_ROSTER, Subject(site_ids=frozenset({pair[0]})))]


def attempt(session: Session, actor: Actor, draft_id: int) -> Attempt:
    """A draft and how far it is.

    Raises:
        NotAllowed. NotFound: `draft_unknown`.
    """
    require(actor, Action.MANAGE_ROSTER)
    wanted = select(RosterDraft).options(*_LIGHT).where(RosterDraft.id == draft_id)
    found = session.exec(wanted).first()
    if found is None:
        raise NotFound("draft_unknown", draft=draft_id)
    return _attempts(session, [found])[0]


def make_week(
    session: Session, actor: Actor, monday: date, sites: Iterable[int] = (), seconds: float = USUAL
) -> tuple[Attempt, bool]:
    """Queue a solve of a week: of these sites, or of the whole district where none is named. Where the same is queued
    or running already, that one is answered, and False.

    A solve of some sites leaves the entries of all others as they are: on the board, else in the version in force, else
    in the newest draft. What is pinned on the board stays in either case.

    Raises:
        NotAllowed. Refused: as `problem_for_week`. NotFound: `site_missing`. Invalid: at `seconds`.
    """
    chosen = frozenset(sites)
    _require_scope(actor, chosen)
    if not LEAST <= seconds <= MOST:
        raise Invalid(FieldProblem("seconds", "number_range", {"least": LEAST, "most": MOST}))
    check_monday(monday)
    scope = sorted(f"s{number}" for number in chosen) if chosen else None
    key = _key(monday, scope)
    take_turns(session, f"make-{key}")
    if (running := queue.open_task(session, KIND, key)) is not None:
        return attempt(session, actor, int(running.payload_json["draft"])), False
    made = _queued(session, actor, monday, scope, seconds)
    queue.enqueue(session, KIND, key, {"draft": made.id}, actor.account_id)
    return attempt(session, actor, made.id or 0), True


def _queued(session: Session, actor: Actor, monday: date, scope: list[str] | None, seconds: float) -> RosterDraft:
    problem = problem_for_week(session, monday)
    if (unknown := set(scope or ()) - {c["site"] for c in problem["classes"]}):
        raise NotFound("site_missing", site=sorted(unknown)[0])
    _take_pins(session, monday, problem)
    earlier = select(RosterDraft.id).where(RosterDraft.week == monday)
    made = RosterDraft(
        week=monday, seed=len(session.exec(earlier).all()) + 1, workers=WORKERS, seconds=seconds,
        version=version("qingzai"), problem_json=problem, scope_json=scope,
        start_json=None if scope is None else fitting(problem, _standing(session, monday)),
        made_by=actor.account_id, created_at=clock.now(),
    )  # fmt: skip
    session.add(made)
    session.flush()
    return made


def stop(session: Session, actor: Actor, draft_id: int) -> Attempt:
    """Be done with the best so far. A solve that nobody has begun is not begun any more: it has no best.

    Raises:
        NotAllowed. NotFound: `draft_unknown`. Conflict: `draft_ended`.
    """
    found = attempt(session, actor, draft_id)
    _require_scope(actor, _numbers(found.draft))
    if not found.is_open or found.task is None:
        raise Conflict("draft_ended", draft=draft_id)
    if not queue.withdraw(session, found.task):
        queue.ask_stop(session, found.task)
        return found
    failed = draft(session, draft_id)
    failed.status, failed.finished_at = DraftStatus.FAILED, clock.now()
    failed.failure_json = {"code": "stopped_early", "facts": {}}
    session.add(failed)
    session.flush()
    return attempt(session, actor, draft_id)


def again(session: Session, actor: Actor, draft_id: int) -> tuple[Attempt, bool]:
    """Queue the same once more, on today's data; as `make_week`."""
    found = attempt(session, actor, draft_id).draft
    return make_week(session, actor, found.week, _numbers(found), min(max(found.seconds, LEAST), MOST))


def _require_scope(actor: Actor, sites: frozenset[int]) -> None:
    """Make sure of each site by itself: of several, one that is theirs is not enough here."""
    for subject in [Subject(site_ids=frozenset({number})) for number in sorted(sites)] or [ANYWHERE]:
        require(actor, Action.MANAGE_ROSTER, subject)


def _numbers(found: RosterDraft) -> frozenset[int]:
    return frozenset(number_of(site) for site in found.scope_json or ())


def _key(monday: date, scope: list[str] | None) -> str:
    return f"{monday.isoformat()}/{'district' if scope is None else _digest(scope)}"


def _digest(scope: list[str]) -> str:
    """The sites of a scope in few characters: themselves, or how many and a hash of them."""
    plain = "+".join(scope)
    return plain if len(plain) <= 100 else f"{len(scope)}-{sha256(plain.encode()).hexdigest()[:40]}"


def _standing(session: Session, monday: date) -> dict[str, Any]:
    """What the week has so far."""
    if (board := board_of(session, monday)) is not None:
        return board.roster_json
    if (force := version_in_force(session, monday)) is not None:
        return force.roster_json
    newest = latest_done(session, monday)
    return newest.roster_json if newest is not None and newest.roster_json is not None else EMPTY


def _take_pins(session: Session, monday: date, problem: dict[str, Any]) -> None:
    """What is pinned on the board, as far as it names what still is there."""
    board = board_of(session, monday)
    if board is None:
        return
    lists = {"volunteer": "volunteers", "instructor": "volunteers", "class": "classes", "segment": "segments",
             "slot": "slots", "course": "courses"}  # fmt: skip
    known = {name: {row["id"] for row in problem[listed]} for name, listed in lists.items()}
    known["room"] = {room["id"] for site in problem["sites"] for room in site["rooms"]} | {None}
    problem["pins"] = {
        kind: [pin for pin in pins if all(pin[name] in ids for name, ids in known.items() if name in pin)]
        for kind, pins in board.problem_json["pins"].items()
    }


def _attempts(session: Session, drafts: list[RosterDraft]) -> list[Attempt]:
    keys = sorted({_key(d.week, d.scope_json) for d in drafts})
    tasks = queue.tasks_of(session, KIND, keys)
    by_draft = {task.payload_json["draft"]: task for task in tasks}
    people = {d.made_by for d in drafts if d.made_by is not None}
    named = dict(session.exec(select(Account.id, Account.name).where(col(Account.id).in_(people))).all())
    sites = {number for d in drafts for number in _numbers(d)}
    places = dict(session.exec(select(Site.id, Site.name).where(col(Site.id).in_(sites))).all())
    return [
        Attempt(
            d, by_draft.get(d.id), named.get(d.made_by, ""),
            tuple(places.get(number, f"s{number}") for number in sorted(_numbers(d))),
            _ahead(session, by_draft.get(d.id)),
        )
        for d in drafts
    ]  # fmt: skip


def _ahead(session: Session, task: Task | None) -> int:
    return queue.ahead_of(session, task) if task is not None and task.status == TaskStatus.QUEUED else 0


_LIGHT = [defer(getattr(RosterDraft, name)) for name in ("problem_json", "start_json", "roster_json")]
