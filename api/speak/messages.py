"""Texts of messages to phones. Short, without a link where none is needed, and never with a child's whole name."""

from __future__ import annotations

from collections.abc import Mapping

from api.speak import attendance, enrolment, growth, keepsakes, privacy, substitutes, volunteers
from api.speak.language import Language, Pair, fill, pick, unknown_code

MESSAGES: Mapping[str, Pair] = {
    **growth.MESSAGES,
    "sign_in_code": (
        "【青仔】登录验证码 {code}，{minutes} 分钟内有效。请勿告诉任何人。",
        "[Qingzai] Your sign-in code is {code}, good for {minutes} minutes. Tell it to nobody.",
    ),
}


def message(code: str, facts: Mapping[str, object], language: Language, address: str = "") -> str:
    """The text of a message. `address` is where this site is found from outside; empty where that is not set."""
    said = (
        attendance.message(code, facts, language)
        or enrolment.message(code, facts, language)
        or privacy.message(code, facts, language)
        or volunteers.message(code, facts, language, address)
        or keepsakes.message(code, facts, language)
        or substitutes.message(code, facts, language, address)
    )
    if said is not None:
        return said
    pair = MESSAGES.get(code)
    return fill(pick(pair, language), facts, language) if pair else unknown_code(code, facts, language)
