"""Sentences of the command line: costs and bounds in plain words, how a check came out, how far a solver is."""

from __future__ import annotations

from collections.abc import Mapping

from api.speak.language import Language, Pair, fill, pick, unknown_code
from scheduler.result import Cost

LEVELS: Mapping[str, Pair] = {
    "safety": ("安全缺口", "safety gaps"),
    "programme": ("课程缺口", "programme gaps"),
    "quality": ("质量代价", "quality cost"),
}

PHASES: Mapping[str, Pair] = {
    "start": ("初排", "first roster"),
    "search": ("改进", "improving"),
    "bound": ("证明", "proving"),
    "end": ("完成", "done"),
}

LINES: Mapping[str, Pair] = {
    "clean": ("没有违反任何规则", "no rule is broken"),
    "broken": ("违反规则 {n} 处：", "{n} rules broken:"),
    "broken_1": ("违反规则 1 处：", "1 rule broken:"),
    "overridden": ("经批准的例外 {n} 处：", "{n} overridden by pins:"),
    "cost": (
        "代价：安全 {safety}，课程 {programme}，质量 {quality}",
        "cost: safety {safety}, programme {programme}, quality {quality}",
    ),
    "cost_differs": (
        "文件写的代价不对：安全 {safety}，课程 {programme}，质量 {quality}",
        "the file states another cost: safety {safety}, programme {programme}, quality {quality}",
    ),
    "cost_same": ("与文件所写一致", "as the file states"),
    "cost_unstated": ("文件没有写代价", "the file states none"),
    "proven": ("{level}：{cost}，已证明任何排法都不会更少", "{level}: {cost}, proven: no roster can do better"),
    "bounded": ("{level}：{cost}，任何排法都不会少于 {bound}", "{level}: {cost}, no roster can do better than {bound}"),
    "none": ("{level}：0", "{level}: 0"),
    "unbounded": ("{level}：{cost}", "{level}: {cost}"),
    "waiting": ("{level}：…", "{level}: …"),
    "elapsed": ("已用 {seconds} 秒", "{seconds} s"),
    "interrupted": ("已中断，写出目前最好的结果", "interrupted: writing the best so far"),
    "interrupted_early": (
        "还没有任何排法就被中断，什么也没有写",
        "interrupted before there was any roster; nothing written",
    ),
    "written": ("已写入 {path}", "written to {path}"),
}


def line(code: str, language: Language, **facts: object) -> str:
    """One line of a command."""
    pair = LINES.get(code)
    return fill(pick(pair, language), facts, language) if pair else unknown_code(code, facts, language)


def counted(code: str, n: int, language: Language) -> str:
    """A line with a number, in the singular where there is one."""
    return line(f"{code}_1" if n == 1 and f"{code}_1" in LINES else code, language, n=n)


def phase(code: str, language: Language) -> str:
    """What a solver is doing."""
    return pick(PHASES[code], language) if code in PHASES else code


def level(name: str, cost: Cost | None, bound: Cost | None, language: Language) -> str:
    """One level with its bound, in plain words."""
    said = pick(LEVELS[name], language)
    if cost is None:
        return line("waiting", language, level=said)
    value = getattr(cost, name)
    least = getattr(bound, name) if bound else None
    code = "none" if value == 0 else "unbounded" if not least else "proven" if least >= value else "bounded"
    return line(code, language, level=said, cost=f"{value:,}", bound=f"{least:,}" if least else 0)


def levels(cost: Cost | None, bound: Cost | None, language: Language) -> list[str]:
    """The three levels, best first."""
    return [level(name, cost, bound, language) for name in Cost._fields]
