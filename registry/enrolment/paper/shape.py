"""The workbook of applications on paper: its columns, and the words that stand in them."""

from __future__ import annotations

from collections.abc import Mapping

from registry.exchange.columns import SheetShape
from registry.privacy.tables import ConsentItem

WISHES = 5
"""So many columns for wishes; a round may take fewer."""
WISH = {f"wish{n}": f"第{word}志愿" for n, word in enumerate("一二三四五", start=1)}
CONSENTS: Mapping[ConsentItem, str] = {
    ConsentItem.DATA: "同意处理报名信息",
    ConsentItem.INSURANCE: "同意用于投保",
    ConsentItem.CLASS_PHOTO: "同意照片进班级回忆录",
    ConsentItem.PUBLIC_PHOTO: "同意照片公开使用",
    ConsentItem.HEALTH: "同意记录健康备注",
    ConsentItem.OUTING: "同意参加外出活动",
    ConsentItem.SELF_LEAVE: "同意孩子自己离开",
}
"""A column for each item of consent; under eight years the last one is not asked."""
RELATIONS = {
    "母亲": "mother", "妈妈": "mother", "母": "mother", "父亲": "father", "爸爸": "father", "父": "father",
    "祖母": "grandmother", "奶奶": "grandmother", "外祖母": "grandmother", "外婆": "grandmother", "姥姥": "grandmother",
    "祖父": "grandfather", "爷爷": "grandfather", "外祖父": "grandfather", "外公": "grandfather", "姥爷": "grandfather",
    "其他": "other",
}  # fmt: skip
SEXES = {"男": "male", "女": "female", "m": "male", "f": "female"}
WEEKDAYS = "一二三四五"

PAPER = SheetShape(
    role="paper",
    names=("报名表", "纸质报名表", "报名", "Applications"),
    aliases={
        "number": ("序号", "编号", "No", "号"),
        "guardian": ("监护人姓名", "家长姓名", "监护人", "家长"),
        "phone": ("监护人手机", "手机号", "家长手机", "联系电话", "手机", "电话"),
        "relation": ("与孩子关系", "关系", "与学生关系"),
        "child": ("孩子姓名", "学生姓名", "姓名", "儿童姓名"),
        "sex": ("性别",),
        "born_on": ("出生日期", "生日", "出生年月日"),
        "entry_year": ("入学年份", "入学年", "小学入学年份"),
        "school": ("学校", "就读学校"),
        **{field: (header,) for field, header in WISH.items()},
        "weekdays": ("周几来", "星期", "来的日子"),
        "seats": ("最多上几期", "想上几期", "期数"),
        "together": ("兄弟姐妹同点位", "和兄弟姐妹一起"),
        "group": ("优先群体", "优先类别"),
        **{item.value: (header,) for item, header in CONSENTS.items()},
        "signed_on": ("签字日期", "家长签字日期", "签名日期"),
    },
    required=("guardian", "phone", "child", "born_on", "entry_year", "wish1", "signed_on"),
)
SHAPES = (PAPER,)
CLASSES_SHEET, NOTES_SHEET = "可选班次", "填写说明"
