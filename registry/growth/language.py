"""The gentle check of a note's words: labels, comparisons, other children's names, numbers that identify somebody.

It warns and never refuses: the writer may leave a word standing, and the class lead decides (DOMAIN.md, Growth
records). What it looks for are whole words of a list, so that it can be read and argued with.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from registry.conventions.texts import half_width


class Kind(StrEnum):
    """What a word or number in a note does."""

    LABEL = "label"
    DIAGNOSIS = "diagnosis"
    COMPARISON = "comparison"
    SCORE = "score"
    ALWAYS = "always"
    OTHER_CHILD = "other_child"
    PHONE = "phone"
    PAPER = "paper"


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found, word for word, from where to where in the text; `field` is the box."""

    kind: Kind
    field: str
    words: str
    start: int
    end: int


WORDS: Mapping[Kind, tuple[str, ...]] = {
    Kind.LABEL: (
        *(
            "笨",
            "蠢",
            "傻",
            "懒",
            "差生",
            "坏孩子",
            "坏学生",
            "捣蛋鬼",
            "调皮鬼",
            "淘气鬼",
            "熊孩子",
            "问题儿童",
            "问题学生",
        ),
        *("不听话", "没教养", "没规矩", "没礼貌", "没出息", "讨厌", "烦人", "娇气", "自私", "孤僻", "胆小鬼", "爱哭鬼"),
        *("小气鬼", "撒谎精", "骗子", "小偷", "胖子", "矮子", "丑", "素质低", "素质差", "智商低", "反应慢", "迟钝"),
        *("不可救药", "无药可救"),
    ),
    Kind.DIAGNOSIS: (
        *("多动症", "自闭症", "自闭", "孤独症", "抑郁症", "抑郁", "焦虑症", "强迫症", "智障", "弱智", "发育迟缓"),
        *("阿斯伯格", "学习障碍", "阅读障碍", "感统失调", "精神病", "神经病", "有病", "心理有问题", "心理问题"),
    ),
    Kind.COMPARISON: (
        *(
            "倒数",
            "不如",
            "比不上",
            "比别人",
            "比别的",
            "比其他",
            "比同学",
            "最差",
            "最慢",
            "最弱",
            "最笨",
            "最好",
            "最棒",
        ),
        *("最聪明", "垫底", "拖后腿", "落后", "跟不上", "别人都", "其他孩子都", "其他小朋友都", "全班都", "全班最"),
        *("班里最", "班上最"),
    ),
    Kind.ALWAYS: ("总是", "老是", "从来不", "从不", "永远", "每次都", "一点都不", "根本不", "完全不"),
}
HARMLESS: Mapping[str, tuple[str, ...]] = {
    "丑": ("小丑", "丑角", "丑小鸭"),
    "傻": ("傻笑", "傻眼"),
    "懒": ("懒洋洋", "偷懒", "懒人包"),
    "自闭": ("自闭症",),
    "抑郁": ("抑郁症",),
    "最好": ("最好的朋友", "最好朋友", "最好玩", "最好吃", "最好看", "最好奇"),
    "落后": ("落后于",),
    "有病": ("没有病", "有病假"),
    "笨": ("笨笨熊", "笨狗"),
}
"""Longer words in which one of the list is no label."""
PATTERNS: Mapping[Kind, re.Pattern[str]] = {
    Kind.COMPARISON: re.compile("第[一二三四五六七八九十百0-9]+名|前[一二三四五六七八九十0-9]+名|排名|名次"),
    Kind.SCORE: re.compile("(?:考|得)了?[0-9]{1,3}(?:\\.[0-9])?分|满分|不及格|[0-9]{2,3}分(?!钟)|[0-9一二三四五]颗?星"),
    Kind.PHONE: re.compile("(?<![0-9])1[3-9][0-9](?:[ -]?[0-9]){8}(?![0-9])"),
    Kind.PAPER: re.compile("(?<![0-9])[0-9]{17}[0-9Xx](?![0-9A-Za-z])"),
}


def check_language(texts: Mapping[str, str], other_names: Collection[str] = ()) -> list[Finding]:
    """What somebody might stumble over in the boxes of a note, in their order and that of the words.

    `other_names` are the whole names of the class's other children; a given name of two characters and more is looked
    for too, since children are called by it.
    """
    names = called(other_names)
    return [finding for field, text in texts.items() for finding in _in_order(field, text, names)]


def _in_order(field: str, text: str, names: Collection[str]) -> list[Finding]:
    plain = half_width(text)
    found = sorted(
        {*_listed(field, plain), *_patterned(field, plain), *_named(field, plain, names)},
        key=lambda one: (one.start, -one.end, one.kind),
    )
    kept: list[Finding] = []
    for one in found:
        if not kept or one.start >= kept[-1].end:
            kept.append(one)
    return kept


def _listed(field: str, text: str) -> Iterator[Finding]:
    for kind, words in WORDS.items():
        for word in words:
            for at in _places(text, word):
                if not _is_harmless(text, word, at):
                    yield Finding(kind, field, word, at, at + len(word))


def _is_harmless(text: str, word: str, at: int) -> bool:
    return any(
        start <= at < start + len(longer) for longer in HARMLESS.get(word, ()) for start in _places(text, longer)
    )


def _patterned(field: str, text: str) -> Iterator[Finding]:
    for kind, pattern in PATTERNS.items():
        for match in pattern.finditer(text):
            yield Finding(kind, field, match.group(), match.start(), match.end())


def _named(field: str, text: str, names: Collection[str]) -> Iterator[Finding]:
    for name in names:
        for at in _places(text, name):
            yield Finding(Kind.OTHER_CHILD, field, name, at, at + len(name))


def called(names: Collection[str]) -> set[str]:
    """Whole names and given names of two characters: 王小明 is called 小明, of 买买提·阿里 both parts count."""
    found: set[str] = set()
    for name in names:
        if len(name) >= 2:
            found.add(name)
        parts = name.split("·")
        found.update(part for part in parts if len(part) >= 2)
        if len(parts) == 1 and len(name) in (3, 4):
            found.add(name[-2:])
    return found


def _places(text: str, word: str) -> Iterator[int]:
    at = text.find(word)
    while at >= 0:
        yield at
        at = text.find(word, at + 1)
