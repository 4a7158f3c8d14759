"""Publishing as the office does it: what would change, then do it; only those whose week changes hear of it, once."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from sqlmodel import Session, col, select

from registry.accounts.outbox import post
from registry.accounts.permissions import ANYWHERE, Action, Actor, require
from registry.board.boards import the_board
from registry.conventions.texts import line_of
from registry.duties.by_link import answer_link
from registry.duties.difference import Difference, difference, entries_of
from registry.duties.digest import digest
from registry.duties.faults import require_sound
from registry.duties.publish import files_of, number_of, publish, version_in_force, version_of
from registry.duties.tables import RosterVersion
from registry.engine.rosters import costed
from registry.errors import Conflict
from registry.people import Volunteer
from registry.rostering.drafts import latest_whole

FIRST, CHANGED = "duties_published", "duties_changed"
"""Messages: somebody's week is published for the first time; it is another now."""
LONGEST_NOTE = 200


def publish_draft(session: Session, actor: Actor, monday: date, draft_id: int, note: str = "") -> RosterVersion:
    """Publish the newest draft of a week, the one that was looked at, and tell those whose week changes.

    Raises:
        NotAllowed. Invalid: at `note`. Refused: `roster_faulty`; see `faults_of` for what is wrong.
        Conflict: `draft_not_newest`, where another was made meanwhile or there is none; `nothing_to_publish`.
    """
    require(actor, Action.PUBLISH_ROSTER, ANYWHERE)
    said = line_of("note", note, LONGEST_NOTE)
    draft, force = latest_whole(session, monday), version_in_force(session, monday)
    if draft is None or draft.id != draft_id or draft.roster_json is None:
        raise Conflict("draft_not_newest", draft=draft_id)
    if force is not None and _is_same(draft.roster_json, force.roster_json):
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
    if force is not None and difference(monday, files_of(force), (board.problem_json, board.roster_json)).is_nothing:
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
    if _is_same(old.roster_json, force.roster_json):
        raise Conflict("nothing_to_publish", version=force.number)
    require_sound(session, monday, old.problem_json, old.roster_json)
    made = publish(
        session, monday, old.problem_json, old.roster_json,
        seed=old.seed, by=actor.account_id, note=said, restores=number,
    )  # fmt: skip
    tell_affected(session, made, force)
    return made


def _is_same(one: dict[str, Any], other: dict[str, Any]) -> bool:
    """Whether two rosters hold the same entries."""
    return set(entries_of(one)) == set(entries_of(other))


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
    changes = difference(made.week, files_of(before), (made.problem_json, made.roster_json))
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
            facts["changes"], facts["more"] = digest(person)
            if not person.new:  # Nobody is asked to say yes or no to what was only taken away.
                facts["is_only_gone"] = True
            if person.volunteer in still:  # The older link is worth nothing any more.
                facts["see" if not person.new else "answer"] = answer_link(session, number, made.week, last)
            post(session, phone, FIRST if before is None else CHANGED, facts)
            told += 1
    return told
