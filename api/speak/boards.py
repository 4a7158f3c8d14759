"""Sentences about the board: rules in a few words, and what it refuses."""

from __future__ import annotations

from collections.abc import Mapping

from api.speak import repairs, substitutes
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
    # What keeps a roster from being published without being a rule.
    "person_gone": ("这个人已不在名单里", "this person is not in the list any more"),
    "class_gone": ("这个班已经没有了", "this class is no more"),
    "hours_gone": ("这一周没有这个时段", "this week has no such time"),
    "day_over": ("这一天已经过去", "this day is over"),
    "course_gone": ("这门课已经没有了", "this course is no more"),
    "room_gone": ("这间教室已经没有了", "this room is no more"),
    "problem_malformed": ("这份排班的数据读不出来", "its data cannot be read"),
    "roster_malformed": (
        "里面有这一周没有的人、班或时段",
        "it names somebody or something the week does not have",
    ),
}

COSTS: Mapping[str, Pair] = {
    "safety": ("缺大人、缺班主任", "missing adults and leads"),
    "open_slots": ("没有课程的课节", "lessons without a course"),
    "domains": ("五育和安全课不够", "too few lessons of a domain"),
    "interest": ("课程不是孩子最想上的", "courses that children want less"),
    "travel_cost": ("志愿者的路程", "how far volunteers travel"),
    "continuity": ("孩子见到的人换得多", "many different faces for a class"),
    "leads": ("班主任换人", "changes of the lead"),
    "overload": ("超过志愿者希望的时段", "more than volunteers wished"),
    "wish": ("不在志愿者希望的点位", "sites that volunteers did not wish for"),
    "idle": ("想来的志愿者排得太少", "volunteers hardly used"),
}

OUTCOMES: Mapping[str, Pair] = {
    "works": ("可以", "works"),
    "reason": ("要写理由", "needs a reason"),
    "conflict": ("会有冲突", "makes a conflict"),
    "never": ("不行", "not possible"),
    "taken": ("已经在这里", "is here already"),
}

VIEWS: Mapping[str, Pair] = {
    "class": ("按班级", "By class"),
    "volunteer": ("按志愿者", "By volunteer"),
    "course": ("按课程", "By course"),
    "room": ("按场地", "By room"),
}

KINDS: Mapping[str, Pair] = {
    "move": ("移动", "moved"),
    "swap": ("对调", "swapped"),
    "exchange": ("课程对调", "lessons exchanged"),
    "add": ("排上", "added"),
    "remove": ("撤下", "taken off"),
    "pin": ("固定", "pinned"),
    "unpin": ("取消固定", "unpinned"),
    "override": ("写明理由放宽", "overridden with a reason"),
    "undo": ("撤销", "undone"),
    "fix": ("补上空缺", "gap filled"),
    "amend": ("随已发布的排班改动", "changed with the published week"),
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
    "conflict_stands": (
        "这样会有冲突：{rules}。可以先这样放着，解决以后才能发布",
        "that makes a conflict: {rules}. It may stand for now, but the week cannot be published until it is solved",
    ),
    "no_such_slot": ("这个班没有这节课", "the class has no such slot"),
    "view_unknown": ("没有“{view}”这种排法", "the grid cannot be arranged by '{view}'"),
    "trial_unknown": ("您在这一周没有试排", "you have no what-if for the week of {week}"),
    "trial_full": ("一次试排最多 {most} 步", "a what-if holds at most {most} changes"),
    "reason_too_long": ("理由最多 {most} 个字", "a reason has at most {most} characters"),
    "day_over": ("{day} 已经过去，不能再改", "{day} is over and stays as it was"),
    "book_of_another": (
        "这不是从这一周的排班台下载的工作簿",
        "this workbook was not made of the board of this week",
    ),
    "book_cells": ("有 {n} 个格子看不懂，什么都没有改", "{n} cells are not understood; nothing was changed"),
    "nothing_to_keep": (
        "{week} 这一周没有发布，也没有排班台，没有可存的",
        "the week of {week} has neither a version nor a board to keep",
    ),
    "template_empty": ("这些点位这一周还没有排人，没有可存的", "nobody is rostered at these sites in this week"),
    "template_unknown": ("没有这个模板，可能已经删除了", "there is no such template; it may have been removed"),
    "source_later": ("只能抄更早的一周", "only an earlier week can be copied"),
    "nothing_to_copy": (
        "{week} 这一周没有发布，也没有排班台，没有可抄的",
        "the week of {week} has neither a version nor a board to copy",
    ),
    "board_not_empty": (
        "这一周的排班台上已经有安排，不能再抄。请先在排班台上清空，或者直接调整",
        "the board of this week has entries already: nothing is copied over them",
    ),
    "data_moved_on": (
        "您看过之后，排班台或资料又有变化。请再看一遍再决定",
        "the board or the data changed since you looked. Look again, then decide",
    ),
    "data_same": ("资料没有变化", "the data are the same"),
    "way_unknown": ("没有“{way}”这种做法", "there is no way '{way}'"),
    "roster_faulty": (
        "还不能发布：有 {n} 处问题（{rules}）。请看清单，改好再发布",
        "this cannot be published yet: {n} faults ({rules}). See the list, mend them, then publish",
    ),
    "nothing_to_undo": ("没有您可以撤销的改动", "there is no change of yours to undo"),
    **repairs.REFUSED,
    **substitutes.REFUSED,
}


def rule_word(rule: str, language: Language) -> str:
    """A rule in a few words."""
    pair = RULES.get(rule)
    return pick(pair, language) if pair else rule


def word(kind: str, code: str, language: Language) -> str:
    """A word for a code: what a rule costs, what comes of a change, an arrangement, a kind of change."""
    pair = {"cost": COSTS, "outcome": OUTCOMES, "view": VIEWS, "kind": KINDS}[kind].get(code)
    return pick(pair, language) if pair else code


def told(facts: Mapping[str, object], language: Language) -> dict[str, object]:
    """The facts, with rules in words."""
    rules = facts.get("rules")
    if not isinstance(rules, list):
        return dict(facts)
    comma = "、" if language == "zh" else ", "
    return {**facts, "rules": comma.join(rule_word(str(rule), language) for rule in rules)}
