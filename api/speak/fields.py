"""Sentences about one field of a form. Each says what to write instead."""

from __future__ import annotations

from collections.abc import Mapping

from api.speak import attendance, certificates, families, growth, insurance, keepsakes, volunteers
from api.speak.enrolment import FIELDS as ENROLMENT
from api.speak.language import Language, Pair, fill, pick, unknown_code

FIELDS: Mapping[str, Pair] = {
    "needed": ("请填写这一项", "This is needed"),
    "too_long": ("最多 {limit} 个字，现在有 {length} 个", "At most {limit} characters; there are {length}"),
    "choose_one": ("请选一项", "Choose one"),
    "phone_malformed": ("请填 11 位手机号，如 13800138000", "A mobile number has 11 digits, such as 13800138000"),
    "resend_too_soon": (
        "验证码刚发过，请等 {seconds} 秒再要一次",
        "A code was just sent; wait {seconds} seconds for another",
    ),
    "too_many_codes": (
        "要验证码的次数太多了，请 {minutes} 分钟后再试",
        "Too many codes were asked for; try again in {minutes} minutes",
    ),
    "too_many_tries": (
        "输错的次数太多了，请 {minutes} 分钟后再试",
        "Too many wrong entries; try again in {minutes} minutes",
    ),
    "code_malformed": ("验证码是 6 位数字", "The code has six digits"),
    "code_wrong": ("验证码不对，还可以试 {n} 次", "The code is wrong; {n} tries are left"),
    "code_over": ("验证码已失效，请重新获取", "The code is no longer good; ask for a new one"),
    "account_closed": ("这个账号已停用，请联系区办公室", "This account is closed; ask the district office"),
    "password_wrong": ("手机号或密码不对", "The number or the password is wrong"),
    "password_current_wrong": ("现在的密码不对", "The current password is wrong"),
    "password_short": ("密码至少 {least} 位", "A password has at least {least} characters"),
    "password_is_phone": ("密码里不要有手机号", "Leave your phone number out of the password"),
    "password_simple": ("密码太简单了，换几个不同的字", "Too simple: use more different characters"),
    "password_differs": ("两次输入的不一样", "The two are not the same"),
    "password_not_for_you": ("密码只给工作人员用；您用验证码登录", "Passwords are for staff; you sign in with a code"),
    "scope_unknown": ("没有这样的权限：{scopes}", "There is no such scope: {scopes}"),
    "scope_not_yours": ("您自己没有这些权限：{scopes}", "You may not do this yourself: {scopes}"),
    "date_past": ("这一天已经过去了", "That day is over"),
    "ends_before": ("结束不能早于开始", "It cannot end before it begins"),
    "role_held": ("已经有这个角色了", "The role is held already"),
    "name_malformed": (
        "姓名里只能有文字和“·”，不能有数字、符号、表情",
        "A name has letters, hyphens and points; no digits, signs or pictures",
    ),
    "moment_malformed": ("请填日期和时间，如 2026-06-01 09:00", "A date and time is needed, such as 2026-06-01 09:00"),
    "number_malformed": ("请填一个整数", "A whole number is needed"),
    "credit_code_malformed": ("统一社会信用代码是 18 位", "The credit code has 18 characters"),
    "name_taken": ("已经有叫这个名字的了，请换一个", "There is one of this name already; choose another"),
    "already_there": ("已经有了", "There is one already"),
    "date_malformed": ("请填日期，如 2017-09-01", "A date is needed, such as 2017-09-01"),
    **families.FIELDS,
    **attendance.FIELDS,
    **volunteers.FIELDS,
    **keepsakes.FIELDS,
    **certificates.FIELDS,
    **growth.FIELDS,
    **insurance.FIELDS,
}


def sentence(code: str, facts: Mapping[str, object], language: Language) -> str:
    """One sentence for a problem of a field."""
    pair = FIELDS.get(code) or ENROLMENT.get(code)
    return fill(pick(pair, language), facts, language) if pair else unknown_code(code, facts, language)
