"""A volunteer's week as iCal, read back as another program would."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from factories import duty, lesson, roster
from icalendar import Calendar, Component
from papers import FINISHED, stored

from api.prints.calendar import calendar
from api.speak.language import Language
from registry.rostering.week_store import StoredWeek

SHANGHAI = ZoneInfo("Asia/Shanghai")
PLACES = {"s1": "东街1号"}


def made(who: str = "v1", week: StoredWeek | None = None, language: Language = "zh") -> Component:
    week = week or stored()
    return Calendar.from_ical(calendar(week.cards[who], week.draft, PLACES, language))


def events(found: Component) -> list[Component]:
    return list(found.walk("VEVENT"))


def at(hour: int, minute: int) -> datetime:
    return datetime(2026, 7, 13, hour, minute, tzinfo=SHANGHAI)


def test_every_duty_is_an_event_with_its_hours_place_and_people() -> None:
    first, second = events(made())
    assert (first.start, first.end, second.start, second.end) == (at(8, 30), at(12, 0), at(12, 0), at(14, 30))
    assert str(first["SUMMARY"]) == "班主任 · 东街少年宫 · 1-2年级班"
    assert str(first["LOCATION"]) == "东街少年宫 (东街1号)"
    assert str(first["DESCRIPTION"]) == "20 名孩子\n09:00–09:50 中国舞（舞蹈室）\n一起的人：徐㼆"
    assert (first["SEQUENCE"], first["DTSTAMP"].dt) == (7, FINISHED)


def test_a_visit_is_an_event_of_its_lesson_alone() -> None:
    [visit] = events(made("v5", language="en"))
    assert (visit.start, visit.end) == (at(10, 50), at(11, 40))
    assert str(visit["SUMMARY"]) == "Lesson: 跳绳 · 东街少年宫 · 1-2年级班"
    assert str(visit["DESCRIPTION"]) == "20 children\n10:50–11:40 跳绳 (home room)\nWith: 李𬱖, 徐㼆"


def test_the_time_zone_is_described() -> None:
    text = calendar(stored().cards["v1"], stored().draft, {}, "zh").decode()
    assert "DTSTART;TZID=Asia/Shanghai:20260713T083000" in text
    [zone] = made().walk("VTIMEZONE")
    assert {part["TZOFFSETTO"].to_ical() for part in zone.subcomponents} == {"+0800"}
    assert str(made()["X-WR-CALNAME"]) == "李𬱖 的托管排班"


def test_an_event_is_known_again_by_the_place_it_takes() -> None:
    """A later draft moves v1 to another class at the same time: the same event, a higher sequence."""
    before = {str(e["UID"]): e for e in events(made())}
    week = stored(roster(duty("v1", "c2", "1-am", "lead"), lesson("v1", "c1", "1-pm-1", "k2")))
    week = replace(week, draft=replace(week.draft, id=8))
    after = {str(e["UID"]): e for e in events(made(week=week))}
    assert sorted(before) == ["2026-07-13-v1-duty-1-am@qingzai", "2026-07-13-v1-duty-1-noon@qingzai"]
    assert sorted(after) == ["2026-07-13-v1-duty-1-am@qingzai", "2026-07-13-v1-visit-1-pm-1@qingzai"]
    [uid] = before.keys() & after.keys()
    assert (before[uid]["SEQUENCE"], after[uid]["SEQUENCE"]) == (7, 8)
    assert str(after[uid]["LOCATION"]) == "西镇少年宫"


def test_equal_drafts_give_equal_files() -> None:
    first, second = (calendar(w.cards["v1"], w.draft, PLACES, "zh") for w in (stored(), stored()))
    assert first == second
    assert stored().monday == date(2026, 7, 13)
