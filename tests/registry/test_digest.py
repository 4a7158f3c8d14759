"""What a message tells of a changed week: hours that touch as one line, the first few, and how many more."""

from __future__ import annotations

from datetime import date
from typing import Any

from published import LI, WANG, ZHANG, duty, lesson, put, usual
from sqlmodel import Session, select
from town import office
from workbooks import SmallWorkbook

from api.speak.messages import message
from registry.accounts.tables import OutboxMessage
from registry.duties.difference import PersonChange, Told
from registry.duties.digest import MOST_LINES, digest
from registry.duties.releases import tell_affected
from registry.duties.tables import RosterVersion

EAST = "东街少年宫"


def told(day: int, starts: str, ends: str, what: str = "lead", run: str = "c1") -> Told:
    kind = "duty" if what in ("lead", "assistant") else "lesson"
    return Told(kind, date(2026, 7, day), starts, ends, EAST, "1-2年级班", what, run)


def test_a_day_at_one_class_is_one_line() -> None:
    new = (told(6, "08:30", "11:30"), told(6, "11:30", "14:00"), told(6, "09:00", "09:45", "足球"))
    lines, more = digest(PersonChange("v1", LI, (told(6, "14:00", "17:00"),), new))
    assert [(x["is_new"], x["starts"], x["ends"], x["what"]) for x in lines] == [
        (True, "08:30", "14:00", [["duty", "lead"], ["lesson", "足球"]]),
        (False, "14:00", "17:00", [["duty", "lead"]]),
    ]
    assert more == 0


def test_hours_apart_and_other_classes_are_lines_of_their_own_and_only_a_few_are_told() -> None:
    new = tuple(told(day, hour, f"{hour[:2]}:50", run=run) for day in (6, 7) for hour in ("08:00", "14:00")
                for run in ("c1", "c2"))  # fmt: skip
    lines, more = digest(PersonChange("v1", LI, (), new))
    assert (len(lines), more, {x["day"] for x in lines}) == (MOST_LINES, 4, {"2026-07-06"})


def posted(session: Session, made: RosterVersion, before: RosterVersion | None) -> dict[str, dict[str, Any]]:
    """What is sent, by phone."""
    tell_affected(session, made, before)
    return {m.phone: {"code": m.code, **m.facts} for m in session.exec(select(OutboxMessage))}


def test_the_message_says_day_place_and_time(session: Session, small: SmallWorkbook) -> None:
    from published import PHONES, district

    district(session, small)
    office(session)
    before = usual(session)
    after = put(session, [
        duty(session, LI, "1-am", "lead"), duty(session, WANG, "1-noon", "lead"), lesson(session, WANG, "1-1"),
    ])  # fmt: skip
    found = posted(session, after, before)
    wang, zhang, li = (found[PHONES[name]] for name in (WANG, ZHANG, LI))
    said = message(wang["code"], wang, "zh", "https://x.cn")
    assert ("新增" in said, "取消" in said, "7月6日" in said, f"{EAST} 1-2年级班" in said) == (True, False, True, True)
    assert ("班主任" in said, "武术操" in said, "能来或来不了" in said) == (True, True, True)
    # 张 has nothing left: nothing to answer, no link at all.
    said = message(zhang["code"], zhang, "zh", "https://x.cn")
    assert ("取消" in said, "新增" in said, "不用回复" in said, "https" in said) == (True, False, True, False)
    # 李 keeps the morning: nothing to answer, but the older link is void, so that a new one shows what is left.
    said = message(li["code"], li, "en", "https://x.cn")
    assert ("cancelled: " in said, "No answer is needed" in said, "https://x.cn/d/" in said) == (True, True, True)
    assert "sign-in" not in said
