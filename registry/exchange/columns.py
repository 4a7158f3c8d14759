"""The shape of a district's workbook: sheets, columns, and the words that stand in them."""

from __future__ import annotations

from dataclasses import dataclass

ADVICE_HEADER = "问题与处理"
"""The header of the column that `annotated_copy` adds; it is passed over when the copy is imported."""

SUMMARY_SHEET = "问题汇总"
"""The first sheet of that copy."""

WEEKDAYS = "一二三四五六日"
PART_WORDS = {"am": "上午", "noon": "中午", "pm": "下午"}


@dataclass(frozen=True)
class SheetShape:
    """A sheet's role, the names it goes by, its fields with their headers, and the fields it must have.

    Of `any_of`, where it is not empty, it must have one at least.
    """

    role: str
    names: tuple[str, ...]
    aliases: dict[str, tuple[str, ...]]
    required: tuple[str, ...]
    any_of: tuple[str, ...] = ()


def _availability() -> dict[str, tuple[str, ...]]:
    """One column for each weekday and part: 周一上午, 星期一上午, 礼拜一上午."""
    return {
        f"{weekday}-{part}": tuple(f"{prefix}{letter}{word}" for prefix in ("周", "星期", "礼拜"))
        for weekday, letter in enumerate(WEEKDAYS, start=1)
        for part, word in PART_WORDS.items()
    }


AVAILABILITY = _availability()
_NUMBER = ("序号", "编号", "No", "号")
_REMARK = ("备注", "说明", "其他")

TERMS = SheetShape(
    role="terms",
    names=("期次", "期次安排", "期"),
    aliases={
        "number": _NUMBER,
        "name": ("期次", "期", "期名"),
        "starts_on": ("开始日期", "起始日期", "开始", "起"),
        "ends_on": ("结束日期", "截止日期", "结束", "止"),
        "remark": _REMARK,
    },
    required=("name", "starts_on", "ends_on"),
)
SITES = SheetShape(
    role="sites",
    names=("点位", "托管点", "托管点位", "站点"),
    aliases={
        "number": _NUMBER,
        "name": ("点位名称", "点位", "托管点", "托管点名称", "名称"),
        "subdistrict": ("所属镇街", "镇街", "街道", "所属街道"),
        "address": ("地址", "详细地址"),
        "longitude": ("经度",),
        "latitude": ("纬度",),
        "rooms": ("功能室", "功能教室", "专用室"),
        "coordinator_name": ("负责人", "点位负责人", "负责人姓名"),
        "coordinator_phone": ("联系电话", "负责人电话", "电话", "手机号"),
        "remark": _REMARK,
    },
    required=("name", "subdistrict", "longitude", "latitude"),
)
COURSES = SheetShape(
    role="courses",
    names=("课程库", "课程", "课程表"),
    aliases={
        "number": _NUMBER,
        "name": ("课程名称", "课程", "名称"),
        "domain": ("类别", "五育", "领域"),
        "grades": ("适合年级", "年级", "适用年级"),
        "room_kind": ("所需场地", "场地", "场地要求"),
        "outdoor": ("室外", "是否室外", "户外"),
        "indoor_fallback": ("室内替代", "室内替代活动", "替代活动"),
        "remark": _REMARK,
    },
    required=("name", "domain", "grades"),
)
CLASSES = SheetShape(
    role="classes",
    names=("班次", "班次表", "托管班次"),
    aliases={
        "number": _NUMBER,
        "site": ("点位", "点位名称", "托管点"),
        "term": ("期次", "期"),
        "name": ("班名", "班次", "班级", "班级名称"),
        "grades": ("年级", "适合年级"),
        "capacity": ("班额", "容量", "计划人数"),
        "min_to_open": ("开班人数", "最低开班人数"),
        "confirmed": ("已确认人数", "确认人数", "实际人数", "人数"),
        "care": ("托管时段", "时段"),
        "noon_care": ("午餐午休", "午托", "午休"),
    },
    required=("site", "term", "name", "grades", "confirmed", "care"),
)
VOLUNTEERS = SheetShape(
    role="volunteers",
    names=("志愿者", "志愿者名单", "志愿者报名"),
    aliases={
        "number": _NUMBER,
        "name": ("姓名", "志愿者姓名", "名字"),
        "sex": ("性别",),
        "born": ("出生年月", "出生日期", "生日"),
        "phone": ("手机号", "手机号码", "联系电话", "电话", "手机"),
        "kind": ("身份", "类别", "人员类别"),
        "organisation": ("单位/学校", "单位", "学校", "学校/单位", "工作单位"),
        "roles": ("岗位", "意向岗位", "角色"),
        "courses": ("可授课程", "课程", "授课课程"),
        **AVAILABILITY,
        "max_segments": ("每周最多", "每周最多半天数", "最多半天数"),
        "preferred_segments": ("希望", "希望半天数"),
        "home": ("常住镇街", "居住镇街", "住址镇街", "镇街"),
        "reach": ("可接受距离", "距离", "最远距离"),
        "preferred_sites": ("希望点位", "意向点位"),
        "checked_on": ("从业查询日期", "从业查询", "查询日期"),
        "remark": _REMARK,
    },
    required=("name", "sex", "born", "kind", "roles", "max_segments", "home", "reach", "checked_on"),
    any_of=tuple(AVAILABILITY),
)
SHEETS = (SITES, CLASSES, TERMS, COURSES, VOLUNTEERS)
"""In the order of a workbook and of its report."""

DOMAIN_WORDS = {
    word: domain
    for domain, words in {
        "moral": "德 德育",
        "intellect": "智 智育",
        "physical": "体 体育",
        "aesthetic": "美 美育",
        "labour": "劳 劳育 劳动",
        "safety": "安全 安全教育",
    }.items()
    for word in words.split()
}
SEX_WORDS = {"男": "male", "女": "female", "男性": "male", "女性": "female"}
KIND_WORDS = {
    word: kind
    for kind, words in {
        "university_student": "大学生 高校学生 研究生 本科生",
        "teacher": "中小学教师 教师 老师",
        "expert": "专家 专业人士 非遗传承人",
        "medical_staff": "医护人员 医生 护士",
        "social_worker": "社工 社会工作者",
        "community_cadre": "社区工作者 社区干部",
        "parent": "家长",
        "pupil": "高中生 中学生 初中生",
        "other": "其他 其它",
    }.items()
    for word in words.split()
}
ROLE_WORDS = {
    word: role
    for role, words in {
        "lead": "班主任 带班",
        "assistant": "助教 助理 协助",
        "instructor": "授课 讲师 授课老师 任课",
    }.items()
    for word in words.split()
}
CARE_WORDS = {
    ("全天", True): ("am", "noon", "pm"),
    ("全天", False): ("am", "pm"),
    ("上午", True): ("am", "noon"),
    ("上午", False): ("am",),
    ("下午", True): ("noon", "pm"),
    ("下午", False): ("pm",),
}
"""Parts of the day by 托管时段 and 午餐午休 (DOMAIN.md; 下午 by symmetry)."""

HOME_ROOM_WORDS = frozenset({"", "本班教室", "教室", "无", "不限"})
TEACHING_WORDS = ("补课", "新课", "奥数", "衔接班", "刷题", "预习")
"""Words that make a course look like subject teaching, which is not allowed (DOMAIN.md)."""
