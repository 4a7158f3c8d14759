"""What a class could do indoors in a slot when it is too hot: indoor courses that could be given, and by whom."""

from __future__ import annotations

from dataclasses import replace

from scheduler.result import Cost
from scheduler.roster.explain.answers import Fallback, Indoors
from scheduler.roster.explain.judge import Judge
from scheduler.roster.explain.wants import AnyLesson
from scheduler.roster.problem import Lesson, Problem, Roster
from scheduler.roster.rules import forbidden_by

MOST_LESSONS = 6


def fallback(problem: Problem, roster: Roster, class_run: str, slot: str) -> Fallback | None:
    """On a heat day for an open slot, and for an outdoor lesson on any day; None where there is no need for one."""
    weekday = problem.segment[problem.slot[slot].segment].weekday
    now = next((x for x in roster.lessons_in.get(class_run, ()) if x.slot == slot), None)
    outdoor = now.course if now and problem.course[now.course].outdoor else None
    is_heat_day = weekday in problem.heat_days
    if outdoor is None and (now or not is_heat_day):
        return None
    hot = replace(problem, heat_days=problem.heat_days | {weekday})
    left = Roster(roster.duties, roster.lessons - {now} if now else roster.lessons)
    return Fallback(weekday, is_heat_day, outdoor, _lessons(Judge(hot, left), AnyLesson(class_run, slot)))


def _lessons(judge: Judge, want: AnyLesson) -> tuple[Indoors, ...]:
    """The lessons that could be given as the roster stands, the cheapest first, each course once."""
    run = judge.problem.class_run[want.class_run]
    found: dict[str, tuple[Cost, str, Lesson]] = {}
    for v in judge.problem.volunteers:
        for entry, _ in want.ways(judge, v):
            if isinstance(entry, Lesson) and not forbidden_by(judge.problem, entry) and not judge.exclusions(entry):
                worth = (judge.worth([entry]), repr(entry), entry)
                if entry.course not in found or worth[:2] < found[entry.course][:2]:
                    found[entry.course] = worth
    best = sorted(found.values(), key=lambda item: item[:2])[:MOST_LESSONS]
    return tuple(Indoors(lesson, run.interest_in(lesson.course), worth) for worth, _, lesson in best)
