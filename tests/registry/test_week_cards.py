"""What each volunteer does, hour by hour; which sheets a week has."""

from __future__ import annotations

from factories import class_run, duty, lesson, problem, roster, volunteer
from papers import stored

from registry.rostering.week_cards import Card, Stay, week_cards
from registry.rostering.week_sheets import by_grade, door_sheets, gaps_by_site, hour_rows


def brief(stays: tuple[Stay, ...]) -> list[tuple[object, ...]]:
    return [(s.weekday, s.start // 60, s.end // 60, s.class_run, s.role, len(s.lessons)) for s in stays]


def card(*entries: object, who: str = "v1") -> Card:
    week = problem(volunteers=[volunteer(v) for v in ("v1", "v2", "v3")])
    return next(c for c in week_cards(week, roster(*entries)) if c.id == who)  # type: ignore[arg-type]


def test_stays_that_follow_each_other_are_one_block() -> None:
    found = card(duty("v1", s="1-am"), duty("v1", s="1-noon"), duty("v1", s="1-pm", role="lead"), duty("v1", s="2-am"))
    assert [stay.key for stay in found.stays] == ["1-am", "1-noon", "1-pm", "2-am"]
    assert brief(found.blocks) == [
        (1, 8, 14, "c1", "assistant", 0),
        (1, 14, 17, "c1", "lead", 0),
        (2, 8, 12, "c1", "assistant", 0),
    ]
    assert found.blocks[0].parts == ("am", "noon")


def test_a_break_or_another_class_begins_a_new_block() -> None:
    found = card(duty("v1", s="1-am"), duty("v1", s="1-pm"))
    assert brief(found.blocks) == brief(found.stays)
    found = card(duty("v1", "c1", "1-am"), duty("v1", "c2", "1-noon"))
    assert [stay.class_run for stay in found.blocks] == ["c1", "c2"]


def test_a_lesson_beside_a_duty_belongs_to_it_and_another_is_a_visit() -> None:
    found = card(duty("v1", s="1-am"), lesson("v1", t="1-am-1"), lesson("v1", t="1-pm-1", k="k2"))
    assert brief(found.stays) == [(1, 8, 12, "c1", "assistant", 1), (1, 15, 16, "c1", "visit", 1)]
    assert [stay.parts for stay in found.stays] == [("am",), ()]


def test_two_visits_in_a_row_stay_two() -> None:
    found = card(lesson("v1", t="1-am-1"), lesson("v1", t="1-am-2", k="k2"))
    assert len(found.blocks) == 2


def test_others_are_those_on_duty_there_the_lead_first() -> None:
    entries = (duty("v1"), duty("v3", role="lead"), duty("v2"), duty("v2", s="1-noon"))
    assert card(*entries).stays[0].others == ("v3", "v2")
    assert card(*entries, lesson("v1", "c2", "2-am-1")).stays[1].others == ()


def test_only_people_with_an_entry_have_a_card() -> None:
    week = problem()
    assert [c.id for c in week_cards(week, roster(duty("v2")))] == ["v2"]
    assert week_cards(week, roster()) == ()


def test_a_timetable_has_a_row_for_each_part_of_the_day_that_the_class_has() -> None:
    view = stored().view
    rows = hour_rows(view, view.class_run["c1"])
    assert [(row.part, row.columns) for row in rows] == [("am", (0, 3)), ("noon", (1, None)), ("pm", (2, None))]
    assert [(row.part, row.columns) for row in hour_rows(view, view.class_run["c2"])] == [("am", (0, None))]


def test_door_sheets_are_those_of_the_days_a_class_is_there() -> None:
    view = stored().view
    found = list(door_sheets(view, by_grade(view.classes)))
    assert [(sheet.row.id, sheet.day.weekday, len(sheet.cells)) for sheet in found] == [
        ("c1", 1, 3),
        ("c1", 2, 1),
        ("c2", 1, 1),
    ]
    assert [sheet.day.weekday for sheet in door_sheets(view, view.classes, {2})] == [2]


def test_gaps_by_site_miss_none() -> None:
    view = stored().view
    found = [(site.id, [(row.id, len(gaps)) for row, gaps in rows]) for site, rows in gaps_by_site(view)]
    # c1: midday, afternoon, Tuesday; two lessons. c2: one of two adults, and its one lesson.
    assert found == [("s1", [("c1", 5)]), ("s2", [("c2", 2)])]


def test_a_class_without_a_name_is_called_by_its_grades() -> None:
    week = problem(classes=[class_run("c1")])
    [found] = week_cards(week, roster(duty("v1")))
    assert (found.stays[0].class_name, found.stays[0].grades) == ("", (1, 2))
