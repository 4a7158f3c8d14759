"""All that a family reads of one application: the line, the wishes, the waitlists, the places, the history."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlmodel import Session, col, select

from registry import clock
from registry.accounts.permissions import Action, Actor
from registry.enrolment.applications import find, wishes_of
from registry.enrolment.hands import round_of
from registry.enrolment.rounds import Phase, phase
from registry.enrolment.search import ClassRow, classes
from registry.enrolment.status import Known, StatusLine, standing_of, status_of
from registry.enrolment.tables import (
    Application,
    ApplicationEvent,
    ApplicationStatus,
    EnrolmentRound,
    Mode,
    Place,
    PriorityGroup,
    PublicNotice,
    Wish,
)
from registry.enrolment.waitlists import Standing
from registry.families.tables import Child


@dataclass(frozen=True)
class WishRow:
    """A wish with its class run, the place it got, and where it stands on the waitlist."""

    wish: Wish
    row: ClassRow
    place: Place | None
    standing: Standing | None


@dataclass(frozen=True)
class Receipt:
    """An application as its family reads it. `classes` are those of its wishes, or all of the round where asked for."""

    application: Application
    child: Child
    round: EnrolmentRound
    group: PriorityGroup | None
    line: StatusLine
    wishes: Sequence[WishRow]
    history: Sequence[ApplicationEvent]
    classes: Sequence[ClassRow]


def receipt(session: Session, actor: Actor, number: str, *, with_all_classes: bool = False) -> Receipt:
    """All of an application, for the family alone: a child's whole name stands in it.

    Raises:
        NotFound: `application_unknown`, also for another family's and to staff.
    """
    found = find(session, actor, number, Action.APPLY)
    a_round = round_of(session, found)
    group = session.get(PriorityGroup, found.group_code) if found.group_code else None
    wishes = wishes_of(session, found)
    rows = classes(session, a_round, None if with_all_classes else [wish.class_run_id for wish in wishes])
    known = standing_of(session, found)
    return Receipt(
        found, session.get_one(Child, found.child_id), a_round, group,
        status_of(session, found, clock.now(), known), _wishes(wishes, rows, known), known.history, rows,
    )  # fmt: skip


def may_change(told: Receipt) -> bool:
    """Whether the family can still change its application."""
    its, mine = told.round, told.application
    if phase(its, clock.now()) not in (Phase.ANNOUNCED, Phase.OPEN):
        return False
    is_sent = mine.status == ApplicationStatus.SUBMITTED
    return mine.status == ApplicationStatus.DRAFT or (is_sent and its.mode != Mode.FIRST_COME)


def _wishes(wishes: Sequence[Wish], classes: Sequence[ClassRow], known: Known) -> list[WishRow]:
    rows = {row.id: row for row in classes}
    places = {holding.place.class_run_id: holding.place for holding in known.held}
    lines = {line.class_run_id: line for line in known.lines}
    return [
        WishRow(wish, rows[wish.class_run_id], places.get(wish.class_run_id), lines.get(wish.class_run_id))
        for wish in wishes
        if wish.class_run_id in rows
    ]


def notice_of(session: Session, round_id: int) -> PublicNotice | None:
    """The public notice of a round that stands now: masked names, class runs, numbers; None where there is none."""
    standing = select(PublicNotice).where(PublicNotice.round_id == round_id, col(PublicNotice.withdrawn_at).is_(None))
    return session.exec(standing.order_by(col(PublicNotice.id).desc())).first()
