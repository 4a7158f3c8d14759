"""What somebody can do, as links on their own page. A line shows where the page exists and the actor may use it.

Lines stand in groups; those of whoever has a page of the office are a bar of two rows above such pages, too.

To add one: a line here, in its group, its English in messages.po. `action` None is for everybody who is signed in;
`role` limits a line to those who hold it. The order is that of the page.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from fastapi import FastAPI
from fastapi.routing import iter_route_contexts

from registry.accounts.permissions import Action, Actor, may
from registry.accounts.tables import Role

OWN, ROSTER, ENROL, CARE, GROWTH, ADMIN = "我自己", "排班", "报名", "看护", "成长", "管理"
"""The groups, as they are called, in the order of the page."""

OFFICE = "/office/"


@dataclass(frozen=True, slots=True)
class Line:
    """A link: the group it stands in, where to, what it says (Chinese; the catalogue has the English), what it is for,
    who sees it."""

    group: str
    path: str
    label: str
    hint: str
    action: Action | None = None
    role: Role | None = None


MENU = (
    Line(OWN, "/duties", "我的排班", "下一次在哪里、什么时候、和谁一起", role=Role.VOLUNTEER),
    Line(OWN, "/duties/asked", "有人请您顶班", "有人来不了时，能不能来、到什么时候回答", role=Role.VOLUNTEER),
    Line(OWN, "/enrol", "报名", "看场次、找托管点、填志愿、看结果"),
    Line(OWN, "/family", "我的孩子", "孩子的资料、监护人、接送人、同意书"),
    Line(OWN, "/certificates", "我的证明", "志愿服务记录证明，下载和打印", role=Role.VOLUNTEER),
    Line(OWN, "/certificates", "参与证明", "孩子的参与证明，下载和打印", role=Role.GUARDIAN),
    Line(OWN, "/privacy", "我们记下什么", "每一项用来做什么、谁看得到、保存多久"),
    Line(OWN, "/", "本周排班", "缺人的班在最前面，姓名打码"),
    Line(ROSTER, "/make", "排出一周", "让程序排出一周的值班和课程，看着它算", Action.MANAGE_ROSTER),
    Line(ROSTER, "/board", "排班台", "拖动或用菜单调整一周，看谁能来", Action.MANAGE_ROSTER),
    Line(ROSTER, "/answers", "谁来谁不来", "明天谁来不了、谁还没有回复", Action.MANAGE_ROSTER),
    Line(ROSTER, "/office/rosters", "发布排班", "看有什么变化，发布，回到以前的版本", Action.PUBLISH_ROSTER),
    Line(ROSTER, "/office/volunteering", "志愿者的约定", "提醒的时间、意愿截止、等确认的课程", Action.MANAGE_PROGRAMME),
    Line(ENROL, "/office/rounds", "报名场次", "开场、名额、摇号和公示", Action.SEE_ROUNDS),
    Line(ENROL, "/office/applications", "报名表", "查看、现场核对、处理", Action.LIST_APPLICATIONS),
    Line(ENROL, "/office/children", "孩子名单", "本点位、本班的孩子，姓名打码", Action.REVEAL_CHILD),
    Line(ENROL, "/office/exports", "全名导出", "要全名的名单：申请、另一个人批准、下载一次", Action.ASK_EXPORT),
    Line(CARE, "/attendance", "签到和签退", "今天的班：谁到了、谁接走了、清点人数", Action.RECORD_ATTENDANCE),
    Line(CARE, "/office/concerns", "担忧报告", "怀疑孩子受到伤害的报告，只有区办公室看得到", Action.SEE_CONCERNS),
    Line(CARE, "/office/insurance", "投保名单", "谁要投保、这次增减了谁、交给保险公司的名单", Action.INSURE),
    Line(GROWTH, "/books", "成长手册和回忆录", "给每个孩子的手册、全班的回忆录：看、改、发给家长", Action.MAKE_BOOKS),
    Line(GROWTH, "/notes", "观察记录", "点孩子、写一句、拍一张；班主任审阅", Action.WRITE_NOTE),
    Line(GROWTH, "/feedback", "一对一反馈", "写给一个孩子的家长：长处、喜欢的事、在家试试什么", Action.WRITE_FEEDBACK),
    Line(GROWTH, "/office/books", "成批制作手册", "在后台做好全部手册和回忆录", Action.RUN_BOOKS),
    Line(GROWTH, "/office/certificates", "证明", "开志愿服务证明，登记、作废、重开", Action.ISSUE_SERVICE),
    Line(
        ADMIN,
        "/office/programme",
        "季度和托管点",
        "季度、合作机构、节假日、托管点的介绍",
        Action.MANAGE_PROGRAMME,
    ),
    Line(ADMIN, "/office/accounts", "账号和角色", "查找账号，授予和收回角色", Action.SEE_ACCOUNTS),
    Line(ADMIN, "/office/tokens", "接口令牌", "给其他程序用的令牌", Action.MAKE_TOKEN),
    Line(ADMIN, "/office/requests", "更正和删除请求", "监护人的请求，由人决定", Action.DECIDE_REQUEST),
    Line(ADMIN, "/office/access-log", "访问日志", "谁在什么时候看过或改过谁的资料", Action.SEE_ACCESS_LOG),
    Line(ADMIN, "/office/retention", "保存期限", "到期的资料先试算，再删除", Action.RUN_RETENTION),
)


def menu_of(app: FastAPI, actor: Actor) -> list[Line]:
    """The lines for somebody."""
    return [line for line in MENU if line.path in _pages(app) and _is_for(actor, line)]


def grouped(lines: Iterable[Line]) -> dict[str, list[Line]]:
    """Lines by their group, in the order in which they stand."""
    found: dict[str, list[Line]] = {}
    for line in lines:
        found.setdefault(line.group, []).append(line)
    return found


def sections(app: FastAPI, actor: Actor) -> dict[str, list[Line]]:
    """The bar above the pages of the office and of sites: groups of work, each with its pages. It is for whoever has a
    page of the office; others have few pages, and find them on their own page."""
    lines = [line for line in menu_of(app, actor) if line.group != OWN]
    return grouped(lines) if any(line.path.startswith(OFFICE) for line in lines) else {}


def line_at(path: str) -> str:
    """The line to which a page belongs: below the office any page of a subject, elsewhere the first page alone; empty
    where there is none."""
    own = "/".join(path.split("/")[:3]) if path.startswith(OFFICE) else path
    return own if any(line.path == own and line.group != OWN for line in MENU) else ""


def _is_for(actor: Actor, line: Line) -> bool:
    return (line.action is None or may(actor, line.action)) and (line.role is None or actor.has(line.role))


@cache
def _pages(app: FastAPI) -> frozenset[str]:
    """The addresses of pages that exist."""
    return frozenset(str(route.path) for route in iter_route_contexts(app.routes) if "GET" in (route.methods or ()))
