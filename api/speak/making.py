"""Sentences about making a week in the background: what is refused, and why a solve failed."""

from __future__ import annotations

from collections.abc import Mapping

from api.speak.language import Language, Pair, fill, pick

REFUSED: Mapping[str, Pair] = {
    "draft_ended": ("草稿 {draft} 已经算完了", "draft {draft} has ended already"),
    "draft_not_done": (
        "草稿 {draft} 还没有排好，不能放到排班台上", "draft {draft} is not finished: it cannot go on the board"
    ),
    "site_missing": (
        "没有这个点位，或者它这一周没有班：{site}", "there is no such site, or it has no class in that week: {site}"
    ),
    "seconds_range": ("秒数应为 {least} 到 {most}", "the seconds should be from {least} to {most}"),
    "lease_lost": ("另一个进程已经接手了任务 {task}", "another process has taken task {task} over"),
    "stopped_early": ("还没有开始就停下了，所以没有班表", "it was stopped before it began: there is no roster"),
    "task_kills": (
        "算到一半进程就没了，已经 {n} 次，不再自动重试。请看服务器的内存和日志，再排一次",
        "the process that solved it died {n} times; it is not tried again by itself. Look at the server's memory and "
        "logs, then try again",
    ),
}  # fmt: skip

WEEKS: Mapping[str, Pair] = {
    "week_empty": (
        "{week} 这一周没有一个有学生的班。已有期次：{terms}",
        "no class with children runs in the week of {week}. Terms: {terms}",
    ),
    "no_class_runs": (
        "还没有班次。请区办公室先导入工作簿", "there are no class runs yet. The office imports a workbook first"
    ),
    "no_volunteers": (
        "还没有志愿者。请区办公室先导入含“志愿者”表的工作簿",
        "there are no volunteers yet. The office imports a workbook with the sheet 志愿者 first",
    ),
    "class_without_slots": (
        "这些班没有课节，排不了：{classes}。请检查班次的托管时段和每日作息",
        "these classes have no lesson slots and cannot be rostered: {classes}. Check their hours of care and the day "
        "template",
    ),
}  # fmt: skip
"""Why a week cannot be rostered. The command line has its own sentences, which name its options."""

FAILED: Mapping[str, Pair] = {
    "crashed": (
        "程序出错了（{error}）：{text}。可以再排一次；又出现的话请报告这一行",
        "something went wrong ({error}): {text}. Try again; if it comes back, report this line",
    ),
    "pins_broken": (
        "排班台上固定的安排互相矛盾，或者违反规则，共 {n} 处。请在排班台上解开几个再排",
        "what is pinned on the board contradicts itself or a rule, {n} times. Unpin some of it and try again",
    ),
    "roster_broken": (
        "算出来的班表违反了 {n} 处规则，没有保存。请报告这个错误",
        "the solver's roster breaks {n} rules and was not stored. Please report this",
    ),
    "cost_wrong": (
        "算出来的代价对不上，没有保存。请报告这个错误",
        "the solver's roster costs other than it says and was not stored. Please report this",
    ),
    "interrupted": ("求解被中断", "the solver was interrupted"),
}
"""Why a solve failed, where nobody's request was refused."""


def week_refused(code: str, facts: Mapping[str, object], language: Language) -> str | None:
    """Why a week cannot be rostered; None where it is something else."""
    from api.speak.refusals import told

    pair = WEEKS.get(code)
    return None if pair is None else fill(pick(pair, language), told(facts, language), language)


def failure(code: str, facts: Mapping[str, object], language: Language) -> str:
    """Why a draft failed, in one sentence."""
    from api.speak.web import refusal

    violations = facts.get("violations")
    told = {**facts, "n": len(violations)} if isinstance(violations, list) else dict(facts)
    pair = FAILED.get(code)
    return fill(pick(pair, language), told, language) if pair else refusal(code, told, language)
