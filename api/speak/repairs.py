"""Sentences about repairs of a board: what happened, how far it is, why an entry changes, what is refused."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from api.speak.language import Language, Pair, fill, pick

WORDS: Mapping[str, Mapping[str, Pair]] = {
    "status": {
        "queued": ("排队中", "waiting"),
        "solving": ("正在计算", "being worked out"),
        "done": ("等您决定", "for you to decide"),
        "accepted": ("已采用", "taken"),
        "dropped": ("已放弃", "put aside"),
        "failed": ("没有算出来", "failed"),
    },
    "care": {
        "open": ("还没有处理", "nothing done yet"),
        "mending": ("有修补方案等决定", "a repair waits"),
        "asked": ("正在问替补", "a substitute is asked"),
        "covered": ("排班台上已处理，等发布", "settled on the board, to be published"),
    },
    "kind": {
        "absent": ("{name} 来不了", "{name} cannot come"),
        "heat": ("高温，不上室外课", "heat, no outdoor lessons"),
        "closed": ("{name} 停办", "{name} is closed"),
    },
    "level": {
        "safety": ("安全缺口", "Missing adults and leads"),
        "programme": ("课程缺口", "Missing lessons"),
        "people": ("要打扰的人", "People disturbed"),
        "changes": ("改动的条目", "Entries changed"),
        "quality": ("质量（分，越低越好）", "Quality (points, fewer are better)"),
    },
}

WHY: Mapping[str, Pair] = {
    "away": ("来不了", "cannot come"),
    "closes": ("班级停办", "the class closes"),
    "hot": ("高温不上室外课", "no outdoor lesson in the heat"),
    "taken": ("由{others}接替", "taken over by {others}"),
    "moved": ("同一时间去了别处", "needed elsewhere at that time"),
    "freed": ("不再需要", "no longer needed"),
    "instead": ("接替{others}", "instead of {others}"),
    "changed": ("同一时间换到这里", "moves here at that time"),
    "fills": ("补上空缺", "fills a gap"),
}

REFUSED: Mapping[str, Pair] = {
    "cause_unknown": ("不知道“{kind}”是什么情况", "'{kind}' is nothing that can be reported"),
    "cause_days": ("请选这一周里的日子，先后不要颠倒", "choose days of this week, the first one first"),
    "day_gone": ("这一天已经过去，不能再改", "that day is over and stays as it was"),
    "cause_of": ("请从列出的人或班里选一个", "choose one of the people or classes that are listed"),
    "nothing_to_mend": ("排班台已经知道了，没有要修补的", "the board knows of that already: there is nothing to mend"),
    "week_gone": ("这一周已经过去了", "that week is over"),
    "repair_unknown": ("没有编号为 {repair} 的修补方案", "there is no repair {repair}"),
    "repair_unfinished": ("这个方案还在计算，请等几秒", "this repair is still being worked out: wait some seconds"),
    "repair_decided": ("这个方案已经有人处理过了", "this repair was decided already"),
    "repair_alone": (
        "这个方案没有打扰任何人，没有别的可换",
        "this repair disturbs nobody: there is nobody to leave alone",
    ),
    "without_most": ("最多避开 {most} 个人", "at most {most} people can be left alone"),
    "repair_stale": (
        "排班台已经变了，采用后会违反：{rules}。请另要一个方案",
        "the board has changed, and this would break: {rules}. Ask for another repair",
    ),
    "week_unpublished": ("这一周还没有发布，没有候补", "that week is not published, so it has no stand-bys"),
}


def word(kind: str, code: str, language: Language) -> str:
    """What a status or a level is called."""
    pair = WORDS[kind].get(code)
    return pick(pair, language) if pair else code


def cause(kind: str, name: str, language: Language) -> str:
    """What happened: to whom, or to which class."""
    pair = WORDS["kind"].get(kind)
    return fill(pick(pair, language), {"name": name}, language) if pair else kind


def why(code: str, others: Sequence[str], language: Language) -> str:
    """Why an entry goes or comes."""
    comma = "、" if language == "zh" else ", "
    return fill(pick(WHY[code], language), {"others": comma.join(others)}, language)
