"""Sentences about life after a draw: what followed from events, who is asked, which class runs have become small."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from api.speak.language import Language, Pair, fill, pick, unknown_code

if TYPE_CHECKING:
    from scheduler.placement.after.offers import Offer
    from scheduler.placement.after.season import Change
    from scheduler.placement.after.small import Small

MALFORMED: Mapping[str, Pair] = {
    "not_offered": (
        "班次 {class} 现在没有问 {child} 要不要；正在问的：{asked}",
        "{child} has no open offer of class run {class}; open to: {asked}",
    ),
    "not_a_wish": ("{child} 没有报名班次 {class}", "class run {class} is no wish of {child}"),
    "holds_already": ("{child} 已经有班次 {class} 的位子", "{child} holds a place in class run {class} already"),
    "others_wait": (
        "班次 {class} 没有无人等待的空位；正在问的：{asked}",
        "class run {class} has no free place that nobody is asked about; open to: {asked}",
    ),
    "move_breaks": (
        "{child} 去班次 {class} 会违反规则 {rule}",
        "{child} in class run {class} would break the rule {rule}",
    ),
    "offer_impossible": (
        "这个位子给不了：没有空位，或者违反规则",
        "this offer cannot be kept: there is no free place for it, or it breaks a rule",
    ),
    "nobody_left": ("一个报名也不剩了", "no application would be left"),
    "one_output": ("--problem 要与 -o 不同，并且要写 -o", "--problem needs -o, and another file than -o"),
}

CHANGES: Mapping[str, Pair] = {
    "give-back": ("{child} 退回班次 {leaves}", "{child} gave back class run {leaves}"),
    "withdraw": ("{child} 退出，空出班次 {leaves}", "{child} withdrew from class run {leaves}"),
    "cancel": ("班次 {leaves} 取消，{child} 失去位子", "class run {leaves} is cancelled, {child} lost its place"),
    "accept": ("{child} 递补到班次 {takes}", "{child} took class run {takes}"),
    "move": ("{child} 经同意调到班次 {takes}", "{child} moved to class run {takes}, as agreed"),
    "fill": ("{child} 若同意则到班次 {takes}", "{child} would take class run {takes}"),
}

LINES: Mapping[str, Pair] = {
    "leaves": ("，空出班次 {leaves}", ", leaving {leaves}"),
    "changes": ("{n} 个位子有变动", "{n} places changed hands"),
    "changes_1": ("1 个位子有变动", "1 place changed hands"),
    "offers": ("{n} 个位子要问人：", "{n} offers to make:"),
    "offers_1": ("1 个位子要问人：", "1 offer to make:"),
    "offers_0": ("没有可以递补的位子", "nothing to offer"),
    "offer": ("班次 {class}：问 {child}", "class run {class}: ask {child}"),
    "with_family": ("（一家人一起：{moves}）", " (the whole family: {moves})"),
    "pair": ("{child}→{class}", "{child} → {class}"),
    "small": (
        "{n} 个班次不到开班人数，要有人决定：",
        "{n} class runs are below their minimum, and somebody has to decide:",
    ),
    "small_1": ("1 个班次不到开班人数，要有人决定：", "1 class run is below its minimum, and somebody has to decide:"),
    "small_run": (
        "班次 {class} 有 {children} 个孩子，要 {least} 个；"
        "{movable} 个孩子的别的志愿还有位子，另有 {others} 个可以问问别的班次",
        "class run {class} (children: {children}, needed: {least}): {movable} have a free place among their own "
        "wishes, {others} more could be asked about another class run",
    ),
    "next_children": ("下一轮有 {n} 个孩子", "the next round has {n} children"),
    "next_children_1": ("下一轮有 1 个孩子", "the next round has 1 child"),
    "next_kept": ("保留 {n} 个位子", "{n} places are kept"),
    "next_kept_1": ("保留 1 个位子", "1 place is kept"),
}


def counted(code: str, n: int, language: Language) -> str:
    """A line with a number, in the singular or in the words for none where there are such."""
    return _line(f"{code}_{n}" if f"{code}_{n}" in LINES else code, language, n=n)


def change(found: Change, language: Language) -> str:
    """A place that was taken or left."""
    facts = {"child": found.child, "takes": found.takes, "leaves": found.leaves}
    pair = CHANGES.get(found.kind)
    said = fill(pick(pair, language), facts, language) if pair else unknown_code(found.kind, facts, language)
    return said + _leaving(found.leaves if found.takes else None, language)


def offer(found: Offer, language: Language) -> str:
    """Who is to be asked about which place."""
    said = _line("offer", language, child=found.child, **{"class": found.class_run})
    if len(found.moves) > 1:
        pairs = [_line("pair", language, child=m.child, **{"class": m.class_run}) for m in found.moves]
        return said + _line("with_family", language, moves=pairs)
    return said + _leaving(found.moves[0].leaves, language)


def small(found: Small, language: Language) -> str:
    """A class run below its minimum, and how many could go elsewhere."""
    movable = sum(bool(a.wishes) for a in found.affected)
    others = sum(bool(a.others) and not a.wishes for a in found.affected)
    facts = {"children": found.children, "least": found.least, "movable": movable, "others": others}
    return _line("small_run", language, **{"class": found.class_run}, **facts)


def _leaving(name: str | None, language: Language) -> str:
    return _line("leaves", language, leaves=name) if name is not None else ""


def _line(code: str, language: Language, **facts: object) -> str:
    return fill(pick(LINES[code], language), facts, language)
