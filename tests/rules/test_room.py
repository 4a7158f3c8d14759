"""Room: of the course's kind, at the class's site, large enough; one lesson at a time; else the home room."""

from typing import Any

import pytest
from factories import class_run, course, lesson, problem, room, roster, said, site, slot
from twins import both

from scheduler import Problem
from scheduler.roster.rules import room as rule


def week(children: int = 20, **changes: Any) -> Problem:
    """k1 needs a dance room, k2 none. s1 has one for 20 children and a craft room, s2 a dance room."""
    return problem(
        **{
            "sites": [
                site("s1", 0, 0, room("dance1", capacity=20), room("craft1", "craft")),
                site("s2", 3, 4, room("dance2")),
            ],
            "courses": [course("k1", room_kind="dance"), course("k2")],
            "classes": [class_run("c1", "s1", children=children), class_run("c2", "s2"), class_run("c3", "s1")],
            **changes,
        }
    )


@pytest.mark.parametrize(
    ("k", "where", "fault"),
    [
        ("k1", "dance1", None),
        ("k1", None, "missing"),
        ("k1", "craft1", "kind"),
        ("k1", "dance2", "elsewhere"),
        ("k2", None, None),
        ("k2", "dance1", "needs_none"),
    ],
)
def test_the_room_that_a_course_needs(k: str, where: str | None, fault: str | None) -> None:
    given = lesson("v1", k=k, in_room=where)
    assert both(rule, week(), given) == ([{given}] if fault else [])

    facts = [facts for _, facts in said(rule.violations(week(), roster(given)))]
    assert facts == ([{"fault": fault, "room": where}] if fault else [])


@pytest.mark.parametrize(("children", "fits"), [(19, True), (20, True), (21, False)])
def test_capacity(children: int, fits: bool) -> None:
    given = lesson("v1", in_room="dance1")
    assert both(rule, week(children), given) == ([] if fits else [{given}])


@pytest.mark.parametrize(
    ("start", "end", "clash"), [("09:49", "10:30", True), ("09:50", "10:30", False), ("09:10", "09:20", True)]
)
def test_a_room_holds_one_lesson_at_a_time(start: str, end: str, clash: bool) -> None:
    """The first lesson is from 9:00 to 9:50."""
    slots = [slot("1-am-1", "09:00", "09:50"), slot("1-am-2", start, end), slot("1-pm-1", "15:00", "15:50")]
    slots += [slot("2-am-1", "09:00", "09:50")]
    two = [lesson("v1", "c1", "1-am-1", in_room="dance1"), lesson("v2", "c3", "1-am-2", in_room="dance1")]
    assert both(rule, week(slots=slots), *two) == ([set(two)] if clash else [])


def test_one_slot_two_classes_and_two_days() -> None:
    two = [lesson("v1", "c1", in_room="dance1"), lesson("v2", "c3", in_room="dance1")]
    assert both(rule, week(), *two) == [set(two)]
    assert both(rule, week(), two[0], lesson("v2", "c3", "2-am-1", in_room="dance1")) == []


def test_home_rooms_are_each_classs_own() -> None:
    assert both(rule, week(), lesson("v1", "c1", k="k2"), lesson("v2", "c3", k="k2")) == []
