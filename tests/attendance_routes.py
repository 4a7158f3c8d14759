"""Lines and rows of attendance for the test that asks every route as every role."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, time, timedelta
from typing import Any, TypeVar

from duties_routes import EMPTY, NOBODY
from sqlmodel import Session, col, select

from registry import clock
from registry.accounts.tables import Account, Role, RoleGrant
from registry.attendance.tables import ServiceStay
from registry.clock import SHANGHAI
from registry.db import session_scope
from registry.duties.tables import RosteredDuty, RosterVersion
from registry.people import ClearanceCheck
from registry.programme import ClassRun, DayOff, Site, Term

T = TypeVar("T")
Params = dict[str, Any]
MARK = {"child_id": "1", "mark": "nothing", "key": "k"}
PAGES = {
    "GET ": {}, "POST /marks": {"body": MARK}, "POST /heads": {"body": {"counted": "0", "key": "heads"}},
    "POST /close": {}, "POST /waiting": {}, "GET /sheet": {}, "POST /sheet": {}, "GET /sheet.pdf": {},
}  # fmt: skip
INTERFACE: dict[str, dict[str, Any]] = {
    "GET ": {}, "POST /marks": {"json": {"child_id": 1, "mark": "check_in", "key": "j"}},
    "POST /heads": {"json": {"counted": 0, "key": "heads"}}, "POST /close": {}, "POST /waiting": {},
    "GET /sheet.pdf": {}, "POST /sheet": {"json": {"rows": []}},
}  # fmt: skip


class Rows:
    """Makes a class of today, or a stay, for the role that asks."""

    def __init__(self, lead: str, volunteer: str, elsewhere: str) -> None:
        self.lead, self.volunteer, self.elsewhere = lead, volunteer, elsewhere

    def own(self, world: Any, role: str) -> Params:
        """A class that the role looks after today."""
        with session_scope(world.engine) as session:
            run = self._run(session, "乙点位" if role == self.elsewhere else "甲点位", f"今天 {role}")
            if role == self.volunteer:
                self._duty(session, session.get_one(Account, world.ids[role]).volunteer_id or 0, run)
            if role == self.lead:
                self._lead(session, world.ids[role], run)
            return _path(session, run)

    def foreign(self, world: Any, _role: str) -> Params:
        """A class of a site that nobody here coordinates."""
        with session_scope(world.engine) as session:
            return _path(session, self._run(session, "丙点位", "别处"))

    def _run(self, session: Session, site: str, name: str) -> ClassRun:
        today = clock.today()
        place = session.exec(select(Site).where(Site.name == site)).first() or _added(
            session, Site(name=site, subdistrict="三街", longitude=106.6, latitude=29.6)
        )
        term = session.exec(select(Term).where(Term.name == "今天")).first() or _added(
            session, Term(year=2026, name="今天", starts_on=today, ends_on=today + timedelta(days=1))
        )
        if session.get(DayOff, today) is None:
            _added(session, DayOff(day=today, is_worked=True, name="x"))
        mine = ClassRun.site_id == place.id, ClassRun.term_id == term.id, ClassRun.name == name
        return session.exec(select(ClassRun).where(*mine)).first() or _added(
            session,
            ClassRun(site_id=place.id or 0, term_id=term.id or 0, name=name, grade_low=1, grade_high=6, capacity=2,
                     min_to_open=0, confirmed=0, parts=["am"]),
        )  # fmt: skip

    def _duty(self, session: Session, volunteer_id: int, run: ClassRun) -> None:
        today = clock.today()
        if session.exec(select(RosteredDuty).where(RosteredDuty.class_run_id == run.id)).first() is None:
            _added(session, ClearanceCheck(volunteer_id=volunteer_id, checked_on=today))
            monday = today - timedelta(days=today.weekday())
            files = {"problem_json": EMPTY, "roster_json": NOBODY}
            facts = {"week": monday, "number": 1, "seed": 1, "software": "x", "published_at": clock.now()}
            version = _added(session, RosterVersion(**files, **facts))
            duty: Params = {"class_run_id": run.id, "volunteer_id": volunteer_id, "role": "assistant"}
            _added(session, RosteredDuty(**duty, version_id=version.id or 0, day=today, part="am", starts_at=time(8),
                   ends_at=time(12)))  # fmt: skip

    def _lead(self, session: Session, account_id: int, run: ClassRun) -> None:
        mine = RoleGrant.account_id == account_id, RoleGrant.class_run_id == run.id
        if session.exec(select(RoleGrant).where(*mine)).first() is None:
            _added(session, RoleGrant(account_id=account_id, role=Role.CLASS_LEAD, class_run_id=run.id,
                   starts_on=clock.today(), granted_at=clock.now()))  # fmt: skip

    def stay(self, world: Any, role: str) -> Params:
        """A stay at the own site."""
        return self._stay(world, "乙点位" if role == self.elsewhere else "甲点位")

    def others_stay(self, world: Any, _role: str) -> Params:
        """A stay at a site that nobody here coordinates."""
        return self._stay(world, "丙点位")

    def _stay(self, world: Any, site: str) -> Params:
        with session_scope(world.engine) as session:
            run, today = self._run(session, site, "签到"), clock.today()
            volunteer_id = session.get_one(Account, world.ids[self.volunteer]).volunteer_id or 0
            made = _added(session, ServiceStay(volunteer_id=volunteer_id, site_id=run.site_id, day=today,
                          key=f"stay {next(world.numbers)}", came_at=datetime.combine(today, time(8), SHANGHAI),
                          recorded_at=clock.now(), is_void=False))  # fmt: skip
            made.left_at = made.came_at
            return {**_path(session, run), "stay_id": made.id}


def _added(session: Session, row: T) -> T:
    session.add(row)
    session.flush()
    return row


def _path(session: Session, run: ClassRun) -> Params:
    assert session.exec(select(col(ClassRun.id)).where(ClassRun.id == run.id)).one()
    return {"class_run_id": run.id, "site_id": run.site_id, "day": clock.today().isoformat()}


def attendance_lines(
    For: Callable[..., Any], lead: str, volunteer: str, coordinator: str, elsewhere: str, office: str, auditor: str
) -> dict[str, Any]:
    """Those on duty, the lead, coordinators of the site and the office; families have lines of their own."""
    rows = Rows(lead, volunteer, elsewhere)
    desk = (coordinator, elsewhere, office)
    caring = (volunteer, lead, *desk)

    def at(allowed: tuple[str, ...], own: Any = rows.own, foreign: Any = rows.foreign, **more: Any) -> Any:
        return For(allowed, own, foreign=foreign, anywhere=(office, auditor), **more)

    def klass(name: str, prefix: str, more: dict[str, Any]) -> tuple[str, Any]:
        method, _, rest = name.partition(" ")
        allowed = (lead, *desk) if rest == "/close" else caring
        return f"{method} {prefix}/attendance/{{class_run_id}}/{{day}}{rest}", at(allowed, **more)

    stay_json = {"came_at": f"{clock.today()}T08:00:00+08:00", "reason": "x"}
    site = "/attendance/sites/{site_id}/{day}"
    day = {"first": "2026-07-06", "last": "2026-07-06"}
    return {
        "GET /attendance": For(caring),
        "GET /api/v1/attendance": For(caring),
        "POST /attendance/service/in": For((volunteer,), rows.own, body={"site_id": "1", "key": "in"}),
        "POST /attendance/service/out": For((volunteer,), rows.own),
        "GET /api/v1/service": For((volunteer,), lambda _w, _r: day),
        "POST /api/v1/service/in": For((volunteer,), rows.own, json={"site_id": 1, "key": "in"}),
        "POST /api/v1/service/out": For((volunteer,), rows.own),
        **dict(klass(name, "", more) for name, more in PAGES.items()),
        **dict(klass(name, "/api/v1", more) for name, more in INTERFACE.items()),
        "POST /attendance/{class_run_id}/{day}/reopen": at(desk, body={"reason": "x"}),
        "POST /api/v1/attendance/{class_run_id}/{day}/reopen": at(desk, json={"reason": "x"}),
        f"GET {site}": at((*desk, auditor)),
        f"POST {site}/close": at(desk),
        f"POST {site}/stays/{{stay_id}}": at(desk, rows.stay, rows.others_stay, body={"came": "08:00", "reason": "x"}),
        f"GET /api/v1{site}": at((*desk, auditor)),
        f"POST /api/v1{site}/close": at(desk),
        f"GET /api/v1{site}/stays": at(desk),
        "PUT /api/v1/attendance/stays/{stay_id}": at(desk, rows.stay, rows.others_stay, json=stay_json),
    }
