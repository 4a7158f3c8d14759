"""Sign-in and sign-out sheets (签到表), each of a class on a day: who is expected, who may collect, room to write."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from api.prints.press import Printed, printed
from api.speak import attendance, families, weeks
from api.speak.language import Language, Pair, pick
from registry.attendance.ahead import Sheet
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
    """What the template is given."""
    return week_of_sheets([Sheet(page.desk.class_run, page.site, page.desk.day, page.lines)], language, at)


def week_of_sheets(found: Sequence[Sheet], language: Language, at: datetime) -> dict[str, Any]:
    """The same of several sheets. Neither health nor forbidden collectors stand on paper that lies about."""
    sheets = [
        {
            "name": f"{one.class_run.name} {pick(TITLE, language)}",
            "day": weeks.full_day(one.day, language),
            "site": one.site.name,
            "rows": [_row(number, line, language) for number, line in enumerate(one.lines, 1)],
        }
        for one in found
    ]
    title = sheets[0]["name"] if len(sheets) == 1 else f"{found[0].site.name} {pick(TITLE, language)}"
    say = {
        "columns": [pick(column, language) for column in COLUMNS],
        "bottom": pick(BOTTOM, language),
        "footer": pick(FOOTER, language).format(at=weeks.moment(at, language)),
        "codes": pick(CODES, language),
    }
    return {"language": language, "paper": "a4", "title": title, "say": say, "sheets": sheets}


def _row(number: int, line: Line, language: Language) -> dict[str, Any]:
    told = "" if line.state not in ("absent", "late") else attendance.word("state", line.state, language)
    people = [f"{one.name}（{families.word('relation', one.relation, language)}）" for one in line.collectors]
    return {"number": str(number), "name": line.on_roll.child.name, "note": told, "collectors": people}
