"""The day as a whole: heads are counted, it is closed when everybody is accounted for, and opened with a reason."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlmodel import Session, col, select

from registry import clock
from registry.accounts.permissions import Action, Actor, Subject, require
from registry.attendance.marks import open_day, require_open
from registry.attendance.rights import desk, leads
from registry.attendance.roll import day_row, is_class_day, roll, unaccounted
from registry.attendance.states import State
from registry.attendance.tables import AttendanceDay, HeadCount
from registry.conventions.texts import line_of
from registry.errors import Conflict, FieldProblem, Invalid, NotFound, Refused
from registry.families.classes import class_run_of, subject_of_class
from registry.privacy.access_log import note_access
from registry.programme import ClassRun, Site, Term

MOST_HEADS, LONGEST_REASON = 500, 200


@dataclass(frozen=True, slots=True)
class ClassDayLine:
    """A class on a day, for whoever closes the site: how many are in which state."""

    class_run: ClassRun
    row: AttendanceDay | None
    states: dict[State, int]
    open_children: int

    @property
    def is_closed(self) -> bool:
        """Whether nothing more can be noted."""
        return self.row is not None and self.row.closed_at is not None


def count_heads(session: Session, actor: Actor, class_run_id: int, day: date, counted: int, key: str) -> HeadCount:
    """Note how many children somebody counted, beside how many are signed in; the same key twice is one count.

    Raises:
        NotAllowed, NotFound, Refused: as `desk`.
        Invalid: `number_malformed` at `counted`; `needed` at `key`.
        Conflict: `day_closed`, `key_used`.
    """
    desk(session, actor, class_run_id, day)
    if not 0 <= counted <= MOST_HEADS:
        raise Invalid(FieldProblem("counted", "number_malformed"))
    if not key or len(key) > 64:
        raise Invalid(FieldProblem("key", "needed"))
    row = open_day(session, class_run_id, day)
    known = session.exec(select(HeadCount).where(HeadCount.key == key)).first()
    if known is not None:
        if (known.day_id, known.counted) != (row.id, counted):
            raise Conflict("key_used")
        return known
    require_open(row)
    present = sum(one.state is State.PRESENT for one in roll(session, class_run_id, day))
    made = HeadCount(
        day_id=row.id or 0, key=key, at=clock.now(), counted=counted, present=present, account_id=actor.account_id
    )
    session.add(made)
    session.flush()
    return made


def head_counts(session: Session, class_run_id: int, day: date) -> list[HeadCount]:
    """The counts of a day, the newest first."""
    wanted = select(HeadCount).join(AttendanceDay, col(AttendanceDay.id) == HeadCount.day_id)
    wanted = wanted.where(AttendanceDay.class_run_id == class_run_id, AttendanceDay.day == day)
    return list(session.exec(wanted.order_by(col(HeadCount.id).desc())))


def close_day(session: Session, actor: Actor, class_run_id: int, day: date) -> AttendanceDay:
    """Close the day of a class; a second time does nothing.

    Raises:
        NotAllowed, NotFound, Refused: as `desk`; NotAllowed too for who may not close it.
        Conflict: `day_unaccounted`, with the number of children and their ids.
    """
    if not leads(session, actor, class_run_id, day):
        require(actor, Action.CLOSE_DAY)
    here = desk(session, actor, class_run_id, day)
    if not here.may_close:
        require(actor, Action.CLOSE_DAY, subject_of_class(here.class_run))
    row = open_day(session, class_run_id, day)
    if row.closed_at is not None:
        return row
    open_ = unaccounted(roll(session, class_run_id, day))
    if open_:
        raise Conflict("day_unaccounted", n=len(open_), children=[one.child.id for one in open_])
    row.closed_at, row.closed_by_id = clock.now(), actor.account_id
    session.add(row)
    session.flush()
    return row


def reopen_day(session: Session, actor: Actor, class_run_id: int, day: date, reason: str) -> AttendanceDay:
    """Open a closed day again, with a reason that is kept with it and in the access log.

    Raises:
        NotAllowed, NotFound: as `desk`; NotAllowed for a class lead too.
        Invalid: `needed`, `too_long` at `reason`.
        Conflict: `day_open`.
    """
    subject = subject_of_class(class_run_of(session, class_run_id))
    require(actor, Action.REOPEN_DAY)
    require(actor, Action.REOPEN_DAY, subject, otherwise=NotFound("class_run_unknown", class_run=class_run_id))
    why = line_of("reason", reason, LONGEST_REASON, needed=True)
    row = open_day(session, class_run_id, day)
    if row.closed_at is None:
        raise Conflict("day_open", day=day)
    row.closed_at, row.closed_by_id = None, None
    row.reopened_at, row.reopened_because = clock.now(), why
    session.add(row)
    note_access(session, actor.account_id, Action.REOPEN_DAY, "class_run", class_run_id, field=str(day), reason=why)
    session.flush()
    return row


def site_day(session: Session, actor: Actor, site_id: int, day: date) -> list[ClassDayLine]:
    """The classes of a site that meet on a day, in the order of their names.

    Raises:
        NotAllowed, NotFound: for who counts nothing, `site_missing` for another site.
    """
    require(actor, Action.COUNT_ATTENDANCE)
    unknown = NotFound("site_missing", site=site_id)
    if session.get(Site, site_id) is None:
        raise unknown
    require(actor, Action.COUNT_ATTENDANCE, Subject(site_ids=frozenset({site_id})), otherwise=unknown)
    runs = (
        select(ClassRun)
        .join(Term, col(Term.id) == ClassRun.term_id)
        .where(ClassRun.site_id == site_id, col(Term.starts_on) <= day, col(Term.ends_on) >= day)
    )
    found = sorted(session.exec(runs), key=lambda run: (run.grade_low, run.name, run.id or 0))
    return [_line(session, run, day) for run in found if is_class_day(session, run, day)]


def _line(session: Session, run: ClassRun, day: date) -> ClassDayLine:
    found = roll(session, run.id or 0, day)
    states = {state: sum(one.state is state for one in found) for state in State}
    return ClassDayLine(run, day_row(session, run.id or 0, day), states, len(unaccounted(found)))


def close_site(session: Session, actor: Actor, site_id: int, day: date) -> int:
    """Close the day of every class of a site, all or none; answers how many were closed by it.

    Raises:
        NotAllowed, NotFound: as `site_day`; for who may not close it.
        Refused: `no_class_day`, `day_ahead`.
        Conflict: `site_unaccounted`, with the number of children and of classes.
    """
    lines = site_day(session, actor, site_id, day)
    require(actor, Action.CLOSE_DAY, Subject(site_ids=frozenset({site_id})))
    if not lines:
        raise Refused("no_class_day", day=day)
    waiting = [line for line in lines if line.open_children]
    if waiting:
        raise Conflict("site_unaccounted", n=sum(line.open_children for line in waiting), classes=len(waiting))
    still_open = [line for line in lines if not line.is_closed]
    for line in still_open:
        close_day(session, actor, line.class_run.id or 0, day)
    return len(still_open)
