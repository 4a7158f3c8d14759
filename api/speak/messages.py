"""Texts of messages to phones. Short, without a link where none is needed, and never with a child's whole name."""

from __future__ import annotations

from collections.abc import Mapping

from api.speak import attendance, enrolment, privacy
from api.speak.language import Language, Pair, fill, pick, unknown_code

MESSAGES: Mapping[str, Pair] = {
    "sign_in_code": (
        "【青仔】登录验证码 {code}，{minutes} 分钟内有效。请勿告诉任何人。",
        "[Qingzai] Your sign-in code is {code}, good for {minutes} minutes. Tell it to nobody.",
    ),
    "duties_published": (
        "【青仔】{week}起的一周排班已发布，您有 {new} 项。请登录查看时间和地点；来不了请尽早告诉点位负责人。",
        "[Qingzai] The roster of the week of {week} is published: {new} entries are yours. Sign in to see when and "
        "where; if you cannot come, tell the site's coordinator as early as you can.",
    ),
    "duties_changed": (
        "【青仔】{week}起的一周，您的排班有变动：新增 {new} 项，取消 {gone} 项。请登录查看。",
        "[Qingzai] Your roster of the week of {week} has changed: {new} new, {gone} cancelled. Sign in to see it.",
    ),
}


def message(code: str, facts: Mapping[str, object], language: Language) -> str:
    """The text of a message."""
    said = (
        attendance.message(code, facts, language)
        or enrolment.message(code, facts, language)
        or privacy.message(code, facts, language)
    )
    if said is not None:
        return said
    pair = MESSAGES.get(code)
    return fill(pick(pair, language), facts, language) if pair else unknown_code(code, facts, language)
