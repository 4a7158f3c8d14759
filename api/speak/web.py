"""Sentences about what a page or the interface cannot show. Each says what to do next."""

from __future__ import annotations

from collections.abc import Mapping

from api.speak import (
    attendance,
    boards,
    certificates,
    enrolment,
    families,
    growth,
    insurance,
    keepsakes,
    making,
    office,
    volunteers,
)
from api.speak.draws import DRAWS
from api.speak.language import Language, Pair, fill, pick, unknown_code
from api.speak.privacy import REFUSED as PRIVACY

WEB: Mapping[str, Pair] = {
    "week_malformed": ("“{week}”不是日期，应如 2026-07-13", "'{week}' is not a date such as 2026-07-13"),
    "week_not_monday": (
        "{day} 不是星期一。那一周从 {monday} 开始",
        "{day} is not a Monday. That week begins on {monday}",
    ),
    "week_without_draft": (
        "{week} 这一周还没有排好的全区班表。请先在“排出一周”里排，或运行 {command} roster make --week {week}",
        "the week of {week} has no finished roster of the district yet. Make one under “Make a week”, or run "
        "{command} roster make --week {week}",
    ),
    "week_unpublished": (
        "{week} 这一周的排班还没有发布。发布以后，这里就能看到",
        "the roster of the week of {week} is not published yet. It will stand here once it is",
    ),
    "class_unknown": ("{week} 这一周没有编号为 {id} 的班", "there is no class {id} in the week of {week}"),
    "site_unknown": ("{week} 这一周没有编号为 {id} 的点位", "there is no site {id} in the week of {week}"),
    "volunteer_unknown": (
        "{week} 这一周没有编号为 {id} 的可排志愿者",
        "there is no volunteer {id} who can be rostered in the week of {week}",
    ),
    "place_unknown": (
        "{week} 这一周，这个班没有“{id}”",
        "the class has no '{id}' in the week of {week}",
    ),
    "place_needed": (
        "请说明问的是哪里：segment、slot、domain 写一个",
        "say which place is meant: one of segment, slot and domain",
    ),
    "draft_unknown": ("没有编号为 {draft} 的草稿", "there is no draft {draft}"),
    "version_unknown": ("{week} 这一周没有第 {version} 版", "the week of {week} has no version {version}"),
    "volunteer_needed": ("这一页只给志愿者", "this page is for volunteers"),
    "board_moved_on": (
        "您看过之后，排班台又有改动。请再看一遍再发布",
        "the board was changed since you looked. Look again, then publish",
    ),
    "draft_not_newest": (
        "您看过之后，这一周又有了新的草稿（或草稿没有了）。请再看一遍再发布",
        "another draft of this week was made since you looked, or there is none. Look again, then publish",
    ),
    "nothing_to_publish": ("和已发布的第 {version} 版完全一样，不用再发布", "version {version} is the same already"),
    "draft_unfinished": (
        "草稿 {draft} 还没有排好（状态：{status}）",
        "draft {draft} is not finished (status: {status})",
    ),
    "problem_malformed": (
        "存储的排班问题读不出来，{place}：{reason}。请重新排这一周",
        "the stored problem cannot be read at {place}: {reason}. Make the week again",
    ),
    "input_malformed": ("请求里有 {n} 处写得不对：{places}", "the request is wrong in {n} places: {places}"),
    "input_malformed_1": ("请求里有 1 处写得不对：{places}", "the request is wrong in one place: {places}"),
    "body_unreadable": (
        "请求的内容读不出来：应为 UTF-8 的 JSON 或表单",
        "the body cannot be read: it should be JSON or a form, in UTF-8",
    ),
    "page_unknown": ("没有这个页面：{path}", "there is no such page: {path}"),
    "method_not_allowed": ("这里不能用 {method}", "{method} is not allowed here"),
    "cross_site": (
        "这个请求不是从本站页面发出的，没有执行。请回到本站页面再操作一次",
        "this was not sent from a page of this site, so nothing was done. Go back to the page and try again",
    ),
    "body_too_large": (
        "发送的内容太大了，没有保存。表单最多 256 KB，上传文件最多 10 MB",
        "what was sent is too large; nothing was stored. A form may have 256 KB, an upload 10 MB",
    ),
    "body_malformed": ("发送的内容读不出来", "what was sent cannot be read"),
    "database_unready": (
        "数据库打不开，或者还没有建好。请运行 {command} db migrate，并检查 QINGZAI_DATABASE_URL",
        "the database cannot be opened or is not set up. Run {command} db migrate and check QINGZAI_DATABASE_URL",
    ),
    "crashed": (
        "程序出错了，这不是您的问题。请稍后再试；如果一直这样，请把时间 {at} 告诉管理员",
        "something went wrong, and it is not your fault. Try again; if it stays so, "
        "tell the administrator the time {at}",
    ),
    "not_signed_in": ("请先登录", "sign in first"),
    "not_allowed": (
        "您的账号不能这样做。如果应该可以，请联系区办公室",
        "your account may not do this. If it should, ask the district office",
    ),
    "session_unknown": ("没有这个登录", "there is no such session"),
    "token_unknown": ("没有这个令牌", "there is no such token"),
    "account_unknown": ("没有这个账号", "there is no such account"),
    "grant_unknown": ("这个账号没有这个角色", "the account has no such role"),
    "last_administrator": (
        "这是最后一个区办公室账号，不能去掉：先给另一个人区办公室的角色",
        "this is the last account of the district office: first give that role to somebody else",
    ),
    "administrator_exists": (
        "已经有管理员了（{n} 人）。新的由他们在网页“账号”里添加；都登录不了时加 --force",
        "there are administrators already ({n}). They add others on the page Accounts; use --force if none can sign in",
    ),
    "input_invalid": ("有几处需要改：{fields}", "some entries have to be changed: {fields}"),
    "setting_invalid": ("设置 {name} 的值“{value}”不对", "the setting {name} cannot be '{value}'"),
    **families.REFUSALS,
    **making.REFUSED,
    **PRIVACY,
}

INPUTS: Mapping[str, Pair] = {
    "int_parsing": ("应为整数", "should be a whole number"),
    "bool_parsing": ("应为 true 或 false", "should be true or false"),
    "greater_than_equal": ("不能小于 {ge}", "should be at least {ge}"),
    "less_than_equal": ("不能大于 {le}", "should be at most {le}"),
    "literal_error": ("只能是 {expected}", "should be {expected}"),
    "string_too_long": ("最多 {max_length} 个字", "should have at most {max_length} characters"),
}
"""What may be wrong with one input of a request, by pydantic's names."""

TITLES: Mapping[int, Pair] = {
    401: ("请先登录", "Sign in first"),
    403: ("不能这样做", "Not allowed"),
    409: ("有冲突", "A conflict"),
    404: ("没有找到", "Not found"),
    400: ("读不出来", "Unreadable"),
    405: ("不能这样做", "Not allowed"),
    413: ("太大了", "Too large"),
    422: ("网址写得不对", "The address is not right"),
    503: ("数据库还没有准备好", "The database is not ready"),
    500: ("出错了", "Something went wrong"),
}


def refusal(code: str, facts: Mapping[str, object], language: Language) -> str:
    """One sentence for a code of the web."""
    pair = WEB.get(f"{code}_1") if facts.get("n") == 1 else None
    pair = pair or WEB.get(code) or DRAWS.get(code) or office.REFUSED.get(code) or keepsakes.REFUSED.get(code)
    pair = pair or growth.REFUSED.get(code)
    if pair is None and code in enrolment.REFUSED:
        return fill(pick(enrolment.REFUSED[code], language), enrolment.told(facts, language), language)
    if pair is None and code in boards.REFUSED:
        return fill(pick(boards.REFUSED[code], language), boards.told(facts, language), language)
    if pair is None:
        modules = (attendance, volunteers, insurance, certificates)
        found = (say(code, facts, language) for say in (making.week_refused, *(module.refused for module in modules)))
        return next((said for said in found if said is not None), unknown_code(code, facts, language))
    return fill(pick(pair, language), facts, language)


def wrong_input(kind: str, place: str, facts: Mapping[str, object], otherwise: str, language: Language) -> str:
    """What is wrong with one input. `otherwise` is said where no table holds its kind."""
    pair = INPUTS.get(kind)
    return f"{place}{'：' if language == 'zh' else ': '}" + (
        fill(pick(pair, language), facts, language) if pair else otherwise
    )


def title(status: int, language: Language) -> str:
    """The heading of an error page."""
    return pick(TITLES.get(status, TITLES[500]), language)
