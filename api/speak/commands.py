"""Sentences of the command line: costs and bounds in plain words, how a check came out, how far a solver is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from unicodedata import east_asian_width

from api.speak.language import Language, Pair, fill, pick, unknown_code
from scheduler.result import Cost, RepairCost

Levels = Cost | RepairCost

LEVELS: Mapping[str, Pair] = {
    "safety": ("安全缺口", "safety gaps"),
    "programme": ("课程缺口", "programme gaps"),
    "people": ("受影响的人", "people disturbed"),
    "changes": ("改动的条目", "entries changed"),
    "quality": ("质量代价", "quality cost"),
}

PHASES: Mapping[str, Pair] = {
    "start": ("初排", "first roster"),
    "search": ("改进", "improving"),
    "bound": ("证明", "proving"),
    "end": ("完成", "done"),
}

LINES: Mapping[str, Pair] = {
    "administrator_made": (
        "管理员 {name} 已建立。运行 {command} serve，在网页上用手机号和密码登录",
        "the administrator {name} is made. Run {command} serve and sign in with the number and the password",
    ),
    "password_ask": ("密码（至少 10 位，输入时不显示）", "Password (at least 10 characters, not shown)"),
    "password_again": ("再输入一次", "The same again"),
    "account_closed": ("（已停用）", "(closed)"),
    "accounts_none": (
        "还没有工作人员账号。请先运行 {command} account create-admin",
        "there are no staff accounts yet. Run {command} account create-admin first",
    ),
    "sessions_revoked": ("已退出 {n} 个登录", "{n} sessions are ended"),
    "sessions_revoked_1": ("已退出 1 个登录", "1 session is ended"),
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
    "repair_cost": (
        "修补的代价：安全 {safety}，课程 {programme}，受影响 {people} 人，改动 {changes} 条，质量 {quality}",
        "cost of the repair: safety {safety}, programme {programme}, people {people}, changes {changes}, "
        "quality {quality}",
    ),
    "repair_cost_differs": (
        "文件写的代价不对：安全 {safety}，课程 {programme}，受影响 {people} 人，改动 {changes} 条，质量 {quality}",
        "the file states another cost: safety {safety}, programme {programme}, people {people}, changes {changes}, "
        "quality {quality}",
    ),
    "repair_unjudged": (
        "文件写了修补的人数和改动数；问题文件没有已公布的排班，无从核对",
        "the file states people and changes of a repair; the problem has no published roster to judge them by",
    ),
    "dropped": (
        "不再成立的固定项 {n} 处，已去掉：",
        "{n} pins have become impossible and were dropped:",
    ),
    "dropped_1": ("不再成立的固定项 1 处，已去掉：", "1 pin has become impossible and was dropped:"),
    "published_unpriced": (
        "注意：已公布的排班没有写代价，按 0 计，原有的缺口也会去补",
        "note: the published roster states no cost; it counts as 0, so that old gaps are chased too",
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
    "process_failed": (
        "求解时有一个进程自己停了（{what}）；找到的排法照常写出",
        "a process of the solver ended by itself ({what}); what was found is written",
    ),
    "interrupted_early": (
        "还没有任何排法就被中断，什么也没有写",
        "interrupted before there was any roster; nothing written",
    ),
    # What `import` says.
    "errors": ("错误 {n} 处：没有导入，改好后再导入一次", "{n} errors: not imported; mend them and import again"),
    "errors_1": ("错误 1 处：没有导入，改好后再导入一次", "1 error: not imported; mend it and import again"),
    "warnings": ("警告 {n} 处：请核对", "{n} warnings: please check"),
    "warnings_1": ("警告 1 处：请核对", "1 warning: please check"),
    "notes": ("提示 {n} 处：这样读了，一般不必处理", "{n} notes: read like this, usually nothing to do"),
    "notes_1": ("提示 1 处：这样读了，一般不必处理", "1 note: read like this, usually nothing to do"),
    "advice": ("■ {advice}（{n} 处）", "■ {advice} ({n})"),
    "problem": ("    {place}：{what}", "    {place}: {what}"),
    "sheet": ("工作表", "sheet"),
    "read": ("读取", "read"),
    "new": ("新增", "new"),
    "changed": ("更新", "changed"),
    "unchanged": ("未变", "same"),
    "skipped": ("跳过", "skipped"),
    "problems": (
        "共 {n} 处问题：错误 {errors}，警告 {warnings}，提示 {notes}",
        "problems: {n} (errors {errors}, warnings {warnings}, notes {notes})",
    ),
    "no_problems": ("没有发现问题", "no problems found"),
    "annotated": (
        "带批注的副本：{path}（每行旁边写明问题；可以直接在里面改，再导入这份副本）",
        "annotated copy: {path} (reasons beside the rows; mend it there and import that copy)",
    ),
    "imported": ("已导入 {database}", "imported into {database}"),
    "nothing_changed": (
        "{database} 里已经是这些内容，没有任何变化",
        "{database} holds all of this already; nothing changed",
    ),
    "would_change": ("只是试运行，{database} 没有变化", "a trial only: {database} was not changed"),
    "would_not_change": (
        "只是试运行；{database} 里已经是这些内容",
        "a trial only; {database} holds all of this already",
    ),
    # What `roster make`, `serve`, `demo` and `db migrate` say.
    "week": (
        "{week} 这一周：{sites} 个托管点的 {classes} 个班，{volunteers} 名志愿者（{cleared} 名通过了从业查询）；"
        "最多求解 {seconds} 秒，按 Ctrl-C 保留目前最好的结果",
        "the week of {week}: {classes} classes at {sites} sites, {volunteers} volunteers ({cleared} of them cleared); "
        "searching for at most {seconds} s, Ctrl-C keeps the best so far",
    ),
    "unreachable": (
        "注意：{n} 名志愿者离所有开班的点位都太远，或常住镇街没有点位，排不了班：{names}",
        "note: {n} volunteers are too far from every site with a class, or live where there is no site: {names}",
    ),
    "unreachable_1": (
        "注意：1 名志愿者离所有开班的点位都太远，或常住镇街没有点位，排不了班：{names}",
        "note: 1 volunteer is too far from every site with a class, or lives where there is no site: {names}",
    ),
    "without_slots_1": (
        "注意：1 个班没有课节，只排看护、不排课：{classes}",
        "note: 1 class has no lesson slots, so that it gets care and no lessons: {classes}",
    ),
    "without_slots": (
        "注意：{n} 个班没有课节，只排看护、不排课：{classes}",
        "note: {n} classes have no lesson slots, so that they get care and no lessons: {classes}",
    ),
    "made": ("{week} 这一周的排班已存为草稿 {draft}", "the roster of the week of {week} is stored as draft {draft}"),
    "level": ("  {name}：{said}", "  {name}: {said}"),
    "look_at": ("在网页上看：{command} serve", "look at it: {command} serve"),
    "kept_best": ("已中断，保存目前最好的结果", "interrupted: storing the best so far"),
    "given_up": ("已中断，没有保存排班", "interrupted: no roster stored"),
    "serving": ("打开 {address}（按 Ctrl-C 停止）", "open {address} (Ctrl-C stops)"),
    "stopped": ("已停止", "stopped"),
    "worker_works": (
        "正在等 {database} 里排队的任务（按 Ctrl-C 停止）",
        "waiting for the tasks queued in {database} (Ctrl-C stops)",
    ),
    "worker_waits": ("数据库断开了，过几秒再连：{reason}", "the database is gone, trying again in seconds: {reason}"),
    "migrated": ("{database} 已是最新结构", "{database} has the newest schema"),
    "district_made": ("编造了一个示例区，存入 {database}", "made up a sample district in {database}"),
    "demo_publish": ("发布这一周……", "publishing the week …"),
    "demo_attendance": (
        "编造出勤：孩子的签到签退，志愿者的时长……",
        "making up attendance: children's days, volunteers' hours …",
    ),
    "demo_notes": ("编造观察记录和照片……", "making up notes and pictures …"),
    "demo_answers": ("编造志愿者的回复……", "making up the volunteers' answers …"),
    "demo_people": (
        "示例账号（验证码会显示在这里）：家长 {family}，区办公室 {office}，点位负责人 {coordinator}，班主任 {lead}，"
        "志愿者 {volunteer}。登录在 /sign-in",
        "sample accounts, whose codes appear here: parent {family}, district office {office}, coordinator "
        "{coordinator}, class lead {lead}, volunteer {volunteer}. Sign in at /sign-in",
    ),
    "district_kept": ("{database} 里已有示例区，保持不变", "the sample district in {database} is kept as it is"),
    "draft_kept": (
        "已有排好的草稿 {draft}，不再重排（删掉数据库文件可以从头再来）",
        "draft {draft} is there already, not solved again (delete the database file to start afresh)",
    ),
    # What `roster print`, `export` and `ical` say.
    "printed": ("已印好 {n} 份：{path}", "{n} sheets: {path}"),
    "printed_1": ("已印好 1 份：{path}", "1 sheet: {path}"),
    "cells_wrong": ("{n} 处看不懂，什么也没有写", "{n} cells are not understood; nothing written"),
    "cells_wrong_1": ("1 处看不懂，什么也没有写", "1 cell is not understood; nothing written"),
    "reread": (
        "与第 {draft} 号草稿相比：少了 {gone} 条，多了 {come} 条",
        "compared with draft {draft}: {gone} gone, {come} new",
    ),
    "reread_version": (
        "与已发布的第 {draft} 版相比：少了 {gone} 条，多了 {come} 条",
        "compared with published version {draft}: {gone} gone, {come} new",
    ),
    "laying_out": ("正在排版", "laying out"),
    "laid_out": ("已排版 {n}/{of} 份", "laid out {n} of {of} sheets"),
    "no_glyph": (
        "字库里没有“{character}”字，印作〔{point}〕，共 {n} 处",
        "no font here has the character {character}: printed as 〔{point}〕, {n} times",
    ),
    "print_interrupted": ("已中断，什么也没有写", "interrupted; nothing written"),
    # What `roster explain` says.
    "changes": (
        "这样就能填上（每一条都重新求解并检查过，从代价最小的开始）：",
        "This would fill it (each solved again and checked, the cheapest first):",
    ),
    "nearest": ("差得最少的人：", "Who comes nearest:"),
    "plan": ("一起填满", "Together these fill it"),
    "plan_part": ("先做这些，还不够", "These first; more is needed"),
    "nothing_open": ("没有空缺", "nothing is open"),
    "written": ("已写入 {path}", "written to {path}"),
}


def line(code: str, language: Language, **facts: object) -> str:
    """One line of a command."""
    pair = LINES.get(code)
    return fill(pick(pair, language), facts, language) if pair else unknown_code(code, facts, language)


def counted(code: str, n: int, language: Language, **facts: object) -> str:
    """A line with a number, in the singular where there is one."""
    return line(f"{code}_1" if n == 1 and f"{code}_1" in LINES else code, language, n=n, **facts)


def table(rows: Sequence[Sequence[object]]) -> list[str]:
    """Rows in columns: the first to the left, the others, numbers, to the right. Chinese takes two places."""
    texts = [[str(cell) for cell in row] for row in rows]
    widths = [max(map(_width, column)) for column in zip(*texts, strict=True)]
    return ["  ".join(_aligned(text, widths[i], left=i == 0) for i, text in enumerate(row)) for row in texts]


def _aligned(text: str, width: int, *, left: bool) -> str:
    space = " " * (width - _width(text))
    return text + space if left else space + text


def _width(text: str) -> int:
    return sum(2 if east_asian_width(character) in "WF" else 1 for character in text)


def phase(code: str, language: Language) -> str:
    """What a solver is doing."""
    return pick(PHASES[code], language) if code in PHASES else code


def level(name: str, cost: Levels | None, bound: Levels | None, language: Language) -> str:
    """One level with its bound, in plain words."""
    said = pick(LEVELS[name], language)
    if cost is None:
        return line("waiting", language, level=said)
    value = getattr(cost, name)
    least = getattr(bound, name) if bound else None
    code = "none" if value == 0 else "unbounded" if not least else "proven" if least >= value else "bounded"
    return line(code, language, level=said, cost=f"{value:,}", bound=f"{least:,}" if least else 0)


def levels(cost: Levels | None, bound: Levels | None, language: Language) -> list[str]:
    """The levels of a roster or a repair, best first; those of a roster where nothing is known yet."""
    names = Cost._fields if cost is None else cost._fields
    return [level(name, cost, bound, language) for name in names]
