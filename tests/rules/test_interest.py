"""Interest: weight · Σ over lessons of (10 − the class's interest, 5 where none is given)."""

from factories import class_run, duty, lesson, policy, problem
from twins import price

from scheduler.roster.rules import interest


def test_what_children_would_rather_have() -> None:
    """c1 wants k1 with 8 and says nothing of k2; c2 wants k1 with 0: 3 · ((10 − 8) + (10 − 5) + (10 − 0)) = 51."""
    week = problem(
        classes=[class_run("c1", interest={"k1": 8}), class_run("c2", "s2", interest={"k1": 0})],
        policy=policy({"interest": 3}),
    )
    given = [lesson("v1"), lesson("v1", t="1-pm-1", k="k2"), lesson("v1", "c2", "2-am-1")]
    assert price(interest, week, *given, duty("v2")) == 51


def test_an_interest_of_ten_costs_nothing() -> None:
    week = problem(classes=[class_run("c1", interest={"k1": 10})], policy=policy({"interest": 3}))
    assert price(interest, week, lesson("v1")) == 0


def test_no_weight() -> None:
    assert price(interest, problem(), lesson("v1")) == 0
