"""Certificates that a child took part in a class (参与证明): the days it was there, the courses of those days."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlmodel import Session, col, select

from registry.accounts.permissions import Action, Actor, require
from registry.attendance.figures import Attendance, class_attendance, days_attended
from registry.certificates.register import Holder, entered, replaced, voided
from registry.certificates.service import Issued
from registry.certificates.tables import Certificate, Kind
from registry.duties.days import class_lessons
from registry.errors import Denied, FieldProblem, Invalid, NotAllowed, NotFound, Refused
from registry.families.classes import children_of_class, class_run_of, subject_of_class
from registry.families.tables import Child
from registry.privacy.staff import is_cleared
from registry.programme import ClassRun, Course, Site, Term


@dataclass(frozen=True, slots=True)
class ChildStanding:
    """A child of the class, how often it was there, and its certificate."""

    child: Child
    attendance: Attendance
    certificate: Certificate | None


def class_standings(session: Session, actor: Actor, class_run_id: int) -> list[ChildStanding]:
    """The children of a class, those below the floor of attendance first, else by their names' pinyin.

    Raises:
        NotAllowed: `not_allowed`, `clearance_needed`. NotFound: `class_run_unknown`, also another's.
    """
    issuing_desk(session, actor, class_run_id)
    children = children_of_class(session, class_run_id)
    figures = class_attendance(session, class_run_id, [child.id or 0 for child in children])
    mine = Certificate.class_run_id == class_run_id, col(Certificate.voided_at).is_(None)
    there = {one.child_id: one for one in session.exec(select(Certificate).where(*mine))}
    lines = [ChildStanding(child, figures[child.id or 0], there.get(child.id)) for child in children]
    return sorted(lines, key=lambda line: not line.attendance.is_below_floor)


def issuing_desk(session: Session, actor: Actor, class_run_id: int) -> ClassRun:
    """The class, where the actor certifies for it.

    Raises:
        As `class_standings`.
    """
    require(actor, Action.ISSUE_PARTICIPATION)
    run = class_run_of(session, class_run_id)
    unknown = NotFound("class_run_unknown", class_run=class_run_id)
    unknown.denied = Denied(actor.account_id, Action.ISSUE_PARTICIPATION.value, "class_run", class_run_id)
    require(actor, Action.ISSUE_PARTICIPATION, subject_of_class(run), otherwise=unknown)
    if not is_cleared(session, actor):
        raise NotAllowed("clearance_needed")
    return run


def issue_participation(session: Session, actor: Actor, class_run_id: int, child_ids: Collection[int]) -> Issued:
    """Certify for the children chosen; those who have a certificate or were never there are left out and counted.

    Raises:
        As `class_standings`; Invalid: `choose_one` at `child`; NotFound: `child_unknown`, for one of another class.
    """
    if not child_ids:
        issuing_desk(session, actor, class_run_id)
        raise Invalid(FieldProblem("child", "choose_one"))
    lines = {line.child.id: line for line in class_standings(session, actor, class_run_id)}
    for child_id in child_ids:
        if child_id not in lines:
            raise NotFound("child_unknown", child=child_id)
    left_out: Counter[str] = Counter()
    made = []
    for child_id in sorted(set(child_ids)):
        line = lines[child_id]
        problem = "certificate_there" if line.certificate else "" if line.attendance.attended else "never_there"
        if problem:
            left_out[problem] += 1
        else:
            made.append(_entered(session, actor, class_run_id, line))
    return Issued(tuple(made), left_out)


def void_participation(session: Session, actor: Actor, found: Certificate, reason: str) -> None:
    """Void it; see `register.voided`."""
    issuing_desk(session, actor, found.class_run_id or 0)
    voided(session, actor, found, reason)


def reissue_participation(session: Session, actor: Actor, found: Certificate, reason: str) -> Certificate:
    """Void it and certify what stands now.

    Raises:
        As `issue_participation` and `register.voided`; Refused: `never_there`.
    """
    void_participation(session, actor, found, reason)
    lines = class_standings(session, actor, found.class_run_id or 0)
    line = next((one for one in lines if one.child.id == found.child_id), None)
    if line is None or not line.attendance.attended:
        raise Refused("never_there", name=found.holder)
    made = _entered(session, actor, found.class_run_id or 0, line)
    replaced(session, found, made)
    return made


def _entered(session: Session, actor: Actor, class_run_id: int, line: ChildStanding) -> Certificate:
    run = class_run_of(session, class_run_id)
    term, site = session.get_one(Term, run.term_id), session.get_one(Site, run.site_id)
    days = days_attended(session, line.child.id or 0, class_run_id)
    facts: dict[str, Any] = {
        "term": term.name, "year": term.year, "first": term.starts_on.isoformat(), "last": term.ends_on.isoformat(),
        "class_run": run.name, "site": site.name, "held": line.attendance.held,
        "attended": line.attendance.attended, "courses": _courses(session, class_run_id, term, days),
    }  # fmt: skip
    child_id = line.child.id or 0
    holder = Holder(line.child.name, run.term_id, child_id=child_id, class_run_id=class_run_id)
    assert holder.kind is Kind.PARTICIPATION
    return entered(session, actor, holder, facts)


def _courses(session: Session, class_run_id: int, term: Term, days: Collection[date]) -> list[str]:
    """What was taught to the class on these days by the published weeks, in the order of the first time."""
    lessons = class_lessons(session, class_run_id, term.starts_on, term.ends_on)
    taught = dict.fromkeys(lesson.course_id for lesson in lessons if lesson.day in days)
    names = dict(session.exec(select(Course.id, Course.name).where(col(Course.id).in_(list(taught)))).all())
    return [names[course] for course in taught]
