"""Words and sentences for volunteers: reasons, what a link or a place refuses, messages with links."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, cast

from api.speak import boards, weeks
from api.speak.language import Language, Pair, fill, pick, shown
from registry.clock import SHANGHAI

WORDS: Mapping[str, Mapping[str, Pair]] = {
    "reason": {
        "other": ("有事", "something came up"),
        "ill": ("生病", "ill"),
        "family": ("家里有事", "family"),
        "study": ("上课、考试", "classes or exams"),
        "transport": ("交通", "transport"),
    },
    "state": {
        "confirmed": ("已回复：我来", "you said: I am coming"),
        "absent": ("已回复：来不了", "you said: I cannot come"),
        "": ("还没有回复", "not answered yet"),
    },
    "colour": {"confirmed": ("green", "green"), "absent": ("red", "red"), "": ("amber", "amber")},
    "source": {
        "link": ("短信链接", "link of a message"),
        "page": ("网页", "own page"),
        "desk": ("别人代记", "noted by a coordinator"),
    },
}

REFUSED: Mapping[str, Pair] = {
    "nothing_that_day": (
        "{day} 这一天没有您的安排，或者已经过去了",
        "you have nothing on {day}, or it is over",
    ),
    "absence_unknown": ("没有这条请假", "there is no such absence"),
    "place_taken": (
        "已经有别人了，或者已经开始了。谢谢您，请看看别的",
        "somebody else has it by now, or it has begun. Thank you; please look at the others",
    ),
    "link_wrong": (
        "这个链接不对，可能没有复制完整。请从短信里重新点开，或者登录后在“我的排班”里回复",
        "this link is not right; it may have been cut off. Open it from the message again, or sign in and answer at "
        "'My duties'",
    ),
    "link_expired": (
        "这个链接已经过期。请登录后在“我的排班”里查看",
        "this link is over. Sign in and look at 'My duties'",
    ),
    "link_used": (
        "这个链接已经用过了：您回复过来不了。如果又能来，请登录后在“我的排班”里改，或者打电话给点位负责人",
        "this link was used: you said that you cannot come. If you can after all, sign in and change it at "
        "'My duties', or call the coordinator",
    ),
    "link_outdated": (
        "发出这个链接以后，您的排班（或手机号）变了，所以没有记下。请用新短信里的链接，或者登录后在“我的排班”里回复",
        "your roster (or your number) has changed since this link was sent, so nothing was noted. Use the link of the "
        "newer message, or sign in and answer at 'My duties'",
    ),
    "class_not_yours": ("这一天您不在这个班", "you are not with this class on that day"),
    "week_not_published": ("{week} 这一周还没有发布", "the week of {week} is not published"),
    "rules_against": ("规则不允许：{rules}", "the rules are against it: {rules}"),
    "not_cleared": (
        "您的从业查询还没有登记或已过期，不能认领。请联系点位负责人",
        "your background check is missing or too old, so you cannot take places. Ask the coordinator",
    ),
    "swap_unknown": ("没有这个换班", "there is no such swap"),
    "swap_over": ("这个换班已经结束了：{status}", "this swap is over: {status}"),
    "swap_offered": (
        "这一班您已经提出过换班，请等对方回复，或先撤回",
        "you have offered this already: wait, or withdraw it",
    ),
    "colleague_unknown": ("没有这位同事", "there is no such colleague"),
    "feed_unknown": ("这个日历地址不对，或者已经作废", "this calendar's address is wrong or was withdrawn"),
    "wishes_closed": ("意愿填到 {until} 为止，已经截止", "wishes were taken until {until}"),
    "date_unknown": ("{day} 这一天您没有说过什么", "you told nothing for {day}"),
    "offer_unknown": ("没有这样等着确认的课程", "no such course waits for confirmation"),
}  # fmt: skip

STATUS: Mapping[str, Pair] = {
    "offered": ("等对方回复", "waiting for an answer"),
    "accepted": ("已接受", "accepted"),
    "declined": ("已谢绝", "declined"),
    "withdrawn": ("已撤回", "withdrawn"),
    "expired": ("已过期", "over"),
}

FIELDS: Mapping[str, Pair] = {
    "note_late": ("只能在当天和第二天写", "Notes are written on the day itself or the day after"),
    "health_elsewhere": (
        "孩子的健康情况请不要写在这里：请告诉班主任，由监护人登记",
        "A child's health has no place here: tell the lead, and the guardians enter it",
    ),
    "number_elsewhere": ("请不要写电话和证件号", "Leave telephone and identity numbers out"),
    "out_of_range": ("请填 {low} 到 {high}", "Choose from {low} to {high}"),
    "date_far": ("最远到 {last}", "No later than {last}"),
    "too_many_days": ("一次最多 {limit} 天", "At most {limit} days at once"),
    "no_working_day": ("这几天都是周末，没有托管", "These days are a weekend; there are no classes"),
    "too_many_sites": ("最多选 {limit} 个点位", "Choose at most {limit} sites"),
}

MESSAGES: Mapping[str, Pair] = {
    "duty_reminder": (
        "【青仔】{day}：{stays}。{bring}{link}",
        "[Qingzai] {day}: {stays}. {bring}{link}",
    ),
    "duties_published": (
        "【青仔】{week}起的一周排班已发布，您有：{changes}。{link}",
        "[Qingzai] The roster of the week of {week} is published. Yours: {changes}. {link}",
    ),
    "duties_changed": (
        "【青仔】您的排班有变动：{changes}。{link}",
        "[Qingzai] Your roster has changed: {changes}. {link}",
    ),
    "duty_absent": (
        "【青仔】{name} {day}{parts}来不了（{site}，{classes}）。请看“谁来谁不来”。",
        "[Qingzai] {name} cannot come on {day}, {parts} ({site}, {classes}). See 'Who is coming'.",
    ),
    "duty_back": (
        "【青仔】{name} {day}{parts}又能来了（{site}，{classes}）。",
        "[Qingzai] {name} can come after all on {day}, {parts} ({site}, {classes}).",
    ),
    "duty_claimed": (
        "【青仔】{name} 认领了 {day} {starts} 的空缺（{site}，{classes}）。",
        "[Qingzai] {name} has taken the open place of {day} {starts} ({site}, {classes}).",
    ),
    "duty_swap_offered": (
        "【青仔】{name} 想和您换班，请在 {until} 前回复。{link}",
        "[Qingzai] {name} offers you a swap; please answer until {until}. {link}",
    ),
    "duty_swap_accepted": (
        "【青仔】{name} 接受了换班，{week}起的一周排班已改好。请登录查看。",
        "[Qingzai] {name} has accepted the swap; the roster of the week of {week} is changed. Sign in to see it.",
    ),
    "duty_swap_declined": (
        "【青仔】{name} 没有接受换班，{week}起的一周排班没有变。",
        "[Qingzai] {name} has declined the swap; the roster of the week of {week} stays as it was.",
    ),
}  # fmt: skip
BRING: Pair = ("请带：{bring}。", "Please bring: {bring}. ")
LINKS: Mapping[str, Pair] = {
    "answer": ("能来或来不了，点这里回复（不用登录）：{url}", "Say here whether you come (no sign-in): {url}"),
    "swap": ("点这里回复（不用登录）：{url}", "Answer here (no sign-in): {url}"),
    "stand_in": ("点这里回复（不用登录）：{url}", "Answer here (no sign-in): {url}"),
    "see": ("不用回复。您现在的排班：{url}", "No answer is needed. Your roster now: {url}"),
    "": ("请登录查看和回复。", "Sign in to see it and to answer."),
}
NEEDLESS: Pair = ("不用回复。", "No answer is needed.")
PATHS = {"answer": "/d", "swap": "/d/swap", "stand_in": "/d/ask", "see": "/d"}
CHANGE: Mapping[bool, Pair] = {
    True: ("新增 {when}，{where}（{what}）", "new: {when}, {where} ({what})"),
    False: ("取消 {when}，{where}（{what}）", "cancelled: {when}, {where} ({what})"),
}
YOURS: Pair = ("{when}，{where}（{what}）", "{when}, {where} ({what})")
MORE: Pair = ("还有 {n} 处", "and {n} more")


def word(kind: str, code: str, language: Language) -> str:
    """What a code is called; the code itself where no table holds it."""
    return pick(WORDS[kind].get(code, (code, code)), language)


def status(code: str, language: Language) -> str:
    """What the state of a swap is called."""
    return pick(STATUS.get(code, (code, code)), language)


def refused(code: str, facts: Mapping[str, object], language: Language) -> str | None:
    """A sentence for what was refused, or None where this is no code of volunteers."""
    pair = REFUSED.get(code)
    return None if pair is None else fill(pick(pair, language), _told(facts, language), language)


def message(code: str, facts: Mapping[str, object], language: Language, address: str) -> str | None:
    """The text of a message, or None where it is none of volunteers. A link needs the address of this site."""
    pair = MESSAGES.get(code)
    if pair is None:
        return None
    told = {**_told(facts, language), "link": link_said(facts, language, address)}
    if "changes" in facts:
        changes = cast(list[dict[str, Any]], facts["changes"])
        told["changes"] = changes_said(code, changes, cast(int, facts["more"]), language)
    return fill(pick(pair, language), told, language)


def link_said(facts: Mapping[str, object], language: Language, address: str) -> str:
    """How to answer: by the link that the facts hold, where the address of this site is known, else by signing in."""
    kind = next((kind for kind in PATHS if address and facts.get(kind)), "")
    url = f"{address}{PATHS[kind]}/{facts[kind]}" if kind else ""
    if not kind and facts.get("is_only_gone"):
        return pick(NEEDLESS, language)
    return fill(pick(LINKS[kind], language), {"url": url}, language)


def changes_said(code: str, changes: list[dict[str, Any]], more: int, language: Language) -> str:
    """What somebody gains and loses: the day, the hours, the place and as what."""
    is_first = code == "duties_published"
    said = [_change(line, YOURS if is_first else CHANGE[bool(line["is_new"])], language) for line in changes]
    said += [fill(pick(MORE, language), {"n": more}, language)] if more > 0 else []
    return ("；" if language == "zh" else "; ").join(said)


def _change(line: dict[str, Any], pair: Pair, language: Language) -> str:
    roles = [weeks.word("role", what, language) if kind == "duty" else what for kind, what in line["what"]]
    facts = {
        "when": f"{weeks.full_day(date.fromisoformat(line['day']), language)} {line['starts']}–{line['ends']}",
        "where": f"{line['site']} {line['class']}", "what": ("、" if language == "zh" else ", ").join(roles),
    }  # fmt: skip
    return fill(pick(pair, language), facts, language)


def _told(facts: Mapping[str, object], language: Language) -> dict[str, object]:
    """Dates, parts, rules and stays in words."""
    told = dict(facts)
    for name in ("day", "week"):
        if name in facts:
            told[name] = weeks.full_day(date.fromisoformat(str(facts[name])), language)
    if "until" in facts and len(str(facts["until"])) > 10:
        until = datetime.fromisoformat(str(facts["until"])).astimezone(SHANGHAI)
        told["until"] = f"{weeks.full_day(until.date(), language)} {until:%H:%M}"
    if "parts" in facts:
        told["parts"] = [weeks.word("part", part, language) for part in cast(list[str], facts["parts"])]
    if "rules" in facts:
        told["rules"] = [boards.rule_word(rule, language) for rule in cast(list[str], facts["rules"])]
    if "status" in facts:
        told["status"] = status(str(facts["status"]), language)
    if "bring" in facts:
        told["bring"] = fill(pick(BRING, language), {"bring": facts["bring"]}, language) if facts["bring"] else ""
    if "stays" in facts:
        told["stays"] = _stays(cast(list[dict[str, Any]], facts["stays"]), language)
    return told


def _stays(stays: list[dict[str, Any]], language: Language) -> str:
    said = [f"{s['starts']}–{s['ends']} {s['site']} {s['class_run']}" for s in stays]
    return shown(said, language)
