"""Words for the export of a family: sections, labels, values."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from api.speak import accounts, certificates, enrolment, families, growth, privacy, weeks
from api.speak.language import Language, Pair, fill, pick
from api.speak.purposes import COLUMNS
from registry.clock import SHANGHAI

SECTIONS: Mapping[str, Pair] = {
    "child": ("孩子", "The child"),
    "guardians": ("监护人", "Guardians"),
    "contacts": ("紧急联系人", "Emergency contacts"),
    "collectors": ("可以来接的人", "May collect the child"),
    "restrictions": ("不能接走孩子的人", "Must not collect the child"),
    "invitations": ("给另一位监护人的邀请", "Invitations of a second guardian"),
    "consents": ("同意书", "Consents"),
    "applications": ("报名", "Applications"),
    "attendance": ("签到和签退", "Attendance"),
    "notes": ("观察记录（已发布的）", "Notes (those that were released)"),
    "delegations": ("请别人来接", "Others who may collect for a day"),
    "certificates": ("参与证明", "Certificates of participation"),
    "requests": ("更正和删除请求", "Requests to correct or delete"),
    "accesses": ("工作人员看过什么", "What staff opened"),
}

LABELS: Mapping[str, Pair] = {
    **COLUMNS,
    "created_at": ("记下的时间", "entered"),
    "changed_at": ("最后改动", "last change"),
    "submitted_at": ("提交时间", "sent"),
    "answered_at": ("答复时间", "answered"),
    "decided_at": ("办理时间", "dealt with"),
    "by": ("谁答的", "answered by"),
    "version": ("文本第几版", "version of the text"),
    "digest": ("文本的指纹", "fingerprint of the text"),
    "text_zh": ("当时的文本", "the text then"),
    "text_en": ("当时的文本", "the text then"),
    "shown_number": ("编号", "number"),
    "issued_on": ("出具日期", "issued on"),
    "term": ("期次", "term"),
    "site": ("托管点", "site"),
    "class_run": ("班次", "class"),
    "first": ("从", "from"),
    "last": ("到", "to"),
    "attended": ("到过几天", "days there"),
    "courses": ("课程", "courses"),
    "state": ("状态", "state"),
    "round": ("场次", "round"),
    "wishes": ("志愿", "wishes"),
    "places": ("位子", "places"),
    "waitlists": ("候补", "waitlists"),
    "history": ("经过", "history"),
    "who": ("谁", "who"),
    "roles": ("身份", "role"),
    "is_refused": ("被拒绝", "refused"),
}
TITLE: Pair = ("{name}：我们记下的全部内容", "{name}: everything we hold")
INTRO: Pair = (
    "{at} 从青仔导出。哪一项用来做什么、保存多久，见“我们记下什么，为什么”页。",
    "Taken out of Qingzai on {at}. What each is for and how long it is kept stands on the page about what we hold.",
)
FRAME: Mapping[str, Pair] = {
    "footer": ("青仔 · 监护人自己的一份，请妥善保管", "Qingzai · the guardian's own copy, keep it safe"),
    "none": ("没有", "nothing"),
    "codes": (
        "有的字没有字体可印，印成了编码，如 〔U+20000〕。",
        "A character that no font has is printed as its code, such as 〔U+20000〕.",
    ),
}
YES_NO: Mapping[bool, Pair] = {True: ("是", "yes"), False: ("否", "no")}
STATES: Mapping[str, Pair] = {
    "draft": ("没有提交", "not sent"),
    "submitted": ("已提交", "sent"),
    "eligible": ("符合条件", "eligible"),
    "rejected": ("没有通过", "refused"),
    "placed": ("已录取", "placed"),
    "waitlisted": ("候补", "on a waitlist"),
    "confirmed": ("已确认", "confirmed"),
    "attending": ("正在参加", "attending"),
    "completed": ("已结束", "completed"),
    "withdrawn": ("已撤回", "withdrawn"),
    "no_show": ("没有来", "did not come"),
    "offered": ("等您确认", "offered"),
    "declined": ("已放弃", "declined"),
    "expired": ("过期没有确认", "expired"),
    "given_back": ("已退出", "given back"),
    "waiting": ("候补中", "waiting"),
    "left": ("已离开", "left"),
    "none": ("没有申报", "none claimed"),
    "claimed": ("已申报，没有核对", "claimed"),
    "verified": ("已核对", "verified"),
    "draw": ("摇号", "draw"),
    "waitlist": ("候补", "waitlist"),
    "first_come": ("先到先得", "first come"),
    "approval": ("审核", "approval"),
    **privacy.WORDS["request"],
    **certificates.WORDS["state"],
}


def title(name: str, language: Language) -> str:
    """The title of the file."""
    return fill(pick(TITLE, language), {"name": name}, language)


def intro(made_at: str, language: Language) -> str:
    """What stands below it."""
    return fill(pick(INTRO, language), {"at": _moment(made_at)}, language)


def frame(language: Language) -> dict[str, str]:
    """What stands on every page."""
    return {name: pick(pair, language) for name, pair in FRAME.items()}


def section(name: str, language: Language) -> str:
    """The heading of a section."""
    return pick(SECTIONS[name], language)


def label(name: str, language: Language) -> str:
    """What a value is; one without a word by its name."""
    return pick(LABELS.get(name, (name, name)), language)


def lines(name: str, value: object, language: Language) -> list[str]:
    """A value as lines; none where there is nothing."""
    if value is None or value in ("", []):
        return []
    if isinstance(value, list):
        return _listed(name, value, language)
    if isinstance(value, bool):
        return [pick(YES_NO[value], language)]
    return [_said(name, value, language)] if name not in ("text_zh", "text_en") else str(value).splitlines()


def _listed(name: str, value: list[object], language: Language) -> list[str]:
    if name == "weekdays":
        return [weeks.weekdays([day for day in value if isinstance(day, int)], language)]
    if name == "roles":
        return [_role(str(one), language) for one in value]
    return [_line(one, language) if isinstance(one, Mapping) else str(one) for one in value]


def _role(held: str, language: Language) -> str:
    role, _, site = held.partition("@")
    return " ".join(filter(None, (accounts.role(role, language), site)))


def _line(one: Mapping[str, object], language: Language) -> str:
    """One of a list within an entry, in one line: an event as its sentence, anything else part by part."""
    facts = one.get("facts")
    if isinstance(facts, Mapping):
        return f"{_moment(str(one['at']))} {enrolment.event(str(one['code']), facts, language)}"
    said = [" ".join(lines(name, value, language)) for name, value in one.items() if value not in (None, "")]
    return " · ".join(said)


def _state(text: str, language: Language) -> str:
    return pick(STATES[text], language) if text in STATES else text


WORDS_OF: Mapping[str, Callable[[str, Language], str]] = {
    "domain": lambda text, language: growth.word("domain", text, language),
    "relation": lambda text, language: families.word("relation", text, language),
    "sex": lambda text, language: families.word("sex", text, language),
    "paper_kind": lambda text, language: families.word("paper", text, language),
    "item": lambda text, language: families.word("consent", text, language),
    "field": lambda text, language: privacy.word("part", text, language),
    "kind": lambda text, language: privacy.word("kind", text, language),
    "action": lambda text, language: privacy.word("action", text, language),
    "reason": privacy.reason,
    **dict.fromkeys(("status", "state", "source", "group_status"), _state),
}
"""Values that are codes, and who says them."""


def _said(name: str, value: object, language: Language) -> str:
    text = str(value)
    if name == "at" or (name.endswith(("_at", "_by")) and "T" in text):
        return _moment(text)
    return WORDS_OF[name](text, language) if name in WORDS_OF else text


def _moment(text: str) -> str:
    try:
        return f"{datetime.fromisoformat(text).astimezone(SHANGHAI):%Y-%m-%d %H:%M}"
    except ValueError:
        return text
