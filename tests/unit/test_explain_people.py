"""Why this person, why not that one, and what could be done indoors; worked out by hand."""

from __future__ import annotations

from typing import Any

from factories import class_run, course, duty, lesson, pins, policy, problem, roster, volunteer

from scheduler import Cost, Problem, Roster
from scheduler.roster.explain import explain, explain_open
from scheduler.roster.explain.answers import Held, Indoors, Instead, Swap

LED = roster(duty("v1", role="lead"))


def week(*volunteers: dict[str, Any], **changes: Any) -> Problem:
    """One class of 10 children on Monday morning; each new face costs 5."""
    run = class_run("c1", segments=["1-am"], slots=[])
    return problem(
        **{
            "classes": [run],
            "volunteers": list(volunteers),
            "policy": policy({"continuity": 5, "travel": 1}, min_adults=1),
            **changes,
        }
    )


def why(found: Problem, given: Roster, v: str, **place: str) -> Any:
    return explain(found, given, class_run="c1", volunteer=v, **(place or {"segment": "1-am"}))  # type: ignore[arg-type]


def test_what_the_roster_would_be_without_somebody_and_the_next_best() -> None:
    """Without v1 an adult (1 + 1) and the lead (1) are missing, and 5 are saved. v2 comes 5 km, v3 from next door."""
    found = week(volunteer("v1"), volunteer("v2", x_km=3, y_km=4), volunteer("v3", x_km=1), volunteer("v4", roles=[]))
    (held,) = why(found, LED, "v1").held
    assert held == Held(
        duty("v1", role="lead"),
        Cost(3, 0, -5),
        (
            Instead(duty("v3", role="lead"), Cost(0, 0, 1)),
            Instead(duty("v2", role="lead"), Cost(0, 0, 5)),
        ),
    )


def test_nobody_else_could_take_over() -> None:
    (held,) = why(week(volunteer("v1"), volunteer("v2", available=[])), LED, "v1").held
    assert held.instead == ()


def test_an_assistant_could_become_the_lead() -> None:
    """v2 assists already: as the lead one place of an assistant is open, which nobody needs here."""
    found = week(volunteer("v1"), volunteer("v2"))
    (held,) = why(found, roster(duty("v1", role="lead"), duty("v2")), "v1").held
    assert held.instead == (Instead(duty("v2", role="lead"), Cost(0, 0, -5)),)


def test_a_pin_is_nobodys_to_take_over() -> None:
    found = week(volunteer("v1"), volunteer("v2"), pins=pins(duty("v1", role="lead")))
    (held,) = why(found, LED, "v1").held
    assert (held.is_pinned, held.instead) == (True, ())


def test_others_may_move_where_nobody_is_free() -> None:
    """Only v2 also reaches c1, and leads c2; v3 reaches c2 alone. Two new faces instead of two: nothing is lost."""
    runs = [class_run("c1", "s1", segments=["1-am"], slots=[]), class_run("c2", "s2", segments=["1-am"], slots=[])]
    people = [volunteer("v1"), volunteer("v2", x_km=3, y_km=4), volunteer("v3", x_km=3, y_km=4, reach_km=0)]
    found = problem(classes=runs, volunteers=people, policy=policy({"travel": 1}, min_adults=1))
    given = roster(duty("v1", "c1", role="lead"), duty("v2", "c2", role="lead"))
    (held,) = why(found, given, "v1").held
    # v2's way of 5 km is new.
    assert held.instead == (Instead(duty("v2", "c1", role="lead"), Cost(0, 0, 5), ("v2",)),)


def test_a_lesson_by_somebody_else_or_another_course() -> None:
    """The class likes k2 (9) better than k1 (5): the same teacher with k2 would save 4."""
    run = class_run("c1", segments=["1-am"], slots=["1-am-1"], interest={"k2": 9})
    found = problem(
        classes=[run],
        volunteers=[volunteer("v1"), volunteer("v2", courses=["k1"])],
        policy=policy({"interest": 1}),
    )
    (held,) = why(found, roster(lesson("v1")), "v1", slot="1-am-1").held
    assert held == Held(lesson("v1"), Cost(0, 1, -5), (Instead(lesson("v2"), Cost(0, 0, 0)),))


# Why not.


def test_what_it_would_cost_on_top_and_in_the_place_of_somebody() -> None:
    """v2 as a second lead is impossible; in the place of v1 the way of 5 km is dearer. As an assistant v2 is not
    needed: a new face and the way, 5 + 5."""
    found = week(volunteer("v1"), volunteer("v2", x_km=3, y_km=4))
    lead, assistant = why(found, LED, "v2").candidacies
    assert ([e.rule for e in lead.exclusions], lead.cost) == (["one_lead"], None)
    assert lead.swaps == (Swap(duty("v1", role="lead"), (), Cost(0, 0, 5)),)
    assert (assistant.exclusions, assistant.cost, assistant.swaps) == ((), Cost(0, 0, 10), ())


def test_every_rule_that_excludes_with_its_figures() -> None:
    found = week(volunteer("v1"), volunteer("v2", x_km=3, y_km=4, reach_km=2, roles=["assistant"], max_segments=0))
    (assistant,) = why(found, LED, "v2").candidacies
    assert [(e.rule, dict(e.facts)) for e in assistant.exclusions] == [
        ("reach", {"volunteer": "v2", "km": 5.0, "reach_km": 2.0}),
        ("load", {"volunteer": "v2", "segments": 1, "max_segments": 0}),
    ]


def test_who_gives_no_lessons() -> None:
    found = problem(volunteers=[volunteer("v1", roles=["lead"])])
    (none,) = why(found, Roster(), "v1", slot="1-am-1").candidacies
    assert (none.entry, [e.rule for e in none.exclusions], none.cost) == (None, ["roles"], None)


def test_why_somebody_gives_no_lesson_of_a_domain() -> None:
    """The one slot holds k1 of v1; v2 could give k2 there instead, 4 points better liked."""
    run = class_run("c1", segments=["1-am"], slots=["1-am-1"], interest={"k2": 9})
    weights = policy({"interest": 1}, domain_minimums={"physical": 1})
    found = problem(classes=[run], volunteers=[volunteer("v1"), volunteer("v2", courses=["k2"])], policy=weights)
    (one,) = why(found, roster(lesson("v1")), "v2", domain="physical").candidacies
    assert (one.entry, [e.rule for e in one.exclusions]) == (lesson("v2", k="k2"), ["lesson"])
    assert one.swaps == (Swap(lesson("v1"), (), Cost(0, -1, -4)),)


# A person's week.


def test_a_persons_week() -> None:
    """v2 has time on Monday morning and Tuesday morning only; c1 is complete on Monday, and on Tuesday it lacks
    v2's like, who is full with one segment."""
    run = class_run("c1", segments=["1-am", "2-am"], slots=[])
    people = [volunteer("v1", available=["1-am"]), volunteer("v2", available=["1-am", "2-am"], max_segments=1)]
    found = problem(classes=[run], volunteers=people, policy=policy(min_adults=1))
    given = roster(duty("v1", role="lead"), duty("v2"))
    person = explain(found, given, volunteer="v2").person
    assert person is not None
    assert (person.engaged, person.max_segments, [h.entry for h in person.held]) == (1, 1, [duty("v2")])
    assert (person.open_places, person.first, person.chances) == (1, {"load": 1}, ())
    ((place, near),) = person.near
    assert (place.segment, near.volunteer, near.rules) == ("2-am", "v2", {"load"})


def test_a_person_who_could_simply_go_somewhere() -> None:
    found = week(volunteer("v1"))
    person = explain(found, Roster(), volunteer="v1").person
    assert person is not None
    assert [place.segment for place, _ in person.chances] == ["1-am"]


# Heat.


def hot(*volunteers: dict[str, Any], heat_days: list[int]) -> Problem:
    """k1 is outdoors; k2 is liked best (9), k3 as usual (5)."""
    run = class_run("c1", segments=["1-am"], slots=["1-am-1"], interest={"k2": 9})
    return problem(
        classes=[run],
        volunteers=list(volunteers),
        courses=[course("k1", outdoor=True), course("k2"), course("k3")],
        policy=policy({"interest": 1}),
        heat_days=heat_days,
    )


def test_indoors_instead_of_an_outdoor_lesson_on_a_heat_day() -> None:
    """The outdoor lesson counts as not there: k2 costs 1, k3 costs 5, each by whoever can give it, k1 by nobody."""
    found = hot(volunteer("v1", courses=["k1", "k3"]), volunteer("v2", courses=["k2"]), heat_days=[1])
    answer = explain(found, roster(lesson("v1")), class_run="c1", slot="1-am-1")
    assert answer.fallback is not None
    assert (answer.fallback.weekday, answer.fallback.is_heat_day, answer.fallback.outdoor) == (1, True, "k1")
    assert answer.fallback.lessons == (
        Indoors(lesson("v2", k="k2"), 9, Cost(0, -1, 1)),
        Indoors(lesson("v1", k="k3"), 5, Cost(0, -1, 5)),
    )
    (want,) = answer.wants
    first = want.changes[0]
    assert (first.added, first.removed) == (roster(lesson("v2", k="k2")), roster(lesson("v1")))


def test_an_outdoor_lesson_has_a_fallback_on_any_day() -> None:
    found = hot(volunteer("v1", courses=["k1", "k3"]), heat_days=[])
    answer = explain(found, roster(lesson("v1")), class_run="c1", slot="1-am-1")
    assert answer.fallback is not None
    assert (answer.fallback.is_heat_day, [x.lesson for x in answer.fallback.lessons]) == (
        False,
        [lesson("v1", k="k3")],
    )
    assert answer.wants == ()


def test_an_indoor_lesson_needs_none() -> None:
    found = hot(volunteer("v1", courses=["k2"]), heat_days=[1])
    assert explain(found, roster(lesson("v1", k="k2")), class_run="c1", slot="1-am-1").fallback is None


def test_all_open_places_one_after_the_other() -> None:
    """c1 lacks an adult and the lead on Monday, and its one lesson."""
    run = class_run("c1", segments=["1-am"], slots=["1-am-1"])
    found = problem(classes=[run], policy=policy(min_adults=1))
    answers = list(explain_open(found, Roster()))
    assert [(a.place.kind, [w.kind for w in a.wants]) for a in answers if a.place] == [
        ("people", ["lead", "adult"]),
        ("lesson", ["lesson"]),
    ]
