"""A child's week for its family, on A4."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from api.prints.press import Printed, printed
from api.speak import weeks
from api.speak.language import Language, Pair, pick
from registry.attendance.child_week import AtClass, ChildDay, ChildWeek

TITLE: Pair = ("{name}的一周", "{name}'s week")
COLUMNS: tuple[Pair, ...] = (("哪天", "Day"), ("几点", "Hours"), ("课程", "Lessons"))
NOTHING: Pair = ("这一周没有班。", "There is no class in this week.")
OPEN: Pair = ("还没有公布", "not published yet")
FOOTER: Pair = ("青仔 Qingzai · {version} · {at} 打印", "青仔 Qingzai · {version} · printed {at}")
VERSION: Pair = ("排班第 {n} 版", "version {n} of the roster")
UNPUBLISHED: Pair = ("排班还没有公布", "the roster is not published yet")


def week_sheet(found: ChildWeek, language: Language, at: datetime) -> Printed:
    """The PDF."""
    title = pick(TITLE, language).format(name=found.child.name)
    version = pick(UNPUBLISHED, language)
    if found.version is not None:
        version = pick(VERSION, language).format(n=found.version)
    say = {
        "columns": [pick(column, language) for column in COLUMNS],
        "nothing": pick(NOTHING, language),
        "footer": pick(FOOTER, language).format(version=version, at=weeks.moment(at, language)),
    }
    sheets = [_sheet(one, language) for one in found.classes]
    return printed("child_week", {
        "language": language, "paper": "a4", "title": title, "say": say, "sheets": sheets,
        "week": weeks.full_day(found.monday, language),
    })  # fmt: skip


def _sheet(one: AtClass, language: Language) -> dict[str, Any]:
    place = " · ".join(filter(None, (one.class_run.name, one.site.name, one.site.address)))
    return {"name": place, "rows": [_row(day, language) for day in one.days]}


def _row(day: ChildDay, language: Language) -> dict[str, Any]:
    hours = pick(OPEN, language)
    if day.starts_at is not None and day.ends_at is not None:
        hours = f"{day.starts_at:%H:%M}–{day.ends_at:%H:%M}"
    lessons = [f"{lesson.starts_at} {lesson.course}" for lesson in day.lessons]
    return {"day": weeks.full_day(day.day, language), "hours": hours, "lessons": lessons}
