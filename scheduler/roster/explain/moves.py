"""Which part of the week is free when a place is to be filled: its own cell, or enough around it for people to move."""

from __future__ import annotations

import math

from scheduler.roster.explain.answers import Candidate
from scheduler.roster.explain.judge import Judge, who
from scheduler.roster.explain.local import Near, free_part
from scheduler.roster.explain.wants import Adult, AnyLesson, AnyWant, Lead
from scheduler.roster.problem import ClassRun, Duty, Lesson

NEAR_CLASSES = 10
"""So many classes around, whose people may move in the same segment."""
NEAR_TEACHING = 6
"""The same for lessons, whose options are many more."""
FULL = 3
"""Of those who only have a full week, so many may give up something else."""


def own_cell(c: Candidate) -> Near:
    """The cell of a candidate's entry alone, for the candidate and whoever has to make room."""
    entry = c.entry
    people = {c.volunteer, *(who(e) for e in c.removed)}
    if isinstance(entry, Duty):
        return free_part([(entry.class_run, entry.segment)], [], people)
    assert isinstance(entry, Lesson)
    return free_part([], [(entry.class_run, entry.slot)], people)


def with_moves(judge: Judge, want: AnyWant, found: list[Candidate]) -> Near:
    """Enough of the week for others to move so that nobody has to do more than they offered."""
    if isinstance(want, Lead | Adult):
        return _duties(judge, want, found)
    return _lessons(judge, want)


def _duties(judge: Judge, want: Lead | Adult, found: list[Candidate]) -> Near:
    """The same segment in the classes around, and the week of some who are only full."""
    problem = judge.problem
    cells = {(c.id, want.segment) for c in _around(judge, want, NEAR_CLASSES) if want.segment in c.segments}
    full = [c.volunteer for c in found if c.rules == {"load"}][:FULL]
    cells |= {(d.class_run, d.segment) for v in full for d in judge.roster.duties_of.get(v, ())}
    segments = {s for _, s in cells}
    return free_part(cells, [], (v.id for v in problem.volunteers if v.cleared and v.available & segments))


def _lessons(judge: Judge, want: AnyWant) -> Near:
    """All lessons of the class, and in the classes around those of the same slot."""
    problem, run = judge.problem, judge.problem.class_run[want.class_run]
    cells = {(run.id, t) for t in run.slots}
    if isinstance(want, AnyLesson):
        cells |= {(c.id, want.slot) for c in _around(judge, want, NEAR_TEACHING) if want.slot in c.slots}
    teach = (v.id for v in problem.volunteers if v.cleared and v.courses and problem.km(v.id, run.site) <= v.reach_km)
    now = {x.instructor for x in judge.roster.lessons if (x.class_run, x.slot) in cells}
    return free_part([], cells, now.union(teach))


def _around(judge: Judge, want: AnyWant, most: int) -> list[ClassRun]:
    """The nearest classes, the want's own first."""
    problem = judge.problem
    here = problem.site[problem.class_run[want.class_run].site]

    def distance(c: ClassRun) -> tuple[bool, float, str]:
        there = problem.site[c.site]
        return c.id != want.class_run, math.hypot(there.x_km - here.x_km, there.y_km - here.y_km), c.id

    return sorted(problem.classes, key=distance)[:most]
