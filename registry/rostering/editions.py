"""Which rosters of a week there are to look at: the version in force, the newest finished draft, the board."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import load_only
from sqlmodel import Session, col, func, select
from sqlmodel.sql.expression import SelectOfScalar

from registry.duties.tables import RosterVersion
from registry.errors import NotFound
from registry.rostering.tables import DraftStatus, RosterDraft

DRAFT, VERSION, BOARD = "draft", "version", "board"


@dataclass(frozen=True, slots=True)
class DraftLine:
    """What a list tells of a roster, without its files.

    `kind` says what `id` counts: a draft by its number, a published version of the week, or the changes of its board.
    Of the last two nobody keeps how long a solver took: `workers` and `seconds` are 0.
    """

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
    kind: str = DRAFT


OF_DRAFTS = tuple(field.name for field in fields(DraftLine) if field.name != "kind")
OF_VERSIONS = ("id", "week", "number", "seed", "software", "published_at")


def published_line(session: Session, monday: date) -> DraftLine:
    """The version in force: what everybody may see of a week.

    Raises:
        NotFound: `week_unpublished`, whether there is a draft or nothing at all.
    """
    if (force := _in_force(session, monday)) is None:
        raise NotFound("week_unpublished", week=monday.isoformat())
    return force


def shown_line(session: Session, monday: date) -> DraftLine:
    """What whoever may see drafts is shown of a week: the version in force, else the newest finished draft.

    Raises:
        NotFound: `week_without_draft`.
    """
    return _in_force(session, monday) or done_line(session, monday)


def _in_force(session: Session, monday: date) -> DraftLine | None:
    wanted = _versions().where(RosterVersion.week == monday)
    force = session.exec(wanted.order_by(col(RosterVersion.number).desc()).limit(1)).first()
    return None if force is None else _version_line(force)


def done_line(session: Session, monday: date) -> DraftLine:
    """The newest finished draft of the whole week. One of some sites does not stand in for it: where the others were
    not made yet, it leaves them empty.

    Raises:
        NotFound: `week_without_draft`.
    """
    wanted = _drafts().where(*_WHOLE, col(RosterDraft.week) == monday)
    newest = session.exec(wanted.order_by(col(RosterDraft.id).desc()).limit(1)).first()
    if newest is None:
        raise NotFound("week_without_draft", week=monday.isoformat())
    return _draft_line(newest)


def version_line(session: Session, monday: date, number: int) -> DraftLine:
    """A version of a week.

    Raises:
        NotFound: `version_unknown`.
    """
    found = session.exec(_versions().where(RosterVersion.week == monday, RosterVersion.number == number)).first()
    if found is None:
        raise NotFound("version_unknown", week=monday.isoformat(), version=number)
    return _version_line(found)


def draft_line(session: Session, draft_id: int) -> DraftLine:
    """A finished draft by its number.

    Raises:
        NotFound: `draft_unknown`; `draft_unfinished`, with its status.
    """
    found = session.exec(_drafts().where(col(RosterDraft.id) == draft_id)).first()
    if found is None:
        raise NotFound("draft_unknown", draft=draft_id)
    if found.status != DraftStatus.DONE.value:
        raise NotFound("draft_unfinished", draft=draft_id, status=found.status)
    return _draft_line(found)


def weeks(session: Session, *, is_public: bool = False) -> list[DraftLine]:
    """What somebody is shown of each week that has anything, earliest week first: the public what is published."""
    newest = select(func.max(RosterDraft.id)).where(*_WHOLE).group_by(col(RosterDraft.week))
    drafts = [] if is_public else session.exec(_drafts().where(col(RosterDraft.id).in_(newest))).all()
    in_force = select(func.max(RosterVersion.id)).group_by(col(RosterVersion.week))
    versions = session.exec(_versions().where(col(RosterVersion.id).in_(in_force)))
    found = {line.week: line for line in (*map(_draft_line, drafts), *map(_version_line, versions))}
    return [found[week] for week in sorted(found)]


def newest_draft(session: Session) -> DraftLine | None:
    """The draft made last, in whatever state."""
    newest = session.exec(_drafts().order_by(col(RosterDraft.id).desc()).limit(1)).first()
    return None if newest is None else _draft_line(newest)


def newest_week(session: Session, *, is_public: bool = False) -> date | None:
    """The week whose roster was made or published last; for the public, published."""
    ended, published = col(RosterDraft.finished_at), col(RosterVersion.published_at)
    done = select(col(RosterDraft.week), ended).where(*_WHOLE).order_by(ended.desc()).limit(1)
    draft = None if is_public else session.exec(done).first()
    version = session.exec(select(col(RosterVersion.week), published).order_by(published.desc()).limit(1)).first()
    made = [(when, week) for week, when in filter(None, (draft, version)) if when is not None]
    return max(made)[1] if made else None


def files_of(session: Session, line: DraftLine) -> tuple[dict[str, Any], dict[str, Any]]:
    """The problem file and the roster file of a draft or a version."""
    if line.kind == DRAFT:
        draft = session.get_one(RosterDraft, line.id)
        assert draft.roster_json is not None  # It is done.
        return draft.problem_json, draft.roster_json
    wanted = select(RosterVersion).where(RosterVersion.week == line.week, RosterVersion.number == line.id)
    version = session.exec(wanted).one()
    return version.problem_json, version.roster_json


_WHOLE = (RosterDraft.status == DraftStatus.DONE.value, col(RosterDraft.scope_json).is_(None))
"""Finished drafts of all sites."""


def _drafts() -> SelectOfScalar[RosterDraft]:
    """Drafts without their files, which for a district take a hundred times as long to read."""
    return select(RosterDraft).options(load_only(*(getattr(RosterDraft, name) for name in OF_DRAFTS)))


def _versions() -> SelectOfScalar[RosterVersion]:
    return select(RosterVersion).options(load_only(*(getattr(RosterVersion, name) for name in OF_VERSIONS)))


def _draft_line(draft: RosterDraft) -> DraftLine:
    return DraftLine(**{name: getattr(draft, name) for name in OF_DRAFTS})


def _version_line(version: RosterVersion) -> DraftLine:
    at = version.published_at
    return DraftLine(
        version.number, version.week, "published", version.seed, 0, 0.0, version.software, at, at, None, VERSION
    )
