"""Sentences about a workbook of applications on paper: what is wrong with a cell or row, and what to do."""

from __future__ import annotations

from collections.abc import Mapping

from api.speak import fields, imports, web
from api.speak.enrolment import FIELDS as ENROLMENT
from api.speak.language import Language, Pair, fill, pick
from registry.exchange.report import ImportProblem

PAPER: Mapping[str, Pair] = {
    "class_unknown": (
        "这一场没有“{value}”。请从“可选班次”表里选，或写 # 编号",
        "the round has no '{value}'. Choose one of the sheet 可选班次, or write its number with #",
    ),
    "weekdays_unreadable": (
        "看不出是星期几。请写“一三五”或“周一至周三”，每天都来就不写",
        "not readable as weekdays. Write 一三五 or 周一至周三; leave it empty for all days",
    ),
    "already_applied": (
        "这个孩子在这一场已经报过名，没有改动",
        "this child has applied in this round already; nothing was changed",
    ),
    "phone_of_another": (
        "这个手机号是另一位监护人的。请核对号码；号码没错，就请家长自己在网上报名",
        "this is another guardian's number. Check it; if it is right, let the family apply online",
    ),
    "consent_empty": ("家长还没有签这一项，请补签“是”或“否”", "not answered: have the parent sign yes or no"),
    "consent_refused": ("这一项不同意就不能报名", "without a yes to this nobody can be enrolled"),
    "other_site_only": (
        "志愿里没有您负责的托管点，请交给区办公室录入",
        "none of the wishes is for your site; let the district's office enter it",
    ),
    "too_many_rows": (
        "一次最多 {limit} 行，后面的请另存一份",
        "at most {limit} rows at a time; put the rest into another file",
    ),
    "child_known": ("这位家长已经有这个孩子", "the family has this child already"),
}  # fmt: skip


def sentence(problem: ImportProblem, language: Language) -> str:
    """What is the matter with a cell or row, and what to do about it."""
    facts = {"value": problem.value, **problem.facts}
    if problem.code in PAPER:
        return fill(pick(PAPER[problem.code], language), facts, language)
    if problem.code in imports.PROBLEMS:
        todo, stop = imports.advice(problem, language), "。" if language == "zh" else ". "
        return f"{imports.what(problem, language)}{stop}{todo[:1].upper()}{todo[1:]}"
    if problem.code in fields.FIELDS or problem.code in ENROLMENT:
        return fields.sentence(problem.code, problem.facts, language)
    return web.refusal(problem.code, problem.facts, language)


def in_the_margin(problem: ImportProblem, language: Language) -> str:
    """What stands beside the row in the copy."""
    colon = "：" if language == "zh" else ": "
    return f"{problem.column}{colon if problem.column else ''}{sentence(problem, language)}"
