"""Words of handbooks, memory books and feedback: headings, what is refused, messages. Warm and plain, never praise."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from api.speak import weeks
from api.speak.language import Language, Pair, fill, pick, unknown_code
from registry.growth.phrases import PHRASE

LABELS: Mapping[str, Pair] = {
    "handbook": ("学生成长手册", "Growth handbook"),
    "memoir": ("班级回忆录", "Class memory book"),
    "made_with": ("青仔 Qingzai", "青仔 Qingzai"),
    "about": ("认识我", "About me"),
    "term": ("我的这一期", "My term"),
    "courses": ("上过的课", "Courses I joined"),
    "courses_class": ("班里开过的课", "Courses of my class"),
    "moments": ("成长瞬间", "Growth moments"),
    "understood": ("我的理解", "What I make of it"),
    "support": ("可以怎样支持", "How to support it"),
    "map": ("兴趣地图", "Map of interests"),
    "works": ("我的作品", "My works"),
    "photos": ("照片", "Photos"),
    "can": ("我会做的事", "What I can do now"),
    "friends": ("伙伴的话", "Friends’ words"),
    "own": ("我的话", "My words"),
    "letter": ("志愿者给我的信", "A volunteer’s letter to me"),
    "feedback": ("写给家长", "To the parents"),
    "strengths": ("看到的长处", "Strengths seen"),
    "interests": ("喜欢做的事", "Interests"),
    "suggestion": ("在家可以试试", "One thing to try at home"),
    "replies": ("家里的回音", "The family’s answer"),
    "certificate": ("参加证明", "Certificate of participation"),
    "opening": ("写在前面", "Before we begin"),
    "story": ("一周一周", "Week by week"),
    "timetable": ("课表", "Timetable"),
    "volunteers": ("志愿者的话", "The volunteers’ page"),
    "closing": ("写在后面", "At the end"),
    "numbers": ("数一数", "In numbers"),
    "children": ("个孩子", "children"),
    "attendances": ("人次到班", "attendances"),
    "days": ("天在一起", "days together"),
    "lessons": ("节课", "lessons"),
    "courses_n": ("门课程", "courses"),
    "volunteers_n": ("位志愿者", "volunteers"),
    "came": ("到班", "came"),
    "excused": ("请假", "excused"),
    "away": ("没有来", "did not come"),
    "offered": ("班里当天有这类课", "a lesson of this kind that day"),
    "seen": ("记下的一次", "one note"),
    "codes": ("方框里的编号代表打印不出来的字。", "A code in a box stands for a character that cannot be printed."),
    "page": ("第 {page} 页", "Page {page}"),
    "works_class": ("大家的作品", "Works of the class"),
}
"""Headings and small words of books."""

SENTENCES: Mapping[str, Pair] = {
    "lead": ("班主任：{names}", "Class lead: {names}"),
    "span": ("{first} 至 {last}", "{first} to {last}"),
    "attendance": (
        "这一期开班 {held} 天，我来了 {came} 天。",
        "The class met on {held} days, and I was there on {came}.",
    ),
    "attendance_excused": (
        "这一期开班 {held} 天，我来了 {came} 天，请假 {excused} 天。",
        "The class met on {held} days; I was there on {came} and excused on {excused}.",
    ),
    "course_times": ("{times} 节", "{times} lessons"),
    "course_once": ("{times} 节", "{times} lesson"),
    "map_note": (
        "实心圆点是大人当天记下的一次，空心圆圈是班里当天有这一类的课。点的多少不是分数：它只说明那天有人看见并写了下来。",
        "A dot is one note of an adult on that day; a ring is a lesson of that kind. Many or few are no mark: they "
        "only say that somebody saw something and wrote it down.",
    ),
    "certificate": (
        "{name}于 {first} 至 {last} 参加了“{site}”{term}{class_run}的暑期托管，到班 {came} 天。",
        "{name} took part in the summer care of {class_run} ({term}) at {site} on {came} days, {first} to {last}.",
    ),
    "map_desc": ("{domain}：记下 {n} 次（{days}）", "{domain}: {n} noted ({days})"),
    "map_none": ("{domain}：没有记下", "{domain}: nothing noted"),
    "grade": ("{grade} 年级", "grade {grade}"),
    "section_week": ("{day}这一周", "the week of {day}"),
}

WHY: Mapping[str, Pair] = {
    "consent_missing": ("还没有同意进班级相册：{names}", "no consent yet to photos in the class’s books: {names}"),
    "consent_refused": ("不同意或收回了同意：{names}", "consent refused or withdrawn: {names}"),
    "photo_gone": ("照片已经删除", "the photo was removed"),
    "photo_waits": ("照片还没有审过", "the photo was not released yet"),
    "names_child": ("提到了别的孩子：{names}", "it names another child: {names}"),
}
"""Why something is left out of a book."""

FIELDS: Mapping[str, Pair] = {
    "names_other_child": (
        "里面有别的孩子的名字：{names}。手册和反馈里不能出现别的孩子，请改成“同伴”",
        "This names another child: {names}. No other child may be named here; write “a friend” instead",
    ),
    "may_name_child": (
        "“{names}”可能是班里别的孩子的名字。是的话请改掉；只是普通的词，请勾选下面一项再保存",
        "“{names}” may be another child of the class. If so, change it; if it is just a word, tick the box below",
    ),
    "section_unknown": ("没有这一节", "There is no such section"),
    "too_many_replies": ("已经有 {most} 条了", "There are {most} already"),
}

REFUSED: Mapping[str, Pair] = {
    "book_unknown": ("没有找到这本手册，或者老师还没有发出来", "there is no such book, or it was not released yet"),
    "book_not_released": ("这本还没有发出去", "this book was not released"),
    "photo_unknown": ("没有找到这张照片", "there is no such photo"),
    "feedback_unknown": ("没有找到这条反馈", "there is no such feedback"),
    "feedback_released": ("这条反馈已经发给家长，不能再改", "this feedback has been sent to the guardians already"),
    "books_unwritable": (
        "写不进手册文件夹 {folder}（{reason}）。请检查 QINGZAI_BOOKS 和磁盘",
        "the folder of books {folder} cannot be written ({reason}). Check QINGZAI_BOOKS and the disk",
    ),
    "batch_unknown": ("没有找到这一批", "there is no such batch"),
    "batch_running": ("已经有一批正在做，请等它做完或先停下", "a batch is being made already; wait for it or stop it"),
    "batch_over": ("这一批已经结束", "this batch is over"),
    "nothing_to_make": ("这里还没有一个有孩子的班", "no class with children is here yet"),
}

MESSAGES: Mapping[str, Pair] = {
    "book_released": (
        "【青仔】班里给您的孩子做的册子可以看了。请登录青仔，在“我的孩子”里打开。",
        "[Qingzai] A book that your child’s class made is ready. Sign in and open it under “My children”.",
    ),
    "feedback_released": (
        "【青仔】老师给您写了一对一反馈。请登录青仔，在“我的孩子”里查看和回复。",
        "[Qingzai] There is feedback for you about your child. Sign in to read and answer it under “My children”.",
    ),
}


def label(code: str, language: Language) -> str:
    """A heading or small word."""
    return pick(LABELS[code], language)


def labels(language: Language) -> dict[str, str]:
    """All of them, for a sheet."""
    return {code: pick(pair, language) for code, pair in LABELS.items()}


def sentence(code: str, facts: Mapping[str, object], language: Language) -> str:
    """A sentence of a book with its facts."""
    return fill(pick(SENTENCES[code], language), facts, language)


def day(text: str, language: Language) -> str:
    """A date in a book: 7月8日(周三)."""
    return weeks.day(date.fromisoformat(text), language)


def full_day(text: str, language: Language) -> str:
    """A date with its year: 2026年7月8日(周三)."""
    return weeks.full_day(date.fromisoformat(text), language)


def span(first: str, last: str, language: Language) -> str:
    """From one day to another."""
    said = {"first": full_day(first, language), "last": full_day(last, language)}
    return fill(pick(SENTENCES["span"], language), said, language)


def domain(code: str, language: Language) -> str:
    """A domain of development."""
    return weeks.word("domain", code, language)


def can(item: Mapping[str, str], language: Language) -> str:
    """A line of what a child can do: a phrase that was tapped, or words."""
    phrase = PHRASE.get(item.get("phrase", ""))
    if phrase is None:
        return item.get("text", "")
    return phrase.zh if language == "zh" else phrase.en


def why(code: str, names: object, language: Language) -> str:
    """Why something is left out."""
    return fill(pick(WHY[code], language), {"names": names}, language)


def message(code: str, facts: Mapping[str, object], language: Language) -> str | None:
    """A message of books, None where it is none."""
    pair = MESSAGES.get(code)
    return fill(pick(pair, language), facts, language) if pair else None


def refusal(code: str, facts: Mapping[str, object], language: Language) -> str:
    """A refusal."""
    pair = REFUSED.get(code)
    return fill(pick(pair, language), facts, language) if pair else unknown_code(code, facts, language)
