"""Words and sentences about attendance: states, marks, what is refused, messages to those who have to act."""

from __future__ import annotations

from collections.abc import Mapping

from api.speak.language import Language, Pair, fill, pick

WORDS: Mapping[str, Mapping[str, Pair]] = {
    "state": {
        "expected": ("还没到", "not here yet"),
        "absent": ("请假", "absent"),
        "late": ("会晚到", "will be late"),
        "present": ("在班", "here"),
        "out": ("暂时离开", "out for a while"),
        "collected": ("已接走", "collected"),
        "left_alone": ("自己离开", "left alone"),
    },
    "mark": {
        "absent": ("请假", "Absent"),
        "late": ("会晚到", "Will be late"),
        "coming": ("照常来", "Coming after all"),
        "check_in": ("签到", "Sign in"),
        "step_out": ("暂时离开", "Out for a while"),
        "return": ("回来了", "Back"),
        "collected": ("接走", "Collected"),
        "left_alone": ("自己离开", "Left alone"),
        "undo": ("撤销上一步", "Undo the last mark"),
    },
    "colour": {
        "expected": ("amber", "amber"),
        "late": ("amber", "amber"),
        "out": ("amber", "amber"),
        "present": ("green", "green"),
        "absent": ("plain", "plain"),
        "collected": ("plain", "plain"),
        "left_alone": ("plain", "plain"),
    },
}

REFUSED: Mapping[str, Pair] = {
    "class_run_unknown": ("没有这个班，或者今天不由您照看", "there is no such class, or it is not yours today"),
    "clearance_needed": (
        "您的从业查询还没有登记或已过期，不能照看孩子。请联系点位负责人",
        "your background check is missing or too old, so you cannot look after children. Ask the coordinator",
    ),
    "no_sheets": ("这几天没有班，没有可打印的签到表", "no class meets on these days; there is no sheet to print"),
    "no_class_day": ("{day} 这一天没有课", "the class does not meet on {day}"),
    "day_ahead": ("{day} 还没有到", "{day} is still to come"),
    "child_not_in_class": ("这个孩子今天不在这个班的名单上", "this child is not on the list of this class today"),
    "day_closed": (
        "这一天已经结束，不能再改。要改请点位负责人重新打开",
        "this day is closed; the coordinator can open it",
    ),
    "day_open": ("这一天没有结束", "this day is not closed"),
    "mark_impossible": ("现在不能这样记：孩子的状态已经是“{state}”", "this cannot be noted now: the child is {state}"),
    "not_signed_in": ("孩子今天还没有签到，不能签退", "the child has not been signed in today"),
    "key_used": ("这条记录和另一条重号了，请刷新页面再记", "this mark has another one's number; reload the page"),
    "nothing_to_undo": ("没有可以撤销的记录", "there is nothing to undo"),
    "collector_forbidden": (
        "不能交给这个人：监护人登记为禁止接走。请不要放孩子走，马上给监护人打电话",
        "do not hand the child over: the guardians have forbidden this person to collect. Call them at once",
    ),
    "collector_refused": ("不能交给这个人。请找班主任", "the child cannot be handed over. Please fetch the class lead"),
    "alone_too_young": ("不满 {age} 岁的孩子不能自己离开", "children under {age} never leave alone"),
    "alone_not_agreed": ("监护人没有同意孩子自己离开", "the guardians have not agreed that the child leaves alone"),
    "day_unaccounted": (
        "还有 {n} 个孩子没有着落，不能结束这一天",
        "{n} children are not accounted for; the day cannot be closed",
    ),
    "day_unaccounted_1": (
        "还有 1 个孩子没有着落，不能结束这一天",
        "one child is not accounted for; the day cannot be closed",
    ),
    "site_unaccounted": (
        "还有 {n} 个孩子没有着落（{classes} 个班），不能结束",
        "{n} children are not accounted for ({classes} classes); the day cannot be closed",
    ),
    "stays_open": (
        "还有 {n} 位志愿者没有签退，先更正再结束",
        "{n} volunteers have not signed out; correct that before closing the day",
    ),
    "stays_open_1": (
        "还有 1 位志愿者没有签退，先更正再结束",
        "one volunteer has not signed out; correct that before closing the day",
    ),
    "absences_open_1": (
        "还有 1 处请假没有人顶替。找人顶替，或者写明原因再结束",
        "nobody has replaced one volunteer who cannot come; find a substitute, or write a reason to close all the same",
    ),
    "absences_open": (
        "还有 {n} 处请假没有人顶替。找人顶替，或者写明原因再结束",
        "nobody has replaced {n} volunteers who cannot come; find substitutes, or write a reason to close all the same",
    ),
    "pickup_early": ("放学 {minutes} 分钟以后才显示电话", "phones are shown from {minutes} minutes after closing"),
    "service_open": ("您已经签到了", "you are signed in already"),
    "service_not_open": ("您今天还没有签到", "you have not signed in today"),
    "stay_unknown": ("没有这条签到", "there is no such record"),
    "stay_void": ("这条已经改过了，请刷新页面", "this was corrected before; reload the page"),
    "time_ahead": ("时间还没有到", "this time is still to come"),
}

FIELDS: Mapping[str, Pair] = {
    "pickup_code_wrong": ("接送码不对，还可以试 {n} 次", "The code is wrong; {n} tries are left"),
    "pickup_code_over": (
        "接送码已失效，请让监护人再发一个",
        "The code is no longer good; ask the guardian for another",
    ),
    "collector_forbidden": ("这个人登记为禁止接走", "This person is on the list of those who must not collect"),
    "day_over": ("这一天已经过去了", "This day is over"),
    "time_malformed": ("时间写成 08:30", "Write the time as 08:30"),
    "left_before": ("离开比到达早", "It left before it came"),
    "absent_and_came": ("请假和到达只能填一个", "Either absent or a time, not both"),
    "choose_collector": ("请选谁接走的", "Choose who collected the child"),
    "not_that_day": ("时间要在同一天", "The time has to be on the same day"),
}
MESSAGES: Mapping[str, Pair] = {
    "not_collected": (
        "【青仔】{site} {class_run}：放学 {minutes} 分钟，还有 {n} 个孩子没有人接。请马上处理。",
        "[Qingzai] {site}, {class_run}: {minutes} minutes after closing {n} children have not been collected. "
        "Please see to it now.",
    ),
}


def word(kind: str, code: str, language: Language) -> str:
    """What a code is called; the code itself where no table holds it."""
    return pick(WORDS[kind].get(code, (code, code)), language)


def refused(code: str, facts: Mapping[str, object], language: Language) -> str | None:
    """A sentence for what was refused, or None where this is no code of attendance."""
    pair = (REFUSED.get(f"{code}_1") if facts.get("n") == 1 else None) or REFUSED.get(code)
    told = {**facts, "state": word("state", str(facts["state"]), language)} if "state" in facts else facts
    return fill(pick(pair, language), told, language) if pair else None


def message(code: str, facts: Mapping[str, object], language: Language) -> str | None:
    """The text of a message, or None where it is none of attendance."""
    pair = MESSAGES.get(code)
    return fill(pick(pair, language), facts, language) if pair else None
