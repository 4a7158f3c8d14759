"""Words about notes, photos and concerns: kinds of findings and what to write instead, refusals, messages."""

from __future__ import annotations

from collections.abc import Mapping

from api.speak.language import Language, Pair, fill, pick
from registry.growth.language import Finding
from registry.growth.phrases import Phrase

WORDS: Mapping[str, Mapping[str, Pair]] = {
    "status": {
        "draft": ("草稿", "draft"),
        "submitted": ("等班主任看", "waits for the class lead"),
        "returned": ("退回修改", "given back to you"),
        "released": ("已发布", "released"),
        "dropped": ("已撤回", "taken back"),
    },
    "colour": {
        "draft": ("plain", "plain"),
        "submitted": ("amber", "amber"),
        "returned": ("red", "red"),
        "released": ("green", "green"),
        "dropped": ("plain", "plain"),
    },
    "domain": {
        "moral": ("德", "moral"),
        "intellect": ("智", "intellect"),
        "physical": ("体", "physical"),
        "aesthetic": ("美", "aesthetic"),
        "labour": ("劳", "labour"),
    },
    "photo": {
        "moment": ("孩子们", "children"),
        "work": ("作品，认不出人", "a work, nobody to be recognised"),
    },
    "kind": {
        "label": ("贴标签", "a label"),
        "diagnosis": ("像诊断", "a diagnosis"),
        "comparison": ("和别人比", "a comparison"),
        "score": ("分数或星级", "a score"),
        "always": ("说得太绝对", "too sweeping"),
        "other_child": ("写到了别的孩子", "another child's name"),
        "phone": ("电话号码", "a phone number"),
        "paper": ("证件号码", "an identity number"),
    },
}

ADVICE: Mapping[str, Pair] = {
    "label": ("写看到的事：做了什么、说了什么", "Write what was seen: what the child did and said"),
    "diagnosis": (
        "诊断由医生来做；写具体看到的，例如“十分钟里离开座位三次”",
        "Diagnoses are for doctors; write what you saw, such as “left the seat three times in ten minutes”",
    ),
    "comparison": ("只和孩子自己的昨天比", "Compare the child with its own yesterday only"),
    "score": ("手册里没有分数和名次；写孩子是怎样做的", "The handbook has no scores; write how the child did it"),
    "always": ("写这一次：今天、什么时候、怎样", "Write about this once: today, when, how"),
    "other_child": ("写成“同学”：别的孩子不进这本手册", "Write “a classmate”: no other child is in this book"),
    "phone": ("删掉号码", "Take the number out"),
    "paper": ("删掉号码", "Take the number out"),
}
INSTEAD: Mapping[str, str] = {
    "懒": "今天坐在旁边看，没有参加跑步",
    "笨": "这道题试了三次，还在想办法",
    "差生": "今天的口算完成了六道",
    "自私": "今天没有把彩笔借给同学",
    "不听话": "第二次提醒以后放下了玩具",
    "调皮鬼": "排队时跑到了队伍前面",
    "捣蛋鬼": "上课时三次离开座位",
    "胆小鬼": "站在门口看了五分钟才进来",
    "爱哭鬼": "妈妈走后哭了十分钟，抱着书包慢慢停下来",
    "娇气": "走到第三圈时说累，坐下休息",
    "孤僻": "自由活动时一个人看书",
    "反应慢": "听完题目想了一会儿才开始写",
    "没礼貌": "进门没有打招呼",
    "讨厌": "下课时推了同学的椅子",
    "多动症": "十分钟里离开座位三次",
    "自闭症": "今天没有和同学说话，一个人搭积木",
    "自闭": "今天没有和同学说话，一个人搭积木",
    "总是": "今天",
    "老是": "今天",
    "从来不": "今天没有",
    "从不": "今天没有",
}
"""Words that are often written, and what was probably seen: examples for a note, so always in Chinese."""

REFUSED: Mapping[str, Pair] = {
    "note_unknown": ("没有这条记录", "there is no such note"),
    "photo_unknown": ("没有这张照片", "there is no such photo"),
    "photo_lost": (
        "照片的文件找不到了，请联系管理员检查照片文件夹",
        "the file of this photo is lost; ask the administrator to look at the folder of photos",
    ),
    "photos_unwritable": (
        "照片存不下来：{folder} 写不进去（{reason}）。记录没有丢，请稍后再交",
        "the photo cannot be stored: {folder} cannot be written ({reason}). Send it again later",
    ),
    "concern_unknown": ("没有这份报告", "there is no such report"),
    "concern_handled": ("这份报告已经写过处理结果，不能再改", "an outcome was written before; it stays"),
    "note_released": ("这条已经发布，要改请找班主任", "this note is released; ask the class lead to change it"),
    "note_not_waiting": ("这条现在不在等待审阅，请刷新页面", "this note does not wait for review now; reload the page"),
    "note_has_findings": (
        "有几个词再看一眼：{words}。改好，或者选“仍然发布”",
        "please look again at: {words}. Change them, or choose to release all the same",
    ),
    "note_has_number": (
        "里面有电话或证件号码，删掉才能发布",
        "it holds a phone or identity number, which has to go before it is released",
    ),
}

FIELDS: Mapping[str, Pair] = {
    "day_outside_term": ("这一天不在本期里，或者还没有到", "This day is not in the term, or still to come"),
    "too_late_to_write": ("这一期已经结束，不能再写了", "The term is over; nothing can be written any more"),
    "photo_empty": ("照片是空的，请重新选一张", "The photo is empty; choose it again"),
    "photo_too_large": (
        "照片有 {megabytes} MB，最多 {limit} MB。请换一张小一点的",
        "The photo has {megabytes} MB; {limit} MB is the most. Take a smaller one",
    ),
    "photo_heic": (
        "这是苹果手机的 HEIC 照片，这里打不开。请在“设置-相机-格式”里选“兼容性最佳”再拍，或者截个屏交上来",
        "This is an iPhone's HEIC photo, which cannot be opened here. Choose Settings, Camera, Formats, Most "
        "Compatible and take it again, or send a screenshot of it",
    ),
    "photo_unreadable": ("这个文件不是照片（要 JPG、PNG 或 WebP）", "This file is no photo (JPG, PNG or WebP)"),
    "photo_too_many_pixels": (
        "照片有 {megapixels} 百万像素，最多 {limit} 百万。请换一张",
        "The photo has {megapixels} megapixels; {limit} is the most. Take another",
    ),
    "photo_damaged": ("照片坏了，读不完整。请重新选一张", "The photo is damaged; choose it again"),
    "photo_without_consent": (
        "{names} 的家长没有同意拍照，这张不能存。请换一张没有拍到的，文字可以照常交",
        "The parents of {names} have not agreed to photos, so this one cannot be kept. Take one without; the words can "
        "be sent as they are",
    ),
    "work_without_children": ("作品照里能认出孩子的，请选“孩子们”", "Where a child can be recognised, choose children"),
}

MESSAGES: Mapping[str, Pair] = {
    "concern_raised": (
        "【青仔】有一份需要马上处理的报告（编号 {concern}）。请登录查看。",
        "[Qingzai] A report (number {concern}) needs you now. Sign in to read it.",
    ),
}


def word(kind: str, code: str, language: Language) -> str:
    """What a code is called; the code itself where no table holds it."""
    return pick(WORDS[kind].get(code, (code, code)), language)


def finding(found: Finding, language: Language) -> str:
    """What was found, why to look again, and an example of what to write instead where there is one."""
    sentence: Pair = ("“{words}”：{kind}。{advice}", "“{words}”: {kind}. {advice}")
    advice, example = pick(ADVICE[found.kind.value], language), INSTEAD.get(found.words)
    if example:
        advice += fill(pick(("，例如“{example}”", ", such as “{example}”"), language), {"example": example}, language)
    facts = {"words": found.words, "kind": word("kind", found.kind.value, language), "advice": advice}
    return fill(pick(sentence, language), facts, language)


def phrase(one: Phrase, language: Language) -> str:
    """A ready phrase. The note says it in Chinese; who reads English sees what it means."""
    return one.zh if language == "zh" else f"{one.zh} ({one.en})"
