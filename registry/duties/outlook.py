"""A week before publishing: what the board or the newest draft would change, and what to know beforehand."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy.orm import defer
from sqlmodel import Session, col, select

from registry.accounts.permissions import ANYWHERE, Action, Actor, require
from registry.accounts.tables import Account
from registry.board.boards import board_of
from registry.board.notices import news_of
from registry.board.tables import RosterBoard
from registry.board.today import away_in_week
from registry.duties.difference import Difference, Told, difference, entries_of, teller
from registry.duties.faults import Fault, faults_of
from registry.duties.publish import files_of, version_in_force
from registry.duties.tables import RosterVersion
from registry.engine.rosters import costed
from registry.errors import SolveFailed
from registry.rostering.changed import Change, changed_since
from registry.rostering.drafts import latest_whole
from registry.rostering.tables import RosterDraft


@dataclass(frozen=True, slots=True)
class VersionLine:
    """A version in the list of a week."""

    number: int
    published_at: Any
    by: str
    note: str
    restores: int | None
    cost: dict[str, int]


@dataclass(frozen=True, slots=True)
class Outlook:
    """A week before publishing: its versions, the newest first; the draft that could be published, and what it changes;
    the revision of the board, where there is one, and what that changes. Of both what they cost (None where that
    cannot be told), what keeps them from being published, and what has changed in the tables since. `is_old_draft` is
    whether something was published after the draft was made: it would mostly take that back. `absent` are entries of
    the board (of the draft, where there is none) of people who have said that they cannot come, with their names."""

    monday: date
    versions: tuple[VersionLine, ...]
    draft: int | None
    draft_cost: dict[str, int] | None
    changes: Difference | None
    board: int | None
    board_changes: Difference | None
    board_cost: dict[str, int] | None = None
    draft_faults: tuple[Fault, ...] = ()
    draft_underneath: tuple[Change, ...] = ()
    board_faults: tuple[Fault, ...] = ()
    board_underneath: tuple[Change, ...] = ()
    is_old_draft: bool = False
    absent: tuple[tuple[str, Told], ...] = ()

    @property
    def cost(self) -> dict[str, int] | None:
        """What the version in force costs."""
        return self.versions[0].cost if self.versions else None


def weeks_to_publish(session: Session, actor: Actor) -> list[tuple[date, int | None, bool]]:
    """Every week with a finished draft, a board or a version: the number of the version in force, and whether there is
    something that is not published.

    Raises:
        NotAllowed: for who does not publish.
    """
    require(actor, Action.PUBLISH_ROSTER, ANYWHERE)
    drafts = set(session.exec(select(col(RosterDraft.week)).where(RosterDraft.status == "done").distinct()))
    boards = set(session.exec(select(col(RosterBoard.week))))
    versions = set(session.exec(select(col(RosterVersion.week)).distinct()))
    return [(week, *_standing(session, week)) for week in sorted(drafts | boards | versions, reverse=True)]


def _standing(session: Session, monday: date) -> tuple[int | None, bool]:
    draft, force, board = latest_whole(session, monday), version_in_force(session, monday), board_of(session, monday)
    if force is None:
        return None, draft is not None or board is not None
    now = set(entries_of(force.roster_json))
    is_other = board is not None and set(entries_of(board.roster_json)) != now
    if draft is not None and draft.roster_json is not None and not _is_old(draft, force):
        is_other = is_other or set(entries_of(draft.roster_json)) != now
    return force.number, is_other


def _is_old(draft: RosterDraft, force: RosterVersion | None) -> bool:
    """Whether something was published since a draft was made."""
    return force is not None and force.published_at >= (draft.finished_at or draft.created_at)


def outlook(session: Session, actor: Actor, monday: date) -> Outlook:
    """What publishing the board or the newest draft of a week would change.

    Raises:
        NotAllowed: for who does not publish.
    """
    require(actor, Action.PUBLISH_ROSTER, ANYWHERE)
    draft, force = latest_whole(session, monday), version_in_force(session, monday)
    versions, board = tuple(_lines(session, monday)), board_of(session, monday)
    found = Outlook(monday, versions, None, None, None, None, None)
    if draft is not None and draft.roster_json is not None:
        files = draft.problem_json, draft.roster_json
        changes, is_old = difference(monday, files_of(force), files), _is_old(draft, force)
        found = replace(found, draft=draft.id, changes=changes, is_old_draft=is_old, draft_cost=_cost(*files))
        if not changes.is_nothing:
            found = replace(
                found, draft_faults=faults_of(session, monday, *files),
                draft_underneath=changed_since(session, monday, draft.problem_json),
            )  # fmt: skip
        if board is None:
            found = replace(found, absent=_absent(session, monday, *files))
    if board is not None:
        files = board.problem_json, board.roster_json
        changes = difference(monday, files_of(force), files)
        found = replace(
            found, board=board.revision, board_changes=changes, board_cost=_cost(*files),
            board_faults=() if changes.is_nothing else faults_of(session, monday, *files),
            board_underneath=() if (news := news_of(session, actor, board)).is_kept else news.changes,
            absent=_absent(session, monday, *files),
        )  # fmt: skip
    return found


def _absent(
    session: Session, monday: date, problem_json: dict[str, Any], roster_json: dict[str, Any]
) -> tuple[tuple[str, Told], ...]:
    """The entries of people who have said that they cannot come then."""
    away, tell = away_in_week(session, monday), teller(monday, problem_json)
    segment_of = {s["id"]: s["segment"] for s in problem_json["slots"]}
    found = [tell(d) for d in roster_json["duties"] if d["segment"] in away.get(d["volunteer"], ())]
    found += [tell(x) for x in roster_json["lessons"] if segment_of.get(x["slot"]) in away.get(x["instructor"], ())]
    return tuple(sorted(found, key=lambda row: (row[1].day, row[1].starts, row[0])))


def _cost(problem_json: dict[str, Any], roster_json: dict[str, Any]) -> dict[str, int] | None:
    """What a roster costs by level; None where it cannot be read, which its faults say."""
    try:
        return dict((roster_json.get("result") or costed(problem_json, roster_json, 0)["result"])["cost"])
    except SolveFailed:
        return None


def _lines(session: Session, monday: date) -> list[VersionLine]:
    wanted = (
        select(RosterVersion, Account.name)
        .outerjoin(Account, col(Account.id) == RosterVersion.published_by)
        .where(RosterVersion.week == monday)
        .options(defer(RosterVersion.problem_json))  # type: ignore[arg-type]
        .order_by(col(RosterVersion.number).desc())
    )
    return [
        VersionLine(v.number, v.published_at, by or "", v.note, v.restores, dict(v.roster_json["result"]["cost"]))
        for v, by in session.exec(wanted)
    ]
