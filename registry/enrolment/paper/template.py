"""The workbook to fill in: one row a child, lists to choose from, every cell a text, and beside it how to do it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from io import BytesIO
from typing import Any

import xlsxwriter  # type: ignore[import-untyped]  # ships no types
from sqlmodel import Session

from registry.accounts.permissions import Action, Actor, require
from registry.enrolment.claims import groups
from registry.enrolment.paper.reading import label
from registry.enrolment.paper.shape import (
    CLASSES_SHEET,
    CONSENTS,
    NOTES_SHEET,
    PAPER,
    RELATIONS,
    SEXES,
    WISH,
)
from registry.enrolment.rounds import public_round
from registry.enrolment.search import ClassRow, classes
from registry.enrolment.tables import EnrolmentRound
from registry.privacy.consents import texts_now

ROWS = 500
"""Rows that have lists to choose from."""
WIDTHS = {"guardian": 12, "phone": 14, "relation": 12, "child": 12, "born_on": 13, "entry_year": 10, "school": 18}
WIDE, NARROW = 34, 12
YES_NO = ["是", "否"]


def paper_book(session: Session, actor: Actor, round_id: int) -> bytes:
    """The empty workbook of a round, with its class runs and priority groups to choose from.

    Raises:
        NotAllowed: for who is neither of the office nor a coordinator. NotFound: `round_unknown`.
    """
    require(actor, Action.ENTER_PAPER)
    its = public_round(session, round_id)
    rows = classes(session, its)
    names = [group.name_zh for group in groups(session)]
    versions = {item: text.version for item, text in texts_now(session).items()}
    notes = _notes(
        its, [f"{CONSENTS[item]}：第 {version} 版" for item, version in versions.items() if item in CONSENTS]
    )
    out = BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        book.set_properties({"created": datetime(2026, 1, 1)})  # Equal rounds give equal files.
        _form(book, its, min(its.most_wishes, len(WISH)), len(rows), names)
        _classes(book, rows)
        _say(book, notes)
    return out.getvalue()


def _form(book: Any, its: EnrolmentRound, wishes: int, classes: int, groups: Sequence[str]) -> None:
    sheet = book.add_worksheet(PAPER.names[0])
    text = book.add_format({"num_format": "@"})
    head = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "border": 1, "bg_color": "#E3F1EB"})
    must = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "border": 1, "bg_color": "#FFE699"})
    sheet.write_string(0, 0, f"{its.name} · 纸质报名录入", book.add_format({"bold": True, "font_size": 14}))
    sheet.write_string(1, 0, f"黄色的列必填；怎样填写见“{NOTES_SHEET}”。每个孩子一行。")
    fields = [f for f in PAPER.aliases if f != "number" and (f not in WISH or list(WISH).index(f) < wishes)]
    for column, field in enumerate(fields):
        width = WIDE if field in WISH else WIDTHS.get(field, NARROW)
        sheet.set_column(column, column, width, text)
        sheet.write_string(2, column, PAPER.aliases[field][0], must if field in PAPER.required else head)
        choices = _choices(field, classes, groups)
        if choices:
            told = {"validate": "list", "source": choices, "error_type": "warning"}
            told |= {"error_title": "请从列表里选", "error_message": "列表里没有这一项，导入时会被退回。"}
            sheet.data_validation(3, column, 2 + ROWS, column, told)
    sheet.freeze_panes(3, 0)
    sheet.set_row(2, 45)
    sheet.set_landscape()
    sheet.set_paper(8)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(2)


def _choices(field: str, classes: int, groups: Sequence[str]) -> Any:
    consents = {item.value for item in CONSENTS}
    if field in WISH:
        return f"='{CLASSES_SHEET}'!$A$2:$A${max(2, classes + 1)}"
    if field in consents or field == "together":
        return YES_NO
    return {"relation": _first_words(RELATIONS), "sex": _first_words(SEXES), "group": ["无", *groups]}.get(field)


def _first_words(words: dict[str, str]) -> list[str]:
    """One word for each meaning, the first that the table has."""
    found: dict[str, str] = {}
    for name, meaning in words.items():
        found.setdefault(meaning, name)
    return list(found.values())


def _classes(book: Any, rows: Sequence[ClassRow]) -> None:
    sheet = book.add_worksheet(CLASSES_SHEET)
    bold, text = book.add_format({"bold": True}), book.add_format({"num_format": "@"})
    for column, (header, width) in enumerate(
        (("志愿这样写", 50), ("年级", 10), ("开始", 12), ("结束", 12), ("名额", 8))
    ):
        sheet.set_column(column, column, width, text)
        sheet.write_string(0, column, header, bold)
    for number, row in enumerate(rows, start=1):
        told = (label(row), f"{row.grades[0]}-{row.grades[1]}", row.starts_on, row.ends_on, row.places)
        for column, value in enumerate(told):
            sheet.write_string(number, column, str(value), text)
    sheet.freeze_panes(1, 0)


def _notes(its: EnrolmentRound, consents: Sequence[str]) -> list[str]:
    return [
        f"场次：{its.name}（第 {its.id} 号）。这里录入的报名和网上报名按同样的规则处理，谁先谁后不因为纸质而不同。",
        "一个孩子一行。同一个孩子已经报过名的，这一行不会改变任何东西。",
        "监护人手机：系统用它认人，也用它通知家长；以后家长可以用这个号码登录，看结果、改资料。请念给家长核对一遍。",
        "出生日期：2018-03-05、2018.3.5、20180305 都可以。",
        "入学年份：孩子上小学一年级的那年，例如 2024；也可以写这个学年的年级，如“二年级”。",
        "志愿：从下拉列表里选，或写班次后面的 # 编号。第一志愿最想去。",
        "周几来：不写就是周一到周五；只来几天的写“一三五”或“周一至周三”。",
        "同意事项：家长在纸上逐项签了“是”或“否”，照抄。没有签的留空，系统会说缺哪一项。不满八周岁的孩子不问“自己离开”。",
        "签字日期：家长在纸上签字的那天。纸质原件请按规定保管。",
        "长数字（手机号）所在的列已设为文本，请不要改成数字。",
        "做完后在网页“纸质报名”里上传：先看会发生什么，再录入。有问题的行会连同原因退回来，改好后整份再传一次即可。",
        "本场次同意书的版本：" + ("；".join(consents) if consents else "无"),
    ]


def _say(book: Any, notes: Sequence[str]) -> None:
    sheet = book.add_worksheet(NOTES_SHEET)
    sheet.set_column(0, 0, 100, book.add_format({"text_wrap": True, "valign": "top"}))
    for number, note in enumerate(notes):
        sheet.write_string(number, 0, note)
