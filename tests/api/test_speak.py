"""Sentences: every rule and every code has one, in both languages, with all facts in place."""

from __future__ import annotations

import pytest

from api import speak
from api.speak.language import from_environment
from api.speak.rosters import RULES
from scheduler.result import Malformed, Violation
from scheduler.roster.problem import Duty, Lesson
from scheduler.roster.rules import HARD

DUTY = Duty("v1", "c1", "1-am", "lead")
LESSON = Lesson("c1", "1-1", "k1", "v1", "s1-dance")

SAID = [
    (Violation("one_lead", (DUTY,), {"class": "c1", "segment": "1-am"}), "class c1 has more than one lead in 1-am"),
    (Violation("adulthood", (LESSON,), {"as": "visit"}), "v1 is not an adult and cannot come for a lesson alone"),
    (Violation("roles", (DUTY,), {"volunteer": "v1", "role": "lead"}), "v1 does not have the role 'lead'"),
    (Violation("roles", (LESSON,), {"volunteer": "v1", "course": "k1"}), "v1 cannot give course k1"),
    (Violation("lesson", (LESSON,), {"class": "c1", "slot": "1-1"}), "class c1 has no slot 1-1"),
    (
        Violation("lesson", (LESSON,), {"class": "c1", "per": "weekday", "lessons": 2, "most": 1}),
        "class c1 has the same course 2 times on one day, at most 1",
    ),
    (Violation("room", (LESSON,), {"fault": "small", "room": "r1"}), "r1 is too small for the class"),
    (
        Violation("travel", (DUTY, LESSON), {"volunteer": "v1", "gap": 10, "minutes": 22}),
        "v1 has too little time to travel: 10 minutes, needs 22",
    ),
]


@pytest.mark.parametrize(("found", "said"), SAID)
def test_a_violation_in_english(found: Violation, said: str) -> None:
    assert speak.violation(found, "en").split(" — ")[0] == f"{found.rule}: {said}"


def test_a_violation_in_chinese_names_the_entries() -> None:
    found = Violation("room", (LESSON, LESSON), {"fault": "shared", "room": "r1"})
    entry = "v1 在 1-1 给 c1 上 k1（s1-dance）"
    assert speak.violation(found, "zh") == f"room: r1 同时有两节课 — {entry}；{entry}"


def test_every_rule_has_a_sentence() -> None:
    spoken = {name.split("_")[0] for name in RULES} | set(RULES)
    assert [rule.NAME for rule in HARD if rule.NAME not in spoken] == []


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (Malformed("a", "unknown_id", kind="segment", id="6-am"), "a: no segment '6-am'"),
        (Malformed("a", "out_of_range", value=9, least=1, most=7), "a: 9 is out of range 1–7"),
        (Malformed("a", "out_of_range", value=1, least=3), "a: 1 is out of range ≥ 3"),
        (Malformed("a", "duplicate", kind="pin"), "a: this pin appears twice"),
        (Malformed("a", "duplicate", kind="site", id="s1"), "a: site 's1' appears twice"),
        (Malformed("a", "bad_time", value="08:00", after="09:00"), "a: '08:00' is not after the start '09:00'"),
        (Malformed("a", "never_heard_of", x=1), "a: never_heard_of (x=1)"),
    ],
)
def test_malformed_input(error: Malformed, said: str) -> None:
    assert speak.malformed(error, "en") == said
    assert speak.malformed(error, "zh").startswith(f"{said}（")


@pytest.mark.parametrize(
    ("environment", "language"),
    [
        ({}, "en"),
        ({"LANG": "zh_CN.UTF-8"}, "zh"),
        ({"LANG": "zh_CN.UTF-8", "LC_ALL": "C.UTF-8"}, "en"),
        ({"LANG": "C", "QINGZAI_LANG": "zh"}, "zh"),
        ({"LANG": "zh_CN.UTF-8", "QINGZAI_LANG": "en"}, "en"),
        ({"LANG": "zh_CN.UTF-8", "QINGZAI_LANG": "fr"}, "zh"),
    ],
)
def test_the_language_of_the_command_line(environment: dict[str, str], language: str) -> None:
    assert from_environment(environment) == language
