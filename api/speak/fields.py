"""Sentences about one field of a form. Each says what to write instead."""

from __future__ import annotations

from collections.abc import Mapping

from api.speak import families
from api.speak.language import Language, Pair, fill, pick, unknown_code

FIELDS: Mapping[str, Pair] = {
    "needed": ("请填写这一项", "This is needed"),
    "too_long": ("最多 {limit} 个字，现在有 {length} 个", "At most {limit} characters; there are {length}"),
    "choose_one": ("请选一项", "Choose one"),
    "phone_malformed": ("请填 11 位手机号，如 13800138000", "A mobile number has 11 digits, such as 13800138000"),
    "name_malformed": (
        "姓名里只能有文字和“·”，不能有数字、符号、表情",
        "A name has letters, hyphens and points; no digits, signs or pictures",
    ),
    "date_malformed": ("请填日期，如 2017-09-01", "A date is needed, such as 2017-09-01"),
    **families.FIELDS,
}


def sentence(code: str, facts: Mapping[str, object], language: Language) -> str:
    """One sentence for a problem of a field."""
    pair = FIELDS.get(code)
    return fill(pick(pair, language), facts, language) if pair else unknown_code(code, facts, language)
