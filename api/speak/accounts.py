"""Words about accounts: roles, scopes of tokens, what a browser is."""

from __future__ import annotations

from collections.abc import Mapping

from api.speak.language import Language, Pair, pick

ROLES: Mapping[str, Pair] = {
    "guardian": ("家长", "parent"),
    "volunteer": ("志愿者", "volunteer"),
    "class_lead": ("班主任", "class lead"),
    "site_coordinator": ("点位负责人", "site coordinator"),
    "district_office": ("区办公室", "district office"),
    "auditor": ("检查人员（只看）", "auditor (looks only)"),
}

SCOPES: Mapping[str, Pair] = {
    "account.own": ("自己的账号", "own account"),
    "role.grant": ("授予和收回角色", "grant and revoke roles"),
    "account.see": ("查看账号", "see accounts"),
    "token.make": ("做令牌", "make tokens"),
    "child.see": ("查看孩子（打码）", "see children (masked)"),
    "child.change": ("修改孩子的资料", "change children"),
    "child.reveal": ("查看完整资料（写明原因）", "see what is masked (with a reason)"),
    "consent.answer": ("回答同意书", "answer consents"),
    "application.make": ("报名", "apply"),
    "application.see": ("查看报名表", "see an application"),
    "application.list": ("列出报名表", "list applications"),
    "application.verify": ("现场核对", "verify claims on site"),
    "application.decide": ("处理报名表", "decide on applications"),
    "offer.answer": ("答复录取", "answer offers"),
    "round.see": ("查看场次", "see rounds"),
    "round.manage": ("管理场次", "manage rounds"),
    "draw.run": ("摇号", "run a draw"),
    "draw.publish": ("公示", "publish a draw"),
    "programme.manage": ("管理点位和班次", "manage sites and class runs"),
    "roster.see": ("查看排班", "see rosters"),
    "roster.see_drafts": ("查看没有发布的排班", "see rosters that are not published"),
    "roster.manage": ("管理排班", "manage rosters"),
    "book.make": ("做成长手册和回忆录", "make handbooks and memory books"),
    "book.read": ("看孩子的手册和班级回忆录", "read a child's handbook and the memory book"),
    "book.run": ("成批制作手册", "make many books at once"),
    "feedback.write": ("给家长写一对一反馈", "write feedback to guardians"),
    "note.write": ("写观察记录", "write notes about children"),
    "note.review": ("审阅观察记录", "review notes about children"),
    "note.read": ("看孩子的成长记录", "read a child's notes"),
    "concern.raise": ("报告对孩子的担忧", "report a concern about a child"),
    "concern.see": ("处理担忧报告", "deal with concerns"),
    "data_request.make": ("提更正、删除请求", "ask for correction or deletion"),
    "data_request.decide": ("处理更正、删除请求", "decide on such requests"),
    "access_log.see": ("查看访问日志", "see the access log"),
    "consent_text.manage": ("管理同意书文本", "manage consent texts"),
    "retention.run": ("运行保存期限", "run the retention rules"),
    "bulk_export.ask": ("申请批量导出", "ask for a bulk export"),
    "bulk_export.approve": ("批准批量导出", "approve a bulk export"),
}

SYSTEMS: tuple[tuple[str, Pair], ...] = (
    ("iPhone", ("iPhone", "iPhone")),
    ("iPad", ("iPad", "iPad")),
    ("HarmonyOS", ("华为手机", "Huawei phone")),
    ("Android", ("安卓手机", "Android phone")),
    ("Windows", ("Windows 电脑", "Windows PC")),
    ("Macintosh", ("苹果电脑", "Mac")),
    ("Linux", ("Linux 电脑", "Linux PC")),
)
BROWSERS: tuple[tuple[str, Pair], ...] = (
    ("MicroMessenger", ("微信", "WeChat")),
    ("Edg/", ("Edge", "Edge")),
    ("Firefox", ("Firefox", "Firefox")),
    ("Chrome", ("Chrome", "Chrome")),
    ("Safari", ("Safari", "Safari")),
)
"""What a User-Agent says, the telling words first: Edge calls itself Chrome too."""


def role(name: str, language: Language) -> str:
    """A role's name."""
    return pick(ROLES.get(name, (name, name)), language)


def scope(name: str, language: Language) -> str:
    """What a token may do; an action that has no words yet by its name."""
    return pick(SCOPES.get(name, (name, name)), language)


def device(agent: str, language: Language) -> str:
    """What somebody signed in with, as they know it: 安卓手机 · 微信."""
    known = [next((pick(pair, language) for mark, pair in marks if mark in agent), "") for marks in (SYSTEMS, BROWSERS)]
    return " · ".join(filter(None, known)) or pick(("未知设备", "unknown device"), language)
