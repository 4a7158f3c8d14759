"""Rounds of enrolment: made, changed, announced and called off by the district office; open by the clock alone."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import func
from sqlmodel import Session, col, select

from registry import clock
from registry.accounts.permissions import ANYWHERE, Action, Actor, require
from registry.enrolment.round_checks import checked
from registry.enrolment.tables import EnrolmentRound
from registry.errors import Conflict, NotFound
from registry.programme import Season

LARGEST_ID = 2**31 - 1
"""Of a row, on every database; a larger number names none."""


class Phase(StrEnum):
    """Where a round is, by the clock and by what was done to it."""

    DRAFT = "draft"
    ANNOUNCED = "announced"
    OPEN = "open"
    CLOSED = "closed"
    FROZEN = "frozen"
    PUBLISHED = "published"
    CANCELLED = "cancelled"


PUBLIC = frozenset(Phase) - {Phase.DRAFT}


@dataclass(frozen=True)
class RoundInput:
    """A round as the office writes it. Times have a time zone; `seed_event` empty means a committed secret."""

    season: int
    name: str
    mode: str
    opens_at: datetime
    closes_at: datetime
    confirm_by: datetime | None = None
    offer_hours: int = 24
    most_wishes: int = 5
    most_seats: int = 1
    order: str = "served-first"
    families: str = "prefer-together"
    waitlist_length: int = 20
    notes_zh: str = ""
    notes_en: str = ""
    seed_event: str = ""


def phase(a_round: EnrolmentRound, now: datetime) -> Phase:
    """Where a round is. It is open from `opens_at` on and closed from `closes_at` on, to the second and beyond."""
    if a_round.cancelled_at is not None:
        return Phase.CANCELLED
    if a_round.announced_at is None:
        return Phase.DRAFT
    if a_round.published_at is not None:
        return Phase.PUBLISHED
    if a_round.frozen_at is not None:
        return Phase.FROZEN
    if now < a_round.opens_at:
        return Phase.ANNOUNCED
    return Phase.OPEN if now < a_round.closes_at else Phase.CLOSED


def public_rounds(session: Session) -> list[EnrolmentRound]:
    """Every round that was announced, the one that closes last first."""
    shown = select(EnrolmentRound).where(col(EnrolmentRound.announced_at).is_not(None))
    return list(session.exec(shown.order_by(col(EnrolmentRound.closes_at).desc(), col(EnrolmentRound.id).desc())))


def all_rounds(session: Session, actor: Actor) -> list[EnrolmentRound]:
    """Every round, also those that are not announced, for the office.

    Raises:
        NotAllowed: for anybody who does not see rounds of the whole district.
    """
    require(actor, Action.SEE_ROUNDS)
    return list(session.exec(select(EnrolmentRound).order_by(col(EnrolmentRound.opens_at).desc())))


def find_round(session: Session, round_id: int) -> EnrolmentRound:
    """A round.

    Raises:
        NotFound: `round_unknown`.
    """
    found = session.get(EnrolmentRound, round_id) if 0 < round_id <= LARGEST_ID else None
    if found is None:
        raise NotFound("round_unknown", round=round_id)
    return found


def public_round(session: Session, round_id: int) -> EnrolmentRound:
    """A round that everybody may know of.

    Raises:
        NotFound: `round_unknown`, also for one that is not announced.
    """
    found = find_round(session, round_id)
    if found.announced_at is None:
        raise NotFound("round_unknown", round=round_id)
    return found


def create_round(session: Session, actor: Actor, given: RoundInput) -> EnrolmentRound:
    """A new round of a season, which nobody sees before it is announced.

    Raises:
        NotAllowed: for anybody but the office. Invalid: with every field that has to be changed.
        NotFound: `season_unknown`.
    """
    require(actor, Action.MANAGE_ROUNDS, ANYWHERE)
    checked(given)
    if session.get(Season, given.season) is None:
        raise NotFound("season_unknown", season=given.season)
    last = session.exec(select(func.max(EnrolmentRound.number)).where(EnrolmentRound.season == given.season)).one()
    made = EnrolmentRound(**_columns(given), number=(last or 0) + 1)
    session.add(made)
    session.flush()
    return made


def change_round(session: Session, actor: Actor, round_id: int, given: RoundInput) -> EnrolmentRound:
    """Change a round that is not announced. What families were told stays as it was told.

    Raises:
        NotAllowed, NotFound, Invalid: as `create_round`. Conflict: `round_announced`.
    """
    require(actor, Action.MANAGE_ROUNDS, ANYWHERE)
    found = find_round(session, round_id)
    _must_be_draft(found)
    checked(given)
    for name, value in _columns(given).items():
        if name != "season":
            setattr(found, name, value)
    session.add(found)
    session.flush()
    return found


def announce_round(session: Session, actor: Actor, round_id: int) -> EnrolmentRound:
    """Publish a round with its rules. For a draw without a public event a secret is made, and its hash published.

    Raises:
        NotAllowed; NotFound: `round_unknown`. Conflict: `round_announced`, `round_over` where it would be closed
            already, `round_without_classes`.
    """
    from registry.enrolment.round_classes import classes_of

    require(actor, Action.MANAGE_ROUNDS, ANYWHERE)
    found = find_round(session, round_id)
    _must_be_draft(found)
    now = clock.now()
    if found.closes_at <= now:
        raise Conflict("round_over", closes_at=found.closes_at)
    if not classes_of(session, round_id):
        raise Conflict("round_without_classes", round=round_id)
    if found.mode == "lottery" and not found.seed_event:
        found.seed_secret = secrets.token_hex(32)
        found.seed_commitment = commitment_of(found.seed_secret)
    found.announced_at = now
    session.add(found)
    session.flush()
    return found


def commitment_of(secret: str) -> str:
    """The SHA-256 of a secret, in hex: what is published before a draw, and what its certificate is compared with."""
    return hashlib.sha256(secret.encode()).hexdigest()


def cancel_round(session: Session, actor: Actor, round_id: int) -> EnrolmentRound:
    """Call a round off. Whoever applied is told; nothing is deleted.

    Raises:
        NotAllowed; NotFound: `round_unknown`. Conflict: `round_published`, when places were given already.
    """
    from registry.enrolment.messages import tell_all

    require(actor, Action.MANAGE_ROUNDS, ANYWHERE)
    found = find_round(session, round_id)
    if found.published_at is not None:
        raise Conflict("round_published", round=round_id)
    if found.cancelled_at is None:
        found.cancelled_at = clock.now()
        session.add(found)
        tell_all(session, found, "round_cancelled")
    session.flush()
    return found


def _must_be_draft(found: EnrolmentRound) -> None:
    if found.announced_at is not None or found.cancelled_at is not None:
        raise Conflict("round_announced", round=found.id)


def _columns(given: RoundInput) -> dict[str, Any]:
    columns = {**vars(given), "name": given.name.strip(), "seed_event": given.seed_event.strip() or None}
    for language in ("notes_zh", "notes_en"):
        columns[language] = columns[language].strip()
    return columns


def open_first(rounds: Sequence[EnrolmentRound], now: datetime) -> list[EnrolmentRound]:
    """The same rounds, those first in which something can be done: open, announced, then the others."""
    order = (Phase.OPEN, Phase.ANNOUNCED)
    return sorted(rounds, key=lambda r: order.index(p) if (p := phase(r, now)) in order else len(order))
