"""Words about insurance lists: what to look at before one goes out, what is refused."""

from __future__ import annotations

from collections.abc import Mapping

from api.speak.language import Language, Pair, fill, pick

WORDS: Mapping[str, Mapping[str, Pair]] = {
    "trouble": {
        "no_consent": ("监护人没有同意投保，不在名单里", "the guardians have not agreed; left off the list"),
        "paper_missing": ("没有证件号码", "the number of the paper is missing"),
        "paper_shared": ("证件号码和别的孩子一样", "another child has the same paper"),
        "paper_malformed": ("证件号码写得不对", "the number of the paper is malformed"),
        "paper_region": ("证件号码的地区不对", "the region in the number is wrong"),
        "paper_birth": ("证件号码里的出生日期不对", "the date of birth in the number is no date"),
        "paper_check_digit": ("证件号码的校验位不对", "the check digit of the number is wrong"),
        "paper_not_of_birth": ("证件号码和出生日期对不上", "the number says another date of birth"),
        "paper_not_of_sex": ("证件号码和性别对不上", "the number says another sex"),
        "no_phone": ("没有电话", "no phone"),
    },
    "kind": {"child": ("孩子", "child"), "volunteer": ("志愿者", "volunteer")},
}

REFUSED: Mapping[str, Pair] = {
    "insurance_unknown": ("没有这份投保名单", "there is no such insurance list"),
    "insurance_unchanged": ("和上一份名单一样，不用再定稿", "nothing has changed since the last list"),
    "insurance_nobody": ("还没有要投保的人", "there is nobody to insure yet"),
    "insurance_over": (
        "保险已经结束，名单里的姓名和证件已经删除",
        "the cover is over; names and papers were deleted from the list",
    ),
}

FIELDS: Mapping[str, Pair] = {
    "day_outside": ("这一天不在这一期里（{first} 到 {last}）", "That day is not in this term ({first} to {last})"),
}


def word(kind: str, code: str, language: Language) -> str:
    """What a code is called."""
    return pick(WORDS[kind].get(code, (code, code)), language)


def refused(code: str, facts: Mapping[str, object], language: Language) -> str | None:
    """A sentence for what was refused, or None where this is no code of insurance."""
    pair = REFUSED.get(code)
    return fill(pick(pair, language), facts, language) if pair else None
