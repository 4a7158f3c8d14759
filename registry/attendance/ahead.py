"""Sign-in sheets before the day (签到表): of any day of a published week, one class or a whole site at once.

They hold what the sheet of the day holds: who is expected and who may collect, neither health nor forbidden collectors.
That names went out on paper is kept for each child.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from sqlmodel import Session, col, select

from registry.accounts.permissions import Action, Actor, may, require
from registry.attendance.collectors import collectors_of_all
from registry.attendance.page import Line
from registry.attendance.roll import is_class_day, roll
from registry.duties.publish import version_in_force
from registry.errors import NotAllowed, NotFound, Refused
from registry.families.classes import subject_of_class
from registry.privacy.access_log import note_many
from registry.privacy.staff import is_cleared
from registry.programme import ClassRun, Site
from registry.rostering.build import check_monday


@dataclass(frozen=True, slots=True)
class Sheet:
    """The sheet of a class on a day."""

    class_run: ClassRun
    site: Site
    day: date
    lines: tuple[Line, ...]


def sheets_ahead(
    session: Session, actor: Actor, site_id: int, monday: date, *, weekday: int | None = None, run: int | None = None
) -> tuple[Sheet, ...]:
    """The sheets of the classes of a site that the actor answers for, day by day: of a published week, of one weekday
    or of one class of it.

    Raises:
        NotAllowed: for who closes no day; `clearance_needed`.
        NotFound: `site_missing`, also where the actor answers for no such class there.
        Refused: `week_not_monday`; `week_not_published`; `no_sheets`, no class meets then.
    """
    require(actor, Action.CLOSE_DAY)
    check_monday(monday)
    runs = [one for one in _runs(session, site_id, run) if may(actor, Action.CLOSE_DAY, subject_of_class(one))]
    if not runs:
        raise NotFound("site_missing", site=site_id)
    if not is_cleared(session, actor):
        raise NotAllowed("clearance_needed")
    if version_in_force(session, monday) is None:
        raise Refused("week_not_published", week=monday.isoformat())
    site = session.get_one(Site, site_id)
    days = [monday + timedelta(days=n) for n in range(7) if weekday in (None, n + 1)]
    found = tuple(_sheet(session, one, site, day) for day in days for one in runs if is_class_day(session, one, day))
    if not found:
        raise Refused("no_sheets", week=monday.isoformat())
    children = {line.on_roll.child.id or 0 for sheet in found for line in sheet.lines}
    note_many(session, actor.account_id, "attendance.sheets", "child", sorted(children), reason="sheets_printed")
    return found


def _runs(session: Session, site_id: int, run: int | None) -> list[ClassRun]:
    wanted = select(ClassRun).where(ClassRun.site_id == site_id)
    wanted = wanted.order_by(col(ClassRun.grade_low), col(ClassRun.name), col(ClassRun.id))
    return [one for one in session.exec(wanted) if run in (None, one.id)]


def _sheet(session: Session, run: ClassRun, site: Site, day: date) -> Sheet:
    found = roll(session, run.id or 0, day)
    collectors = collectors_of_all(session, [one.child.id or 0 for one in found], day)
    lines = tuple(
        Line(one, tuple(collectors[one.child.id or 0]), forbidden=(), may_leave_alone=False, health="") for one in found
    )
    return Sheet(run, site, day, lines)
