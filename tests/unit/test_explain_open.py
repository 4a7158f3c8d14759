"""Why a place is open and what would fill it, worked out by hand on weeks of one or two classes.

Unless a test says otherwise there is one class of 10 children at s1 on Monday morning. It needs two adults and a
lead; v1 leads it. One adult is missing, below the minimum of two: the safety level is 1 + 1 = 2.
"""

from __future__ import annotations

from typing import Any

import pytest
from factories import class_run, course, duty, lesson, pins, policy, problem, room, roster, site, volunteer

from scheduler import Cost, Duty, Problem, Roster, check
from scheduler.roster.explain import explain
from scheduler.roster.explain.answers import Answer, Want
from scheduler.roster.explain.count import candidates, core
from scheduler.roster.explain.judge import ORDER, Judge, changed
from scheduler.roster.explain.parts import POINTS, applied
from scheduler.roster.explain.wants import Adult
from scheduler.roster.rules import HARD

LED = roster(duty("v1", role="lead"))


def week(*others: dict[str, Any], **changes: Any) -> Problem:
    """The class of Monday morning, v1, and these volunteers."""
    run = class_run("c1", segments=["1-am"], slots=[])
    return problem(**{"classes": [run], "volunteers": [volunteer("v1"), *others], **changes})


def asked(found: Problem, given: Roster = LED) -> Answer:
    return explain(found, given, class_run="c1", segment="1-am")


def only(answer: Answer) -> Want:
    (want,) = answer.wants
    return want


def parts(want: Want) -> list[tuple[str, int, list[dict[str, object]]]]:
    """Kind, points and facts of each change."""
    return [(change.kind, change.points, [dict(part.facts) for part in change.parts]) for change in want.changes]


NEWCOMER = ("person", 12, [{"role": "assistant", "site": "s1", "segment": "1-am", "class": "c1"}])


def test_somebody_is_free_and_the_roster_can_simply_be_improved() -> None:
    want = only(asked(week(volunteer("v2"))))
    assert (want.kind, want.missing, want.here, [c.volunteer for c in want.free], want.first) == (
        *("adult", 1, 1, ["v2"]),
        {},
    )
    first = want.changes[0]
    assert (first.kind, first.points, first.moved) == ("assign", 0, ())
    assert (first.added, first.removed) == (roster(duty("v2")), Roster())
    assert (first.before, first.after) == (Cost(2, 0, 0), Cost(0, 0, 0))


@pytest.mark.parametrize(
    ("rule", "facts", "change"),
    [
        ("load", {"max_segments": 0}, ("load", 2, [{"volunteer": "v2", "from": 0, "to": 1}])),
        # Home is 5 km away: 2 km farther than the reach, 1 point each.
        (
            "reach",
            {"reach_km": 3, "x_km": 3, "y_km": 4},
            ("reach", 2, [{"volunteer": "v2", "from": 3.0, "to": 5.0, "km": 5.0}]),
        ),
        ("availability", {"available": ["1-pm"]}, ("availability", 4, [{"volunteer": "v2", "segment": "1-am"}])),
        ("clearance", {"cleared": False}, ("clearance", 6, [{"volunteer": "v2"}])),
        ("roles", {"roles": ["instructor"]}, ("role", 8, [{"volunteer": "v2", "role": "assistant"}])),
    ],
)
def test_one_rule_keeps_somebody_out(rule: str, facts: dict[str, Any], change: tuple[str, int, list[Any]]) -> None:
    found = week(volunteer("v2", **facts))
    want = only(asked(found))
    assert (want.free, want.first, want.each, want.core) == ((), {rule: 1}, {rule: 1}, (rule,))
    assert parts(want) == [change, NEWCOMER]
    # It is the change that was asked for, and nothing else: the roster with it keeps every rule.
    after = applied(found, want.changes[0].parts)
    assert check(after, changed(LED, want.changes[0].added, want.changes[0].removed)).violations == ()


def test_somebody_too_far_away_is_not_asked_to_come() -> None:
    """9 km beyond the reach: that is a search for somebody else."""
    assert parts(only(asked(week(volunteer("v2", reach_km=1, x_km=6, y_km=8))))) == [NEWCOMER]


def test_of_two_rules_both_have_to_give_way() -> None:
    want = only(asked(week(volunteer("v2", available=[], max_segments=0))))
    assert (want.first, want.each) == ({"availability": 1}, {"availability": 1, "load": 1})
    assert want.core == ("availability", "load")
    assert parts(want)[0] == (
        "availability",
        6,
        [{"volunteer": "v2", "segment": "1-am"}, {"volunteer": "v2", "from": 0, "to": 1}],
    )


def test_of_two_people_the_cheaper_one_is_asked_first() -> None:
    want = only(asked(week(volunteer("v2", cleared=False), volunteer("v3", max_segments=0))))
    assert (want.first, want.core) == ({"clearance": 1, "load": 1}, ("load",))
    assert [(kind, points) for kind, points, _ in parts(want)] == [("load", 2), ("clearance", 6), ("person", 12)]
    assert [c.volunteer for c in want.nearest] == ["v3", "v2"]


def test_a_minor_does_not_count_as_an_adult() -> None:
    want = only(asked(week(volunteer("v2", adult=False))))
    assert (want.first, want.core, parts(want)) == ({"adulthood": 1}, (), [NEWCOMER])


def test_who_is_banned_cannot_be_asked() -> None:
    want = only(asked(week(volunteer("v2"), bans=[{"volunteer": "v2", "class": "c1"}])))
    assert (want.first, want.core, parts(want)) == ({"bans": 1}, (), [NEWCOMER])


def test_fewer_children_need_fewer_adults() -> None:
    """30 children need three, and three are missing one: 20 children would do, 10 fewer at 3 points each."""
    run = class_run("c1", children=30, segments=["1-am"], slots=[])
    found = problem(classes=[run], volunteers=[volunteer("v1"), volunteer("v2")])
    want = only(asked(found, roster(duty("v1", role="lead"), duty("v2"))))
    assert parts(want) == [NEWCOMER, ("children", 30, [{"class": "c1", "from": 30, "to": 20}])]


def test_below_the_minimum_fewer_children_do_not_help() -> None:
    assert "children" not in [kind for kind, _, _ in parts(only(asked(week())))]


def test_a_chain_of_two_people() -> None:
    """v1 is the only one who reaches c1, but leads c2; v2 lives at c2 and can take that over."""
    runs = [class_run("c1", "s1", segments=["1-am"], slots=[]), class_run("c2", "s2", segments=["1-am"], slots=[])]
    found = problem(
        classes=runs,
        volunteers=[volunteer("v1"), volunteer("v2", x_km=3, y_km=4, reach_km=0)],
        policy=policy(min_adults=1),
    )
    answer = asked(found, roster(duty("v1", "c2", role="lead")))
    lead, adult = answer.wants
    assert (lead.first, lead.core) == ({"reach": 1, "one_place": 1}, ("reach",))
    first = lead.changes[0]
    assert (first.kind, first.points, first.moved) == ("move", 0, ("v1",))
    assert first.added == roster(duty("v1", "c1", role="lead"), duty("v2", "c2", role="lead"))
    assert first.removed == roster(duty("v1", "c2", role="lead"))
    # The lead is an adult as well: nothing is left to do.
    assert (adult.missing, answer.plan, answer.plan_fills) == (1, (first,), True)


def test_an_assistant_who_may_lead_becomes_the_lead() -> None:
    found = week(volunteer("v2"))
    want = only(asked(found, roster(duty("v1"), duty("v2"))))
    assert (want.kind, [c.volunteer for c in want.free]) == ("lead", ["v1", "v2"])
    first = want.changes[0]
    assert (first.kind, first.added, first.removed) == ("assign", roster(duty("v1", role="lead")), roster(duty("v1")))


def test_a_pinned_assistant_stays_one() -> None:
    found = week(pins=pins(duty("v1")))
    lead = asked(found, roster(duty("v1"))).wants[0]
    assert (lead.kind, lead.free, lead.first) == ("lead", (), {"pins": 1})


def test_a_plan_fills_the_whole_place() -> None:
    """30 children need three adults: v2 is free, v3 would have to take one segment more."""
    run = class_run("c1", children=30, segments=["1-am"], slots=[])
    found = problem(classes=[run], volunteers=[volunteer("v1"), volunteer("v2"), volunteer("v3", max_segments=0)])
    answer = asked(found)
    assert only(answer).missing == 2
    assert ([change.kind for change in answer.plan], answer.plan_fills) == (["assign", "load"], True)
    assert [change.after.safety for change in answer.plan] == [1, 0]


def test_each_person_is_counted_once_in_the_published_order() -> None:
    """v2 breaks four rules and counts under the first; v3 and v4 one each."""
    wrong = volunteer("v2", cleared=False, roles=[], available=[], max_segments=0)
    want = only(asked(week(wrong, volunteer("v3", available=[]), volunteer("v4", available=[], max_segments=0))))
    assert want.first == {"clearance": 1, "availability": 2}
    assert want.each == {"clearance": 1, "roles": 1, "availability": 3, "load": 2}
    assert list(want.each) == [rule for rule in ORDER if rule in want.each]


def test_every_hard_rule_has_its_place_in_the_order() -> None:
    assert sorted(ORDER) == sorted(rule.NAME for rule in HARD)


def test_a_complete_place_lacks_nothing() -> None:
    answer = asked(week(volunteer("v2")), roster(duty("v1", role="lead"), duty("v2")))
    assert (answer.wants, answer.plan, answer.plan_fills) == ((), (), False)


# Lessons: one slot on Monday morning, nobody on duty, so that whoever teaches comes for a visit.


def lessons(*volunteers: dict[str, Any], **changes: Any) -> Problem:
    run = class_run("c1", segments=["1-am"], slots=["1-am-1"], interest={"k2": 9})
    return problem(**{"classes": [run], "volunteers": list(volunteers), "policy": policy({"interest": 1}), **changes})


def asked_lesson(found: Problem, given: Roster | None = None) -> Answer:
    return explain(found, given or Roster(), class_run="c1", slot="1-am-1")


def test_the_best_course_of_somebody_free() -> None:
    """Interest in k2 is 9, in k1 the usual 5: k2 costs 1 and k1 would cost 5."""
    want = only(asked_lesson(lessons(volunteer("v1", courses=["k1"]), volunteer("v2", courses=["k2"]))))
    assert [c.volunteer for c in want.free] == ["v1", "v2"]
    assert want.changes[0].added == roster(lesson("v2", k="k2"))
    assert (want.changes[0].before, want.changes[0].after) == (Cost(4 + 1, 1, 0), Cost(5, 0, 1))


def test_one_more_instructor_of_the_course_that_children_want_most() -> None:
    want = only(asked_lesson(lessons(volunteer("v1", roles=["lead"]))))
    assert (want.first, want.core) == ({"roles": 1}, ())
    assert parts(want) == [
        ("instructor", 15, [{"course": "k2", "site": "s1", "slot": "1-am-1", "class": "c1"}]),
    ]


def test_one_more_room() -> None:
    found = lessons(
        volunteer("v1", courses=["k1"]),
        courses=[course("k1", room_kind="dance")],
        classes=[class_run("c1", segments=["1-am"], slots=["1-am-1"])],
    )
    want = only(asked_lesson(found))
    assert (want.first, want.core) == ({"room": 1}, ("room",))
    assert parts(want) == [("room", 20, [{"site": "s1", "room_kind": "dance", "capacity": 10}])]
    assert [x.room for x in want.changes[0].added.lessons] == ["new-room-1"]


def test_fewer_children_fit_into_the_room() -> None:
    found = lessons(
        volunteer("v1", courses=["k1"]),
        courses=[course("k1", room_kind="dance")],
        sites=[site("s1", 0, 0, room("s1-dance", "dance", 7))],
        classes=[class_run("c1", segments=["1-am"], slots=["1-am-1"])],
    )
    want = only(asked_lesson(found))
    assert [e.facts["fault"] for c in want.nearest for e in c.exclusions] == ["small"]
    # 3 children fewer at 3 points each come before a room at 20.
    assert [(kind, points) for kind, points, _ in parts(want)] == [("children", 9), ("room", 20)]


def test_another_lesson_makes_way_for_a_domain() -> None:
    """One slot, one physical lesson wanted and none given: k1 gives way to k2 of the same teacher."""
    found = lessons(volunteer("v1"), policy=policy(domain_minimums={"physical": 1}))
    answer = explain(found, roster(lesson("v1")), class_run="c1", domain="physical")
    first = only(answer).changes[0]
    assert (first.kind, first.added, first.removed) == ("assign", roster(lesson("v1", k="k2")), roster(lesson("v1")))
    assert (first.before.programme, first.after.programme, answer.plan_fills) == (1, 0, True)


def test_a_lesson_of_a_domain_that_is_needed_does_not_make_way() -> None:
    """The only slot belongs to the aesthetic minimum; the physical one is cut to 0 and nothing is missing."""
    found = lessons(volunteer("v1"), policy=policy(domain_minimums={"aesthetic": 1, "physical": 1}))
    assert found.minimums(found.class_run["c1"]) == {"aesthetic": 0, "physical": 1}
    answer = explain(found, roster(lesson("v1", k="k2")), class_run="c1", domain="aesthetic")
    assert answer.wants == ()


# What a single exclusion says.


def told(found: Problem, given: Roster, entry: Duty) -> list[tuple[str, dict[str, object], list[object]]]:
    return [(e.rule, dict(e.facts), list(e.against)) for e in Judge(found, given).exclusions(entry)]


def test_figures_of_the_way_between_two_sites() -> None:
    """5 km at 4 minutes and 10 minutes more: 30 minutes, and between morning and noon there are none."""
    found = problem()
    there = duty("v1", "c2", "1-noon")
    assert told(found, roster(there), duty("v1", "c1", "1-am")) == [
        ("travel", {"volunteer": "v1", "gap": 0, "minutes": 30}, [there])
    ]


def test_who_is_elsewhere_is_told_where() -> None:
    there = duty("v1", "c2")
    assert told(problem(), roster(there), duty("v1", "c1")) == [("one_place", {"volunteer": "v1"}, [there])]


def test_a_full_week_is_told_with_its_segments() -> None:
    found = problem(volunteers=[volunteer("v1", max_segments=1)])
    assert told(found, roster(duty("v1", s="1-am")), duty("v1", s="2-am")) == [
        ("load", {"volunteer": "v1", "segments": 2, "max_segments": 1}, [])
    ]


def test_the_deletion_filter_keeps_what_is_needed_alone() -> None:
    """Nobody is kept out by availability alone, so that load, which v2 also breaks, has to give way as well."""
    found = week(volunteer("v2", available=[], max_segments=0), volunteer("v3", cleared=False, roles=[]))
    judge = Judge(found, LED)
    assert core(candidates(judge, Adult("c1", "1-am"))) == ("availability", "load")


def test_all_kinds_of_parts_have_points() -> None:
    assert sorted(POINTS) == [
        *("availability", "children", "clearance", "instructor", "load", "person", "reach", "role", "room"),
    ]
