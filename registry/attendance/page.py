"""The page of a class on a day, as whoever looks after it sees it; and the classes that somebody looks after today."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session, col, select

from registry import clock
from registry.accounts.permissions import Action, Actor, may, require
from registry.accounts.tables import Role
from registry.attendance.collectors import Collector, collectors_of_all, restrictions_for
from registry.attendance.days import head_counts
from registry.attendance.pickup import minutes_over
from registry.attendance.rights import Desk, desk
from registry.attendance.roll import OnRoll, closes_at, day_row, is_class_day, roll, unaccounted
from registry.attendance.states import HERE, State
from registry.attendance.tables import AttendanceDay, HeadCount
from registry.conventions.grades import age_on
from registry.duties.days import classes_on
from registry.privacy.access_log import note_once_a_day
from registry.privacy.consents import LEAVES_ALONE_FROM, is_agreed
from registry.privacy.tables import ConsentItem
from registry.programme import ClassRun, Site, Term, setting


@dataclass(frozen=True, slots=True)
class Line:
    """A child on the page: where it is, whom it may go with, what those who look after it should know."""

    on_roll: OnRoll
    collectors: tuple[Collector, ...]
    forbidden: tuple[str, ...]
    may_leave_alone: bool
    health: str

    @property
    def state(self) -> State:
        """Where the child is."""
        return self.on_roll.state


@dataclass(frozen=True, slots=True)
class DayPage:
    """A day of a class."""

    desk: Desk
    site: Site
    row: AttendanceDay | None
    lines: tuple[Line, ...]
    heads: HeadCount | None
    closes_at: datetime
    minutes_over: int
    listed_after: int
    open_children: int

    @property
    def is_closed(self) -> bool:
        """Whether nothing more can be noted."""
        return self.row is not None and self.row.closed_at is not None

    @property
    def counts(self) -> Counter[State]:
        """How many children are in which state."""
        return Counter(line.state for line in self.lines)

    @property
    def waits(self) -> bool:
        """Whether children are still there so long after closing that phones may be looked up."""
        late = self.minutes_over >= self.listed_after
        return late and any(line.state in HERE for line in self.lines)


def day_page(session: Session, actor: Actor, class_run_id: int, day: date) -> DayPage:
    """The page. Health notes and forbidden collectors are shown here: whoever shows it calls `note_seen`.

    Raises:
        NotAllowed, NotFound, Refused: as `desk`.
    """
    here = desk(session, actor, class_run_id, day)
    found = roll(session, class_run_id, day)
    ids = [one.child.id or 0 for one in found]
    collectors = collectors_of_all(session, ids, day)
    forbidden = restrictions_for(session, here, ids)
    lines = tuple(
        Line(
            one, tuple(collectors[one.child.id or 0]), tuple(forbidden.get(one.child.id or 0, ())),
            _may_leave_alone(session, one, day), one.child.health_note or "",
        )
        for one in found
    )  # fmt: skip
    heads = head_counts(session, class_run_id, day)
    return DayPage(
        here, session.get_one(Site, here.class_run.site_id), day_row(session, class_run_id, day), lines,
        heads[0] if heads else None, closes_at(session, here.class_run, day),
        minutes_over(session, here.class_run, day), setting(session, "attendance")["listed_after"],
        len(unaccounted(found)),
    )  # fmt: skip


def note_seen(session: Session, actor: Actor, page: DayPage, address: str = "") -> None:
    """Keep that health notes and forbidden collectors were shown: a line a child, person and day, however often."""
    shown = {("attendance.health", line.on_roll.child.id or 0) for line in page.lines if line.health}
    shown |= {("attendance.restrictions", line.on_roll.child.id or 0) for line in page.lines if line.forbidden}
    note_once_a_day(session, actor.account_id, shown, "care", address)


def health_at_hand(
    session: Session, actor: Actor, class_run_id: int, day: date, address: str = ""
) -> tuple[tuple[str, str], ...]:
    """The children of a class about whose health something is known, and what: for whoever looks after it that day.
    That it was shown is kept.

    Raises:
        NotAllowed, NotFound, Refused: as `desk`.
    """
    desk(session, actor, class_run_id, day)
    found = [one.child for one in roll(session, class_run_id, day) if one.child.health_note]
    note_once_a_day(
        session, actor.account_id, {("attendance.health", child.id or 0) for child in found}, "care", address
    )
    return tuple((child.name, child.health_note or "") for child in found)


def _may_leave_alone(session: Session, one: OnRoll, day: date) -> bool:
    if one.state not in HERE or age_on(one.child.born_on, day) < LEAVES_ALONE_FROM:
        return False
    return is_agreed(session, one.child.id or 0, ConsentItem.SELF_LEAVE)


def my_classes(session: Session, actor: Actor, day: date | None = None) -> list[tuple[ClassRun, Site]]:
    """The classes that meet on a day (today) and that the actor looks after: on duty, as lead, at the own sites.

    Raises:
        NotAllowed: for who records no attendance.
    """
    require(actor, Action.RECORD_ATTENDANCE)
    on = day or clock.today()
    wanted = (
        select(ClassRun, Site)
        .join(Term, col(Term.id) == ClassRun.term_id)
        .join(Site, col(Site.id) == ClassRun.site_id)
        .where(col(Term.starts_on) <= on, col(Term.ends_on) >= on)
    )
    if not may(actor, Action.RECORD_ATTENDANCE) or not actor.has(Role.DISTRICT_OFFICE):
        mine = {held.class_run_id for held in actor.held if held.class_run_id is not None}
        if actor.volunteer_id is not None and on == clock.today():
            mine |= classes_on(session, actor.volunteer_id, on)
        wanted = wanted.where(col(ClassRun.id).in_(mine) | col(ClassRun.site_id).in_(actor.sites))
    found = session.exec(wanted.order_by(col(Site.name), col(ClassRun.grade_low), col(ClassRun.name)))
    return [(run, site) for run, site in found if is_class_day(session, run, on)]
