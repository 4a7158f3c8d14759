"""Words about certificates: what they say, what became of them, what is refused."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from api.speak.language import Language, Pair, fill, pick

WORDS: Mapping[str, Mapping[str, Pair]] = {
    "kind": {
        "service": ("志愿服务记录证明", "Record of voluntary service"),
        "participation": ("参与证明", "Certificate of participation"),
    },
    "state": {
        "valid": ("有效", "valid"),
        "void": ("已作废", "void"),
        "replaced": ("已作废，另有新证", "void, replaced by another"),
    },
    "colour": {"valid": ("green", "green"), "void": ("red", "red"), "replaced": ("amber", "amber")},
    "left_out": {
        "certificate_there": ("已经有证明", "have one already"),
        "stay_open": (
            "有签到没有签退，请点位负责人先更正",
            "have a stay without a sign-out; the coordinator corrects it",
        ),
        "no_service_hours": ("没有可计的时长", "have no hours that count"),
        "never_there": ("一天也没有到过", "were never there"),
    },
}

REFUSED: Mapping[str, Pair] = {
    "certificate_unknown": ("没有这份证明", "there is no such certificate"),
    "certificate_there": (
        "已经有一份有效的证明：{number}。要改请作废重开",
        "there is one in force: {number}. To change it, void it and issue another",
    ),
    "certificate_void": ("这份证明已经作废", "this certificate is void"),
    "term_unknown": ("没有这一期", "there is no such term"),
    "volunteer_missing": ("没有这位志愿者", "there is no such volunteer"),
    "term_running": (
        "这一期到 {day} 才结束，现在只能一个一个地开",
        "the term ends on {day}; until then certificates are issued one by one",
    ),
    "no_service_hours": (
        "{name} 在这一期没有可计的服务时长",
        "{name} has no hours of service that count in this term",
    ),
    "stay_open": (
        "{name} 有签到没有签退，请点位负责人先更正",
        "{name} has a stay without a sign-out; the coordinator has to correct it first",
    ),
    "never_there": ("{name} 一天也没有到过", "{name} was never there"),
}

FIELDS: Mapping[str, Pair] = {
    "address_malformed": (
        "请填网站地址，如 https://tuoguan.example.cn",
        "The address of the site is needed, such as https://tuoguan.example.cn",
    ),
}

SERVICE: Pair = (
    "兹证明 {name} 于 {dates}参加 {year} 年暑期托管志愿服务（{term}），共服务 {days} 天，服务时长 {hours} 小时。",
    "This is to certify that {name} served as a volunteer of the summer childcare programme {year} ({term}) "
    "{dates}, on {days}, for {hours} in all.",
)
PARTICIPATION: Pair = (
    "{name} 小朋友在 {dates}参加了 {year} 年暑期托管（{term}）{site}{class_run}，和大家一起度过了 {days} 天。",
    "{name} took part in the summer childcare programme {year} ({term}), in {class_run} at {site}, "
    "{dates}, and spent {days} with us.",
)
RULE: Pair = (
    "时长由本人到岗签到、离岗签退得出，往返路途不计。每天不满一小时的部分：{nothing} 分钟以内不计，"
    "{half} 分钟以内计半小时，超过的计一小时。本证明免费出具。",
    "Hours follow from signing in and out on duty; ways there and back are no part of them. Of what is left of a day "
    "beyond whole hours, up to {nothing} minutes count nothing, up to {half} half an hour, more an hour. "
    "Free of charge.",
)
MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)


def word(kind: str, code: str, language: Language) -> str:
    """What a code is called."""
    return pick(WORDS[kind].get(code, (code, code)), language)


def refused(code: str, facts: Mapping[str, object], language: Language) -> str | None:
    """A sentence for what was refused, or None where this is no code of certificates."""
    pair = REFUSED.get(code)
    return fill(pick(pair, language), facts, language) if pair else None


def plain_day(day: date, language: Language) -> str:
    """2026年7月13日, 13 July 2026: a date as it stands on paper that is kept."""
    if language == "zh":
        return f"{day.year}年{day.month}月{day.day}日"
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def hours(number: float, language: Language) -> str:
    """42.5, 42: without a zero behind the point; in English with the word."""
    shown = f"{number:g}"
    return shown if language == "zh" else f"{shown} hour{'' if number == 1 else 's'}"


def days(number: int, language: Language) -> str:
    """9; in English with the word."""
    return str(number) if language == "zh" else f"{number} day{'' if number == 1 else 's'}"


def listed(names: Iterable[str], language: Language) -> str:
    """Names in a row."""
    return ("、" if language == "zh" else ", ").join(names)


def sentence(kind: str, name: str, facts: Mapping[str, object], language: Language) -> str:
    """What a certificate says."""
    is_service = kind == "service"
    number = int(str(facts["days" if is_service else "attended"]))
    told = {
        **facts, "name": name, "dates": _dates(str(facts["first"]), str(facts["last"]), language),
        "days": days(number, language),
    }  # fmt: skip
    if is_service:
        told["hours"] = hours(float(str(facts["hours"])), language)
    return pick(SERVICE if is_service else PARTICIPATION, language).format_map(told)


def _dates(first: str, last: str, language: Language) -> str:
    """From a day to a day; one day alone."""
    said = plain_day(date.fromisoformat(first), language)
    until = plain_day(date.fromisoformat(last), language)
    if first == last:
        return said if language == "zh" else f"on {said}"
    return f"{said}至{until}" if language == "zh" else f"from {said} to {until}"


def issuer(facts: Mapping[str, object], language: Language) -> str:
    """Who issued it."""
    return str(facts["issuer" if language == "zh" else "issuer_en"])
