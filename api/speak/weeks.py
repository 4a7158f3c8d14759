"""Sentences about a week: days and parts, gaps, and how good a roster is, in words for a coordinator."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from api.speak.language import Language, Pair, fill, pick
from registry.clock import SHANGHAI
from registry.rostering.week_gaps import Gap
from registry.rostering.week_rows import Cell, Level

WEEKDAYS: tuple[Pair, ...] = (
    ("周一", "Mon"), ("周二", "Tue"), ("周三", "Wed"), ("周四", "Thu"), ("周五", "Fri"),
    ("周六", "Sat"), ("周日", "Sun"),
)  # fmt: skip

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")

WORDS: Mapping[str, Mapping[str, Pair]] = {
    "part": {
        "am": ("上午", "morning"),
        "noon": ("中午", "midday"),
        "pm": ("下午", "afternoon"),
        "evening": ("晚上", "evening"),
    },
    "part_short": {
        "am": ("上午", "am"),
        "noon": ("中午", "noon"),
        "pm": ("下午", "pm"),
        "evening": ("晚上", "eve"),
    },
    "domain": {
        "moral": ("德育", "moral"),
        "intellect": ("智育", "intellect"),
        "physical": ("体育", "physical"),
        "aesthetic": ("美育", "aesthetic"),
        "labour": ("劳动", "labour"),
        "safety": ("安全", "safety"),
    },
    "role": {
        "lead": ("班主任", "lead"),
        "assistant": ("助教", "assistant"),
        "instructor": ("授课", "instructor"),
        "visit": ("来上课", "visiting instructor"),
    },
    "load": {
        "unused": ("有空未排", "free, not used"),
        "light": ("排得偏少", "less than wished"),
        "fit": ("正合适", "as wished"),
        "over": ("超过希望", "more than wished"),
        "away": ("本周没空", "no time this week"),
    },
    "light": {
        "red": ("大人太少", "too few adults"),
        "amber": ("还缺人", "not complete"),
        "green": ("齐", "complete"),
    },
    "level": {
        "safety": ("安全", "Safety"),
        "programme": ("课程", "Programme"),
        "quality": ("质量", "Quality"),
    },
    "status": {
        "queued": ("排队中", "waiting"),
        "solving": ("正在排", "being made"),
        "stopping": ("正在停下", "stopping"),
        "done": ("已排好", "made"),
        "failed": ("没有排成", "failed"),
    },
    "quality": {
        "interest": ("课程不是孩子最想上的", "courses that children want less"),
        "travel_cost": ("志愿者的路程", "how far volunteers travel"),
        "continuity": ("孩子见到的人换得多", "many different faces for a class"),
        "leads": ("班主任换人", "changes of the lead"),
        "overload": ("超过志愿者希望的时段", "more than volunteers wished"),
        "wish": ("不在志愿者希望的点位", "sites that volunteers did not wish for"),
        "idle": ("想来的志愿者排得太少", "volunteers hardly used"),
    },
}
"""Words for codes, by what kind of code it is. A code that no table holds is shown as it is."""

SAFETY: Mapping[str, Pair] = {
    "none": (
        "每个班、每个时段大人都够，也都有班主任。",
        "Every class has enough adults and a lead in every part of every day.",
    ),
    "people": ("还缺 {missing} 人次", "{missing} places for adults are open"),
    "people_1": ("还缺 1 人次", "1 place for an adult is open"),
    "below": (
        "其中 {below} 人次低于“至少 {least} 名大人”的底线",
        "{below} of them below the minimum of {least} adults",
    ),
    "no_lead": ("{no_lead} 个时段没有班主任", "{no_lead} parts of the day have no lead"),
    "no_lead_1": ("1 个时段没有班主任", "1 part of a day has no lead"),
    "sum": (
        "合计 {cost} 项安全缺口（低于底线的算两次）。",
        "Together {cost} safety gaps (a place below the minimum counts twice).",
    ),
}

PROGRAMME: Mapping[str, Pair] = {
    "none": (
        "每节课都有课程和老师，每个班各领域的课时都够。",
        "Every lesson has a course and an instructor, and no class lacks a domain.",
    ),
    "open": ("{open} 节课还没有课程", "{open} lessons have no course yet"),
    "open_1": ("1 节课还没有课程", "1 lesson has no course yet"),
    "domains": ("各班各领域一共少 {domains} 节", "classes lack {domains} lessons of some domain"),
    "domains_1": ("有一个班的一个领域少 1 节", "one class lacks 1 lesson of a domain"),
    "sum": ("合计 {cost} 项课程缺口。", "Together {cost} programme gaps."),
}

QUALITY: Mapping[str, Pair] = {
    "none": ("没有任何可挑剔的地方。", "Nothing is left to wish for."),
    "sum": ("{cost} 分，越低越好。", "{cost} points; fewer is better."),
}

BOUNDS: Mapping[str, Pair] = {
    "proven": ("已证明：任何排法都不会更少。", "Proven: no roster can do better."),
    "bounded": (
        "任何排法都不会少于 {bound}：再排也最多能少 {left}。",
        "No roster can do better than {bound}: at most {left} could still be saved.",
    ),
    "bounded_within": (
        "在不降低前面几项的前提下，任何排法都不会少于 {bound}：再排也最多能少 {left}。",
        "Without giving up what stands above, no roster can do better than {bound}: "
        "at most {left} could still be saved.",
    ),
    "percent": ("离可能的最好最多差 {percent}%。", "At most {percent}% from the best possible."),
    "unknown": (
        "还能不能更好，还没有算出来；多给些时间再排一次会更清楚。",
        "Whether better is possible is not known yet; a longer run will tell more.",
    ),
}

GAPS: Mapping[str, Pair] = {
    "people": ("{day}{part}：要 {need} 人，有 {adults} 人", "{day} {part}: needs {need}, has {adults}"),
    "no_lead": ("没有班主任", "no lead"),
    "no_lead_short": ("无班主任", "no lead"),
    "below": ("大人太少", "too few adults"),
    "lesson": ("{day} {start}–{end}：没有课程", "{day} {start}–{end}: no course"),
    "domain": ("{domain}还少 {missing} 节", "{domain}: {missing} short"),
}


def word(kind: str, code: str, language: Language) -> str:
    """The word for a code; the code itself where no table holds it."""
    pair = WORDS[kind].get(code)
    return pick(pair, language) if pair else code


def weekday(number: int, language: Language) -> str:
    """周一, Mon: 1 is Monday."""
    return pick(WEEKDAYS[number - 1], language)


def weekdays(numbers: Sequence[int], language: Language) -> str:
    """周一至周五, Mon–Fri; with gaps 周一、周三, Mon, Wed."""
    if len(numbers) > 2 and numbers[-1] - numbers[0] == len(numbers) - 1:
        return ("至" if language == "zh" else "–").join(weekday(n, language) for n in (numbers[0], numbers[-1]))
    return ("、" if language == "zh" else ", ").join(weekday(n, language) for n in numbers)


def day(moment: date, language: Language) -> str:
    """A date without its year: 7月13日, 13 Jul."""
    return f"{moment.month}月{moment.day}日" if language == "zh" else f"{moment.day} {MONTHS[moment.month - 1]}"


def full_day(moment: date, language: Language) -> str:
    """2026年7月13日(周一), Mon 13 Jul 2026."""
    week_day = weekday(moment.isoweekday(), language)
    if language == "zh":
        return f"{moment.year}年{day(moment, language)}({week_day})"
    return f"{week_day} {day(moment, language)} {moment.year}"


def moment(when: datetime, language: Language) -> str:
    """Date and time in Shanghai: 2026年7月10日 16:05, 10 Jul 2026, 16:05."""
    local = when.astimezone(SHANGHAI)
    if language == "zh":
        return f"{local.year}年{day(local, language)} {local:%H:%M}"
    return f"{day(local, language)} {local.year}, {local:%H:%M}"


def hour(when: datetime, _language: Language) -> str:
    """The time of day in Shanghai: 08:31."""
    return f"{when.astimezone(SHANGHAI):%H:%M}"


def clock(minutes: int) -> str:
    """Minutes since midnight as 10:50."""
    return f"{minutes // 60:02}:{minutes % 60:02}"


def grades(both: tuple[int, int], language: Language) -> str:
    """3–4年级, grades 3–4."""
    low, high = both
    span = str(low) if low == high else f"{low}–{high}"
    return f"{span}年级" if language == "zh" else f"grade{'' if low == high else 's'} {span}"


def gap(found: Gap, language: Language) -> str:
    """One gap in one sentence."""
    facts: dict[str, object] = {"need": found.need, "adults": found.adults, "missing": found.missing}
    facts["day"] = weekday(found.weekday, language) if found.weekday else ""
    facts["part"] = word("part", found.part or "", language)
    facts["domain"] = word("domain", found.domain or "", language)
    facts |= {"start": clock(found.start or 0), "end": clock(found.end or 0)}
    said = [fill(pick(GAPS[found.kind], language), facts, language)]
    if found.kind == "people":
        said += [pick(GAPS["below"], language)] * found.below_minimum
        said += [pick(GAPS["no_lead"], language)] * (not found.has_lead)
    return _comma(language).join(said)


def cell(found: Cell, language: Language) -> str:
    """What is wrong in a cell, in few words; the word for complete where nothing is."""
    if not found.safety:
        return word("light", "green", language)
    missing = f"缺 {found.missing} 人" if language == "zh" else f"{found.missing} missing"
    said = [missing] * (found.missing > 0) + [pick(GAPS["no_lead_short"], language)] * (not found.has_lead)
    return _comma(language).join(said)


def level(found: Level, totals: Mapping[str, int], least: int, language: Language) -> list[str]:
    """A level in plain sentences: what is open, and how much better any roster could be.

    `totals` are those of the week, `least` the smallest number of adults with a class.
    """
    makers = {"safety": _safety, "programme": _programme}
    facts: dict[str, object] = {**totals, "cost": f"{found.cost:,}", "least": least}
    facts |= {"below": totals["below_minimum"], "open": totals["open_lessons"], "domains": totals["missing_domains"]}
    table = {"safety": SAFETY, "programme": PROGRAMME}.get(found.name, QUALITY)
    if found.cost == 0:
        return [fill(pick(table["none"], language), facts, language)]
    said = [_sentence(makers[found.name](totals), table, facts, language)] if found.name in makers else []
    return [*said, fill(pick(table["sum"], language), facts, language), bound(found, language)]


def bound(found: Level, language: Language) -> str:
    """How much better any roster could be."""
    percent = found.percent_above_best
    facts: dict[str, object] = {"bound": f"{found.bound:,}", "left": f"{found.cost - found.bound:,}"}
    if found.is_proven:
        code = "proven"
    elif percent is None:
        code = "unknown"
    elif found.name == "quality":
        code, facts = "percent", {"percent": percent}
    else:
        code = "bounded" if found.name == "safety" else "bounded_within"
    return fill(pick(BOUNDS[code], language), facts, language)


def _safety(totals: Mapping[str, int]) -> list[str]:
    missing, no_lead = totals["missing"], totals["no_lead"]
    people = ["people_1" if missing == 1 else "people"] * (missing > 0)
    below = ["below"] * (totals["below_minimum"] > 0)
    return people + below + ["no_lead_1" if no_lead == 1 else "no_lead"] * (no_lead > 0)


def _programme(totals: Mapping[str, int]) -> list[str]:
    lessons, domains = totals["open_lessons"], totals["missing_domains"]
    found = ["open_1" if lessons == 1 else "open"] * (lessons > 0)
    return found + ["domains_1" if domains == 1 else "domains"] * (domains > 0)


def _sentence(codes: list[str], table: Mapping[str, Pair], facts: Mapping[str, object], language: Language) -> str:
    clauses = (fill(pick(table[code], language), facts, language) for code in codes)
    said = _comma(language).join(clauses)
    return f"{said}。" if language == "zh" else f"{said[:1].upper()}{said[1:]}."


def _comma(language: Language) -> str:
    return "，" if language == "zh" else ", "
