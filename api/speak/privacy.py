"""Words about children's data: keys, parts and reasons, requests, retention rules, lines of the access log."""

from __future__ import annotations

from collections.abc import Mapping

from api.speak import purposes
from api.speak.language import Language, Pair, fill, pick

REFUSED: Mapping[str, Pair] = {
    "keys_lost": (
        "密钥文件 {file} 不见了，而数据库里有 {n} 项加密的内容。请从备份放回这个文件，或用 QINGZAI_KEYS_FILE 指出"
        "它在哪里；新密钥打不开它们，所以没有生成",
        "the file of keys {file} is gone, and the database holds {n} values encrypted with it. Put the file back from "
        "its backup, or say where it is with QINGZAI_KEYS_FILE; no new key was made, as it would open none of them",
    ),
    "keys_missing": ("没有密钥文件 {file}", "there is no file of keys {file}"),
    "keys_unreadable": (
        "密钥文件 {file} 不能读写：{reason}",
        "the file of keys {file} cannot be read or written: {reason}",
    ),
    "keys_malformed": (
        "密钥文件 {file} 第 {line} 行不对，请从备份恢复",
        "line {line} of the file of keys {file} is damaged: put it back from its backup",
    ),
    "keys_exhausted": ("密钥文件 {file} 已有 255 把密钥", "the file of keys {file} holds 255 keys already"),
    "key_missing": (
        "{place} 里有用第 {version} 把密钥加密的内容，而密钥文件里没有它。请从备份恢复密钥文件",
        "{place} holds values of key {version}, which the file of keys lacks: put it back from its backup",
    ),
    "value_forged": (
        "{place} 里有一项内容解不开：密钥不对，或内容被改动过",
        "a value of {place} does not open: the key is another one, or the value was tampered with",
    ),
    "clearance_needed": (
        "您的从业查询没有登记或已超过 12 个月，不能打开孩子的资料。请联系区办公室",
        "your background check is missing or older than 12 months, so you cannot open a child's data. "
        "Ask the district office",
    ),
    "request_open": ("同样的请求已经提过，还在办理", "the same was asked already and is being dealt with"),
    "request_unknown": ("没有这个请求", "there is no such request"),
    "request_decided": ("这个请求已经办理过了", "this request was dealt with already"),
    "application_stands": (
        "孩子还有有效的报名（{numbers}），现在不能删除。请先撤回报名或退出，再来删除",
        "the child still has an application that counts ({numbers}), so nothing can be deleted yet. "
        "Withdraw it first, then ask again",
    ),
}

LINES: Mapping[str, Pair] = {
    "key_added": (
        "已添加第 {version} 把密钥：{file}。请马上备份这个文件，然后运行 {command} keys rotate",
        "key {version} is added to {file}. Back this file up now, then run {command} keys rotate",
    ),
    "key_progress": ("已换 {done} / {total}", "{done} of {total} rewritten"),
    "key_interrupted": (
        "已中断，换好了 {done} 项；再运行一次会接着做",
        "interrupted after {done}; run it again to go on",
    ),
    "key_rotated": (
        "换好了 {n} 项，现在都用第 {version} 把密钥",
        "{n} values are rewritten with key {version}",
    ),
    "key_unreadable": (
        "解不开，没有动：{place} 第 {row} 行",
        "does not open and stays as it is: {place}, row {row}",
    ),
    "key_line": ("密钥 {version}{newest}：{n} 项 {places}", "key {version}{newest}: {n} values {places}"),
    "key_missing_line": (
        "密钥 {version} 不在文件里！{n} 项打不开：{places}",
        "key {version} is not in the file! {n} values cannot be opened: {places}",
    ),
    "key_newest": ("（最新，加密新内容）", " (newest, encrypts what is new)"),
    "retention_trial": (
        "试算：{n} 项过了保存期限，什么也没有删",
        "trial: {n} have been kept long enough; nothing was deleted",
    ),
    "retention_done": ("已删除 {n} 项", "{n} are deleted"),
}

WORDS: Mapping[str, Mapping[str, Pair]] = {
    "part": {
        "name": ("姓名", "Name"),
        "born_on": ("出生日期", "Date of birth"),
        "school": ("学校", "School"),
        "guardians": ("监护人", "Guardians"),
        "contacts": ("紧急联系人", "Emergency contacts"),
        "collectors": ("可以来接的人", "May collect the child"),
        "health_note": ("健康情况", "Health"),
        "paper_number": ("证件号码", "Identity paper"),
        "restrictions": ("不能接走孩子的人", "Must not collect the child"),
        "json": ("数据文件", "data file"),
        "pdf": ("PDF", "PDF"),
        "cover": ("证件、健康、不能接走的人", "papers, health, who must not collect"),
        "correction": ("更正", "correction"),
        "deletion": ("删除", "deletion"),
        "correction.done": ("更正，已办理", "correction, done"),
        "correction.refused": ("更正，没有同意", "correction, refused"),
        "deletion.done": ("删除，已办理", "deletion, done"),
        "deletion.refused": ("删除，没有同意", "deletion, refused"),
    },
    "reason": {
        "emergency": ("紧急情况", "An emergency"),
        "pick_up": ("核对接送", "Checking who collects"),
        "care": ("照看需要", "Needed for care"),
        "call_family": ("联系家长", "Calling the family"),
        "insurance": ("办保险、理赔", "Insurance"),
        "check": ("核对资料", "Checking details"),
        "other": ("其他（请写明）", "Other (say what)"),
    },
    "subject": {
        "child": ("孩子", "child"),
        "account": ("账号", "account"),
        "guardian": ("监护人", "guardian"),
        "volunteer": ("志愿者", "volunteer"),
        "application": ("报名", "application"),
        "insurance_list": ("投保名单", "insurance list"),
        "certificate": ("证明", "certificate"),
        "consent_text": ("同意书文字", "text of consent"),
    },
    "table": purposes.TABLES,
    "purpose": purposes.PURPOSES,
    "ground": purposes.GROUNDS,
    "kind": {
        "correction": ("更正", "Correction"),
        "deletion": ("删除", "Deletion"),
    },
    "request": {
        "open": ("等待办理", "waiting"),
        "done": ("已办理", "done"),
        "refused": ("没有同意", "refused"),
        "taken_back": ("已收回", "taken back"),
    },
    "action": {
        "child.reveal": ("查看完整资料", "saw what is masked"),
        "child.see": ("查看（打码）", "saw it masked"),
        "child.change": ("修改", "changed"),
        "child.export": ("导出", "took out a copy"),
        "child.erased": ("删除资料", "deleted data"),
        "data_request.make": ("提出请求", "made a request"),
        "data_request.decide": ("办理请求", "decided on a request"),
        "application.see": ("查看报名表", "saw an application"),
        "role.grant": ("授予角色", "granted a role"),
        "note.see": ("看观察记录", "saw notes"),
        "note.write": ("写观察记录", "wrote a note"),
        "note.review": ("看、改或发布观察记录", "reviewed notes"),
        "insurance.make": ("列入投保名单", "put on an insurance list"),
        "insurance.approve": ("批准投保名单", "approved an insurance list"),
        "insurance.take": ("下载投保名单", "took out an insurance list"),
        "certificate.issue": ("开证明", "issued a certificate"),
        "certificate.void": ("作废证明", "voided a certificate"),
        "certificate.see": ("查看证明", "saw a certificate"),
        "photo.see": ("查看照片", "saw photos"),
        "concern.raise": ("报告担忧", "reported a concern"),
        "concern.see": ("查看担忧报告", "read a concern"),
        "concern.handle": ("处理担忧报告", "dealt with a concern"),
        "consent_text.manage": ("公布同意书文字", "published a text of consent"),
    },
}

RULES: Mapping[str, Pair] = {
    "not_placed": (
        "没有排上名额的孩子：想报的那一期开始 {days} 天后，资料全部删除",
        "children without a place: everything, {days} days after the term they applied for began",
    ),
    "cover_over": (
        "证件号码、健康情况、不能接走孩子的人：托管和保险结束 {days} 天后",
        "identity papers, health, who must not collect: {days} days after care and cover ended",
    ),
    "attendance": (
        "签到签退和接送码：{days} 天（3 年）后",
        "attendance and pick-up codes: after {days} days (3 years)",
    ),
    "service": (
        "志愿者签到签退：{days} 天（3 年）后；已开的证明留着",
        "volunteers' sign-in and sign-out: after {days} days (3 years); certificates stay",
    ),
    "insurance_lists": (
        "投保名单里的姓名和证件：保险结束 {days} 天后；人数留着",
        "names and papers in insurance lists: {days} days after the cover; the figures stay",
    ),
    "attended": ("来过的孩子：最后一期结束 {days} 天（3 年）后", "children who came: {days} days (3 years) after"),
    "never_applied": (
        "从来没有报过名的孩子：最后一次改动 {days} 天后",
        "children who never applied: {days} days after the last change",
    ),
    "note_drafts": (
        "没有交上来或撤回的观察记录：最后一次改动 {days} 天后",
        "notes that were never handed in or taken back: {days} days after the last change",
    ),
    "loose_photos": (
        "没有发布、也不在任何记录里的照片：{days} 天后",
        "photos that nobody released and no note has: after {days} days",
    ),
    "photos": ("照片：{days} 天（3 年）后", "photos: after {days} days (3 years)"),
    "handover_notes": ("带班人的交接留言：{days} 天后", "notes of those with a class to the next: after {days} days"),
    "invitations": ("给另一位监护人的邀请：{days} 天后", "invitations of second guardians: after {days} days"),
    "sign_in_codes": ("登录验证码：过期 {days} 天后", "sign-in codes: {days} day after they expired"),
    "sign_in_attempts": ("登录尝试：{days} 天后", "attempts to sign in: after {days} days"),
    "sessions": ("登录记录：失效 {days} 天（6 个月）后", "sessions: {days} days (6 months) after they ended"),
    "messages": ("短信记录：{days} 天（6 个月）后", "messages to phones: after {days} days (6 months)"),
    "access_log": ("访问日志：{days} 天（3 年）后", "access log: after {days} days (3 years)"),
    "consent_proof": (
        "已删除孩子的同意记录（不含姓名）：{days} 天（3 年）后",
        "proof of consent of deleted children (without names): after {days} days (3 years)",
    ),
}

MESSAGES: Mapping[str, Pair] = {
    "data_correction_asked": ("已收到更正 {child} 资料的请求。", "A correction for {child} was asked for."),
    "data_deletion_asked": (
        "已收到删除 {child} 全部资料的请求。如果不是您家提出的，请马上登录收回。",
        "Deletion of all data of {child} was asked for. If your family did not, sign in and take it back now.",
    ),
    "data_correction_taken_back": (
        "更正 {child} 资料的请求已收回。",
        "The request to correct {child}'s data was taken back.",
    ),
    "data_deletion_taken_back": (
        "删除 {child} 资料的请求已收回。",
        "The request to delete {child}'s data was taken back.",
    ),
    "guardian_left": (
        "{child} 的另一位监护人退出了，现在只有您一位监护人。",
        "The other guardian of {child} has left: you are the only guardian now.",
    ),
    "guardian_left_me": (
        "您不再是 {child} 的监护人。如果不是您本人操作，请马上登录并联系点位。",
        "You are a guardian of {child} no more. If that was not you, sign in now and call the site.",
    ),
    "data_correction_done": ("{child} 的资料已更正。", "The data of {child} were corrected."),
    "data_deletion_done": ("{child} 的资料已删除。", "The data of {child} were deleted."),
    "data_correction_refused": (
        "更正 {child} 资料的请求没有同意，原因请登录查看。",
        "The request to correct {child}'s data was refused; sign in to see why.",
    ),
    "data_deletion_refused": (
        "删除 {child} 资料的请求没有同意，原因请登录查看。",
        "The request to delete {child}'s data was refused; sign in to see why.",
    ),
}
"""Messages to phones, by the code of the outbox."""


def line(code: str, language: Language, **facts: object) -> str:
    """A line of the command line."""
    return fill(pick(LINES[code], language), facts, language)


def rule(code: str, days: int, language: Language) -> str:
    """A retention rule."""
    return fill(pick(RULES[code], language), {"days": days}, language)


def word(kind: str, name: str, language: Language) -> str:
    """A word of one of the lists; one that is not there as it is."""
    return pick(WORDS[kind].get(name, (name, name)), language)


def reason(told: str, language: Language) -> str:
    """A reason as it stands in the log: one of the list, perhaps with words behind it."""
    code, mark, words = told.partition(": ")
    if code not in WORDS["reason"]:
        return told
    said = word("reason", code, language)
    return f"{said}：{words}" if mark and language == "zh" else f"{said}: {words}" if mark else said


def message(code: str, facts: Mapping[str, object], language: Language) -> str | None:
    """A message to a phone; None for a code that is not about data."""
    return fill(pick(MESSAGES[code], language), facts, language) if code in MESSAGES else None
