"""Sentences about roster files: what is malformed, which rule is broken by which entries."""

from __future__ import annotations

from collections.abc import Mapping

from api.speak import placements, placements_after
from api.speak.language import Language, Pair, fill, pick, shown, unknown_code
from scheduler.result import Malformed, Violation
from scheduler.roster.problem import Duty, Lesson

MALFORMED: Mapping[str, Pair] = {
    "missing": ("缺少这个字段", "the field is missing"),
    "wrong_type": ("应为 {expected}，实为 {found}", "expected {expected}, found {found}"),
    "bad_text": ("文字中有无法保存的字符", "the text holds a character that cannot be stored"),
    "not_one_of": ("“{value}”不在可选值之列：{allowed}", "'{value}' is not one of {allowed}"),
    "unknown_id": ("没有编号为“{id}”的{kind_zh}", "no {kind} '{id}'"),
    "not_a_number": ("不是有限的数", "not a finite number"),
    "out_of_range": ("{value} 超出范围 {range}", "{value} is out of range {range}"),
    "bad_json": ("不是有效的 JSON：{reason}", "not valid JSON: {reason}"),
    "wrong_format": ("格式应为“{expected}”，实为“{found}”", "expected the format '{expected}', found '{found}'"),
    "duplicate": ("{kind_zh}“{id}”重复", "{kind} '{id}' appears twice"),
    "duplicate_entry": ("这一条重复了", "this {kind} appears twice"),
    "bad_date": ("“{value}”不是日期（应如 2026-07-13）", "'{value}' is not a date such as 2026-07-13"),
    "bad_time": ("“{value}”不是时刻（应如 08:30）", "'{value}' is not a time such as 08:30"),
    "time_not_after": ("结束“{value}”不晚于开始“{after}”", "'{value}' is not after the start '{after}'"),
    "slot_outside_segment": (
        "课节“{slot}”不在时段“{segment}”的时间之内",
        "slot '{slot}' does not lie within the hours of segment '{segment}'",
    ),
    "slot_not_in_class_segments": (
        "课节“{slot}”属于时段“{segment}”，本班没有这个时段",
        "slot '{slot}' lies in segment '{segment}', which is not one of the class's",
    ),
    "ban_needs_one_of": ("须且只须写 {fields} 之一", "needs exactly one of {fields}"),
    "needs_class": ("须同时写 --class", "needs --class beside it"),
    "needs_place": ("须同时写 --segment 或 --slot", "needs --segment or --slot beside --class"),
    "one_place": ("--segment、--slot、--domain 只能写一个", "only one of --segment, --slot and --domain"),
    "not_of_class": (
        "班次 {class} 没有这个{kind_zh}：{id}",
        "class {class} has no {kind} '{id}'",
    ),
    "start_misfit": (
        "这份排班和问题文件对不上，不是这一周的：{cause}",
        "this roster is not one of the problem's week: {cause}",
    ),
    "both_stdin": ("只有一个文件能从标准输入读", "only one file can be read from standard input"),
    "file_missing": ("没有这个文件", "no such file"),
    "file_unreadable": ("文件读不出来：{reason}", "the file cannot be read: {reason}"),
    "nothing_to_roster": ("这一周没有班次，没有可排的", "the week has no classes: there is nothing to roster"),
    "nobody_to_roster": ("一名志愿者也没有，没有人可排", "there are no volunteers: there is nobody to roster"),
    "nothing_published": (
        "没有已公布的排班，没有可修补的",
        "there is no published roster: there is nothing to repair",
    ),
    "is_the_input": (
        "{path} 就是要导入的工作簿，不会覆盖它",
        "{path} is the workbook itself, which is never overwritten",
    ),
    "not_an_xlsx_name": ("{path} 的扩展名应为 .xlsx", "{path} should end in .xlsx"),
    "not_utf8": ("不是 UTF-8 文本", "not UTF-8 text"),
    "is_a_folder": ("是文件夹，请写文件名", "is a folder; give the name of a file"),
    "file_unwritable": ("写不进去：{reason}。什么也没有写", "cannot be written: {reason}. Nothing was written"),
    "folder_missing": ("没有文件夹“{folder}”", "no folder '{folder}'"),
    "folder_unwritable": ("文件夹“{folder}”不可写", "the folder '{folder}' cannot be written to"),
}

KINDS_ZH = {
    "segment": "时段", "slot": "课节", "site": "托管点", "class": "班次", "course": "课程",
    "volunteer": "志愿者", "room": "功能室", "entry": "条目", "pin": "固定项", "child": "孩子",
}  # fmt: skip

RULES: Mapping[str, Pair] = {
    "clearance": ("{volunteer} 没有通过从业查询，不能排班", "{volunteer} is not cleared to be with children"),
    "adulthood_lead": ("{volunteer} 未满 18 岁，不能当班主任", "{volunteer} is not an adult and cannot lead"),
    "adulthood_visit": (
        "{volunteer} 未满 18 岁，不能单独来上课",
        "{volunteer} is not an adult and cannot come for a lesson alone",
    ),
    "availability": (
        "{volunteer} 在 {segment} 没有空",
        "{volunteer} is not available in {segment}",
    ),
    "duty": ("班次 {class} 没有时段 {segment}", "class {class} has no segment {segment}"),
    "reach": (
        "{volunteer} 离托管点太远（{km} 公里，最远 {reach_km} 公里）",
        "{volunteer} lives too far from the site ({km} km; reach {reach_km} km)",
    ),
    "one_place": ("{volunteer} 同一时间在两处", "{volunteer} is in two places at the same time"),
    "travel": (
        "{volunteer} 赶路时间不够：只有 {gap} 分钟，需要 {minutes} 分钟",
        "{volunteer} has too little time to travel: {gap} minutes, needs {minutes}",
    ),
    "load": (
        "{volunteer} 排了 {segments} 个时段，最多 {max_segments} 个",
        "{volunteer} is engaged in {segments} segments, at most {max_segments}",
    ),
    "roles_role": ("{volunteer} 没有这个岗位的资格", "{volunteer} does not have the role '{role}'"),
    "roles_course": ("{volunteer} 不会上课程 {course}", "{volunteer} cannot give course {course}"),
    "one_lead": (
        "班次 {class} 在 {segment} 有不止一名班主任",
        "class {class} has more than one lead in {segment}",
    ),
    "lesson_slot": ("班次 {class} 没有课节 {slot}", "class {class} has no slot {slot}"),
    "lesson_grades": (
        "班次 {class} 的年级 {grades} 不在课程的 {course_grades} 之内",
        "the grades {grades} of class {class} are not within the course's {course_grades}",
    ),
    "lesson_per_slot": ("班次 {class} 同一课节有 {lessons} 节课", "class {class} has {lessons} lessons in one slot"),
    "lesson_per_weekday": (
        "班次 {class} 同一门课一天上了 {lessons} 次，最多 {most} 次",
        "class {class} has the same course {lessons} times on one day, at most {most}",
    ),
    "lesson_per_week": (
        "班次 {class} 同一门课一周上了 {lessons} 次，最多 {most} 次",
        "class {class} has the same course {lessons} times in the week, at most {most}",
    ),
    "room_needs_none": ("这门课在本班教室上，不占用 {room}", "the course uses the home room, not {room}"),
    "room_missing": ("这门课需要功能室", "the course needs a special room"),
    "room_elsewhere": ("{room} 不在本托管点", "{room} is not at the class's site"),
    "room_kind": ("{room} 不是这门课需要的场地", "{room} is not the kind of room that the course needs"),
    "room_small": ("{room} 坐不下本班的孩子", "{room} is too small for the class"),
    "room_shared": ("{room} 同时有两节课", "{room} holds two lessons at the same time"),
    "heat": ("高温日不安排室外课", "no outdoor course on a heat day"),
    "pins": ("固定项没有照原样排入", "a pinned entry is not in the roster as it stands"),
    "frozen": ("已经过去的时段不能改动", "a segment before `frozen_before` was changed"),
    "bans": ("{volunteer} 不得安排到这里", "{volunteer} is banned from here"),
}

_ENTRY: Mapping[str, Pair] = {
    "lead": ("{volunteer} 在 {segment} 任 {class} 班主任", "{volunteer} leads {class} in {segment}"),
    "assistant": ("{volunteer} 在 {segment} 任 {class} 助教", "{volunteer} assists {class} in {segment}"),
    "lesson": (
        "{instructor} 在 {slot} 给 {class} 上 {course}（{room}）",
        "{instructor} gives {course} to {class} in {slot} ({room})",
    ),
}

_HOME_ROOM: Pair = ("本班教室", "home room")


def malformed(error: Malformed, language: Language) -> str:
    """`place: what is wrong`; in Chinese the contract's English first and the Chinese in brackets."""
    english = f"{error.place}: {_malformed(error, 'en')}"
    return english if language == "en" else f"{english}（{_malformed(error, 'zh')}）"


def _malformed(error: Malformed, language: Language) -> str:
    facts, code = dict(error.facts), error.code
    if code == "duplicate" and "id" not in facts:
        code = "duplicate_entry"
    if code == "bad_time" and "after" in facts:
        code = "time_not_after"
    if isinstance(cause := facts.get("cause"), Malformed):
        facts["cause"] = f"{cause.place}: {_malformed(cause, language)}"
    facts["kind_zh"] = KINDS_ZH.get(str(facts.get("kind")), facts.get("kind", ""))
    facts["range"] = _range(facts.get("least"), facts.get("most"))
    pair = MALFORMED.get(code) or placements.MALFORMED.get(code) or placements_after.MALFORMED.get(code)
    return fill(pick(pair, language), facts, language) if pair else unknown_code(code, error.facts, language)


def _range(least: object, most: object) -> str:
    return f"≥ {shown(least, 'en')}" if most is None else f"{shown(least, 'en')}–{shown(most, 'en')}"


def entry(item: Duty | Lesson, language: Language) -> str:
    """One duty or lesson in words, with the ids of the files."""
    if isinstance(item, Duty):
        facts: dict[str, object] = {"volunteer": item.volunteer, "class": item.class_run, "segment": item.segment}
        return fill(pick(_ENTRY[item.role], language), facts, language)
    facts = {"instructor": item.instructor, "class": item.class_run, "slot": item.slot, "course": item.course}
    return fill(pick(_ENTRY["lesson"], language), facts | {"room": item.room or pick(_HOME_ROOM, language)}, language)


def violation(found: Violation, language: Language) -> str:
    """`rule: sentence` and, behind a dash, the entries that break it."""
    said = sentence(found, {}, language)
    entries = ("；" if language == "zh" else "; ").join(entry(item, language) for item in found.subject)
    return f"{found.rule}: {said} — {entries}" if entries else f"{found.rule}: {said}"


def sentence(found: Violation, named: Mapping[str, object], language: Language) -> str:
    """What is broken, with the ids of the files except where `named` says better."""
    pair = RULES.get(_variant(found))
    facts = {**subject_facts(found), **found.facts, **named}
    return fill(pick(pair, language), facts, language) if pair else unknown_code("", found.facts, language)


def _variant(found: Violation) -> str:
    """Which sentence of a rule that can be broken in several ways."""
    facts = found.facts
    if found.rule == "lesson":
        return (
            f"lesson_per_{facts['per']}" if "per" in facts else "lesson_grades" if "grades" in facts else "lesson_slot"
        )
    marks = {"adulthood": facts.get("as"), "room": facts.get("fault")}
    if found.rule == "roles":
        return "roles_course" if "course" in facts else "roles_role"
    return f"{found.rule}_{marks[found.rule]}" if found.rule in marks else found.rule


def pin_error(found: Violation, language: Language) -> str:
    """One pin that cannot stand."""
    return f"pins: {violation(found, language)}"


def subject_facts(found: Violation) -> dict[str, object]:
    """What the first entry says anyway, so that a rule need not repeat it."""
    if not found.subject:
        return {}
    first = found.subject[0]
    if isinstance(first, Duty):
        return {"volunteer": first.volunteer, "class": first.class_run, "segment": first.segment}
    facts = {"volunteer": first.instructor, "class": first.class_run, "slot": first.slot, "course": first.course}
    return {**facts, "segment": first.slot, "room": first.room}
