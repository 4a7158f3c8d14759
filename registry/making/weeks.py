"""Which weeks can be made, of which sites, and what was made of them so far. Queueing a solve: `queueing.py`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from hashlib import sha256
from typing import Any

from sqlalchemy.orm import defer
from sqlmodel import Session, col, select

from registry import clock
from registry.accounts.permissions import ANYWHERE, Action, Actor, Subject, may, require
from registry.accounts.tables import Account
from registry.board.boards import board_of
from registry.duties.publish import number_of, version_in_force
from registry.errors import NotFound
from registry.programme import ClassRun, Site, Term, is_made_up, terms
from registry.rostering.build import check_monday
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
    def state(self) -> str:
        """queued, solving, stopping, done or failed. One that waits for another to take it over is still being
        solved."""
        if self.is_stopping:
            return "stopping"
        is_begun = self.is_open and self.task is not None and self.task.started_at is not None
        return DraftStatus.SOLVING if is_begun else self.draft.status


@dataclass(frozen=True, slots=True)
class Choice:
    """What somebody may make of a week: the sites with classes that are theirs, whether the whole district; the drafts
    so far, the newest first; whether the week has a board, and a version in force."""

    monday: date
    sites: tuple[tuple[int, str], ...]
    may_make_all: bool
    attempts: tuple[Attempt, ...]
    has_board: bool
    is_published: bool


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
        version_in_force(session, monday) is not None,
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


def _attempts(session: Session, drafts: list[RosterDraft]) -> list[Attempt]:
    keys = sorted({key_of(d.week, d.scope_json) for d in drafts})
    tasks = queue.tasks_of(session, KIND, keys)
    by_draft = {task.payload_json["draft"]: task for task in tasks}
    people = {d.made_by for d in drafts if d.made_by is not None}
    named = dict(session.exec(select(Account.id, Account.name).where(col(Account.id).in_(people))).all())
    sites = {number for d in drafts for number in numbers_of(d)}
    places = dict(session.exec(select(Site.id, Site.name).where(col(Site.id).in_(sites))).all())
    return [
        Attempt(
            d, by_draft.get(d.id), named.get(d.made_by, ""),
            tuple(places.get(number, f"s{number}") for number in sorted(numbers_of(d))),
            _ahead(session, by_draft.get(d.id)),
        )
        for d in drafts
    ]  # fmt: skip


def _ahead(session: Session, task: Task | None) -> int:
    return queue.ahead_of(session, task) if task is not None and task.status == TaskStatus.QUEUED else 0


def is_own(actor: Actor, found: Attempt) -> bool:
    """Whether the actor may stop it, try it again and put it on the board."""
    sites = [Subject(site_ids=frozenset({number})) for number in numbers_of(found.draft)]
    return all(may(actor, Action.MANAGE_ROSTER, subject) for subject in sites or [ANYWHERE])


def numbers_of(found: RosterDraft) -> frozenset[int]:
    """The sites of a draft by number; none of them is the whole district."""
    return frozenset(number_of(site) for site in found.scope_json or ())


def key_of(monday: date, scope: list[str] | None) -> str:
    """What a solve is of: two with the same are not queued at a time. Of many sites, how many and a hash."""
    named = "district" if scope is None else "+".join(scope)
    return f"{monday.isoformat()}/{named if len(named) <= 100 else sha256(named.encode()).hexdigest()[:40]}"


_LIGHT = [defer(getattr(RosterDraft, name)) for name in ("problem_json", "start_json", "roster_json")]
