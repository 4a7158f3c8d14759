"""The sign-in and sign-out sheet of a class on a day (签到表): who is expected, who may collect, room to write."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from api.prints.press import Printed, printed
from api.speak import attendance, families, weeks
from api.speak.language import Language, Pair, pick
from registry.attendance.page import DayPage, Line

COLUMNS: tuple[Pair, ...] = (
    ("序", "No."), ("姓名", "Name"), ("到", "Came"), ("晨检", "Health check"), ("走", "Left"),
    ("谁接走", "Collected by"), ("签名", "Signature"),
)  # fmt: skip
TITLE: Pair = ("签到签退表", "Sign-in and sign-out")
BOTTOM: Pair = (
    "清点人数： 上午 ______  中午 ______  下午 ______        班主任签名：________________",
    "Heads counted: morning ______  noon ______  afternoon ______        Class lead: ________________",
)
FOOTER: Pair = (
    "青仔 Qingzai · {at} 打印 · 用完锁好或销毁",
    "青仔 Qingzai · printed {at} · lock away or destroy after use",
)
CODES: Pair = (
    "方框里的编号代表打印不出来的字，请照证件手写。",
    "A code in a box stands for a character that cannot be printed.",
)
ALONE: Pair = ("自己离开", "leaves alone")


def attendance_sheet(page: DayPage, language: Language, at: datetime) -> Printed:
    """The PDF."""
    return printed("attendance", sheet_data(page, language, at))


def sheet_data(page: DayPage, language: Language, at: datetime) -> dict[str, Any]:
    """What the template is given. Neither health nor forbidden collectors stand on paper that lies about."""
    title = f"{page.desk.class_run.name} {pick(TITLE, language)}"
    sheet = {
        "name": title,
        "day": weeks.full_day(page.desk.day, language),
        "site": page.site.name,
        "rows": [_row(number, line, language) for number, line in enumerate(page.lines, 1)],
    }
    say = {
        "columns": [pick(column, language) for column in COLUMNS],
        "bottom": pick(BOTTOM, language),
        "footer": pick(FOOTER, language).format(at=weeks.moment(at, language)),
        "codes": pick(CODES, language),
    }
    return {"language": language, "paper": "a4", "title": title, "say": say, "sheets": [sheet]}


def _row(number: int, line: Line, language: Language) -> dict[str, Any]:
    told = "" if line.state not in ("absent", "late") else attendance.word("state", line.state, language)
    people = [f"{one.name}（{families.word('relation', one.relation, language)}）" for one in line.collectors]
    return {"number": str(number), "name": line.on_roll.child.name, "note": told, "collectors": people}
