"""Sentences about the board: rules in a few words, and what it refuses."""

from __future__ import annotations

from collections.abc import Mapping

from api.speak import repairs
from api.speak.language import Language, Pair, pick

RULES: Mapping[str, Pair] = {
    "clearance": ("未通过从业查询", "no background check"),
    "adulthood": ("未满 18 岁", "under 18"),
    "availability": ("那时没有空", "not available then"),
    "duty": ("本班那时没有托管", "the class is not there then"),
    "reach": ("离家太远", "too far from home"),
    "one_place": ("同一时间在别处", "elsewhere at that time"),
    "travel": ("赶路时间不够", "too little time to travel"),
    "load": ("时段已排满", "has as many segments as they accept"),
    "roles": ("没有这个岗位或课程的资格", "not qualified for that"),
    "one_lead": ("已有班主任", "there is a lead already"),
    "lesson": ("课次不合规定", "not a lesson for this class and slot"),
    "room": ("场地不合适或已占用", "the room does not fit or is taken"),
    "heat": ("高温日不上室外课", "no outdoor course on a heat day"),
    "pins": ("与固定的安排冲突", "clashes with what is pinned"),
    "bans": ("不得安排到这里", "banned from here"),
    "already_here": ("已经在这里", "is here already"),
}

REFUSED: Mapping[str, Pair] = {
    "board_unknown": ("{week} 这一周还没有打开排班台", "nobody has opened the board of the week of {week}"),
    "board_changed": (
        "{by} 刚改动了同一处（第 {revision} 次改动）。请看过新的排班再改",
        "{by} has just changed the same (change {revision}). Look at it and try again",
    ),
    "undo_depends": (
        "{by} 后来改动了同一处（第 {revision} 次改动），不能撤销",
        "{by} has changed the same since (change {revision}): it cannot be undone",
    ),
    "entry_gone": ("这一条已被别人改动，请刷新", "somebody has changed this entry: load the page again"),
    "entry_malformed": ("这一条写得不对：{place}", "the entry is not right: {place}"),
    "kind_unknown": ("没有“{kind}”这种改动", "there is no change '{kind}'"),
    "swap_uneven": ("值班和课程不能对调", "a duty and a lesson cannot be swapped"),
    "already_here": ("这个人那时已经在这个班", "this person is with that class then already"),
    "nothing_changes": ("这样没有任何变化", "that changes nothing"),
    "revision_unknown": ("没有第 {revision} 次改动", "there is no change {revision}"),
    "rules_stand": ("不能这样排：{rules}。这些规则不能放宽", "that cannot be: {rules}. These rules allow no override"),
    "reason_needed": ("这样会违反：{rules}。要放宽，请写明理由", "that breaks: {rules}. To override, write down why"),
    "reason_too_long": ("理由最多 {most} 个字", "a reason has at most {most} characters"),
    "day_over": ("{day} 已经过去，不能再改", "{day} is over and stays as it was"),
    "nothing_to_undo": ("没有您可以撤销的改动", "there is no change of yours to undo"),
    **repairs.REFUSED,
}


def rule_word(rule: str, language: Language) -> str:
    """A rule in a few words."""
    pair = RULES.get(rule)
    return pick(pair, language) if pair else rule


def told(facts: Mapping[str, object], language: Language) -> dict[str, object]:
    """The facts, with rules in words."""
    rules = facts.get("rules")
    if not isinstance(rules, list):
        return dict(facts)
    comma = "、" if language == "zh" else ", "
    return {**facts, "rules": comma.join(rule_word(str(rule), language) for rule in rules)}
