"""Sentences about enrolment: the status line, the history, messages, and what is refused. Plain words, for a phone."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from api.speak import weeks
from api.speak.language import Language, Pair, fill, pick, unknown_code
from registry.clock import SHANGHAI

STATUS: Mapping[str, Pair] = {
    "draft": ("还没有提交。报名 {closes_at} 截止", "Not sent yet. Enrolment closes on {closes_at}"),
    "draft_missed": (
        "没有提交，报名已在 {closes_at} 截止",
        "It was never sent, and enrolment closed on {closes_at}",
    ),
    "round_cancelled": ("这一轮报名已取消", "This round was called off"),
    "received": ("已收到。{closes_at} 截止以前还可以改", "Received. You may change it until {closes_at}"),
    "in_draw": ("已收到，等待摇号。不用做什么", "Received, waiting for the draw. There is nothing to do"),
    "in_review": ("已收到，等待审核。不用做什么", "Received, waiting to be decided. There is nothing to do"),
    "rejected": ("没有通过，原因：{because}", "Refused, because: {because}"),
    "withdrawn": ("已撤回", "Withdrawn"),
    "placed": (
        "有位子：{site} {class}（{term}）。请在 {until} 以前确认",
        "There is a place: {site} {class} ({term}). Please confirm it by {until}",
    ),
    "offered": (
        "候补轮到了：{site} {class}（{term}），给您留到 {until}。请在这以前确认",
        "Your turn on the waitlist: {site} {class} ({term}), kept for you until {until}. Please confirm by then",
    ),
    "offer_over": (
        "{site} {class} 的位子留到 {until}，时间已过",
        "The place at {site} {class} was kept until {until}, and that is over",
    ),
    "confirmed": ("已确认：{site} {class}（{term}）", "Confirmed: {site} {class} ({term})"),
    "waitlisted": (
        "候补第 {position} 位，共 {waiting} 位：{site} {class}（{term}）",
        "Waitlist {position} of {waiting}: {site} {class} ({term})",
    ),
    "declined": ("您没有要 {site} {class} 的位子", "You declined the place at {site} {class}"),
    "expired": (
        "{site} {class} 的位子没有在期限内确认，已给下一位",
        "The place at {site} {class} was not confirmed in time and went to the next",
    ),
    "given_back": ("您退回了 {site} {class} 的位子", "You gave the place at {site} {class} back"),
    "not_placed": ("没有位子", "No place"),
    "attending": ("正在参加", "Attending"),
    "completed": ("已结束", "Completed"),
    "no_show": ("没有来", "Did not come"),
}

NOT_PLACED: Mapping[str, Pair] = {
    "lottery": (
        "没有位子：志愿的班次都满了，原因见下面",
        "No place: the classes you wished for are full; the reasons stand below",
    ),
    "first_come": (
        "没有位子：提交时班次和候补都已经满了",
        "No place: the classes and their waitlists were full when it was sent",
    ),
    "approval": ("没有位子：班次和候补都已经满了", "No place: the classes and their waitlists are full"),
}

MEANS: Mapping[str, Pair] = {
    "draft": (
        "志愿已存好，到时候还要按一次“提交”。",
        "Your wishes are saved. You still have to press “Send” once the round is open.",
    ),
    "received": (
        "先交后交都一样，不用抢。",
        "It does not matter who sends first.",
    ),
    "in_draw": (
        "截止以后按公布的规则摇号，结果会发短信，也写在这里。",
        "Places are drawn by the published rules; you get a message, and it will stand here.",
    ),
    "in_review": (
        "老师看完以后会发短信，也写在这里。",
        "You get a message once it is decided, and it will stand here.",
    ),
    "placed": (
        "位子给您留着，但要您按一下“确认”才算数；过期就给下一位。",
        "The place is kept for you, but only counts once you press “Confirm”; after the time it goes to the next.",
    ),
    "offered": (
        "有人退了位子，按顺序轮到您。确认就有位子；不要就给下一位。",
        "Somebody gave a place back and it is your turn. Confirm to have it; decline and it goes to the next.",
    ),
    "confirmed": ("位子是您的了，按时来就可以。", "The place is yours. Just come on time."),
    "waitlisted": (
        "候补就是排队等位子：前面的人都有了着落，就轮到您，到时候会发短信。",
        "Being on the waitlist means queueing for a place: once those before you are served it is your turn, and "
        "you get a message.",
    ),
}
"""What a word of the status line means, beside it."""

EVENTS: Mapping[str, Pair] = {
    "begun": ("开始填写", "Begun"),
    "begun_again": ("重新开始填写", "Begun again"),
    "sent": ("已提交", "Sent"),
    "entered_from_paper": (
        "由工作人员按纸质报名表录入（{signed_on} 签字）",
        "Entered by staff from a paper form (signed {signed_on})",
    ),
    "changed": ("改了资料", "Details changed"),
    "wishes_changed": ("改了志愿", "Wishes changed"),
    "placed": ("{site} {class} 有位子，等确认", "A place at {site} {class}, to be confirmed"),
    "placed_for_good": ("{site} {class} 有位子", "A place at {site} {class}"),
    "waiting": ("进入 {site} {class} 的候补", "On the waitlist of {site} {class}"),
    "waitlist_full": ("{site} {class} 的候补也满了", "The waitlist of {site} {class} is full too"),
    "offered": ("候补轮到：{site} {class}", "Offered from the waitlist: {site} {class}"),
    "confirmed": ("已确认 {site} {class}", "Confirmed {site} {class}"),
    "declined": ("没有要 {site} {class}", "Declined {site} {class}"),
    "expired": ("{site} {class} 没有在期限内确认", "{site} {class} was not confirmed in time"),
    "given_back": ("退回 {site} {class}", "Gave {site} {class} back"),
    "left_for_better": (
        "换到更想去的班，退回 {site} {class}",
        "Left {site} {class} for a class wished for more",
    ),
    "withdrawn": ("已撤回", "Withdrawn"),
    "consent_withdrawn": ("监护人收回了同意", "A guardian took the consent back"),
    "decided": ("老师已处理", "Decided"),
    "rejected": ("没有通过：{reason}", "Refused: {reason}"),
    "claim_verified": ("优先资格已现场核实", "The priority claim was verified on site"),
    "claim_refused": ("优先资格没有通过核实", "The priority claim was not confirmed on site"),
    "draw_placed": ("摇号结果：有位子", "The draw: a place"),
    "draw_waitlisted": ("摇号结果：候补", "The draw: on the waitlist"),
    "draw_not_placed": ("摇号结果：没有位子", "The draw: no place"),
}

MESSAGES: Mapping[str, Pair] = {
    "received": (
        "{child} 的报名（{round}）已收到，报名号 {number}。",
        "The application for {child} ({round}) was received, number {number}.",
    ),
    "placed": (
        "{child}（{number}）有位子：{site} {class}。请在 {until} 以前登录确认。",
        "{child} ({number}) has a place: {site} {class}. Please sign in and confirm by {until}.",
    ),
    "placed_for_good": (
        "{child}（{number}）有位子：{site} {class}。",
        "{child} ({number}) has a place: {site} {class}.",
    ),
    "on_waitlist": (
        "{child}（{number}）在候补名单上，位次请登录查看。",
        "{child} ({number}) is on the waitlist; sign in to see the position.",
    ),
    "no_place": (
        "{child}（{number}）没有位子，原因请登录查看。",
        "{child} ({number}) has no place; sign in to see why.",
    ),
    "offered": (
        "{child}（{number}）候补轮到了：{site} {class}，留到 {until}。请登录确认。",
        "{child} ({number}) is offered a place: {site} {class}, until {until}. Please sign in and confirm.",
    ),
    "confirmed": ("{child}（{number}）已确认：{site} {class}。", "{child} ({number}) is confirmed: {site} {class}."),
    "expired": (
        "{child}（{number}）没有在期限内确认 {site} {class}，位子已给下一位。",
        "{child} ({number}) was not confirmed for {site} {class} in time; the place went to the next.",
    ),
    "rejected": (
        "{child}（{number}）没有通过，原因请登录查看。",
        "The application for {child} ({number}) was refused; sign in to see why.",
    ),
    "consent_withdrawn": (
        "{child}（{number}）的报名已撤回：监护人收回了使用报名信息的同意。",
        "The application for {child} ({number}) is withdrawn: a guardian took the consent to use its data back.",
    ),
    "round_cancelled": (
        "“{round}”已取消，{child}（{number}）的报名不再有效。",
        "“{round}” was called off; the application for {child} ({number}) is void.",
    ),
    "draw_placed": (
        "报名 {number} 摇号有位子。请在 {answer_by} 以前登录确认。",
        "Application {number} has a place by the draw. Please sign in and confirm by {answer_by}.",
    ),
    "draw_waitlisted": (
        "报名 {number} 摇号后在候补名单上，位次请登录查看。",
        "Application {number} is on the waitlist after the draw; sign in to see the position.",
    ),
    "draw_not_placed": (
        "报名 {number} 摇号没有位子，原因请登录查看。",
        "Application {number} has no place by the draw; sign in to see why.",
    ),
}
"""Messages to phones, by the code of the outbox."""

REFUSED: Mapping[str, Pair] = {
    "round_unknown": ("没有这一轮报名", "there is no such round"),
    "notice_unknown": ("还没有公示", "there is no notice yet"),
    "season_unknown": ("没有 {season} 年的季度", "there is no season {season}"),
    "application_unknown": ("没有这份报名", "there is no such application"),
    "child_unknown": ("没有这个孩子", "there is no such child"),
    "offer_unknown": ("没有这个位子", "there is no such offer"),
    "wish_unknown": ("这份报名没有这个志愿", "this application has no such wish"),
    "wishes_left_out": (
        "有 {n} 个志愿没有抄过来：这一轮里，那个托管点没有适合这个孩子年级的班",
        "{n} wishes were not copied: in this round that site has no class for this child's grade",
    ),
    "round_closed": (
        "报名已在 {closes_at} 截止，不能再改",
        "enrolment closed on {closes_at}; nothing can be changed now",
    ),
    "round_not_open": (
        "报名 {opens_at} 才开始。志愿已存好，到时候再按一次提交",
        "enrolment opens on {opens_at}. Your wishes are saved; press send again then",
    ),
    "round_cancelled": ("“{round}”已取消", "“{round}” was called off"),
    "round_announced": ("已经公布，不能再改", "it was announced and cannot be changed"),
    "round_published": ("结果已公布，不能取消", "its result is published; it cannot be called off"),
    "round_over": ("截止时间 {closes_at} 已过，不能公布", "it would have closed on {closes_at} already"),
    "round_without_classes": ("还没有选班次，不能公布", "choose class runs before announcing it"),
    "already_sent": (
        "这份报名已经提交过了，没有重复提交",
        "this application was sent before; nothing was sent twice",
    ),
    "changed_elsewhere": (
        "另一部手机刚改过这份报名。下面是现在的内容，请看一下再改",
        "another phone has just changed this application. Below is how it stands now; look before you change it",
    ),
    "request_key_used": ("请刷新页面再提交一次", "reload the page and send again"),
    "try_again": ("现在太忙，请再试一次", "it is very busy now; try again"),
    "consents_missing": (
        "提交以前，请先回答孩子的同意事项",
        "before sending, answer what we need your consent for",
    ),
    "offer_expired": (
        "期限 {answer_by} 已过，位子已给下一位",
        "the time until {answer_by} is over; it goes to the next",
    ),
    "offer_gone": ("这个位子已经处理过了", "this offer was answered before"),
    "too_late": ("孩子已经来过，请联系点位", "the child has attended already; please call the site"),
    "not_by_approval": ("这一轮不是审核制", "places of this round are not given by approval"),
    "already_decided": ("这份报名已经处理过了", "this application was decided before"),
}

FIELDS: Mapping[str, Pair] = {
    "out_of_range": ("应在 {low} 到 {high} 之间", "It should be from {low} to {high}"),
    "must_be_later": ("应晚于前面的时间", "It should be later than the time before"),
    "request_key_malformed": ("请刷新页面再提交", "Reload the page and send again"),
    "wish_unknown": ("这个班不在这一轮里", "That class is not in this round"),
    "wish_twice": ("同一个班只能填一次", "A class can be wished for once"),
    "wish_needed": ("至少要有一个志愿；不想报了请撤回", "There must be at least one wish; withdraw if you want none"),
    "wish_wrong_grade": (
        "这个班收 {low}–{high} 年级，孩子是 {grade} 年级",
        "That class takes grades {low}–{high}; the child is in grade {grade}",
    ),
    "too_many_wishes": ("最多 {limit} 个志愿", "At most {limit} wishes"),
    "class_unknown": ("没有这个班次：{class_run}", "There is no class run {class_run} in this season"),
    "class_twice": ("班次 {class_run} 写了两次", "Class run {class_run} is listed twice"),
    "places_beyond_capacity": (
        "班次 {class_run} 的位子应在 0 到 {limit} 之间",
        "Places of class run {class_run} should be from 0 to {limit}",
    ),
}

MOMENTS = ("opens_at", "closes_at", "until", "answer_by", "confirm_by")


def status(code: str, facts: Mapping[str, object], language: Language) -> str:
    """The status line."""
    pair = NOT_PLACED.get(str(facts.get("mode"))) if code == "not_placed" else None
    return _say(pair or STATUS.get(code), code, facts, language)


def means(code: str, language: Language) -> str:
    """What the status line means, in other words; nothing where it says all."""
    pair = MEANS.get(code)
    return pick(pair, language) if pair else ""


def event(code: str, facts: Mapping[str, object], language: Language) -> str:
    """What happened to an application."""
    return _say(EVENTS.get(code), code, facts, language)


def message(code: str, facts: Mapping[str, object], language: Language) -> str | None:
    """A message to a phone; None for a code that is not of enrolment."""
    return _say(MESSAGES[code], code, facts, language) if code in MESSAGES else None


def told(facts: Mapping[str, object], language: Language) -> dict[str, object]:
    """Facts with their moments in words of Shanghai's clock."""
    return {name: _moment(value, language) if name in MOMENTS else value for name, value in facts.items()}


def _moment(value: object, language: Language) -> object:
    when = datetime.fromisoformat(value) if isinstance(value, str) else value
    return moment(when, language) if isinstance(when, datetime) else value


def moment(when: datetime, language: Language) -> str:
    """A moment within the season, by Shanghai's clock: 7月16日(周四) 18:00, Thu 16 Jul, 18:00."""
    local = when.astimezone(SHANGHAI)
    day, week_day = weeks.day(local, language), weeks.weekday(local.isoweekday(), language)
    return f"{day}({week_day}) {local:%H:%M}" if language == "zh" else f"{week_day} {day}, {local:%H:%M}"


def _say(pair: Pair | None, code: str, facts: Mapping[str, object], language: Language) -> str:
    if pair is None:
        return unknown_code(code, facts, language)
    return fill(pick(pair, language), told(facts, language), language)
