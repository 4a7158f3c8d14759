"""The words on paper, in a workbook's margin and in a calendar. Chinese is the source; English on request."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from api.speak.language import Language, Pair, fill, pick
from api.speak.weeks import clock, day, full_day, grades, moment, weekday, word
from registry.rostering.week_gaps import Gap
from registry.rostering.week_rows import Cell, ClassRow

MOST_LEADS = 2
"""So many leads of a class are named beside it before they are only counted."""

LABELS: Mapping[str, Pair] = {
    # Titles.
    "site": ("一周安排", "The week"),
    "door": ("今天的安排", "Today"),
    "district": ("全区一周总览", "The district's week"),
    "volunteer": ("志愿者一周安排", "A volunteer's week"),
    # Heads of columns.
    "time": ("时段", "When"),
    "people": ("谁和孩子在一起", "Who is with the children"),
    "lessons": ("课程", "Lessons"),
    "day": ("日期", "Day"),
    "hours": ("时间", "Hours"),
    "where": ("托管点和班级", "Site and class"),
    "role": ("岗位", "Role"),
    "others": ("同班的人", "With you"),
    "site_name": ("托管点", "Site"),
    "classes": ("班", "Classes"),
    "children": ("孩子", "Children"),
    "volunteers": ("来的志愿者", "Volunteers"),
    "adults": ("大人到位", "Adults"),
    "missing": ("缺人次", "Adults missing"),
    "no_lead": ("缺班主任时段", "Without a lead"),
    "lessons_set": ("课已排", "Lessons set"),
    "open_lessons": ("空课", "Open lessons"),
    "domains_short": ("领域少课", "Domains short"),
    "gaps": ("还缺什么", "What is missing"),
    # Figures.
    "sites_figure": ("托管点", "sites"),
    "classes_figure": ("班", "classes"),
    "children_figure": ("孩子", "children"),
    "volunteers_figure": ("志愿者在岗", "volunteers at work"),
    # Headings of the overview.
    "shortages": ("哪个时段缺人", "When people are missing"),
    "all_gaps": ("全部缺口（最严重的在前）", "All gaps, the gravest first"),
    "by_site": ("各托管点情况（缺口大的在前）", "By site, the gravest first"),
    # Small things.
    "no_gaps": ("没有缺口：人齐，课齐。", "No gaps: enough adults, a lead and every lesson everywhere."),
    "no_classes": ("这一周没有班。", "No classes this week."),
    "no_shortage": ("齐", "complete"),
    "gap_sample": ("缺人", "missing"),
    "nobody": ("还没有人", "nobody yet"),
    "home_room": ("本班教室", "home room"),
    "continued": ("（续）", " (continued)"),
    "visits": ("只来上这节课", "comes for this lesson only"),
    "complete": ("本周人和课都齐", "complete this week"),
    "how_to_read": ("“周一上午 1/2”：周一上午有 1 名大人，要 2 名。粗体：不到最低人数。",
                    "“Mon morning 1/2”: 1 adult of the 2 needed. Bold: below the minimum."),
    "legend_lead": ("班主任", "lead"),
    "legend_minor": ("未满 18 岁，不计入大人数", "under 18, not counted as an adult"),
    "legend_gap": ("还缺人，请联系点位负责人", "people are missing: tell the site's coordinator"),
    "nothing": ("这一周没有安排。", "Nothing this week."),
    "thanks": ("谢谢您来陪孩子。来不了，请尽早告诉点位负责人。",
               "Thank you for coming. If you cannot, tell the site's coordinator as early as you can."),
    "masked": ("姓名已打码", "names are masked"),
    "codes": ("〔U+…〕：字库里没有的字，印作它的编码", "〔U+…〕: a character that no font here has, as its code"),
}  # fmt: skip

LINES: Mapping[str, Pair] = {
    "week": ("{first} 至 {last}", "{first} to {last}"),
    "version": (
        "第 {draft} 号草稿，{made} 排好，软件 {software} 版",
        "draft {draft}, made {made}, software {software}",
    ),
    "version_version": (
        "第 {draft} 版，{made} 发布，软件 {software} 版",
        "version {draft}, published {made}, software {software}",
    ),
    "version_board": (
        "排班台第 {draft} 次改动，{made}，没有发布",
        "board after {draft} changes, {made}, not published",
    ),
    "printed": ("打印于 {at}", "printed {at}"),
    "page": ("第 {page} 页，共 {pages} 页", "page {page} of {pages}"),
    "children": ("{n} 名孩子", "{n} children"),
    "children_1": ("{n} 名孩子", "{n} child"),
    "need": ("每个时段要 {n} 名大人", "{n} adults needed at any time"),
    "leads": ("班主任 {names}", "lead {names}"),
    "leads_many": ("班主任 {n} 人轮流", "{n} leads in turn"),
    "open_at": ("空课：{times}", "Lessons open: {times}"),
    "domains": ("领域：{domains}", "Domains: {domains}"),
    "rooms": ("功能室：{rooms}", "rooms: {rooms}"),
    "engaged": ("这一周 {n} 次", "{n} times this week"),
    "engaged_1": ("这一周 1 次", "once this week"),
    "missing": ("缺 {n} 人", "{n} missing"),
    "sum_missing": ("缺 {n} 人次", "{n} adults missing"),
    "sum_no_lead": ("{n} 个时段没有班主任", "{n} times no lead"),
    "sum_open": ("{n} 节空课", "{n} lessons open"),
    "sum_domains": ("各领域少 {n} 节", "{n} short in domains"),
    "no_lead": ("没有班主任", "no lead"),
    "low": ("大人太少", "too few adults"),
    "open": ("空课", "no lesson yet"),
    "visit": ("{who}（来上课）", "{who} (visiting)"),
    "leads_missing": ("{n} 个班没有班主任", "{n} without a lead"),
    "duty_summary": ("{role} · {place} · {class_name}", "{role} · {place} · {class_name}"),
    "lesson_summary": ("上课：{course} · {place} · {class_name}", "Lesson: {course} · {place} · {class_name}"),
    "lesson_line": ("{start}–{end} {course}（{room}）", "{start}–{end} {course} ({room})"),
    "with": ("一起的人：{names}", "With: {names}"),
    "calendar": ("{name} 的托管排班", "{name}: childcare duties"),
}


ABOUT: tuple[Pair, ...] = (
    ("“按班看护”“按班课程”：每个班一块，一格一个人或一节课。“值班名单”“课程名单”：一行一条。",
     "“Care by class” and “Lessons by class”: a block a class, a cell a person or a lesson. "
     "“Duties” and “Lessons”: a row an entry."),
    ("在哪里改都可以：改格子，或者改名单；不要在两处把同一个班的同一时段改成不同的样子。删一条，就清空那一格或那一行。",
     "Edit either: the cells or the lists, but do not change one class at one time differently in both. "
     "To take an entry out, empty its cell or its row."),
    ("每格写“姓名 [编号]”，可以从下拉列表里选，也可以只写编号，或者没有重名的姓名。",
     "A cell says “name [number]”. Choose from the list, or write the number alone, or a name that only one has."),
    ("斜纹底色的格子还缺人或缺课。“导出时的缺口”和“缺口”表是导出那一刻的情况，改了以后不会跟着变。",
     "Hatched cells lack somebody or a lesson. “Missing at export” and the sheet “Gaps” are those of the moment of "
     "export; they do not follow what you change."),
)  # fmt: skip
"""How to use the workbook, a line each."""
GOES_BACK: Mapping[str, Pair] = {
    "command": ("改好以后，用 qingzai roster reread 读回并检查。",
                "When you are done, qingzai roster reread reads it back and checks it."),
    "board": ("改好以后，在网页“排班台”的“工作簿”里交回来：先看会改什么，再决定。",
              "When you are done, hand it back on the board's page “Workbook”: it shows what would change first."),
    "nobody": ("从网页下载的只供查看；要改这一周，从“排班台”的“工作簿”里下载。",
               "From this page it is to look at. To change the week, take the workbook from the board's page."),
}  # fmt: skip
"""What to do with it when it is edited."""


def about(language: Language, goes_back_to: str, *, is_masked: bool) -> list[str]:
    """How to use the workbook."""
    said = [pick(pair, language) for pair in (*ABOUT, GOES_BACK[goes_back_to])]
    return said + [pick(LABELS["masked"], language)] * is_masked


def labels(language: Language) -> dict[str, str]:
    """All fixed texts of the sheets."""
    return {name: pick(pair, language) for name, pair in LABELS.items()}


def line(code: str, language: Language, **facts: object) -> str:
    """One line with its facts."""
    return fill(pick(LINES[code], language), facts, language)


def counted(code: str, n: int, language: Language) -> str:
    """A line about a number, in the singular where there is one."""
    return line(f"{code}_1" if n == 1 and f"{code}_1" in LINES else code, language, n=n)


def week_span(days: Iterable[date], language: Language) -> str:
    """From the first to the last of some days."""
    first, *rest = sorted(days)
    if not rest:
        return full_day(first, language)
    return line("week", language, first=full_day(first, language), last=full_day(rest[-1], language))


def day_head(when: date, language: Language) -> tuple[str, str]:
    """周一 and 7月13日."""
    return weekday(when.isoweekday(), language), day(when, language)


def date_only(when: date, language: Language) -> str:
    """2026年7月13日, 13 Jul 2026: beside a weekday that stands by itself."""
    said = day(when, language)
    return f"{when.year}年{said}" if language == "zh" else f"{said} {when.year}"


def class_title(row: ClassRow, language: Language) -> str:
    """What the district calls a class, else its grades."""
    return row.name or grades(row.grades, language)


def class_facts(row: ClassRow, language: Language) -> list[str]:
    """Grades where the name does not say them, children, leads."""
    said = [*more_grades(row.name, row.grades, language), counted("children", row.children, language)]
    if len(row.leads) > MOST_LEADS:
        said.append(line("leads_many", language, n=len(row.leads)))
    elif row.leads:
        said.append(line("leads", language, names=list(row.leads)))
    return said


def more_grades(name: str, both: tuple[int, int], language: Language) -> list[str]:
    """The grades of a class, unless its own name says them (3-4年级班) or it is called by them."""
    numbers = {int(found) for found in re.findall(r"\d+", name)}
    return [grades(both, language)] if name and not numbers >= set(both) else []


def when(gap: Gap, language: Language) -> str:
    """周一上午, Mon morning."""
    joint = "" if language == "zh" else " "
    return f"{weekday(gap.weekday or 1, language)}{joint}{word('part', gap.part or '', language)}"


def open_lessons(gaps: Iterable[Gap], language: Language) -> list[str]:
    """The open lessons by day: 周一 10:50 16:40."""
    days: dict[int, list[str]] = {}
    for gap in gaps:
        days.setdefault(gap.weekday or 1, []).append(clock(gap.start or 0))
    return [f"{weekday(number, language)} {' '.join(starts)}" for number, starts in sorted(days.items())]


@dataclass(frozen=True, slots=True)
class Sum:
    """One thing that a class lacks over the week. It is grave where adults are below the minimum."""

    text: str
    grave: bool


PEOPLE = frozenset({"sum_missing", "sum_no_lead"})


def sums(row: ClassRow, language: Language) -> list[Sum]:
    """What a class lacks over the week, in few words; nothing where it lacks nothing."""
    facts = {
        "sum_missing": row.missing,
        "sum_no_lead": row.no_lead,
        "sum_open": row.open_lessons,
        "sum_domains": sum(row.missing_domains.values()),
    }
    return [Sum(line(code, language, n=n), code in PEOPLE and row.level == "red") for code, n in facts.items() if n]


def cell_gap(cell: Cell, language: Language) -> list[str]:
    """What is missing in a cell, in few words."""
    said = [line("missing", language, n=cell.missing)] * (cell.missing > 0)
    said += [line("low", language)] * (cell.below_minimum > 0)
    return said + [line("no_lead", language)] * (not cell.has_lead)


def part_hours(part: str, start: int, end: int, language: Language) -> tuple[str, str]:
    """上午 and 08:30–12:00."""
    return word("part", part, language), span(start, end)


def span(start: int, end: int) -> str:
    """10:50–11:40, from minutes since midnight."""
    return f"{clock(start)}–{clock(end)}"


def edition(kind: str, number: int, at: datetime | None, software: str, language: Language) -> str:
    """Which roster it is: a draft, a version, the board."""
    made = moment(at, language) if at else "—"
    code = "version" if kind == "draft" else f"version_{kind}"
    return line(code, language, draft=number, made=made, software=software)


def printed_at(now: datetime, language: Language) -> str:
    """The time of print, in Shanghai."""
    return line("printed", language, at=moment(now, language))
