"""The sheet on paper (签到表), entered afterwards: who came when, who left when and with whom."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from hashlib import sha256

from sqlmodel import Session

from registry import clock
from registry.accounts.permissions import Actor
from registry.attendance.collectors import collectors_of, restricted
from registry.attendance.marks import Ledger, added, open_day, open_ledger, require_open, require_possible
from registry.attendance.rights import desk
from registry.attendance.states import Mark
from registry.attendance.tables import AttendanceEvent
from registry.clock import SHANGHAI
from registry.conventions.grades import age_on
from registry.conventions.texts import line_of
from registry.errors import Conflict, FieldProblem, Invalid, RegistryError
from registry.privacy.consents import LEAVES_ALONE_FROM, is_agreed
from registry.privacy.tables import ConsentItem

ALONE = "alone"


@dataclass(frozen=True, slots=True)
class SheetRow:
    """A line of the sheet. Times are 08:31 or empty; `collector` is a reference, or `alone`."""

    child_id: int
    is_absent: bool = False
    came: str = ""
    left: str = ""
    collector: str = ""
    remark: str = ""


def enter_sheet(session: Session, actor: Actor, class_run_id: int, day: date, rows: Sequence[SheetRow]) -> int:
    """Add what the sheet says and the ledger does not know yet, all rows or none; answers how many marks were added.

    Raises:
        NotAllowed, NotFound, Refused: as `desk`.
        Conflict: `day_closed`.
        Invalid: a problem for each row, at `row-CHILD`: `time_malformed`, `left_before`, `choose_collector`,
            `collector_refused`, `alone_not_agreed`, or the code that the same mark on a phone would be refused with.
    """
    desk(session, actor, class_run_id, day)
    require_open(open_day(session, class_run_id, day))
    problems, count = [], 0
    for row in rows:
        try:
            count += _enter(session, actor, class_run_id, day, row)
        except Invalid as error:
            problems += [FieldProblem(f"row-{row.child_id}", one.code, one.facts) for one in error.problems]
        except RegistryError as error:
            problems.append(FieldProblem(f"row-{row.child_id}", error.code, error.facts))
    if problems:
        raise Invalid(*problems)
    return count


def _enter(session: Session, actor: Actor, class_run_id: int, day: date, row: SheetRow) -> int:
    came, left = _time("came", row.came), _time("left", row.left)
    if not (row.is_absent or came or left):
        return 0
    ledger = open_ledger(session, class_run_id, day, row.child_id)
    start = len(ledger.events)
    if row.is_absent:
        if came or left:
            raise Invalid(FieldProblem("came", "absent_and_came"))
        _add(session, actor, ledger, Mark.ABSENT, clock.now())
        return len(ledger.events) - start
    if came:
        event = _add(session, actor, ledger, Mark.CHECK_IN, datetime.combine(day, came, SHANGHAI))
        if event is not None:
            event.remark = line_of("remark", row.remark, 200) or None
    if left:
        if came and left < came:
            raise Invalid(FieldProblem("left", "left_before"))
        _leave(session, actor, ledger, row, datetime.combine(day, left, SHANGHAI))
    session.flush()
    return len(ledger.events) - start


def _leave(session: Session, actor: Actor, ledger: Ledger, row: SheetRow, at: datetime) -> None:
    if row.collector == ALONE:
        is_old_enough = age_on(ledger.child.born_on, ledger.row.day) >= LEAVES_ALONE_FROM
        if not is_old_enough or not is_agreed(session, row.child_id, ConsentItem.SELF_LEAVE):
            raise Invalid(FieldProblem("collector", "alone_not_agreed"))
        _add(session, actor, ledger, Mark.LEFT_ALONE, at)
        return
    known = {one.reference: one for one in collectors_of(session, row.child_id, ledger.row.day)}
    chosen = known.get(row.collector)
    if chosen is None:
        raise Invalid(FieldProblem("collector", "choose_collector"))
    if restricted(session, row.child_id, chosen.name) is not None:
        raise Invalid(FieldProblem("collector", "collector_refused"))
    event = _add(session, actor, ledger, Mark.COLLECTED, at)
    if event is not None:
        event.collector, event.collector_name = chosen.reference, chosen.name
        event.collector_relation, event.verified = chosen.relation, "sheet"


def _add(session: Session, actor: Actor, ledger: Ledger, mark: Mark, at: datetime) -> AttendanceEvent | None:
    """A mark from paper; None where the very same was entered before, so that sending the form twice does nothing."""
    said = f"{ledger.row.id} {ledger.child.id} {mark.value} {at.isoformat() if mark is not Mark.ABSENT else ''}"
    key = f"sheet {sha256(said.encode()).hexdigest()[:40]} {len(ledger.events)}"
    if any(e.source == "sheet" and e.kind == mark and (mark is Mark.ABSENT or e.at == at) for e in ledger.events):
        return None
    if at > clock.now():
        raise Conflict("time_ahead")
    require_possible(ledger, mark)
    event = AttendanceEvent(
        day_id=ledger.row.id or 0, child_id=ledger.child.id or 0, number=len(ledger.events) + 1, kind=mark.value,
        key=key, at=at, recorded_at=clock.now(), account_id=actor.account_id, source="sheet",
    )  # fmt: skip
    added(session, ledger, event)
    return event


def _time(field: str, text: str) -> time | None:
    written = text.strip().replace("：", ":")
    if not written:
        return None
    try:
        return time.fromisoformat(written if len(written) == 5 else f"0{written}")
    except ValueError:
        raise Invalid(FieldProblem(field, "time_malformed")) from None
