"""Children whom nobody has collected: listed after closing, with phones; then the coordinator is told, then the
office."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import or_
from sqlmodel import Session, col, select

from registry import clock
from registry.accounts.outbox import post
from registry.accounts.permissions import Actor
from registry.accounts.tables import Account, Role, RoleGrant
from registry.attendance.rights import desk
from registry.attendance.roll import OnRoll, closes_at, roll
from registry.attendance.states import HERE
from registry.attendance.tables import AttendanceDay
from registry.clock import SHANGHAI
from registry.db import Sessions, take_turns
from registry.errors import Conflict
from registry.families.tables import EmergencyContact, Guardian, Guardianship
from registry.privacy.access_log import note_access
from registry.programme import ClassRun, Site, setting

NOT_COLLECTED = "not_collected"


@dataclass(frozen=True, slots=True)
class Waiting:
    """A child that is still there, and whom to call."""

    child_id: int
    name: str
    phones: tuple[tuple[str, str, str], ...]


def minutes_over(session: Session, class_run: ClassRun, day: date) -> int:
    """Minutes since the class ended; negative before."""
    return (clock.now() - closes_at(session, class_run, day)) // timedelta(minutes=1)


def still_there(session: Session, class_run_id: int, day: date) -> list[OnRoll]:
    """Children who came and have not gone."""
    return [one for one in roll(session, class_run_id, day) if one.state in HERE]


def waiting(session: Session, actor: Actor, class_run_id: int, day: date, address: str = "") -> list[Waiting]:
    """Who is still there some time after closing, with the phones of guardians and contacts; each look is logged.

    Raises:
        NotAllowed, NotFound, Refused: as `desk`.
        Conflict: `pickup_early`, with the minutes after closing from which phones are shown.
    """
    here = desk(session, actor, class_run_id, day)
    after = setting(session, "attendance")["listed_after"]
    if minutes_over(session, here.class_run, day) < after:
        raise Conflict("pickup_early", minutes=after)
    found = []
    for one in still_there(session, class_run_id, day):
        child_id = one.child.id or 0
        note_access(
            session, actor.account_id, "attendance.phones", "child", child_id, field="guardians", reason="pick_up",
            address=address,
        )  # fmt: skip
        found.append(Waiting(child_id, one.child.name, phones_of(session, child_id)))
    return found


def phones_of(session: Session, child_id: int) -> tuple[tuple[str, str, str], ...]:
    """Name, relation and phone of a child's guardians, then of its emergency contacts."""
    guardians = (
        select(Guardian.name, Guardianship.relation, Account.phone)
        .join(Guardianship, col(Guardianship.guardian_id) == Guardian.id)
        .join(Account, col(Account.id) == Guardian.account_id)
        .where(Guardianship.child_id == child_id)
        .order_by(col(Guardian.id))
    )
    contacts = select(EmergencyContact).where(EmergencyContact.child_id == child_id).order_by(col(EmergencyContact.id))
    others = [(one.name, one.relation, one.phone) for one in session.exec(contacts)]
    return (*session.exec(guardians).all(), *others)


def escalate(sessions: Sessions) -> int:
    """Tell the coordinator, and later the office, of classes of today with children whom nobody has collected.

    Each step once a class and day. Answers how many messages were put down; the runner calls it again and again.
    """
    now = clock.now()
    today = now.astimezone(SHANGHAI).date()
    with sessions() as session:
        open_days = select(AttendanceDay.class_run_id).where(
            AttendanceDay.day == today, col(AttendanceDay.closed_at).is_(None)
        )
        runs = list(session.exec(open_days.order_by(col(AttendanceDay.class_run_id))))
        due = [run for run in runs if _step(session, run, today) > 0]
    told = 0
    for run in due:
        with sessions(is_writing=True) as session:
            told += _alert(session, run, today)
    return told


def _step(session: Session, class_run_id: int, day: date) -> int:
    """The step that is due and was not taken, in minutes; 0 where there is none."""
    over, limits = minutes_over(session, session.get_one(ClassRun, class_run_id), day), setting(session, "attendance")
    steps = [limits[name] for name in ("site_after", "office_after") if limits[name] <= over]
    alerted = session.exec(
        select(AttendanceDay.alerted).where(AttendanceDay.class_run_id == class_run_id, AttendanceDay.day == day)
    ).one()
    return max((step for step in steps if step > alerted), default=0)


def _alert(session: Session, class_run_id: int, day: date) -> int:
    take_turns(session, f"attendance {class_run_id} {day}")
    step, there = _step(session, class_run_id, day), still_there(session, class_run_id, day)
    if not step or not there:
        return 0
    row = session.exec(
        select(AttendanceDay).where(AttendanceDay.class_run_id == class_run_id, AttendanceDay.day == day)
    ).one()
    run = session.get_one(ClassRun, class_run_id)
    site = session.get_one(Site, run.site_id)
    row.alerted = step
    session.add(row)
    to_office = step >= setting(session, "attendance")["office_after"]
    receivers = _holding(session, day, None if to_office else run.site_id)
    facts = {"n": len(there), "class_run": run.name, "site": site.name, "minutes": step}
    for account in receivers:
        post(session, account.phone, NOT_COLLECTED, facts, account.language)
    return len(receivers)


def _holding(session: Session, day: date, site_id: int | None) -> list[Account]:
    """The coordinators of a site, or the office; the office too where a site has no coordinator."""
    role = Role.DISTRICT_OFFICE if site_id is None else Role.SITE_COORDINATOR
    grants = select(RoleGrant.account_id).where(
        RoleGrant.role == role.value, col(RoleGrant.revoked_at).is_(None), RoleGrant.starts_on <= day,
        or_(col(RoleGrant.ends_on).is_(None), col(RoleGrant.ends_on) >= day),
    )  # fmt: skip
    if site_id is not None:
        grants = grants.where(RoleGrant.site_id == site_id)
    active = select(Account).where(col(Account.id).in_(grants), col(Account.is_active).is_(True))
    found = list(session.exec(active.order_by(col(Account.id))))
    return found if found or site_id is None else _holding(session, day, None)
