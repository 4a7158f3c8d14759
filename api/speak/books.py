"""Sentences about the edited workbook of a week: which cell is not understood, and what to do."""

from __future__ import annotations

from collections.abc import Mapping

from api.speak.language import Language, Pair, fill, pick, unknown_code
from registry.exchange.book_rows import BookProblem

KINDS: Mapping[str, Pair] = {
    "volunteer": ("志愿者", "volunteer"),
    "instructor": ("老师", "instructor"),
    "class_run": ("班级", "class"),
    "segment": ("时段", "part of the day"),
    "slot": ("课节", "slot"),
    "course": ("课程", "course"),
    "room": ("功能室", "room"),
    "role": ("岗位", "role"),
}

PROBLEMS: Mapping[str, Pair] = {
    "unknown": (
        "没有这个{kind}。请从下拉列表里选，或写编号",
        "there is no such {kind}. Choose one from the list, or write the number",
    ),
    "several": ("有几个都叫这个名字：{ids}。请写编号", "several have this name: {ids}. Write the number"),
    "name_differs": (
        "编号 {id} 是“{name}”，与写的名字不符。请把名字和编号改成同一个",
        "{id} is '{name}', not the name written. Make name and number those of one",
    ),
    "value_missing": ("这一行缺{kind}。请补上，或清空整行", "the {kind} is missing. Fill it in, or empty the row"),
    "class_not_there": ("{class_run} 这时不托管", "{class_run} is not there at that time"),
    "room_elsewhere": ("这间功能室不在 {class_run} 的托管点", "this room is not at the site of {class_run}"),
    "twice": ("与第 {row} 行重复。请删掉一条", "the same as row {row}. Take one of them out"),
    "row_unknown": (
        "不知道这一行是什么。请不要改“行”这一列",
        "what does this row hold? Leave that column as it was",
    ),
    "column_unknown": (
        "不知道这一列是什么。请不要改第一行",
        "what is this column? Leave the first row as it was",
    ),
    "edited_twice": (
        "这个班的这一格，与名单里改得不一样。请改成一样，或只在一处改",
        "this place was changed differently in the list. Make both the same, or change only one",
    ),
    "incomplete": ("课程和老师要都写，或都清空", "course and instructor belong together: fill in both, or empty both"),
}

PLACE: Pair = ("“{sheet}”第 {row} 行“{column}”{value}：", "'{sheet}' row {row}, '{column}'{value}: ")


def problem(found: BookProblem, language: Language) -> str:
    """One sentence: where, what stands there, what to do."""
    value = f"“{found.value}”" if language == "zh" else f" '{found.value}'"
    place = {"sheet": found.sheet, "row": found.row, "column": found.column, "value": value if found.value else ""}
    pair = PROBLEMS.get(found.code)
    kind = pick(KINDS[found.kind], language) if found.kind in KINDS else found.kind
    facts = {**found.facts, "kind": kind}
    said = fill(pick(pair, language), facts, language) if pair else unknown_code(found.code, found.facts, language)
    return fill(pick(PLACE, language), place, language) + said
