"""What the search begins with breaks no rule, whatever the quick opening does not know."""

from __future__ import annotations

from scheduler import check, solve
from tests.factories import class_run, course, problem, segment, slot, volunteer


def test_one_instructor_never_gives_two_lessons_that_overlap() -> None:
    """One class, one instructor with two courses, two slots that overlap by ten minutes: one lesson can be given.

    Programme: 1 open slot. It would be 0 if the two lessons were given at once.
    """
    week = problem(
        segments=[segment("1-am")],
        slots=[slot("1-am-1", "09:00", "09:50"), slot("1-am-2", "09:40", "10:30")],
        classes=[class_run("c1", segments=["1-am"], slots=["1-am-1", "1-am-2"])],
        courses=[course("k1"), course("k2")],
        volunteers=[volunteer("v1", available=["1-am"]), volunteer("v2", available=["1-am"], courses=[])],
    )
    solved = solve(week, seconds=2)
    assert check(week, solved.roster).violations == ()
    assert solved.result.cost.programme == 1


def test_a_cost_told_before_the_job_was_read_does_not_come_first() -> None:
    """The proving process reads the job, then costs, in this order, however soon the search finds something."""
    import threading

    from scheduler.result import Cost
    from scheduler.roster.choices import Choices
    from scheduler.roster.problem import Roster
    from scheduler.roster.proofs import Job
    from scheduler.roster.prove import Prover

    week = problem()
    choices = Choices(week)
    cells = set(choices.duty_cells), set(choices.lesson_cells)
    told = threading.Event()
    prover = Prover(Job(week, cells, seed=1, seconds=20), lambda roster: None, told.set)
    prover.tell(Cost(99, 99, 99))
    prover.start(Roster())
    try:
        assert told.wait(15)
        assert prover.failure is None
    finally:
        prover.halt()
