"""Every way in which tests spoil the small workbook in one place, and what an import must say about it."""

from __future__ import annotations

from typing import Any

SKIPPING: list[tuple[str, dict[str, Any], str, str, dict[str, Any]]] = [
    ("点位", {"点位名称": ""}, "点位名称", "value_missing", {}),
    ("点位", {"所属镇街": " \u3000"}, "所属镇街", "value_missing", {}),
    ("点位", {"经度": 29.55}, "经度", "number_out_of_range", {"least": 73, "most": 136}),
    ("点位", {"纬度": "北纬"}, "纬度", "number_unreadable", {}),
    ("点位", {"点位名称": "长" * 101}, "点位名称", "text_too_long", {"limit": 100, "length": 101}),
    ("班次", {"点位": "南街少年宫"}, "点位", "site_unknown", {}),
    ("班次", {"期次": "第九期"}, "期次", "term_unknown", {}),
    ("班次", {"年级": "1-9年级"}, "年级", "grades_unreadable", {}),
    ("班次", {"已确认人数": "二十"}, "已确认人数", "number_unreadable", {}),
    ("班次", {"已确认人数": -1}, "已确认人数", "number_out_of_range", {"least": 0, "most": 200}),
    ("班次", {"托管时段": "夜间"}, "托管时段", "word_unknown", {"known": ["全天", "上午", "下午"]}),
    ("课程库", {"类别": "音乐"}, "类别", "word_unknown",
     {"known": ["德", "德育", "智", "智育", "体", "体育", "美", "美育", "劳", "劳育", "劳动", "安全", "安全教育"]}),
    ("志愿者", {"姓名": ""}, "姓名", "value_missing", {}),
    ("志愿者", {"出生年月": "不详"}, "出生年月", "month_unreadable", {}),
    ("志愿者", {"出生年月": 1990.1}, "出生年月", "month_ambiguous", {"year": 1990}),
    ("志愿者", {"出生年月": "2012.7"}, "出生年月", "too_young", {}),
    ("志愿者", {"每周最多（半天数）": ""}, "每周最多（半天数）", "value_missing", {}),
    ("志愿者", {"可接受距离（公里）": "很远"}, "可接受距离（公里）", "number_unreadable", {}),
    ("志愿者", {"岗位": ""}, "岗位", "value_missing", {}),
    ("志愿者", {"姓名": 990000201503070028.0}, "姓名", "number_as_text", {"digits": 18}),
]  # fmt: skip
"""Sheet, cells that make a row impossible to store, column, code, facts: an error."""

WARNING: list[tuple[str, dict[str, Any], str, str, str, dict[str, Any]]] = [
    ("点位", {"功能室（容量）": "舞蹈室(30)、电脑室"}, "功能室（容量）", "warning", "rooms_unreadable",
     {"piece": "电脑室"}),
    ("点位", {"联系电话": "123"}, "联系电话", "warning", "phone_invalid", {}),
    ("班次", {"已确认人数": 14}, "已确认人数", "warning", "below_minimum", {"minimum": 15}),
    ("班次", {"已确认人数": 31}, "已确认人数", "warning", "over_capacity", {"capacity": 30}),
    ("班次", {"已确认人数": "２１"}, "已确认人数", "note", "digits_full_width", {"read_as": 21}),
    ("班次", {"午餐午休": "也许"}, "午餐午休", "warning", "mark_unreadable", {}),
    ("课程库", {"所需场地": "音乐室"}, "所需场地", "warning", "room_kind_unknown", {"known": ["舞蹈室"]}),
    ("课程库", {"备注": "含新课预习"}, "课程名称", "warning", "subject_teaching", {"words": ["新课", "预习"]}),
    ("课程库", {"室外": "是"}, "室内替代", "warning", "fallback_missing", {}),
    ("课程库", {"室内替代": "下棋"}, "室内替代", "warning", "fallback_unknown", {"outdoor": False}),
    ("课程库", {"室内替代": "足球"}, "室内替代", "warning", "fallback_unknown", {"outdoor": True}),
    ("志愿者", {"手机号": ""}, "手机号", "warning", "phone_missing", {}),
    ("志愿者", {"手机号": "12345"}, "手机号", "warning", "phone_invalid", {}),
    ("志愿者", {"手机号": "13800001002"}, "手机号", "warning", "phone_shared", {"first_row": 2, "name": "张同学"}),
    ("志愿者", {"性别": "未知"}, "性别", "warning", "word_unknown", {"known": ["男", "女", "男性", "女性"]}),
    ("志愿者", {"性别": ""}, "性别", "warning", "value_missing", {}),
    ("志愿者", {"常住镇街": ""}, "常住镇街", "warning", "value_missing", {}),
    ("志愿者", {"常住镇街": "南山街道"}, "常住镇街", "warning", "subdistrict_unknown", {}),
    ("志愿者", {"可授课程": "中国舞，足求"}, "可授课程", "warning", "course_unknown",
     {"name": "足求", "closest": "足球"}),
    ("志愿者", {"可授课程": ""}, "可授课程", "warning", "courses_missing", {}),
    ("志愿者", {"岗位": "班主任"}, "岗位", "warning", "role_missing_for_courses", {}),
    ("志愿者", {"岗位": "班主任/授课/队长"}, "岗位", "warning", "word_unknown",
     {"piece": "队长", "known": ["班主任", "带班", "助教", "助理", "协助", "授课", "讲师", "授课老师", "任课"]}),
    ("志愿者", {"希望（半天数）": 3}, "希望（半天数）", "warning", "preferred_over_max", {"max_segments": 2}),
    ("志愿者", {"周一中午": "", "每周最多（半天数）": 5}, "希望（半天数）", "note", "preferred_over_available",
     {"available": 1}),
    ("志愿者", {"周一下午": "?"}, "周一下午", "warning", "mark_unreadable", {}),
    ("志愿者", {"周一上午": "", "周一中午": "×"}, "", "warning", "availability_missing", {}),
    ("志愿者", {"希望点位": "南街少年宫"}, "希望点位", "warning", "site_unknown", {"name": "南街少年宫"}),
    ("志愿者", {"希望点位": "西镇少年宫"}, "希望点位", "note", "preferred_site_too_far",
     {"name": "西镇少年宫", "km": 4.8}),
    ("志愿者", {"从业查询日期": ""}, "从业查询日期", "warning", "clearance_missing", {}),
    ("志愿者", {"从业查询日期": "六月"}, "从业查询日期", "warning", "date_unreadable", {}),
    ("志愿者", {"从业查询日期": "2025-07-16"}, "从业查询日期", "warning", "clearance_expired",
     {"earliest": "2025-07-17"}),
    ("志愿者", {"从业查询日期": "2026-07-07"}, "从业查询日期", "warning", "clearance_too_late",
     {"latest": "2026-07-06"}),
    ("志愿者", {"出生年月": "2009.7", "岗位": "助教/授课"}, "出生年月", "note", "minor", {"adult_from": "2027-08-01"}),
    ("志愿者", {"出生年月": "2008.7"}, "岗位", "warning", "minor_lead_removed", {"adult_from": "2026-08-01"}),
    ("志愿者", {"姓名": "李\u3000老师"}, "姓名", "note", "name_spaces_removed", {"read_as": "李老师"}),
    ("志愿者", {"备注": "不愿去西镇"}, "备注", "note", "ban_interpreted", {"place": "西镇", "sites": 1}),
    ("志愿者", {"备注": "有急救证，不愿去南山街道"}, "备注", "warning", "ban_place_unknown", {"place": "南山街道"}),
]  # fmt: skip
"""Sheet, cells that spoil a row, column, severity, code, facts: the row is stored all the same."""

ELSEWHERE: dict[str, dict[str, Any]] = {
    "duplicate_row": {"first_row": 2, "differs_in": ["年级"]},
    "dates_reversed": {"starts_on": "2026-07-17"},
    "coordinates_far_off": {"km": 96},
    "out_of_reach": {"nearest_km": 4.8},
    "preferred_site_banned": {"name": "西镇少年宫"},
    "minor_lead_until_adult": {"adult_from": "2026-07-01"},
    "column_ignored": {},
}
"""Codes that take more than one cell, with such facts as they carry."""
