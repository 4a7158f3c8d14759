"""The one line that is always true: where an application stands, as a code and facts. Pages, interface and messages
all say this.

Codes: `draft`, `draft_missed` (never sent, the round is closed), `round_cancelled`, `received` (sent, may still be
changed), `in_draw`, `in_review`, `rejected`, `withdrawn`, `placed` (answer by), `offered` (from the waitlist, until),
`offer_over` (until when it was), `confirmed`, `waitlisted`, `declined`, `expired`, `given_back`, `not_placed`,
`attending`, `completed`, `no_show`. Moments are in UTC with their zone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from registry.enrolment.events import history
from registry.enrolment.hands import Holding, class_facts, hand, round_of
from registry.enrolment.rounds import Phase, phase
from registry.enrolment.tables import (
    Application,
    ApplicationEvent,
    ApplicationStatus,
    Draw,
    EnrolmentRound,
    Mode,
    PlaceStatus,
)
from registry.enrolment.waitlists import Standing, standings

AS_STORED = {
    ApplicationStatus.WITHDRAWN, ApplicationStatus.ATTENDING, ApplicationStatus.COMPLETED, ApplicationStatus.NO_SHOW,
}  # fmt: skip
ENDINGS = ("declined", "expired", "given_back")


@dataclass(frozen=True)
class StatusLine:
    """Where an application stands. `reason` is what the draw said of it, where there was one."""

    code: str
    facts: Mapping[str, Any] = field(default_factory=dict)
    reason: Mapping[str, Any] | None = None


@dataclass(frozen=True)
class Known:
    """What was read of an application: its places, its waitlists, its history, the newest first."""

    held: Sequence[Holding] = ()
    lines: Sequence[Standing] = ()
    history: Sequence[ApplicationEvent] = ()


def standing_of(session: Session, application: Application) -> Known:
    """All of it. A draft has neither place nor waitlist."""
    told = history(session, application)
    if application.status == ApplicationStatus.DRAFT:
        return Known(history=told)
    return Known(hand(session, application), standings(session, application), told)


def status_of(session: Session, application: Application, now: datetime, known: Known | None = None) -> StatusLine:
    """The line for an application at this moment. It does not depend on whether any job has run.

    `known` is what was read of it already.
    """
    a_round = round_of(session, application)
    state = ApplicationStatus(application.status)
    if state in AS_STORED:
        return StatusLine(state.value)
    if state is ApplicationStatus.REJECTED:
        return StatusLine("rejected", {"because": application.rejected_because})
    where = phase(a_round, now)
    if where is Phase.CANCELLED:
        return StatusLine("round_cancelled")
    if state is ApplicationStatus.DRAFT:
        return _draft(a_round, where)
    held = hand(session, application) if known is None else known.held
    if held:
        return _held(session, application, held, now)
    return _without(session, application, a_round, where, known)


def _draft(a_round: EnrolmentRound, where: Phase) -> StatusLine:
    if where in (Phase.ANNOUNCED, Phase.OPEN):
        return StatusLine("draft", {"opens_at": a_round.opens_at, "closes_at": a_round.closes_at})
    return StatusLine("draft_missed", {"closes_at": a_round.closes_at})


def _held(session: Session, application: Application, held: Sequence[Holding], now: datetime) -> StatusLine:
    """An open offer comes first, because it has a deadline; then a place of the draw, then what is confirmed."""

    def urgency(holding: Holding) -> tuple[bool, bool]:
        return holding.place.status != PlaceStatus.OFFERED, holding.place.source != "waitlist"

    place = min(held, key=urgency).place
    facts = {**class_facts(session, place.class_run_id), "rank": place.rank, "offer": place.id}
    if place.status == PlaceStatus.CONFIRMED:
        return StatusLine("confirmed", facts, reason_of(session, application))
    facts |= {"until": place.answer_by}
    if place.answer_by is not None and place.answer_by <= now:
        return StatusLine("offer_over", facts)
    code = "offered" if place.source == "waitlist" else "placed"
    return StatusLine(code, facts, reason_of(session, application))


def _without(
    session: Session, application: Application, a_round: EnrolmentRound, where: Phase, known: Known | None
) -> StatusLine:
    lines = standings(session, application) if known is None else known.lines
    if lines:
        first = lines[0]
        facts = {**class_facts(session, first.class_run_id), "position": first.position, "waiting": first.waiting}
        return StatusLine("waitlisted", facts | {"lists": len(lines)}, reason_of(session, application))
    events = history(session, application) if known is None else known.history
    ended = next((event for event in events if event.code in ENDINGS), None)
    if ended is not None and application.status == ApplicationStatus.ELIGIBLE:
        return StatusLine(ended.code, dict(ended.facts))
    if application.status == ApplicationStatus.SUBMITTED:
        return _undecided(a_round, where)
    return StatusLine("not_placed", {"mode": a_round.mode}, reason_of(session, application))


def _undecided(a_round: EnrolmentRound, where: Phase) -> StatusLine:
    facts = {"closes_at": a_round.closes_at}
    if where is Phase.OPEN:
        return StatusLine("received", facts | {"mode": a_round.mode})
    if where is Phase.PUBLISHED:
        return StatusLine("not_placed", {"mode": a_round.mode})
    return StatusLine("in_draw" if a_round.mode == Mode.LOTTERY else "in_review", facts)


def reason_of(session: Session, application: Application) -> Mapping[str, Any] | None:
    """What the published draw of its round said of an application, as `scheduler.placement.reasons` writes it; None
    without one."""
    published = select(Draw.reasons_json).where(
        Draw.round_id == application.round_id, col(Draw.published_at).is_not(None)
    )
    reasons = session.exec(published.order_by(col(Draw.published_at).desc())).first()
    return (reasons or {}).get(name_in_draw(session, application))


def name_in_draw(session: Session, application: Application) -> str:
    """What the child is called in every draw of the season: the pseudonym of its first application."""
    names = (
        select(Application.draw_name)
        .join(EnrolmentRound, col(EnrolmentRound.id) == Application.round_id)
        .where(
            Application.child_id == application.child_id,
            EnrolmentRound.season == round_of(session, application).season,
        )
    )
    return session.exec(names.order_by(col(Application.id)).limit(1)).one()
