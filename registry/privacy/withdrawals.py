"""Taking a required consent back ends what rests on it: the child's applications, and with them its places.

Withdrawing is as easy as giving (PIPL, article 15), but a place that went to the next child does not come back: so
the family is told what ends, asked once more, and then it is done at once, all of it in one unit of work.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlmodel import Session

from registry import clock
from registry.accounts.permissions import Action, Actor
from registry.enrolment.events import note
from registry.enrolment.messages import tell
from registry.enrolment.offers import withdraw
from registry.enrolment.status import StatusLine, status_of
from registry.enrolment.tables import Application, ApplicationStatus, EnrolmentRound
from registry.families.history import note_change
from registry.families.reads import own_child
from registry.privacy.erasure import standing


@dataclass(frozen=True, slots=True)
class Ending:
    """An application that would end, as it stands now."""

    application: Application
    round: EnrolmentRound
    status: StatusLine


def endings(session: Session, actor: Actor, child_id: int) -> list[Ending]:
    """What the family would lose, told before it is asked once more.

    Raises:
        NotFound: `child_unknown`.
    """
    own_child(session, actor, child_id, Action.ANSWER_CONSENT)
    return [
        Ending(one, session.get_one(EnrolmentRound, one.round_id), status_of(session, one, clock.now()))
        for one in ended_by(session, child_id)
    ]


def ended_by(session: Session, child_id: int, *, drafts: bool = True) -> list[Application]:
    """Applications that rest on a required consent: sent and still standing, or drafts; the oldest first."""
    return sorted(standing(session, child_id, drafts=drafts), key=lambda one: one.id or 0)


def end(session: Session, actor: Actor, child_id: int, applications: Sequence[Application]) -> None:
    """Withdraw them: places are offered to the next, waitlists are left. Both guardians are told of what was sent.

    Raises:
        NotAllowed: where a machine's token may not withdraw applications.
    """
    for application in applications:
        was_sent = application.status != ApplicationStatus.DRAFT
        note(session, application, "consent_withdrawn", actor)
        found = withdraw(session, actor, application.number)
        if was_sent:
            tell(session, found, "consent_withdrawn")
    note_change(session, actor, child_id, "consent.withdrawn")
