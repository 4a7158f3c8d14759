"""Sentences about a workbook that was read: what is the matter with a cell, and what somebody should do about it."""

from __future__ import annotations

from collections.abc import Mapping

from api.speak.language import Language, Pair, fill, pick, unknown_code
from registry.exchange.report import ImportProblem, Severity

PROBLEMS: Mapping[str, tuple[Pair, Pair]] = {
    # A cell that cannot be read. What happens to the row stands behind the sentence: see CONSEQUENCES.
    "value_missing": (("没有填写", "is empty"), ("请补填", "fill it in")),
    "date_unreadable": (
        ("读不出日期", "is not a date"),
        ("请写成 2026-07-01 或 2026.7.1", "write it as 2026-07-01 or 2026.7.1"),
    ),
    "month_unreadable": (
        ("读不出年月", "is not a month"),
        ("请写成 2005-03 或 2005.3", "write it as 2005-03 or 2005.3"),
    ),
    "month_ambiguous": (
        ("可能是 {year} 年 1 月，也可能是 10 月（数字格式丢了末尾的 0）",
         "may be January {year}, or October with its nought lost (the cell is a number)"),
        ("请写成 2005-01 或 2005-10，或把该列设为文本", "write it as 2005-01 or 2005-10, or make the column text"),
    ),
    "number_unreadable": (("不是数字", "is not a number"), ("请只写数字", "write digits only")),
    "number_out_of_range": (
        ("超出范围 {least}–{most}", "is out of range {least}–{most}"),
        ("请核对数字", "check the number"),
    ),
    "number_as_text": (
        ("是 {digits} 位的数字，Excel 只保留 15 位，末尾几位已经丢失",
         "is a number of {digits} digits, of which Excel keeps 15: the last ones are lost"),
        ("请把该列设为文本，再重新填写", "make the column text and type it again"),
    ),
    "text_too_long": (
        ("有 {length} 个字，最多 {limit} 个", "has {length} characters, at most {limit} fit"),
        ("请写短一些", "shorten it"),
    ),
    "word_unknown": (
        ("“{piece}”不认识", "'{piece}' is not known"),
        ("请改用这些词之一：{known}", "use one of these words: {known}"),
    ),
    "grades_unreadable": (
        ("读不出年级", "is not a span of grades"),
        ("请写成 1-3年级 或 三至六年级", "write it as 1-3年级 or 三至六年级"),
    ),
    "rooms_unreadable": (
        ("“{piece}”读不出功能室和容量，这一间没有导入", "'{piece}' is not a room with its size; it was left out"),
        ("请写成 舞蹈室(30)、电脑室(24)", "write it as 舞蹈室(30)、电脑室(24)"),
    ),
    "mark_unreadable": (
        ("看不出是“是”还是“否”", "is neither yes nor no"),
        ("请打 √，或留空", "tick it with √ or leave it empty"),
    ),
    "phone_invalid": (
        ("不是有效的电话号码", "is not a valid phone number"),
        ("请核对号码", "check the number"),
    ),
    # A row that names something that is not there, or contradicts itself or another row.
    "duplicate_row": (
        ("与第 {first_row} 行重复{differing}，已跳过", "repeats row {first_row}{differing}; it was skipped"),
        ("请删去一行；有出入的，把正确的内容留在前一行", "delete one of the two; where they differ, mend the first"),
    ),
    "site_unknown": (
        ("“点位”表里没有“{name}”", "the sheet 点位 has no '{name}'"),
        ("请核对点位名称，或在“点位”表补上", "check the site's name, or add it to the sheet 点位"),
    ),
    "term_unknown": (
        ("“期次”表里没有“{name}”", "the sheet 期次 has no '{name}'"),
        ("请核对期次，或在“期次”表补上", "check the term's name, or add it to the sheet 期次"),
    ),
    "course_unknown": (
        ("课程库里没有“{name}”{closest}，这一门没有导入", "the library has no '{name}'{closest}; it was left out"),
        ("请改成课程库里的名称，或先把这门课加进课程库", "use a name of the library, or add the course to it first"),
    ),
    "subdistrict_unknown": (
        ("这个镇街没有点位，算不出距离，排班时到不了任何点位",
         "no site is in that sub-district: without a distance, no site is within reach"),
        ("请核对镇街名称，或改填就近的镇街", "check the name, or give the nearest sub-district that has a site"),
    ),
    "room_kind_unknown": (
        ("没有一个点位有这种场地，这门课排不进去", "no site has such a room: the course cannot be given anywhere"),
        ("请改用已有的场地：{known}；或在点位的功能室里补上", "use one that exists ({known}) or add it to a site"),
    ),
    "fallback_unknown": (
        ("室内替代活动不在课程库里，或本身也在室外", "the fallback is not in the library, or is outdoors itself"),
        ("请改成课程库里的室内课程", "name an indoor course of the library"),
    ),
    "fallback_missing": (
        ("室外课没有写室内替代，高温天只能空着", "the outdoor course names no indoor fallback for hot days"),
        ("请补一门室内课程", "name an indoor course"),
    ),
    "subject_teaching": (
        ("含“{words}”，看起来像学科教学", "holds '{words}' and looks like the teaching of school subjects"),
        ("托管不得集体补课、讲授新课，请审核这门课", "collective tutoring and new lessons are not allowed: review it"),
    ),
    "dates_reversed": (
        ("结束早于开始（{starts_on}）", "ends before it starts ({starts_on})"),
        ("请核对两个日期", "check both dates"),
    ),
    "coordinates_far_off": (
        ("离其他点位约 {km} 公里", "lies about {km} km from the other sites"),
        ("请核对经度和纬度，是否写反或写错", "check longitude and latitude: swapped or mistyped?"),
    ),
    "below_minimum": (
        ("少于开班人数 {minimum} 人，已照样导入", "is below the {minimum} needed to open; imported as it is"),
        ("请决定：并班、就近安排（须家长同意）或取消", "decide: merge, move nearby (parents consenting) or cancel"),
    ),
    "over_capacity": (
        ("超过班额 {capacity} 人，已照样导入", "is above the capacity of {capacity}; imported as it is"),
        ("请核对人数或班额", "check the number or the capacity"),
    ),
    "phone_missing": (
        ("没有手机号，只能凭姓名、出生年月、性别和身份认人",
         "no phone: known again only by name, month of birth, sex and kind"),
        ("请补填手机号", "fill in the phone number"),
    ),
    "phone_shared": (
        ("与第 {first_row} 行的{name}是同一个手机号", "is also the phone of {name} in row {first_row}"),
        ("请核对是谁的号码", "check whose number it is"),
    ),
    "preferred_over_max": (
        ("比每周最多的 {max_segments} 个半天还多，先按 {max_segments} 个导入",
         "is more than the most of {max_segments}; read as {max_segments}"),
        ("请核对两栏", "check both columns"),
    ),
    "preferred_over_available": (
        ("比能来的 {available} 个半天还多", "is more than the {available} half days ticked"),
        ("不必处理；可以请本人多勾几个时段", "nothing needs doing; the volunteer may tick more times"),
    ),
    "availability_missing": (
        ("一个时段也没有勾，不会被排班", "no time is ticked: the volunteer will not be rostered"),
        ("请本人勾选能来的时段", "have the volunteer tick the times"),
    ),
    "courses_missing": (
        ("岗位有“授课”，却没有写可授课程，排不到课", "is to give lessons, but no course is named: will be given none"),
        ("请补填可授课程，或改岗位", "name the courses, or change the role"),
    ),
    "role_missing_for_courses": (
        ("写了可授课程，岗位里却没有“授课”，不会排课", "courses are named, but the role 授课 is not: no lessons"),
        ("愿意授课的，请在岗位里加上“授课”", "if lessons are meant, add 授课 to the roles"),
    ),
    "preferred_site_too_far": (
        ("“{name}”离常住镇街 {km} 公里，超过可接受距离", "'{name}' is {km} km from home, beyond the distance accepted"),
        ("不会排到那里；愿意去的，请改大可接受距离", "will not be sent there; to allow it, raise the distance"),
    ),
    "preferred_site_banned": (
        ("希望去“{name}”，备注却说不愿去那里", "would like '{name}', but the remark refuses it"),
        ("按备注不安排；请向本人核实", "the remark holds; ask the volunteer"),
    ),
    "out_of_reach": (
        ("最近的点位也有 {nearest_km} 公里，哪里也到不了", "the nearest site is {nearest_km} km away: reaches none"),
        ("请与本人商量可接受距离", "talk to the volunteer about the distance"),
    ),
    # Who may be with children.
    "clearance_missing": (
        ("没有从业查询日期，不能排班", "no date of a background check: cannot be rostered"),
        ("请做从业查询，再填日期", "have the check made, then fill in its date"),
    ),
    "clearance_expired": (
        ("从业查询早于 {earliest}，到最后一期结束时已过期", "is before {earliest}: lapses before the last term ends"),
        ("请重新查询；过期的那几周不会排班", "have it renewed; no duties in the weeks after it lapsed"),
    ),
    "clearance_too_late": (
        ("从业查询晚于第一天 {latest}，此前的几周不能排班", "is after the first day {latest}: no duties before it"),
        ("请核对日期", "check the date"),
    ),
    "minor": (
        ("未满 18 岁（{adult_from} 起成年），只协助，不计入在岗成人",
         "is a minor (adult from {adult_from}): assists, and does not count as an adult"),
        ("不必处理", "nothing needs doing"),
    ),
    "minor_lead_removed": (
        ("整个暑期未满 18 岁（{adult_from} 起成年），不能当班主任，已改为助教",
         "is a minor all season (adult from {adult_from}) and cannot lead; imported as assistant"),
        ("请另找班主任，或核对出生年月", "find another lead, or check the month of birth"),
    ),
    "minor_lead_until_adult": (
        ("{adult_from} 才满 18 岁，之前的几周只作助教", "comes of age on {adult_from}; assists until then"),
        ("出生年月无误就不必处理", "nothing needs doing, if the month of birth is right"),
    ),
    "too_young": (
        ("第一天还不满 14 岁，不能当志愿者", "is not yet 14 on the first day and cannot be a volunteer"),
        ("请核对出生年月", "check the month of birth"),
    ),
    # Read in a way that a person should know of.
    "digits_full_width": (
        ("是全角数字，读作 {read_as}", "has full-width digits; read as {read_as}"),
        ("不必处理", "nothing needs doing"),
    ),
    "name_spaces_removed": (
        ("姓名中的空格等已去掉，读作“{read_as}”", "spaces and the like were taken out; read as '{read_as}'"),
        ("不必处理", "nothing needs doing"),
    ),
    "ban_interpreted": (
        ("理解为：不安排到{place}的 {sites} 个点位", "understood as: never at a site of {place} ({sites})"),
        ("请看一眼；理解错了，请改写备注", "have a look; if this is wrong, reword the remark"),
    ),
    "ban_place_unknown": (
        ("似乎不愿去“{place}”，但没有这个镇街或点位，没有当作限制",
         "seems to refuse '{place}', but no sub-district or site is called so: not taken as a limit"),
        ("请写镇街或点位的全名", "write the full name of the sub-district or site"),
    ),
    "column_ignored": (
        ("这一列没有用到", "nothing is read from this column"),
        ("不必处理；如果列名写错了，请改列名", "nothing needs doing, unless the header is misspelt"),
    ),
    "sheet_empty": (
        ("这张表只有表头，没有内容", "this sheet has a header and no rows"),
        ("请填好这张表；表头有没有写错行，也请看一下", "fill the sheet in; see whether its header is the right row"),
    ),
}  # fmt: skip
"""Code → what is the matter, and what to do."""

CONSEQUENCES: Mapping[Severity, Pair] = {
    "error": ("，这一行没有导入", "; the row was not imported"),
    "warning": ("，先按空白导入", "; imported as if empty"),
}
OF_A_CELL = frozenset(
    {
        *("value_missing", "date_unreadable", "month_unreadable", "month_ambiguous", "number_unreadable"),
        *("number_out_of_range", "number_as_text", "text_too_long", "word_unknown", "grades_unreadable"),
        *("mark_unreadable", "phone_invalid"),
    }
)
"""Codes that are an error in one column and a warning in another."""

OF_A_ROW = frozenset({"site_unknown", "term_unknown", "dates_reversed", "too_young"})
"""Codes whose consequence is said too, where the row was not imported."""

_DIFFERING: Pair = ("（{columns}不同）", " (but differs in {columns})")
_CLOSEST: Pair = ("（最接近的是“{name}”）", " (closest: '{name}')")
_PLACE: Pair = ("{sheet} 第 {row} 行{column}", "{sheet} row {row}{column}")


def place(problem: ImportProblem, language: Language, *, with_value: bool = True) -> str:
    """Sheet, row, column and, unless it is told elsewhere, value, as somebody looks for them in Excel."""
    column = f" · {problem.column}" if problem.column else ""
    is_shown = with_value and problem.value and problem.value != problem.column
    value = f" {_quoted(problem.value, language)}" if is_shown else ""
    facts = {"sheet": problem.sheet, "row": problem.row, "column": column}
    return fill(pick(_PLACE, language), facts, language) + value


def what(problem: ImportProblem, language: Language) -> str:
    """What is the matter with it."""
    pairs = PROBLEMS.get(problem.code)
    if pairs is None:
        return unknown_code(problem.code, problem.facts, language)
    said = fill(pick(pairs[0], language), _facts(problem, language), language)
    if problem.code in OF_A_CELL or (problem.code in OF_A_ROW and problem.severity == "error"):
        said += pick(CONSEQUENCES.get(problem.severity, ("", "")), language)
    return said


def advice(problem: ImportProblem, language: Language) -> str:
    """What to do about it."""
    pairs = PROBLEMS.get(problem.code)
    return fill(pick(pairs[1], language), _facts(problem, language), language) if pairs else ""


def in_the_margin(problem: ImportProblem, language: Language) -> str:
    """What stands beside the row in the annotated copy: column, what is the matter, what to do."""
    said = f"{problem.column}：" if language == "zh" else f"{problem.column}: "
    head = said if problem.column else ""
    todo = advice(problem, language)
    stop = "。" if language == "zh" else ". "
    return f"{head}{what(problem, language)}{stop}{todo[:1].upper()}{todo[1:]}"


def _facts(problem: ImportProblem, language: Language) -> dict[str, object]:
    """The facts, and the little insertions that only some problems have."""
    facts = {"name": problem.value, "piece": problem.value, **problem.facts}
    differs, closest = problem.facts.get("differs_in"), problem.facts.get("closest")
    facts["differing"] = fill(pick(_DIFFERING, language), {"columns": differs}, language) if differs else ""
    facts["closest"] = fill(pick(_CLOSEST, language), {"name": closest}, language) if closest else ""
    return facts


def _quoted(text: str, language: Language) -> str:
    return f"“{text}”" if language == "zh" else f"'{text}'"
