"""A small sound workbook that tests spoil in one place, to see what an import says about it."""

from __future__ import annotations

from copy import deepcopy
from datetime import date
from pathlib import Path
from typing import Any

import xlsxwriter

SOUND: dict[str, list[dict[str, Any]]] = {
    "点位": [
        {"序号": 1, "点位名称": "东街少年宫", "所属镇街": "东街街道", "地址": "东街1号", "经度": 106.45, "纬度": 29.55,
         "功能室（容量）": "舞蹈室(30)", "负责人": "王一", "联系电话": "13800000001", "备注": ""},
        {"序号": 2, "点位名称": "西镇少年宫", "所属镇街": "西镇", "地址": "西镇2号", "经度": 106.40, "纬度": 29.55,
         "功能室（容量）": "无", "负责人": "王二", "联系电话": "13800000002", "备注": ""},
    ],
    "班次": [
        {"序号": 1, "点位": "东街少年宫", "期次": "第一期", "班名": "1-2年级班", "年级": "1-2年级", "班额": 30,
         "已确认人数": 20, "托管时段": "全天", "午餐午休": "是"},
    ],
    "期次": [{"期次": "第一期", "开始日期": "2026.7.6", "结束日期": "2026.7.17", "备注": ""}],
    "课程库": [
        {"课程名称": "中国舞", "类别": "美", "适合年级": "1-4年级", "所需场地": "舞蹈室", "室外": "否",
         "室内替代": "", "备注": ""},
        {"课程名称": "足球", "类别": "体", "适合年级": "全年级", "所需场地": "本班教室", "室外": "是",
         "室内替代": "武术操", "备注": ""},
        {"课程名称": "武术操", "类别": "体", "适合年级": "全年级", "所需场地": "本班教室", "室外": "否",
         "室内替代": "", "备注": ""},
    ],
    "志愿者": [
        {"序号": 1, "姓名": "李老师", "性别": "女", "出生年月": "1990.3", "手机号": "13800001001",
         "身份": "中小学教师", "单位/学校": "", "岗位": "班主任/授课", "可授课程": "中国舞、足球",
         "周一上午": "√", "周一中午": "√", "周一下午": "", "每周最多（半天数）": 2, "希望（半天数）": 2,
         "常住镇街": "东街街道", "可接受距离（公里）": 3, "希望点位": "东街少年宫", "从业查询日期": "2026-06-01",
         "备注": ""},
        {"序号": 2, "姓名": "张同学", "性别": "男", "出生年月": "2004.12", "手机号": "13800001002",
         "身份": "大学生", "单位/学校": "", "岗位": "助教", "可授课程": "",
         "周一上午": "√", "周一中午": "√", "周一下午": "√", "每周最多（半天数）": 3, "希望（半天数）": 2,
         "常住镇街": "西镇", "可接受距离（公里）": 8, "希望点位": "", "从业查询日期": "2026-06-01",
         "备注": ""},
    ],
}  # fmt: skip
"""Header in row 1, so the first row is Excel's row 2."""


class SmallWorkbook:
    """The sound workbook, to be changed and then written."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.sheets = deepcopy(SOUND)
        self.titles: dict[str, list[str]] = {}

    def change(self, sheet: str, row: int = 2, **cells: Any) -> SmallWorkbook:
        """Set cells of Excel's row `row`."""
        self.sheets[sheet][row - 2] |= cells
        return self

    def repeat(self, sheet: str, row: int = 2, **cells: Any) -> SmallWorkbook:
        """Add a row like Excel's row `row`, with other cells."""
        self.sheets[sheet].append(self.sheets[sheet][row - 2] | cells)
        return self

    def rename(self, sheet: str, **headers: str | None) -> SmallWorkbook:
        """Rename headers, or drop the columns (None)."""
        self.sheets[sheet] = [
            {headers.get(h, h): cell for h, cell in row.items() if headers.get(h, h) is not None}  # type: ignore[misc]
            for row in self.sheets[sheet]
        ]
        return self

    def write(self) -> Path:
        """The file."""
        with xlsxwriter.Workbook(self.path, {"strings_to_formulas": False}) as workbook:
            day = workbook.add_format({"num_format": "yyyy-mm-dd"})
            for name, rows in self.sheets.items():
                sheet = workbook.add_worksheet(name)
                lines = [[title] for title in self.titles.get(name, [])]
                lines += [list(rows[0]), *(list(row.values()) for row in rows)]
                for number, line in enumerate(lines):
                    for column, cell in enumerate(line):
                        style = [day] if isinstance(cell, date) else []
                        sheet.write(number, column, cell, *style)
        return self.path
