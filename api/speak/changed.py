"""Sentences about data that changed underneath a board or a draft."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from api.speak.language import Language, Pair, fill, pick
from api.speak.weeks import grades, weekday, word
from registry.rostering.changed import Change

LISTS: Mapping[str, Pair] = {
    "times": ("可来的时间", "times"),
    "roles": ("岗位", "roles"),
    "courses": ("会教的课", "courses"),
    "wishes": ("希望去的点位", "preferred sites"),
    "hours": ("托管时间", "hours"),
}
SENTENCES: Mapping[str, Pair] = {
    "gone": ("没有了", "is gone"),
    "new": ("是新的", "is new"),
    "back": ("又有了", "is back"),
    "renamed": ("改名为“{now}”", "is called “{now}” now"),
    "not_cleared": ("从业查询不再有效", "has no valid background check any more"),
    "cleared": ("从业查询有效了", "has a valid background check now"),
    "adult": ("已满 18 岁", "is 18 now"),
    "minor": ("未满 18 岁", "is under 18"),
    "load": ("每周最多 {old} 改为 {now} 个时段", "takes at most {now} times a week, {old} before"),
    "reach": ("可到距离 {old} 改为 {now} 公里", "reaches {now} km, {old} before"),
    "moved": ("位置变了", "is in another place"),
    "children": ("孩子 {old} 改为 {now} 名", "has {now} children, {old} before"),
    "grades": ("年级 {old} 改为 {now}", "is for {now}, before for {old}"),
    "site": ("点位从“{old}”改为“{now}”", "is at “{now}”, before at “{old}”"),
    "hours_moved": ("{old} 改为 {now}", "is {now}, {old} before"),
    "ban_new": ("不得再安排到“{new}”", "is banned from “{new}”"),
    "ban_gone": ("可以再安排到“{new}”", "is not banned from “{new}” any more"),
    "changed": ("排班规则的数字变了：{new}", "the numbers of the rules changed: {new}"),
    "domain": ("课程领域变了", "is of another domain"),
    "room_kind": ("要的场地变了", "needs another kind of room"),
    "outdoor": ("室内室外变了", "is outdoors or indoors now"),
    "kind": ("种类 {old} 改为 {now}", "is {now}, before {old}"),
    "capacity": ("容量 {old} 改为 {now} 人", "holds {now}, {old} before"),
}
KINDS: Mapping[str, Pair] = {
    "class": ("班", "Class"), "volunteer": ("志愿者", "Volunteer"), "ban": ("志愿者", "Volunteer"),
    "segment": ("时段", "Time"), "slot": ("课节", "Lesson slot"), "course": ("课程", "Course"),
    "room": ("教室", "Room"), "site": ("点位", "Site"), "policy": ("规则", "Rules"),
}  # fmt: skip
LOST: Pair = ("少了{names}", "less {names}")
GOT: Pair = ("多了{names}", "more {names}")
SLOT: Pair = ("{day}第 {n} 节", "{day} lesson {n}")


def title(change: Change, language: Language) -> str:
    """What it is about: Volunteer 张三, Class 东街小学 1-2年级班."""
    name = hour(change.name, language) if change.kind in ("segment", "slot") else change.name
    return " ".join(part for part in (pick(KINDS[change.kind], language), change.at, name) if part)


def sentence(change: Change, language: Language) -> str:
    """What is different, in a few words."""
    if change.what in LISTS and (change.gone or change.new):
        return _lists(change, language)
    if change.what == "wishes":
        return pick(("希望的时段数变了", "wishes another number of times a week"), language)
    facts: dict[str, object] = {"old": change.old, "now": change.now, "new": _listed(change.new, language)}
    if change.what == "grades":
        facts |= {name: grades(tuple(facts[name]), language) for name in ("old", "now")}  # type: ignore[arg-type]
    return fill(pick(SENTENCES[change.what], language), facts, language)


def _lists(change: Change, language: Language) -> str:
    said = [
        fill(pick(pair, language), {"names": _listed(some, language, change.what)}, language)
        for pair, some in ((LOST, change.gone), (GOT, change.new)) if some
    ]  # fmt: skip
    return pick(LISTS[change.what], language) + ("：" if language == "zh" else ": ") + _joined(said, language)


def _listed(ids: Iterable[str], language: Language, what: str = "") -> str:
    if what == "roles":
        return _joined((word("role", id_, language) for id_ in ids), language)
    return _joined((hour(id_, language) if what in ("times", "hours") else id_ for id_ in ids), language)


def _joined(texts: Iterable[str], language: Language) -> str:
    return ("、" if language == "zh" else ", ").join(texts)


def hour(id_: str, language: Language) -> str:
    """A segment or a slot of a week made from the tables: 周一上午, Mon lesson 2."""
    day, _, part = id_.partition("-")
    if not day.isdigit() or not part:
        return id_
    if part.isdigit():
        return fill(pick(SLOT, language), {"day": weekday(int(day), language), "n": part}, language)
    return f"{weekday(int(day), language)}{'' if language == 'zh' else ' '}{word('part', part, language)}"
