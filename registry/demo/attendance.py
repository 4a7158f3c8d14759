"""Made-up days of the sample's class: who came when, who was late or away, who collected; and its volunteers' hours."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from random import Random

from sqlmodel import Session, col, func, select

from registry.accounts.tables import Account
from registry.attendance.states import Mark
from registry.attendance.tables import AttendanceDay, AttendanceEvent, ServiceStay
from registry.clock import SHANGHAI
from registry.demo.children import LEAD_PHONE, class_with_children
from registry.duties.tables import RosteredDuty
from registry.families.classes import children_of_class
from registry.families.tables import AuthorizedCollector, Child, Guardian, Guardianship
from registry.programme import ClassRun, Term

DAYS = 9
"""Of the ten of the term: the last day is still to come."""
AWAY, LATE, BY_OTHERS = 14, 9, 4
"""One in so many days a child is away, comes late, is collected by the grandfather."""
RARELY = (0, 1, 4)
"""On these days alone the first child of the list came: fewer than the floor."""
Who = tuple[str, str, str]
"""Who collects: reference, name and relation."""


def make_attendance(session: Session, seed: int = 1) -> int:
    """Marks of nine closed days, and stays of those who were on duty; answers how many marks. Where there are any
    already, none is made."""
    run_id = class_with_children(session)
    if run_id is None or session.exec(select(AttendanceDay.id).limit(1)).first() is not None:
        return 0
    random, run = Random(seed), session.get_one(ClassRun, run_id)
    children, days = children_of_class(session, run_id), _days(session, run)
    lead = session.exec(select(Account.id).where(Account.phone == LEAD_PHONE)).first()
    people = {child.id or 0: _collectors(session, child) for child in children}
    for index, day in enumerate(days):
        row = AttendanceDay(class_run_id=run_id, day=day, closed_at=_at(day, 17, 50), closed_by_id=lead)
        session.add(row)
        session.flush()
        for number, child in enumerate(children):
            is_away = index not in RARELY if number == 0 else random.randrange(AWAY) == 0
            session.add_all(_marks(random, row, child, people[child.id or 0], lead, is_away=is_away))
    session.flush()
    _stays(session, random, run, days)
    return session.exec(select(func.count(col(AttendanceEvent.id)))).one()


def _days(session: Session, run: ClassRun) -> list[date]:
    first = session.get_one(Term, run.term_id).starts_on
    return [day for n in range(14) if (day := first + timedelta(days=n)).isoweekday() <= 5][:DAYS]


def _collectors(session: Session, child: Child) -> Sequence[Who]:
    """The guardian, then whoever else may."""
    own = (
        select(Guardian, Guardianship.relation)
        .join(Guardianship, col(Guardianship.guardian_id) == Guardian.id)
        .where(Guardianship.child_id == child.id)
    )
    guardians = [(f"guardian:{one.id}", one.name, kin) for one, kin in session.exec(own)]
    others = session.exec(select(AuthorizedCollector).where(AuthorizedCollector.child_id == child.id))
    return [*guardians, *((f"collector:{one.id}", one.name, one.relation) for one in others)]


def _marks(
    random: Random, row: AttendanceDay, child: Child, people: Sequence[Who], lead: int | None, *, is_away: bool
) -> list[AttendanceEvent]:  # fmt: skip
    made: list[AttendanceEvent] = []

    def mark(kind: Mark, at: datetime, source: str = "phone") -> AttendanceEvent:
        number = len(made) + 1
        made.append(AttendanceEvent(
            day_id=row.id or 0, child_id=child.id or 0, number=number, kind=kind.value, at=at, recorded_at=at,
            key=f"demo {row.id} {child.id} {number}", account_id=lead if source == "phone" else None, source=source,
        ))  # fmt: skip
        return made[-1]

    if is_away:
        mark(Mark.ABSENT, _at(row.day, 7, random.randrange(60)), "family")
        return made
    if is_late := random.randrange(LATE) == 0:
        mark(Mark.LATE, _at(row.day, 8, random.randrange(20)), "family")
    came = mark(Mark.CHECK_IN, _at(row.day, 9 if is_late else 8, 20 + random.randrange(20)))
    came.remark = "有点咳嗽，体温正常" if random.randrange(40) == 0 else None
    left = mark(Mark.COLLECTED, _at(row.day, 17, 12 + random.randrange(25)))
    left.collector, left.collector_name, left.collector_relation = people[-1 if random.randrange(BY_OTHERS) == 0 else 0]
    left.verified = "known"
    return made


def _stays(session: Session, random: Random, run: ClassRun, days: Sequence[date]) -> None:
    """Those on duty with the class by the published week, each day from their first duty to their last."""
    on = select(RosteredDuty).where(RosteredDuty.class_run_id == run.id, col(RosteredDuty.day).in_(days))
    spans: dict[tuple[int, date], list[time]] = {}
    for duty in session.exec(on.order_by(col(RosteredDuty.day), col(RosteredDuty.starts_at))):
        spans.setdefault((duty.volunteer_id, duty.day), []).extend((duty.starts_at, duty.ends_at))
    for (who, day), times in spans.items():
        came = datetime.combine(day, min(times), SHANGHAI) - timedelta(minutes=random.randrange(15))
        left = datetime.combine(day, max(times), SHANGHAI) + timedelta(minutes=random.randrange(20))
        session.add(ServiceStay(
            volunteer_id=who, site_id=run.site_id, day=day, key=f"demo {who} {day}", came_at=came, left_at=left,
            recorded_at=left,
        ))  # fmt: skip
    session.flush()


def _at(day: date, hour: int, minute: int) -> datetime:
    return datetime.combine(day, time(hour, minute), SHANGHAI)
