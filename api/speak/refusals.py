"""Sentences about what the registry refuses: a workbook, a week, a draft that failed. Each says what to do next."""

from __future__ import annotations

from collections.abc import Mapping

from api.speak.language import Language, Pair, fill, pick, unknown_code
from api.speak.web import WEB
from registry.errors import RegistryError

REFUSALS: Mapping[str, Pair] = {
    # A workbook of which nothing can be read.
    "file_missing": ("没有这个文件：{file}", "no such file: {file}"),
    "folder_given": ("{file} 是文件夹，不是工作簿", "{file} is a folder, not a workbook"),
    "unreadable": ("{file} 读不出来：{reason}", "{file} cannot be read: {reason}"),
    "not_xlsx": (
        "{file} 不是 .xlsx 工作簿。旧的 .xls、.csv 或加了密码的，请在 Excel 里另存为不加密码的 .xlsx",
        "{file} is no .xlsx workbook. Open an old .xls, a .csv or one with a password in Excel and save it as .xlsx "
        "without a password",
    ),
    "workbook_too_large": (
        "{file} 解开后有 {megabytes} MB，太大了。请只留下要用的表，另存一份",
        "{file} has {megabytes} MB once it is unpacked, which is too much. Keep only the sheets that are needed",
    ),
    "sheet_damaged": (
        "工作表“{sheet}”已损坏，读不出来。请在 Excel 里打开并另存一份",
        "the sheet '{sheet}' is damaged and cannot be read. Open the workbook in Excel and save a copy",
    ),
    "copy_unwritable": (
        "带批注的副本写不进 {file}：{reason}。请关掉正打开它的 Excel，或用 --annotated 换个位置；什么也没有导入",
        "the annotated copy {file} cannot be written: {reason}. Close it in Excel, or choose another place with "
        "--annotated; nothing was imported",
    ),
    "damaged": (
        "{file} 已损坏，打不开。请在 Excel 里打开并另存一份",
        "{file} is damaged and cannot be opened. Open it in Excel and save a copy",
    ),
    "sheet_missing": ("工作簿缺少：{missing}", "the workbook lacks: {missing}"),
    "column_missing": ("工作簿缺少：{missing}", "the workbook lacks: {missing}"),
    "no_terms": (
        "工作表“{sheet}”里没有一行可用的期次，无法判断日期。请先改好这张表",
        "the sheet '{sheet}' has no sound term, so that no date can be judged. Mend that sheet first",
    ),
    # A week that cannot be rostered.
    "week_not_monday": (
        "--week {day}：不是星期一。那一周从 {monday} 开始，请写 --week {monday}",
        "--week {day}: not a Monday. That week begins on {monday}: write --week {monday}",
    ),
    "week_malformed": ("--week {week}：应为日期，如 2026-07-13", "--week {week}: not a date such as 2026-07-13"),
    "week_empty": (
        "--week {week}：这一周没有一个有学生的班。已有期次：{terms}",
        "--week {week}: no class with children runs in that week. Terms: {terms}",
    ),
    "no_volunteers": (
        "还没有志愿者。请先用 {command} import 导入含“志愿者”表的工作簿",
        "there are no volunteers yet. Import a workbook with the sheet 志愿者 first: {command} import",
    ),
    "no_class_runs": (
        "数据库里还没有班次。请先导入工作簿：{command} import 文件.xlsx",
        "there are no class runs yet. Import a workbook first: {command} import FILE.xlsx",
    ),
    "class_without_slots": (
        "这些班没有课节，排不了：{classes}。请检查班次的托管时段和每日作息",
        "these classes have no lesson slots and cannot be rostered: {classes}. "
        "Check their hours of care and the day template",
    ),
    # Drafts.
    "draft_unknown": ("没有编号为 {draft} 的草稿", "there is no draft {draft}"),
    "version_unknown": ("{week} 这一周没有第 {version} 版", "the week of {week} has no version {version}"),
    "problem_malformed": ("排班问题有误，{place}：{reason}", "the problem is malformed at {place}: {reason}"),
    "pins_broken": (
        "固定项互相矛盾，共 {violations} 处",
        "pins contradict each other or a rule {violations} times",
    ),
    "roster_broken": (
        "求解结果违反了 {violations} 处规则，没有保存。请报告这个错误",
        "the solver's roster breaks {violations} rules and was not stored. Please report this",
    ),
    "roster_malformed": (
        "班表里有这一周没有的人、班或时段，{place}：{reason}",
        "the roster names people, classes or times that the week does not have, at {place}: {reason}",
    ),
    "cost_wrong": (
        "求解结果的代价对不上，没有保存。请报告这个错误",
        "the solver's roster costs other than it says and was not stored. Please report this",
    ),
    "crashed": ("出乎意料的错误 {error}：{text}", "an unexpected {error}: {text}"),
    "interrupted": ("求解被中断", "the solver was interrupted"),
    # What is printed of a week, and what comes back.
    "nothing_to_print": (
        "{week} 这一周没有这样的可印。请换 --site、--class、--day 或 --volunteer",
        "the week of {week} has nothing like that to print. Change --site, --class, --day or --volunteer",
    ),
    "not_a_week_book": (
        "{file} 不是 roster export 写的工作簿，或者“说明”表被改动了",
        "{file} is no workbook of roster export, or its sheet 说明 (About) was changed",
    ),
    "book_of_board": (
        "{file} 是从排班台导出的：请在排班台的页面上传回去",
        "{file} was made of the board: bring it back on the board's own page",
    ),
    "name_shared": (
        "有几个都叫“{name}”：{ids}。请用编号",
        "several are called '{name}': {ids}. Say which by its number",
    ),
    "day_unknown": ("这一周没有 {day} 这一天。有：{days}", "the week has no day {day}; it has {days}"),
    # Where the data are and where the pages are served.
    "setting_invalid": ("设置 {name} 的值“{value}”不对", "the setting {name} cannot be '{value}'"),
    "database_unusable": (
        "打不开数据库 {database}：{reason}。请检查 QINGZAI_DATABASE_URL",
        "the database {database} cannot be opened: {reason}. Check QINGZAI_DATABASE_URL",
    ),
    "database_url_malformed": (
        "QINGZAI_DATABASE_URL 写得不对。应如 sqlite:///./qingzai.db 或 postgresql://用户:密码@主机/库名",
        "QINGZAI_DATABASE_URL is not right. It is like sqlite:///./qingzai.db or postgresql://USER:PASSWORD@HOST/NAME",
    ),
    "database_newer": (
        "数据库 {database} 是较新版本的软件建的，这个版本读不了。请更新软件，或换一个 QINGZAI_DATABASE_URL",
        "the database {database} was made by a later version of this software. Update it, or choose another "
        "QINGZAI_DATABASE_URL",
    ),
    "database_failed": (
        "数据库不能读写：{reason}。请看它是否只读、磁盘是否已满、是否有别的程序正占用它",
        "the database cannot be used: {reason}. See whether it is read-only, the disk is full, or another program "
        "holds it",
    ),
    "worker_needs_postgres": (
        "worker 只用于 PostgreSQL，而数据库是 {database}：SQLite 的任务由 serve 自己做",
        "a worker needs PostgreSQL, and the database is {database}: tasks of SQLite are done by serve itself",
    ),
    "port_taken": (
        "{host} 的端口 {port} 已被占用。请换一个：--port 0 会自动选一个空闲的",
        "port {port} of {host} is in use. Choose another one: --port 0 takes any that is free",
    ),
    "host_unusable": ("不能在 {host} 上提供服务：{reason}", "cannot listen at {host}: {reason}"),
    # The made-up district.
    "not_empty": (
        "数据库里已有别的数据，示例不会动它",
        "the database holds other data, which the sample leaves alone",
    ),
}

_SHEET: Pair = ("工作表“{sheet}”", "the sheet '{sheet}'")
_COLUMN: Pair = ("工作表“{sheet}”的“{column}”列", "the column '{column}' of the sheet '{sheet}'")
_TERM: Pair = ("{name} {starts_on} 至 {ends_on}", "{name} {starts_on} to {ends_on}")


def refusal(error: RegistryError, language: Language) -> str:
    """One sentence: what was refused, where, and what to do."""
    return refused(error.code, error.facts, language)


def refused(code: str, facts: Mapping[str, object], language: Language) -> str:
    """The same of a code and its facts, as a failed draft keeps them."""
    pair = REFUSALS.get(code) or WEB.get(code)
    if pair is None:
        return unknown_code(code, facts, language)
    return fill(pick(pair, language), told(facts, language), language)


def told(facts: Mapping[str, object], language: Language) -> dict[str, object]:
    """The facts as they stand in a sentence."""
    return {name: _told(name, fact, language) for name, fact in facts.items()}


def _told(name: str, fact: object, language: Language) -> object:
    """Lists of places and terms in words; of violations the number."""
    if not isinstance(fact, list | tuple):
        return fact
    if name == "violations":
        return len(fact)
    if name == "missing":
        places = [dict(zip(("sheet", "column"), item, strict=True)) for item in fact]
        return [fill(pick(_COLUMN if p["column"] else _SHEET, language), p, language) for p in places]
    if name == "terms":
        spans = [dict(zip(("name", "starts_on", "ends_on"), item, strict=True)) for item in fact]
        return [fill(pick(_TERM, language), span, language) for span in spans]
    return fact
