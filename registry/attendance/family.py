"""What a family says about a day: absent, late, somebody else collects; and what it is told about today."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from uuid import uuid4

from sqlmodel import Session, col, select

from registry import clock
from registry.accounts.permissions import Action, Actor
from registry.attendance.codes import new_code, sealed
from registry.attendance.collectors import restricted
from registry.attendance.marks import Marked, added, open_ledger, require_open, require_possible
from registry.attendance.roll import events_on, is_class_day
from registry.attendance.states import Mark, State, standing, state_of
from registry.attendance.tables import AttendanceEvent, PickupDelegation
from registry.conventions.names import name_of
from registry.duties.days import class_duties, class_lessons
from registry.enrolment.tables import Application, Place, PlaceStatus
from registry.errors import Conflict, FieldProblem, Invalid, NotFound, Refused
from registry.families.classes import class_run_of
from registry.families.inputs import KNOWN_AS
from registry.families.reads import own_child
from registry.people import Volunteer
from registry.programme import ClassRun, Course, Site, Term

REPORTS = (Mark.ABSENT, Mark.LATE, Mark.COMING)
MOST_DELEGATIONS = 3
"""Of a child and day that are still good."""


@dataclass(frozen=True, slots=True)
class OnToday:
    """A lesson of the day, from the published timetable."""

    starts_at: str
    course: str


@dataclass(frozen=True, slots=True)
class Today:
    """A child's day at one class, for its family: where, who is the adult, what is on, and where the child is."""

    class_run: ClassRun
    site: Site
    day: date
    state: State
    arrived_at: datetime | None
    left_at: datetime | None
    collected_by: str
    relation: str
    adults: tuple[str, ...]
    lessons: tuple[OnToday, ...]


def report(session: Session, actor: Actor, child_id: int, class_run_id: int, day: date, mark: str) -> Marked:
    """Say that the own child will be absent or late on a day, today or later, or that it is coming after all.

    Raises:
        NotFound: `child_unknown`, also for another family's; `class_run_unknown`, where it has no place.
        Invalid: `choose_one` at `mark`; `day_over` at `day`.
        Refused: `no_class_day`, `child_not_in_class` on that weekday.
        Conflict: `day_closed`, `mark_impossible`: the child is there already.
    """
    own_child(session, actor, child_id, Action.REPORT_ATTENDANCE)
    if mark not in REPORTS:
        raise Invalid(FieldProblem("mark", "choose_one"))
    if day < clock.today():
        raise Invalid(FieldProblem("day", "day_over"))
    if class_run_id not in {run.id for run in classes_of(session, child_id)}:
        raise NotFound("class_run_unknown", class_run=class_run_id)
    if not is_class_day(session, class_run_of(session, class_run_id), day):
        raise Refused("no_class_day", day=day)
    ledger = open_ledger(session, class_run_id, day, child_id)
    require_open(ledger.row)
    last = standing(ledger.events)
    if last and last[-1].kind == mark:
        return Marked(last[-1], ledger.state, is_new=False)
    require_possible(ledger, Mark(mark))
    now = clock.now()
    event = AttendanceEvent(
        day_id=ledger.row.id or 0, child_id=child_id, number=len(ledger.events) + 1, kind=mark,
        key=f"family {uuid4().hex}", at=now, recorded_at=now, account_id=actor.account_id, source="family",
    )  # fmt: skip
    return added(session, ledger, event)


def classes_of(session: Session, child_id: int) -> list[ClassRun]:
    """The classes in which a child has a confirmed place."""
    placed = (
        select(ClassRun)
        .join(Place, col(Place.class_run_id) == ClassRun.id)
        .join(Application, col(Application.id) == Place.application_id)
        .where(Application.child_id == child_id, Place.status == PlaceStatus.CONFIRMED.value)
    )
    return list(session.exec(placed.order_by(col(ClassRun.id))))


def placed_children(session: Session, child_ids: Collection[int]) -> list[int]:
    """Those of the children who have a confirmed place in a class that is not over yet, in their order."""
    placed = (
        select(Application.child_id)
        .join(Place, col(Place.application_id) == Application.id)
        .join(ClassRun, col(ClassRun.id) == Place.class_run_id)
        .join(Term, col(Term.id) == ClassRun.term_id)
        .where(col(Application.child_id).in_(child_ids), Place.status == PlaceStatus.CONFIRMED.value)
        .where(col(Term.ends_on) >= clock.today())
    )
    found = set(session.exec(placed))
    return [child_id for child_id in child_ids if child_id in found]


def delegate(
    session: Session, actor: Actor, child_id: int, day: date, name: str, relation: str
) -> tuple[PickupDelegation, str]:
    """Let another adult collect the child on a day; the code is told once, here, and only its hash is kept.

    Raises:
        NotFound: `child_unknown`.
        Invalid: as `name_of` at `name`; `collector_forbidden` at `name`; `choose_one` at `relation`; `day_over`.
        Refused: `no_class_day`.
        Conflict: `too_many_people`, with the limit.
    """
    own_child(session, actor, child_id, Action.REPORT_ATTENDANCE)
    assert actor.guardian_id is not None
    checked = name_of("name", name)
    if relation not in KNOWN_AS:
        raise Invalid(FieldProblem("relation", "choose_one"))
    if day < clock.today():
        raise Invalid(FieldProblem("day", "day_over"))
    if restricted(session, child_id, checked) is not None:
        raise Invalid(FieldProblem("name", "collector_forbidden"))
    if not any(is_class_day(session, run, day) for run in classes_of(session, child_id)):
        raise Refused("no_class_day", day=day)
    if len(delegations(session, child_id, day)) >= MOST_DELEGATIONS:
        raise Conflict("too_many_people", limit=MOST_DELEGATIONS)
    code = new_code()
    made = PickupDelegation(
        child_id=child_id, guardian_id=actor.guardian_id, day=day, name=checked, relation=relation,
        code_hash=sealed(child_id, code), created_at=clock.now(),
    )  # fmt: skip
    session.add(made)
    session.flush()
    return made, code


def delegations(session: Session, child_id: int, first: date) -> list[PickupDelegation]:
    """Those of a child that are still good, from a day on."""
    wanted = select(PickupDelegation).where(
        PickupDelegation.child_id == child_id, PickupDelegation.day >= first,
        col(PickupDelegation.used_at).is_(None), col(PickupDelegation.withdrawn_at).is_(None),
    )  # fmt: skip
    return list(session.exec(wanted.order_by(col(PickupDelegation.day), col(PickupDelegation.id))))


def withdraw_delegation(session: Session, actor: Actor, child_id: int, delegation_id: int) -> None:
    """Take a code back; a second time does nothing.

    Raises:
        NotFound: `child_unknown`, `person_unknown`.
    """
    own_child(session, actor, child_id, Action.REPORT_ATTENDANCE)
    found = session.get(PickupDelegation, delegation_id)
    if found is None or found.child_id != child_id:
        raise NotFound("person_unknown", person=delegation_id)
    if found.used_at is None and found.withdrawn_at is None:
        found.withdrawn_at = clock.now()
        session.add(found)
        session.flush()


def today_of(session: Session, actor: Actor, child_id: int, day: date | None = None) -> list[Today]:
    """The own child's day, a line for each class that meets; nothing on a day without one.

    Raises:
        NotFound: `child_unknown`, also for another family's.
    """
    own_child(session, actor, child_id, Action.SEE_CHILD)
    on = day or clock.today()
    return [
        _today(session, child_id, run, on) for run in classes_of(session, child_id) if is_class_day(session, run, on)
    ]


def _today(session: Session, child_id: int, run: ClassRun, day: date) -> Today:
    number = run.id or 0
    events = events_on(session, number, day).get(child_id, [])
    held, state = standing(events), state_of(events)
    came = next((event for event in held if event.kind == Mark.CHECK_IN), None)
    left = held[-1] if held and held[-1].kind in (Mark.COLLECTED, Mark.LEFT_ALONE) else None
    return Today(
        run, session.get_one(Site, run.site_id), day, state, came.at if came else None, left.at if left else None,
        left.collector_name if left else "", left.collector_relation if left else "",
        _adults(session, number, day), lessons_on(session, number, day),
    )  # fmt: skip


def _adults(session: Session, class_run_id: int, day: date) -> tuple[str, ...]:
    """The lead, or where the published week has none, whoever is with the class."""
    duties = class_duties(session, class_run_id, day)
    wanted = [duty for duty in duties if duty.role == "lead"] or duties
    return tuple(dict.fromkeys(session.get_one(Volunteer, duty.volunteer_id).name for duty in wanted))


def lessons_on(session: Session, class_run_id: int, day: date) -> tuple[OnToday, ...]:
    """The lessons of a class on a day, from the published timetable."""
    return tuple(
        OnToday(lesson.starts_at.strftime("%H:%M"), session.get_one(Course, lesson.course_id).name)
        for lesson in class_lessons(session, class_run_id, day, day)
    )
