"""The roll of a class on a day: who is expected, where each child is, and whether it is a day of the class at all."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time

from sqlmodel import Session, col, select

from registry.attendance.states import UNACCOUNTED, State, standing, state_of
from registry.attendance.tables import AttendanceDay, AttendanceEvent
from registry.clock import SHANGHAI
from registry.conventions.days import is_working_day
from registry.conventions.pinyin import pinyin_key
from registry.enrolment.tables import Application, Place, PlaceStatus
from registry.families.tables import Child
from registry.programme import ClassRun, DayOff, DaySegment, Term


@dataclass(frozen=True, slots=True)
class OnRoll:
    """A child on the roll: its state, and the marks that hold, in their order."""

    child: Child
    state: State
    events: tuple[AttendanceEvent, ...]

    def last(self, *kinds: str) -> AttendanceEvent | None:
        """The last mark that holds, of these kinds."""
        return next((event for event in reversed(self.events) if not kinds or event.kind in kinds), None)


def day_row(session: Session, class_run_id: int, day: date) -> AttendanceDay | None:
    """What was noted about the day as a whole."""
    wanted = select(AttendanceDay).where(AttendanceDay.class_run_id == class_run_id, AttendanceDay.day == day)
    return session.exec(wanted).first()


def is_class_day(session: Session, class_run: ClassRun, day: date) -> bool:
    """Whether the class meets on the day: in its term, on a working day."""
    term = session.get_one(Term, class_run.term_id)
    off = session.get(DayOff, day)
    return term.starts_on <= day <= term.ends_on and is_working_day(day, {day: off.is_worked} if off else {})


def expected(session: Session, class_run_id: int, day: date) -> list[Child]:
    """Children with a confirmed place in the class on that weekday; on a weekend day that is worked, all of them."""
    placed = (
        select(Child, Application.weekdays)
        .join(Application, col(Application.child_id) == Child.id)
        .join(Place, col(Place.application_id) == Application.id)
        .where(Place.class_run_id == class_run_id, Place.status == PlaceStatus.CONFIRMED.value)
    )
    weekday = day.isoweekday()
    return [child for child, weekdays in session.exec(placed) if weekday > 5 or weekday in weekdays]


def events_on(session: Session, class_run_id: int, day: date) -> dict[int, list[AttendanceEvent]]:
    """All marks of a class's day, by child, in their order."""
    wanted = (
        select(AttendanceEvent)
        .join(AttendanceDay, col(AttendanceDay.id) == AttendanceEvent.day_id)
        .where(AttendanceDay.class_run_id == class_run_id, AttendanceDay.day == day)
    )
    found: dict[int, list[AttendanceEvent]] = defaultdict(list)
    for event in session.exec(wanted.order_by(col(AttendanceEvent.number))):
        found[event.child_id].append(event)
    return found


def roll(session: Session, class_run_id: int, day: date) -> list[OnRoll]:
    """Who is expected and whoever has a mark that holds, in the order of their names' pinyin."""
    events = events_on(session, class_run_id, day)
    children = {child.id or 0: child for child in expected(session, class_run_id, day)}
    others = {child_id for child_id, marks in events.items() if standing(marks) and child_id not in children}
    for child in session.exec(select(Child).where(col(Child.id).in_(others))):
        children[child.id or 0] = child
    ordered = sorted(children.values(), key=lambda child: (pinyin_key(child.name), child.id or 0))
    return [_on_roll(child, events.get(child.id or 0, [])) for child in ordered]


def _on_roll(child: Child, events: list[AttendanceEvent]) -> OnRoll:
    return OnRoll(child, state_of(events), tuple(standing(events)))


def unaccounted(found: Collection[OnRoll]) -> list[OnRoll]:
    """Those of whom nobody can say that they stayed away or went home."""
    return [one for one in found if one.state in UNACCOUNTED]


def closes_at(session: Session, class_run: ClassRun, day: date) -> datetime:
    """When the class ends: with the last part of the day that it has."""
    ends = [segment.ends_at for segment in session.exec(select(DaySegment)) if segment.part in class_run.parts]
    return datetime.combine(day, max(ends, default=time(17, 30)), SHANGHAI)
