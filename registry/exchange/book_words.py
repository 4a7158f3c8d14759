"""The workbook of a week: its sheets, its headers and its words, in both languages. A reader takes either."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Literal

Language = Literal["zh", "en"]
Pair = tuple[str, str]

FORMAT = "qingzai.week-workbook/1"

SHEETS: Mapping[str, Pair] = {
    "about": ("说明", "About"),
    "care": ("按班看护", "Care by class"),
    "timetable": ("按班课程", "Lessons by class"),
    "duties": ("值班名单", "Duties"),
    "lessons": ("课程名单", "Lessons"),
    "gaps": ("缺口", "Gaps"),
    "volunteers": ("志愿者", "Volunteers"),
    "classes": ("班级", "Classes"),
    "segments": ("时段", "Parts of the day"),
    "slots": ("课节", "Slots"),
    "courses": ("课程库", "Courses"),
    "rooms": ("功能室", "Rooms"),
}

HEADERS: Mapping[str, Pair] = {
    "site": ("托管点", "Site"),
    "class_run": ("班级", "Class"),
    "segment": ("时段", "Part of the day"),
    "role": ("岗位", "Role"),
    "volunteer": ("志愿者", "Volunteer"),
    "slot": ("课节", "Slot"),
    "course": ("课程", "Course"),
    "instructor": ("老师", "Instructor"),
    "room": ("功能室（空：本班教室）", "Room (empty: home room)"),
    "row": ("行", "Row"),
    "gap": ("还缺什么", "What is missing"),
    "roles": ("能做的岗位", "Roles"),
    "courses": ("能上的课", "Courses"),
    "engaged": ("已排时段", "Engaged"),
    "preferred": ("希望时段", "Wished"),
    "most": ("最多时段", "At most"),
    "adult": ("成年", "Adult"),
    "children": ("孩子", "Children"),
    "need": ("要大人", "Adults needed"),
    "grades": ("年级", "Grades"),
    "domain": ("领域", "Domain"),
    "capacity": ("容量", "Capacity"),
}

ROLES: Mapping[str, Pair] = {"lead": ("班主任", "lead"), "assistant": ("助教", "assistant")}

GRID_ROWS: Mapping[str, Pair] = {
    "lead": ("班主任", "lead"),
    "assistant": ("助教", "assistant"),
    "course": ("课程", "course"),
    "instructor": ("老师", "instructor"),
    "room": ("功能室", "room"),
    "gap": ("导出时的缺口", "missing at export"),
}
"""What a row of a class holds in the two sheets by class."""

KINDS = {"": "draft", "v": "version", "b": "board"}
"""What stands before the number of what a workbook was made of."""

FACTS: Mapping[str, Pair] = {
    "format": ("格式", "Format"),
    "draft": ("草稿", "Draft"),
    "week": ("周", "Week"),
    "sites": ("只含点位", "Sites in it"),
}
"""The facts of the sheet "about" by which the reader knows the workbook."""

YES_NO: Mapping[bool, Pair] = {True: ("是", "yes"), False: ("否", "no")}


def said(pair: Pair, language: Language) -> str:
    """The half of a pair in this language."""
    return pair[0] if language == "zh" else pair[1]


def known(table: Mapping[str, Pair], text: str) -> str | None:
    """The code that a word stands for, in either language; None for a word that is in no table."""
    folded = re.sub(r"\s+", "", text).casefold()
    names = ((code, re.sub(r"\s+", "", word).casefold()) for code, pair in table.items() for word in (code, *pair))
    return next((code for code, name in names if name == folded), None)


def label(name: str, id_: str) -> str:
    """How a thing stands in a cell, so that people read its name and a program its number: 李四 [v12]."""
    return f"{name} [{id_}]" if name and name != id_ else f"[{id_}]"
