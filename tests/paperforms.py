"""Forms on paper for the tests: one that is in order, and workbooks with as many as are wanted."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import xlsxwriter  # type: ignore[import-untyped]
from sqlmodel import Session

from registry import clock
from registry.enrolment.paper.reading import label
from registry.enrolment.paper.shape import CONSENTS
from registry.enrolment.search import classes
from registry.enrolment.tables import EnrolmentRound

SIGNED = (clock.today() - timedelta(days=2)).isoformat()


def one(session: Session, its: EnrolmentRound, run: int, **changes: Any) -> dict[str, Any]:
    """A form that is in order, by headers."""
    row = next(row for row in classes(session, its) if row.id == run)
    form = {
        "监护人姓名": "周桂英", "监护人手机": "138 0000 0001", "与孩子关系": "外婆", "孩子姓名": "李𬱖", "性别": "女",
        "出生日期": "2019.3.5", "入学年份": "2025", "学校": "青禾第一小学", "第一志愿": label(row), "签字日期": SIGNED,
    }  # fmt: skip
    return form | dict.fromkeys(CONSENTS.values(), "是") | changes


def written(tmp_path: Path, *forms: dict[str, Any], title: str = "") -> Path:
    """A workbook with these forms, its headers those of the first."""
    path = tmp_path / "paper.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet, first = book.add_worksheet("报名表"), 1 if title else 0
        sheet.write(0, 0, title)
        for column, header in enumerate(forms[0]):
            sheet.write(first, column, header)
            for number, form in enumerate(forms, start=first + 1):
                value = form[header]
                if isinstance(value, date):
                    sheet.write_datetime(number, column, value, book.add_format({"num_format": "yyyy-mm-dd"}))
                else:
                    sheet.write(number, column, value)
    return path
