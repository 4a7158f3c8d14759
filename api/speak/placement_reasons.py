"""Why a child has the place it has: codes and facts of `scheduler.placement.reasons` as one sentence a child."""

from __future__ import annotations

from collections.abc import Mapping

from api.speak.language import Language, Pair, fill, pick, unknown_code
from scheduler.placement.reasons import Claim, Reason, Unmet, hexadecimal

DIGITS = 12
"""Of the 64 digits of a lottery number, so many are said: two of 100,000 children share them once in 50,000 draws."""

HEADS: Mapping[str, Pair] = {
    "first_wish": ("{child} 如愿得到：{held}", "{child} has {held}, its first wish"),
    "lesser_wish": ("{child} 得到：{held}", "{child} has {held}"),
    "kept": ("{child} 保留已确认的位子：{held}", "{child} keeps what was confirmed: {held}"),
    "no_place": ("{child} 没有位子", "{child} has no place"),
    "no_usable_wish": ("{child} 没有位子：没有可用的志愿", "{child} has no place: no wish that counts"),
}

HELD: Mapping[str, Pair] = {
    "wish": ("班次 {class}（第 {rank} 志愿）", "class run {class} (wish {rank})"),
    "no_wish": ("班次 {class}", "class run {class}"),
}

OWN: Pair = ("自己是{own}", "its own is {own}")
_LAST: Pair = ("最后录取的是{last}", "the last admitted claim is {last}")
_COUNTS: Pair = ("{applied} 人报名，{places} 个位子", "applied: {applied}, places: {places}")
_WORSE_ZH = "录取了更靠后的（最后录取{last}，{own_words}），"
_WORSE_EN = "a worse claim was admitted (the last admitted claim is {last}, {own_words}) "
_ROOM: Pair = ("还有位子", "there is room, but ")

REASONS: Mapping[str, Pair] = {
    "wrong_grade": ("年级不符，不计", "the child's grade does not fit, so it does not count"),
    "not_open": ("没有开班", "it does not open"),
    "confirmed": ("位子都在以前确认了", "all who have a place were confirmed before"),
    "better_claims": (f"{_LAST[0]}，{{own_words}}", f"{_LAST[1]}, {{own_words}}"),
    "no_other_place": (
        _WORSE_ZH + "因为那个孩子没有别的位子：起决定作用的是 {decided} 这一级",
        _WORSE_EN + "because its holder had no other place: the level {decided} decided",
    ),
    "worse_by_rule": (
        _WORSE_ZH + "因为与那个孩子互换会违反规则：{rule}",
        _WORSE_EN + "because an exchange with its holder would break a rule: {rule}",
    ),
    "worse_by_level": (
        _WORSE_ZH + "因为互换会使 {decided} 这一级变差",
        _WORSE_EN + "because an exchange would make the level {decided} worse",
    ),
    "worse_not_proven": (
        _WORSE_ZH + "互换并不会有损失：这份结果没有证明是最好的",
        _WORSE_EN + "although an exchange would cost nothing: this result is not proven best",
    ),
    "room_by_rule": (_ROOM[0] + "，但给了会违反规则：{rule}", _ROOM[1] + "taking it would break a rule: {rule}"),
    "room_not_proven": (
        _ROOM[0] + "，给了并不会有损失：这份结果没有证明是最好的",
        _ROOM[1] + "nothing stands against it: this result is not proven best",
    ),
}

RULES: Mapping[str, Pair] = {
    "keep": ("它确认过的位子不会被收回", "a confirmed place is never taken back"),
    "capacity": ("有的星期几会超过班额", "on some weekday there would be more children than places"),
    "minimum": ("有班次会低于开班人数", "a class run would fall below its minimum"),
    "families": ("有一家人会被分开", "a family would be parted"),
}

PARTS: Mapping[str, Pair] = {
    "claim": ("（优先级 {tier}，第 {rank} 志愿，号 {number}）", "(tier {tier}, wish {rank}, number {number})"),
    "wish": ("第 {rank} 志愿 {class}：", "wish {rank}, {class}: "),
    "position": ("候补第 {position} 位，共 {waiting} 位", "waitlist position {position} of {waiting}"),
    "free": ("还有位子的班次：{runs}", "places are still free in {runs}"),
    "none_free": ("没有合适的班次还有位子", "no class run that fits has a place left"),
    "free_run": ("{class}（{site}，第 {term} 期，{places} 个）", "{class} ({site}, term {term}: {places})"),
    "more": ("等 {n} 个班次", "{n} class runs in all"),
}

MOST_FREE = 5
"""So many class runs with places are named; all are in the JSON."""


def sentence(reason: Reason, language: Language) -> str:
    """All of one child's reason, as one line."""
    head = pick(HEADS[reason.code], language) if reason.code in HEADS else unknown_code(reason.code, {}, language)
    comma, semicolon, stop = ("，", "；", "。") if language == "zh" else (", ", "; ", ".")
    held = comma.join(
        fill(pick(HELD["wish" if p.rank else "no_wish"], language), {"class": p.class_run, "rank": p.rank}, language)
        for p in reason.held
    )
    said = [fill(head, {"child": reason.child, "held": held}, language)]
    said += [_wish(wish, language, comma) for wish in reason.unmet]
    if not reason.held:
        said.append(_free(reason, language))
    return semicolon.join(said) + stop


def _wish(wish: Unmet, language: Language, comma: str) -> str:
    begin = _part("wish", language, rank=wish.rank, **{"class": wish.class_run})
    return begin + unmet(wish, language, comma)


def unmet(wish: Unmet, language: Language, comma: str) -> str:
    """Why one wish was not met, without naming it."""
    own_words = fill(pick(OWN, language), {"own": _claim(wish.own, language)}, language)
    facts = {
        "last": _claim(wish.last, language) if wish.last else "—",
        "own_words": own_words,
        "decided": wish.decided,
        "rule": pick(RULES[wish.decided], language) if wish.decided in RULES else wish.decided,
    }
    pair = REASONS.get(wish.code)
    said = [fill(pick(pair, language), facts, language) if pair else unknown_code(wish.code, facts, language)]
    if wish.code != "wrong_grade":
        said.insert(0, fill(pick(_COUNTS, language), {"applied": wish.applied, "places": wish.places}, language))
    if wish.position:
        said.append(_part("position", language, position=wish.position, waiting=wish.waiting))
    return comma.join(said)


def _free(reason: Reason, language: Language) -> str:
    if not reason.free:
        return _part("none_free", language)
    runs = [
        _part("free_run", language, site=f.site, term=f.term, places=f.places, **{"class": f.class_run})
        for f in reason.free[:MOST_FREE]
    ]
    if len(reason.free) > MOST_FREE:
        runs.append(_part("more", language, n=len(reason.free)))
    return _part("free", language, runs=runs)


def _claim(claim: Claim, language: Language) -> str:
    number = hexadecimal(claim.number)[:DIGITS] + "…"
    return _part("claim", language, tier=claim.tier, rank=claim.rank, number=number)


def _part(code: str, language: Language, **facts: object) -> str:
    return fill(pick(PARTS[code], language), facts, language)
