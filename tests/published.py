"""A small published week for tests of what volunteers do with it: one Monday, two classes, four volunteers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlmodel import Session, select
from workbooks import SmallWorkbook

from registry import clock
from registry.accounts.permissions import Actor, actor_of
from registry.accounts.tables import Account, OutboxMessage
from registry.clock import SHANGHAI
from registry.duties.publish import publish
from registry.duties.tables import RosteredDuty, RosteredLesson, RosterVersion
from registry.engine.rosters import costed
from registry.exchange import import_workbook
from registry.people import Volunteer
from registry.rostering.build import problem_for_week

MONDAY = date(2026, 7, 6)
BEFORE = datetime(2026, 7, 3, 12, 0, tzinfo=SHANGHAI)
"""The Friday before."""
PARTS = {"周一上午": "√", "周一中午": "√", "周一下午": "√", "每周最多（半天数）": 3, "希望（半天数）": 3}
LI, ZHANG, WANG, ZHAO = "李老师", "张同学", "王老师", "赵同学"
PHONES = {LI: "13800001001", ZHANG: "13800001002", WANG: "13800001003", ZHAO: "13800001004"}


def district(session: Session, small: SmallWorkbook) -> None:
    """Import the small district: 李 and 王 lead and teach, 张 and 赵 assist."""
    small.change("期次", 结束日期="2026.7.6")
    small.repeat("班次", 2, 序号=2, 点位="西镇少年宫", 班名="3-4年级班", 年级="3-4年级", 已确认人数=15, 托管时段="上午",
                 午餐午休="否")  # fmt: skip
    small.change("志愿者", 可授课程="武术操、足球")
    reach = {"可接受距离（公里）": 9, "希望点位": ""}
    small.repeat("志愿者", 2, 序号=3, 姓名=WANG, 手机号=PHONES[WANG], **PARTS, **reach)
    small.repeat("志愿者", 3, 序号=4, 姓名=ZHAO, 手机号=PHONES[ZHAO], **PARTS, **reach)
    import_workbook(session, small.write())


def duty(session: Session, name: str, segment: str, role: str, run: int = 1) -> dict[str, Any]:
    """A duty of somebody, by name."""
    return {"volunteer": f"v{number(session, name)}", "class": f"c{run}", "segment": segment, "role": role}


def lesson(session: Session, name: str, slot: str, course: int = 3, run: int = 1) -> dict[str, Any]:
    """A lesson in the class's own room; course 3 is 武术操."""
    who = f"v{number(session, name)}"
    return {"class": f"c{run}", "slot": slot, "course": f"k{course}", "instructor": who, "room": None}


def number(session: Session, name: str) -> int:
    """The row of a volunteer."""
    return session.exec(select(Volunteer.id).where(Volunteer.name == name)).one() or 0


def put(session: Session, rows: Sequence[dict[str, Any]]) -> RosterVersion:
    """Publish these entries, whatever they leave open."""
    problem = problem_for_week(session, MONDAY)
    roster = {"format": "qingzai.roster/1", "duties": [], "lessons": []}
    for row in rows:
        roster["lessons" if "slot" in row else "duties"].append(row)  # type: ignore[attr-defined]
    return publish(session, MONDAY, problem, costed(problem, roster, 1), seed=1)


def usual(session: Session) -> RosterVersion:
    """李 leads the first class in the morning and at noon, 张 is there all day; the afternoon has no lead, and nobody
    is with the second class."""
    return put(session, [
        duty(session, LI, "1-am", "lead"), duty(session, LI, "1-noon", "lead"),
        *(duty(session, ZHANG, f"1-{part}", "assistant") for part in ("am", "noon", "pm")),
    ])  # fmt: skip


def signed_in(session: Session, name: str) -> Actor:
    """A volunteer with an account."""
    person = session.exec(select(Volunteer).where(Volunteer.name == name)).one()
    account = session.exec(select(Account).where(Account.volunteer_id == person.id)).first()
    if account is None:
        account = Account(
            phone=PHONES[name], name=name, volunteer_id=person.id, created_at=clock.now()
        )  # fmt: skip
        session.add(account)
        session.flush()
    return actor_of(session, account, clock.today())


def now_rostered(session: Session) -> set[tuple[str, ...]]:
    """The rows in force: who, which class, which part or slot, the role or the course."""
    names = {v.id: v.name for v in session.exec(select(Volunteer))}
    duties = {(names[d.volunteer_id], str(d.class_run_id), d.part, d.role) for d in session.exec(select(RosteredDuty))}
    lessons = {
        (names[x.volunteer_id], str(x.class_run_id), str(x.slot), str(x.course_id))
        for x in session.exec(select(RosteredLesson))
    }
    return duties | lessons


def told(session: Session) -> list[tuple[str, str]]:
    """Messages: the phone and the code."""
    return [(m.phone, m.code) for m in session.exec(select(OutboxMessage).order_by("id"))]
