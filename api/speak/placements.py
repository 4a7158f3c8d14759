"""Sentences about placements: what is malformed, what a check found, how far a solver is, what to notice."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from api.speak.language import Language, Pair, fill, pick, unknown_code
from scheduler.placement.result import Fault, Level, News

MALFORMED: Mapping[str, Pair] = {
    "empty_list": ("这里不能是空的", "the list is empty"),
    "empty_text": ("这里不能是空的", "the text is empty"),
    "no_class_for_grade": ("没有一个班次收 {grade} 年级", "no class takes grade {grade}"),
    "keep_seats": ("保留了 {kept} 个班次，最多只要 {seats} 个", "{kept} class runs are kept, but only {seats} wanted"),
    "keep_grade": (
        "保留的班次 {class} 收 {grades} 年级，孩子是 {grade} 年级",
        "the kept class run {class} takes grades {grades}, the child is in grade {grade}",
    ),
    "keep_term": (
        "保留的班次 {class} 与另一个同在第 {term} 期",
        "the kept class run {class} is the second in term {term}",
    ),
    "keep_capacity": (
        "班次 {class} 星期 {weekday} 保留的孩子超过了班额 {capacity}",
        "more children are kept in class run {class} on weekday {weekday} than its capacity of {capacity}",
    ),
    "keep_family": (
        "家庭 {family} 必须在一起，但与保留的班次凑不到一处",
        "family {family} must be together, and cannot be with what is kept",
    ),
    "broken_placement": (
        "这份结果违反了规则；先用 placement check 看是哪些",
        "this result breaks rules; placement check lists them",
    ),
    "not_held": ("{child} 没有班次 {class} 的位子", "{child} holds no place in class run {class}"),
    "late_keep": ("{child} 是补报的，不能有保留的班次", "{child} applies late and cannot keep a place"),
    "keeps_impossible": (
        "保留的班次合在一起无法成立（家庭必须在一起，位子不够）",
        "what is kept cannot stand together: families must be together, and there are too few places",
    ),
    "secret_short": ("秘密太短，至少 {least} 个字符", "the secret is too short: {least} characters at least"),
    "secret_differs": ("这不是事先公布了哈希的那个秘密", "this is not the secret whose hash was published"),
    "commitment_differs": (
        "承诺值与冻结的名单不符，文件被改过",
        "the commitment is not that of the frozen list: the file was changed",
    ),
    "seed_differs": ("结果用的种子是 {stated}，应为 {true}", "the result was drawn with seed {stated}, not {true}"),
    "not_a_certificate": ("这里不像一份摇号证书", "not what a certificate of a draw has here"),
    "duplicate_id": ("编号重复", "an id appears twice"),
}

FAULTS: Mapping[str, Pair] = {
    "not_wished": (
        "{child} 没有报名班次 {class}，也没有保留它",
        "{child} neither wished nor keeps class run {class}",
    ),
    "rank": (
        "{child} 的班次 {class} 应是第 {true} 志愿，写成了 {rank}",
        "class run {class} of {child} has rank {true}, not {rank}",
    ),
    "grade": (
        "{child} 是 {grade} 年级，班次 {class} 收 {grades} 年级",
        "{child} is in grade {grade}, class run {class} takes {grades}",
    ),
    "capacity": (
        "班次 {class} 星期 {weekday} 有 {children} 个孩子，班额 {capacity}",
        "class run {class} has {children} children on weekday {weekday}, capacity {capacity}",
    ),
    "terms": ("{child} 在第 {term} 期有 {places} 个班次", "{child} has {places} places in term {term}"),
    "seats": ("{child} 有 {places} 个班次，最多要 {seats} 个", "{child} has {places} places and wants at most {seats}"),
    "keep": ("{child} 保留的班次 {class} 不见了", "{child} keeps class run {class} and does not have it"),
    "minimum": (
        "班次 {class} 有 {children} 个孩子，不到开班人数 {least}",
        "class run {class} has {children} children, fewer than the {least} it needs to open",
    ),
    "families": (
        "家庭 {family} 的孩子不在一处：{children}",
        "family {family} is not together: {children}",
    ),
    "stated": ("{field} 写的是 {stated}，应为 {true}", "{field} is stated as {stated} and should be {true}"),
    "level_names": ("各级目标的名称或顺序不对", "the levels are not those of this problem, in their order"),
    "level": ("{level} 写的是 {stated}，数出来是 {true}", "{level} is stated as {stated}; counted, it is {true}"),
    "bound": ("{level} 的上限 {bound} 小于数值 {value}", "the bound {bound} of {level} is less than its value {value}"),
    "waitlist_missing": ("开了的班次 {class} 没有候补名单", "class run {class} is open and has no waitlist"),
    "waitlist_of_closed": ("没有开的班次 {class} 不该有候补名单", "class run {class} is not open and has a waitlist"),
    "waitlist": (
        "班次 {class} 的候补名单第 {position} 位应是 {true}，写的是 {stated}",
        "position {position} of the waitlist of class run {class} is {true}, not {stated}",
    ),
    "lottery_rule": ("摇号规则写的是“{stated}”，应为“{true}”", "the lottery rule is '{stated}', not '{true}'"),
    "seed_rule": ("种子规则写的是“{stated}”，应为“{true}”", "the seed's rule is '{stated}', not '{true}'"),
    "commitment": (
        "承诺值写的是 {stated}，按冻结的名单算是 {true}",
        "the commitment is stated as {stated}; of the frozen list it is {true}",
    ),
    "published": (
        "证书里的承诺值 {stated} 不是事先公布的 {true}",
        "the commitment {stated} is not the one that was published, {true}",
    ),
    "seed": ("种子写的是 {stated}，按规则应为 {true}", "the seed is stated as {stated}; by its rule it is {true}"),
    "secret": (
        "公布的秘密的哈希是 {true}，事先承诺的是 {stated}",
        "the hash of the revealed secret is {true}; {stated} was committed to",
    ),
    "fingerprint": ("证书被改过：指纹应为 {true}", "the certificate was changed: its fingerprint is {true}"),
    "draw_order": ("摇号次序与种子算出的不符", "the lottery order is not the one that the seed gives"),
    "free_place": (
        "{child} 更想去的班次 {class} 有空位，规则允许，却没有得到",
        "{child} would rather have class run {class}, which has a free place that the rules permit",
    ),
    "exchange": (
        "{child} 与 {other} 在班次 {class} 一对一交换，按公布的规则更好；"
        "理由（优先级、志愿、摇号号码）：{own} 对 {others}",
        "{child} in place of {other} in class run {class} would be better by the published rules; "
        "claims (tier, wish, number): {own} against {others}",
    ),
    "ignored_wishes": ("“忽略的志愿”与问题文件不符", "the ignored wishes are not those of this problem"),
    "without_wish": ("“没有志愿的孩子”与问题文件不符", "the children without a wish are not those of this problem"),
}

PHASES: Mapping[str, Pair] = {
    "start": ("开始", "starting"),
    "levels": ("逐级求最好", "levels"),
    "families": ("让一家人在一起", "families"),
    "draw": ("摇号", "draw"),
    "exchange": ("找一对一的交换", "exchanges"),
    "end": ("完成", "done"),
}

LINES: Mapping[str, Pair] = {
    "step": ("{phase} {done}/{total}", "{phase} {done}/{total}"),
    "placed": ("{placed} 个孩子有位子", "{placed} children have a place"),
    "all_proven": ("各级目标都已证明最好", "every level is proven"),
    "unasked": (
        "时间到（或被中断）时还有 {n} 个孩子没有问过（或没有再问）能否一对一交换，可能还有没做的交换",
        "time was up, or it was interrupted, before {n} children were asked, or asked again, for exchanges of one for "
        "one: some may be left",
    ),
    "open_levels": ("{n} 级目标还没有证明", "{n} levels are not proven"),
    "open_levels_stated": (
        "这份结果自己写明：有 {n} 级目标没有证明是最好的（status: feasible），各级的数值和可能的上限如下；"
        "上限由求解器得出，这里不能核对",
        "the result itself says that {n} levels are not proven best (status: feasible); their values, and what is "
        "possible at most, are these; the bounds are the solver's and cannot be verified here:",
    ),
    "draw_proven": ("摇号已证明", "the draw is proven"),
    "draw_open": ("摇号没有证明", "the draw is not proven"),
    "level": ("  {name}：{value}", "  {name}: {value}"),
    "level_bounded": ("  {name}：{value}，最多可能 {bound}", "  {name}: {value}, at most {bound} possible"),
    "ignored": (
        "注意：{n} 个志愿的年级不符，不计：{wishes}",
        "note: {n} wishes do not fit the child's grade and are ignored: {wishes}",
    ),
    "without_wish": (
        "注意：{n} 个孩子没有可用的志愿：{children}",
        "note: {n} children are left without a wish: {children}",
    ),
    "without_wish_1": ("注意：1 个孩子没有可用的志愿：{children}", "note: 1 child is left without a wish: {children}"),
    "ignored_1": (
        "注意：1 个志愿的年级不符，不计：{wishes}",
        "note: 1 wish does not fit the child's grade and is ignored: {wishes}",
    ),
    "wish": ("{child}→{class}", "{child} → {class}"),
    "clean": ("没有发现问题", "nothing is wrong"),
    "faults": ("发现 {n} 处问题：", "{n} things are wrong:"),
    "faults_1": ("发现 1 处问题：", "1 thing is wrong:"),
    "commitment": ("承诺值 {commitment}", "commitment {commitment}"),
    "verified": (
        "证书无误：承诺值、种子、摇号次序、规则、各级数值、候补名单都对，没有更合规则的一对一交换",
        "verified: commitment, seed, lottery order, rules, level values and waitlists are right, and no exchange of "
        "one for one would be better by the rules",
    ),
    "verified_not": (
        "请自行核对：承诺值是否事先公布，公开事件的结果是否属实。三人以上的连环交换由已证明的各级数值担保",
        "compare yourself: the commitment with what was published before the draw, a public event with its outcome. "
        "For chains of three and more the proven levels speak",
    ),
    "unstated": ("文件没有写各级目标的数值", "the file states no level values"),
    "interrupted_early": (
        "还没有任何分配就被中断，什么也没有写",
        "interrupted before there was any placement; nothing written",
    ),
}


def line(code: str, language: Language, **facts: object) -> str:
    """One line of a placement command."""
    pair = LINES.get(code)
    return fill(pick(pair, language), facts, language) if pair else unknown_code(code, facts, language)


def counted(code: str, n: int, language: Language, **facts: object) -> str:
    """A line with a number, in the singular where there is one."""
    return line(f"{code}_1" if n == 1 and f"{code}_1" in LINES else code, language, n=n, **facts)


def fault(found: Fault, language: Language) -> str:
    """`rule: what is wrong`."""
    pair = FAULTS.get(found.rule)
    said = fill(pick(pair, language), found.facts, language) if pair else unknown_code("", found.facts, language)
    return f"{found.rule}: {said}"


def step(phase: str, done: int, total: int, language: Language) -> str:
    """How far a phase is."""
    said = pick(PHASES[phase], language) if phase in PHASES else phase
    return line("step", language, phase=said, done=done, total=total) if total > 1 else said


def ended(news: News, language: Language) -> list[str]:
    """At the end how many are placed, how much is proven, and what every level came to; before it nothing."""
    if news.phase != "end":
        return []
    placed = sum(x.value for x in news.levels if x.name.startswith("placed."))
    unproven = sum(x.value != x.bound for x in news.levels)
    said = [line("placed", language, placed=f"{placed:,}")]
    said.append(line("open_levels" if unproven else "all_proven", language, n=unproven))
    said += [line("unasked", language, n=news.total - news.done)] if news.done < news.total else []
    return [*said, *(level(x, language) for x in news.levels)]


def level(found: Level, language: Language) -> str:
    """One level with its bound."""
    code = "level" if found.value == found.bound else "level_bounded"
    return line(code, language, name=found.name, value=f"{found.value:,}", bound=f"{found.bound:,}")


def wishes(pairs: Sequence[tuple[str, str]], language: Language) -> list[str]:
    """Wishes as child → class."""
    return [line("wish", language, child=child, **{"class": name}) for child, name in pairs]
