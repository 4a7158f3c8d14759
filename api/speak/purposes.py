"""Words for the table of purposes: tables and columns as families call them, what for, on what ground, how long."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby

from api.speak.language import Language, Pair, fill, pick
from registry.privacy.purposes import Purpose

TABLES: Mapping[str, Pair] = {
    "child": ("孩子", "The child"),
    "guardian": ("监护人", "Guardians"),
    "guardianship": ("谁是谁的监护人", "Who is whose guardian"),
    "guardian_invitation": ("给另一位监护人的邀请", "Invitations of a second guardian"),
    "authorized_collector": ("可以来接的人", "Who may collect the child"),
    "collection_restriction": ("不能接走孩子的人", "Who must not collect the child"),
    "emergency_contact": ("紧急联系人", "Emergency contacts"),
    "application": ("报名", "Applications"),
    "wish": ("志愿", "Wishes"),
    "place": ("录取的位子", "Places"),
    "waitlist_entry": ("候补", "Waitlists"),
    "application_event": ("报名的经过", "The history of an application"),
    "insurance_list": ("投保名单", "Insurance lists"),
    "certificate": ("参与证明", "Certificates of participation"),
    "observation": ("观察记录", "Notes about your child"),
    "observation_child": ("观察记录写的是谁", "Whom a note is about"),
    "observation_edit": ("观察记录改之前的样子", "Notes as they were before a change"),
    "photo": ("照片", "Photos"),
    "book": ("成长手册和班级回忆录", "Handbooks and memory books"),
    "book_edit": ("手册改之前的样子", "Books as they were before a change"),
    "guardian_feedback": ("老师给您的一对一反馈", "Feedback to you"),
    "guardian_reply": ("您的回复", "Your answers"),
    "photo_child": ("照片上有谁", "Who is in a photo"),
    "safeguarding_concern": ("对孩子可能受到伤害的报告", "Reports that a child may be harmed"),
    "draw": ("摇号", "Draws"),
    "public_notice": ("公示", "Public notices"),
    "consent_record": ("同意的记录", "Records of consent"),
    "data_request": ("更正和删除请求", "Requests to correct or delete"),
    "access_log": ("访问日志", "The access log"),
    "bulk_export": ("批量导出的审批", "Approvals of bulk exports"),
    "account": ("账号", "Accounts"),
    "sign_in_code": ("登录验证码", "Sign-in codes"),
    "sign_in_attempt": ("登录尝试", "Attempts to sign in"),
    "login_session": ("登录着的设备", "Devices that are signed in"),
    "outbox_message": ("短信", "Messages to phones"),
}

COLUMNS: Mapping[str, Pair] = {
    "name": ("姓名", "name"),
    "sex": ("性别", "sex"),
    "born_on": ("出生日期", "date of birth"),
    "entry_year": ("入学年份", "year of school entry"),
    "school": ("学校", "school"),
    "paper_kind": ("证件类型", "kind of paper"),
    "paper_number": ("证件号码", "number of the paper"),
    "health_note": ("健康情况", "health"),
    "relation": ("关系", "relation"),
    "phone": ("手机号", "phone number"),
    "note": ("说明", "note"),
    "number": ("报名号", "application number"),
    "draw_name": ("摇号用的代号", "name in the draw"),
    "status": ("状态", "status"),
    "seats": ("要几个位子", "seats"),
    "weekdays": ("哪几天来", "weekdays"),
    "together": ("兄弟姐妹要不要一起", "together with siblings"),
    "group_code": ("优先群体", "priority group"),
    "group_status": ("核对情况", "whether it was verified"),
    "group_verified_by": ("核对人", "by whom"),
    "group_verified_on": ("核对日期", "when"),
    "rejected_because": ("没有通过的原因", "why it was refused"),
    "rank": ("第几志愿", "rank"),
    "class_run_id": ("班次", "class"),
    "position": ("第几位", "position"),
    "item": ("同意事项", "what was asked"),
    "text_digest": ("文本的指纹", "fingerprint of the text"),
    "is_given": ("同意或不同意", "yes or no"),
    "text": ("写的内容", "what was written"),
    "answer": ("答复", "answer"),
    "reason": ("原因", "reason"),
    "field": ("哪一项", "which part"),
    "address": ("网络地址", "network address"),
    "device": ("设备", "device"),
    "action": ("做了什么", "what was done"),
    "kind": ("种类", "kind"),
    "password_hash": ("密码（不可还原）", "password (cannot be read back)"),
    "code_hash": ("验证码（不可还原）", "code (cannot be read back)"),
    "token_hash": ("登录凭证（不可还原）", "token (cannot be read back)"),
    "language": ("语言", "language"),
    "facts": ("内容", "content"),
    "rows": ("打码的姓名、报名号、班次", "masked name, number, class"),
    "problem_json": ("名单（用代号）", "the list, by names in the draw"),
    "result_json": ("结果（用代号）", "the result, by names in the draw"),
    "filters": ("哪些名单", "which lists"),
    "at": ("时间", "time"),
    "day": ("哪一天", "day"),
    "device_at": ("手机上的时间", "time on the phone"),
    "is_skewed": ("手机时间不准", "the phone's clock is out"),
    "remark": ("晨检发现了什么", "what the morning check found"),
    "collector_name": ("谁接走的", "who collected the child"),
    "collector_relation": ("接走的人和孩子的关系", "relation of who collected"),
    "verified": ("怎样核对的", "how it was checked"),
    "used_at": ("用掉的时间", "used"),
    "withdrawn_at": ("作废的时间", "withdrawn"),
    "recorded_at": ("记下的时间", "noted"),
    "source": ("从哪里记的", "noted from"),
    "course_id": ("哪门课", "course"),
    "domain": ("哪一育", "domain"),
    "seen": ("看到的", "what was seen"),
    "understood": ("怎样理解", "how it was understood"),
    "support": ("可以怎样支持", "how to support it"),
    "phrase": ("选的句子", "ready phrase"),
    "warnings": ("用词提醒", "words to look at again"),
    "written_at": ("写的时间", "written"),
    "review_words": ("班主任的话", "words of the class lead"),
    "said": ("您的回复", "your answer"),
    "texts": ("写进手册的话", "words written for the book"),
    "notes": ("选进手册的记录", "notes chosen for the book"),
    "photos": ("选进手册的照片", "photos chosen for the book"),
    "content": ("发给您的那一版", "the book as it was released"),
    "before": ("改之前的样子", "how it was before"),
    "strengths": ("看到的长处", "strengths seen"),
    "interests": ("喜欢做的事", "interests"),
    "suggestion": ("在家可以试试的一件事", "one thing to try at home"),
    "caption": ("照片说明", "caption"),
    "secret": ("打开照片的密钥", "key of the picture"),
    "child_name": ("孩子姓名", "the child's name"),
    "words": ("报告内容", "what was reported"),
    "code": ("验证码", "code"),
    "holder": ("姓名", "name"),
    "void_reason": ("作废的原因", "why it is void"),
    "outcome": ("怎样处理的", "what was done"),
}
"""Columns that have a word. The others are numbers of rows and moments: `OTHERS`."""

OTHERS: Pair = ("编号和时间", "row numbers and times")

PURPOSES: Mapping[str, Pair] = {
    "order": ("把各项内容对上号", "to keep things together that belong together"),
    "recognise": ("认得孩子，叫得出名字", "to know the child"),
    "right_class": ("排进合适的班", "to find the right class"),
    "insure": (
        "给孩子上保险（排上名额、区里要求时才填）",
        "to insure the child (with a place, where it is asked for)",
    ),
    "care": ("照看时要当心什么", "what to mind in care"),
    "reach_family": ("联系您", "to reach you"),
    "second_guardian": ("请另一位监护人加入", "to let a second guardian in"),
    "collect": ("接走孩子时核对", "to check who collects the child"),
    "attendance": ("知道孩子到了没有、走了没有", "to know whether the child came and left"),
    "certify": ("证明孩子参加过", "to certify that the child took part"),
    "growth": ("记下孩子的成长，写进成长手册", "to record how your child grows, for the growth handbook"),
    "keepsake": ("放进成长手册和班级回忆录", "for the growth handbook and the class memory book"),
    "safeguard": ("保护孩子（强制报告）", "to protect the child (mandatory reporting)"),
    "protect": ("不让这些人接走孩子", "to keep the child safe from them"),
    "emergency": ("有急事又找不到您时打电话", "to call when you cannot be reached"),
    "place": ("分配位子", "to give places"),
    "priority": ("优先群体先排", "to serve priority groups first"),
    "answer": ("告诉您原因", "to tell you why"),
    "history": ("您可以看到经过", "so that you can see what happened"),
    "fair_draw": ("任何人都能验证摇号（不写姓名）", "so that anybody can verify the draw (without names)"),
    "notice": ("公示结果", "to publish the result"),
    "proof": ("证明您同意过或没有同意", "to prove what you agreed to or refused"),
    "rights": ("办理您的请求", "to deal with your request"),
    "watch": ("查得到谁看过孩子的资料", "so that it can be seen who looked at a child's data"),
    "sign_in": ("让您登录，不让别人冒用", "to let you sign in and nobody else"),
    "tell": ("给您发通知", "to send you notices"),
}

GROUNDS: Mapping[str, Pair] = {
    "data": ("您同意“使用这些信息”", "your consent to the use of these data"),
    "health": ("您单独同意“记下健康情况”", "your separate consent to notes on health"),
    "class_photo": ("您单独同意“照片放进成长手册和班级回忆录”", "your separate consent to photos in the books"),
    "insurance": ("您单独同意“交给保险公司”", "your separate consent to insurance"),
    "duty": ("法律要求（安全、证明、查得到）", "what the law asks for (security, proof, records)"),
}

SEEN: Mapping[str, Pair] = {
    "family": ("您家", "your family"),
    "lead": ("孩子的班主任", "the class lead"),
    "site": ("托管点负责人", "the site's coordinator"),
    "office": ("区里的经办人", "the district office"),
    "auditor": ("检查人员", "auditors"),
    "everybody": ("所有人（打码或代号）", "everybody (masked, or by another name)"),
    "nobody": ("没有人，程序自己用", "nobody, only the program"),
}

KEPT: Mapping[str, Pair] = {
    "child": (
        "没有排上的，这一期开始 30 天后删除；来过的 3 年后删除；没有报过名的 1 年后删除",
        "30 days after the term begins without a place; 3 years after the child came; 1 year where it never applied",
    ),
    "account": ("到您要求删除账号为止", "until you ask for the account to be deleted"),
    "concern": ("长期保存，不能删除（强制报告）", "for good; it cannot be deleted (mandatory reporting)"),
    "draws": ("长期保存，供验证", "for good, so that it can be verified"),
    "cover_over": ("托管和保险结束 30 天后删除", "until 30 days after care and cover have ended"),
}
DAYS: Pair = ("{days} 天后删除", "for {days} days")


@dataclass(frozen=True, slots=True)
class Told:
    """Columns of one table with the same purpose."""

    table: str
    columns: tuple[str, ...]
    purpose: str
    ground: str
    seen_by: tuple[str, ...]
    kept: str
    days: int | None
    is_encrypted: bool


def grouped(rows: Iterable[Purpose]) -> list[Told]:
    """Columns with one purpose together, in the order of the table."""
    same = groupby(
        rows, key=lambda r: (r.table, r.purpose, r.ground, r.seen_by, r.kept, r.days, r.is_encrypted)
    )  # fmt: skip
    return [
        Told(table, tuple(row.column for row in some), purpose, ground, seen_by, kept, days, is_encrypted)
        for (table, purpose, ground, seen_by, kept, days, is_encrypted), some in same
    ]


def columns(names: Iterable[str], language: Language) -> str:
    """The columns as families call them; row numbers and moments in one word."""
    known = [pick(COLUMNS[name], language) for name in names if name in COLUMNS]
    whole = known + ([pick(OTHERS, language)] if any(name not in COLUMNS for name in names) else [])
    return ("、" if language == "zh" else ", ").join(whole)


def seen(names: Iterable[str], language: Language) -> str:
    """Who sees it."""
    return ("、" if language == "zh" else ", ").join(pick(SEEN[name], language) for name in names)


def kept(code: str, days: int | None, language: Language) -> str:
    """How long it is kept."""
    return pick(KEPT[code], language) if code in KEPT else fill(pick(DAYS, language), {"days": days}, language)
