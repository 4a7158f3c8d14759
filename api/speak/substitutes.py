"""Sentences about substitutes: how a search and each person on its list stands, what is refused, messages."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from api.speak.language import Language, Pair, fill, pick
from api.speak.volunteers import link_said
from api.speak.weeks import day, moment

WORDS: Mapping[str, Mapping[str, Pair]] = {
    "search": {
        "open": ("正在问", "asking"),
        "filled": ("找到了", "found"),
        "exhausted": ("问完了，没有人来", "nobody is left to ask"),
        "stopped": ("已停止", "stopped"),
        "outdated": ("排班已变，不用再找", "the roster has changed there"),
    },
    "ask": {
        "waiting": ("还没轮到", "not yet asked"),
        "asked": ("等回答", "asked"),
        "accepted": ("答应了", "accepted"),
        "declined": ("来不了", "declined"),
        "lapsed": ("没有回答", "did not answer"),
        "passed": ("已经排不了", "no longer possible"),
        "spared": ("不用再问", "not needed"),
    },
    "source": {
        "page": ("自己在网页上回答", "answered on the page"),
        "link": ("用短信里的链接回答", "answered by the link"),
        "desk": ("由负责人代填", "written down by the coordinator"),
    },
}

REFUSED: Mapping[str, Pair] = {
    "week_not_published": ("{week} 这一周还没有发布", "the week of {week} is not published"),
    "substitute_unknown": ("没有编号为 {search} 的替补请求", "there is no search {search} for a substitute"),
    "ask_unknown": ("没有这个请求", "there is no such request"),
    "substitute_places": ("请选同一个班同一天的位置", "choose places of one class on one day"),
    "substitute_minutes": (
        "每个人的回答时间应在 {least} 到 {most} 分钟之间",
        "the time to answer should be from {least} to {most} minutes",
    ),
    "substitute_begun": ("已经开始了，来不及再问", "it has begun: it is too late to ask anybody"),
    "substitute_nobody": (
        "没有一个人按规定能来。可以在排班台上看看放宽哪一条",
        "nobody may take it by the rules. See on the board which of them could be waived",
    ),
    "substitute_most": ("一次最多问 {most} 个人", "at most {most} people can be on the list"),
    "substitute_not_free": ("{name} 现在来不了：{rules}", "{name} cannot take it: {rules}"),
    "substitute_running": ("这个位置已经在找人了", "somebody is being looked for there already"),
    "substitute_over": ("这个请求已经结束了", "that search has ended already"),
    "ask_over": (
        "已经不用回答了：时间过了，或者已经有人来",
        "there is nothing to answer any more: the time is over, or somebody else comes",
    ),
}

MESSAGES: Mapping[str, Pair] = {
    "substitute_asked": (
        "【青仔】{day} {starts}–{ends} {site}{class}缺一位志愿者，您能来吗？请在 {until} 前回复。{link}",
        "[Qingzai] {site}, {class} needs a volunteer on {day}, {starts}–{ends}. Can you come? Please "
        "answer by {until}. {link}",
    ),
    "substitute_spared": (
        "【青仔】{day} {site}{class}不用您来顶班了，谢谢。",
        "[Qingzai] {site}, {class} on {day}: you are not needed any more. Thank you.",
    ),
    "substitute_filled": (
        "【青仔】{day} {site}{class}的替补找到了，排班已更新。",
        "[Qingzai] {site}, {class} on {day}: a substitute was found, and the roster is up to date.",
    ),
    "substitute_exhausted": (
        "【青仔】{day} {site}{class}的替补都问过了，没有人能来，请另想办法。",
        "[Qingzai] {site}, {class} on {day}: everybody on the list was asked and nobody comes. Please see to it.",
    ),
}


def word(kind: str, code: str, language: Language) -> str:
    """What a status is called."""
    pair = WORDS[kind].get(code)
    return pick(pair, language) if pair else code


def message(code: str, facts: Mapping[str, object], language: Language, address: str) -> str | None:
    """The text of a message about substitutes, None for other messages."""
    if code not in MESSAGES:
        return None
    said = {
        **facts,
        "link": link_said(facts, language, address),
        "day": day(date.fromisoformat(str(facts["day"])), language),
    }
    if "until" in facts:
        said["until"] = moment(datetime.fromisoformat(str(facts["until"])), language)
    return fill(pick(MESSAGES[code], language), said, language)
