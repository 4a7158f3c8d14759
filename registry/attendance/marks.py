"""Marking a child: each mark once, in its turn, and only where it makes sense."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session, col, select

from registry import clock
from registry.accounts.permissions import Actor
from registry.attendance.collectors import Collected, ask_collector
from registry.attendance.moments import Moment, moment_of
from registry.attendance.rights import Desk, desk
from registry.attendance.roll import day_row, expected
from registry.attendance.states import HERE, NOT_THERE, Mark, State, may_follow, standing, state_of
from registry.attendance.tables import AttendanceDay, AttendanceEvent
from registry.conventions.grades import age_on
from registry.conventions.texts import line_of
from registry.db import take_turns
from registry.errors import Conflict, FieldProblem, Invalid, Refused
from registry.families.tables import Child
from registry.privacy.consents import LEAVES_ALONE_FROM, is_agreed
from registry.privacy.tables import ConsentItem
from registry.programme import setting

LONGEST_REMARK, LONGEST_KEY = 200, 64


@dataclass(frozen=True, slots=True)
class MarkInput:
    """A mark as a phone sends it. `key` is the phone's own name for it; `collector` and `code` belong to a sign-out.

    `remark` is what the morning health check found; empty is “nothing to remark”.
    """

    child_id: int
    mark: str
    key: str
    device_at: datetime | None = None
    sent_at: datetime | None = None
    remark: str = ""
    collector: str = ""
    code: str = ""
    source: str = "phone"


@dataclass(frozen=True, slots=True)
class Marked:
    """What came of it. `is_new` is False where the mark was here already; there is no event where `problem` says what
    was wrong with the collector's code: that is an answer and no error, so that the try stays counted."""

    event: AttendanceEvent | None
    state: State
    is_new: bool
    problem: FieldProblem | None = None


@dataclass(frozen=True, slots=True)
class Ledger:
    """The marks of one child on one day of one class, while nobody else can add any."""

    row: AttendanceDay
    child: Child
    events: list[AttendanceEvent]

    @property
    def state(self) -> State:
        """Where the child is."""
        return state_of(self.events)


def mark_child(session: Session, actor: Actor, class_run_id: int, day: date, entered: MarkInput) -> Marked:
    """Add a mark about a child of the class.

    Raises:
        NotAllowed, NotFound, Refused: as `desk`; Refused `child_not_in_class`; as `ask_collector`;
            `alone_too_young`, `alone_not_agreed`, for a child that would leave alone.
        Invalid: `choose_one` at `mark`, `needed` or `too_long` at `key`, `too_long` at `remark`.
        Conflict: `day_closed`; `mark_impossible` with mark and state; `key_used`; `nothing_to_undo`.
    """
    here = desk(session, actor, class_run_id, day)
    mark, remark = checked(entered)
    ledger = open_ledger(session, class_run_id, day, entered.child_id)
    known = known_mark(session, ledger, entered.key, mark)
    if known is not None:
        return Marked(known, ledger.state, is_new=False)
    require_open(ledger.row)
    if mark is Mark.UNDO:
        return undo(session, actor, ledger, entered)
    require_possible(ledger, mark)
    collected = _leaving(session, actor, here, ledger, mark, entered)
    if isinstance(collected, FieldProblem):
        return Marked(None, ledger.state, is_new=False, problem=collected)
    limits = setting(session, "attendance")
    moment = moment_of(entered.device_at, entered.sent_at, day, limits["skew_minutes"])
    event = _event(ledger, actor.account_id, mark, entered, moment)
    event.remark = remark or None
    if isinstance(collected, Collected):
        event.collector, event.collector_name = collected.reference, collected.name
        event.collector_relation, event.verified = collected.relation, collected.verified
    return added(session, ledger, event)


def checked(entered: MarkInput) -> tuple[Mark, str]:
    """The mark and its remark.

    Raises:
        Invalid: as `mark_child`.
    """
    if not entered.key or len(entered.key) > LONGEST_KEY:
        raise Invalid(FieldProblem("key", "too_long" if entered.key else "needed", {"limit": LONGEST_KEY,
                                   "length": len(entered.key)}))  # fmt: skip
    if entered.mark not in set(Mark):
        raise Invalid(FieldProblem("mark", "choose_one"))
    return Mark(entered.mark), line_of("remark", entered.remark, LONGEST_REMARK)


def open_day(session: Session, class_run_id: int, day: date) -> AttendanceDay:
    """The day's row, while nobody else changes anything about the class's day."""
    take_turns(session, f"attendance {class_run_id} {day}")
    row = day_row(session, class_run_id, day)
    if row is None:
        row = AttendanceDay(class_run_id=class_run_id, day=day)
        session.add(row)
        session.flush()
    else:
        session.refresh(row)
    return row


def open_ledger(session: Session, class_run_id: int, day: date, child_id: int) -> Ledger:
    """The marks of a child of the class, while nobody else can add any.

    Raises:
        Refused: `child_not_in_class`.
    """
    row = open_day(session, class_run_id, day)
    wanted = select(AttendanceEvent).where(AttendanceEvent.day_id == row.id, AttendanceEvent.child_id == child_id)
    events = list(session.exec(wanted.order_by(col(AttendanceEvent.number))))
    child = next((one for one in expected(session, class_run_id, day) if one.id == child_id), None)
    if child is None and standing(events):  # its place was given back during the day
        child = session.get(Child, child_id)
    if child is None:
        raise Refused("child_not_in_class", child=child_id)
    return Ledger(row, child, events)


def known_mark(session: Session, ledger: Ledger, key: str, mark: Mark) -> AttendanceEvent | None:
    """The mark that was sent before under the same key.

    Raises:
        Conflict: `key_used`, for another child or another kind of mark.
    """
    known = session.exec(select(AttendanceEvent).where(AttendanceEvent.key == key)).first()
    if known is not None and (known.day_id, known.child_id, known.kind) != (ledger.row.id, ledger.child.id, mark):
        raise Conflict("key_used")
    return known


def require_open(row: AttendanceDay) -> None:
    """Make sure that the day is not closed.

    Raises:
        Conflict: `day_closed`.
    """
    if row.closed_at is not None:
        raise Conflict("day_closed", day=row.day)


def require_possible(ledger: Ledger, mark: Mark) -> None:
    """Make sure that a mark makes sense where the child is.

    Raises:
        Conflict: `not_signed_in`, where it would leave without having come; `mark_impossible` with mark and state.
    """
    if may_follow(ledger.state, mark):
        return
    if mark in (Mark.COLLECTED, Mark.LEFT_ALONE, Mark.STEP_OUT) and ledger.state in NOT_THERE:
        raise Conflict("not_signed_in")
    raise Conflict("mark_impossible", mark=mark.value, state=ledger.state.value)


def undo(session: Session, actor: Actor, ledger: Ledger, entered: MarkInput) -> Marked:
    """Take the last mark that holds back; a code that it used stays used.

    Raises:
        Conflict: `nothing_to_undo`.
    """
    held = standing(ledger.events)
    if not held:
        raise Conflict("nothing_to_undo")
    limits = setting(session, "attendance")
    moment = moment_of(entered.device_at, entered.sent_at, ledger.row.day, limits["skew_minutes"])
    event = _event(ledger, actor.account_id, Mark.UNDO, entered, moment)
    event.undoes_id = held[-1].id
    return added(session, ledger, event)


def _event(ledger: Ledger, account_id: int, mark: Mark, entered: MarkInput, moment: Moment) -> AttendanceEvent:
    return AttendanceEvent(
        day_id=ledger.row.id or 0, child_id=ledger.child.id or 0, number=len(ledger.events) + 1, kind=mark.value,
        key=entered.key, at=moment.at, device_at=entered.device_at, recorded_at=clock.now(),
        is_skewed=moment.is_skewed, account_id=account_id, source=entered.source,
    )  # fmt: skip


def added(session: Session, ledger: Ledger, event: AttendanceEvent) -> Marked:
    """Store an event at the end of the ledger."""
    session.add(event)
    session.flush()
    ledger.events.append(event)
    return Marked(event, ledger.state, is_new=True)


def _leaving(
    session: Session, actor: Actor, here: Desk, ledger: Ledger, mark: Mark, entered: MarkInput
) -> Collected | FieldProblem | None:
    """Who takes the child, where the mark says that it goes."""
    if mark is Mark.COLLECTED:
        assert ledger.state in HERE
        return ask_collector(session, actor, ledger.child, here, entered.collector, entered.code)
    if mark is Mark.LEFT_ALONE:
        if age_on(ledger.child.born_on, ledger.row.day) < LEAVES_ALONE_FROM:
            raise Refused("alone_too_young", age=LEAVES_ALONE_FROM)
        if not is_agreed(session, ledger.child.id or 0, ConsentItem.SELF_LEAVE):
            raise Refused("alone_not_agreed")
    return None
