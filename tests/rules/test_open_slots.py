"""Open slots: lesson slots without a lesson."""

from factories import class_run, lesson, problem
from twins import price

from scheduler.roster.rules import open_slots


def test_two_classes_with_four_slots_each() -> None:
    assert price(open_slots, problem()) == 8
    assert price(open_slots, problem(), lesson("v1"), lesson("v1", t="1-pm-1"), lesson("v1", "c2", "1-am-2")) == 5


def test_a_second_lesson_in_a_slot_fills_nothing() -> None:
    assert price(open_slots, problem(), lesson("v1"), lesson("v2", k="k2")) == 7


def test_a_class_without_slots() -> None:
    assert price(open_slots, problem(classes=[class_run("c1", slots=[])])) == 0
