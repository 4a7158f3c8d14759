"""Words and sentences about families: fields of their forms, what is refused, what things are called."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from api.speak.language import Language, Pair, fill, pick
from registry.conventions.grades import grade_on, school_year_on

FIELDS: Mapping[str, Pair] = {
    "text_malformed": (
        "里面有不能用的字符，请删掉再试",
        "There are characters that cannot be used; please remove them",
    ),
    "date_ahead": ("这一天还没有到，请核对", "This day is still to come; please check it"),
    "age_outside": (
        "这样到 {year} 年夏天孩子是 {age} 岁。托管只收 {least} 到 {most} 岁的孩子，请核对出生日期",
        "The child would be {age} in the summer of {year}. Children of {least} to {most} are looked after; "
        "please check the date",
    ),
    "child_known": ("这个孩子已经添加过了", "This child is there already"),
    "person_known": ("这个手机号已经登记过了", "Somebody with this number is there already"),
    "own_phone": ("这已经是孩子监护人的手机号", "This is the number of one of the child's guardians already"),
    "consent_needed": (
        "要先在“同意事项”里选“同意”，才能填写这一项",
        "This can be filled in once you have agreed to it under “Consents”",
    ),
    "text_changed": (
        "这段文字刚刚改过，请再看一遍再选",
        "This text has just been changed; please read it again and choose",
    ),
    "not_asked": ("这一项不用回答", "This is not asked about your child"),
    "birthday_wrong": (
        "出生日期对不上，请核对；连错 5 次，邀请就作废了",
        "This is not the child's date of birth. After 5 wrong ones the invitation is over",
    ),
    "paper_malformed": (
        "号码的位数或写法不对，请照证件核对",
        "The number does not look right; please check it with the paper",
    ),
    "paper_region": (
        "号码开头的地区不对，请照证件核对",
        "The region at the beginning is not right; please check the number",
    ),
    "paper_birth": (
        "号码里的出生日期不对，请照证件核对",
        "The date of birth in it is not right; please check the number",
    ),
    "paper_check_digit": (
        "号码对不上（最后一位是校验位），可能有一位填错了，请照证件核对",
        "The number is not right: a digit seems mistyped. Please check it with the paper",
    ),
    "paper_not_of_birth": (
        "号码里的出生日期和孩子的出生日期不一样，请核对",
        "The date of birth in it is not the child's; please check both",
    ),
    "paper_not_of_sex": (
        "号码里的性别和孩子的性别不一样，请核对",
        "The sex in it is not the child's; please check both",
    ),
}
"""What is wrong with a field, besides what is in `api.speak.fields`."""

REFUSALS: Mapping[str, Pair] = {
    "child_unknown": ("没有找到这个孩子", "there is no such child"),
    "person_unknown": ("没有找到这个人，可能已经删掉了", "there is no such person; perhaps it was removed"),
    "last_guardian": (
        "您是唯一的监护人，孩子总要有人负责：先请另一位监护人加入",
        "you are the only guardian, and somebody has to answer for the child: let another guardian join first",
    ),
    "consent_ends_applications": (
        "没有这项同意，下面的报名会撤回，请先确认：{numbers}",
        "without this consent these applications are withdrawn; say that this is meant: {numbers}",
    ),
    "invitation_unknown": (
        "没有找到这个邀请：可能已经处理过、被收回，或者过期了",
        "there is no such invitation: it may have been answered, taken back, or be too old",
    ),
    "guardian_needed": ("请先填写您自己的姓名", "enter your own name first"),
    "too_many_children": (
        "一个账号最多添加 {limit} 个孩子。如果确实更多，请联系区办公室",
        "an account can have at most {limit} children. If you have more, ask the district office",
    ),
    "child_has_applied": (
        "这个孩子报过名，不能直接删除。请在“我的数据”里申请删除",
        "this child has applied and cannot simply be removed. Ask for its deletion under “My data”",
    ),
    "guardians_complete": (
        "一个孩子最多两位监护人（包括已邀请、还没答复的）",
        "a child can have two guardians, those who are asked and have not answered included",
    ),
    "too_many_people": ("最多登记 {limit} 位。请先删掉一位", "at most {limit} people can be named. Remove one first"),
    "papers_not_collected": (
        "现在不用填写证件号码：只有区里统一投保、并且孩子已确认名额以后才需要",
        "no paper is needed now: only where the district insures each child, and once the place is confirmed",
    ),
}
"""What cannot be done, and what to do instead."""

WORDS: Mapping[str, Mapping[str, Pair]] = {
    "sex": {"male": ("男", "boy"), "female": ("女", "girl")},
    "relation": {
        "mother": ("母亲", "mother"),
        "father": ("父亲", "father"),
        "grandmother": ("奶奶或外婆", "grandmother"),
        "grandfather": ("爷爷或外公", "grandfather"),
        "relative": ("亲戚", "relative"),
        "friend": ("朋友或邻居", "friend or neighbour"),
        "other": ("其他", "other"),
    },
    "consent": {
        "data": ("使用报名信息", "Using the enrolment data"),
        "insurance": ("给孩子上保险", "Insuring your child"),
        "class_photo": ("班级相册里的照片", "Pictures for the class"),
        "public_photo": ("公开宣传用的照片", "Pictures in public"),
        "health": ("孩子的健康情况", "Your child's health"),
        "outing": ("外出活动", "Outings"),
        "self_leave": ("放学后自己离开", "Leaving alone"),
    },
    "answer": {"yes": ("同意", "Yes"), "no": ("不同意", "No")},
    "paper": {
        "resident_id": ("居民身份证", "resident identity card"),
        "hmt_residence": ("港澳台居民居住证", "residence permit for Hong Kong, Macao and Taiwan residents"),
        "hk_macao_permit": ("港澳居民来往内地通行证", "mainland travel permit of Hong Kong and Macao residents"),
        "taiwan_permit": ("台湾居民来往大陆通行证", "mainland travel permit of Taiwan residents"),
        "foreigner_residence": ("外国人永久居留身份证", "foreigner's permanent residence card"),
        "passport": ("护照", "passport"),
    },
    "change": {
        "added": ("添加了孩子", "added the child"),
        "name": ("改了姓名", "changed the name"),
        "sex": ("改了性别", "changed the sex"),
        "born_on": ("改了出生日期", "changed the date of birth"),
        "entry_year": ("改了年级", "changed the grade"),
        "school": ("改了学校", "changed the school"),
        "health_note": ("改了健康情况", "changed the health note"),
        "paper_number": ("填了证件号码", "entered a paper's number"),
        "guardian.invited": ("邀请了另一位监护人", "invited a second guardian"),
        "guardian.uninvited": ("收回了邀请", "took the invitation back"),
        "guardian.left": ("不再做监护人", "is a guardian no more"),
        "consent.withdrawn": ("收回同意，报名撤回", "took a consent back, which withdrew applications"),
        "guardian.joined": ("成为监护人", "became a guardian"),
        "authorized_collector.added": ("添加了接送人", "added somebody who may collect"),
        "authorized_collector.changed": ("改了接送人", "changed somebody who may collect"),
        "authorized_collector.removed": ("删掉了接送人", "removed somebody who may collect"),
        "emergency_contact.added": ("添加了紧急联系人", "added an emergency contact"),
        "emergency_contact.changed": ("改了紧急联系人", "changed an emergency contact"),
        "emergency_contact.removed": ("删掉了紧急联系人", "removed an emergency contact"),
        "collection_restriction.added": ("添加了不能接走孩子的人", "added somebody who must not collect"),
        "collection_restriction.changed": ("改了不能接走孩子的人", "changed somebody who must not collect"),
        "collection_restriction.removed": ("删掉了不能接走孩子的人", "removed somebody who must not collect"),
    },
}
"""What things are called, by kind and code."""

_GRADES = ("一", "二", "三", "四", "五", "六", "七", "八", "九")


def word(kind: str, code: str, language: Language) -> str:
    """What a code is called; the code itself where no table holds it."""
    pair = WORDS[kind].get(code)
    return pick(pair, language) if pair else code


def school_grade(entry_year: int, today: date, language: Language) -> str:
    """The grade of a child so that nobody mistakes it: 2025学年二年级（9月升三年级）."""
    grade, year = grade_on(entry_year, today), school_year_on(today)
    if grade < 1:
        pair: Pair = ("{entry}年9月上一年级", "enters grade 1 in September {entry}")
    elif grade > 9:
        pair = ("已读完九年级", "has finished grade 9")
    else:
        pair = ("{year}学年{now}年级（9月{next}）", "grade {n} in school year {year}/{to}{later}")
    following = "升高中" if grade == 9 else f"升{_GRADES[grade]}年级" if 1 <= grade < 9 else ""
    facts = {
        "entry": entry_year, "year": year, "to": f"{(year + 1) % 100:02}", "n": grade, "next": following,
        "now": _GRADES[grade - 1] if 1 <= grade <= 9 else "",
        "later": f", grade {grade + 1} from September" if grade < 9 else "",
    }  # fmt: skip
    return fill(pick(pair, language), facts, language)
