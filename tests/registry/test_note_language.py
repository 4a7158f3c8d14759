"""The gentle check of a note's words."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.growth.language import HARMLESS, WORDS, Finding, Kind, check_language
from registry.growth.phrases import PHRASE, PHRASES
from registry.growth.tables import NOTE_DOMAINS

CLASSMATES = ("王小明", "李𬱖", "买买提·阿里", "欧阳春燕")


def found(text: str) -> list[tuple[str, str]]:
    """What the check finds in a fact: kind and words."""
    return [(one.kind.value, one.words) for one in check_language({"seen": text}, CLASSMATES)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("他今天有点懒，像个差生", [("label", "懒"), ("label", "差生")]),
        ("疑似多动症", [("diagnosis", "多动症")]),
        ("跑步倒数第二名", [("comparison", "倒数"), ("comparison", "第二名")]),
        ("比别人慢，但最后跑完了", [("comparison", "比别人")]),
        ("口算得了98分", [("score", "得了98分")]),
        ("他总是一个人坐着", [("always", "总是")]),
        ("和小明一起搭积木", [("other_child", "小明")]),
        ("和王小明一起搭积木", [("other_child", "王小明")]),
        ("春燕教他折纸，阿里在旁边看", [("other_child", "春燕"), ("other_child", "阿里")]),
        ("妈妈电话13812345678", [("phone", "13812345678")]),
        ("妈妈电话１３８１２３４５６７８", [("phone", "13812345678")]),
        ("妈妈电话 138 1234 5678", [("phone", "138 1234 5678")]),
        ("证件99000020150307001X", [("paper", "99000020150307001X")]),
        ("自闭症", [("diagnosis", "自闭症")]),
    ],
)
def test_what_somebody_might_stumble_over_is_found(text: str, expected: list[tuple[str, str]]) -> None:
    assert found(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "他把积木搭到第三层，倒了以后又搭了一次",
        "演小丑时全场笑了",
        "和最好的朋友一起画画",
        "读了45分钟的书",
        "他说丑小鸭后来变成了天鹅",
        "跳绳跳了138下",
        "2026年7月13日，他第一次举手",
        "",
    ],
)
def test_a_plain_fact_is_left_alone(text: str) -> None:
    assert found(text) == []


def test_each_box_is_looked_at_and_the_place_is_told() -> None:
    boxes = {"seen": "搭好了塔", "understood": "他不笨", "support": ""}
    assert check_language(boxes) == [Finding(Kind.LABEL, "understood", "笨", 2, 3)]


@given(st.text(alphabet="笨懒小明比别人第二名1380，他 ·", max_size=40))
def test_findings_are_in_order_and_do_not_overlap(text: str) -> None:
    told = check_language({"seen": text}, CLASSMATES)
    assert all(one.end <= after.start for one, after in pairwise(told))
    assert all(0 <= one.start < one.end <= len(text) for one in told)


def test_every_harmless_word_belongs_to_a_listed_one_and_is_left_alone() -> None:
    listed = {word for words in WORDS.values() for word in words}
    assert set(HARMLESS) <= listed
    for word, longer in HARMLESS.items():
        for phrase in longer:
            assert word in phrase
            assert all(one.words != word for one in check_language({"seen": f"他{phrase}了"}))


def test_the_ready_phrases_pass_the_check_themselves() -> None:
    assert len(PHRASE) == len(PHRASES) >= 4 * len(NOTE_DOMAINS)
    assert {phrase.domain for phrase in PHRASES} == set(NOTE_DOMAINS)
    assert [phrase.code for phrase in PHRASES if check_language({"seen": phrase.zh})] == []
