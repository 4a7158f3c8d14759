"""Children who come too rarely (出勤下限): a flag for a person to look at, from which nothing follows by itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlmodel import Session, col, select

from registry import clock
from registry.accounts.permissions import Action, Actor, require
from registry.accounts.tables import Role
from registry.attendance.figures import Attendance, class_attendance
from registry.attendance.tables import AttendanceDay
from registry.families.classes import children_of_class
from registry.families.tables import Child
from registry.programme import ClassRun, Site, Term

FEWEST_DAYS = 3
"""Below so many days held a share says little: one day missed of two is half."""


@dataclass(frozen=True, slots=True)
class Flagged:
    """A child below the floor, its class and site, and its attendance."""

    site: Site
    class_run: ClassRun
    child: Child
    attendance: Attendance


def flagged_terms(session: Session) -> list[Term]:
    """The terms that have begun, the newest first."""
    begun = select(Term).where(col(Term.starts_on) <= clock.today())
    return list(session.exec(begun.order_by(col(Term.starts_on).desc(), col(Term.id).desc())))


def term_shown(session: Session, actor: Actor, term_id: int | None) -> Term | None:
    """The term asked for, where it has begun; else the newest in which anything was noted of the actor's classes.

    Raises:
        NotAllowed: as `flagged`.
    """
    begun = flagged_terms(session)
    asked = next((one for one in begun if one.id == term_id), None)
    return asked or next((one for one in begun if classes_noted(session, actor, one.id or 0)), None)


def flagged(session: Session, actor: Actor, term_id: int) -> list[Flagged]:
    """The children of a term below the floor, at the actor's sites: by site and class, the lowest share first.

    Raises:
        NotAllowed: for who issues no certificates of children.
    """
    found = []
    for run, site in classes_noted(session, actor, term_id):
        children = {child.id or 0: child for child in children_of_class(session, run.id or 0)}
        figures = class_attendance(session, run.id or 0, children)
        low = [one for one in figures.values() if one.is_below_floor and one.held >= FEWEST_DAYS]
        low.sort(key=lambda one: one.percent or 0)
        found += [Flagged(site, run, children[one.child_id], one) for one in low]
    return found


def classes_noted(session: Session, actor: Actor, term_id: int) -> Sequence[tuple[ClassRun, Site]]:
    """The actor's classes of a term in which anything was noted, by site and name.

    Raises:
        NotAllowed: as `flagged`.
    """
    require(actor, Action.ISSUE_PARTICIPATION)
    noted = select(AttendanceDay.class_run_id).distinct()
    wanted = (
        select(ClassRun, Site)
        .join(Site, col(Site.id) == ClassRun.site_id)
        .where(ClassRun.term_id == term_id, col(ClassRun.id).in_(noted))
    )
    if not actor.has(Role.DISTRICT_OFFICE):
        led = {held.class_run_id for held in actor.held if held.role is Role.CLASS_LEAD}
        wanted = wanted.where(col(ClassRun.id).in_(led) | col(ClassRun.site_id).in_(actor.sites))
    return session.exec(wanted.order_by(col(Site.name), col(ClassRun.grade_low), col(ClassRun.name))).all()
