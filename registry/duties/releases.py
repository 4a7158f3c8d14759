"""Publishing as the office does it: what would change, then do it; only those whose week changes hear of it, once."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from sqlalchemy.orm import defer
from sqlmodel import Session, col, select

from registry.accounts.outbox import post
from registry.accounts.permissions import ANYWHERE, Action, Actor, require
from registry.accounts.tables import Account
from registry.board.boards import board_of, the_board
from registry.conventions.texts import line_of
from registry.duties.by_link import answer_link
from registry.duties.difference import Difference, difference
from registry.duties.faults import Fault, faults_of, require_sound
from registry.duties.publish import number_of, publish, version_in_force, version_of
from registry.duties.tables import RosterVersion
from registry.engine.rosters import costed
from registry.errors import Conflict, SolveFailed
from registry.people import Volunteer
from registry.rostering.changed import Change, changed_since
from registry.rostering.drafts import latest_done
from registry.rostering.tables import RosterDraft

FIRST, CHANGED = "duties_published", "duties_changed"
"""Messages: somebody's week is published for the first time; it is another now."""
LONGEST_NOTE = 200


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
    cannot be told) and what keeps them from being published; of the draft what has changed in the tables since."""

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

    @property
    def cost(self) -> dict[str, int] | None:
        """What the version in force costs."""
        return self.versions[0].cost if self.versions else None


def weeks_to_publish(session: Session, actor: Actor) -> list[tuple[date, int | None, bool]]:
    """Every week with a finished draft or a version: the number of the version in force, and whether a draft differs.

    Raises:
        NotAllowed: for who does not publish.
    """
    require(actor, Action.PUBLISH_ROSTER, ANYWHERE)
    drafts = set(session.exec(select(col(RosterDraft.week)).where(RosterDraft.status == "done").distinct()))
    versions = set(session.exec(select(col(RosterVersion.week)).distinct()))
    return [(week, *_standing(session, week)) for week in sorted(drafts | versions, reverse=True)]


def _standing(session: Session, monday: date) -> tuple[int | None, bool]:
    draft, force = latest_done(session, monday), version_in_force(session, monday)
    is_other = draft is not None and (force is None or _entries(draft.roster_json) != _entries(force.roster_json))
    return (None if force is None else force.number), is_other


def _entries(roster: dict[str, Any] | None) -> Any:
    return None if roster is None else (roster["duties"], roster["lessons"])


def outlook(session: Session, actor: Actor, monday: date) -> Outlook:
    """What publishing the newest draft of a week would change.

    Raises:
        NotAllowed: for who does not publish.
    """
    require(actor, Action.PUBLISH_ROSTER, ANYWHERE)
    draft, force = latest_done(session, monday), version_in_force(session, monday)
    versions, board = tuple(_lines(session, monday)), board_of(session, monday)
    found = Outlook(monday, versions, None, None, None, None, None)
    if draft is not None and draft.roster_json is not None:
        files = draft.problem_json, draft.roster_json
        found = replace(
            found, draft=draft.id, changes=difference(monday, _files(force), files), draft_cost=_cost(*files),
            draft_faults=faults_of(session, monday, *files),
            draft_underneath=changed_since(session, monday, draft.problem_json),
        )  # fmt: skip
    if board is not None:
        files = board.problem_json, board.roster_json
        found = replace(
            found, board=board.revision, board_changes=difference(monday, _files(force), files),
            board_cost=_cost(*files), board_faults=faults_of(session, monday, *files),
        )  # fmt: skip
    return found


def _cost(problem_json: dict[str, Any], roster_json: dict[str, Any]) -> dict[str, int] | None:
    """What a roster costs by level; None where it cannot be read, which its faults say."""
    try:
        return dict((roster_json.get("result") or costed(problem_json, roster_json, 0)["result"])["cost"])
    except SolveFailed:
        return None


def _files(version: RosterVersion | None) -> tuple[dict[str, Any], dict[str, Any]] | None:
    return None if version is None else (version.problem_json, version.roster_json)


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


def publish_draft(session: Session, actor: Actor, monday: date, draft_id: int, note: str = "") -> RosterVersion:
    """Publish the newest draft of a week, the one that was looked at, and tell those whose week changes.

    Raises:
        NotAllowed. Invalid: at `note`. Refused: `roster_faulty`; see `faults_of` for what is wrong.
        Conflict: `draft_not_newest`, where another was made meanwhile or there is none; `nothing_to_publish`.
    """
    require(actor, Action.PUBLISH_ROSTER, ANYWHERE)
    said = line_of("note", note, LONGEST_NOTE)
    draft, force = latest_done(session, monday), version_in_force(session, monday)
    if draft is None or draft.id != draft_id or draft.roster_json is None:
        raise Conflict("draft_not_newest", draft=draft_id)
    if force is not None and _entries(draft.roster_json) == _entries(force.roster_json):
        raise Conflict("nothing_to_publish", version=force.number)
    require_sound(session, monday, draft.problem_json, draft.roster_json)
    made = publish(
        session, monday, draft.problem_json, draft.roster_json, seed=draft.seed, by=actor.account_id, note=said
    )
    tell_affected(session, made, force)
    return made


def publish_board(session: Session, actor: Actor, monday: date, revision: int, note: str = "") -> RosterVersion:
    """Publish the board of a week as it was looked at, and tell those whose week changes.

    Raises:
        NotAllowed. NotFound: `board_unknown`. Invalid: at `note`. Refused: `roster_faulty`.
        Conflict: `board_moved_on`, where somebody has changed it meanwhile; `nothing_to_publish`.
    """
    require(actor, Action.PUBLISH_ROSTER, ANYWHERE)
    said = line_of("note", note, LONGEST_NOTE)
    board, force = the_board(session, monday), version_in_force(session, monday)
    if board.revision != revision:
        raise Conflict("board_moved_on", seen=revision, revision=board.revision)
    if force is not None and difference(monday, _files(force), (board.problem_json, board.roster_json)).is_nothing:
        raise Conflict("nothing_to_publish", version=force.number)
    require_sound(session, monday, board.problem_json, board.roster_json)
    roster = costed(board.problem_json, board.roster_json, board.seed)
    made = publish(session, monday, board.problem_json, roster, seed=board.seed, by=actor.account_id, note=said)
    tell_affected(session, made, force)
    return made


def roll_back(session: Session, actor: Actor, monday: date, number: int, note: str = "") -> RosterVersion:
    """Put an earlier version in force again, as the next one, and tell those whose week changes.

    Raises:
        NotAllowed. NotFound: `version_unknown`. Invalid: at `note`. Refused: `roster_faulty`.
        Conflict: `nothing_to_publish`, where it is in force or the same.
    """
    require(actor, Action.PUBLISH_ROSTER, ANYWHERE)
    said = line_of("note", note, LONGEST_NOTE)
    old, force = version_of(session, monday, number), version_in_force(session, monday)
    assert force is not None  # there is an old one
    if _entries(old.roster_json) == _entries(force.roster_json):
        raise Conflict("nothing_to_publish", version=force.number)
    require_sound(session, monday, old.problem_json, old.roster_json)
    made = publish(
        session, monday, old.problem_json, old.roster_json,
        seed=old.seed, by=actor.account_id, note=said, restores=number,
    )  # fmt: skip
    tell_affected(session, made, force)
    return made


def compare(session: Session, actor: Actor, monday: date, older: int, newer: int) -> Difference:
    """What differs between two versions of a week.

    Raises:
        NotAllowed. NotFound: `version_unknown`.
    """
    require(actor, Action.PUBLISH_ROSTER, ANYWHERE)
    old, new = version_of(session, monday, older), version_of(session, monday, newer)
    return difference(monday, (old.problem_json, old.roster_json), (new.problem_json, new.roster_json))


def tell_affected(session: Session, made: RosterVersion, before: RosterVersion | None) -> int:
    """One message to everybody whose entries differ and whose phone is known; answers how many that were."""
    changes = difference(made.week, _files(before), (made.problem_json, made.roster_json))
    numbers = [number_of(person.volunteer) for person in changes.people]
    wanted = select(Volunteer.id, Volunteer.phone).where(col(Volunteer.id).in_(numbers))
    phones = dict(session.exec(wanted).all())
    still = {row["volunteer"] for row in made.roster_json["duties"]}
    still |= {row["instructor"] for row in made.roster_json["lessons"]}
    last, told = made.week + timedelta(days=6), 0
    for person in changes.people:
        number = number_of(person.volunteer)
        phone = phones.get(number)
        if phone:
            facts: dict[str, Any] = {"week": made.week.isoformat(), "gone": len(person.gone), "new": len(person.new)}
            if person.volunteer in still:  # else there is nothing to say yes or no to
                facts["answer"] = answer_link(session, number, made.week, last)
            post(session, phone, FIRST if before is None else CHANGED, facts)
            told += 1
    return told
